"""The throttle: few calls, none that nobody sees, and one view after the other."""

import itertools
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mlpsim.views import throttle, turns
from mlpsim.views.throttle import ASKED, Throttle


def this_turn() -> None:
    """What is left of a turn of the event loop before anything is painted or a timer ends."""
    QCoreApplication.sendPostedEvents(None, ASKED)


@pytest.fixture
def calls(qtbot):
    widget, made = QWidget(), []
    qtbot.addWidget(widget)
    widget.show()
    return made, widget, Throttle(widget, lambda: made.append(1), 60)


def test_the_first_request_of_a_hurried_one_is_answered_in_its_turn(calls):
    made, widget, _ = calls
    throttle = Throttle(widget, lambda: made.append(1), 16)
    throttle.request()
    this_turn()
    assert len(made) == 1


def test_many_requests_become_one_more_call(qtbot, calls):
    made, _, throttle = calls
    throttle.request()
    qtbot.waitUntil(lambda: len(made) == 1)
    for _ in range(50):
        throttle.request()
    assert len(made) == 1
    qtbot.waitUntil(lambda: len(made) == 2)
    QTest.qWait(150)
    assert len(made) == 2


def test_every_turn_has_one_call_however_often_it_asks_and_however_long_a_call_takes(qtbot):
    widget, made = QWidget(), []
    qtbot.addWidget(widget)
    widget.show()
    throttle = Throttle(widget, lambda: made.append(1), 0)  # over before any call is
    for turn in range(1, 5):
        for _ in range(3):
            throttle.request()
        this_turn()
        assert len(made) == turn
    QTest.qWait(50)
    assert len(made) == 4


def test_a_request_at_a_shorter_interval_waits_for_no_longer_one(qtbot):
    widget, made, interval = QWidget(), [], [60_000]
    qtbot.addWidget(widget)
    widget.show()
    throttle = Throttle(widget, lambda: made.append(1), lambda: interval[0])
    throttle.request()
    qtbot.waitUntil(lambda: len(made) == 1)
    throttle.request()
    interval[0] = 0  # as when the run pauses
    throttle.request()
    this_turn()
    assert len(made) == 2
    QTest.qWait(50)
    assert len(made) == 2


def test_what_a_call_asks_for_comes_after_it(qtbot):
    widget, log = QWidget(), []
    qtbot.addWidget(widget)
    widget.show()

    def call() -> None:
        log.append("begins")
        if len(log) < 3:
            throttle.request()
        log.append("ends")

    throttle = Throttle(widget, call, 0)
    throttle.request()
    qtbot.waitUntil(lambda: len(log) == 4)
    assert log == ["begins", "ends"] * 2


def test_a_hidden_widget_waits_until_it_is_shown(qtbot, calls):
    made, widget, throttle = calls
    widget.hide()
    throttle.request()
    throttle.request()
    assert made == []
    widget.show()
    qtbot.waitUntil(lambda: len(made) == 1)


def test_a_widget_hidden_while_it_waits_is_answered_when_shown(qtbot, calls):
    made, widget, throttle = calls
    throttle.request()
    qtbot.waitUntil(lambda: len(made) == 1)
    throttle.request()
    widget.hide()
    QTest.qWait(120)
    assert len(made) == 1
    widget.show()
    qtbot.waitUntil(lambda: len(made) == 2)


