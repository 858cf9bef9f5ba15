"""A refusal: the one message that a person gets when a command cannot do what was asked."""


class RefusedError(Exception):
    """What is refused, why, and what to do about it; the command line answers with exit code 2."""

    def __init__(self, what: str, why: str, advice: str) -> None:
        super().__init__(f"{what}: {why}\n{advice}")
