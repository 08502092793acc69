"""The order step meets the brand's sales per 1,000 plays, the same for every variant (E1)."""

import itertools

import numpy as np
import pytest

from sim import pilot
from sim.experiment.replicate import run
from sim.pilot import Opportunities, expected_orders, order_scale, reduced, scaled
from sim.scenario.schema import Scenario
from sim.simulation import Simulation
from sim.sweeps.split import Portion, Seated, cut, run_split
from tests.sweeps.test_split import Nearby

pytestmark = pytest.mark.system("E1")

PLAN = Scenario(name="plan").with_values(
    {
        "audience.users": 60_000,
        "accounts": [
            {"id": "main", "role": "main", "fans": 2_000, "posts_per_day": 4.0},
            {"id": "a", "fans": 300, "posts_per_day": 2.0},
        ],
        "run.hours": 96,
        "brand.gpm_cny": 200.0,
        "links.layout": "none",
    }
)


def summary(plan: Scenario, seed: int = 1) -> dict:
    simulation = Simulation(plan, seed).finish()
    found = simulation.summary(digest=True)
    simulation.close()
    return found


def test_own_accounts_as_written_meet_the_gpm_over_many_launches():
    found = [summary(PLAN, seed) for seed in range(1, 13)]
    sold, plays = (sum(s[key] for s in found) for key in ("gmv_cny", "impressions"))
    orders = sum(s["orders"] for s in found)
    assert orders > 200
    assert 1000 * sold / plays == pytest.approx(200.0, rel=4 / orders**0.5 + 0.05)


def test_a_higher_gpm_brings_proportionally_more_orders_and_a_higher_price_fewer():
    scale = {gpm: summary(PLAN.with_values({"brand.gpm_cny": gpm}))["order_scale"] for gpm in (10.0, 20.0)}
    assert scale[20.0] == pytest.approx(2 * scale[10.0], rel=0.01)
    dear = PLAN.with_values({"brand.gpm_cny": 10.0, "brand.price_cny": 198.0})
    assert summary(dear)["order_scale"] == pytest.approx(scale[10.0] / 2, rel=0.01)


@pytest.mark.parametrize(
    "change",
    [
        {"links.layout": "mesh", "links.channels": ["follow", "like", "mention", "repost"]},
        {"links.layout": "single"},
        {"seeding.ratio": [0, 0, 0, 1, 3, 5]},
        {"paid.boosts": [{"account": "main", "post": "0", "budget_cny": 50.0}]},
        {"brand.price_cny": 5.0, "brand.margin_share": 0.1, "brand.fan_value_cny": 3.0},
        {"brand.gpm_cny": 3.0},
        {"run.seed": 99},
        {"name": "other"},
    ],
)
def test_what_a_comparison_varies_leaves_the_pilot_alone(change):
    assert reduced(PLAN.with_values(change)) == reduced(PLAN)


WAVE = {"name": "w", "start_hour": 12, "hours": 12, "accounts": ["accounts"]}


def waves(*phases: dict, hours: int = 96) -> Scenario:
    """The plan with a creator of its own, drawn ones, and waves of a campaign."""
    creator = {"id": "k", "role": "creator", "tier": "junior", "audience_fit": 0.0}
    booked = {"seeding.ratio": [0, 0, 0, 0, 1, 0], "run.hours": hours}
    accounts = [*PLAN.model_dump()["accounts"], creator]
    return PLAN.with_values({"accounts": accounts, **booked, "campaign.phases": phases})


@pytest.mark.parametrize(
    "more",
    [
        {"accounts": ["k"]},
        {"accounts": ["junior-001"]},
        {"accounts": ["creators"]},
        {"accounts": [], "budget_cny": 50.0},
        {"start_hour": pilot.MOST_HOURS},  # after the end of the pilot
    ],
)
def test_waves_that_the_pilot_has_nobody_for_fall_away(more):
    plan = waves(WAVE, WAVE | {"name": "more"} | more, hours=pilot.MOST_HOURS + 24)
    assert reduced(plan) == reduced(waves(WAVE, hours=pilot.MOST_HOURS + 24))


def test_creators_and_promotion_of_a_wave_leave_the_pilot_alone():
    more = {"accounts": ["accounts", "k", "junior-001"], "budget_cny": 50.0}
    assert reduced(waves(WAVE | more)) == reduced(waves(WAVE))
    assert reduced(waves(WAVE)) != reduced(waves())  # when own accounts post stands in the plan


def test_the_pilot_is_run_once_and_does_not_hang_on_the_order_of_the_file_or_the_threads():
    turned = PLAN.model_copy(update={"accounts": PLAN.accounts[::-1]})
    assert reduced(turned) == reduced(PLAN)
    one, two = (pilot.opportunities(reduced(PLAN), threads) for threads in (1, 2))
    assert one.impressions == two.impressions
    assert [turn.size for turn in one.turns] == [turn.size for turn in two.turns]
    assert order_scale(one, PLAN.brand) == order_scale(two, PLAN.brand)


def test_a_scenario_is_scaled_once_in_a_process_whatever_its_seed(monkeypatch):
    first = scaled(PLAN)
    monkeypatch.setattr(pilot, "order_scale", None)  # nobody finds it again
    again = scaled(PLAN.with_values({"run.seed": 99}))
    assert again[1] == first[1]
    assert again[0].brand == first[0].brand


