"""What the table of a race says of a lane."""

from mlpsim.core.studies.lanes import Standing
from mlpsim.views.labels.race_words import cost_text, reached_text


def standing(reached: int | None, is_first: bool = True) -> Standing:
    return Standing(40, 12_000, 0.25, 0.125, reached, is_first, 48_000, None, None)


def test_what_a_level_took_is_at_most_that_where_states_before_are_not_known() -> None:
    assert (reached_text(standing(40)), cost_text(standing(40))) == ("40", "48\u202f000")
    late = standing(40, is_first=False)
    assert (reached_text(late), cost_text(late)) == ("≤ 40", "≤ 48\u202f000")
    never = standing(None)
    assert (reached_text(never), cost_text(never)) == ("not by 12\u202f000", "> 48\u202f000")
