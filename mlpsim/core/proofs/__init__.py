"""Proofs in interval arithmetic: f*, S*, stationary points, local or not."""
