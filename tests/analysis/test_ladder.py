"""Odds of the ladder: by hand, by brute force, as laws, and against simulated promotions (invariant 7)."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.analysis import ladder as ld
from sim.analysis.prospects import prospects
from sim.analysis.viewers import median_rates, viewers
from sim.experiment.forecast import ladder_of
from sim.model import MatrixModel
from sim.rules import pools as rule
from sim.scenario.schema import Scenario
from sim.world.accounts import build_accounts
from tests.systems.worlds import ALIKE

LADDER = ld.Ladder(
    usual=np.array([0.16, 0.02, 0.003, 0.001, 0.0014]),
    weights=np.array([0.4, 0.2, 0.15, 0.15, 0.1]),
    marks=np.array([0.9, 1.2, 1.5]),
    sizes=np.array([350, 3_000, 13_500]),
    pace=np.array([3, 5, 8]),
    size_noise=0.5,
    competition=0.35,
    gain=0.8,
    half_life=72.0,
    trickle=0.6,
    fan_window=6,
    most=1e6,
)
COMPLETION_ONLY = LADDER._replace(weights=np.array([1.0, 0, 0, 0, 0]), competition=0.0, size_noise=0.0)
FIRST = ld.First(350.0, 350.0)
TYPICAL = np.array([[0.16, 0.02, 0.003, 0.001, 0.0014]])
rates = st.floats(0.01, 0.6)
marks = st.one_of(st.just(0.0), st.floats(1e-4, 3.9))


# By hand.


def test_tail_of_three_people() -> None:
    # 2 of 3 are needed: X ≥ 0.9 · 3 · 0.6 = 1.62
    assert ld.tail(3, 0.5, usual=0.6, mark=0.9) == pytest.approx(0.5)
    assert ld.tail(3, 0.5, usual=0.6, mark=0.0) == pytest.approx(0.875)  # anybody at all
    assert ld.tail(3, 0.5, usual=0.1, mark=4.1) == 0  # no rate counts for more than four times the usual


def test_the_mark_itself_passes() -> None:
    # One hit in 10 at a usual rate of 0.1 is a score of exactly 1.
    assert ld.tail(10, 0.1, usual=0.1, mark=1.0) == pytest.approx(1 - 0.9**10)


@settings(deadline=None)  # the first call may compile
@given(st.integers(1, 500), rates, st.floats(0.02, 0.5), marks)
def test_one_weight_without_noise_is_the_binomial_tail(
    n: int, rate: float, usual: float, mark: float
) -> None:
    ladder = COMPLETION_ONLY._replace(usual=np.r_[usual, TYPICAL[0, 1:]], marks=np.array([mark]))
    odds = ld.pass_odds(ladder, 0, n, np.r_[rate, TYPICAL[0, 1:]][None])
    assert odds.passes[0] == pytest.approx(ld.tail(n, rate, usual, mark), abs=1e-12)


# Against brute force.


def exact(ladder: ld.Ladder, n: int, rates: np.ndarray, noises: np.ndarray) -> tuple[float, float]:
    """Pass odds and mean opening by enumerating every pair of counts of the first two rates, and noises."""
    passes = opened = 0.0
    chances = [stats.binom.pmf(np.arange(n + 1), n, rate) for rate in rates[:2]]
    for pair in product(range(n + 1), repeat=2):
        parts = (rule.rate_score(x, n, ladder.usual[k], ladder.weights[k]) for k, x in enumerate(pair))
        margins = sum(parts) / (ladder.marks[0] * noises)
        share = chances[0][pair[0]] * chances[1][pair[1]] / noises.size
        growths = [
            rule.next_grant(10**6, 2.0, m, ladder.gain, 1.0, 1.0) / 10**6 - 1 for m in margins if m >= 1
        ]
        passes += share * len(growths)
        opened += share * sum(growths)
    return passes, opened / passes


@pytest.mark.parametrize("competition", [0.0, 0.35])
@pytest.mark.parametrize("gain", [0.0, 0.8])
def test_two_weights_match_enumeration(competition: float, gain: float) -> None:
    ladder = LADDER._replace(
        weights=np.array([0.7, 0.3, 0, 0, 0]), usual=np.array([0.31, 0.107, 1, 1, 1]),
        marks=np.array([1.013]), competition=competition, gain=gain,
    )  # fmt: skip
    some = np.array([[0.3, 0.12, 0, 0, 0]])
    points = (np.arange(400) + 0.5) / 400
    noises = np.exp(competition * stats.norm.ppf(points)) if competition else np.ones(1)
    passes, opened = exact(ladder, 12, some[0], noises)
    odds = ld.pass_odds(ladder, 0, 12, some)
    assert odds.passes[0] == pytest.approx(passes, abs=0.002)
    assert odds.opened[0] == pytest.approx(opened, abs=0.003)


@pytest.mark.parametrize("n", [40, 350, 3_000, 125_000])
def test_five_weights_match_drawn_counts(n: int) -> None:
    draws = np.random.default_rng(3)
    hits = draws.binomial(n, TYPICAL, size=(200_000, 5))
    score = (LADDER.weights * np.minimum(4, hits / (n * LADDER.usual))).sum(axis=1)
    passed = score >= LADDER.marks[0] * np.exp(0.35 * draws.standard_normal(score.size))
    odds = ld.pass_odds(LADDER, 0, n, TYPICAL)
    assert odds.passes[0] == pytest.approx(passed.mean(), abs=0.005)  # 4 standard errors


def test_a_finer_grid_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = ld.climb(LADDER, FIRST, TYPICAL)
    monkeypatch.setattr(ld, "CELLS", 8 * ld.CELLS)
    assert ld.climb(LADDER, FIRST, TYPICAL).reach == pytest.approx(coarse.reach, rel=0.01)


# Laws.


@settings(deadline=None)  # the first call may compile
@given(
    st.lists(rates, min_size=2, max_size=2).map(sorted), st.integers(1, 5_000), st.sampled_from([0.0, 0.35])
)
def test_a_better_rate_never_lowers_the_odds(pair: list[float], n: int, competition: float) -> None:
    videos = np.repeat(TYPICAL, 2, axis=0)
    videos[:, 0] = pair
    odds = ld.pass_odds(LADDER._replace(competition=competition), 0, n, videos)
    assert odds.passes[0] <= odds.passes[1] + 1e-9
    assert ((odds.passes >= 0) & (odds.passes <= 1) & (odds.opened >= 0) & (odds.opened <= 1)).all()


def test_a_higher_mark_lowers_the_odds() -> None:
    passes = [ld.pass_odds(LADDER, k, 350, TYPICAL).passes[0] for k in range(3)]
    assert passes == sorted(passes, reverse=True)


def test_reach_falls_from_pool_to_pool_and_every_video_stops_once() -> None:
    way = ld.climb(LADDER, FIRST, TYPICAL * np.array([[0.5], [1.0], [2.0]]))
    assert (np.diff(way.reach, axis=1) <= 0).all()
    assert way.reach[:, 1] == pytest.approx(way.passes[:, 0])
    assert way.stops.sum(axis=1) == pytest.approx(1)
    assert way.pools == pytest.approx(way.stops @ [1, 2, 3])
    assert (np.diff(way.pools) > 0).all()


def test_a_video_that_everybody_has_seen_climbs_no_further() -> None:
    way = ld.climb(LADDER._replace(most=300.0), FIRST, TYPICAL)
    assert way.reach[0].tolist() == [1, 0, 0]
    assert ld.views(LADDER._replace(most=300.0), way, 1_000.0) == pytest.approx(300)


def test_views_grow_with_age_and_late_views_are_the_trickle() -> None:
    sure = COMPLETION_ONLY._replace(marks=np.array([3.9, 3.9, 3.9]))
    way = ld.climb(sure, FIRST, TYPICAL)
    seen = [ld.views(sure, way, age)[0] for age in (0, 1.5, 3, 6, 60)]
    assert seen[:4] == pytest.approx([0, 175, 350, 350])
    # stopped in the first pool at 6 h: 0.6 / 4 · 350 · ln(60 / 6) more
    assert seen[4] == pytest.approx(350 * (1 + 0.15 * np.log(10)))


def test_hits_need_their_impressions() -> None:
    way = ld.climb(LADDER, FIRST, TYPICAL)
    odds = [ld.hit_probability(LADDER, way, mark, 200.0)[0] for mark in (1, 1_000, 10_000, 1_000_000)]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] == pytest.approx(1)
    assert odds[3] < 0.01


def test_fans_cannot_follow_again() -> None:
    counted = LADDER._replace(weights=np.array([0, 0, 0, 0, 1.0]), fans_counted=True)
    strangers, with_fans = ld.First(3_000.0, 3_000.0), ld.First(3_000.0, 2_000.0)
    lone = ld.climb(counted, strangers, TYPICAL).passes[0, 0]
    assert ld.climb(counted, with_fans, TYPICAL).passes[0, 0] < lone
    apart = counted._replace(fans_counted=False)  # judged on those who could follow
    assert ld.climb(apart, with_fans, TYPICAL).passes[0, 0] == pytest.approx(lone)


# Against simulated runs.


def one_post_each(count: int, **values: object) -> Scenario:
    """Many accounts without fans, one post each in the first day, strangers only."""
    rows = [{"id": "main" if k == 0 else f"sub-{k:03}", "role": "sub" if k else "main"} for k in range(count)]
    return Scenario.from_dict(
        {
            "name": "pools only",
            "accounts": [{**row, "posts_per_day": 1.0} for row in rows],
            "audience": {
                "users": 60_000, "daily_impressions": 2000.0, "category_share": 1.0,
                "fatigue_per_exposure": 0.0,
                "put_off_share": 0.0,
            },
            "sharing": {"open_probability": 0.0},
            "links": {"layout": "none"},
            "run": {"hours": 40},
        }
    ).with_values({key.replace("__", "."): value for key, value in (ALIKE | values).items()})  # fmt: skip


@pytest.mark.system("P1")
def test_simulated_promotions_match_the_binomial_tail() -> None:
    plan = one_post_each(
        500, platform__pools=(300, 3_000), platform__pass_share=(0.5,), platform__competition_noise=0.0,
        platform__pool_noise=0.0, content__spread__within_account=0.0,
        platform__weights={"completion": 1.0, "like": 0.0, "comment": 0.0, "share": 0.0, "follow": 0.0},
    )  # fmt: skip
    ladder, accounts = ladder_of(plan), build_accounts(plan)
    seen = ld.seen_rates(
        plan, viewers(plan, accounts), accounts, 0, 0, median_rates(plan, accounts.rows[0])[None]
    )
    rate = float(seen[0, 0])
    odds = ld.tail(300, rate, float(ladder.usual[0]), float(ladder.marks[0]))
    assert 0.1 < odds < 0.9  # else the test says little
    decisions = [
        row
        for seed in (1, 2)
        for row in MatrixModel(plan, seed=seed)
        .finish()
        .promotions.filter(pool=1, post_number=0)
        .rows(named=True)
    ]
    assert len(decisions) > 950
    assert {row["impressions"] for row in decisions} == {300}
    assert {row["threshold"] for row in decisions} == {ladder.marks[0]}
    finished = np.mean([row["completions"] for row in decisions]) / 300
    assert abs(finished - rate) < 4 * np.sqrt(rate * (1 - rate) / 300 / len(decisions))
    promoted = np.mean([row["decision"] == "promote" for row in decisions])
    assert abs(promoted - odds) < 4 * np.sqrt(odds * (1 - odds) / len(decisions))


@pytest.mark.system("P2")
def test_simulated_promotions_match_the_odds_of_five_rates_under_noise() -> None:
    plan = one_post_each(400)
    ladder, model = ladder_of(plan), MatrixModel(plan, seed=5)
    accounts, posts = model.run_state.accounts, model.run_state.posts
    promotions = model.finish().promotions.filter(pool=1, post_number=0)
    rank = {row.id: k for k, row in enumerate(accounts.rows)}
    known = {int(posts.planner[p]): posts.rates[p] for p in np.flatnonzero(posts.number == 0)}
    people = viewers(plan, accounts)
    odds = []
    for row in promotions.rows(named=True):
        k = rank[row["planned_by"]]
        seen = ld.seen_rates(plan, people, accounts, k, k, known[k][None])[:, : rule.SCORED]
        odds.append(ld.pass_odds(ladder, 0, row["impressions"], seen).passes[0])
    chance = np.array(odds)
    promoted = (promotions["decision"] == "promote").sum()
    assert len(odds) > 380
    assert abs(promoted - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())


@pytest.mark.system("P1")
def test_expected_impressions_are_of_the_size_of_simulated_ones() -> None:
    # Heavy tails: one video in a hundred holds half of a run's views, so a factor is what one run can tell.
    plan = one_post_each(300, run__hours=72)
    accounts = build_accounts(plan)
    model = MatrixModel(plan, seed=1)
    posts = model.run_state.posts
    expected = prospects(plan, ladder_of(plan), accounts, posts, viewers(plan, accounts))
    summary = model.finish().summary
    assert expected.posts.sum() == posts.keys.size
    assert 0.5 < expected.impressions.sum() / summary["impressions"] < 2
    assert 0.5 < expected.visits.sum() / summary["visits"] < 2


@pytest.mark.system("P13")
def test_posts_that_crowd_one_another_and_copies_are_expected_to_start_as_low_as_they_do() -> None:
    # The same accounts, people and luck with and without: the part that is left is what is compared.
    def both(**values: object) -> tuple[float, float]:
        plan = one_post_each(150, run__hours=48, **values)
        rows = tuple(a.model_copy(update={"posts_per_day": 4.0, "first_post_h": 0}) for a in plan.accounts)
        plan = plan.with_values({"accounts": rows, "platform.author_decay": 1.0})
        accounts, model = build_accounts(plan), MatrixModel(plan, seed=1)
        feed = prospects(plan, ladder_of(plan), accounts, model.run_state.posts, viewers(plan, accounts))
        return feed.impressions.sum(), model.finish().summary["impressions"]

    alone = both(platform__same_day_elasticity=0.0)
    crowded = both(platform__same_day_elasticity=-0.9)
    assert crowded[0] / alone[0] < 0.6
    assert crowded[0] / alone[0] == pytest.approx(crowded[1] / alone[1], rel=0.25)
