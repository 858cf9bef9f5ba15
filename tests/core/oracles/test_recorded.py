"""Recorded presets, optima and draws: they hold, every number is looked at, errors have a place."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.oracles.check import check_recorded
from tests.core.engines import ENGINES, name_of
from tests.nested import changed
from tests.recorded import GOLDEN, recorded

NAMES = (
    *("presets", "presets-drawn", "presets-polynomial", "presets-second-order"),
    *("optima", "rng"),
)


def check(content: dict[str, Any]) -> list[str]:
    """The places of the deviations."""
    found = check_recorded(json.dumps(content).encode())
    return [comparison.where for comparison in found if not comparison.holds]


@pytest.mark.parametrize("engine", ENGINES, ids=name_of)
@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_number_holds(name, engine) -> None:
    found = check_recorded((GOLDEN / f"{name}.json").read_bytes(), engine)
    assert [comparison.line for comparison in found if not comparison.holds] == []
    assert len({comparison.quantity for comparison in found}) == len(found) > 2


def some_presets() -> dict[str, Any]:
    """Three of them, up to step 50."""
    content = recorded("presets")
    content["presets"] = [content["presets"][i] for i in (3, 5, 9)]
    for preset in content["presets"]:
        for variant in preset["variants"]:
            variant["expect"] = [state for state in variant["expect"] if state["step"] <= 50]
    return content


SMALL = {
    "presets": some_presets(),
    "optima": {
        "schema": "mlpsim-optima/1",
        "problems": [recorded("optima")["problems"][i] for i in (0, 4, 5)],
    },
    "rng": {"schema": "mlpsim-rng/2", "vectors": recorded("rng")["vectors"][:1]},
}
EXPECTED_KEYS = {
    "presets": {"objective", "grad_norm", "w"},
    "optima": {"f", "gradient", "hessian_eigenvalues"},
    "rng": {"raw", "raw_1000", "order", "uniform"},
}


def expected_numbers(part: Any, keys: set[str]) -> Iterator[tuple[Any, Any]]:
    """Where each number stands that a file expects: the object or list, and its key there."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key in keys and not isinstance(value, list):
            yield part, key
        elif key in keys:
            yield from ((value, i) for i in range(len(value)))
        elif isinstance(value, dict | list):
            yield from expected_numbers(value, keys)


@pytest.mark.parametrize("name", SMALL)
def test_each_number_that_is_changed_is_found(name) -> None:
    content = copy.deepcopy(SMALL[name])
    places = list(expected_numbers(content, EXPECTED_KEYS[name]))
    assert len(places) > 25
    for part, key in random.Random(1).sample(places, 24):
        value = part[key]
        moved = float(value) + 1.0 + abs(float(value))
        part[key] = str(int(value) ^ 1) if name == "rng" and isinstance(value, str) else moved
        if name == "optima":
            part[key] = repr(moved)
        elif isinstance(value, int):
            part[key] = value + 1
        assert check(content), (part, key)
        part[key] = value
    assert check(content) == []


@pytest.mark.parametrize(
    ("name", "path", "value", "where"),
    [
        ("presets", "presets.0.variants.0.expect.1.w.1", 9.0, "expect[1].w[1]"),
        ("presets", "presets.0.variants.2.l2", 0.03, "variants[2]"),
        ("presets", "presets.0.variants.0.constraint", None, "variants[0]"),
        ("presets", "presets.1.variants.1.sampling.seed", 1, "variants[1]"),
        ("presets", "presets.1.variants.1.sampling.replacement", True, "variants[1]"),
        ("presets", "presets.1.variants.3.optimizer.schedule.decay", 0.06, "variants[3]"),
        ("presets", "presets.1.variants.0.scaling", "unbiased", "ok"),
        ("optima", "problems.0.points.0.f", "0.0294", "points[0].f"),
        ("optima", "problems.1.regularization.l2", 0.03, "problems[1]"),
        ("optima", "problems.0.feasible_set.lo.0", -2.0, "problems[0]"),
        ("optima", "problems.2.points.1.kind", "global", "problems[2].points[1].f"),
        ("rng", "vectors.0.seed", 1, "vectors[0]"),
        ("rng", "vectors.0.orders.1.epoch", 2, "orders[1].order"),
    ],
)
def test_what_the_numbers_depend_on_is_read(name, path, value, where) -> None:
    found = check(changed(SMALL[name], path, value))
    assert all(where in place for place in found)
    assert bool(found) == (where != "ok")


