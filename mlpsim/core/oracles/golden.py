"""Golden cases, ``mlpsim-oracle/1``: this program held against them, quantity by quantity."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.engine import Engine
from mlpsim.core.files.document import states
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.files.structs import at
from mlpsim.core.oracles.case import Case, ExpectedRun, check_places, read_case, shaped
from mlpsim.core.oracles.comparison import FIRST, PATH, SECOND, Comparison
from mlpsim.core.oracles.schema import (
    DirectionsCase,
    FilterNormalisedCase,
    PcaCase,
    TwoWeightsCase,
)
from mlpsim.core.plane import Plane, directions, filter_normalised, pca, two_weights
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.segment import Segment, able
from mlpsim.core.slices import Slice

# Singular values closer than this, relative to the largest, leave their directions open.
OPEN = 1e-6


def check_case(data: bytes, engine: Engine | None) -> list[Comparison]:
    """The comparisons of the case in scanned JSON; DocumentError if it cannot be read.

    An engine makes the runs; all else is NumPy's.
    """
    case = read_case(data)
    return [
        _check_forward(case),
        *_check_objective(case),
        _check_products(case),
        _check_runs(case, engine),
        *_check_slices(case),
    ]


# -- at one point ----------------------------------------------------------------------------------


def _check_forward(case: Case) -> Comparison:
    found = Comparison("forward", FIRST)
    network, samples = case.problem.network, len(case.problem.data)
    if case.expected.n_params is not None:
        found.add(network.n_params, case.expected.n_params, "$.expected.n_params")
    forward = case.problem.forward(case.theta)
    for name, layers in (("pre_activations", forward.z), ("activations", forward.a)):
        expected = getattr(case.expected, name)
        if expected is None:
            continue
        where = f"$.expected.{name}"
        if len(expected) != network.depth:
            raise DocumentError(f"It has {len(expected)} layers, not {network.depth}", where)
        for layer, columns in enumerate(layers):
            place = f"{where}[{layer}]"
            shape = (samples, network.sizes[layer + 1])
            found.add(columns.T, shaped(expected[layer], shape, place), place)
    return found


def _check_objective(case: Case) -> tuple[Comparison, Comparison, Comparison]:
    """J, its parts and its derivatives: functions of theta, under the names of what they give."""
    problem = case.problem
    data_only = replace(problem, reduction="sum", penalty=Penalty())
    loss, gradients = Comparison("loss", FIRST), Comparison("gradients", FIRST)
    hessian = Comparison("Hessian", SECOND)
    quantities: tuple[tuple[Comparison, str, Callable[[Array], Array]], ...] = (
        (loss, "per_sample_loss", problem.errors),
        (loss, "data_loss_sum", data_only.value),
        (loss, "regularization", problem.penalty_value),
        (loss, "objective", problem.value),
        (gradients, "per_sample_gradient", problem.sample_gradients),
        (gradients, "data_gradient_sum", data_only.gradient),
        (gradients, "objective_gradient", problem.gradient),
        (hessian, "objective_hessian", problem.hessian),
    )
    for found, name, function in quantities:
        expected, where = getattr(case.expected, name), f"$.expected.{name}"
        if expected is not None:
            here = function(case.theta)
            found.add(here, shaped(expected, here.shape, where), where)
    return loss, gradients, hessian


def _check_products(case: Case) -> Comparison:
    found = Comparison("HVP", SECOND)
    if case.expected.hvp is not None:
        v = shaped(case.expected.hvp.v, case.theta.shape, "$.expected.hvp.v")
        where = "$.expected.hvp.Hv"
        expected = shaped(case.expected.hvp.Hv, case.theta.shape, where)
        found.add(case.problem.hessian_vector_product(case.theta, v), expected, where)
    return found


# -- runs ------------------------------------------------------------------------------------------


def _check_runs(case: Case, engine: Engine | None) -> Comparison:
    found = Comparison("runs", PATH)
    for run in case.runs:
        segment = replace(run.segment, engine=able(engine, run.segment.experiment))
        _check_run(run, segment, found)
    return found


def _check_run(run: ExpectedRun, segment: Segment, found: Comparison) -> None:
    experiment = segment.experiment
    problem = experiment.problem
    thetas, values = np.full(run.thetas.shape, np.nan), np.full(run.values.shape, np.nan)
    gradients = np.full(run.gradients.shape, np.nan)
    rows = {int(k): row for row, k in enumerate(run.recorded)}
    diverged_at: int | None = None
    for _, state in states((segment,), run.steps):
        value = float(problem.value(state.theta))
        if state.k and not (np.isfinite(value) and np.isfinite(state.theta).all()):
            diverged_at = state.k
            break
        if state.k in rows:
            thetas[rows[state.k]], values[rows[state.k]] = state.theta, value
        if state.k < len(gradients):
            batch = segment.batch(state.k + 1)
            gradients[state.k] = problem.step_gradient(state.theta, batch, experiment.scaling)
    found.add(thetas, run.thetas, f"{run.where}.trajectory")
    found.add(values, run.values, f"{run.where}.objective")
    found.add(gradients, run.gradients, f"{run.where}.first_step_gradients")
    # No divergence counts as step 0.
    found.add(diverged_at or 0, run.diverged_at or 0, f"{run.where}.diverged_at")


# -- slices ----------------------------------------------------------------------------------------


def _check_slices(case: Case) -> tuple[Comparison, Comparison]:
    values, paths = Comparison("slices", FIRST), Comparison("slices (pca)", PATH)
    for i, entry in enumerate(case.slices):
        where = f"$.slices[{i}]"
        if isinstance(entry, PcaCase):
            _check_pca(entry, case, where, paths)
        else:
            _check_grid(entry, case.problem, where, values)
    return values, paths


def _check_grid(entry: Any, problem: Problem, where: str, found: Comparison) -> None:
    shape = (problem.network.n_params,)
    origin = shaped(entry.origin, shape, f"{where}.origin")
    if isinstance(entry, TwoWeightsCase):
        check_places(entry.params, shape[0], "parameter", f"{where}.params")
        with at(f"{where}.params"):
            plane = two_weights(origin, *entry.params)
        xs, ys, name = entry.xs, entry.ys, "values_[y][x]"
    else:
        plane = _given_plane(entry, origin, problem, where, found)
        xs, ys, name = entry.alphas, entry.betas, "values_[b][a]"
    expected = shaped(entry.values, (len(ys), len(xs)), f"{where}.{name}")
    if expected.size:
        # Nobody cancels: there is an answer.
        here = cast(Array, Slice(problem, plane).values(np.array(xs), np.array(ys)))
        found.add(here, expected, f"{where}.{name}")


def _given_plane(
    entry: DirectionsCase | FilterNormalisedCase,
    origin: Array,
    problem: Problem,
    where: str,
    found: Comparison,
) -> Plane:
    if isinstance(entry, DirectionsCase):
        d1 = shaped(entry.d1, origin.shape, f"{where}.d1")
        return directions(origin, d1, shaped(entry.d2, origin.shape, f"{where}.d2"))
    raw1 = shaped(entry.raw1, origin.shape, f"{where}.raw1")
    raw2 = shaped(entry.raw2, origin.shape, f"{where}.raw2")
    with at(f"{where}.origin"):
        plane = filter_normalised(problem.network, origin, raw1, raw2)
    for name, here in (("normalised1", plane.u), ("normalised2", plane.v)):
        expected = getattr(entry, name)
        if expected is not None:
            found.add(here, shaped(expected, origin.shape, f"{where}.{name}"), f"{where}.{name}")
    return plane


def _check_pca(entry: PcaCase, case: Case, where: str, found: Comparison) -> None:
    """The plane of the trajectory that the case recorded, so that only the plane is compared."""
    if not 0 <= entry.run < len(case.runs):
        raise DocumentError(f"There is no run {entry.run}", f"{where}.run")
    thetas = case.runs[entry.run].thetas
    with at(where):
        plane = pca(thetas)
    count, n_params = thetas.shape
    found.add(plane.origin, shaped(entry.origin, (n_params,), f"{where}.origin"), f"{where}.origin")
    coordinates = shaped(entry.coordinates, (count, 2), f"{where}.coordinates")
    here = plane.project(thetas)
    determined = _determined(thetas)
    for axis, (name, direction) in enumerate((("d1", plane.u), ("d2", plane.v))):
        expected = shaped(getattr(entry, name), (n_params,), f"{where}.{name}")
        if axis >= determined:
            break
        sign = _sign(direction, expected)
        found.add(sign * direction, expected, f"{where}.{name}")
        found.add(sign * here[:, axis], coordinates[:, axis], f"{where}.coordinates (d{axis + 1})")
    if entry.explained_variance_ratio is not None:
        place = f"{where}.explained_variance_ratio"
        found.add(
            np.array(plane.explained), shaped(entry.explained_variance_ratio, (2,), place), place
        )
    if entry.projection_error is not None and determined == 2:
        place = f"{where}.projection_error"
        found.add(plane.distance(thetas), shaped(entry.projection_error, (count,), place), place)


def _determined(thetas: Array) -> int:
    """How many of the two principal directions the path determines up to their sign."""
    centred = thetas - thetas.mean(axis=0)
    singular = np.append(np.linalg.svd(centred, compute_uv=False), 0.0)
    gaps = (singular[:-1] - singular[1:])[:2] / singular[0]
    return int((gaps > OPEN).cumprod().sum())


def _sign(direction: Array, expected: Array) -> float:
    """-1 where two entries of largest magnitude and unlike sign leave the sign to rounding."""
    sizes = np.abs(direction)
    largest = direction[sizes > (1.0 - 1e-9) * sizes.max()]
    is_open = largest.min() < 0.0 < largest.max()
    return -1.0 if is_open and float(direction @ expected) < 0.0 else 1.0
