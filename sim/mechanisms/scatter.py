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

from sim.compiled import compiled
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
        if offers.size > _SINGLE:
            _count(offers, run.videos.rows, self._first)


@compiled
def _count(offers: NDArray[Any], videos: NDArray[Any], first: NDArray[np.int64]) -> None:
    """Has offers (O,) OFFER count whose account has further videos in the feed.

    Args:
        offers: by video; changed.
        videos: (V,) VIDEO.
        first: (A,) the first plane of each account, or NO_PLANE.
    """
    fed, last = np.zeros(first.size, np.int64), np.full(first.size, -1, np.int64)
    for turn in range(2):
        for k in range(offers.size):
            video = offers[k].video
            author = videos[video].author
            if offers[k].kind == LIST or first[author] == NO_PLANE:
                continue
            if turn == 0:
                fed[author] += video != last[author]  # offers of a video stand side by side
                last[author] = video
            elif fed[author] > _SINGLE:
                offers[k].counting = first[author]
