"""Author scatter (P12, 打散): the feed seldom shows somebody one brand account twice in an hour.

Takes the hour's offers; says which of them count whom they are shown to. Where an account has several videos
in the feed this hour, a person who was shown one is shown the next with a factor, else passed over: what is
recommended goes to another person of the same match, a fan whose hour it was misses the video. It is the
account on whose page a video stands that counts; creators do not, and messages of friends are no feed. Where
no account has several, nothing is counted. Under a continuous score the same holds, and no score falls.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.scenario.schema import Scenario
from sim.scenario.structures import all_accounts
from sim.world.offers import LIST, NO_PLANE
from sim.world.planes import Planes

PLANE = "shown this hour"
_SINGLE = 1


class AuthorScatter(Mechanism):
    """Two planes of bits a brand account, which count to three."""

    rows = "P12"

    @classmethod
    def planes(cls, scenario: Scenario, accounts: int) -> tuple[Planes, ...]:  # noqa: ARG003
        """Two a brand account; none where it is off."""
        own = sum(account.role != "creator" for account in all_accounts(scenario))
        at_work = scenario.platform.author_decay < 1
        return (Planes(PLANE, 2 * own, "hourly"),) if at_work else ()

    def __init__(self, run: Run) -> None:
        self._first = np.full(len(run.accounts.rows), NO_PLANE, np.int64)
        """(A,) the first plane of each account."""
        self.at_work = PLANE in run.planes
        if self.at_work:
            self._first[run.accounts.own] = run.planes[PLANE][::2]

    def admit(self, run: Run, offers: NDArray[Any]) -> None:
        """Has those offers count whose account has further videos in the feed."""
        if offers.size <= _SINGLE:
            return
        videos = offers["video"]
        first = self._first[run.videos.rows["author"][videos]]
        fed = np.flatnonzero((offers["kind"] != LIST) & (first != NO_PLANE))
        planes, others = first[fed], videos[fed]
        another = np.ones(fed.size, bool)  # offers of a video stand side by side
        another[1:] = others[1:] != others[:-1]
        several = np.bincount(planes[another], minlength=1)[planes] > _SINGLE
        offers["counting"][fed[several]] = planes[several]
