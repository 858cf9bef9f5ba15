"""The lines of the chain rule: every factor in symbols, with its numbers, and its value."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlpsim.core.activations import Activation
from mlpsim.core.lessons.chain import BothPasses, Chain, Delta, Term
from mlpsim.core.network import Network
from mlpsim.views import labels
from mlpsim.views.labels.loss_factors import DIGITS, Factor, in_digits, loss_factor
from mlpsim.views.labels.numbers import factor as bracketed

MOST_TERMS = 2  # of a sum that is written out
_FUNCTIONS = {"sigmoid": r"\sigma", "identity": r"\mathrm{id}", "tanh": r"\tanh", "sin": r"\sin"}
_FRACTION = r"\vphantom{\frac{\partial e^s}{\partial w^1_1}}"
LINE = r"\vphantom{\hat{y}^1_1 {\textstyle \sum_k}}"


@dataclass(frozen=True)
class Equation:
    """left = factor · factor · … = value; ``strut`` makes its formulas equally high.

    ``note`` is a sentence on it. ``delta`` is the δ whose equation it is; None for ∂e/∂w.
    """

    tex: str
    plain: str
    factors: tuple[Factor, ...]
    value: float
    strut: str
    note: str = ""
    delta: Delta | None = None


def equations(chain: Chain) -> tuple[Equation, ...]:
    """∂e/∂w, and below it each δ on the way to the loss; a last layer's δ is told at once."""
    passes = chain.passes
    network = passes.problem.network
    p, first = chain.parameter, chain.deltas[0]
    head = rf"\frac{{\partial e^s}}{{\partial {labels.parameter_tex(network, p)}}}"
    plain = f"∂eˢ/∂{labels.parameter(network, p)}"
    below = _below(chain)
    if not first.terms:
        factors, note = _delta_factors(passes, first)
        return (Equation(head, plain, (*factors, below), chain.value, _FRACTION, note),)
    delta = Factor(
        delta_tex(network, first.layer, first.neuron),
        delta_name(network, first.layer, first.neuron),
        in_digits(lambda digits: bracketed(first.value, digits)),
        first.value,
        f"∂e/∂{z_name(network, first.layer, first.neuron)}",
    )
    main = Equation(head, plain, (delta, below), chain.value, _FRACTION)
    return (main, *(delta_equation(passes, delta) for delta in chain.deltas))


def delta_equation(passes: BothPasses, delta: Delta) -> Equation:
    """δ of a neuron by the layer above, or by the loss."""
    network = passes.problem.network
    factors, note = _delta_factors(passes, delta)
    return Equation(
        delta_tex(network, delta.layer, delta.neuron),
        delta_name(network, delta.layer, delta.neuron),
        factors,
        delta.value,
        LINE,
        note,
        delta,
    )


def _delta_factors(passes: BothPasses, delta: Delta) -> tuple[tuple[Factor, ...], str]:
    """What δ is the product of, and a sentence on it."""
    problem = passes.problem
    slope = _slope(passes, delta)
    if delta.terms:
        return (*_sum(passes, delta), slope), ""
    from_loss, note = loss_factor(passes, delta.neuron)
    return ((from_loss,) if problem.loss.on_logits else (from_loss, slope)), note


def _slope(passes: BothPasses, delta: Delta) -> Factor:
    """σ′(z) of a neuron."""
    network = passes.problem.network
    tex, symbol = function_tex(network.activations[delta.layer])
    z = z_name(network, delta.layer, delta.neuron)
    if delta.terms:
        a = labels.of_neuron("a", delta.layer + 1, delta.neuron)
    else:
        a = labels.predictions(network.sizes[-1])[delta.neuron]
    return Factor(
        rf"{tex}'({z_tex(network, delta.layer, delta.neuron)})",
        f"{symbol}′({z})",
        in_digits(lambda digits: bracketed(delta.slope, digits)),
        delta.slope,
        f"∂{a}/∂{z}",
    )


def _below(chain: Chain) -> Factor:
    """What the weight is multiplied by: an input, an activation, or 1 for a bias."""
    network, j = chain.passes.problem.network, chain.origin
    z = z_name(network, chain.layer, chain.to)
    words = f"∂{z}/∂{labels.parameter(network, chain.parameter)}"
    if j is None:
        return Factor("1", "1", in_digits(lambda digits: "1"), 1.0, words)
    tex, plain = below_names(network, chain.layer, j)
    return Factor(
        tex, plain, in_digits(lambda digits: bracketed(chain.below, digits)), chain.below, words
    )


