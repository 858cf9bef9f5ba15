"""Data from outside: CSV files, pasted cells, the real data sets."""
