"""Like and comment rates by reach (P2): a lift on each video, by how many have seen it and are about to.

Takes the impressions so far and the hour's offers; gives factors on the like and the comment rate. The
category's videos meet the same: the platform compares a video with them at like reach, so what it judges a
response by is divided by the factor that it came under. Nobody is promoted for being new, or held back for
being seen by many.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Platform, Standing
from sim.rules.dilution import saturated, warm
from sim.rules.draws import ONE_16
from sim.rules.engagement import ACTIONS
from sim.scenario.dilution import Dilution as Terms
from sim.world.board import COMMENTS, IMPRESSIONS, LIKES
from sim.world.offers import LIST, QUOTA, WINDOW

_LIKE, _COMMENT = ACTIONS.index("like"), ACTIONS.index("comment")
_LIST = np.uint64(32)


class Dilution(Mechanism):
    """Knows what each video was shown, and makes the platform allow for it."""

    rows = "P2"

    def __init__(self, run: Run) -> None:
        self._terms = run.scenario.dilution
        self.at_work = self._terms.rates
        self.factors = np.ones((0, len(ACTIONS)))
        """(V, 6) of the hour under way."""
        if self.at_work:
            run.platform = AtLikeReach(run.platform, self)

    def lift(self, run: Run) -> NDArray[np.uint64]:
        """The hour's factors: means over the impressions that are offered in it."""
        videos = run.videos.size
        seen, due = np.zeros(videos), self._due(run)
        told = run.responder.tally().videos[:, :, IMPRESSIONS].sum(axis=1)
        seen[: told.size] = told
        # What the platform divides by is what people respond by, rounded alike.
        fixed = np.rint(by_reach(self._terms, seen, seen + due) * ONE_16)
        self.factors = fixed / ONE_16
        return fixed.astype(np.uint64)

    @staticmethod
    def _due(run: Run) -> NDArray[np.float64]:
        """(V,) impressions that the hour's offers can bring inside the audience."""
        rows, kind, fans = run.offers, run.offers["kind"], run.responder.fans()
        due = np.where(kind == QUOTA, rows["quota"], 0).astype(np.float64)
        part = (rows["high"] - rows["low"]).astype(np.float64) / 2.0**32
        due += np.where(kind == WINDOW, part * fans[np.minimum(rows["whose"], fans.size - 1)], 0.0)
        named = np.bincount((run.named >> _LIST).astype(np.int64), minlength=rows.size)
        due += np.where(kind == LIST, named, 0)
        return np.bincount(rows["video"], weights=due, minlength=run.videos.size).astype(np.float64)


class AtLikeReach:
    """A platform that reads likes and comments as those of a video of like reach: divided by their factor.

    Args:
        platform: who decides.
        dilution: whose factors of the hour count.
    """

    def __init__(self, platform: Platform, dilution: Dilution) -> None:
        self._platform, self._dilution = platform, dilution
        self._counted = np.zeros((0, 2), np.int64)
        """(V, 2) likes and comments judged so far, as they came."""
        self._fair = np.zeros((0, 2))
        """(V, 2) and as they are read."""

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
        new = len(judged) - len(self._counted)
        self._counted = np.concatenate([self._counted, np.zeros((new, 2), np.int64)])
        self._fair = np.concatenate([self._fair, np.zeros((new, 2))])
        came = judged[:, [LIKES, COMMENTS]]
        self._fair += (came - self._counted) / self._dilution.factors[:, [_LIKE, _COMMENT]]
        self._counted = came
        read = judged.copy()
        read[:, [LIKES, COMMENTS]] = np.minimum(np.rint(self._fair), judged[:, [IMPRESSIONS]])
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
        numbers = terms.warm_factor, terms.warm_views, terms.comment_power, terms.comment_views
        _fill(factors, before, after, *numbers)
    return factors


@compiled
def _fill(
    factors: NDArray[np.float64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    factor: float,
    circle: float,
    power: float,
    start: float,
) -> None:
    """Fills the factors (V, 6) by the impressions (V,) before and after the hour; other rates keep theirs."""
    for v in range(before.size):
        factors[v, _LIKE] = warm(before[v], after[v], factor, circle)
        factors[v, _COMMENT] = saturated(before[v], after[v], power, start)
