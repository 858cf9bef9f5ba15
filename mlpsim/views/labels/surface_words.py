"""What is said of the loss surface: over what it is drawn, and what lies at a place of it."""

from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface
from mlpsim.views.labels.formulas import objective_axis, objective_symbol
from mlpsim.views.labels.numbers import number, percent
from mlpsim.views.labels.parameters import axes, parameter


def surface_caption(
    problem: Problem, plane: Plane, log: bool, surface: Surface | None, progress: float
) -> str:
    """What is drawn over what, in which scale, and what of it is missing or still to come."""
    over = {"random": "a random plane", "pca": "the plane of the path"}
    names = " and ".join(parameter(problem.network, p) for p in plane.parameters)
    said = f"{objective_axis(problem)} over {over.get(plane.kind, names)}"
    said += ", log scale" if log else ""
    if surface is not None and surface.n_missing:
        said += f" · not finite on {percent(surface.n_missing / surface.values.size)} of it"
    said += f" · {percent(progress)} computed" if progress else ""
    return said


def value_words(problem: Problem, value: float) -> str:
    """J somewhere, by its symbol."""
    return f"{objective_symbol(problem)} = {number(value)}"


def place_words(
    problem: Problem, plane: Plane, place: tuple[float, float], value: float, model: float | None
) -> str:
    """A place (α, β) of the plane, J there, and what the quadratic model says, if one is shown."""
    network = problem.network
    names = (
        [parameter(network, plane.parameters[0])]
        if plane.is_line
        else axes(network, plane.parameters)
    )
    told = [f"{name} = {number(at, 4)}" for name, at in zip(names, place, strict=False)]
    told.append(value_words(problem, value))
    if model is not None:
        told.append(f"model = {number(model)}")
    return "   ".join(told)
