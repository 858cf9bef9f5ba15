"""Specs as JSON and back: documents, presets, the golden cases of `mlpsim check`."""
