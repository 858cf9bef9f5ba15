"""A form shows the fields of a spec, and says why a set of them is refused."""

from dataclasses import dataclass, fields

import pytest
from PySide6.QtCore import Qt

from mlpsim.core.fields import range_of
from mlpsim.core.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum
from mlpsim.core.schedules import SCHEDULES, StepDecay
from mlpsim.core.starts import Uniform
from mlpsim.views.widgets.spec_form import SpecForm


@pytest.fixture
def form(qtbot):
    result = SpecForm()
    qtbot.addWidget(result)
    result.set_spec(Momentum())
    result.show()
    return result


def enter(qtbot, form: SpecForm, name: str, text: str) -> None:
    entry = form.entry(name)
    entry.selectAll()
    qtbot.keyClick(entry, Qt.Key.Key_Delete)
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


@pytest.mark.parametrize("kind", [*OPTIMIZERS, *SCHEDULES, Uniform], ids=lambda k: k.__name__)
def test_every_number_and_switch_has_its_row(qtbot, kind):
    spec, form = kind(), SpecForm()
    qtbot.addWidget(form)
    form.set_spec(spec)
    for field in fields(spec):
        limits = range_of(field)
        if limits is not None:
            assert form.entry(field.name).value == getattr(spec, field.name)
            assert limits.text in form.entry(field.name).toolTip()
            assert form.entry(field.name).accessibleName()
        elif isinstance(getattr(spec, field.name), bool):
            assert form.check(field.name).isChecked() == getattr(spec, field.name)
    assert form.is_empty == (not fields(spec))


def test_a_number_makes_a_new_spec(qtbot, form: SpecForm):
    with qtbot.waitSignal(form.spec_edited) as caught:
        enter(qtbot, form, "momentum", "0,5")
    assert caught.args == [Momentum(momentum=0.5)]


def test_a_switch_makes_a_new_spec(qtbot, form: SpecForm):
    with qtbot.waitSignal(form.spec_edited) as caught:
        form.check("nesterov").click()
    assert caught.args == [Momentum(nesterov=True)]


def test_fields_that_make_no_spec_together_stay_with_the_reason(qtbot, form: SpecForm):
    enter(qtbot, form, "dampening", "0.5")
    form.set_spec(Momentum(dampening=0.5))
    with qtbot.assertNotEmitted(form.spec_edited):
        form.check("nesterov").click()
    assert form.error == "Nesterov needs a momentum above 0 and no dampening"
    form.set_spec(Momentum(dampening=0.5))
    assert form.check("nesterov").isChecked()
    with qtbot.waitSignal(form.spec_edited) as caught:
        enter(qtbot, form, "dampening", "0")
    assert caught.args == [Momentum(nesterov=True)]
    assert form.error == ""


def test_a_number_out_of_range_is_said_below_the_form(qtbot, form: SpecForm):
    with qtbot.assertNotEmitted(form.spec_edited):
        enter(qtbot, form, "learning_rate", "-1")
    assert form.error == "-1 is too small: the least is 0."
    assert form.entry("learning_rate").text() == "-1"
    enter(qtbot, form, "learning_rate", "0.2")
    assert form.error == ""


def test_a_refused_field_does_not_hold_up_the_others(qtbot, form: SpecForm):
    enter(qtbot, form, "learning_rate", "x")
    with qtbot.waitSignal(form.spec_edited) as caught:
        enter(qtbot, form, "momentum", "0.5")
    assert caught.args == [Momentum(momentum=0.5)]
    form.set_spec(caught.args[0])
    assert form.entry("learning_rate").text() == "x"


def test_undo_shows_the_old_numbers(qtbot, form: SpecForm):
    enter(qtbot, form, "momentum", "0.5")
    form.set_spec(Momentum(momentum=0.5))
    form.set_spec(Momentum())
    assert form.entry("momentum").value == 0.9


def test_another_spec_brings_other_rows(form: SpecForm):
    form.set_spec(Adam())
    assert form.entry("beta1").value == 0.9
    with pytest.raises(KeyError):
        form.entry("momentum")
    form.set_spec(GradientDescent(0.3))
    assert form.entry("learning_rate").value == 0.3


def test_whole_numbers_stay_whole(qtbot):
    form = SpecForm()
    qtbot.addWidget(form)
    form.set_spec(StepDecay())
    with qtbot.waitSignal(form.spec_edited) as caught:
        enter(qtbot, form, "every", "25")
    assert caught.args == [StepDecay(every=25)]
    assert isinstance(caught.args[0].every, int)
    enter(qtbot, form, "every", "2.5")
    assert form.error == "2.5 is not a whole number."


def test_fields_can_be_left_to_the_panel(qtbot):
    @dataclass(frozen=True)
    class Listed:
        """Holds a list."""

        values: tuple[float, ...] = ()

    form = SpecForm()
    qtbot.addWidget(form)
    form.set_spec(Listed())
    assert form.is_empty
