"""What the microscope says of the learning rate of a step."""

from mlpsim.core.lessons.microscope import Profile
from mlpsim.views.labels.numbers import apart, number


def microscope_sentence(seen: Profile, symbol: str) -> str:
    """Whether this η lowers or raises the objective, where it is least, and what 2/λ_max is."""
    eta = number(seen.rate, 4)
    first, second = apart((seen.at_zero, seen.at_rate))
    if seen.at_rate == seen.at_zero:
        said = f"This η leaves {symbol} at {first}."
    elif first == second:
        said = f"This η leaves {symbol} at {number(seen.at_zero)} but for rounding."
    else:
        verb = "increases" if seen.raises else "lowers"
        said = f"This η {verb} {symbol}: {first} → {second} at η = {eta}."
    return " ".join(filter(None, (said, _least(seen, symbol), _limit(seen))))


def _least(seen: Profile, symbol: str) -> str:
    if seen.minimum is None:
        return ""
    if seen.minimum.at_end:
        return f"Along this step {symbol} is least beyond η = {number(seen.end, 3)}."
    if not seen.minimum.value < seen.at_zero:
        return f"No η in sight lowers {symbol}."
    value = apart((seen.at_zero, seen.minimum.value))[1]
    return f"Least along this step: {value} at η = {number(seen.minimum.eta, 4)}."


def _limit(seen: Profile) -> str:
    if seen.limit is None:
        return ""
    where = "above" if seen.rate > seen.limit else "below"
    return f"η is {where} 2/λₘₐₓ = {number(seen.limit, 4)}."
