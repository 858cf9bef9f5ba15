"""A refusal: the one message that a person gets when a command cannot do what was asked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlpsim.core.files.strict_json import DocumentError


class RefusedError(Exception):
    """What is refused, why, and what to do about it; the command line answers with exit code 2."""

    def __init__(self, what: str, why: str, advice: str) -> None:
        super().__init__(f"{what}: {why}\n{advice}")


def refused(file: str, error: "DocumentError") -> RefusedError:
    """The refusal of a file that cannot be read or written, with the place in it."""
    place = f" (at {error.where})" if error.where not in ("", file) else ""
    return RefusedError(file, f"{error.what}{place}.", error.what_to_do)
