"""Whether a fitted scenario gives videos like the real ones, and forecasts those that it has not seen.

Takes a calibration and its sample; gives series for figures and scores. The hold-out is in time: the newest
quarter of each account's videos is forecast from a fit on the rest; baselines are scored on the same videos,
and said where they win.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.plain_forecasts import HISTORICAL, LOG_NORMAL, plain_forecasts
from sim.analysis.scores import LEVELS
from sim.analysis.spreads import Parts
from sim.calibration import scores
from sim.calibration.rates import rate_fits
from sim.calibration.result import Calibration, with_rows
from sim.calibration.sample import Sample
from sim.calibration.scores import Score
from sim.calibration.summaries import design_of
from sim.calibration.views import FULL, Clock, Effort, fit_views
from sim.calibration.world import World
from sim.language.words import N_, Words
from sim.rules.engagement import ACTIONS
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

PLAYED = 20
"""Worlds that real videos are held against (chosen)."""
PLACES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
RANKS = 24
DECILES = 10
LEAST_HELD_OUT = 20
"""Videos held out below which no score is given (chosen)."""
ACCOUNTS, EACH = 150, 20
"""Of the world that says how one account's videos differ (chosen)."""
MOVING = 8
"""Accounts with four videos or more from which it is told how accounts move (chosen)."""
LONGER = 1 / (1 - scores.TEST_SHARE)
"""Time over which accounts move on to the videos held out, over that by which `moved` tells how they move: a
newest quarter after what came before it both times, of all videos and of the first three quarters of them."""
MODEL, QUANTILES, NORMAL = N_("fitted model"), N_("historical quantiles"), N_("log-normal per account")
NO_TIME = N_("no hold-out: there was no time to fit anything to the earlier videos")
NOT_OURS = N_("no hold-out: the platform model is not ours, so nothing is fitted to the earlier videos")
NO_DATES = N_("no hold-out: some videos have no date, so none can be held to be the newest")
FEW = N_(
    "no hold-out: only {found} videos are newest quarters of accounts with four or more; {least} are needed"
)


class Band(NamedTuple):
    """A line of real videos, and what the fitted scenario gives: median, and 90 % of the worlds."""

    name: str
    x: list[float]
    real: list[float]
    middle: list[float]
    low: list[float]
    high: list[float]


class Forecast(NamedTuple):
    """Scores of the videos that were held out."""

    videos: int
    trained: int
    scores: tuple[Score, ...]
    """of the model first, then of the baselines"""

    @property
    def behind(self) -> float:
        """CRPS of the model over that of the better baseline, less 1."""
        return self.scores[0].crps / min(score.crps for score in self.scores[1:]) - 1


class HeldOut(NamedTuple):
    """The newest videos, foretold from the earlier ones."""

    forecast: Forecast | None
    why_not: str
    """template of why there is no forecast, with `found` and `least`; '' where there is one"""
    held_out: int


class Check(NamedTuple):
    """All of it."""

    quantiles: Band
    rank_size: Band
    rates: tuple[Band, ...]
    """by tenth of the views, a band a rate that the data have"""
    forecast: Forecast | None
    why_not: str
    """template of why there is no forecast, with `found` and `least`; '' where there is one"""
    held_out: int

    def as_dict(self) -> dict[str, Any]:
        """For a JSON document."""
        found = self.forecast
        return {
            "quantiles": self.quantiles._asdict(), "rank_size": self.rank_size._asdict(),
            "rates": [band._asdict() for band in self.rates],
            "forecast": None if found is None else {
                "held_out": found.videos, "trained_on": found.trained,
                "levels": LEVELS, "scores": [score._asdict() for score in found.scores],
                "crps_over_better_baseline": found.behind,
            },
        }  # fmt: skip


