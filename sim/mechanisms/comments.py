"""Comments of sister accounts (M7): beneath a video stands who commented, a door to the commenter's page.

Takes the hour's videos; gives the actions by account, and exits of the videos to the commenters' pages. A
link leads from the account under whose videos is commented to the one that comments. That a viewer takes an
exit is decided where people are (engines/columns/walk.py).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import ORIGINS
from sim.rules.draws import threshold
from sim.rules.exits import exit_chance
from sim.rules.links import is_chosen
from sim.world.exits import EXIT, NO_VIDEO
from sim.world.posts import phase_of

COMMENT = ORIGINS.index("comment")


class Commented(NamedTuple):
    """A comment that stands beneath a video."""

    hour: int
    video: int
    account: int
    """who commented"""
    edge: int
    place: int
    """among the comments of sisters, from 0"""


class Comments(Mechanism):
    """Accounts comment beneath their sisters' videos, and are found there."""

    rows = "M7"

    def __init__(self, run: Run) -> None:
        self._links, ids = run.scenario.links, [row.id for row in run.accounts.rows]
        self._by: dict[int, list[tuple[int, int, float]]] = {}
        """account → (account that comments beneath its videos, edge, phase)"""
        for whose, who, edge in run.accounts.by_channel["comment"]:
            self._by.setdefault(whose, []).append((who, edge, phase_of(ids[who])))
        self.at_work = bool(self._by)
        self._standing: list[Commented] = []

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Sisters comment beneath new videos; what is older has sunk."""
        links, done = self._links, np.zeros_like(run.link_actions)
        self._standing = [old for old in self._standing if run.hour - old.hour < links.comment_window_h]
        first = run.videos.size - published.size
        for video, row in enumerate(published, first):
            turns = (
                who
                for who in self._by.get(int(row["author"]), ())
                if is_chosen(int(row["number"]), who[2], links.comment_share)
            )
            for place, (account, edge, _) in enumerate(turns):
                done[account] += 1
                self._standing.append(Commented(run.hour, video, account, edge, place))
        run.link(done)
        run.exits.put(COMMENT, self._exits(run.hour))

    def _exits(self, hour: int) -> NDArray[Any]:
        links = self._links
        terms = links.comment_probability, links.list_decay
        rows = [
            (c.video, threshold(exit_chance(*terms, c.place, hour - c.hour, links.comment_window_h)),
             c.account, NO_VIDEO, COMMENT, c.edge)
            for c in self._standing
        ]  # fmt: skip
        return np.array(rows, EXIT)
