"""The feed as a tuned numba loop: what somebody gets who knows the machine and wants nothing but speed.

Judging videos and filling pools, once an hour, is NumPy's. Candidates of a block of people are
drawn before any is scored, so that memory delivers several at once; draws are hashes, compared
in 32-bit floating point.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import feed, with_numpy
from sim.rules.draws import GOLD, high32, low32, mix, thresholds

WORK = f"{feed.WORK}; one compiled loop, nothing else"
BLOCK = 32
"""People whose candidates are drawn together."""
_SCALE = np.float32(2.0**-32)


class Pools(NamedTuple):
    """What is on offer; V videos.

    (V,) each one's pool, −1 for none; (V,) videos pool by pool, (4,) where a pool begins among them and (4,) how
    many it has; (3,) cumulated shares of the pools [1/2³²]; (5,) bonus by pool.
    """

    pool: NDArray[np.int64]
    order: NDArray[np.int64]
    start: NDArray[np.int64]
    size: NDArray[np.int64]
    limits: NDArray[np.uint64]
    bonus: NDArray[np.float32]


@numba.njit(nogil=True, fastmath=True, error_model="numpy")
def scroll(
    first: int, last: int, world: Any, pools: Any, chances: Any, counts: Any, follows: Any, key: Any
) -> None:
    """An hour of some people.

    Args:
        first: the first of them.
        last: one past the last.
        world: feed.World.
        pools: what is on offer.
        chances: (2, 5) of a response: without match, and what a full match adds.
        counts: (6, V) impressions and responses by video, added to.
        follows: (U, accounts) set where somebody follows.
        key: of the hour.
    """
    offered = np.empty((BLOCK, feed.CANDIDATES), np.int64)
    scores, matches = np.empty(feed.SHOWN, np.float32), np.empty(feed.SHOWN, np.float32)
    shown, draws = np.empty(feed.SHOWN, np.int64), np.empty(6, np.uint64)
    for begin in range(first, last, BLOCK):
        end = min(begin + BLOCK, last)
        for user in range(begin, end):
            for c in range(feed.CANDIDATES):
                word = mix(key + np.uint64(user * feed.CANDIDATES + c) * GOLD)
                drawn, p = high32(word), 0
                for limit in pools.limits:
                    p += drawn >= limit
                place = (low32(word) * np.uint64(pools.size[p])) >> np.uint64(32)
                offered[user - begin, c] = pools.order[pools.start[p] + np.int64(place)]
        for user in range(begin, end):
            kept = 0
            for c in range(feed.CANDIDATES):
                video = offered[user - begin, c]
                match = np.float32(0)
                for topic in range(feed.TOPICS):
                    match += world.tastes[user, topic] * world.subjects[video, topic]
                score = match + pools.bonus[pools.pool[video]]
                if kept == feed.SHOWN and score <= scores[kept - 1]:
                    continue
                k = min(kept, feed.SHOWN - 1)
                kept = min(kept + 1, feed.SHOWN)
                while k > 0 and scores[k - 1] < score:
                    scores[k], matches[k], shown[k] = scores[k - 1], matches[k - 1], shown[k - 1]
                    k -= 1
                scores[k], matches[k], shown[k] = score, match, video
            for k in range(feed.SHOWN):
                video = shown[k]
                own = mix(~key + np.uint64(user * feed.SHOWN + k) * GOLD)
                for n in range(3):
                    word = mix(own + np.uint64(n + 1) * GOLD)
                    draws[2 * n], draws[2 * n + 1] = low32(word), high32(word)
                counts[0, video] += 1
                for action in range(5):
                    chance = chances[0, action] + chances[1, action] * matches[k]
                    if np.float32(draws[action]) * _SCALE < chance:
                        counts[1 + action, video] += 1
                        if action == 4:
                            follows[user, world.account[video]] = True


class Feed(with_numpy.Feed):
    """People and videos as arrays; everything but the scrolling is NumPy's."""

    def __init__(self, users: int, seed: int) -> None:
        super().__init__(users, seed)
        self.limits = thresholds(np.cumsum(feed.POOL_SHARE)[:-1])
        self.chances = np.array([feed.BASE, feed.SLOPE], np.float32)

    def scroll(self, first: int, last: int) -> None:
        """An hour of some people."""
        ladder = self.ladder
        pools = Pools(ladder.pool, ladder.order, ladder.start, ladder.size, self.limits, self.bonus)
        key = self.rng.integers(0, 2**64, dtype=np.uint64)
        scroll(first, last, self.world, pools, self.chances, ladder.counts, self.follows, key)


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    return with_numpy.rounds(Feed, users, hours, seed)
