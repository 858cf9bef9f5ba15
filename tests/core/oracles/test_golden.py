"""Golden cases: PyTorch's numbers hold, those by a second hand hold, and what deviates is found."""

import copy
import json
from itertools import product
from math import exp, hypot

import numpy as np
import pytest

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.oracles.check import check_recorded
from mlpsim.core.schedules import Exponential, StepDecay
from tests.core.engines import ENGINES, name_of
from tests.nested import changed
from tests.recorded import GOLDEN, recorded_case

CASES = sorted(GOLDEN.glob("s*.json"))


def check(case: dict) -> dict:
    return {found.quantity: found for found in check_recorded(json.dumps(case).encode())}


@pytest.mark.parametrize("engine", ENGINES, ids=name_of)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_golden_case_holds(path, engine) -> None:
    for found in check_recorded(path.read_bytes(), engine):
        assert found.holds, found.line
        assert found.line.endswith("ok")


def test_kinks_are_exact() -> None:
    assert all(found.deviation == 0.0 for found in check(recorded_case("s14")).values())


# -- a second hand: a line fit and every optimizer, written in plain Python ------------------------

X, Y = [-1.0, 0.5, 2.0, 3.0], [0.5, -1.0, 1.5, 2.0]


def line_gradient(w, b, batch):
    residuals = [(w * X[s] + b - Y[s], X[s]) for s in batch]
    return [sum(2 * r * x for r, x in residuals), sum(2 * r for r, _ in residuals)]


