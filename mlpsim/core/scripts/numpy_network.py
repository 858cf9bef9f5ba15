"""The network in the NumPy script: its activations, its forward pass and backpropagation."""

from mlpsim.core.activations import Activation
from mlpsim.core.network import Network


def _value(entry: Activation, z: str) -> str:
    """a(z) as an expression."""
    value = repr(entry.value)
    return {
        "identity": z,
        "sigmoid": f"sigmoid({z})",
        "tanh": f"np.tanh({z})",
        "relu": f"np.maximum({z}, 0.0)",
        "leaky_relu": f"np.where({z} > 0.0, {z}, {value} * {z})",
        "elu": f"np.where({z} > 0.0, {z}, {value} * np.expm1(np.minimum({z}, 0.0)))",
        "softplus": f"np.logaddexp(0.0, {z})",
        "gelu": f"{z} * normal_cdf({z})",
        "sin": f"np.sin({z})",
    }[entry.name]


def _slope(entry: Activation, z: str, a: str) -> str:
    """a'(z) as an expression."""
    value = repr(entry.value)
    return {
        "sigmoid": f"{a} * (1.0 - {a})",
        "tanh": f"(1.0 - {a} * {a})",
        "relu": f"({z} > 0.0)",
        "leaky_relu": f"np.where({z} > 0.0, 1.0, {value})",
        "elu": f"np.where({z} > 0.0, 1.0, {value} * np.exp(np.minimum({z}, 0.0)))",
        "softplus": f"sigmoid({z})",
        "gelu": (f"(normal_cdf({z}) + {z} * np.exp(-0.5 * {z} * {z}) / math.sqrt(2.0 * math.pi))"),
        "sin": f"np.cos({z})",
    }[entry.name]


def unpack(network: Network) -> str:
    lines = ["def unpack(theta):", '    """Weights (to, from) and biases of every layer."""']
    names = []
    for layer, slots in enumerate(network.layout, start=1):
        rows, columns = slots.shape
        names.append(f"w{layer}")
        lines.append(
            f"    w{layer} = theta[{slots.w.start}:{slots.w.stop}].reshape({rows}, {columns})"
        )
        if slots.b is not None:
            names.append(f"b{layer}")
            lines.append(f"    b{layer} = theta[{slots.b.start}:{slots.b.stop}, None]")
    return "\n".join([*lines, f"    return {_tuple(names)}"])


def _names(network: Network) -> list[str]:
    return [
        f"{kind}{layer}"
        for layer, has_bias in enumerate(network.bias, start=1)
        for kind in (("w", "b") if has_bias else ("w",))
    ]


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)},)" if len(names) == 1 else ", ".join(names)


def forward(network: Network) -> str:
    lines = [
        "def forward(theta, x):",
        '    """z and a of every layer, for samples in columns."""',
        f"    {_tuple(_names(network))} = unpack(theta)",
    ]
    below, passed = "x", []
    for layer, (entry, has_bias) in enumerate(
        zip(network.activations, network.bias, strict=True), start=1
    ):
        lines.append(f"    z{layer} = w{layer} @ {below}{f' + b{layer}' if has_bias else ''}")
        lines.append(f"    a{layer} = {_value(entry, f'z{layer}')}")
        below = f"a{layer}"
        passed += [f"z{layer}", f"a{layer}"]
    return "\n".join([*lines, f"    return {', '.join(passed)}"])


def passes(network: Network) -> list[str]:
    """The lines of a forward pass whose results a backward pass needs."""
    passed = ", ".join(f"z{layer}, a{layer}" for layer in range(1, network.depth + 1))
    return [
        "    x, y = X[batch].T, Y[batch].T",
        f"    {_tuple(_names(network))} = unpack(theta)",
        f"    {passed} = forward(theta, x)",
    ]


def backward(network: Network, rise: str) -> list[str]:
    """The lines that give delta of every layer, from ∂e/∂a of the last one."""
    lines = []
    for layer in range(network.depth, 0, -1):
        entry = network.activations[layer - 1]
        if layer < network.depth:
            rise = f"(w{layer + 1}.T @ delta{layer + 1})"
        if entry.name != "identity":
            rise += f" * {_slope(entry, f'z{layer}', f'a{layer}')}"
        lines.append(f"delta{layer} = {rise}")
    return lines


def by_parameters(network: Network, weight: str, bias: str) -> list[str]:
    """What the parameters' places in theta hold: expressions in {delta}, and {below} it."""
    pieces = []
    for layer, has_bias in enumerate(network.bias, start=1):
        found = {"delta": f"delta{layer}", "below": f"a{layer - 1}" if layer > 1 else "x"}
        pieces += [part.format(**found) for part in ((weight, bias) if has_bias else (weight,))]
    return pieces
