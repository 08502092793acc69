"""The keys that decide how views spread, fitted to real views: pools, noises, luck, power of fans.

Takes a sample and a scenario whose content is settled; gives rows of keys under `platform`, and the platform
with those that the data tell. What they do not tell stays as it was, and the rest is taken given that.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration import fits, ladder
from sim.calibration.fits import Fit
from sim.calibration.matching import ROUNDS, Matched, matched, sampled
from sim.calibration.sample import Sample, thinned
from sim.calibration.summaries import FAN_ACCOUNTS, design_of, summaries
from sim.calibration.world import World
from sim.interrupts import deferred
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

WIDER = 0.5
"""How much wider than the posterior the box is in which the last rounds begin (chosen)."""
LUCKS = 40
"""Different lucks under which points are simulated, the same at all points in turn (chosen)."""
FAR = 3.0
"""Mean squared standardised distance above which the model does not give such views (chosen)."""
MODEL = "platform.model"
STEPS = "platform.pools:steps"
"""Not a key: the power to which the steps from pool to pool are taken."""
THINNED = 400
"""Draws from which the intervals of lists are taken (chosen)."""
VIEWS_KEYS = ("platform.own_fan_power", "platform.trickle", "platform.account_heat_sd")
"""Keys that move views and that a table of final views cannot tell."""


CREATORS = "platform.creator_fan_power"


def owned(sample: Sample, scenario: Scenario) -> bool:
    """Whether the data are of the brand's own accounts: some go by their names, or they are few."""
    names = {account.id for account in scenario.accounts if account.role != "creator"}
    return len(sample.names) < FAN_ACCOUNTS or not names.isdisjoint(sample.names)


class ViewsFit(NamedTuple):
    """What real views say of a platform."""

    rows: list[Fit]
    platform: Platform
    """with what is identified in place"""
    axes: tuple[ladder.Varied, ...]
    matched: Matched | None
    sample: Sample
    """that was simulated"""
    own: bool
    """whether the accounts are the brand's own"""
    unfit: bool
    """whether views like these are outside what the model gives"""


class Effort(NamedTuple):
    """Simulations of a fit, by round."""

    rounds: tuple[int, ...] = ROUNDS
    last: tuple[int, ...] = (60, 60)
    """given that what is not identified stays (chosen)"""

    @property
    def most(self) -> int:
        """In all."""
        return sum(self.rounds) + sum(self.last)


FULL = Effort()