def _sum(passes: BothPasses, delta: Delta) -> tuple[Factor, ...]:
    """Σ_k w_ki δ_k: written out while it is short."""
    network, terms = passes.problem.network, delta.terms
    i, upper = delta.neuron, delta.layer + 2
    a = labels.of_neuron("a", delta.layer + 1, i)
    words = f"∂e/∂{a}"
    if len(terms) == 1:
        (term,) = terms
        w, d = _term_tex(network, delta, term)
        weight = Factor(
            w,
            labels.parameter(network, term.parameter),
            in_digits(lambda digits: bracketed(term.weight, digits)),
            term.weight,
            f"∂{z_name(network, upper - 1, 0)}/∂{a}",
        )
        name = delta_name(network, delta.layer + 1, 0)
        numbers = in_digits(lambda digits: bracketed(term.delta, digits))
        return weight, Factor(d, name, numbers, term.delta, f"∂e/∂{z_name(network, upper - 1, 0)}")
    if len(terms) <= MOST_TERMS:
        tex = "(" + " + ".join(" ".join(_term_tex(network, delta, term)) for term in terms) + ")"
        plain = "(" + " + ".join(term_name(network, delta, term) for term in terms) + ")"

        def written(digits: int) -> str:
            return "(" + " + ".join(term_numbers(term, digits) for term in terms) + ")"
    else:
        to = rf"k{',' if i > 8 else ''}{i + 1}"
        inside = rf"w^{{{upper}}}_{{{to}}} \delta^{{{upper}}}_k"
        tex = rf"\left({{\textstyle \sum_k}} {inside}\right)"
        plain = f"(Σₖ w{labels.sup(upper)}ₖ{labels.sub(i + 1)}·δ{labels.sup(upper)}ₖ)"

        def written(digits: int) -> str:
            if digits == DIGITS[-1]:
                return f"(… {len(terms)} terms)"
            shown = _added([term.value for term in terms[:MOST_TERMS]], min(digits - 1, 3))
            return f"({shown} + … {len(terms)} terms)"

    return (Factor(tex, plain, in_digits(written), delta.above, words),)


def _added(values: Sequence[float], digits: int) -> str:
    text = labels.number(values[0], digits)
    for value in values[1:]:
        sign = labels.MINUS if value < 0.0 else "+"
        text += f" {sign} {labels.number(abs(value), digits)}"
    return text


def function_tex(activation: Activation) -> tuple[str, str]:
    """The TeX and the text of an activation as a function; both are id for the identity."""
    symbol = labels.activation_symbol(activation) or "id"
    named = rf"\mathrm{{{symbol}}}".replace(" ", r"\,")
    return _FUNCTIONS.get(activation.name, named), symbol


# -- names -----------------------------------------------------------------------------------------


def _is_simple(network: Network) -> bool:
    """Whether z and ŷ need no indices: one neuron in one layer."""
    return network.sizes[1:] == (1,)


def z_name(network: Network, layer: int, neuron: int) -> str:
    """z¹₂ (layer and place from 0), or z where there is only one."""
    return "z" if _is_simple(network) else labels.of_neuron("z", layer + 1, neuron)


def z_tex(network: Network, layer: int, neuron: int) -> str:
    """The same for a formula."""
    return "z" if _is_simple(network) else f"z^{{{layer + 1}}}_{{{neuron + 1}}}"


def delta_name(network: Network, layer: int, neuron: int) -> str:
    """δ¹₂ (layer and place from 0), or δ where there is only one."""
    return "δ" if _is_simple(network) else labels.of_neuron("δ", layer + 1, neuron)


def delta_tex(network: Network, layer: int, neuron: int) -> str:
    """The same for a formula."""
    return r"\delta" if _is_simple(network) else rf"\delta^{{{layer + 1}}}_{{{neuron + 1}}}"


def below_names(network: Network, layer: int, j: int) -> tuple[str, str]:
    """The TeX and the text of what neuron j below a layer (both from 0) sends into it."""
    if layer:
        return f"a^{{{layer}}}_{{{j + 1}}}", labels.of_neuron("a", layer, j)
    if network.sizes[0] == 1:
        return "x", "x"
    return f"x_{{{j + 1}}}", f"x{labels.sub(j + 1)}"


def _term_tex(network: Network, delta: Delta, term: Term) -> tuple[str, str]:
    weight = labels.parameter_tex(network, term.parameter)
    return weight, delta_tex(network, delta.layer + 1, term.neuron)


def term_name(network: Network, delta: Delta, term: Term) -> str:
    """w²₁₂·δ²₁"""
    weight = labels.parameter(network, term.parameter)
    return f"{weight}·{delta_name(network, delta.layer + 1, term.neuron)}"


def term_numbers(term: Term, digits: int = 4) -> str:
    """0.3·(−0.04)"""
    return f"{bracketed(term.weight, digits)}·{bracketed(term.delta, digits)}"
