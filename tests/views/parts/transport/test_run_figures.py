"""The figures of the transport: counts of samples that a share rounds away, and a test error."""

from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from mlpsim.core.dataset import Dataset
from mlpsim.core.evaluation import Evaluation
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.readout import readout
from mlpsim.core.run import Run
from mlpsim.views.parts.transport.run_figures import RunFigures


def test_samples_told_right_are_counted_whole(qtbot: QtBot) -> None:
    figures = RunFigures()
    qtbot.addWidget(figures)
    lecture = lecture_experiment()
    data = Dataset(np.ones((49, 2)), (np.arange(49) % 2.0)[:, None])
    run = Run.from_experiment(replace(lecture, problem=replace(lecture.problem, data=data)))
    share = 1.0 / 49.0  # of 49 samples a little less than one
    others = Evaluation(49, 0.123456, share, None, 0.0, 0.0)
    shown = replace(readout(run, 0), accuracy=share, held_out=others)
    figures.show_numbers(run.segments[0].experiment.problem, shown)
    assert figures.accuracy.toolTip() == "1 of 49 samples right"
    assert figures.test.toolTip().startswith("1 of 49 right")
    numbers = replace(shown, held_out=replace(others, accuracy=None))
    figures.show_numbers(run.segments[0].experiment.problem, numbers)
    assert (figures.test.name, figures.test.text) == ("E test", "0.1235")
