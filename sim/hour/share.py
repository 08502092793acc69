"""Sharing to friends (U1), at the barrier between hours: who opens what was sent.

Takes the hour's shares; gives arrivals of a later hour. Shares of a video that the platform
has retired reach nobody. Branching stays far below 1 at measured rates, so chains are short.
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled
from sim.hour.run import Run, friend_thresholds
from sim.rules.sharing import RINGS, friend, open_draw


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
    others = np.empty(shares.size, np.int64)
    count = 0
    for ring in range(RINGS):  # outside, so that what a matching needs is worked out once
        for k in range(shares.size):  # alone: who has a friend is hard to foresee, and would hold up the next
            others[k] = friend(np.int64(shares[k] & np.uint64(0xFFFFFFFF)), ring, users, graph_key, exists)
        for k in range(shares.size):
            video = np.int64(shares[k] >> np.uint64(32))
            sharer = np.int64(shares[k] & np.uint64(0xFFFFFFFF))
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


def send(run: Run) -> None:
    """Turns the hour's shares into arrivals `delay_h` hours later."""
    assert run.events is not None
    shares = run.events.shares
    shares = shares[~run.closed[(shares >> np.uint64(32)).astype(np.int64)]]
    if shares.size == 0:
        return
    exists, opens = friend_thresholds(run.scenario)
    found = opened_by_friends(
        shares, run.videos.keys, run.population.users.size, run.friend_key,
        np.uint64(exists), np.uint64(opens),
    )  # fmt: skip
    if found.size:
        run.arrivals[run.hour + run.scenario.sharing.delay_h] = np.unique(found)
