"""Sharing to friends (U1), at the barrier between hours: who opens what was sent.

Takes the hour's shares; gives arrivals of a later hour. Shares of a video that the platform
has retired reach nobody. Branching stays far below 1 at measured rates, so chains are short.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled, inner
from sim.hour.run import Run
from sim.rules.draws import child, shuffle, stirred, undoing, unstirred
from sim.rules.sharing import NOBODY, RINGS, are_friends, facing, open_draw

PERSON = np.uint64(0xFFFFFFFF)
"""The half of a share that is the sharer; the other is the video."""


@inner
def _friends(
    shares: NDArray[np.uint64],
    users: Whole,
    ring_key: Word,
    exists: Word,
    places: NDArray[np.int64],
    others: NDArray[np.int64],
) -> None:
    """Writes each sharer's friend in one matching, or NOBODY, to `others`: `friend` of many at once.

    Each pass does the same to all, several at a time; whoever goes astray is walked on alone.
    """
    order = shuffle(users, ring_key)
    back = undoing(order)
    for k in range(shares.size):
        places[at(k)] = unstirred(np.int64(shares[at(k)] & PERSON), order, back)
    for k in range(shares.size):
        while places[at(k)] >= users:
            places[at(k)] = unstirred(places[at(k)], order, back)
        places[at(k)] = facing(places[at(k)])
    for k in range(shares.size):
        others[at(k)] = stirred(places[at(k)], order)
    for k in range(shares.size):
        while others[at(k)] >= users and places[at(k)] < users:
            others[at(k)] = stirred(others[at(k)], order)
    for k in range(shares.size):
        there = are_friends(np.int64(shares[at(k)] & PERSON), others[at(k)], ring_key, exists)
        others[at(k)] = others[at(k)] if there and places[at(k)] < users else NOBODY


@compiled
def opened_by_friends(
    shares: NDArray[np.uint64],
    videos: NDArray[Any],
    users: int,
    graph_key: Word,
    exists: Word,
    opens: Word,
) -> NDArray[np.uint64]:
    """Every (video << 32 | friend) that opens one of the shares, with repetitions.

    Args:
        shares: video << 32 | user who shared.
        videos: (V,) VIDEO.
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
            if other < 0 or open_draw(videos[video].key, sharer, other) >= opens:
                continue
            if count == found.size:
                larger = np.empty(2 * count, np.uint64)
                for old in range(count):
                    larger[old] = found[old]
                found = larger
            found[count] = (np.uint64(video) << np.uint64(32)) | np.uint64(other)
            count += 1
    return found[:count]


def send(run: Run) -> None:
    """Turns the hour's shares into arrivals `delay_h` hours later."""
    assert run.events is not None
    shares = run.events.shares
    shares = shares[~run.closed[(shares >> np.uint64(32)).astype(np.int64)]]
    if shares.size == 0:
        return
    found = opened_by_friends(
        shares, run.videos.rows, run.population.users.size,
        run.friend_key, run.friend_exists, run.friend_opens,
    )  # fmt: skip
    if found.size:
        found.sort()  # `unique` would hash first, which takes four times as long
        run.arrivals[run.hour + run.scenario.sharing.delay_h] = found[
            np.append(found[1:] != found[:-1], True)
        ]
