"""The feed in NumPy: whole chunks of people at a time, chunks that fit the cache."""

import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import feed

WORK = f"{feed.WORK}; whole arrays, in chunks"
CHUNK = 4096


class Feed:
    """People and videos as arrays."""

    def __init__(self, users: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.world = feed.world(users, seed)
        self.users = users
        self.gates = np.array([*feed.gates(users), np.iinfo(np.int64).max])
        self.pool = np.zeros(feed.VIDEOS, np.int64)
        self.counts = np.zeros((1 + len(feed.ACTIONS), feed.VIDEOS), np.int64)
        self.at_entry = np.zeros((2, feed.VIDEOS), np.int64)  # impressions, completions when the pool began
        self.follows = np.zeros((users, feed.ACCOUNTS), bool)
        self.steps = np.cumsum(feed.POOL_SHARE)[:-1].astype(np.float32)
        self.bonus = np.array([*feed.POOL_BONUS, 0], np.float32)
        self.fill()

    def fill(self) -> None:
        """The pools one behind the other; an empty one lends from all that are left."""
        live = np.flatnonzero(self.pool >= 0)
        live = live if live.size else np.arange(feed.VIDEOS)
        pools = [live[self.pool[live] == p] for p in range(len(feed.POOL_SHARE))]
        pools = [pool if pool.size else live for pool in pools]
        self.order = np.concatenate(pools)
        self.size = np.array([pool.size for pool in pools])
        self.start = np.cumsum(self.size) - self.size

    def scroll(self, first: int, last: int) -> None:
        """An hour of some people."""
        rng, people = self.rng, last - first
        pool = np.searchsorted(self.steps, rng.random((people, feed.CANDIDATES), np.float32))
        at = (rng.random((people, feed.CANDIDATES), np.float32) * self.size[pool]).astype(np.int64)
        offered = self.order[self.start[pool] + at]
        match = np.einsum("ut,uct->uc", self.world.tastes[first:last], self.world.subjects[offered])
        score = match + self.bonus[self.pool[offered]]
        best = np.argpartition(score, -feed.SHOWN, axis=1)[:, -feed.SHOWN :]
        video = np.take_along_axis(offered, best, 1).ravel()
        match = np.take_along_axis(match, best, 1).ravel()
        self.counts[0] += np.bincount(video, minlength=feed.VIDEOS)
        hit: NDArray[np.bool_] = np.zeros(video.size, bool)
        for action, (base, slope) in enumerate(zip(feed.BASE, feed.SLOPE, strict=True)):
            hit = rng.random(video.size, np.float32) < base + slope * match
            self.counts[1 + action] += np.bincount(video[hit], minlength=feed.VIDEOS)
        followers = np.flatnonzero(hit)
        self.follows[first + followers // feed.SHOWN, self.world.account[video[followers]]] = True

    def step(self) -> None:
        """One hour."""
        for first in range(0, self.users, CHUNK):
            self.scroll(first, min(first + CHUNK, self.users))
        shown, finished = self.counts[:2] - self.at_entry
        due = (self.pool >= 0) & (shown >= self.gates[self.pool])
        passed = finished >= feed.PASS_RATE * shown
        self.pool[due] = np.where(passed[due], self.pool[due] + 1, -1)
        self.at_entry[:, due] = self.counts[:2, due]
        self.fill()


def rounds(kind: type[Feed], users: int, hours: int, seed: int) -> feed.Done:
    """One round of this feed, or of one that scrolls otherwise."""
    started = time.perf_counter()
    model = kind(users, seed)
    for _ in range(hours):
        model.step()
    seconds = time.perf_counter() - started
    shown, *hits = model.counts.sum(axis=1).tolist()
    return feed.Done(shown, seconds, {a: n / shown for a, n in zip(feed.ACTIONS, hits, strict=True)})


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    return rounds(Feed, users, hours, seed)
