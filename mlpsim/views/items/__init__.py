"""Painted things: they draw values they are given and hold no state of the session."""
