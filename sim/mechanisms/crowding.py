"""Crowding (P13): posts of one account of the brand within 24 hours share its start.

Takes the hour's videos; gives a factor on the first exposure, by how many the same account has published
within the last 24 hours, whoever planned them. Causal: what is still to come costs nothing. Creators, who
are bought post by post, do not crowd.
"""

from collections import defaultdict

from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing, at_opening
from sim.rules.crowding import crowded, place


class Crowding(Mechanism):
    """Remembers when each account published last."""

    rows = "P13"

    def __init__(self, run: Run) -> None:
        self._elasticity = run.scenario.platform.same_day_elasticity
        self.at_work = self._elasticity != 0.0
        self._recent: defaultdict[int, list[int]] = defaultdict(list)
        """Hours of the posts of the last day, by account."""

    def standing(self, run: Run) -> Standing | None:
        """Factors on the videos of this hour."""
        new = run.opening
        if not new.size:
            return None
        factors = []
        for author in new["author"].tolist():
            k = place(self._recent[author], run.hour) if run.accounts.own[author] else 1
            factors.append(crowded(k, self._elasticity))
        return at_opening(factors, run.videos.size)
