"""The category's baseline: usual rates, weights, and the pass mark of each pool.

Takes a scenario; gives what the ladder measures scores against. Marks come from a fixed
background of category videos that climb the same ladder: neither the seed nor the scenario's
own videos matter. Does not judge anything (pools.py).
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled, inner
from sim.interrupts import deferred
from sim.rules import pools as rule
from sim.rules.addresses import BACKGROUND, POOL
from sim.rules.draws import child, low32, mix, normal, root_key
from sim.rules.engagement import ACTIONS
from sim.rules.pools import SCORED
from sim.scenario.audience import Content
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario

BACKGROUND_VIDEOS = 16_384
"""Videos of the category that set the pass marks: within 1 % of four times as many in the lower half of the
default ladder, within 3 % at its top."""
_NORMAL_FROM = 30.0  # mean from which the normal is close to the Poisson law
_MOST_COUNTED = 200.0  # far past what inversion reaches below that mean


class Baseline(NamedTuple):
    """What scores are measured against; K pools."""

    usual: NDArray[np.float64]
    """(5,) mean rates of the category."""
    weights: NDArray[np.float64]
    """(5,) summing to 1."""
    marks: NDArray[np.float64]
    """(K,) pass mark of each pool."""
    sizes: NDArray[np.int64]
    pace: NDArray[np.int64]


def stretched(values: tuple[Any, ...], length: int) -> list[Any]:
    """A list as long as the ladder: the last entry stands for all further pools."""
    return [*values[:length], *[values[-1]] * (length - len(values))]


@deferred()
def baseline(scenario: Scenario) -> Baseline:
    """Usual rates, weights and pass marks of the category.

    The marks come from a fixed background of videos: neither the seed nor the scenario's own videos matter.
    """
    return _baseline(scenario.platform, scenario.content)


def category(platform: Platform, content: Content) -> tuple[NDArray[np.float64], ...]:
    """(5,) each: median rates, sd of their natural log, mean rates, weights summing to 1."""
    raw = [getattr(platform.weights, a) for a in ACTIONS[:SCORED]]
    weights = np.array(raw) / sum(raw)
    medians = np.array([getattr(content.rates, a) for a in ACTIONS[:SCORED]])
    spread = np.array([getattr(content.spread, a) for a in ACTIONS[:SCORED]]) * np.log(10)
    return medians, spread, np.round(medians * np.exp(spread**2 / 2), 9), weights


def background(platform: Platform, content: Content) -> tuple[NDArray[np.float64], ...]:
    """The background videos as they are: rates (videos, 5), mean rates (5,), weights (5,)."""
    medians, spread, usual, weights = category(platform, content)
    rates = np.empty((BACKGROUND_VIDEOS, SCORED))
    background_rates(rates, root_key(0, BACKGROUND), medians, spread, content.spread.engagement_correlation)
    return rates, usual, weights


@lru_cache(maxsize=64)
def _baseline(platform: Platform, content: Content) -> Baseline:
    """The baseline, once for all runs that share it."""
    medians, spread, usual, weights = category(platform, content)
    sizes = np.array(platform.pools, np.int64)
    passing = np.array(stretched(platform.pass_share, sizes.size))
    marks = background_marks(
        medians, spread, content.spread.engagement_correlation, usual, weights, sizes, passing,
        platform.competition_noise,
    )  # fmt: skip
    return Baseline(
        usual, weights, np.round(marks, 4), sizes, np.array(stretched(platform.pace_h, sizes.size), np.int64)
    )


def background_marks(
    medians: NDArray[np.float64],
    spread: NDArray[np.float64],
    correlation: float,
    usual: NDArray[np.float64],
    weights: NDArray[np.float64],
    sizes: NDArray[np.int64],
    passing: NDArray[np.float64],
    competition: float,
) -> NDArray[np.float64]:
    """Pass marks: in each pool the score that the wished share of the category's videos exceeds.

    A cohort of background videos climbs the ladder; the survivors of each pool are topped up
    by copies of themselves, with fresh luck, so that the upper pools are not decided by a few.
    """
    base = root_key(0, BACKGROUND)
    rates = np.empty((BACKGROUND_VIDEOS, SCORED))
    background_rates(rates, base, medians, spread, correlation)
    marks = np.empty(sizes.size)
    for pool, size in enumerate(sizes):
        scores = np.empty(BACKGROUND_VIDEOS)
        background_scores(scores, rates, base, pool, size, usual, weights, competition)
        marks[pool] = np.sort(scores)[min(scores.size - 1, int(scores.size * (1.0 - passing[pool])))]
        kept = np.flatnonzero((scores >= marks[pool]) & (scores > 0.0))  # `rules.pools.passes`, of many
        if kept.size == 0:  # nothing ever happens in this category
            continue
        rates = rates[np.resize(kept, BACKGROUND_VIDEOS)]
    return marks


@compiled
def background_rates(
    rates: NDArray[np.float64],
    base: Word,
    medians: NDArray[np.float64],
    spread: NDArray[np.float64],
    correlation: float,
) -> None:
    """Fills the rates of the category's background videos; addresses are fixed.

    Args:
        rates: (videos, 5), filled in place.
        base: key of the background.
        medians: (5,) median rates of the category.
        spread: (5,) sd of the natural log.
        correlation: of the rates other than completion, over videos [0..1].
    """
    root, rest = math.sqrt(correlation), math.sqrt(1.0 - correlation)
    for v in range(rates.shape[0]):
        own = child(base, v)
        common = normal(child(own, np.int64(0)))
        for k in range(SCORED):
            z = normal(child(own, k + 1))
            if k > 0:
                z = root * common + rest * z
            rates[v, k] = min(0.98, medians[k] * math.exp(spread[k] * z))


@inner
def poisson(mean: float, key: Word) -> float:
    """A Poisson count: by inversion for small means, by the normal above (background only)."""
    if mean > _NORMAL_FROM:
        return max(0.0, math.floor(mean + math.sqrt(mean) * normal(key) + 0.5))
    point = np.float64(low32(mix(key))) / 2.0**32
    term = math.exp(-mean)
    total, count = term, 0.0
    while point > total and count < _MOST_COUNTED:
        count += 1.0
        term *= mean / count
        total += term
    return count


@compiled
def background_scores(
    scores: NDArray[np.float64],
    rates: NDArray[np.float64],
    base: Word,
    pool: int,
    size: int,
    usual: NDArray[np.float64],
    weights: NDArray[np.float64],
    competition: float,
) -> None:
    """Fills the scores of the background videos in a pool, competition taken out.

    Args:
        scores: (videos,), filled in place.
        rates: (videos, 5).
        base: key of the background.
        pool: the pool, from 0.
        size: its impressions.
        usual: (5,) mean rates of the category.
        weights: (5,) of the rates in the score.
        competition: sd of the log of the pass mark.
    """
    for v in range(scores.size):
        own = child(child(base, POOL + pool), v)
        score = 0.0
        for k in range(SCORED):
            hits = poisson(rates[v, k] * size, child(own, k))
            score += rule.rate_score(hits, size, usual[k], weights[k])
        scores[v] = score / rule.competition(own, pool, competition)
