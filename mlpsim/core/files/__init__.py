"""Specs as JSON and back: documents and presets."""
