"""The chain rule: its choice, its factors and both passes."""
