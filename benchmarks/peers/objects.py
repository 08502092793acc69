"""The feed where each person and each video is a Python object, whatever library makes it one.

Takes what a model holds (`gates`, `pools`, `chances`, `random`); gives what Mesa and AgentPy let their agents do.
"""

from collections.abc import Iterable
from heapq import nlargest
from operator import itemgetter, mul
from typing import Any

from benchmarks.peers import feed

WORK = f"{feed.WORK}; one Python object a person and video"
POOLS = range(len(feed.POOL_SHARE))


class Judged:
    """A video on its way through the pools."""

    model: Any
    pool = shown_in_pool = finished_in_pool = 0

    def judge(self) -> None:
        """Moves up, leaves, or waits."""
        gates = self.model.gates
        if 0 <= self.pool < len(gates) and self.shown_in_pool >= gates[self.pool]:
            self.pool = self.pool + 1 if self.finished_in_pool >= feed.PASS_RATE * self.shown_in_pool else -1
            self.shown_in_pool = self.finished_in_pool = 0


class Scrolling:
    """Somebody with tastes."""

    model: Any
    taste: list[float]
    follows: set[int]

    def scroll(self) -> None:
        """Is offered candidates, sees the best, responds."""
        random, pools, taste = self.model.random, self.model.pools, self.taste
        draw = random.random
        offered = []
        for pool in random.choices(POOLS, feed.POOL_SHARE, k=feed.CANDIDATES):
            video = random.choice(pools[pool])
            match = sum(map(mul, taste, video.subject))
            offered.append((match + feed.POOL_BONUS[video.pool], match, video))
        for _, match, video in nlargest(feed.SHOWN, offered, key=itemgetter(0)):
            video.shown_in_pool += 1
            for action, (base, slope) in enumerate(self.model.chances):
                if draw() < base + slope * match:
                    video.counts[action] += 1
                    if action == 0:
                        video.finished_in_pool += 1
                    elif action == 4:
                        self.follows.add(video.account)


def pools_of(videos: Iterable[Any]) -> list[list[Any]]:
    """The pools as lists; an empty one lends from all that are left."""
    every = list(videos)
    live = [v for v in every if v.pool >= 0] or every
    pools = [[v for v in live if v.pool == p] for p in POOLS]
    return [pool or live for pool in pools]


def done(videos: Iterable[Any], shown: int, seconds: float) -> feed.Done:
    """What a round of so many impressions did."""
    totals = [sum(own) for own in zip(*(video.counts for video in videos), strict=True)]
    return feed.Done(shown, seconds, {a: n / shown for a, n in zip(feed.ACTIONS, totals, strict=True)})
