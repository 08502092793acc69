"""Shared topics (M7): who opens the topic of a video finds there the newest videos of sister accounts.

Takes the hour's videos; gives the actions by account, and exits of the videos to others of the topic. A link
leads from the account whose viewers open the topic to the one whose newest video they find. It needs no heat:
what a hot topic's page shows of itself is topics.py.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import ORIGINS
from sim.rules.draws import threshold
from sim.rules.exits import exit_chance
from sim.world.exits import EXIT, NO_EXITS

TOPIC = ORIGINS.index("topic")
_LISTED, _EDGE = range(2)


class SharedTopics(Mechanism):
    """Accounts post under one topic, whose page lists their newest videos."""

    rows = "M7"

    def __init__(self, run: Run) -> None:
        self._links = run.scenario.links
        listed: dict[int, list[tuple[int, int]]] = {}
        for whose, found, edge in run.accounts.by_channel["topic"]:
            listed.setdefault(whose, []).append((found, edge))
        self._listed = {account: np.array(rows, np.int64) for account, rows in listed.items()}
        """account → (n, 2) whose videos its viewers find under its topic, over which edge"""
        self._tagging = np.zeros(len(run.accounts.rows), bool)
        self._tagging[list(self._listed)] = True
        self.at_work = bool(self._listed)
        self._newest: NDArray[np.int64] = np.full(len(run.accounts.rows), -1)
        """(A,) newest video of each account"""

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """The hour's posts join the topic; its page is sorted anew."""
        done = np.zeros_like(run.link_actions)
        first = run.videos.size - published.size
        for video, author in enumerate(published["author"].tolist(), first):
            self._newest[author] = video
            done[author] += self._tagging[author]
        run.link(done)
        run.exits.put(TOPIC, self._exits(run))

    def _exits(self, run: Run) -> NDArray[Any]:
        """Of each video of the window, to its sisters' newest ones, newest first."""
        window, videos = self._links.topic_window_h, run.videos.rows
        first = int(np.searchsorted(videos["hour"], run.hour - window, side="right"))
        authors, parts = videos["author"][first:], [NO_EXITS]
        for author in np.unique(authors).tolist():
            page = self._page(run, author, first)
            own = first + np.flatnonzero(authors == author)
            if page.size:
                rows = np.tile(page, own.size)
                rows["video"] = np.repeat(own, page.size)
                parts.append(rows)
        return np.concatenate(parts)

    def _page(self, run: Run, author: int, first: int) -> NDArray[Any]:
        """(n,) EXIT that any video of an account has."""
        if author not in self._listed:
            return NO_EXITS
        links, listed = self._links, self._listed[author]
        found = listed[self._newest[listed[:, _LISTED]] >= first]
        shown = self._newest[found[:, _LISTED]]
        order = np.argsort(-shown, kind="stable")[: links.liked_list_length]
        page = np.zeros(order.size, EXIT)
        page["account"], page["edge"] = found[order].T
        page["shown"] = shown[order]
        terms = links.topic_probability, links.list_decay
        ages = run.hour - run.videos.rows["hour"][page["shown"]]
        page["limit"] = [
            threshold(exit_chance(*terms, place, age, links.topic_window_h))
            for place, age in enumerate(ages.tolist())
        ]
        return page
