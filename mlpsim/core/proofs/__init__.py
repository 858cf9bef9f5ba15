"""Proofs in interval arithmetic: f*, S*, stationary points, local or not."""

LENS_PARAMS = 3  # the most that a network has which the lens is laid over