def rate(optimizer, t):
    rule = optimizer.get("schedule") or {"name": None}
    factor = {
        None: lambda: 1.0,
        "inverse_time": lambda: 1 / (1 + rule["decay"] * t),
        "step": lambda: rule["gamma"] ** (t // rule["every"]),
        "exponential": lambda: rule["gamma"] ** t,
    }[rule["name"]]()
    return optimizer["lr"] * factor


def moved(optimizer, memory, w, g, t):
    """One parameter after update t by PyTorch's documented algorithm; ``memory`` is changed."""
    lr, o = rate(optimizer, t), optimizer
    if o["name"] == "sgd":
        mu = o.get("momentum", 0.0)
        if mu:
            memory["v"] = g if t == 0 else mu * memory["v"] + (1 - o.get("dampening", 0.0)) * g
            g = g + mu * memory["v"] if o.get("nesterov") else memory["v"]
        return w - lr * g
    if o["name"] == "adagrad":
        memory.setdefault("s", o.get("initial_accumulator", 0.0))
        memory["s"] += g * g
        return w - lr / (1 + t * o.get("lr_decay", 0.0)) * g / (memory["s"] ** 0.5 + 1e-10)
    if o["name"] == "rmsprop":
        alpha = o.get("alpha", 0.99)
        memory["s"] = alpha * memory.get("s", 0.0) + (1 - alpha) * g * g
        spread = memory["s"]
        if o.get("centered"):
            memory["m"] = alpha * memory.get("m", 0.0) + (1 - alpha) * g
            spread -= memory["m"] ** 2
        step = g / (spread**0.5 + o.get("eps", 1e-8))
        if o.get("momentum"):
            step = memory["u"] = o["momentum"] * memory.get("u", 0.0) + step
        return w - lr * step
    if o["name"] == "adamw":
        w -= lr * o.get("weight_decay", 0.01) * w
    beta1, beta2 = o.get("betas", (0.9, 0.999))
    memory["m"] = beta1 * memory.get("m", 0.0) + (1 - beta1) * g
    memory["v"] = beta2 * memory.get("v", 0.0) + (1 - beta2) * g * g
    second = memory["v"]
    if o.get("amsgrad"):
        second = memory["max"] = max(memory.get("max", 0.0), memory["v"])
    m_hat, v_hat = memory["m"] / (1 - beta1 ** (t + 1)), second / (1 - beta2 ** (t + 1))
    return w - lr * m_hat / (v_hat**0.5 + o.get("eps", 1e-8))


def projected(rule, point):
    if rule is None:
        return point
    if rule["type"] == "box":
        triples = zip(point, rule["lo"], rule["hi"], strict=True)
        return [min(max(p, lo), hi) for p, lo, hi in triples]
    offset = [p - c for p, c in zip(point, rule["center"], strict=True)]
    scale = min(1.0, rule["radius"] / max(hypot(*offset), 1e-300))
    return [c + scale * d for c, d in zip(rule["center"], offset, strict=True)]


def line_case(optimizer, scaling="unbiased", reduction="sum", penalty=None, projection=None):
    """A case of the schema with one run, by the formulas above."""
    rule = penalty or {"l1": 0.0, "l2": 0.0}
    l1, l2, both = rule["l1"], rule["l2"], rule.get("include_bias", False)
    scale = 1.0 if reduction == "sum" else 1 / len(X)

    def penalty_of(w, b):
        return sum(l1 * abs(p) + l2 / 2 * p * p for p in ([w, b] if both else [w]))

    def objective(w, b):
        errors = [(w * x + b - y) ** 2 for x, y in zip(X, Y, strict=True)]
        return scale * sum(errors) + penalty_of(w, b)

    def step_gradient(w, b, batch):
        kappa = 1.0 if scaling == "unbiased" else len(batch) / len(X)
        rest = [l1 * float(np.sign(p)) + l2 * p for p in (w, b)]
        if not both:
            rest[1] = 0.0
        pairs = zip(line_gradient(w, b, batch), rest, strict=True)
        return [kappa * (scale * len(X) / len(batch) * g + r) for g, r in pairs]

    w, b = 0.25, -0.5
    point, memories = [w, b], ({}, {})
    batches = [[0, 1, 2, 3], [3], [1, 1, 2], [2, 0]] * 4
    trajectory, values, gradients = [point], [objective(*point)], []
    for t, batch in enumerate(batches):
        g = step_gradient(*point, batch)
        if t < 3:
            gradients.append(g)
        point = [moved(optimizer, memories[p], point[p], g[p], t) for p in (0, 1)]
        point = projected(projection, point)
        trajectory.append(point)
        values.append(objective(*point))
    everything = range(len(X))
    data_gradient = line_gradient(w, b, everything)
    rest = [l1 * 1.0 + l2 * w, (-l1 + l2 * b) if both else 0.0]
    case = {
        "schema": "mlpsim-oracle/1",
        "network": {"sizes": [1, 1], "activations": ["identity"], "bias": [True]},
        "loss": {"name": "squared_error", "reduction": reduction},
        "data": {"x": [[x] for x in X], "y": [[y] for y in Y]},
        "params0": {"weights": [[[w]]], "biases": [[b]]},
        "expected": {
            "n_params": 2,
            "regularization": penalty_of(w, b),
            "objective": objective(w, b),
            "per_sample_gradient": [line_gradient(w, b, [s]) for s in everything],
            "data_gradient_sum": data_gradient,
            "objective_gradient": [scale * g + r for g, r in zip(data_gradient, rest, strict=True)],
        },
        "runs": [
            {
                "name": "by hand",
                "optimizer": optimizer,
                "batches": batches,
                "scaling": scaling,
                "projection": projection,
                "recorded_steps": list(range(len(batches) + 1)),
                "trajectory": trajectory,
                "objective": values,
                "first_step_gradients": gradients,
            }
        ],
    }
    if penalty:
        case["regularization"] = penalty
    return case


OPTIMIZERS = [
    {"name": "sgd", "lr": 0.02},
    {"name": "sgd", "lr": 0.02, "dampening": 0.5},
    {"name": "sgd", "lr": 0.02, "momentum": 0.5, "dampening": 0.25},
    {"name": "sgd", "lr": 0.02, "momentum": 0.5, "dampening": -0.5},
    {"name": "sgd", "lr": 0.02, "momentum": 0.5, "nesterov": True},
    {"name": "adagrad", "lr": 1, "lr_decay": 0.1, "initial_accumulator": 0.3},
    {"name": "rmsprop", "lr": 0.05, "alpha": 0.75, "momentum": 0.5, "centered": True},
    {"name": "rmsprop", "lr": 0.05, "eps": 0.001},
    {"name": "adam", "lr": 0.1, "betas": [0.5, 0.75], "amsgrad": True},
    {"name": "adam", "lr": 0.1, "betas": [0, 0.5], "eps": 0.01},
    {"name": "adamw", "lr": 0.1, "weight_decay": 0.5, "amsgrad": True},
]
SCHEDULES = [
    None,
    {"name": "inverse_time", "decay": 0.5},
    {"name": "inverse_time", "decay": -0.03125},
    {"name": "step", "gamma": 0.5, "every": 3},
    {"name": "exponential", "gamma": 0.75},
    {"name": "exponential", "gamma": 1.125},
    {"name": "exponential", "gamma": -0.5},
]
PROJECTIONS = [
    None,
    {"type": "box", "lo": [0, -0.25], "hi": [0.5, 0]},
    {"type": "ball", "center": [0.5, 0], "radius": 0.375},
    {"type": "ball", "center": [0.5, 0], "radius": 0},
]
PENALTIES = [None, {"l1": 0.1, "l2": 0.3}, {"l1": 0.1, "l2": 0.3, "include_bias": True}]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: "-".join(map(str, o.values())))
def test_every_combination_holds_by_a_second_hand(optimizer) -> None:
    for schedule, projection, penalty in product(SCHEDULES, PROJECTIONS, PENALTIES):
        with_schedule = {**optimizer, "schedule": schedule}
        for scaling, reduction in (("batch_sum", "mean"), ("unbiased", "sum")):
            found = check(line_case(with_schedule, scaling, reduction, penalty, projection))
            assert all(entry.holds for entry in found.values()), found
            assert list(found) == ["forward", "loss", "gradients", "runs"]


