"""The feed in AgentPy: lists of agents, one Python object a person and video."""

import time
from heapq import nlargest
from operator import itemgetter, mul
from typing import Any

import agentpy

from benchmarks.peers import feed

WORK = f"{feed.WORK}; one Python object a person and video"
_POOLS = range(len(feed.POOL_SHARE))


class Video(agentpy.Agent):
    """A video on its way through the pools."""

    def setup(self) -> None:
        """Before it has been shown."""
        self.subject, self.account = next(self.model.unborn_videos)
        self.pool = 0
        self.shown_in_pool = self.finished_in_pool = 0
        self.counts = [0] * len(feed.ACTIONS)

    def judge(self) -> None:
        """Moves up, leaves, or waits."""
        gates = self.model.gates
        if 0 <= self.pool < len(gates) and self.shown_in_pool >= gates[self.pool]:
            self.pool = self.pool + 1 if self.finished_in_pool >= feed.PASS_RATE * self.shown_in_pool else -1
            self.shown_in_pool = self.finished_in_pool = 0


class Person(agentpy.Agent):
    """Somebody with tastes."""

    def setup(self) -> None:
        """Follows nobody yet."""
        self.taste = next(self.model.unborn_people)
        self.follows: set[int] = set()

    def scroll(self) -> None:
        """Is offered candidates, sees the best, responds."""
        random, pools, taste = self.model.random, self.model.pools, self.taste
        draw = random.random
        offered = []
        for pool in random.choices(_POOLS, feed.POOL_SHARE, k=feed.CANDIDATES):
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


class Feed(agentpy.Model):
    """People and videos."""

    def setup(self) -> None:
        """Builds everybody."""
        users = self.p.users
        start = feed.world(users, self.p.seed)
        self.gates = feed.gates(users)
        self.chances = tuple(zip(feed.BASE, feed.SLOPE, strict=True))
        self.unborn_videos = zip(start.subjects.tolist(), start.account.tolist(), strict=True)
        self.unborn_people = iter(start.tastes.tolist())
        self.videos = agentpy.AgentList(self, feed.VIDEOS, Video)
        self.people = agentpy.AgentList(self, users, Person)
        self.fill()

    def fill(self) -> None:
        """The pools as lists; an empty one lends from all that are left."""
        live = [v for v in self.videos if v.pool >= 0] or list(self.videos)
        pools: list[list[Any]] = [[v for v in live if v.pool == p] for p in _POOLS]
        self.pools = [pool or live for pool in pools]

    def step(self) -> None:
        """One hour."""
        self.people.shuffle().scroll()
        self.videos.judge()
        self.fill()


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    model = Feed({"users": users, "seed": seed, "steps": hours})
    model.sim_setup(seed=seed)
    for _ in range(hours):
        model.sim_step()
    seconds = time.perf_counter() - started
    shown = users * feed.SHOWN * hours
    totals = [sum(v.counts[k] for v in model.videos) for k in range(len(feed.ACTIONS))]
    return feed.Done(shown, seconds, {a: n / shown for a, n in zip(feed.ACTIONS, totals, strict=True)})
