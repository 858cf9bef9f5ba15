"""Evaluation: the split, and the confusion matrix."""