@pytest.fixture
def nothing_kept(monkeypatch):
    for name in ("_KEPT", "_SCALES", "_RUNNING"):
        monkeypatch.setattr(pilot, name, {})


@pytest.mark.usefixtures("nothing_kept")
def test_what_is_kept_is_one_scale_for_all_variants_and_is_bounded(monkeypatch):
    found = Opportunities(1_000, (np.zeros(10, np.uint8),))
    monkeypatch.setattr(pilot, "opportunities", lambda *_: found)
    for layout in ("none", "star", "mesh", "ring"):
        scaled(PLAN.with_values({"links.layout": layout, "seeding.ratio": [0, 0, 0, 1, 3, 5]}))
    assert (len(pilot._SCALES), len(pilot._KEPT), pilot._RUNNING) == (1, 1, {})
    prices = [scaled(PLAN.with_values({"brand.price_cny": 20.0 + n}))[1].scale for n in range(300)]
    assert len(set(prices)) > 1
    assert (len(pilot._SCALES), len(pilot._KEPT)) == (pilot._MOST_SCALES, 1)
    for hours in range(1, 25):
        scaled(PLAN.with_values({"run.hours": hours}))
    assert (len(pilot._KEPT), pilot._RUNNING) == (pilot._MOST_KEPT, {})


@pytest.mark.usefixtures("nothing_kept")
def test_a_pilot_that_fails_locks_nobody_out(monkeypatch):
    met = pilot.opportunities

    def broken(*_):
        raise MemoryError

    monkeypatch.setattr(pilot, "opportunities", broken)
    with pytest.raises(MemoryError):
        scaled(PLAN)
    assert (pilot._RUNNING, pilot._KEPT, pilot._SCALES) == ({}, {}, {})
    monkeypatch.setattr(pilot, "opportunities", met)
    assert scaled(PLAN)[1].scale > 0
    assert {turn.dtype for kept in pilot._KEPT.values() for turn in kept.turns} == {np.dtype(np.uint8)}


def test_off_is_the_probabilities_as_written():
    plain = PLAN.with_values({"brand.gpm_cny": 0.0})
    assert scaled(plain) == (plain, None)
    assert summary(plain)["order_scale"] == 1.0


def test_engines_and_portions_agree_on_it():
    small = PLAN.with_values({"audience.users": 40_000, "run.hours": 24})
    alone = run(small)
    assert alone.summary["orders"] > 0
    assert run(small, engine="agents").digest == alone.digest
    parts = cut(3, [1, 1])
    split = run_split(small, 1, lambda: [Seated(h, Nearby(Portion(small, 1, h, 1))) for h in parts])
    assert split.digest == alone.digest


def test_orders_expected_are_those_of_every_way_that_luck_may_fall():
    levels, first, again, lift = [0, 7, 3], 0.2, 0.1, 2.0
    total = 0.0
    lifts = [1 + lift * level / 7 for level in levels]
    for fell in itertools.product((0, 1), repeat=3):
        chance, ordered = 1.0, False
        for yes, own in zip(fell, lifts, strict=True):
            p = (again if ordered else first) * own
            chance *= p if yes else 1 - p
            ordered = ordered or bool(yes)
        total += chance * sum(fell)
    found = Opportunities(1000, tuple(np.array([level]) for level in levels))
    assert expected_orders(found, first, again, lift) == pytest.approx(total)


def test_a_gpm_that_certain_orders_do_not_reach_is_said_with_the_most_that_they_do():
    result = run(PLAN.with_values({"brand.gpm_cny": 900_000.0, "run.hours": 24}))
    [row] = [w for w in result.summary["warnings"] if w["code"] == "gpm_unmet"]
    assert "900000" in row["text_en"].replace(",", "") or "9e+05" in row["text_en"]
    assert result.summary["order_scale"] == pytest.approx(1 / 0.004)
    assert "元" in row["text_zh"]


def test_where_nobody_posts_the_probabilities_stand_as_written_and_it_is_said():
    silent = PLAN.with_values({"accounts.0.posts_per_day": 0.0, "accounts.1.posts_per_day": 0.0})
    result = run(silent.with_values({"run.hours": 5}))
    assert result.summary["order_scale"] == 1.0
    assert [w["code"] for w in result.summary["warnings"]] == ["gpm_unmet"]


def test_a_pilot_among_fewer_people_finds_the_same_where_few_of_them_are_reached(monkeypatch):
    scales = []
    for most in (400_000, 800_000):
        monkeypatch.setattr(pilot, "MOST_PEOPLE", most)
        plan = reduced(PLAN.with_values({"audience.users": 3_000_000}))
        assert plan.audience.users == most
        scales.append(order_scale(pilot.opportunities(plan, 2), PLAN.brand).scale)
    assert scales[0] == pytest.approx(scales[1], rel=0.1)


def test_a_share_of_people_is_interested_before_the_first_post():
    plan = PLAN.with_values({"brand.interested_share": 0.1, "run.hours": 1})
    simulation = Simulation(plan, 1)
    stages = simulation.state.responder.read("stage", np.arange(60_000))
    simulation.close()
    assert (stages == 2).mean() == pytest.approx(0.1, abs=0.005)
    assert set(stages.tolist()) == {0, 2}
