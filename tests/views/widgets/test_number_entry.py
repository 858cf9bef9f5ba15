"""A number entry reads every locale the same, keeps what was typed, and says why it refuses."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from mlpsim.views.labels import number
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.number_text import read_number, read_whole, write_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        (" 0,5 ", 0.5),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("1e-3", 1e-3),
        ("1,5E+2", 150.0),
        ("-3", -3.0),
        ("−3", -3.0),
        ("+3", 3.0),
        ("1.125", 1.125),
        ("1,125", 1.125),
        ("0", 0.0),
        ("0e-999", 0.0),
        ("7.73·10⁻¹⁸", 7.73e-18),
        ("−10⁻⁹", -1e-9),
    ],
)
def test_a_point_and_a_comma_mean_the_same(text: str, value: float):
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Type a number."),
        ("   ", "Type a number."),
        ("nan", "not a finite number"),
        ("-inf", "not a finite number"),
        ("Infinity", "not a finite number"),
        ("1e999", "too large"),
        ("1e-999", "too small"),
        ("1.000,5", "ambiguous"),
        ("1,000.5", "ambiguous"),
        ("1.000.000", "ambiguous"),
        ("1 000", "ambiguous"),
        ("1'000", "ambiguous"),
        ("1_000", "not a number"),
        ("٣", "not a number"),
        ("0x10", "not a number"),
        ("1e", "not a number"),
        (".", "ambiguous|not a number"),
        ("-", "not a number"),
        ("abc", "not a number"),
        ("9" * 1000, "too long"),
    ],
)
def test_the_rest_is_refused_with_a_sentence(text: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        read_number(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_is_read_as_itself(x: float):
    assert read_number(write_number(x)) == x
    assert read_number(write_number(x).replace(".", ",")) == x


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_shown_number_can_be_typed(x: float):
    # 1.798·10³⁰⁸ is shown as 1.8·10³⁰⁸, which is beyond the largest number.
    assume(abs(x) < 1.79e308)
    assert read_number(number(x)) == pytest.approx(x, rel=6e-3)


@given(st.integers(0, 2**63 - 1))
def test_whole_numbers_are_exact(n: int):
    assert read_whole(str(n)) == n
    assert read_whole(write_number(n)) == n


def test_only_whole_numbers_are_whole():
    assert read_whole("1e3") == 1000
    assert read_whole("3.0") == 3
    with pytest.raises(ValueError, match=r"1\.5 is not a whole number"):
        read_whole("1.5")


@pytest.mark.parametrize("text", ["1.000", "1,000", "-12.000"])
def test_a_whole_number_with_a_mark_at_its_thousands_is_ambiguous(text: str):
    with pytest.raises(ValueError, match=r"ambiguous: write -?(1000 or 1|12000 or -12)\."):
        read_whole(text)


@pytest.fixture
def entry(qtbot):
    window = QWidget()
    layout = QVBoxLayout(window)
    result, other = NumberEntry(0.1, 0.0, 10.0), QLineEdit()
    layout.addWidget(result)
    layout.addWidget(other)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    result.setFocus()
    qtbot.waitUntil(result.hasFocus)
    yield result
    window.close()


def type_in(qtbot, entry: NumberEntry, text: str) -> None:
    entry.selectAll()
    qtbot.keyClick(entry, Qt.Key.Key_Delete)
    qtbot.keyClicks(entry, text)


@pytest.mark.parametrize("locale", ["C", "de_DE", "en_US", "fr_FR", "hi_IN"])
@pytest.mark.parametrize("text", ["0.5", "0,5", "5e-1"])
def test_half_is_half_in_every_locale(qtbot, entry: NumberEntry, locale: str, text: str):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        type_in(qtbot, entry, text)
        with qtbot.waitSignal(entry.value_committed) as caught:
            qtbot.keyClick(entry, Qt.Key.Key_Return)
    finally:
        QLocale.setDefault(before)
    assert caught.args == [0.5]
    assert entry.value == 0.5
    assert entry.text() == text


def test_leaving_the_field_commits_once(qtbot, entry: NumberEntry):
    committed = []
    entry.value_committed.connect(committed.append)
    type_in(qtbot, entry, "0,25")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    qtbot.keyClick(entry, Qt.Key.Key_Tab)
    assert committed == [0.25]


def test_what_was_typed_stays_when_the_value_comes_back(qtbot, entry: NumberEntry):
    type_in(qtbot, entry, "0,250")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    entry.set_value(0.25)
    assert entry.text() == "0,250"
    entry.set_value(0.1)
    assert entry.text() == "0.1"


def test_every_digit_is_shown(entry: NumberEntry):
    entry.set_value(0.30000000000000004)
    assert float(entry.text()) == 0.30000000000000004


def test_a_number_without_room_ends_in_dots_until_it_is_edited(qtbot, entry: NumberEntry):
    entry.set_columns(5)
    entry.setFixedWidth(entry.sizeHint().width())
    entry.set_tip("Between 0 and 10")
    qtbot.keyClick(entry, Qt.Key.Key_Tab)
    pictures = []
    for value, end in ((0.5, "0.5"), (0.123456789, "…"), (1.23456789e-10, "…e-10")):
        entry.set_value(value)
        assert entry.seen.endswith(end)
        QApplication.sendEvent(entry, QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint()))
        whole = "" if end == "0.5" else f"{entry.text()}\n"
        assert entry.toolTip() == f"{whole}Between 0 and 10"
        assert float(entry.text()) == value
        pictures.append(entry.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2]
    entry.setFocus()
    assert entry.grab().toImage() != pictures[2]


@pytest.mark.parametrize("text", ["", "nan", "1e999", "1.000,5", "-1", "11", "abc"])
def test_a_refused_text_stays_with_its_reason(qtbot, entry: NumberEntry, text: str):
    type_in(qtbot, entry, text)
    with qtbot.assertNotEmitted(entry.value_committed):
        qtbot.keyClick(entry, Qt.Key.Key_Return)
        qtbot.keyClick(entry, Qt.Key.Key_Tab)
    assert entry.text() == text
    assert entry.value == 0.1
    assert entry.property("invalid") is True
    assert entry.refusal
    assert entry.toolTip() == entry.accessibleDescription() == entry.refusal
    entry.set_value(0.1)
    assert entry.text() == text
    entry.setFocus()
    type_in(qtbot, entry, "0.3")
    assert not entry.refusal
    assert entry.property("invalid") is False
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entry.value == 0.3


def test_the_range_is_named(qtbot, entry: NumberEntry):
    type_in(qtbot, entry, "-1")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entry.refusal == "-1 is too small: the least is 0."
    type_in(qtbot, entry, "10.5")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entry.refusal == "10.5 is too large: the most is 10."


def test_escape_brings_back_the_value(qtbot, entry: NumberEntry):
    type_in(qtbot, entry, "abc")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == "0.1"
    assert not entry.refusal


def test_a_value_from_outside_does_not_disturb_the_typing(qtbot, entry: NumberEntry):
    type_in(qtbot, entry, "0.7")
    entry.set_value(0.2)
    assert entry.text() == "0.7"
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == "0.2"


def test_a_value_that_the_owner_refuses_stays_and_can_be_tried_again(qtbot, entry: NumberEntry):
    entry.value_committed.connect(lambda _: entry.refuse("Not with this momentum."))
    type_in(qtbot, entry, "0.7")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert (entry.text(), entry.value, entry.refusal) == ("0.7", 0.1, "Not with this momentum.")
    entry.set_value(0.1)
    assert entry.text() == "0.7"
    with qtbot.waitSignal(entry.value_committed):
        qtbot.keyClick(entry, Qt.Key.Key_Return)


def test_the_arrow_keys_step_in_the_second_digit(qtbot, entry: NumberEntry):
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(entry, key)
        seen.append(entry.text())
    assert seen == ["0.11", "0.1", "0.099", "0.098"]


def test_stepping_stops_at_the_range(qtbot, entry: NumberEntry):
    entry.set_value(9.95)
    qtbot.keyClick(entry, Qt.Key.Key_Up)
    assert entry.value == 10.0


def test_a_signed_number_steps_through_zero(qtbot):
    entry = NumberEntry(0.01)
    qtbot.addWidget(entry)
    entry.step_by(-1)
    entry.step_by(-1)
    assert entry.value == -0.01
    entry.set_value(-3.5)
    entry.step_by(2)
    assert entry.value == -3.3


def test_whole_numbers_go_up_by_one(qtbot):
    seed = NumberEntry(2**63 - 3, 0, 2**63 - 1, integer=True)
    qtbot.addWidget(seed)
    seed.step_by(2)
    assert seed.value == 2**63 - 1
    assert seed.text() == str(2**63 - 1)


def turn(entry: NumberEntry, notches: int) -> QWheelEvent:
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120 * notches),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(entry, event)
    return event


def test_the_wheel_steps_only_with_the_focus(qtbot, entry: NumberEntry):
    turn(entry, 1)
    assert entry.value == 0.11
    qtbot.keyClick(entry, Qt.Key.Key_Tab)
    turn(entry, 1)
    assert entry.value == 0.11


def test_the_field_is_as_wide_as_asked(qtbot):
    entry = NumberEntry(0.1)
    qtbot.addWidget(entry)
    entry.set_columns(4)
    narrow = entry.sizeHint().width()
    entry.set_columns(14)
    assert entry.sizeHint().width() == narrow + 10 * entry.fontMetrics().horizontalAdvance("0")
