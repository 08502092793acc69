"""Search and nearby (P14): two small entrances show a post to further people, as it was recommended.

Takes the counts; gives quotas under the origins `search` and `nearby`. Whoever searches is sought as the
post's topics aim, whoever looks around nearby whatever their interest; where people live is not modelled. Who
came that way responds as to any other video, though searchers may well respond more.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import ORIGINS
from sim.rules.entrances import hourly_share
from sim.world.aims import by_topic
from sim.world.board import IMPRESSIONS, JUDGED, OTHER
from sim.world.offers import QUOTA, offers
from sim.world.population import topic_names

ENTRANCES = ("search", "nearby")
_SEARCH, _NEARBY = range(2)


class Entrances(Mechanism):
    """What each video still owes to either entrance."""

    rows = "P14"

    def __init__(self, run: Run) -> None:
        terms, audience = run.scenario.entrances, run.scenario.audience
        self._shares = np.array([[terms.search_share], [terms.nearby_share]])
        self.at_work = bool(self._shares.any())
        self._hourly = np.array([[hourly_share(terms.search_wait_h)], [hourly_share(0.0)]])
        self._owed = self._ready = np.zeros((2, 0))
        """(2, V) views by entrance that are to come, and what of them has come due and was not shown."""
        self._before: NDArray[np.int64] = np.zeros(0, np.int64)
        """(V,) recommended views that have been counted."""
        self._anybody = -1
        if self.at_work:
            self._anybody = run.aims.add(
                by_topic([audience.topics[name] for name in topic_names(run.scenario)])
            )

    def offer(self, run: Run) -> NDArray[Any]:
        """Whole views that have come due, of videos that can still be shown."""
        new = run.videos.size - self._owed.shape[1]
        self._owed, self._ready = (
            np.concatenate([column, np.zeros((2, new))], axis=1) for column in (self._owed, self._ready)
        )
        self._owed[:, run.marks["forgotten"]] = self._ready[:, run.marks["forgotten"]] = 0.0
        flow = self._owed * self._hourly
        self._owed -= flow
        self._ready += flow
        whole = np.floor(self._ready)
        self._ready -= whole
        quota = np.minimum(whole, run.population.users.size).astype(np.int64)
        makers = run.videos.rows["maker"]
        parts = []
        for entrance, origin in enumerate(ENTRANCES):
            (shown,) = quota[entrance].nonzero()
            whose = makers[shown] if entrance == _SEARCH else self._anybody
            number = ORIGINS.index(origin)
            parts.append(offers(shown, QUOTA, number, OTHER, quota=quota[entrance, shown], whose=whose))
        return np.concatenate(parts)

    def awaited(self) -> NDArray[np.int64]:
        """Videos of which a whole view is to come."""
        return np.flatnonzero((self._owed + self._ready >= 1).any(axis=0))

    def settle(self, run: Run) -> None:
        """The hour's recommended views owe further ones."""
        now = run.tally.videos[:, JUDGED, IMPRESSIONS]
        self._owed += self._shares * (
            now - np.append(self._before, np.zeros(now.size - self._before.size, np.int64))
        )
        self._before = now.copy()
