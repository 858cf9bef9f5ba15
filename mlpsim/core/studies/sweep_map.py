"""A map of a sweep: two axes span it, the others are held at a value or averaged over."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from statistics import fmean, stdev

from mlpsim.core.evaluation import evaluate
from mlpsim.core.experiment import Experiment
from mlpsim.core.studies.sweep import Cell, Result, Sweep

SEED = "seed"  # the axis that the seeds are, where there are several


@dataclass(frozen=True)
class Measure:
    """What is read off a result; values of different losses compare only where ``is_loss`` is not.

    ``chooses`` reads the same off the held-out samples, by which a setting is chosen; ``sign`` is
    1 where less is better, else −1.
    """

    id: str
    text: str
    read: Callable[[Result], float | None]
    chooses: Callable[[Result], float | None]
    is_loss: bool

    @property
    def sign(self) -> float:
        return 1.0 if self.is_loss else -1.0


def _held_out_error(result: Result) -> float | None:
    return result.held_out_error


def _held_out_accuracy(result: Result) -> float | None:
    return result.held_out_accuracy


MEASURES = (
    Measure("error", "training E per sample", lambda result: result.error, _held_out_error, True),
    Measure("held_out_error", "held-out E per sample", _held_out_error, _held_out_error, True),
    Measure(
        "accuracy", "training accuracy", lambda result: result.accuracy, _held_out_accuracy, False
    ),
    Measure(
        "held_out_accuracy", "held-out accuracy", _held_out_accuracy, _held_out_accuracy, False
    ),
)


def measured(results: Iterable[Result]) -> tuple[Measure, ...]:
    """The measures that some of the results have; the first one always."""
    there = tuple(results)
    found = [m for m in MEASURES[1:] if any(m.read(result) is not None for result in there)]
    return (MEASURES[0], *found)


@dataclass(frozen=True)
class Pivot:
    """How a sweep is looked at: the axes across and up ("": none), and what the others are held at.

    An axis that is neither shown nor held is averaged over.
    """

    measure: Measure
    across: str = ""
    up: str = ""
    held: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Tile:
    """A place of the map: its cells, how many have ended, how many of them diverged.

    ``value`` is the mean of the measure over those that ended, ``spread`` its standard deviation
    where there are several. Both are None where one diverged: a mean of the others would flatter.
    ``choice`` is the mean by which a setting is chosen, once all cells have ended.
    """

    cells: tuple[Cell, ...]
    done: int
    diverged: int
    value: float | None
    spread: float | None
    choice: float | None


@dataclass(frozen=True)
class SweepMap:
    """The tiles by row and column, and which of them the held-out samples choose.

    ``kinds`` has, beside every tile, the loss that its values are of; "" where all compare.
    ``starts`` has the value at step 0 of every kind: what ends above it is worse than no training.
    """

    pivot: Pivot
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    tiles: tuple[tuple[Tile, ...], ...]
    kinds: tuple[tuple[str, ...], ...]
    chosen: frozenset[tuple[int, int]]
    starts: Mapping[str, float]

    def places(self) -> list[tuple[int, int]]:
        """Row and column of every tile."""
        return list(product(range(len(self.rows)), range(len(self.columns))))

    def places_of(self, number: int) -> list[tuple[int, int]]:
        """Where a cell stands: at one place, or at none where another value is held."""
        return [
            (row, column)
            for row, column in self.places()
            if any(cell.number == number for cell in self.tiles[row][column].cells)
        ]


def axes_of(sweep: Sweep) -> dict[str, tuple[str, ...]]:
    """The values of every axis, the seeds among them where there are several."""
    found = {axis.name: axis.values for axis in sweep.axes}
    if sweep.seeds > 1:
        found[SEED] = tuple(str(seed) for seed in range(sweep.seeds))
    return found


def values_of(sweep: Sweep, cell: Cell) -> dict[str, str]:
    """A cell's value on every axis, its seed among them."""
    names = [axis.name for axis in sweep.axes]
    return dict(zip(names, cell.values, strict=True)) | {SEED: str(cell.seed)}


def held_cells(sweep: Sweep, cells: Sequence[Cell], pivot: Pivot) -> list[Cell]:
    """The cells that stand at the values that are held."""
    held = set(pivot.held)
    return [cell for cell in cells if held <= values_of(sweep, cell).items()]