class Painted(QWidget):
    """A view that writes down when it is told to change, and when it is painted."""

    def __init__(self, name: str, log: list[str], interval: int = 150) -> None:
        super().__init__()
        self.name, self.log, self.interval = name, log, interval
        self.throttle = Throttle(self, self.change, lambda: self.interval)

    def change(self) -> None:
        self.log.append(f"change {self.name}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.log.append(f"paint {self.name}")


@pytest.fixture
def views(qtbot):
    """Three views of one window that have been painted."""
    log: list[str] = []
    window = QWidget()
    qtbot.addWidget(window)
    rows = QVBoxLayout(window)
    made = [Painted(name, log) for name in "abc"]
    for view in made:
        rows.addWidget(view)
    window.resize(90, 90)
    window.show()
    qtbot.waitUntil(lambda: len(log) >= 3)
    QTest.qWait(20)
    log.clear()
    yield log, made
    window.close()


def test_a_widget_hidden_in_the_turn_that_asks_is_answered_when_shown(qtbot, calls):
    made, widget, throttle = calls
    throttle.request()
    widget.hide()
    this_turn()
    assert made == []
    widget.show()
    qtbot.waitUntil(lambda: len(made) == 1)


def test_throttles_with_long_intervals_take_turns_until_they_are_painted(qtbot, views):
    log, made = views
    for view in made:
        view.throttle.request()
    qtbot.waitUntil(lambda: len(log) == 6)
    assert log == [f"{what} {name}" for name in "abc" for what in ("change", "paint")]


def test_what_takes_turns_comes_after_the_frame_of_what_changed_at_once(qtbot, views):
    log, (a, b, _) = views
    a.throttle.request()
    b.change()
    qtbot.waitUntil(lambda: len(log) == 4)
    assert log == ["change b", "paint b", "change a", "paint a"]


def test_the_next_turn_comes_when_one_ends_and_not_when_patience_does(
    qtbot, views, monkeypatch: pytest.MonkeyPatch
):
    for module in (throttle, turns):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(throttle, "TURNS", turns.Turns())  # others need not wait for it
    log, made = views
    for view in made:
        view.throttle.request()
    qtbot.waitUntil(lambda: len(log) == 6)


def test_a_throttle_without_haste_waits_for_those_before_it(qtbot, views):
    log, (a, b, c) = views
    a.throttle.request()
    b.throttle.request()
    a.interval = 17
    qtbot.waitUntil(lambda: "paint a" in log)
    a.throttle.request()
    c.throttle.request()
    qtbot.waitUntil(lambda: "paint c" in log and log.count("paint a") == 2)
    changes = [line for line in log if line.startswith("change")]
    assert changes[:2] == ["change a", "change b"]
    assert sorted(changes[2:]) == ["change a", "change c"]


def test_a_hurried_throttle_waits_for_nobody(views):
    log, (a, b, _) = views
    b.interval = 16
    a.throttle.request()
    b.throttle.request()
    this_turn()
    assert log == ["change b"]


def test_a_turn_that_is_not_wanted_any_more_goes_to_the_next(qtbot, views):
    log, (a, b, c) = views

    def change() -> None:
        a.change()
        b.throttle.flush()  # it waits for its turn

    first = Throttle(a, change, 150, lambda: log.append("prepare a"))
    for asked in (first, b.throttle, c.throttle):
        asked.request()
    qtbot.waitUntil(lambda: "paint c" in log)
    assert log[:3] == ["prepare a", "change a", "change b"]
    assert log.count("change b") == 1


def test_a_turn_comes_no_earlier_than_the_interval_allows(qtbot, views):
    log, (a, b, _) = views
    b.interval = 60_000
    a.throttle.request()
    b.throttle.request()  # has to wait for its turn
    b.throttle.flush()
    b.throttle.request()  # has to wait for its interval
    qtbot.waitUntil(lambda: "paint a" in log and "paint b" in log)
    a.throttle.request()
    qtbot.waitUntil(lambda: log.count("paint a") == 2)
    assert log.count("change b") == 1


def test_a_view_that_is_hidden_or_gone_holds_nobody_up(qtbot, views):
    log, (a, b, c) = views
    for view in (a, b, c):
        view.throttle.request()
    b.hide()
    shiboken6.delete(a)  # in its turn: it will not be painted
    qtbot.waitUntil(lambda: "paint c" in log)
    assert "change b" not in log
    b.show()
    qtbot.waitUntil(lambda: "change b" in log)


def test_what_waits_can_be_had_at_once(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    called: list[int] = []
    throttle = Throttle(widget, lambda: called.append(1), 60_000)
    throttle.request()
    qtbot.waitUntil(lambda: called == [1])
    throttle.flush()  # nothing waits
    assert called == [1]
    throttle.request()
    throttle.flush()
    assert called == [1, 1]
    this_turn()
    assert called == [1, 1]


class Prepared:
    """A view that counts upwards, and what happens between preparing a number and showing it."""

    def __init__(self) -> None:
        self.widget, self.log, self.count = QWidget(), list[str](), itertools.count(1)
        self.between: list[Callable[[], object]] = []
        self.throttle = Throttle(self.widget, lambda: self.log.append("show"), 60, self.prepare)

    def prepare(self) -> None:
        self.log.append(f"prepare {next(self.count)}")
        while self.between:
            QTimer.singleShot(0, self.between.pop())


@pytest.fixture
def prepared(qtbot):
    view = Prepared()
    qtbot.addWidget(view.widget)
    view.widget.show()
    return view


def test_other_events_come_between_preparing_and_showing(qtbot, prepared):
    prepared.between = [lambda: prepared.log.append("another")]
    prepared.throttle.request()
    qtbot.waitUntil(lambda: prepared.log == ["prepare 1", "another", "show"])


def test_what_is_asked_for_after_it_was_prepared_is_shown_too(qtbot, prepared):
    prepared.between = [prepared.throttle.request]
    prepared.throttle.request()
    qtbot.waitUntil(lambda: prepared.log == ["prepare 1", "show", "prepare 2", "show"])
    QTest.qWait(150)
    assert len(prepared.log) == 4


def test_nothing_old_is_shown_of_what_was_prepared(qtbot, prepared):
    log, throttle = prepared.log, prepared.throttle
    prepared.between = [throttle.flush]
    throttle.request()
    qtbot.waitUntil(lambda: log == ["prepare 1", "prepare 2", "show"])
    QTest.qWait(100)
    prepared.between = [prepared.widget.hide]
    throttle.request()
    QTest.qWait(100)
    assert log[3:] == ["prepare 3"]
    prepared.widget.show()
    qtbot.waitUntil(lambda: log[3:] == ["prepare 3", "prepare 4", "show"])


def test_an_interval_that_changes_in_a_turn_leaves_the_turn_to_the_next_all_the_same(
    qtbot, views, monkeypatch: pytest.MonkeyPatch
):
    for module in (throttle, turns):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(throttle, "TURNS", turns.Turns())
    log, (a, b, _) = views
    first = Throttle(a, a.change, lambda: a.interval, lambda: log.append("prepare a"))
    first.request()
    b.throttle.request()
    a.interval = 16
    first.request()  # as when the run pauses
    qtbot.waitUntil(lambda: "paint b" in log)
    assert log[0] == "prepare a"


@pytest.mark.parametrize("interval", [16, lambda: 16])
def test_a_hurried_throttle_prepares_and_shows_in_one_turn(prepared, interval):
    log = prepared.log
    throttle = Throttle(prepared.widget, lambda: log.append("show"), interval, prepared.prepare)
    throttle.request()
    this_turn()
    assert log == ["prepare 1", "show"]
