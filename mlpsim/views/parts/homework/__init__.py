"""Homework: answers that are checked, and a prediction on the map."""