def sweep_map(
    sweep: Sweep, cells: Sequence[Cell], results: Mapping[int, Result], pivot: Pivot
) -> SweepMap:
    """The map of what has ended; ValueError where it would average over different losses."""
    axes = axes_of(sweep)
    shown = {pivot.across, pivot.up}
    is_apart = pivot.measure.is_loss and "loss" in axes
    if is_apart and "loss" not in shown and "loss" not in dict(pivot.held):
        raise ValueError("values of different losses have no mean: hold the loss at one of them")
    columns, rows = axes.get(pivot.across, ("",)), axes.get(pivot.up, ("",))
    places: dict[tuple[str, str], list[Cell]] = {}
    for cell in held_cells(sweep, cells, pivot):
        at = values_of(sweep, cell)
        places.setdefault((at.get(pivot.up, ""), at.get(pivot.across, "")), []).append(cell)
    tiles = tuple(
        tuple(_tile(places[row, column], results, pivot.measure) for column in columns)
        for row in rows
    )
    kinds = tuple(tuple(_kind(pivot, row, column) for column in columns) for row in rows)
    chosen, starts = _chosen(tiles, kinds, pivot.measure), _starts(tiles, kinds, pivot.measure)
    return SweepMap(pivot, columns, rows, tiles, kinds, chosen, starts)


def _kind(pivot: Pivot, row: str, column: str) -> str:
    """The loss of a tile, where its values compare with none of another."""
    if not pivot.measure.is_loss:
        return ""
    return row if pivot.up == "loss" else column if pivot.across == "loss" else ""


def _tile(cells: list[Cell], results: Mapping[int, Result], measure: Measure) -> Tile:
    there = [results[cell.number] for cell in cells if cell.number in results]
    diverged = sum(result.diverged_at is not None for result in there)
    values = _read(there, measure.read) if not diverged else []
    whole = len(there) == len(cells) and not diverged
    choice = _read(there, measure.chooses) if whole else []
    return Tile(
        tuple(cells),
        len(there),
        diverged,
        fmean(values) if values else None,
        stdev(values) if len(values) > 1 else None,
        fmean(choice) if choice else None,
    )


def _starts(
    tiles: tuple[tuple[Tile, ...], ...], kinds: tuple[tuple[str, ...], ...], measure: Measure
) -> dict[str, float]:
    """The loss at the start of the first run of every kind; nothing for accuracies."""
    found: dict[str, float] = {}
    if measure.is_loss:
        for line, names in zip(tiles, kinds, strict=True):
            for tile, kind in zip(line, names, strict=True):
                if kind not in found and tile.value is not None:
                    found[kind] = _start(tile.cells[0].experiment, measure.id != "error")
    return found


@lru_cache(maxsize=64)
def _start(experiment: Experiment, held_out: bool) -> float:
    """The mean error of a sample at step 0, of the held-out ones if asked."""
    problem = experiment.problem
    other = experiment.held_out.data if experiment.held_out is not None else problem.data
    data = other if held_out else problem.data
    return evaluate(problem, experiment.start_theta(), data).mean_error


def _read(results: list[Result], read: Callable[[Result], float | None]) -> list[float]:
    """What is read off all of them; nothing if one of them does not have it."""
    values = [read(result) for result in results]
    found = [value for value in values if value is not None]
    return found if len(found) == len(values) else []


def _chosen(
    tiles: tuple[tuple[Tile, ...], ...], kinds: tuple[tuple[str, ...], ...], measure: Measure
) -> frozenset[tuple[int, int]]:
    """The best place of every kind by the held-out samples, once all of it has ended."""
    best: dict[str, tuple[float, tuple[int, int]]] = {}
    waiting: set[str] = set()
    for row, line in enumerate(tiles):
        for column, tile in enumerate(line):
            kind = kinds[row][column]
            if tile.done < len(tile.cells):
                waiting.add(kind)
            elif tile.choice is not None:
                found = (measure.sign * tile.choice, (row, column))
                best[kind] = min(best.get(kind, found), found)
    return frozenset(place for kind, (_, place) in best.items() if kind not in waiting)
