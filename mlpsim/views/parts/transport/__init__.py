"""Transport: its large numbers, its button and its scrubber."""
