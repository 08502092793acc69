import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.app.jobs import store
from sim.app.jobs.answer import judged
from sim.app.jobs.questions import request_of
from sim.app.jobs.request import Adding, Comparing, plan_of
from sim.app.jobs.worker import Report, compute
from sim.app.pages.mix import mixes
from sim.app.pages.mix.mixes import counts_of, first, offer, own
from sim.experiment.compare import compare_variants
from sim.experiment.variants import Variant
from sim.language.vocabulary import METRICS
from sim.language.words import Words
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.seeding import tier_counts
from sim.sweeps import grid
from sim.sweeps.grid import percents, ratio
from sim.sweeps.money import PUBLISHED

BEAUTY = ("beauty_matrix", None)
CLASS = ("classroom", 2_000)
budgets = st.integers(0, 3_000_000)


@given(budgets)
def test_no_mix_costs_more_than_the_budget_and_no_two_have_the_same_creators(budget: int) -> None:
    found = offer(*BEAUTY, budget).mixes
    assert all(mix.cost_cny <= budget for mix in found)
    assert len({mix.counts for mix in found}) == len(found)
    assert (
        len({mix.variant.name for mix in found}) == len({mix.variant.label_zh for mix in found}) == len(found)
    )
    assert all(sum(mix.counts) <= MOST_CREATORS for mix in found)
    assert all(mix.shares is None or sum(mix.shares) == pytest.approx(1) for mix in found)
    # Nobody is the last of them wherever somebody is to be had, and he alone has no place on the map.
    assert [k + 1 for k, mix in enumerate(found) if mix.shares is None] == ([len(found)] if found else [])
    assert [any(mix.counts) for mix in found].count(False) == bool(found)


@pytest.mark.parametrize("scenario", [BEAUTY, ("seeding_pyramid", None), CLASS])
def test_exactly_the_creators_of_a_mix_post(scenario: tuple[str, int]) -> None:
    plan = plan_of(*scenario).with_values({"seeding.budget_cny": 12_345.0, "seeding.scale": 3.0})
    for mix in offer(*scenario, 200_000).mixes:
        assert tier_counts(mix.variant.of(plan)).counts == mix.counts


def test_the_grid_gets_near_the_shares_it_asks_for_where_creators_are_small_beside_the_budget() -> None:
    found = [mix.shares for mix in offer(*BEAUTY, 1_252_000).mixes if mix.shares]
    steps = range(grid.STEPS + 1)
    asked = [(a, b, grid.STEPS - a - b) for a in steps for b in steps if a + b <= grid.STEPS]
    assert len(asked) == 15
    for point in asked:
        nearest = min(max(abs(x / grid.STEPS - y) for x, y in zip(point, s, strict=True)) for s in found)
        assert nearest < 0.02


def test_the_published_structure_at_its_own_price_is_itself() -> None:
    cost = plan_of("seeding_pyramid", 100_000).seeding.cost_cny(PUBLISHED)
    published = offer("seeding_pyramid", 100_000, cost).named("published")
    assert published is not None
    assert published.counts == PUBLISHED
    assert published.cost_cny == cost


def test_mixes_that_people_know_are_there_and_share_creators_where_they_agree() -> None:
    assert all(offer(*BEAUTY, 200_000).named(role) for role in mixes.ROLES)
    small = offer(*BEAUTY, 400)  # one amateur, whatever the way
    assert small.named("published") is small.named("fans")
    assert (
        small.named("published").variant.name
        == "mix 0:0:100 (published, equal split, cheapest only, most fans first)"
    )  # type: ignore[union-attr]


def test_the_cheapest_mix_is_called_after_the_tier_that_is_cheapest() -> None:
    for language, amateurs, koc in (
        ("en", "Cheapest only", "Cheapest only: junior/KOC"),
        ("zh", "全投素人（单价最低）", "全投初级达人/KOC（单价最低）"),
    ):
        called = partial(mixes.role_name, "cheapest", words=Words(language))
        assert (called((0, 0, 0, 0, 0, 5)), called((0, 0, 0, 0, 5, 0))) == (amateurs, koc)


def test_a_tier_too_large_for_the_audience_is_named_and_what_follows_from_the_market_never_is() -> None:
    for scenario in (CLASS, BEAUTY):
        assert offer(*scenario, 200_000).closed == ()
    plan = plan_of(*CLASS).with_values({"seeding.tiers.famous.audience_fit": 0.5})
    assert grid.closed(plan, (0, 1, 0, 0, 5, 5)) == ("famous",)
    assert mixes.Money(plan, 1e6).buy((0, 1, 0, 0, 0, 0)) == (0,) * 6


