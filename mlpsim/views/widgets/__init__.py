"""Reusable widgets: cards, number entries, forms made from a spec's fields."""
