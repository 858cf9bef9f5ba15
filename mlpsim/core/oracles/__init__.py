"""Numbers that other programs computed, and this one held against them."""