def test_a_rising_rate_ends_in_a_divergence() -> None:
    case = line_case({"name": "sgd", "lr": 0.01})
    run = case["runs"][0]
    run["optimizer"]["schedule"] = {"name": "step", "gamma": 1e200, "every": 1}
    run.update(recorded_steps=[0, 1], diverged_at=2, first_step_gradients=[])
    run["trajectory"], run["objective"] = run["trajectory"][:2], run["objective"][:2]
    assert check(case)["runs"].holds


@pytest.mark.parametrize("rule", [Exponential(10.0), StepDecay(1e300, 3)])
def test_a_factor_beyond_all_numbers_is_infinite(rule) -> None:
    assert rule.factor(1000) == np.inf


# -- what deviates ---------------------------------------------------------------------------------


def places(value, path=()):
    """Every number in a value, by its path."""
    if isinstance(value, dict):
        value = value.items()
    elif isinstance(value, list):
        value = enumerate(value)
    else:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield path
        return
    for key, entry in value:
        yield from places(entry, (*path, key))


def nudged(case, path, by=1e-6):
    case = copy.deepcopy(case)
    parent = case
    for part in path[:-1]:
        parent = parent[part]
    parent[path[-1]] += by
    return case


def some(paths, count=40):
    return [paths[i] for i in sorted({round(j) for j in np.linspace(0, len(paths) - 1, count)})]


@pytest.mark.parametrize("name", ["s05", "s06", "s01", "s12"])
def test_a_number_that_is_a_millionth_off_is_found(name) -> None:
    case = recorded_case(name)
    del case["expected"]["n_params"]
    expected = [("expected", *path) for path in places(case["expected"])]
    for i, run in enumerate(case["runs"]):
        for key in ("trajectory", "objective", "first_step_gradients"):
            expected += [("runs", i, key, *path) for path in places(run[key])]
    for i, entry in enumerate(case.get("slices", [])):
        expected += [
            ("slices", i, key, *path)
            for key in ("values_[y][x]", "values_[b][a]", "normalised1", "normalised2")
            for path in places(entry.get(key, []))
        ]
    for path in some(expected):
        off = nudged(case, path, 1e-6)
        # The runs besides it and the first, of which slices are made, hold and take their time.
        off["runs"] = [off["runs"][i] for i in sorted({0, path[1] if path[0] == "runs" else 0})]
        found = [entry for entry in check(off).values() if not entry.holds]
        if path[:3] == ("runs", 0, "trajectory"):
            # The PCA slice is made of it.
            found = [entry for entry in found if "pca" not in entry.quantity]
        assert len(found) == 1, path
        assert found[0].where.startswith("$." + path[0])
        assert "DEVIATES at $" in found[0].line