def check(
    found: Calibration,
    seconds: float,
    tick: Callable[[int, int], None] | None = None,
    effort: Effort = FULL,
) -> Check:
    """Checks a calibration.

    Args:
        found: the calibration.
        seconds: that the simulations of the fit for the hold-out may take.
        tick: called with (simulations done, in all).
        effort: of that fit.
    """
    small = found.views.sample
    world = World(small, found.fitted, own=found.views.own)
    played = [world.shown(found.fitted, 7_000_000 + k) for k in range(PLAYED)]
    logs = np.sort(np.log10([one.views for one in played]), axis=1)
    own = np.sort(small.log_views)[::-1]
    places = np.array(PLACES)
    quantiles = _band(
        "views", places, 10 ** np.quantile(own, places), 10 ** np.quantile(logs, places, axis=1).T
    )
    ranks = np.unique(np.geomspace(1, small.views.size, RANKS).round().astype(int))
    rank_size = _band("views", ranks, 10 ** own[ranks - 1], 10 ** logs[:, ::-1][:, ranks - 1])
    held = held_out(found.scenario, found.sample, found.seed, seconds, tick or _unheard, effort)
    return Check(quantiles, rank_size, _rates(found, played), *held)


def forecast_told(found: Check | HeldOut, words: Words) -> str:
    """What the hold-out says, in a sentence; a baseline that wins is named as such."""
    if found.forecast is None:
        return words(found.why_not, found=found.held_out, least=LEAST_HELD_OUT)
    behind = found.forecast.behind
    said = (
        words("a baseline is better by {share:.0%}", share=behind)
        if behind > 0
        else words("it is better than both baselines, by {share:.0%} or more", share=-behind)
    )
    return words(
        "Hold-out: {held:,} newest videos, forecast from {before:,} earlier ones; by CRPS {said}.",
        held=found.forecast.videos, before=found.forecast.trained, said=said,
    )  # fmt: skip


def _unheard(done: int, total: int) -> None:
    """Progress that nobody watches."""


def _band(name: str, x: NDArray[Any], real: Floats, simulated: Floats) -> Band:
    low, middle, high = np.quantile(simulated, (0.05, 0.5, 0.95), axis=0)
    return Band(name, *(np.asarray(row, float).tolist() for row in (x, real, middle, low, high)))


def _rates(found: Calibration, played: list[Any]) -> tuple[Band, ...]:
    """Pooled rates by tenth of the videos, from the least to the most seen; of those that were simulated."""
    bands = []
    for k, action in enumerate(ACTIONS[:SCORED]):
        if action not in found.views.sample.counts:
            continue
        counts = found.views.sample.counts[action]
        real = _by_tenth(counts.base, counts.hits)
        simulated = np.array([_by_tenth(one.views, one.hits[:, k]) for one in played])
        bands.append(_band(action, np.arange(1, DECILES + 1), real, simulated))
    return tuple(bands)


def _by_tenth(views: Floats, hits: Floats) -> Floats:
    """(10,) responses per view of each tenth of the videos by views."""
    parts = np.array_split(np.argsort(views, kind="stable"), DECILES)
    return np.array([hits[part].sum() / max(1.0, views[part].sum()) for part in parts])


def held_out(
    scenario: Scenario,
    sample: Sample,
    seed: int,
    seconds: float,
    tick: Callable[[int, int], None],
    effort: Effort = FULL,
) -> HeldOut:
    """Scores of a fit on the earlier videos, begun from the scenario as it was before any data.

    What was fitted to all videos knows those that are held out.

    Args:
        scenario: before any data.
        sample: all videos.
        seed: of every draw.
        seconds: that the simulations of the fit may take.
        tick: called with (simulations done, in all).
        effort: of the fit.
    """
    if not sample.dated:
        return HeldOut(None, NO_DATES, 0)
    newest = scores.split(sample)
    held = int(newest.sum())
    if held < LEAST_HELD_OUT:
        return HeldOut(None, FEW, held)
    before, after = sample.of(~newest), sample.of(newest)
    alike = before.at_like_reach(scenario.dilution)
    rows = rate_fits(alike, scenario.content, np.random.default_rng(seed))
    settled = with_rows(scenario, rows)
    views = fit_views(before, settled, seed, Clock(seconds), tick, effort)
    if views.matched is None or views.matched.model is None:
        return HeldOut(None, NOT_OURS if views.matched is None else NO_TIME, held)
    scenario = settled.model_copy(update={"platform": views.platform})
    came, of = after.log_views, after.account
    model = scores.scored(MODEL, predicted(before, of, scenario, seed, own=views.own), came)
    plain = plain_forecasts(before.log_views, before.account.tolist(), came, of.tolist())
    others = (
        Score(title, float(plain[name].crps.mean()), tuple(plain[name].within.mean(axis=1).tolist()))
        for title, name in ((QUANTILES, HISTORICAL), (NORMAL, LOG_NORMAL))
    )
    return HeldOut(Forecast(held, int((~newest).sum()), (model, *others)), "", held)


