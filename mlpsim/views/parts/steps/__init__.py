"""What the cards of a step are made of: rows, tables, tiles and plots."""