class Clock:
    """Whether there is time for another simulation.

    Args:
        seconds: that all of them may take.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.interrupted = False

    @property
    def up(self) -> bool:
        """Whether time is up, or somebody wants it to end."""
        return self.interrupted or time.monotonic() >= self._end


def fit_views(
    sample: Sample,
    scenario: Scenario,
    seed: int,
    clock: Clock,
    tick: Callable[[int, int], None],
    effort: Effort = FULL,
) -> ViewsFit:
    """Fits the platform.

    Args:
        sample: real videos.
        scenario: with content settled.
        seed: of thinning, lucks and draws.
        clock: when to end; what is done by then is used.
        tick: called with (simulations done, in all).
        effort: how many simulations.
    """
    platform, own = scenario.platform, owned(sample, scenario)
    small = thinned(sample, np.random.default_rng(seed))
    if platform.model not in ladder.OF_MODEL:
        rows = [fits.absent(MODEL, platform.model, fits.NOT_OURS)]
        return ViewsFit(rows, platform, (), None, small, own=own, unfit=False)
    design, world = design_of(small), World(small, scenario, own=own)
    axes = ladder.varied(scenario, slope=design.fans is not None and not world.own, several=design.several)
    done, total = 0, effort.most

    def simulate(point: Floats, number: int) -> Floats | None:
        nonlocal done
        if clock.up:
            return None
        try:
            found = _simulated(world, scenario, ladder.at(platform, axes, point), seed, number % LUCKS)
        except KeyboardInterrupt:
            clock.interrupted = True
            return None
        done += 1
        tick(done, total)
        return summaries(np.log10(found), design)

    observed = summaries(small.log_views, design)
    got = matched(simulate, observed, len(axes), seed, effort.rounds)
    if got.model is None:
        rows = [fits.absent(key, _before(platform, key), fits.NO_TIME) for key in _keys(axes)]
        return ViewsFit(rows, platform, axes, got, small, own=own, unfit=False)
    shares = got.draws.std(axis=0) * np.sqrt(12)
    told = shares <= fits.MOST_SHARE
    names = [axis.name for axis in axes]
    sized = bool(told[names.index(ladder.FIRST)])
    if (
        ladder.GROWTH in names
    ):  # the steps stand in the key of the sizes, which stays where these are not told
        told[names.index(ladder.GROWTH)] &= sized
    stays = np.array([ladder.place(platform, axis) for axis in axes])
    given, got = _given(got, simulate, observed, np.where(told, np.nan, stays), seed, effort.last)
    point = np.where(told, np.median(given, axis=0), stays)
    settled = ladder.at(platform, axes, point)
    columns = (sample.base, *(("fans",) if design.fans is not None else ()))
    rows = list(_rows(platform, settled, axes, got.draws, shares, columns, sized=sized))
    rows += [_untold(platform, sample, key) for key in VIEWS_KEYS]
    if not design.several:
        rows.append(_no_accounts(platform, sample))
    if design.fans is None:
        rows.append(
            fits.absent("platform.creator_fan_power", platform.creator_fan_power, fits.NO_FANS, ("fans",))
        )
    told_values = {
        row.key.removeprefix("platform."): row.value for row in rows if row.identified and row.is_key
    }
    kept = platform.model_copy(update=told_values)
    return ViewsFit(rows, kept, axes, got, small, own=own, unfit=got.distance > FAR)


def _given(
    got: Matched,
    simulate: Callable[[Floats, int], Floats | None],
    observed: Floats,
    fixed: Floats,
    seed: int,
    rounds: tuple[int, ...],
) -> tuple[Floats, Matched]:
    """(n, d) draws given that the keys stay that are not NaN in `fixed`: by last rounds, if there is time.

    And the matching, these rounds counted in.
    """
    assert got.model is not None
    free = np.isnan(fixed)
    if free.all():
        return got.draws, got
    if not free.any():
        return fixed[None], got

    def rest(point: Floats, number: int) -> Floats | None:
        whole = fixed.copy()
        whole[free] = point
        return simulate(whole, number)

    low, high = np.quantile(got.draws[:, free], (0.001, 0.999), axis=0)
    room = WIDER * (high - low)
    box = np.maximum(low - room, 0.0), np.minimum(high + room, 1.0)
    last = matched(rest, observed, int(free.sum()), seed + 1, rounds, box)
    both = got._replace(
        simulations=got.simulations + last.simulations, finished=got.finished and last.finished
    )
    if last.model is None:
        return sampled(got.model, observed, np.random.default_rng(seed), fixed), both
    draws = np.tile(fixed, (len(last.draws), 1))
    draws[:, free] = last.draws
    return draws, both


@deferred()
def _simulated(world: World, scenario: Scenario, platform: Platform, seed: int, luck: int) -> Floats:
    """Views under a platform; an interrupt waits for them."""
    return world.views(scenario.model_copy(update={"platform": platform}), seed * LUCKS + luck)


def _keys(axes: tuple[ladder.Varied, ...]) -> list[str]:
    return list(dict.fromkeys(axis.key for axis in axes))


def _before(platform: Platform, key: str) -> Any:
    return getattr(platform, key.removeprefix("platform."))


def _rows(
    platform: Platform,
    settled: Platform,
    axes: tuple[ladder.Varied, ...],
    draws: Floats,
    shares: Floats,
    columns: tuple[str, ...],
    *,
    sized: bool,
) -> Iterator[Fit]:
    """A row a key; of the pools one for their size, which tells the key, and one for their steps."""
    drawn = [ladder.at(platform, axes, point) for point in draws[:: max(1, len(draws) // THINNED)]]
    for axis, share, column in zip(axes, shares.tolist(), draws.T, strict=True):
        if axis.name == ladder.GROWTH:
            yield fits.fit(STEPS, 1.0, axis.at(column), share, columns, "" if sized else fits.NO_SIZE)
            continue
        before, value = _before(platform, axis.key), _before(settled, axis.key)
        low, high = np.quantile(
            [np.asarray(_before(one, axis.key), float) for one in drawn], fits.ENDS, axis=0
        )
        why = "" if share <= fits.MOST_SHARE else fits.WEAK
        here = np.asarray(value, float)
        ends = (
            np.minimum(low, here),
            np.maximum(high, here),
        )  # given what stays, the value may lie further out
        alike = _alike(before, value, *ends)
        yield Fit(axis.key, before, *alike, round(share, 3), columns, why)


def _alike(before: Any, *values: Any) -> tuple[Any, Any, Any]:
    """Value and ends in four digits, as the key has them: a number, or a list of whole or broken ones."""
    found: list[Any] = []
    for value in values:
        row = [fits.shown(float(number)) for number in np.atleast_1d(value)]
        if not isinstance(before, tuple):
            found.append(row[0])
        elif isinstance(before[0], int):
            found.append(_rising([round(number) for number in row]))
        else:
            found.append(tuple(row))
    return found[0], found[1], found[2]


def _rising(sizes: list[int]) -> tuple[int, ...]:
    """The sizes, those that rounding made equal moved on by one."""
    found: list[int] = []
    for size in sizes:
        found.append(max(size, found[-1] + 1 if found else 1))
    return tuple(found)


def _untold(platform: Platform, sample: Sample, key: str) -> Fit:
    why = {"platform.own_fan_power": fits.CAUSAL}.get(key, fits.AGES)
    return fits.absent(key, _before(platform, key), why, (sample.base,))


def _no_accounts(platform: Platform, sample: Sample) -> Fit:
    why = fits.ONE_ACCOUNT if len(sample.names) == 1 else fits.ONE_EACH
    return fits.absent("platform.account_luck_sd", platform.account_luck_sd, why, (sample.base,))