def test_a_tier_beyond_the_budget_is_named() -> None:
    assert offer(*BEAUTY, 60_000).dear == ("star",)
    assert offer(*BEAUTY, 100).dear == TIERS
    assert offer(*BEAUTY, 100).mixes == ()


def test_whole_per_cent_sum_to_a_hundred() -> None:
    assert percents((1 / 3, 1 / 3, 1 / 3)) == (34, 33, 33)
    for part in np.random.default_rng(1).dirichlet((1, 1, 1), 200):
        assert sum(percents(part)) == 100
        assert max(abs(100 * part - percents(part))) < 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1-2-3",
        "1-2-3-4-5-6-7",
        "a-0-0-0-0-0",
        "-1-0-0-0-0-0",
        "99999-0-0-0-0-0",
        "١-0-0-0-0-0",
        "1:0:0:0:0:0",
    ],
)
def test_rubbish_is_no_mix(text: str) -> None:
    assert counts_of(text) is None


@given(st.lists(st.integers(0, 1_000), min_size=6, max_size=6))
def test_a_mix_survives_the_address(counts: list[int]) -> None:
    assert counts_of("-".join(map(str, counts))) == tuple(counts)
    assert ratio(counts) == ":".join(map(str, counts))


def test_the_budget_begins_with_the_scenarios_own_else_with_ours() -> None:
    plan = plan_of("seeding_pyramid", None)
    assert mixes.first_budget(plan) == mixes.START_CNY
    assert mixes.first_budget(plan.with_values({"seeding.budget_cny": 54_321.0})) == 54_321
    assert (
        mixes.first_budget(plan.with_values({"seeding.ratio": [], "seeding.budget_cny": 1e12}))
        == mixes.MOST_CNY
    )


@pytest.fixture
def added(cache: Path) -> Adding:
    """A comparison at hand, and what is asked beside it."""
    plan = plan_of(*CLASS)
    variants = tuple(mix.variant for mix in offer(*CLASS, 20_000).mixes[:2])
    return Adding(*CLASS, (*variants, own(plan, (0, 0, 0, 0, 1, 40)).variant), 3)


def answered(request: Comparing, cache: Path) -> store.Answer:
    work = store.folder() / f"work-{request.kind}-{request.seeds}-{len(request.variants)}"
    work.mkdir(parents=True)
    compute(request, Report(work))
    store.keep(work, request)
    answer = store.found(request)
    assert answer is not None
    return answer


def test_an_added_mix_is_judged_as_if_all_had_been_compared_at_once(added: Adding, cache: Path) -> None:
    whole = answered(Comparing(added.scenario, added.users, added.variants, added.seeds), cache)
    answered(added.without(), cache)
    beside = answered(added, cache)
    assert beside["runs"] == whole["runs"]
    assert beside["comparisons"] == whole["comparisons"]
    assert store.table(added, "replications")["variant"].unique().to_list() == [added.variants[-1].name]


def test_an_added_mix_goes_on_from_an_earlier_look(added: Adding, cache: Path) -> None:
    longer = Adding(added.scenario, added.users, added.variants, 9)
    for seeds in (2, 9):
        for request in (longer.without(), longer):
            answer = answered(type(request)(request.scenario, request.users, request.variants, seeds), cache)
    whole = answered(Comparing(longer.scenario, longer.users, longer.variants, 9), cache)
    assert answer["runs"] == whole["runs"]


def test_an_added_mix_is_computed_with_the_others_where_those_are_gone(added: Adding, cache: Path) -> None:
    assert set(answered(added, cache)["comparisons"]) == set(METRICS)


def test_adding_survives_a_json_file_and_is_another_question_than_comparing(added: Adding) -> None:
    assert request_of(json.loads(json.dumps(added.as_dict()))) == added
    whole = Comparing(added.scenario, added.users, added.variants, added.seeds)
    assert added.key() != whole.key()
    assert (added.runs, whole.runs, added.urgent) == (3, 9, True)
    assert added.without().variants == added.variants[:-1]


def test_the_first_view_is_shipped_as_the_program_computes_it() -> None:
    request = first()
    answer = store.found(request)
    assert answer is not None, "the scenario or the mixes changed: python -m sim.app.make_ready"
    plan, looked = request.plan(), (0, 3)
    variants = tuple(
        Variant(request.variants[k].name, request.variants[k].label_zh, request.variants[k].of(plan))
        for k in looked
    )
    anew = judged(compare_variants(variants, seeds=2))["runs"]
    for variant in variants:
        kept = answer["runs"][variant.name]
        assert {field: numbers[:2] for field, numbers in kept.items()} == anew[variant.name]
        assert len(kept["reach"]) == request.seeds
