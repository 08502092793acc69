"""The state of one run: the world, the platform, the queues between hours, the tallies.

Takes a scenario and a seed; gives the object that every stage of the hour works on. The
responder is the part that differs between engines: how people meet an hour's cells.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.hour.cells import CellBook, Cells, Demand
from sim.hour.pools import PoolPlatform
from sim.rules.draws import FRIENDS, root_key, threshold
from sim.rules.sharing import edge_threshold
from sim.scenario.schema import Scenario
from sim.vocabulary import COUNTS, ORIGINS
from sim.world.accounts import Accounts, build_accounts
from sim.world.board import Board, Tally, build_board
from sim.world.population import Population, populate
from sim.world.ties import Ties, start_ties
from sim.world.videos import Videos, plan_videos


class Crossing(NamedTuple):
    """What crosses shards after an hour."""

    shares: NDArray[np.uint64]
    """Sorted video << 32 | user who shared."""
    seen: NDArray[np.uint64]
    """Sorted video << 32 | user shown it as fan or friend."""
    leavers: NDArray[np.uint64]
    """(n, 2) account << 32 | user, and the delay [h], of follows that will be taken back."""


class Responder(Protocol):
    """How people respond: compiled columns, or one agent a person. Same events, bit for bit."""

    def respond(self, cells: Cells, today: int) -> Crossing:
        """Shows the hour's cells to people; what must cross shards."""

    def unfollow(self, account: int, user: int) -> bool:
        """Takes a follow back; whether there was one."""

    def tally(self) -> Tally:
        """Counts so far, summed over threads."""

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people with any impression of the account."""


@dataclass
class Run:
    """Everything that a stage may read or change."""

    scenario: Scenario
    seed: int
    population: Population
    accounts: Accounts
    videos: Videos
    ties: Ties
    board: Board
    platform: PoolPlatform
    cells: CellBook
    responder: Responder = field(init=False)
    hour: int = 0
    demand: Demand | None = None
    events: Crossing | None = None
    arrivals: dict[int, NDArray[np.uint64]] = field(default_factory=dict)
    """hour → sorted video << 32 | user of what friends sent."""
    leavers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """hour → account << 32 | user of follows that end then."""
    unfollows: NDArray[np.int64] = field(init=False)
    """(A,)"""
    link_actions: NDArray[np.int64] = field(init=False)
    """(A,) follows, likes and @ that the accounts did themselves."""
    retired: list[int] = field(default_factory=list)
    """Stopped videos whose memory is not freed yet, because friends may still be on their way."""
    closed: NDArray[np.bool_] = field(init=False)
    """(V,) videos that nobody is shown any more: what is shared of them reaches nobody."""
    hourly: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=list)
    """An hour's non-zero cells of the account tally: flat places and increments."""
    last_tally: NDArray[np.int64] = field(init=False)
    friend_key: np.uint64 = field(init=False)

    def __post_init__(self) -> None:
        self.unfollows = np.zeros(len(self.accounts.rows), np.int64)
        self.closed = np.zeros(self.videos.keys.size, bool)
        self.last_tally = np.zeros((len(self.accounts.rows), len(ORIGINS), len(COUNTS)), np.int64)
        self.link_actions = np.zeros(len(self.accounts.rows), np.int64)
        self.friend_key = root_key(self.seed, FRIENDS)


class HasRun(Protocol):
    """A model, as its agents and views see it: below it, they cannot name its class."""

    run_state: Run
    rng: np.random.Generator


def fans_inside(scenario: Scenario, accounts: Accounts) -> list[int]:
    """Fans of each account inside the audience at the start."""
    tiers = scenario.seeding.tiers
    return [round(a.fans * tiers[a.tier].audience_fit) if a.tier else a.fans for a in accounts.rows]


def start_run(scenario: Scenario, seed: int, population: Population | None = None, threads: int = 1) -> Run:
    """A run before its first hour.

    Args:
        scenario: what to simulate.
        seed: which luck.
        population: people of the same audience and seed in their first state, when they are
            at hand already; they will be changed.
        threads: threads that build the world.
    """
    people = populate(scenario, seed, threads) if population is None else population
    accounts = build_accounts(scenario)
    videos = plan_videos(scenario, accounts, seed)
    ties = start_ties(people, accounts, fans_inside(scenario, accounts), seed, threads)
    board = build_board(scenario, people, accounts, videos, ties)
    platform = PoolPlatform(scenario, accounts, videos)
    return Run(scenario, seed, people, accounts, videos, ties, board, platform, CellBook(board))


def friend_thresholds(scenario: Scenario) -> tuple[int, int]:
    """Thresholds: an edge of the friend graph exists; a friend opens what was shared."""
    return edge_threshold(scenario.sharing.friends), threshold(scenario.sharing.open_probability)
