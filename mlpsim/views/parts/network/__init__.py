"""The network's controls: of its layers, and the entry of a weight."""
