"""Parts of the sweep: its form, its map and its curves."""
