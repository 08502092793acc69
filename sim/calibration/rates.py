"""Base rates, their spread on both axes of quality, and how much of it lies between accounts.

Takes a sample's counts and a scenario; gives rows of the keys under `content`. A median rate is that of the
accounts pooled; a spread is that of the videos, sampling noise taken off. What a rate is held to be before
the data is wide: the scenario's value within a factor of about three.
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration import fits
from sim.calibration.fits import Fit
from sim.calibration.hierarchy import Prior, posterior
from sim.calibration.sample import SOURCES, Counts, Sample, few_of_each
from sim.rules.engagement import ACTIONS
from sim.scenario.audience import Content

Floats = NDArray[np.float64]

RATE_SD, SPREAD_SD = 1.2, 0.6
"""sd beforehand of the log of a median rate, and of the log of each of the two spreads (chosen, wide)."""
FEW_HITS = 10
"""Responses to a video from which its rate is sure enough to be correlated (chosen)."""
PAIRED = 30
"""Videos with two such rates from which they are correlated (chosen)."""
LEAST_RATE, LEAST_SPREAD = 1e-5, 0.05
"""What a rate, and a spread [dex], of a scenario are at least taken for beforehand: 0 has no log (chosen)."""
LEAST_ACCOUNTS = 8
"""Accounts below which drawing them anew does not say how sure a correlation is (chosen)."""
CORRELATED = ("like", "comment", "share", "follow")
BOOTSTRAPS, LEAST_TOLD = 200, 0.5
"""Drawings of accounts anew, and the share of them that has to give a correlation (chosen)."""
DEX = log(10.0)


def prior_of(content: Content, action: str) -> Prior:
    """What is held of a rate before the data, around the scenario."""
    half = log(max(getattr(content.spread, action), LEAST_SPREAD) * DEX * np.sqrt(0.5))
    rate = max(getattr(content.rates, action), LEAST_RATE)
    return Prior((log(rate), half, half), (RATE_SD, SPREAD_SD, SPREAD_SD))


def rate_fits(
    sample: Sample, content: Content, rng: np.random.Generator, tick: Callable[[], None] = lambda: None
) -> list[Fit]:
    """Rows of content.rates, content.spread and its shares.

    Args:
        sample: whose counts are taken.
        content: of the scenario.
        rng: of thinning and draws.
        tick: called once a rate is done.
    """
    found: list[Fit] = []
    drawn: dict[str, Floats] = {}
    kept: dict[str, Counts] = {}
    for action in ACTIONS:
        before = getattr(content.rates, action), getattr(content.spread, action)
        names = tuple(f"content.{part}.{action}" for part in ("rates", "spread"))
        columns = (*SOURCES[action], *((sample.base,) if sample.base not in SOURCES[action] else ()))
        if action not in sample.counts:
            rows = zip(names, before, strict=True)
            found += [fits.absent(key, value, fits.NO_COLUMN, columns) for key, value in rows]
            continue
        kept[action] = few_of_each(sample.counts[action], rng)
        prior = prior_of(content, action)
        drawn[action] = draws = posterior(kept[action], prior, rng)
        share = float(draws[:, 0].std()) / RATE_SD
        found.append(fits.fit(names[0], before[0], np.minimum(np.exp(draws[:, 0]), 0.98), share, columns))
        found.append(_spread(names[1], before[1], content, draws, kept[action], columns))
        tick()
    return [*found, _within(content, drawn, kept), _correlation(content, sample.counts, rng)]


def _before(rng: np.random.Generator) -> Floats:
    """(n, 2) logs of the two spreads beforehand, but for their mean."""
    return rng.normal(0.0, SPREAD_SD, (4_000, 2))


_SPREADS = _before(np.random.default_rng(0))
_TOTAL_SD = float(np.log(np.exp(2 * _SPREADS).sum(axis=1)).std() / 2)
"""sd beforehand of the log of the whole spread."""
_SHARE_SD = float((1 / (1 + np.exp(2 * (_SPREADS[:, 1] - _SPREADS[:, 0])))).std())
"""sd beforehand of the share of the variance within accounts."""


def _told(counts: Counts) -> tuple[int, int]:
    """Accounts, and those with several videos."""
    sizes = np.bincount(counts.account)
    return int(sizes.size), int((sizes > 1).sum())


def _spread(
    key: str, before: float, content: Content, draws: Floats, counts: Counts, columns: tuple[str, ...]
) -> Fit:
    """The whole spread; where accounts cannot say it, the one within them, at the scenario's share."""
    total = np.hypot(draws[:, 1], draws[:, 2])
    share = float(np.log(total).std()) / _TOTAL_SD
    if _told(counts)[0] > 1 and share <= fits.MOST_SHARE:
        return fits.fit(key, before, np.minimum(total / DEX, 1.0), share, columns)
    inside = float(np.log(draws[:, 1]).std()) / SPREAD_SD
    whole = draws[:, 1] / np.sqrt(max(content.spread.within_account, 1e-3)) / DEX
    return fits.fit(key, before, np.minimum(whole, 1.0), inside, (*columns, "content.spread.within_account"))


