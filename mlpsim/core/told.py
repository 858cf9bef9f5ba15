"""Failures whose text is for a person."""


class ToldError(Exception):
    """What has happened, why, and what to do, in whole sentences."""