def test_another_number_of_parameters_is_found() -> None:
    case = recorded_case("s05")
    case["expected"]["n_params"] = 11
    assert "expected 11.0" in check(case)["forward"].line


def test_a_pca_that_is_off_is_found() -> None:
    case = recorded_case("s13")
    entry = case["slices"][0]
    assert list(check({**case, "runs": case["runs"][:1]})) == [
        "forward",
        "loss",
        "gradients",
        "HVP",
        "runs",
        "slices (pca)",
    ]
    for key in ("origin", "d1", "d2", "coordinates", "projection_error"):
        changed = nudged(case, ("slices", 0, key, *next(places(entry[key]))))
        assert not check(changed)["slices (pca)"].holds, key
    changed = nudged(case, ("slices", 0, "explained_variance_ratio", 1))
    assert not check(changed)["slices (pca)"].holds


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (("diverged_at",), 130),
        (("diverged_at",), 132),
        (("diverged_at",), None),
        (("optimizer", "lr"), 0.4),
    ],
)
def test_another_step_of_divergence_is_found(path, change) -> None:
    case = recorded_case("s15")
    run = case["runs"][2]
    assert run["diverged_at"] == 131
    parent = run if len(path) == 1 else run[path[0]]
    parent[path[-1]] = change
    if change == 130:
        for key in ("recorded_steps", "trajectory", "objective"):
            run[key].pop()
    assert not check(case)["runs"].holds


def test_a_run_that_diverges_before_a_recorded_step_is_found() -> None:
    case = recorded_case("s15")
    run = case["runs"][0]
    run["optimizer"]["lr"] = 1e300
    found = check(case)["runs"]
    assert found.deviation == np.inf
    assert "runs[0]" in found.where


# -- what the schema leaves open -------------------------------------------------------------------


def test_a_run_without_steps_and_a_case_with_little() -> None:
    case = line_case({"name": "sgd", "lr": 0.1})
    case["expected"] = {"objective": case["expected"]["objective"]}
    run = case["runs"][0]
    run["batches"], run["recorded_steps"] = [], [0]
    run["trajectory"], run["objective"] = run["trajectory"][:1], run["objective"][:1]
    del run["first_step_gradients"]
    assert list(check(case)) == ["loss", "runs"]
    case["runs"], case["expected"] = [], {}
    with pytest.raises(DocumentError, match="expects nothing"):
        check(case)


def test_activations_by_name_or_with_their_number() -> None:
    case = recorded_case("s08")
    assert case["network"]["activations"][0] == {"name": "leaky_relu", "slope": 0.1}
    case["network"]["activations"][1] = {"name": "identity"}
    assert all(found.holds for found in check(case).values())
    case["network"]["activations"][0] = "leaky_relu"
    assert not check(case)["forward"].holds
    elu = recorded_case("s09")
    elu["network"]["activations"][0] = "elu"
    assert all(found.holds for found in check(elu).values())


def test_two_sigmoid_outputs_by_hand() -> None:
    """Half squared error, two outputs, one sample: e = ½Σ(σ(z) - y)², ∂e/∂z = (a - y) a (1 - a)."""
    a = [1 / (1 + exp(-z)) for z in (0.5, -1.25)]
    y = [1.0, 0.25]
    slope = [(p - q) * p * (1 - p) for p, q in zip(a, y, strict=True)]
    case = {
        "schema": "mlpsim-oracle/1",
        "id": "hand",
        "description": "by hand",
        "network": {"sizes": [1, 2], "activations": ["sigmoid"], "bias": [False]},
        "loss": {"name": "half_squared_error", "reduction": "mean"},
        "data": {"x": [[1]], "y": [y]},
        "params0": {"weights": [[[0.5], [-1.25]]], "biases": [None]},
        "expected": {
            "pre_activations": [[[0.5, -1.25]]],
            "activations": [[a]],
            "per_sample_loss": [sum((p - q) ** 2 for p, q in zip(a, y, strict=True)) / 2],
            "per_sample_gradient": [slope],
            "objective_gradient": slope,
        },
    }
    assert all(found.holds for found in check(case).values())


