"""Sharing to friends (U1), at the barrier between hours: who opens what was sent.

Takes the hour's shares; gives lists of people for a later hour. Branching stays far
below 1 at measured rates, so chains are short.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled, inlined
from sim.hour.events import SHARED
from sim.hour.run import Mechanism, Run
from sim.rules.addresses import FRIENDS
from sim.rules.draws import child, inverse_shuffle, root_key, shuffle, shuffled, threshold, unshuffled
from sim.rules.sharing import NOBODY as NO_FRIEND
from sim.rules.sharing import RINGS, are_friends, edge_threshold, facing, open_draw
from sim.world.board import FRIENDS as FRIENDS_ORIGIN
from sim.world.board import OTHER
from sim.world.offers import LIST, NO_OFFERS, NOBODY, firsts, offers

PERSON = np.uint64(0xFFFFFFFF)
_VIDEO = np.uint64(32)
"""The half of a share that is the sharer; the other, above these bits, is the video."""
TOGETHER = 256
"""Shares whose friends are sought together: what is known of them stays in the nearest cache."""


class Sought(NamedTuple):
    """Some shares whose friends are sought, as far as one has come with them; each (TOGETHER,)."""

    sharers: NDArray[np.int64]
    keys: NDArray[np.uint64]
    """Addresses of the videos."""
    places: NDArray[np.int64]
    """Of the sharers in a matching, then of those beside them."""
    others: NDArray[np.int64]
    """Who is there."""
    left: NDArray[np.int64]
    """Those who are not done yet: no processor guesses whom a pass leaves, so it is noted without asking."""


@inlined
def _friends(sought: Sought, size: Whole, users: Whole, ring_key: Word, exists: Word) -> Whole:
    """How many of some sharers have a friend in one matching, `friend` of many; which is noted in `left`.

    Each pass does the same to all, several at a time; those who lie past the end are walked on.
    """
    sharers, _, places, others, left = sought
    order = shuffle(users, ring_key)
    back = inverse_shuffle(order)
    for k in range(size):
        places[at(k)] = unshuffled(sharers[at(k)], order, back)
    count = _past(places, users, size, left)
    while count > 0:
        walked, count = count, 0
        for n in range(walked):
            k = left[at(n)]
            places[at(k)] = unshuffled(places[at(k)], order, back)
            left[at(count)] = k
            count += places[at(k)] >= users
    for k in range(size):
        places[at(k)] = facing(places[at(k)])
        others[at(k)] = shuffled(places[at(k)], order)
    count = _past(others, users, size, left)
    while count > 0:
        walked, count = count, 0
        for n in range(walked):
            k = left[at(n)]
            others[at(k)] = shuffled(others[at(k)], order)
            left[at(count)] = k
            count += (others[at(k)] >= users) & (
                places[at(k)] < users
            )  # nobody is beside the last of an odd number
    for k in range(size):
        there = are_friends(sharers[at(k)], others[at(k)], ring_key, exists)
        others[at(k)] = others[at(k)] if there and places[at(k)] < users else NO_FRIEND
    for k in range(size):
        left[at(count)] = k
        count += others[at(k)] >= 0
    return count


@inlined
def _past(places: NDArray[np.int64], users: Whole, size: Whole, left: NDArray[np.int64]) -> Whole:
    """How many of the first `size` places lie past the end; which is noted in `left`."""
    count = np.int64(0)
    for k in range(size):
        left[at(count)] = k
        count += places[at(k)] >= users
    return count


@compiled
def opened_by_friends(
    shares: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    users: int,
    graph_key: Word,
    exists: Word,
    opens: Word,
) -> NDArray[np.uint64]:
    """Every (video << 32 | friend) that opens one of the shares, with repetitions, in any order.

    Args:
        shares: video << 32 | user who shared.
        keys: (V,) addresses of the videos.
        users: people in the population.
        graph_key: key of the friend graph.
        exists: threshold with which two people are friends in a matching [1/2³²].
        opens: threshold with which a friend opens what was sent [1/2³²].
    """
    found = np.empty(max(TOGETHER, shares.size), np.uint64)
    count: Whole = np.int64(0)
    rows, words = np.empty((4, TOGETHER), np.int64), np.empty(TOGETHER, np.uint64)
    sought = Sought(rows[0], words, rows[1], rows[2], rows[3])
    for begin in range(0, shares.size, TOGETHER):
        size = min(TOGETHER, shares.size - begin)
        for k in range(size):
            share = shares[begin + k]
            sought.sharers[k], sought.keys[k] = np.int64(share & PERSON), keys[share >> _VIDEO]
        for ring in range(RINGS):
            friends = _friends(sought, size, users, child(graph_key, ring), exists)
            if count + friends > found.size:
                larger = np.empty(2 * found.size, np.uint64)
                for old in range(count):
                    larger[old] = found[old]
                found = larger
            for n in range(friends):
                k = sought.left[at(n)]
                other = sought.others[at(k)]
                found[at(count)] = (shares[at(begin + k)] & ~PERSON) | np.uint64(other)
                count += open_draw(sought.keys[at(k)], sought.sharers[at(k)], other) < opens
    return found[:count]


@compiled
def lists(sent: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Videos of some sorted video << 32 | user (n,), each once, and place among these << 32 | user (n,)."""
    videos, messages, count = np.empty(sent.size, np.int64), np.empty_like(sent), 0
    for k in range(sent.size):
        video = np.int64(sent[k] >> _VIDEO)
        if count == 0 or videos[count - 1] != video:
            videos[count] = video
            count += 1
        messages[k] = np.uint64(count - 1) << _VIDEO | sent[k] & PERSON
    return videos[:count], messages


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
        videos, self._messages = lists(sent)
        return offers(videos, LIST, FRIENDS_ORIGIN, OTHER)

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
        shares = (what << 32 | sent["person"])[~run.marks["closed"][what]].view(np.uint64)
        if not shares.size:
            return
        found = opened_by_friends(
            shares, np.ascontiguousarray(run.videos.rows["key"]), run.population.users.size,
            self._graph, self._exists, self._opens,
        )  # fmt: skip
        if found.size:
            found.sort()  # `unique` would hash first, which takes four times as long
            self.arrivals[run.hour + self._delay_h] = found[firsts(found)]
