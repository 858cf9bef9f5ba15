"""What is said of figures that a worker failed to compute."""


def not_computed(what: str, message: str) -> str:
    """The sentence about figures of a state: what is missing, why, and what follows."""
    return (
        f"{what} could not be computed ({message}), and is left out here. Other states are tried"
        " again."
    )
