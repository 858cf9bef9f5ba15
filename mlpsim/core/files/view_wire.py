"""The view as it stands in a file: the plane, its window, and from where it is seen."""

from typing import Annotated, Literal

import msgspec

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.document import MAX_STEPS, View, ViewKind
from mlpsim.core.files.structs import Integer, Wire, at, struct
from mlpsim.core.looks.aim import Centre, Follow
from mlpsim.core.looks.camera import Camera, Look
from mlpsim.core.plane import check_parameters
from mlpsim.core.window import Window

_RELIEF: dict[Look, bool | str] = {"contours": False, "both": "both", "relief": True}
_LOOKS = {written: look for look, written in _RELIEF.items()}

ViewWire = struct(
    "View",
    [
        ("kind", ViewKind, "two_weights"),
        ("params", tuple[Integer, Integer], (0, 1)),
        ("window", tuple[float, float, float, float] | None, None),
        ("log", bool | None, None),
        ("seed", Integer, 0),
        ("centre", Centre | None, None),
        ("follow", Follow | None, None),
        ("step", Annotated[int, msgspec.Meta(ge=0, le=MAX_STEPS)] | None, None),
        ("relief", bool | Literal["both"], False),
        ("camera", tuple[float, float, float] | None, None),
    ],
)


def write_view(view: View) -> Wire:
    """The view as a ``ViewWire``."""
    window = view.window
    wire = {
        "kind": view.kind,
        "params": view.params,
        "window": window and (window.x0, window.x1, window.y0, window.y1),
        "log": view.log,
        "seed": view.seed,
    }
    camera = view.camera and (view.camera.azimuth, view.camera.elevation, view.camera.zoom)
    chosen = {name: getattr(view, name) for name in ("centre", "follow", "step")}
    chosen |= {"relief": _RELIEF[view.look] or None, "camera": camera}
    return wire | {name: value for name, value in chosen.items() if value is not None}


def read_view(wire: Wire, experiment: Experiment, where: str) -> View:
    """The view in a ``ViewWire``; DocumentError if the network lacks its parameters."""
    with at(f"{where}.window"):
        window = None if wire.window is None else Window(*wire.window)
    n_params = experiment.problem.network.n_params
    # A network of one parameter has nothing to choose.
    if wire.kind == "two_weights" and n_params > 1:
        with at(f"{where}.params"):
            check_parameters(n_params, *wire.params)
    with at(f"{where}.camera"):
        camera = None if wire.camera is None else Camera(*wire.camera)
    return View(
        *(wire.kind, wire.params, window, wire.log, wire.seed),
        *(wire.centre, wire.follow, wire.step, _LOOKS[wire.relief], camera),
    )
