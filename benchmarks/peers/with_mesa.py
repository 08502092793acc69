"""The feed in Mesa, as its tutorials write models: an agent a person, an agent a video."""

import time
from heapq import nlargest
from operator import itemgetter, mul
from typing import Any

import mesa

from benchmarks.peers import feed

WORK = f"{feed.WORK}; one Python object a person and video"
_POOLS = range(len(feed.POOL_SHARE))


class Video(mesa.Agent):
    """A video on its way through the pools."""

    def __init__(self, model: "Feed", subject: list[float], account: int) -> None:
        super().__init__(model)
        self.subject = subject
        self.account = account
        self.pool = 0
        self.shown_in_pool = self.finished_in_pool = 0
        self.counts = [0] * len(feed.ACTIONS)

    def judge(self) -> None:
        """Moves up, leaves, or waits."""
        if 0 <= self.pool < len(self.model.gates) and self.shown_in_pool >= self.model.gates[self.pool]:
            passed = self.finished_in_pool >= feed.PASS_RATE * self.shown_in_pool
            self.pool = self.pool + 1 if passed else -1
            self.shown_in_pool = self.finished_in_pool = 0


class Person(mesa.Agent):
    """Somebody with tastes."""

    def __init__(self, model: "Feed", taste: list[float]) -> None:
        super().__init__(model)
        self.taste = taste
        self.follows: set[int] = set()

    def scroll(self) -> None:
        """Is offered candidates, sees the best, responds."""
        random, pools = self.random, self.model.pools
        draw = random.random
        offered = []
        for pool in random.choices(_POOLS, feed.POOL_SHARE, k=feed.CANDIDATES):
            video = random.choice(pools[pool])
            match = sum(map(mul, self.taste, video.subject))
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


class Feed(mesa.Model):
    """People and videos."""

    def __init__(self, users: int, seed: int) -> None:
        super().__init__(rng=seed)
        start = feed.world(users, seed)
        self.gates = feed.gates(users)
        self.chances = tuple(zip(feed.BASE, feed.SLOPE, strict=True))
        for subject, account in zip(start.subjects.tolist(), start.account.tolist(), strict=True):
            Video(self, subject, account)
        for taste in start.tastes.tolist():
            Person(self, taste)
        self.videos, self.people = self.agents_by_type[Video], self.agents_by_type[Person]
        self.fill()

    def fill(self) -> None:
        """The pools as lists; an empty one lends from all that are left."""
        live = [v for v in self.videos if v.pool >= 0] or list(self.videos)
        pools: list[list[Any]] = [[v for v in live if v.pool == p] for p in _POOLS]
        self.pools = [pool or live for pool in pools]

    def step(self) -> None:
        """One hour."""
        self.people.shuffle_do("scroll")
        self.videos.do("judge")
        self.fill()


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    model = Feed(users, seed)
    for _ in range(hours):
        model.step()
    seconds = time.perf_counter() - started
    shown = users * feed.SHOWN * hours
    totals = [sum(v.counts[k] for v in model.videos) for k in range(len(feed.ACTIONS))]
    return feed.Done(shown, seconds, {a: n / shown for a, n in zip(feed.ACTIONS, totals, strict=True)})
