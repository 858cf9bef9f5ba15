"""What goes wrong in a test, in place of what would have gone right."""


def out_of_memory(*_: object) -> None:
    """As anything that finds no room."""
    raise MemoryError("no room")
