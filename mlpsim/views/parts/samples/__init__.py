"""Samples: the table and the tools of the data, their import and their generators."""
