"""The 'feed' unit of work that peers do: what one impression costs, in words and numbers.

Each hour every person is offered 20 candidate videos drawn from four pools, upper pools less
often; the 5 with the highest score (match of 8 topics, and a bonus by pool) are shown; each
showing draws five responses whose chances grow with the match; a follow is remembered by
(person, account); a video that has had its pool's impressions moves up if enough people
finished it, and is offered no more if not. One event is one impression shown. The numbers are
chosen so that people respond about as often as ours do.
"""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TOPICS, CANDIDATES, SHOWN = 8, 20, 5
ACCOUNTS, POSTS = 200, 5
VIDEOS = ACCOUNTS * POSTS
POOL_SHARE = (0.4, 0.3, 0.2, 0.1)
"""Share of the candidates that comes from each pool."""
POOL_BONUS = (0.0, 0.02, 0.04, 0.06)
PASS_RATE = 0.15
"""Completions per impression from which a video moves up."""
ACTIONS = ("completion", "like", "comment", "share", "follow")
BASE = (0.04, 0.0, 0.0, 0.0, 0.0)
SLOPE = (0.325, 0.057, 0.007, 0.0025, 0.0051)
"""Chance of a response: base + slope · match."""
CONCENTRATION = 0.3
WORK = "4 candidates scored over 8 topics, a top 5, 5 draws; follow set, counts by video, pools"


def gates(users: int) -> tuple[int, int, int]:
    """Impressions after which the three lower pools decide."""
    return max(20, users // 80), max(60, users // 20), max(200, users // 5)


class World(NamedTuple):
    """Where every peer starts; U people, V videos."""

    tastes: NDArray[np.float32]
    """(U, TOPICS) rows summing to 1."""
    subjects: NDArray[np.float32]
    """(V, TOPICS) rows summing to 1."""
    account: NDArray[np.int64]
    """(V,)"""


def world(users: int, seed: int) -> World:
    """The same people and videos for each peer."""
    rng = np.random.default_rng(seed)
    alpha = np.full(TOPICS, CONCENTRATION)
    tastes = rng.dirichlet(alpha, users).astype(np.float32)
    subjects = rng.dirichlet(alpha, VIDEOS).astype(np.float32)
    return World(tastes, subjects, np.arange(VIDEOS) % ACCOUNTS)


class Ladder:
    """The videos as arrays on their way through the pools, for peers that work on whole arrays."""

    def __init__(self, users: int) -> None:
        self.gates = np.array([*gates(users), np.iinfo(np.int64).max])
        self.pool = np.zeros(VIDEOS, np.int64)
        self.counts = np.zeros((1 + len(ACTIONS), VIDEOS), np.int64)
        self.at_entry = np.zeros((2, VIDEOS), np.int64)  # impressions, completions when the pool began
        self.fill()

    def fill(self) -> None:
        """The pools one behind the other; an empty one lends from all that are left."""
        live = np.flatnonzero(self.pool >= 0)
        live = live if live.size else np.arange(VIDEOS)
        pools = [live[self.pool[live] == p] for p in range(len(POOL_SHARE))]
        pools = [pool if pool.size else live for pool in pools]
        self.order = np.concatenate(pools)
        self.size = np.array([pool.size for pool in pools])
        self.start = np.cumsum(self.size) - self.size

    def judge(self) -> None:
        """The end of an hour: videos move up, leave, or wait."""
        shown, finished = self.counts[:2] - self.at_entry
        due = (self.pool >= 0) & (shown >= self.gates[self.pool])
        passed = finished >= PASS_RATE * shown
        self.pool[due] = np.where(passed[due], self.pool[due] + 1, -1)
        self.at_entry[:, due] = self.counts[:2, due]
        self.fill()

    def done(self, seconds: float) -> "Done":
        """What the round did."""
        shown, *hits = self.counts.sum(axis=1).tolist()
        return Done(shown, seconds, {a: n / shown for a, n in zip(ACTIONS, hits, strict=True)})


class Done(NamedTuple):
    """What one round of one side did."""

    impressions: int
    seconds: float
    """World included."""
    rates: dict[str, float]
    """Responses per impression by action."""


Side = Callable[[int, int, int], Done]
"""(users, hours, seed) → what was done."""


def tell(run: Side, package: str, work: str) -> None:
    """Prints a round as a line of JSON: what a peer does that runs as a process, with users, hours and seed.

    A small round goes before, as with the peers that stay in one process.
    """
    users, hours, seed = (int(word) for word in sys.argv[1:])
    run(500, 1, 1)
    done = run(users, hours, seed)
    print(json.dumps({**done._asdict(), "version": version(package), "work": work}))
