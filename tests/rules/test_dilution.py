"""Rates by reach (P2): a warm circle, comments that saturate, and a platform that allows for both."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment.replicate import run
from sim.results import Result
from sim.rules.dilution import USUAL_VIEWS, saturated, warm
from sim.scenario.schema import Scenario
from sim.validity.worlds import panel

pytestmark = pytest.mark.system("P2")
VIEWS = st.integers(0, 10_000_000)


@settings(deadline=None)  # the first example compiles
@given(VIEWS, VIEWS, VIEWS)
def test_factors_over_two_stretches_make_the_factor_over_both(a: int, b: int, c: int):
    low, middle, high = sorted((a, b, c))
    for rule, terms in ((warm, (7.0, 150.0)), (saturated, (0.15, 200.0))):
        parts = rule(low, middle, *terms) * (middle - low) + rule(middle, high, *terms) * (high - middle)
        assert parts == pytest.approx(rule(low, high, *terms) * (high - low), rel=1e-6, abs=1e-3)


@settings(deadline=None)
@given(VIEWS, st.integers(0, 1_000_000))
def test_both_fall_with_reach_and_never_below_what_they_fall_to(views: int, more: int):
    assert warm(views, views + 1, 7.0, 150.0) >= warm(views + more, views + more + 1, 7.0, 150.0) >= 1.0
    early = saturated(views, views + 1, 0.15, 200.0)
    late = saturated(views + more, views + more + 1, 0.15, 200.0)
    assert early >= late * (1 - 1e-9) > 0.0


@settings(deadline=None)
@given(VIEWS, VIEWS)
def test_without_a_circle_or_a_power_nothing_changes(a: int, b: int):
    assert warm(a, a + b, 1.0, 100.0) == 1.0
    assert saturated(a, a + b, 0.0, 200.0) == pytest.approx(1.0)


def test_a_stretch_of_no_length_has_the_factor_of_the_next_impression():
    assert warm(50.0, 50.0, 7.0, 150.0) == pytest.approx(warm(50.0, 50.001, 7.0, 150.0), rel=1e-4)
    assert saturated(50.0, 50.0, 0.2, 200.0) == pytest.approx(saturated(50.0, 50.001, 0.2, 200.0), rel=1e-4)
    # The power at which 1 / x is meant.
    assert saturated(0.0, 400.0, 1.0, 200.0) == pytest.approx((200 + USUAL_VIEWS) / 400 * np.log(3))


def test_at_so_many_impressions_the_comment_rate_is_the_categorys():
    assert saturated(USUAL_VIEWS, USUAL_VIEWS, 0.36, 100.0) == 1.0


def test_all_comments_grow_with_views_to_the_power_that_was_measured():
    small, large = 1e5, 1e7
    comments = [views * saturated(0.0, views, 0.15, 200.0) for views in (small, large)]
    assert np.log(comments[1] / comments[0]) / np.log(large / small) == pytest.approx(0.85, abs=0.005)


@pytest.mark.parametrize(
    ("low", "high", "measured"),
    [(0, 300, 4.02), (300, 1_000, 1.98), (1_000, 3_000, 1.11), (3_000, 10_000, 0.92)],
)
def test_like_rates_of_small_videos_fall_as_they_were_measured_to(low: float, high: float, measured: float):
    typical = {300: 203, 1_000: 601, 3_000: 1_674, 10_000: 5_655}[int(high)]
    assert low < typical < high
    assert 0.82 * warm(0.0, typical, 7.0, 150.0) == pytest.approx(measured, rel=0.16)


def plan(model: str, *, rates: bool) -> Scenario:
    keys = {"platform.model": model, "dilution.rates": rates, "run.hours": 120}
    return panel(24, users=150_000, fans=0).with_values(keys)


@pytest.fixture(scope="module", params=["pools", "percentile", "score", "published"])
def pair(request: pytest.FixtureRequest) -> tuple[list[Result], list[Result]]:
    found = [[run(plan(request.param, rates=on), seed) for seed in (1, 2, 3)] for on in (False, True)]
    return found[0], found[1]


def rate(results: list[Result], count: str, low: int, high: int) -> float:
    videos = pl.concat(result.videos for result in results).filter(
        pl.col("impressions").is_between(low, high, closed="left")
    )
    return float(videos[count].sum()) / float(videos["impressions"].sum())


def test_little_seen_videos_are_liked_more_and_much_seen_ones_commented_less(
    pair: tuple[list[Result], list[Result]],
):
    off, on = pair
    assert rate(on, "likes", 1, 300) > 2.5 * rate(off, "likes", 1, 300)
    assert rate(on, "likes", 2_000, 10**9) < 1.7 * rate(off, "likes", 2_000, 10**9)
    fall = [rate(on, "comments", *ends) / rate(off, "comments", *ends) for ends in ((1, 600), (2_000, 10**9))]
    assert fall[0] > 1.2
    assert fall[1] < 0.95


def test_the_platform_allows_for_it_so_that_views_stay_what_they_were(
    pair: tuple[list[Result], list[Result]],
):
    logs = [
        np.concatenate([np.log10(result.videos["impressions"].to_numpy() + 1) for result in half])
        for half in pair
    ]
    change = logs[1] - logs[0]
    assert abs(change.mean()) < 4 * change.std() / change.size**0.5 + 0.02
    assert logs[1].std() == pytest.approx(logs[0].std(), rel=0.15)