def test_a_network_larger_than_a_document_holds() -> None:
    """Ten layers, 200 neurons: ŷ = Σ wᵢ x through identities, ∂(ŷ - y)²/∂wᵢ by hand."""
    width, x, y = 200, 0.5, 3.0
    w = [(i + 1) / 1000 for i in range(width)]
    y_hat = sum(w) * x
    slope = 2 * (y_hat - y)
    ones = [[1.0]] * width
    case = {
        "schema": "mlpsim-oracle/1",
        "network": {
            "sizes": [1, width, *[1] * 9],
            "activations": ["identity"] * 10,
            "bias": [False] * 10,
        },
        "loss": {"name": "squared_error", "reduction": "sum"},
        "data": {"x": [[x]], "y": [[y]]},
        "params0": {"weights": [ones, [w], *[[[1.0]]] * 8], "biases": [None] * 10},
        "expected": {
            "n_params": 2 * width + 8,
            "objective": (y_hat - y) ** 2,
            "objective_gradient": [slope * x * v for v in w]
            + [slope * x] * width
            + [slope * y_hat] * 8,
        },
    }
    assert list(check(case)) == ["forward", "loss", "gradients"]
    assert all(found.holds for found in check(case).values())
    wide = {**case, "network": {"sizes": [width, 1], "activations": ["identity"], "bias": [False]}}
    wide["data"], wide["params0"] = {"x": [w], "y": [[y]]}, {"weights": [[w]], "biases": [None]}
    wide["expected"] = {"objective": (sum(v * v for v in w) - y) ** 2}
    assert check(wide)["loss"].holds


def pca_case(trajectory, d1, d2, coordinates, ratio):
    """A case whose one run stands still: only the plane of its written path is of interest."""
    case = line_case({"name": "sgd", "lr": 0.0})
    run = case["runs"][0]
    run["batches"] = [[0]] * (len(trajectory) - 1)
    run["recorded_steps"] = list(range(len(trajectory)))
    run["objective"] = run["objective"][:1] * len(trajectory)
    run["trajectory"] = trajectory
    run["first_step_gradients"] = []
    entry = {"kind": "pca", "run": 0, "origin": [0, 0], "d1": d1, "d2": d2}
    entry |= {"coordinates": coordinates, "explained_variance_ratio": ratio}
    entry |= {"projection_error": [0.0] * len(trajectory)}
    case["slices"] = [entry]
    return case


def test_what_a_path_does_not_determine_is_not_compared() -> None:
    half = 0.5**0.5
    straight = [[-1, 0], [0, 0], [1, 0]]
    for d2 in ([0, 1], [0, -1]):
        case = pca_case(straight, [1, 0], d2, [[-1, 0], [0, 0], [1, 0]], [1, 0])
        assert check(case)["slices (pca)"].holds
    round_path = [[-1, 0], [1, 0], [0, 1], [0, -1]]
    case = pca_case(round_path, [half, half], [half, -half], [[9, 9]] * 4, [0.5, 0.5])
    assert check(case)["slices (pca)"].holds
    # Two entries of one size and unlike sign: which of them counts as largest is rounding.
    slanted = [[-1, 1], [0, 0], [1, -1]]
    for sign in (1, -1):
        d1 = [sign * half, -sign * half]
        along = [[-sign * 2**0.5, 0], [0, 0], [sign * 2**0.5, 0]]
        assert check(pca_case(slanted, d1, [half, half], along, [1, 0]))["slices (pca)"].holds
    straight_off = pca_case(straight, [-1, 0], [0, 1], [[1, 0], [0, 0], [-1, 0]], [1, 0])
    assert not check(straight_off)["slices (pca)"].holds
    del straight_off["slices"][0]["explained_variance_ratio"]
    del straight_off["slices"][0]["projection_error"]
    assert not check(straight_off)["slices (pca)"].holds


# -- what is refused -------------------------------------------------------------------------------

