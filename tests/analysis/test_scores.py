"""Scores of forecasts: closed forms, and what a perfect forecast has to get."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim.analysis.scores import (
    LEVELS,
    central,
    coverage,
    crps,
    crps_normal,
    pit,
    ranks,
    skill,
    uniformity,
)


def test_score_of_normal_is_the_integral_that_defines_it() -> None:
    for mean, sd, seen in ((0.0, 1.0, 0.3), (2.0, 0.5, 4.0), (-1.0, 3.0, -1.0)):

        def gap(x: float, mean: float = mean, sd: float = sd, seen: float = seen) -> float:
            return float((stats.norm.cdf(x, mean, sd) - (x >= seen)) ** 2)

        whole = integrate.quad(gap, mean - 12 * sd, seen)[0] + integrate.quad(gap, seen, mean + 12 * sd)[0]
        assert crps_normal(mean, sd, seen) == pytest.approx(whole, rel=1e-6)


def test_score_of_draws_is_the_sum_over_all_pairs() -> None:
    rng = np.random.default_rng(1)
    draws, seen = rng.normal(size=(5, 7)), rng.normal(size=5)
    draws[0, :3] = draws[0, 3]  # ties
    pairs = np.abs(draws[:, :, None] - draws[:, None, :]).sum(axis=(1, 2))
    off = np.abs(draws - seen[:, None]).mean(axis=1)
    assert crps(draws, seen) == pytest.approx(off - pairs / (2 * 49))


def test_many_draws_of_a_normal_score_as_the_normal_does() -> None:
    members = 20_001
    draws = stats.norm.ppf((np.arange(members) + 0.5) / members, 1.0, 2.0)
    seen = np.array([-3.0, 1.0, 2.5])
    assert crps(draws, seen) == pytest.approx(crps_normal(1.0, 2.0, seen), rel=1e-3)


def test_few_draws_score_worse_than_many_by_one_over_their_number() -> None:
    rng = np.random.default_rng(2)
    cases = 40_000
    few, seen = rng.normal(size=(cases, 4)), rng.normal(size=cases)
    exact = 1.0 / np.sqrt(np.pi)  # expected score of the true standard normal
    error = 4 * crps(few, seen).std() / np.sqrt(cases)
    assert crps(few, seen).mean() == pytest.approx(exact * (1 + 1 / 4), abs=error)


def test_a_score_is_proper_whoever_tells_the_truth_does_best() -> None:
    seen = np.random.default_rng(3).normal(size=4_000)
    told = {(mean, sd): crps_normal(mean, sd, seen).mean() for mean in (-0.3, 0, 0.3) for sd in (0.7, 1, 1.4)}
    assert min(told, key=lambda each: told[each]) == (0, 1)


def test_a_sure_forecast_scores_its_distance() -> None:
    assert crps_normal(1.0, 0.0, [1.0, 3.0]).tolist() == [0.0, 2.0]
    assert crps([[1.0]], [3.0]).tolist() == [2.0]


def test_what_was_not_seen_has_no_score() -> None:
    assert np.isnan(crps([[1.0, 2.0]], [np.nan])).all()
    assert np.isnan(ranks([[1.0, 2.0]], [np.nan])).all()
    assert coverage([[1.0, 2.0, 3.0]], [np.nan, 2.0], 0.5).cases == 1


@pytest.mark.parametrize("members", [19, 39, 99])
def test_intervals_of_few_draws_hold_what_they_promise(members: int) -> None:
    rng = np.random.default_rng(4)
    draws, seen = rng.lognormal(size=(6_000, members)), rng.lognormal(size=6_000)
    for level in LEVELS:
        found = coverage(draws, seen, level, 0.999)
        assert found.within.low <= level <= found.within.high


def test_too_few_draws_for_a_level_give_their_range() -> None:
    low, high = central([[4.0, 1.0, 2.0]], 0.9)
    assert (low.tolist(), high.tolist()) == ([1.0], [4.0])


def test_places_of_a_true_forecast_are_uniform_and_of_a_narrow_one_are_not() -> None:
    rng = np.random.default_rng(5)
    draws, seen = rng.normal(size=(800, 49)), rng.normal(size=800)
    assert uniformity(pit(draws, seen)) > 0.01
    assert uniformity(pit(0.5 * draws, seen)) < 1e-6


def test_ties_take_the_middle_place() -> None:
    assert ranks([[0.0, 0.0, 0.0, 5.0]], [0.0]).tolist() == [1.5]
    assert pit([[0.0, 0.0, 0.0]], [0.0]).tolist() == [0.5]


def test_ratio_of_scores_covers_the_truth_with_cases_that_go_together() -> None:
    rng = np.random.default_rng(6)
    held = {True: 0, False: 0}
    times, groups = 300, np.repeat(np.arange(12), 10)
    for _ in range(times):
        luck = rng.lognormal(0, 0.5, 12)[groups]
        own, their = luck * rng.lognormal(0, 0.3, 120), rng.lognormal(0, 0.3, 120)
        truth = np.exp(0.125)
        for together in held:
            found = skill(own, their, groups if together else None)
            held[together] += found.low <= truth <= found.high
    assert held[True] / times > 0.88
    assert held[False] / times < 0.75  # as if each were its own witness


def test_coverage_of_cases_that_go_together_is_no_surer_than_their_groups() -> None:
    rng = np.random.default_rng(7)
    held, times, groups = {True: 0, False: 0}, 300, np.repeat(np.arange(12), 10).tolist()
    for _ in range(times):
        seen = 0.8 * rng.normal(size=12)[groups] + 0.6 * rng.normal(size=120)
        for together in held:
            # Of two draws the central part is what lies between them.
            found = coverage([-1.2816, 1.2816], seen, 0.8, groups=groups if together else None)
            held[together] += found.within.low <= 0.8 <= found.within.high
    assert held[True] / times > 0.93
    assert held[False] / times < 0.9
    alone = coverage([0.0, 1.0], np.full(9, 5.0), 0.9, groups=["a"] * 9).within
    assert (alone.low, alone.high) == (0.0, 1.0)  # one account says nothing of others


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"needed is \(3, members\)"):
        crps(np.zeros((2, 4)), np.zeros(3))
    with pytest.raises(ValueError, match="not finite"):
        crps([[np.inf]], [0.0])
    with pytest.raises(ValueError, match="nothing was seen"):
        coverage([[1.0]], [np.nan], 0.5)
