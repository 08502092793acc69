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
        self.ladder = feed.Ladder(users)
        self.follows = np.zeros((users, feed.ACCOUNTS), bool)
        self.steps = np.cumsum(feed.POOL_SHARE)[:-1].astype(np.float32)
        self.bonus = np.array([*feed.POOL_BONUS, 0], np.float32)

    def scroll(self, first: int, last: int) -> None:
        """An hour of some people."""
        rng, people, ladder = self.rng, last - first, self.ladder
        pool = np.searchsorted(self.steps, rng.random((people, feed.CANDIDATES), np.float32))
        at = (rng.random((people, feed.CANDIDATES), np.float32) * ladder.size[pool]).astype(np.int64)
        offered = ladder.order[ladder.start[pool] + at]
        match = np.einsum("ut,uct->uc", self.world.tastes[first:last], self.world.subjects[offered])
        score = match + self.bonus[ladder.pool[offered]]
        best = np.argpartition(score, -feed.SHOWN, axis=1)[:, -feed.SHOWN :]
        video = np.take_along_axis(offered, best, 1).ravel()
        match = np.take_along_axis(match, best, 1).ravel()
        ladder.counts[0] += np.bincount(video, minlength=feed.VIDEOS)
        hit: NDArray[np.bool_] = np.zeros(video.size, bool)
        for action, (base, slope) in enumerate(zip(feed.BASE, feed.SLOPE, strict=True)):
            hit = rng.random(video.size, np.float32) < base + slope * match
            ladder.counts[1 + action] += np.bincount(video[hit], minlength=feed.VIDEOS)
        followers = np.flatnonzero(hit)
        self.follows[first + followers // feed.SHOWN, self.world.account[video[followers]]] = True

    def step(self) -> None:
        """One hour."""
        for first in range(0, self.users, CHUNK):
            self.scroll(first, min(first + CHUNK, self.users))
        self.ladder.judge()


def rounds(kind: type[Feed], users: int, hours: int, seed: int) -> feed.Done:
    """One round of this feed, or of one that scrolls otherwise."""
    started = time.perf_counter()
    model = kind(users, seed)
    for _ in range(hours):
        model.step()
    return model.ladder.done(time.perf_counter() - started)


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    return rounds(Feed, users, hours, seed)
