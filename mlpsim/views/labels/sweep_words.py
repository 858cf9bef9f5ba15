"""What is said of sweeps: axes, values, how many cells, and what came of them."""

from mlpsim.core.losses import loss
from mlpsim.core.studies.sweep import Sweep
from mlpsim.core.studies.sweep_axes import OPTIMIZER_NAMES, START_NAMES, kind
from mlpsim.core.studies.sweep_map import SEED, Measure, SweepMap, Tile
from mlpsim.views import labels
from mlpsim.views.labels.race_words import setting_name

SUBTITLE = "one experiment over a grid of settings"
NOTHING = "Choose what is varied, then run: every cell of the grid is a run of its own."
MEAN = "mean"
KEPT = "What has ended is kept: run again to go on."
HINT = "Click a tile, or press Enter on it, to have its run here."
AT_START = "(start)"
CHOSEN = "chosen on the hold-out"
_SYMBOLS = {"eta": "η", "batch": "B", "momentum": "μ", "l1": "L1", "l2": "L2"}


def axis_words(name: str) -> str:
    """The words for an axis: learning rate η."""
    return SEED if name == SEED else setting_name(name, kind(name).text)


def axis_symbol(name: str) -> str:
    """The short name of an axis, before a value."""
    return _SYMBOLS.get(name, name)


def value_words(name: str, value: str, brief: bool = False) -> str:
    """A value of an axis as it stands on screen; a number as short as it can be if ``brief``."""
    if name == "loss":
        return labels.loss_name(loss(value))
    if name == "optimizer":
        return labels.optimizer_name(OPTIMIZER_NAMES[value])
    if name == "start":
        made = START_NAMES.get(value)
        numbers = "" if made else ", ".join(labels.number(float(n)) for n in value.split(":"))
        return labels.start_name(made) if made else f"({numbers})"
    if name in ("batch", SEED):
        return value
    text = labels.number(float(value))
    return min(text, labels.power(float(value)), key=len) if brief else text


def setting(values: dict[str, str]) -> str:
    """Values by axis in a line: η = 0.1, B = 50, squared error."""
    return ", ".join(
        value_words(name, value)
        if name in ("loss", "optimizer")
        else f"{axis_symbol(name)} = {value_words(name, value)}"
        for name, value in values.items()
    )


def size_words(sweep: Sweep) -> str:
    """How many cells a grid has: 6 × 4 × 2 = 48 cells."""
    parts = [labels.whole(len(axis.values)) for axis in sweep.axes]
    if sweep.seeds > 1:
        parts.append(labels.count(sweep.seeds, "seed"))
    product = f"{' × '.join(parts)} = " if len(parts) > 1 else ""
    return f"{product}{labels.count(len(sweep), 'cell')}"


def progress_words(done: int, total: int, is_starting: bool) -> str:
    """How far a sweep is."""
    rest = ", starting processes …" if is_starting else ""
    return f"{labels.whole(done)} of {labels.count(total, 'cell')}{rest}"


def tile_words(found: SweepMap, place: tuple[int, int]) -> str:
    """A place of the map in a line: where it is, and what came of its cells."""
    row, column = place
    pivot, tile = found.pivot, found.tiles[row][column]
    at = {pivot.across: found.columns[column], pivot.up: found.rows[row]}
    where = setting({name: value for name, value in at.items() if name} | dict(pivot.held))
    said = (
        f"{where}: {result_words(pivot.measure, tile)}"
        if where
        else result_words(pivot.measure, tile)
    )
    return f"{said}; {_chosen_words(pivot.measure, tile)}" if place in found.chosen else said


def _chosen_words(measure: Measure, tile: Tile) -> str:
    """That a tile is chosen, by which value."""
    if tile.choice is None or measure.id.startswith("held_out"):
        return CHOSEN
    kind = "held-out E per sample" if measure.is_loss else "held-out accuracy"
    return f"{CHOSEN}, {kind} {value_text(measure, tile.choice)}"


def result_words(measure: Measure, tile: Tile) -> str:
    """What came of a tile's cells."""
    count = len(tile.cells)
    if not tile.done:
        return "not run yet"
    if tile.diverged:
        return "diverged" if count == 1 else f"{tile.diverged} of {count} runs diverged"
    if tile.value is None:
        return f"no {measure.text}"
    said = f"{measure.text} {value_text(measure, tile.value)}"
    if tile.spread is not None:
        said += f" ± {value_text(measure, tile.spread)}"
    if count > 1:
        runs = labels.whole(count) if tile.done == count else f"{tile.done} of {count}"
        what = "mean and standard deviation of" if tile.done > 1 else "from"
        said += f", {what} {runs} runs (the first opens)"
    return said


def value_text(measure: Measure, value: float, digits: int = 3) -> str:
    """A value of a measure: a number, or a share in percent."""
    return labels.number(value, digits) if measure.is_loss else labels.percent(value)


def choice_words(found: SweepMap) -> str:
    """Which settings the held-out samples choose; else what the map shows."""
    if not found.chosen:
        return labels.sentence(found.pivot.measure.text)
    places = [tile_words(found, place) for place in sorted(found.chosen)]
    return "\n".join(places)


def note_words(
    has_hold_out: bool, has_same_data: bool, lost_curves: int, stride: int, file: str
) -> str:
    """What there is to know of a map: of what data it is, what is missing, where it is kept."""
    said = []
    if not has_same_data:
        said.append("The data have changed since: run again to sweep them.")
    if not has_hold_out:
        said.append("No samples were held out, so there is nothing to choose a setting by.")
    if lost_curves:
        said.append(f"A file holds no curves: {labels.count(lost_curves, 'run')} have none.")
    if stride > 1:
        said.append(f"One curve in {stride} is drawn, besides those of the tile pointed at.")
    if file:
        said.append(f"Results are kept in {file}.")
    return " ".join(said)
