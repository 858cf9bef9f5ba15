"""Imports point inwards: app → views → session → core; in core and views, to earlier rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mlpsim"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAYERS = ("core", "session", "views", "app")
ROOMS = (
    "compiled",
    "editing",
    "looks",
    "tables",
    "proofs",
    "files",
    "oracles",
    "lessons",
    "studies",
    "scripts",
)
VIEWS = (
    "labels",
    "items",
    "widgets",
    "parts",
    "panels",
)  # of parts and panels, none imports another
LONGEST_MODULE = 350
UNDO = {"PySide6.QtGui.QUndoStack", "PySide6.QtGui.QUndoCommand", "PySide6.QtGui.QUndoGroup"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def imports(path: Path) -> Iterator[str]:
    """Every imported name with its module in front, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = name_of(path).split(".")[: -node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def room_of(name: str) -> int:
    """The place in ROOMS of the part of the core that a name stands in, -1 outside all of them."""
    part = name.removeprefix("mlpsim.core.").split(".")[0]
    return ROOMS.index(part) if part in ROOMS else -1


def may_show(importer: str, name: str) -> bool:
    """Whether a module of the views' rooms may import a name from another one of them."""
    (mine, *inside), (other, *theirs) = (n.split(".")[2:] for n in (importer, name))
    if mine not in VIEWS or other not in VIEWS:
        return True
    if mine == other:
        return mine not in ("parts", "panels") or inside[:1] == theirs[:1]
    return VIEWS.index(other) < VIEWS.index(mine)


def is_allowed(importer: str, name: str) -> bool:
    """Whether a module of this layer may import this name."""
    layer = importer.split(".")[1]
    package, _, rest = name.partition(".")
    if package == "mlpsim":
        other = rest.split(".")[0]
        if importer.startswith("mlpsim.views.") and rest.startswith("views."):
            return may_show(importer, name)
        if importer.startswith("mlpsim.core.") and rest.startswith("core."):
            return room_of(name) <= room_of(importer)
        return other not in LAYERS or LAYERS.index(other) <= LAYERS.index(layer)
    if package in ("PySide6", "shiboken6"):
        inside = name.startswith("PySide6.QtCore") or name in UNDO
        return layer in ("views", "app") or (layer == "session" and inside)
    return package not in ("ziamath", "PIL") or layer in ("views", "app")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_inwards(path: Path) -> None:
    importer = name_of(path)
    if importer.split(".")[1] not in LAYERS:
        importer = f"mlpsim.app.{importer}"
    assert [name for name in imports(path) if not is_allowed(importer, name)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_held_in_mind(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize(
    ("importer", "name"),
    [
        ("mlpsim.core.run", "mlpsim.session.session"),
        ("mlpsim.core.run", "PySide6.QtCore.QObject"),
        ("mlpsim.session.session", "PySide6.QtGui.QColor"),
        ("mlpsim.session.session", "mlpsim.views.theme"),
        ("mlpsim.views.theme", "mlpsim.app.preferences"),
        ("mlpsim.views.panels.loss", "mlpsim.views.panels.data"),
        ("mlpsim.views.parts.race.race_table", "mlpsim.views.parts.sweep.sweep_view.SweepView"),
        ("mlpsim.views.parts.race.race_table", "mlpsim.views.panels.race.RacePanel"),
        ("mlpsim.views.widgets.card", "mlpsim.views.parts.race.race_table.RaceTable"),
        ("mlpsim.views.items.diagram", "mlpsim.views.widgets.card.Card"),
        ("mlpsim.core.run", "mlpsim.core.studies.sweep.Sweep"),
        ("mlpsim.core.files.codec", "mlpsim.core.studies.sweep.Sweep"),
        ("mlpsim.core.training", "mlpsim.core.compiled.engine.COMPILED"),
    ],
)
def test_the_rule_sees_a_wrong_import(importer: str, name: str) -> None:
    assert not is_allowed(importer, name)