def predicted(
    before: Sample, of: NDArray[np.int64], scenario: Scenario, seed: int, *, own: bool = False
) -> Floats:
    """(n, POINTS) draws of log10 views of accounts' next videos.

    How an account's videos spread about its mean, and accounts about theirs, comes from the scenario; where
    an account stands, from its videos so far, drawn towards what the scenario gives for its fans; how far
    accounts move on from there, from how their newest quarter so far differs from what came before it; they
    walk at random about a common step, so that step and variance grow with time.

    Args:
        before: videos so far.
        of: (n,) accounts of the next ones, as `before` numbers them.
        scenario: fitted.
        seed: of the draws.
        own: whether the accounts are the brand's own.
    """
    rng = np.random.default_rng(seed)
    fans, slope_mean, parts, rests = _simulated(before, scenario, rng, own=own)
    level, slope = slope_mean
    expected = level + slope * fans
    count = np.bincount(before.account, minlength=len(before.names))
    sums = np.bincount(before.account, before.log_views, len(before.names))
    spread, noise = max(parts.between, 0.02) ** 2, max(parts.within, 0.02) ** 2
    trust = spread / (spread + noise / np.maximum(count, 1e-9))
    middle = expected + trust * (sums / np.maximum(count, 1) - expected)
    unsure = np.sqrt(spread * (1 - trust))
    step, moves = moved(before)
    size = (of.size, scores.POINTS)
    wide = np.hypot(unsure, np.sqrt(LONGER) * moves)[of]
    middle = middle[of] + LONGER * step
    drawn = wide[:, None] * rng.standard_normal(size) + rng.choice(rests, size)
    return np.asarray(middle[:, None] + drawn)


def moved(before: Sample) -> tuple[float, float]:
    """By how much accounts' newest quarter differs from what came before it: mean and sd over accounts [dex].

    Sampling noise is taken off the sd; 0 and 0 where fewer than MOVING accounts tell.
    """
    newest, logs = scores.split(before), before.log_views
    steps, noises = [], []
    for k in np.unique(before.account[newest]).tolist():
        own = before.account == k
        old, new = logs[own & ~newest], logs[own & newest]
        steps.append(new.mean() - old.mean())
        noises.append(old.var(ddof=1) * (1 / old.size + 1 / new.size))
    if len(steps) < MOVING:
        return 0.0, 0.0
    return float(np.mean(steps)), float(np.sqrt(max(0.0, np.var(steps) - np.mean(noises))))


def _simulated(
    before: Sample, scenario: Scenario, rng: np.random.Generator, *, own: bool
) -> tuple[Floats, tuple[float, float], Parts, Floats]:
    """Fans as the slope counts them (A,); level and slope; spreads; what is left of each simulated video."""
    known = np.nan_to_num(before.fans, nan=0.0)
    drawn = rng.choice(known, ACCOUNTS)
    account = np.repeat(np.arange(ACCOUNTS), EACH)
    many = before._replace(
        names=tuple(map(str, range(ACCOUNTS))), account=account, fans=drawn,
        views=np.ones(account.size), day=np.full(account.size, np.nan), counts={},
    )  # fmt: skip
    world, design = World(many, scenario, own=own), design_of(many)
    logs = [np.log10(world.views(scenario, 8_000_000 + k)) for k in range(PLAYED)]
    every = [design.parts(one) for one in logs]
    slope = float(np.mean([one.slope for one in every]))
    parts = Parts(
        float(np.mean([one.mean for one in every])), slope,
        float(np.sqrt(np.mean([one.between**2 for one in every]))),
        float(np.sqrt(np.mean([one.within**2 for one in every]))),
    )  # fmt: skip
    means = [np.add.reduceat(one, design.starts) / design.sizes for one in logs]
    rests = [one - np.repeat(mean, EACH) for one, mean in zip(logs, means, strict=True)]
    rest = np.concatenate(rests) * np.sqrt(EACH / (EACH - 1))
    counted = np.log10(1 + known / 300.0)
    centre = float(np.log10(1 + drawn / 300.0).mean())
    return counted, (parts.mean - slope * centre, slope), parts, rest
