"""What a plan is told about: money left, with its reason, and posts that come after the end."""

import pytest

from sim.analysis.plan_warnings import (
    booked_and_silent,
    budget_unspent,
    each_once,
    fans_left_aside,
    of_variants,
    plan_warnings,
    posts_after_end,
    posts_beyond_data,
    short_for_structure,
    unspent,
    why_left,
)
from sim.experiment.replicate import run
from sim.scenario.layouts import with_layout
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.names import account_name
from sim.scenario.schema import Scenario
from sim.scenario.structures import read
from sim.sweeps.money import Budget
from tests.market import PLAIN

PLAN = Scenario.from_dict(
    {
        "name": "small",
        "audience": {"users": 20_000},
        "accounts": [{"id": "main", "role": "main", "fans": 300, "posts_per_day": 4}],
        "run": {"hours": 12},
        "seeding": {"ratio": (0, 0, 0, 0, 2, 20), "window_h": 48, **PLAIN},
    }
)


def test_creators_who_never_post_are_counted_as_the_run_sees_it_and_paid_all_the_same():
    booked, silent = booked_and_silent(PLAN)
    found = run(PLAN)
    rows = found.accounts.filter(role="creator")
    assert booked == 22 == rows.height
    assert 0 < silent == rows.filter(posts=0).height
    assert rows["cost_cny"].sum() == 2 * 1_000 + 20 * 200
    assert found.summary["cost_cny"] == pytest.approx(found.accounts["cost_cny"].sum())
    assert found.summary["roi"] == pytest.approx(found.summary["gmv_cny"] / found.summary["cost_cny"])


def test_the_whole_window_and_a_shorter_run_cost_the_same_creators():
    long, short = (
        run(PLAN.with_values({"run.hours": hours})).accounts.filter(role="creator") for hours in (48, 12)
    )
    assert long["cost_cny"].to_list() == short["cost_cny"].to_list()
    assert posts_after_end(PLAN.with_values({"run.hours": 48})) == []


def test_posts_after_the_end_are_said_with_both_numbers_and_both_keys():
    [row] = posts_after_end(PLAN)
    _, silent = booked_and_silent(PLAN)
    assert row.code == "posts_after_end"
    for text in (row.text_en, row.text_zh):
        for fact in ("22", str(silent), "seeding.window_h = 48", "run.hours = 12"):
            assert fact in text


@pytest.mark.parametrize(
    ("account", "late"),
    [
        ({"first_post_h": 40.0}, True),
        ({"first_post_h": 11.0}, False),
        ({"posts_per_day": 0.0, "first_post_h": 40.0}, False),
        ({"posts_per_day": 0.01}, True),
        ({"posts_per_day": 24.0}, False),
    ],
)
def test_accounts_that_never_post_are_named_as_the_run_sees_it(account, late):
    plan = Scenario.from_dict(
        PLAN.model_dump() | {"accounts": (*PLAN.model_dump()["accounts"], {"id": "sub", **account})}
    ).with_values({"seeding.ratio": []})
    found = posts_after_end(plan)
    assert bool(found) is late
    if late:
        assert found[0].text_en.endswith(": sub.")
        assert run(plan).accounts.filter(account="sub")["posts"].item() == 0


@pytest.mark.parametrize(
    ("counts", "left", "budget", "said"),
    [
        ((0, 0, 0, 0, 0, MOST_CREATORS), 653_000.0, 13_752_263.736, "a run holds 10,000 creators at most"),
        ((0, 0, 0, 0, 0, 5), 150.0, 1_150.0, "no creator costs so little"),
        ((0, 0, 0, 1, 0, 0), 700.0, 12_700.0, "no further creator of this mix's tiers"),
    ],
)
def test_what_is_left_has_its_reason_in_one_sentence(counts, left, budget, said):
    row = unspent(PLAN, counts, left, budget)
    assert row.code == "budget_unspent"
    assert said in row.text_en
    assert f"{left:,.0f}" in row.text_en
    assert f"{left:,.0f}" in row.text_zh
    assert row.text_zh.endswith("。")
    assert unspent(PLAN, counts, 0.0, budget) is None


def test_free_creators_leave_the_whole_budget_and_say_so():
    free = PLAN.with_values({"seeding.tiers.amateur.price_cny": 0.0})
    assert "cost nothing" in unspent(free, (0, 0, 0, 0, 0, 5), 100.0, 100.0).text_en


def test_a_scenarios_own_budget_names_its_rest():
    plan = PLAN.with_values({"seeding.budget_cny": 6_150.0, "seeding.window_h": 12})
    assert "150 of 6,150 CNY stay unspent" in budget_unspent(plan).text_en
    assert [row.code for row in plan_warnings(plan)] == ["budget_unspent"]
    assert plan_warnings(plan.with_values({"seeding.budget_cny": 6_000.0})) == ()
    assert budget_unspent(PLAN) is None


