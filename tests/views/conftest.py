"""What tests of views start from."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import Experiment
from mlpsim.views.appearance import Appearance
from mlpsim.views.context import Context
from mlpsim.views.panels.surface import SurfacePanel
from tests.views.controls import running
from tests.views.panel_stage import Stage


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """Applied to the program, and taken off again."""
    before = (qapp.palette(), qapp.font(), qapp.styleSheet())
    appearance = Appearance()
    appearance.apply(qapp)
    yield appearance
    qapp.setStyleSheet(before[2])
    qapp.setPalette(before[0])
    qapp.setFont(before[1])


@pytest.fixture
def context(qapp: object) -> Iterator[Context]:
    """That of a real session with the lecture's example."""
    with running() as context:
        yield context


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    """Puts panels of a class on view, each in a session of its own with an experiment."""
    stages = []

    def open_panel(panel: type, experiment: Experiment, **options: object) -> Stage:
        stages.append(Stage(qtbot, panel, experiment, **options))
        return stages[-1]

    yield open_panel
    for stage in stages:
        stage.close()


@pytest.fixture
def opened_surface(opened: Callable[..., Stage]) -> Callable[..., Stage[SurfacePanel]]:
    """Puts the loss surfaces of experiments on view, whole."""

    def open_surface(experiment: Experiment, steps: int = 0) -> Stage[SurfacePanel]:
        stage = opened(SurfacePanel, experiment, size=(640, 680), steps=steps)
        stage.landscape.complete()
        return stage

    return open_surface
