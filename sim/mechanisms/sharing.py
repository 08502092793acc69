"""Sharing to friends (U1), at the barrier between hours: who opens what was sent.

Takes the hour's shares; gives lists of people for a later hour. Branching stays far
below 1 at measured rates, so chains are short.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled, inner
from sim.hour.events import SHARED
from sim.hour.offers import LIST, NO_OFFERS, NOBODY, firsts, offers
from sim.hour.run import Mechanism, Run
from sim.rules.draws import (
    FRIENDS,
    child,
    inverse_shuffle,
    root_key,
    shuffle,
    shuffled,
    threshold,
    unshuffled,
)
from sim.rules.sharing import NOBODY as NO_FRIEND
from sim.rules.sharing import RINGS, are_friends, edge_threshold, facing, open_draw
from sim.world.board import FRIENDS as FRIENDS_ORIGIN
from sim.world.board import OTHER

PERSON = np.uint64(0xFFFFFFFF)
_VIDEO = np.uint64(32)
"""The half of a share that is the sharer; the other, above these bits, is the video."""


@inner
def _friends(
    shares: NDArray[np.uint64],
    users: Whole,
    ring_key: Word,
    exists: Word,
    places: NDArray[np.int64],
    others: NDArray[np.int64],
) -> None:
    """Writes each sharer's friend in one matching, or NO_FRIEND, to `others`: `friend` of many at once.

    Each pass does the same to all, several at a time; whoever lies past the end is walked on alone.
    """
    order = shuffle(users, ring_key)
    back = inverse_shuffle(order)
    for k in range(shares.size):
        places[at(k)] = unshuffled(np.int64(shares[at(k)] & PERSON), order, back)
    for k in range(shares.size):
        while places[at(k)] >= users:
            places[at(k)] = unshuffled(places[at(k)], order, back)
        places[at(k)] = facing(places[at(k)])
    for k in range(shares.size):
        others[at(k)] = shuffled(places[at(k)], order)
    for k in range(shares.size):
        while others[at(k)] >= users and places[at(k)] < users:
            others[at(k)] = shuffled(others[at(k)], order)
    for k in range(shares.size):
        there = are_friends(np.int64(shares[at(k)] & PERSON), others[at(k)], ring_key, exists)
        others[at(k)] = others[at(k)] if there and places[at(k)] < users else NO_FRIEND


@compiled
def opened_by_friends(
    shares: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    users: int,
    graph_key: Word,
    exists: Word,
    opens: Word,
) -> NDArray[np.uint64]:
    """Every (video << 32 | friend) that opens one of the shares, with repetitions.

    Args:
        shares: video << 32 | user who shared.
        keys: (V,) addresses of the videos.
        users: people in the population.
        graph_key: key of the friend graph.
        exists: threshold with which two people are friends in a matching [1/2³²].
        opens: threshold with which a friend opens what was sent [1/2³²].
    """
    found = np.empty(max(16, shares.size), np.uint64)
    places, others = np.empty(shares.size, np.int64), np.empty(shares.size, np.int64)
    count = 0
    for ring in range(RINGS):  # outside, so that what a matching needs is worked out once
        _friends(shares, users, child(graph_key, ring), exists, places, others)
        for k in range(shares.size):
            video, sharer = np.int64(shares[k] >> np.uint64(32)), np.int64(shares[k] & PERSON)
            other = others[k]
            if other < 0 or open_draw(keys[video], sharer, other) >= opens:
                continue
            if count == found.size:
                larger = np.empty(2 * count, np.uint64)
                for old in range(count):
                    larger[old] = found[old]
                found = larger
            found[count] = (np.uint64(video) << np.uint64(32)) | np.uint64(other)
            count += 1
    return found[:count]


class Sharing(Mechanism):
    """Shares reach mutual friends some hours later; shares of a video that was retired reach nobody."""

    rows = "U1"
    hears = (SHARED,)

    def __init__(self, run: Run) -> None:
        sharing = run.scenario.sharing
        self._delay_h = sharing.delay_h
        self._graph = root_key(run.seed, FRIENDS)
        self._exists = np.uint64(edge_threshold(sharing.friends))
        """Threshold with which an edge of a matching of the friend graph exists [1/2³²]."""
        self._opens = np.uint64(threshold(sharing.open_probability))
        """Threshold with which a friend opens what was shared [1/2³²]."""
        self.arrivals: dict[int, NDArray[np.uint64]] = {}
        """hour → sorted video << 32 | user of what friends sent."""
        self._messages = NOBODY
        """Of the hour that was offered last."""

    def offer(self, run: Run) -> NDArray[Any]:
        """One list a video that friends have sent to somebody."""
        sent = self.arrivals.pop(run.hour, NOBODY)
        if not sent.size:
            return NO_OFFERS
        videos = (sent >> _VIDEO).view(np.int64)
        first = firsts(videos)
        self._messages = (first.cumsum() - 1).astype(np.uint64) << _VIDEO | sent & PERSON
        return offers(videos[first], LIST, FRIENDS_ORIGIN, OTHER)

    def messages(self, run: Run) -> NDArray[np.uint64]:
        """Whom friends have sent what."""
        return self._messages

    def awaited(self) -> NDArray[np.int64]:
        """Videos that friends are about to open."""
        on_the_way = np.concatenate([NOBODY, *self.arrivals.values()]) >> np.uint64(32)
        return np.unique(on_the_way.astype(np.int64))

    def settle(self, run: Run) -> None:
        """Turns the hour's shares into arrivals `delay_h` hours later."""
        sent = run.heard(SHARED)
        if not sent.size:
            return
        what = sent["what"]
        shares = (what << 32 | sent["person"])[~run.closed[what]].view(np.uint64)
        if not shares.size:
            return
        found = opened_by_friends(
            shares, np.ascontiguousarray(run.videos.rows["key"]), run.population.users.size,
            self._graph, self._exists, self._opens,
        )  # fmt: skip
        if found.size:
            found.sort()  # `unique` would hash first, which takes four times as long
            self.arrivals[run.hour + self._delay_h] = found[firsts(found)]
