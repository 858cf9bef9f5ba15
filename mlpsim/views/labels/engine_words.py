"""What is said of engines: their names on screen, and which one makes a run."""

from mlpsim.core.engine import Engine

_NAMES = {"numba": "Numba"}


def engine_name(engine: Engine | None) -> str:
    """What the screen calls an engine; None is NumPy."""
    return "NumPy" if engine is None else _NAMES.get(engine.name, engine.name)


def replayed_with_numpy(missing: str) -> str:
    """What is said of a document whose run an engine made that is not here."""
    return (
        f"This run was made by the engine {missing}, which is not installed here: NumPy has made it"
        " again, so that its numbers may differ in their last digits."
    )


def engine_tip(engine: Engine | None) -> str:
    """What an engine is."""
    if engine is None:
        return "This run is made by NumPy, the reference"
    return f"This run is made by compiled code ({engine_name(engine)}); its history names it"
