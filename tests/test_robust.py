"""Numbers drawn from their plausible ranges: which are, and that all variants of a seed have the same."""

from dataclasses import replace

import pytest

from sim.experiment.compare import compare
from sim.experiment.robust import drawn, drawn_in, drawn_of, span_of, value_at
from sim.experiment.why import Reason
from sim.scenario.schema import Scenario

PLAN = Scenario.load("classroom")
OFF = {
    "platform.account_luck_sd": 0.0,
    "platform.same_content_factor": 1.0,
    "brand.gpm_cny": 0.0,
    "structure.cost_per_account_cny": 0.0,
}


@pytest.mark.parametrize("seed", [1, 2])
def test_each_number_is_drawn_from_its_range_and_the_same_for_every_variant(seed: int) -> None:
    one, other = drawn(PLAN, seed), drawn(PLAN.with_values({"links.layout": "mesh"}), seed)
    for key, field in drawn_in(PLAN).items():
        low, high = span_of(field)
        assert low <= value_at(one, key) <= high
        assert value_at(one, key) == value_at(other, key)
    assert value_at(one, "platform.account_luck_sd") != value_at(PLAN, "platform.account_luck_sd")


def test_a_market_that_is_drawn_smaller_still_has_whom_the_plan_keeps() -> None:
    paid = PLAN.with_values({"seeding.ratio": [0, 0, 0, 0, 1, 0], "audience.users": 100_000})
    kept = paid.with_values({"seeding.keep": ("junior-600",)})
    smaller, least = (
        min(drawn(p, seed).seeding.market.supply.junior for seed in range(20)) for p in (paid, kept)
    )
    assert smaller < 600 <= least


def test_what_is_switched_off_stays_off() -> None:
    less = PLAN.with_values(OFF)
    found = drawn(less, 1)
    assert {key: value_at(found, key) for key in OFF} == OFF
    assert set(OFF) <= set(drawn_in(PLAN))
    assert not set(OFF) & set(drawn_in(less))
    # One variant has it on: the map knows the number, and the others' draws are what they were.
    assert set(drawn_of([less, PLAN])) == set(drawn_in(PLAN))
    rest = drawn_in(less)
    assert {key: value_at(found, key) for key in rest} == {key: value_at(drawn(PLAN, 1), key) for key in rest}


@pytest.mark.parametrize("robust", [True, False])
def test_figures_over_drawn_assumptions_say_so_where_there_is_no_map(robust: bool) -> None:
    small = PLAN.with_values({"run.hours": 6, "audience.users": 2_000})
    found = compare(small, layouts=("none", "star"), seeds=3, robust=robust, workers=1)
    rows = {row["code"]: row for row in found.as_dict()["warnings"]}
    assert ("too_few_draws" in rows) is robust
    assert "robust" not in found.as_dict()
    why = replace(found, reasons=(Reason("rest", "runner_up", 1.0, None, None),))
    assert ("reasons_at_today" in {row.code for row in why.warnings()}) is robust
    if robust:
        assert all("3" in rows["too_few_draws"][key] and "32" in rows["too_few_draws"][key]
                   for key in ("text_en", "text_zh"))  # fmt: skip


def test_what_is_worth_knowing_stands_beside_the_map_with_its_keys() -> None:
    small = PLAN.with_values({"run.hours": 6, "audience.users": 2_000})
    found = compare(small, layouts=("none", "star"), seeds=32, robust=True, workers=1)
    assert found.box is not None
    assert {key for key, _ in found.box.worth} == set(drawn_in(small))
    rows = found.as_dict()["worth_knowing"]
    assert [row["gain"] for row in rows] == sorted((row["gain"] for row in rows), reverse=True)
    assert all(row["low"] <= row["gain"] <= row["high"] and row["gain"] > 0 for row in rows)
    assert "worth_knowing" not in compare(small, layouts=("none", "star"), seeds=2, workers=1).as_dict()