def _within(content: Content, drawn: Mapping[str, Floats], kept: Mapping[str, Counts]) -> Fit:
    """The share of the variance within accounts, over the rates, each by how surely it says it."""
    key, before = "content.spread.within_account", content.spread.within_account
    columns = tuple(dict.fromkeys(SOURCES[action][0] for action in drawn))
    usable = {action: draws for action, draws in drawn.items() if _told(kept[action])[1] > 1}
    if not usable:
        alone = all(_told(counts)[0] == 1 for counts in kept.values())
        why = fits.NO_COLUMN if not drawn else fits.ONE_ACCOUNT if alone else fits.ONE_EACH
        return fits.absent(key, before, why, columns)
    shares = {action: d[:, 1] ** 2 / (d[:, 1] ** 2 + d[:, 2] ** 2) for action, d in usable.items()}
    weights = {action: 1 / max(float(s.var()), 1e-6) for action, s in shares.items()}
    # The rates of one video are no independent witnesses: pooling moves the mean and does not narrow it.
    middle = sum(weights[a] * float(s.mean()) for a, s in shares.items()) / sum(weights.values())
    widest = min(shares, key=lambda action: float(shares[action].var()))
    draws = np.clip(shares[widest] - shares[widest].mean() + middle, 0.001, 1.0)
    return fits.fit(key, before, draws, float(draws.std()) / _SHARE_SD, columns)


def _correlation(content: Content, counts: Mapping[str, Counts], rng: np.random.Generator) -> Fit:
    """The mean correlation of the rates other than completion; its interval by accounts drawn anew."""
    key, before = "content.spread.engagement_correlation", content.spread.engagement_correlation
    engaging = [action for action in CORRELATED if action in counts]
    pairs = [
        pair
        for a, b in combinations(engaging, 2)
        if (pair := _pair(counts[a], counts[b])).account.size >= PAIRED
    ]
    columns = tuple(SOURCES[action][0] for action in engaging)
    if not pairs:
        return fits.absent(key, before, fits.NO_COLUMN, columns)
    pairs = [pair for pair in pairs if np.unique(pair.account).size >= LEAST_ACCOUNTS]
    if not pairs:
        return fits.absent(key, before, fits.FEW_ACCOUNTS, columns)
    accounts = 1 + max(int(pair.account.max()) for pair in pairs)
    # One drawing for all pairs: they are of the same videos, and no independent witnesses.
    drawn = rng.poisson(1.0, (BOOTSTRAPS, accounts)).astype(np.float64)
    each = np.array([[_of(pair, weights) for pair in pairs] for weights in drawn])
    told = np.isfinite(each)
    if told.any(axis=1).mean() < LEAST_TOLD:
        return fits.absent(key, before, fits.WEAK, columns)
    each, told = each[told.any(axis=1)], told[told.any(axis=1)]
    found = np.where(told, each, 0.0).sum(axis=1) / told.sum(axis=1)
    return fits.fit(key, before, found.clip(0.0, 1.0), float(found.std() * np.sqrt(12)), columns)


class _Pair(NamedTuple):
    """Logs of two rates (n, 2) of videos from which both can be read, the variance of noise, and whose."""

    logs: Floats
    noise: Floats
    account: NDArray[np.int64]


def _pair(one: Counts, other: Counts) -> _Pair:
    """Videos with enough views for both rates; chosen by views alone, since by hits would bias them."""
    _, here, there = np.intersect1d(one.video, other.video, return_indices=True)
    hits = np.column_stack([one.hits[here], other.hits[there]])
    base = np.column_stack([one.base[here], other.base[there]])
    usual = hits.sum(axis=0) / base.sum(axis=0)
    enough = (base * usual >= FEW_HITS).all(axis=1)
    hits, base = hits[enough], base[enough]
    return _Pair(np.log((hits + 0.5) / base), 1 / (hits + 0.5), one.account[here][enough])


def _of(pair: _Pair, weights: Floats) -> float:
    """The correlation of a pair of rates, noise taken off, its accounts counting by their weights.

    NaN where a rate varies by no more than its noise.
    """
    weight = weights[pair.account]
    total = max(weight.sum(), 1.0)
    middle = pair.logs - weight @ pair.logs / total
    covariance = (middle * weight[:, None]).T @ middle / total
    own = np.diag(covariance) - weight @ pair.noise / total
    if (own <= 0).any():
        return np.nan
    return float(np.clip(covariance[0, 1] / np.sqrt(own[0] * own[1]), -1.0, 1.0))
