"""What accounts do for their links (M4-M7): follow, like, @ and repost one another, and what that costs.

Takes the hour's videos; gives the actions by account, and offers of reposted videos to the reposters'
fans. Where lists and @ lead people is decided where people are (engines/columns/walk.py); likers' lists are
kept on the board.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import ORIGINS
from sim.rules.draws import threshold
from sim.rules.links import is_chosen, shown_reposts
from sim.world.board import OTHER
from sim.world.offers import NO_OFFERS, WINDOW, offers
from sim.world.posts import phase_of

REPOST = ORIGINS.index("repost")
_HOUR, _VIDEO, _WHOSE, _EDGE = range(4)
"""Columns of the reposts to come: when, of what, whose fans see it, over which link."""


class Links(Mechanism):
    """Follow, like, @ and repost between accounts."""

    rows = "M4 M5 M6 M7"

    def __init__(self, run: Run) -> None:
        self._links = links = run.scenario.links
        ids = [row.id for row in run.accounts.rows]
        self._named = np.minimum(np.diff(run.accounts.mention_starts), links.mentions_per_caption)
        self._reposters: dict[int, list[tuple[int, int, float]]] = {}
        """account → (account that reposts its videos, edge, phase)"""
        for who, whose, edge in run.accounts.by_channel["repost"]:
            self._reposters.setdefault(whose, []).append((who, edge, phase_of(ids[who])))
        width, hours = int(threshold(links.repost_fan_share)), links.repost_window_h
        self._shown = np.array([shown_reposts(width, age, hours) for age in range(hours + 1)], np.uint64)
        self._reposts = np.zeros((0, 4), np.int64)

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Sisters like a new video or will repost it, and its caption names sisters.

        Lists of follows stand from the first hour.
        """
        if run.hour and not published.size and not self._reposts.size:
            return
        done = np.zeros_like(run.link_actions)
        for author in published["author"].tolist():
            for liker, _ in run.accounts.likers.get(author, ()):
                done[liker] += 1
            if run.accounts.own[author]:  # a creator's @ is in the price of the post
                done[author] += self._named[author]
        if run.hour == 0:
            done += np.diff(run.accounts.follow_starts)
        if self._reposters:
            self._plan_reposts(run, published)
            now = self._reposts[self._reposts[:, _HOUR] == run.hour]
            np.add.at(done, now[:, _WHOSE], 1)
        run.link(done)

    def _plan_reposts(self, run: Run, published: NDArray[Any]) -> None:
        hour, first = run.hour + self._links.repost_delay_h, run.videos.size - published.size
        authors, numbers = published["author"].tolist(), published["number"].tolist()
        planned = [
            (hour, video, reposter, edge)
            for video, (author, number) in enumerate(zip(authors, numbers, strict=True), first)
            for reposter, edge, phase in self._reposters.get(author, ())
            if is_chosen(number, phase, self._links.repost_share)
        ]
        if planned:
            self._reposts = np.concatenate([self._reposts, np.array(planned, np.int64)])

    def offer(self, run: Run) -> NDArray[Any]:
        """Reposted videos, each to those of the reposter's fans whose turn it is."""
        if not self._reposts.size:
            return NO_OFFERS
        self._reposts = self._reposts[run.hour - self._reposts[:, _HOUR] < self._links.repost_window_h]
        now = self._reposts[self._reposts[:, _HOUR] <= run.hour]
        age = run.hour - now[:, _HOUR]
        return offers(
            now[:, _VIDEO], WINDOW, REPOST, OTHER, whose=now[:, _WHOSE], edge=now[:, _EDGE],
            low=self._shown[age], high=self._shown[age + 1],
        )  # fmt: skip

    def awaited(self) -> NDArray[np.int64]:
        """Videos that are being reposted or will be."""
        return np.unique(self._reposts[:, _VIDEO])
