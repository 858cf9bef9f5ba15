"""Parts: what single panels are made of, a room for each subject; widgets serve several."""
