"""Like and comment rates by reach (P2): a lift on each video, by how many have seen it and are about to.

Takes the impressions so far and the hour's offers; gives factors on the like and the comment rate. The
category's videos meet the same: the platform compares a video with them at like reach, so what it judges a
response by is divided by the factor that it came under. Nobody is promoted for being new, or held back for
being seen by many.
"""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Platform, Standing
from sim.rules.dilution import saturated, warm
from sim.rules.draws import ONE_16, ONE_32
from sim.rules.engagement import ACTIONS
from sim.scenario.dilution import Dilution as Terms
from sim.world.board import COMMENTS, IMPRESSIONS, LIKES
from sim.world.offers import QUOTA, WINDOW
from sim.world.videos import enlarged

_LIKE, _COMMENT = ACTIONS.index("like"), ACTIONS.index("comment")
_LIST = np.uint64(32)


class Dilution(Mechanism):
    """Knows what each video was shown, and makes the platform allow for it."""

    rows = "P2"

    def __init__(self, run: Run) -> None:
        self._numbers = _Numbers.of(run.scenario.dilution)
        self.at_work = run.scenario.dilution.rates
        self.factors = np.ones((0, len(ACTIONS)))
        """(V, 6) of the hour under way."""
        if self.at_work:
            run.platform = AtLikeReach(run.platform, self)

    def lift(self, run: Run) -> NDArray[np.uint64]:
        """The hour's factors: means over the impressions that are offered in it."""
        # What the platform divides by is what people respond by, rounded alike.
        fixed, self.factors = _of_hour(
            run.responder.tally().videos, run.offers, run.named, run.responder.fans(), run.videos.size,
            self._numbers,
        )  # fmt: skip
        return fixed


class AtLikeReach:
    """A platform that reads likes and comments as those of a video of like reach: divided by their factor.

    Args:
        platform: who decides.
        dilution: whose factors of the hour count.
    """

    def __init__(self, platform: Platform, dilution: Dilution) -> None:
        self._platform, self._dilution = platform, dilution
        self._counted = np.zeros((0, 2), np.int64)
        """(V or more, 2) likes and comments judged so far, as they came."""
        self._fair = np.zeros((0, 2))
        """(V or more, 2) and as they are read."""

    @property
    def state(self) -> NDArray[Any]:
        """As `Platform.state`."""
        return self._platform.state

    def open(self, fans_inside: NDArray[np.int64], standing: Standing) -> None:
        """As `Platform.open`."""
        self._platform.open(fans_inside, standing)

    def allocate(self, hour: int, standing: Standing) -> list[NDArray[Any]]:
        """As `Platform.allocate`."""
        return self._platform.allocate(hour, standing)

    def judge(
        self, hour: int, judged: NDArray[np.int64], standing: Standing, passed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """As `Platform.judge`, on the counts as they are read, rounded; never more than impressions."""
        self._counted = enlarged(self._counted, len(judged))
        self._fair = enlarged(self._fair, len(judged))
        read = _read(judged, self._dilution.factors, self._counted, self._fair)
        return self._platform.judge(hour, read, standing, passed)

    def decisions(self) -> NDArray[np.float64]:
        """As `Platform.decisions`; likes and comments as they were read."""
        return self._platform.decisions()

    def replay(self, log: NDArray[np.float64]) -> NDArray[np.float64]:
        """As `Platform.replay`."""
        return self._platform.replay(log)


def by_reach(terms: Terms, before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """(V, 6) mean factors on the rates over some impressions of each video; 1 where reach changes none.

    Args:
        terms: of the scenario.
        before: (V,) impressions before them.
        after: (V,) and after them.
    """
    factors = np.ones((before.size, len(ACTIONS)))
    if terms.rates:
        _fill(factors, before, after, _Numbers.of(terms))
    return factors


class _Numbers(NamedTuple):
    """Of the scenario, as the rules of rules/dilution.py name them."""

    factor: float
    circle: float
    power: float
    start: float

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """Those of a scenario."""
        return cls(terms.warm_factor, terms.warm_views, terms.comment_power, terms.comment_views)


@compiled
def _fill(
    factors: NDArray[np.float64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    numbers: _Numbers,
) -> None:
    """Fills the factors (V, 6) by the impressions (V,) before and after the hour; other rates keep theirs."""
    for v in range(before.size):
        factors[v, _LIKE] = warm(before[v], after[v], numbers.factor, numbers.circle)
        factors[v, _COMMENT] = saturated(before[v], after[v], numbers.power, numbers.start)


@compiled
def _of_hour(
    counts: NDArray[np.int64],
    offers: NDArray[Any],
    named: NDArray[np.uint64],
    fans: NDArray[np.int64],
    videos: int,
    numbers: _Numbers,
) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """The factors of an hour [16.16] and as numbers (V, 6): means over what is offered in it.

    Args:
        counts: (n, sides, counts) of the videos that have been shown, as in Tally.
        offers: (O,) OFFER.
        named: whom their lists name: row of the offers << 32 | user.
        fans: (A,) of each account.
        videos: how many there are.
        numbers: of the scenario.
    """
    seen, after, sent = np.zeros(videos), np.zeros(videos), np.zeros(offers.size, np.int64)
    for k in range(named.size):
        sent[np.int64(named[k] >> _LIST)] += 1
    for k in range(offers.size):
        offer = offers[k]
        if offer.kind == QUOTA:
            after[offer.video] += offer.quota
        elif offer.kind == WINDOW:
            after[offer.video] += np.float64(offer.high - offer.low) / ONE_32 * fans[offer.whose]
        else:
            after[offer.video] += sent[k]
    for v in range(videos):
        for side in range(counts.shape[1] if v < counts.shape[0] else 0):
            seen[v] += counts[v, side, IMPRESSIONS]
        after[v] += seen[v]
    factors, fixed = np.empty((videos, len(ACTIONS))), np.empty((videos, len(ACTIONS)), np.uint64)
    for v in range(videos):
        for k in range(len(ACTIONS)):
            factors[v, k] = 1.0
    _fill(factors, seen, after, numbers)
    for v in range(videos):
        for k in range(factors.shape[1]):
            whole = np.rint(factors[v, k] * ONE_16)
            fixed[v, k], factors[v, k] = np.uint64(whole), whole / ONE_16
    return fixed, factors


@compiled
def _read(
    judged: NDArray[np.int64],
    factors: NDArray[np.float64],
    counted: NDArray[np.int64],
    fair: NDArray[np.float64],
) -> NDArray[np.int64]:
    """As `judged` (V, n), but likes and comments as those of a video of like reach, rounded.

    Args:
        judged: counts so far.
        factors: (V, 6) of the hour.
        counted: (V or more, 2) likes and comments of before, brought up to date.
        fair: (V or more, 2) the same as they are read.
    """
    read = judged.copy()
    for v in range(judged.shape[0]):
        for k in range(2):
            count, action = (LIKES, _LIKE) if k == 0 else (COMMENTS, _COMMENT)
            fair[v, k] += (judged[v, count] - counted[v, k]) / factors[v, action]
            counted[v, k] = judged[v, count]
            read[v, count] = np.int64(min(np.rint(fair[v, k]), np.float64(judged[v, IMPRESSIONS])))
    return read