REFUSED = [
    ("s01", "schema", "mlpsim-oracle/2", "$.schema", "none of the schemas"),
    ("s01", "schema", ..., "$.schema", "none of the schemas"),
    ("s01", "extra", 1, "$", "unknown field extra"),
    ("s01", "network.activations.0", "swish", "$.network.activations[0]", "known: identity"),
    (
        "s08",
        "network.activations.0",
        {"name": "elu", "slope": 0.1},
        "$.network.activations[0]",
        "elu has no slope",
    ),
    ("s08", "network.activations.0", {"slope": 0.1}, "$.network.activations[0]", "field name"),
    ("s01", "network.bias.0", True, "$.params0.biases[0]", "contradict"),
    ("s01", "network.sizes", [2], "$.network", "1 sizes; a network has those of two layers"),
    ("s01", "network.sizes", [2, 0], "$.network", "0 neurons"),
    ("s05", "network.sizes", [1, 10**18, 1], "$.params0.weights[0]", "not 1000000000000000000"),
    ("s01", "network.sizes", [3, 1], "$.data.x", "2 numbers, the network has 3 inputs"),
    ("s01", "network.sizes", [2, 2], "$.data.y", "1 numbers, the network has 2 outputs"),
    ("s01", "loss.name", "cosine", "$.loss", "known: squared_error"),
    ("s01", "loss.name", "bce_logits", "$", "works on logits"),
    ("s01", "loss.delta", 1.0, "$.loss", "no hyperparameter"),
    ("s01", "loss.reduction", "max", "$.loss.reduction", "is none of mean, sum"),
    ("s05", "regularization.l2", -0.1, "$.regularization", "below 0"),
    ("s05", "params0.weights.0.0", [1, 2], "$.params0.weights[0][0]", "2 entries, not 1"),
    ("s05", "params0.weights", [], "$.params0.weights", "0 entries for 2 layers"),
    ("s05", "params0.biases.0", None, "$.params0.biases[0]", "contradict"),
    ("s01", "data.x.0", [1, 2, 3], "$.data.x[1]", "2 numbers, not 3"),
    ("s01", "data.x.0.0", "a", "$.data.x[0][0]", "got str"),
    ("s01", "data.y", [[1]], "$.data", "4 inputs, but 1 targets"),
    ("s08", "data.y.1", [0], "$.data.y[1][0]", "hinge takes -1 and +1 as targets, not 0.0"),
    ("s05", "expected.activations", [], "$.expected.activations", "0 layers, not 2"),
    ("s05", "expected.activations.1", [], "$.expected.activations[1]", "0 entries, not"),
    ("s05", "expected.activations.1.0", [], "$.expected.activations[1][0]", "0 entries, not 1"),
    ("s05", "expected.per_sample_loss", [1.0], "$.expected.per_sample_loss", "1 entries"),
    ("s05", "expected.hvp.v", [1.0], "$.expected.hvp.v", "1 entries, not 10"),
    ("s05", "expected.objective_hessian.3", [], "$.expected.objective_hessian[3]", "0 entries"),
    ("s05", "expected.curvature", 1, "$.expected", "unknown field curvature"),
    ("s01", "runs.0.optimizer.name", "lion", "$.runs[0].optimizer.name", "lion"),
    ("s01", "runs.0.optimizer.weight_decay", 0.1, "$.runs[0].optimizer", "weight_decay"),
    ("s01", "runs.0.optimizer.lr", ..., "$.runs[0].optimizer", "field lr"),
    ("s01", "runs.0.optimizer.nesterov", True, "$.runs[0].optimizer", "Nesterov needs"),
    ("s01", "runs.0.optimizer.schedule", {"name": "cosine"}, "$.runs[0].optimizer", "cosine"),
    ("s01", "runs.0.schedule", None, "$.runs[0]", "unknown field schedule"),
    ("s01", "runs.0.scaling", "mean", "$.runs[0].scaling", "is none of"),
    ("s01", "runs.0.start", [1], "$.runs[0].start", "1 entries, not 2"),
    ("s01", "runs.0.batches.1", [], "$.runs[0].batches", "none of them empty"),
    ("s01", "runs.0.batches.1", [4], "$.runs[0].batches[1][0]", "no sample 4; there are 0 to 3"),
    ("s01", "runs.0.batches.1", [-1], "$.runs[0].batches[1][0]", "no sample -1"),
    ("s01", "runs.0.batches.1", [0.5], "$.runs[0].batches[1][0]", "got float"),
    ("s01", "runs.0.record_every", 0, "$.runs[0].record_every", "below 1"),
    ("s01", "runs.0.record_every", 2, "$.runs[0].recorded_steps[1]", "no multiple of 2"),
    ("s01", "runs.0.recorded_steps.1", 0, "$.runs[0].recorded_steps[1]", "Step 0 is not"),
    ("s01", "runs.0.recorded_steps.20", 21, "$.runs[0].recorded_steps[20]", "Step 21"),
    ("s01", "runs.0.batches", [[0]], "$.runs[0].recorded_steps[2]", "Step 2 is not up to 1"),
    ("s04", "runs.2.optimizer.schedule.every", 0, "$.runs[2].optimizer.schedule", "below 1"),
    ("s01", "runs.0.diverged_at", 21, "$.runs[0].diverged_at", "not from 1 to 20"),
    ("s01", "runs.0.diverged_at", 5, "$.runs[0].recorded_steps[5]", "Step 5"),
    ("s01", "runs.0.trajectory", [], "$.runs[0].trajectory", "0 entries, not 21"),
    ("s01", "runs.0.objective", [], "$.runs[0].objective", "0 entries, not 21"),
    ("s01", "runs.0.first_step_gradients.0", [], "$.runs[0].first_step_gradients[0]", "0 entries"),
    ("s03", "runs.0.projection.type", "cone", "$.runs[0].projection.type", "cone"),
    ("s03", "runs.0.projection.lo", [-1], "$.runs[0].projection", "1 lower and 2 upper"),
    ("s03", "runs.1.projection.radius", -1, "$.runs[1].projection", "radius"),
    ("s03", "runs.1.projection.center", [0], "$.runs[1].projection", "1 coordinates"),
    ("s01", "slices.0.kind", "contour", "$.slices[0].kind", "contour"),
    ("s01", "slices.0.params", [0, 0], "$.slices[0].params", "two different"),
    ("s01", "slices.0.params", [0, 2], "$.slices[0].params[1]", "no parameter 2; there are 0 to 1"),
    ("s01", "slices.0.origin", [0], "$.slices[0].origin", "1 entries"),
    ("s01", "slices.0.xs", [0], "$.slices[0].values_[y][x][0]", "not 1"),
    ("s06", "slices.0.raw1", [0], "$.slices[0].raw1", "1 entries"),
    ("s06", "slices.0.origin.0", 1e308, "$.slices[0].origin", "too large"),
    ("s05", "slices.1.d2", [0], "$.slices[1].d2", "1 entries"),
    ("s05", "slices.0.run", 3, "$.slices[0].run", "no run 3"),
    ("s05", "slices.0.run", -1, "$.slices[0].run", "no run -1"),
    ("s05", "slices.0.coordinates.0", [1], "$.slices[0].coordinates[0]", "1 entries, not 2"),
]


@pytest.mark.parametrize(("name", "path", "value", "where", "what"), REFUSED)
def test_the_rest_is_refused_by_name_and_place(name, path, value, where, what) -> None:
    case = changed(recorded_case(name), path, value)
    with pytest.raises(DocumentError) as caught:
        check(case)
    assert caught.value.where.startswith(where)
    assert what in caught.value.what


def test_a_path_that_stands_still_has_no_plane() -> None:
    case = pca_case([[1, 1]] * 3, [1, 0], [0, 1], [[0, 0]] * 3, [1, 0])
    with pytest.raises(DocumentError, match=r"has moved \(at \$\.slices\[0\]\)"):
        check(case)


def test_empty_grids_and_optional_directions_are_accepted() -> None:
    case = recorded_case("s06")
    entry = case["slices"][0]
    del entry["normalised1"], entry["normalised2"]
    entry["betas"], entry["values_[b][a]"] = [], []
    assert "slices" not in check(case)