def test_numbers_may_be_left_out() -> None:
    content = some_presets()
    kept = {"step", "objective"}
    for preset in content["presets"]:
        for variant in preset["variants"]:
            for state in variant["expect"]:
                for key in set(state) - kept:
                    del state[key]
            kept = {"step", "grad_norm"} if kept == {"step", "objective"} else {"step", "w"}
    assert check(content) == []
    bare = copy.deepcopy(SMALL["optima"])
    for problem in bare["problems"]:
        for point in problem["points"]:
            del point["gradient"], point["hessian_eigenvalues"]
    assert check(bare) == []


def test_a_chaotic_run_is_compared_up_to_its_first_step() -> None:
    content = recorded("presets")
    content["presets"] = [p for p in content["presets"] if p["id"] == "sine"]
    (adam,) = [v for v in content["presets"][0]["variants"] if v.get("chaotic")]
    content["presets"][0]["variants"] = [adam]
    adam["expect"][-1]["objective"] += 1.0
    (found,) = check_recorded(json.dumps(content).encode())
    assert found.holds
    assert found.quantity == "sine, Adam, first step"
    adam["expect"][1]["objective"] += 1.0
    assert check(content) == ["$.presets[0].variants[0].expect[1].objective"]


@pytest.mark.parametrize(
    ("name", "path", "value", "where", "why"),
    [
        ("presets", "schema", "mlpsim-presets-2", "$.schema", "none of the schemas"),
        ("presets", "presets", [], "$", "expects nothing"),
        ("presets", "presets.0.extra", 1, "$.presets[0]", "unknown field extra"),
        ("presets", "presets.0.variants.0.start", [1.0], "variants[0].start", "1 entries, not 2"),
        ("presets", "presets.0.variants.0.l1", -1.0, "variants[0]", "l1"),
        ("presets", "presets.0.variants.0.expect.1.step", 999, "expect[1]", "from 0 to 200"),
        ("presets", "presets.0.variants.0.expect.1.w", [1.0], "expect[1].w", "1 entries, not 2"),
        ("presets", "presets.0.variants.0.constraint.lo", [1.0], "constraint", "2"),
        ("presets", "presets.1.variants.1.sampling.batch_size", 0, "sampling", "below 1"),
        ("presets", "presets.1.variants.1.sampling.mode", "all", "sampling.mode", "full"),
        ("presets", "presets.0.variants.0.optimizer.name", "lion", "optimizer.name", "adam"),
        ("optima", "problems.0.points.0.f", "x", "points[0].f", "could not convert"),
        ("optima", "problems.0.points.0.f", "inf", "points[0].f", "not finite"),
        ("optima", "problems.0.points.0.w", ["1.0"], "points[0].w", "1 entries, not 2"),
        ("optima", "problems.0.points.0.kind", "lowest", "points[0].kind", "saddle"),
        ("rng", "vectors.0.seed", -1, "vectors[0].seed", "not between 0"),
        ("rng", "vectors.0.raw.0", "1.5", "vectors[0].raw", "no unsigned number of 64 bits"),
        ("rng", "vectors.0.raw_1000", str(2**64), "raw_1000", "no unsigned number of 64 bits"),
        ("rng", "vectors.0.orders.0.epoch", -1, "orders[0]", "no epoch -1 of 4 samples"),
        ("rng", "vectors.0.orders.0.S", 5, "orders[0].order", "4 entries, not 5"),
    ],
)
def test_the_rest_is_refused_by_name_and_place(name, path, value, where, why) -> None:
    with pytest.raises(DocumentError) as refused:
        check_recorded(json.dumps(changed(SMALL[name], path, value)).encode())
    assert where in str(refused.value)
    assert why in str(refused.value)
