"""What accounts do for their links (M4, M5, M6): follow, like and @ one another, and what that costs.

Takes the hour's videos; gives the actions by account. Where links lead people is decided where people
are (hour/walk.py); likers' lists are kept on the board.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run


class Links(Mechanism):
    """Follow, like and @ between accounts."""

    rows = "M4 M5 M6"

    def __init__(self, run: Run) -> None:
        per_caption = run.scenario.links.mentions_per_caption
        self._per_action = round(100 * run.scenario.links.cost_per_link_action_cny)
        self._named = np.minimum(np.diff(run.accounts.mention_starts), per_caption)

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Sisters like a new video, its caption names sisters; lists of follows stand from the first hour."""
        done = np.zeros_like(run.link_actions)
        for author in published["author"].tolist():
            for liker, _ in run.accounts.likers.get(author, ()):
                done[liker] += 1
            if run.accounts.rows[author].role != "creator":  # a creator's @ is in the price of the post
                done[author] += self._named[author]
        if run.hour == 0:
            done += np.diff(run.accounts.follow_starts)
        run.link_actions += done
        run.ledger.book(run.hour, "link_actions", done * self._per_action)
