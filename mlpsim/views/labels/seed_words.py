"""What is said of a fan of seeds, of the noise ball, and of a sample's gradient on average."""

from collections.abc import Sequence
from math import isnan

from mlpsim.core.network import Network
from mlpsim.core.sampling import Sampling
from mlpsim.core.studies.fan import Expectation, Fan, NoiseBall, Spread, exponent
from mlpsim.views import labels
from mlpsim.views.labels.step_rows import vectors_for

NOT_RUN = "The same experiment with many seeds: how far does chance scatter its path?"
ELLIPSE = (
    "The ellipse is that of the step on view, which playing moves, with two standard deviations to"
    " each side; the mean path is yellow."
)
START_ALONE = "Gradient descent sees all samples: its seeds differ in their start alone."
NO_CHANCE = (
    "Gradient descent sees all samples, and this start is not drawn: all seeds take the same path."
)
EXPECTATION_TEX = (
    r"\mathbb{E}[\nabla e^s] = {\textstyle \frac{1}{S} \sum_s} \nabla e^s = \nabla E / S"
)
EXPECTATION_WORDS = "On average over the samples, the gradient of a sample error is ∇E/S"
DEAR = "There are too many samples and parameters to average their gradients while you watch."
BALL = (
    "The noise ball: root mean square distance from the mean, over all seeds and the last half of"
    " the steps, by when the paths should have settled."
)
LEAST_GROWTH = 0.05  # of the exponent of η, below which nothing is said to grow
_GROWS = {
    "with_replacement": "With independent draws and a constant, small η, SGD's grows as √η.",
    "without_replacement": "As every epoch sees each sample once, errors cancel: with a constant,"
    " small η, SGD's grows as η, with independent draws as √η.",
}


def fan_words(found: Fan, around: Spread | None, k: int) -> str:
    """Where the members are at state k, and how far they are apart in the plane."""
    at = found.place(k) * found.stride
    left, seeds = len(found.at(k)), found.question.seeds
    said = [f"State {labels.whole(at)}, {labels.count(left, 'seed')}"]
    if left < seeds:
        said[0] += f" ({labels.whole(seeds - left)} diverged)"
    if around is not None:
        mean = ", ".join(labels.number(float(place), 4) for place in around.mean)
        longer, shorter = (labels.number(float(size), 3) for size in around.axes()[0])
        said.append(f"mean ({mean}), standard deviations {longer} and {shorter}")
    return ": ".join(said) + "."


def note_words(found: Fan, most: int) -> str:
    """What is drawn, at most so many paths, and what there is to know of it."""
    said = [ELLIPSE]
    if found.question.seeds > most:
        said.append(f"The first {labels.count(most, 'path')} are drawn.")
    if found.question.experiment.sampling.is_full:
        has_chance = hasattr(found.question.experiment.start, "seed")
        said.append(START_ALONE if has_chance else NO_CHANCE)
    if found.stride > 1:
        said.append(f"One state in {labels.whole(found.stride)} is kept.")
    return " ".join(said)


def ball_words(ball: NoiseBall) -> str:
    """A noise ball in one line: η = 0.1: radius 0.13."""
    radius = "diverged" if isnan(ball.radius) else f"radius {labels.number(ball.radius, 3)}"
    return f"η = {labels.number(ball.rate)}: {radius}"


def growth_words(balls: Sequence[NoiseBall], sampling: Sampling) -> str:
    """How the noise balls were measured, how they grow with η, and why."""
    grows, said = exponent(balls), [BALL]
    if grows >= LEAST_GROWTH:
        said.append(f"Here it grows as η to the {grows:.2f}.")
    elif not isnan(grows):
        said.append("Here it does not grow with η.")
    if not sampling.is_full and sampling.order in _GROWS:
        said.append(_GROWS[sampling.order])
    return " ".join(said)


def expectation_words(network: Network, found: Expectation) -> str:
    """Both sides of E[∇eˢ] = ∇E/S in numbers, and how far single samples are off."""
    vectors = vectors_for(network, found.share)
    mean, share = vectors.texts(found.mean)[0], vectors.texts(found.share)[0]
    off = labels.number(found.spread, 4)
    return f"mean of ∇eˢ: {mean}\n∇E/S: {share}\na single ∇eˢ is {off} off (root mean square)"
