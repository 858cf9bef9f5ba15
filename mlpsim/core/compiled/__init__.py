"""The compiled engine: the heart's arithmetic as machine code, by Numba.

Optional: where Numba is missing, NumPy computes everything, and it stays the reference. Numba is
imported with the first call, by the modules that are named ``kernels`` and those below it.
"""