MATRIX = Scenario.from_dict(
    {
        "name": "matrix",
        "accounts": [
            {"id": "main", "role": "main", "posts_per_day": 2},
            {"id": "a", "fans": 50, "posts_per_day": 4},
            {"id": "b", "fans": 70, "posts_per_day": 1.5},
        ],
        "run": {"hours": 672},
    }
)


@pytest.mark.parametrize(
    ("structure", "named", "most"),
    [("written", (), ""), ("one", ("main",), "7.5"), ("1+1", ("b",), "5.5"), ("1+2", (), ""),
     ("race:3", ("a", "b", "new-1"), "5.5"), ("split:1", ("b",), "5.5"), ("same:3", (), "")],
)  # fmt: skip
def test_more_than_four_posts_a_day_and_account_lie_outside_of_the_data(structure, named, most):
    plan = MATRIX.with_values(read(structure).values | {"structure.keep": 1})
    row = posts_beyond_data(plan)
    assert (row is not None) is bool(named)
    if row is not None:
        assert row.code == "posts_beyond_data"
        for text, language in ((row.text_en, "en"), (row.text_zh, "zh")):
            assert all(fact in text for fact in (*(account_name(n, language) for n in named), most, "4"))
    assert posts_beyond_data(MATRIX.with_values({"links.layout": "single"})) is not None


def test_posts_that_waves_draw_together_are_counted_on_the_days_of_their_waves():
    wave = {"name": "all", "start_hour": 24, "accounts": ["accounts"]}
    plan = MATRIX.with_values({"campaign.phases": [wave | {"hours": 168}]})
    assert "(up to about 16) on main, a, b" in posts_beyond_data(plan).text_en
    short = MATRIX.with_values({"campaign.phases": [wave | {"hours": 12, "accounts": ["b"]}]})
    assert "(up to about 42) on b:" in posts_beyond_data(short).text_en  # all of four weeks on one day
    assert posts_beyond_data(MATRIX.with_values({"campaign.phases": [wave | {"hours": 648}]})) is not None
    assert (
        posts_beyond_data(MATRIX.with_values({"campaign.phases": [wave | {"hours": 648, "accounts": ["b"]}]}))
        is None
    )


def test_a_structure_is_told_that_days_are_too_few_and_whose_fans_it_leaves_aside():
    plan = MATRIX.with_values(read("1+1").values)
    assert short_for_structure(plan) is None
    assert short_for_structure(MATRIX.with_values({"run.hours": 24})) is None
    short = short_for_structure(plan.with_values({"run.hours": 671}))
    aside = fans_left_aside(plan)
    assert (short.code, aside.code) == ("short_for_structure", "fans_left_aside")
    assert "run.hours = 671" in short.text_en
    assert "run.hours = 671" in short.text_zh
    assert "1+1: a do not publish; their 50 fans" in aside.text_en
    assert "50 粉丝" in aside.text_zh
    assert fans_left_aside(MATRIX.with_values(read("1+2").values)) is None


def test_what_all_variants_share_is_said_once_and_about_none():
    plans = {name: with_layout(PLAN, name) for name in ("none", "star")}
    [row] = of_variants(plans)
    assert row.variant is None
    other = PLAN.with_values({"seeding.ratio": [0, 0, 0, 0, 0, 40]})
    rows = of_variants({"none": PLAN, "other": other})
    assert [row.variant for row in rows] == ["none", "other"]
    assert len(each_once([*rows, *rows], "en")) == 2


def test_a_tier_whose_fans_outnumber_the_people_is_booked_by_nobody_and_a_list_is_taken_as_it_is():
    assert [PLAN.holds(tier) for tier in TIERS] == [
        round(PLAN.seeding.tiers[tier].fans * PLAN.fit(tier)) <= 20_000 for tier in TIERS
    ]
    narrow = PLAN.with_values({"seeding.tiers.star.fans": 3_000_000, "seeding.tiers.star.audience_fit": 0.5})
    assert not narrow.holds("star")
    assert not Budget(narrow, 1e7).open[0]
    assert why_left(narrow, (0,) * 6, 1e7, ["star"])[0] == "other_tiers"  # the star is not what it buys next
    listed = [{"name": "one", "fans": 100, "price_cny": 50.0}]
    assert narrow.with_values({"seeding.creators": listed, "seeding.ratio": []}).holds("star")


def test_money_that_a_mix_does_not_ask_for_is_not_laid_to_the_ceiling_of_a_run():
    for searched, said in (
        (False, "this mix books no more creators"),
        (True, "no mix that was tried and spends more did"),
    ):
        row = unspent(PLAN, (0, 0, 0, 0, 0, 3), 90_000.0, 100_000.0, searched=searched)
        assert said in row.text_en
        assert "10,000 creators" not in row.text_en + row.text_zh
    full = unspent(PLAN, (0, 0, 0, 0, 0, 10_000), 90_000.0, 1e9, searched=True)
    assert "a run holds 10,000 creators at most" in full.text_en
