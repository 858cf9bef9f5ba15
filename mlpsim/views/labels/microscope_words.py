"""What the microscope says of the learning rate of a step."""

from mlpsim.core.lessons.microscope import Profile
from mlpsim.views.labels.numbers import apart, number


def microscope_sentence(seen: Profile, symbol: str) -> str:
    """Whether this η lowers or raises the objective, where it is least, and what 2/λ_max is."""
    eta = number(seen.rate, 4)
    first, second = apart((seen.at_zero, seen.at_rate))
    if seen.raises:
        said = f"This η increases {symbol}: {first} → {second} at η = {eta}."
    elif seen.at_rate < seen.at_zero:
        said = f"This η lowers {symbol}: {first} → {second} at η = {eta}."
    else:
        said = f"This η leaves {symbol} at {first}."
    return " ".join(filter(None, (said, _least(seen, symbol), _limit(seen))))


def _least(seen: Profile, symbol: str) -> str:
    if seen.minimum is None:
        return ""
    if seen.minimum.at_end:
        return f"Along this step {symbol} is least beyond η = {number(seen.end, 3)}."
    if not seen.minimum.value < seen.at_zero:
        return f"No η in sight lowers {symbol}."
    at, value = number(seen.minimum.eta, 4), number(seen.minimum.value, 4)
    return f"Least along this step: {value} at η = {at}."


def _limit(seen: Profile) -> str:
    if seen.limit is None:
        return ""
    where = "above" if seen.rate > seen.limit else "below"
    return f"η is {where} 2/λₘₐₓ = {number(seen.limit, 4)}."
