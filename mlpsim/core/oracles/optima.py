"""Recorded optima, ``mlpsim-optima/1``: J, ∇J and the Hessian's eigenvalues there, and f*."""

from dataclasses import replace
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.engine import Engine
from mlpsim.core.files.strict_json import DocumentError, decode_as
from mlpsim.core.files.structs import Integer, at
from mlpsim.core.oracles.case import read_problem, shaped
from mlpsim.core.oracles.comparison import FIRST, SECOND, Comparison
from mlpsim.core.oracles.schema import FeasibleCase, ProblemCase, RegularizationCase
from mlpsim.core.oracles.strict import Strict
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.certify import minimize


class PointCase(Strict):
    """Numbers with more digits than 64 bits hold, as text."""

    kind: Literal["global", "local", "saddle", "kkt-not-minimum"]
    w: list[str]
    f: str
    gradient: list[str] | None = None
    hessian_eigenvalues: list[str] | None = None


class OptimumCase(ProblemCase):
    id: str
    feasible_set: FeasibleCase
    points: list[PointCase]
    regularization: RegularizationCase
    note: str = ""


class OptimaWire(Strict):
    schema: Literal["mlpsim-optima/1"]
    problems: list[OptimumCase]
    digits: Integer = 18


def check_optima(data: bytes, engine: Engine | None) -> list[Comparison]:
    """Comparisons of each problem in scanned JSON; DocumentError if it cannot be read.

    No engine has a part in them.
    """
    return [
        comparison
        for i, case in enumerate(decode_as(data, OptimaWire).problems)
        for comparison in _check_problem(case, f"$.problems[{i}]")
    ]


def read_optimum(case: OptimumCase, where: str) -> Problem:
    """The problem that stands at a place, over its feasible set."""
    with at(f"{where}.regularization"):
        penalty = case.regularization.spec()
    problem = read_problem(case, penalty, where)
    with at(f"{where}.feasible_set"):
        return replace(problem, feasible=case.feasible_set.spec())


def _check_problem(case: OptimumCase, where: str) -> list[Comparison]:
    problem = read_optimum(case, where)
    first = Comparison(f"{case.id}, J, ∇J and stationarity", FIRST)
    second = Comparison(f"{case.id}, eigenvalues", SECOND)
    bounds = Comparison(f"{case.id}, bounds of f*", FIRST)
    for i, point in enumerate(case.points):
        _check_point(point, problem, f"{where}.points[{i}]", first, second)
    lowest = [i for i, point in enumerate(case.points) if point.kind == "global"]
    if lowest:
        optimum = minimize(problem)
        for i in lowest:
            place = f"{where}.points[{i}].f"
            value = float(_numbers([case.points[i].f], 1, place)[0])
            bounds.add(min(max(value, optimum.f_lo), optimum.f_hi), value, place)
    return [first, second, bounds]


def _check_point(
    point: PointCase, problem: Problem, where: str, first: Comparison, second: Comparison
) -> None:
    n_params = problem.network.n_params
    theta = _numbers(point.w, n_params, f"{where}.w")
    first.add(problem.stationarity(theta), 0.0, f"{where}.w")
    first.add(problem.value(theta), _numbers([point.f], 1, f"{where}.f")[0], f"{where}.f")
    if point.gradient is not None:
        place = f"{where}.gradient"
        first.add(problem.gradient(theta), _numbers(point.gradient, n_params, place), place)
    if point.hessian_eigenvalues is not None:
        place = f"{where}.hessian_eigenvalues"
        expected = np.sort(_numbers(point.hessian_eigenvalues, n_params, place))
        here = np.linalg.eigvalsh(problem.hessian(theta)).astype(np.float64)
        second.add(here, expected, place)


def _numbers(texts: list[str], count: int, where: str) -> Array:
    """Decimals as numbers; DocumentError where one is none, or not as many."""
    try:
        numbers = [float(text) for text in texts]
    except ValueError as error:
        raise DocumentError(f"{error}", where) from error
    if not np.isfinite(numbers).all():
        raise DocumentError("A number in it is not finite", where)
    return shaped(numbers, (count,), where)
