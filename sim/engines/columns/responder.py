"""The columns engine: people respond in compiled passes over shards, on any number of threads.

Takes a board; gives tallies and events. Each thread has shards, a tally and events of its
own, so the results do not depend on how many there are.
"""

from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.columns.respond import Room, respond, room
from sim.hour.cells import Cells
from sim.hour.events import Events, Shown
from sim.hour.local_part import Locals
from sim.hour.people import Happened, LocalResponder
from sim.rules.audience import SHARD
from sim.threads import side_by_side
from sim.world.accounts import Accounts
from sim.world.board import Board, Tally, new_tally
from sim.world.fields import read, write
from sim.world.ties import WORDS, clear_bit, count_bits, has_bit

WORTH_THREADS = 14_000
"""Work of an hour, in impressions, below which handing it to threads costs more than it saves (measured: two
threads break even between 12,000 and 16,000, at 0.6 ms, on two cores that others used as well)."""


def nothing_yet() -> tuple[Events, Shown]:
    """Empty lists with some room."""
    events = Events(np.empty((64, 3), np.uint64), np.zeros(1, np.int64))
    return events, Shown(np.empty(64, np.uint64), np.zeros(1, np.int64))


def gathered(parts: list[tuple[Events, Shown]]) -> Happened:
    """All threads' lists as one."""
    told = [
        Happened(events.rows[: events.length[0]], shown.sightings[: shown.length[0]])
        for events, shown in parts
    ]
    return told[0] if len(told) == 1 else Happened(*map(np.concatenate, zip(*told, strict=True)))


def spans_of(work: NDArray[np.int64], threads: int) -> list[tuple[int, int]]:
    """Spans of shards, smaller and smaller: few calls, and the last thread is done soon after the first.

    Each has 1 / (2 · threads) of the work that is left, and at least one shard and a thread's part of an
    hour that is just worth it. Shards without work at the end are in none.
    Args:
        work: (S+1,) as in `Cells`.
        threads: threads that share it.
    Source: guided self-scheduling, Polychronopoulos & Kuck 1987, with spans half as large.
    """
    before = work.tolist()  # a handful of look-ups, which arrays are slow at
    whole, least = before[-1], WORTH_THREADS // threads
    first, spans = 0, []
    while before[first] < whole:
        goal = before[first] + max((whole - before[first]) // (2 * threads), least)
        last = max(first + 1, bisect_left(before, min(goal, whole)))
        spans.append((first, last))
        first = last
    return spans


class ColumnsResponder(LocalResponder):
    """People as columns.

    Args:
        board: the world.
        accounts: of the board.
        locally: what mechanisms do here.
        threads: threads that go through the shards.
        held: shards whose people are here; all where left out.
    """

    def __init__(
        self, board: Board, accounts: Accounts, locally: Locals, threads: int = 1, held: range | None = None
    ) -> None:
        super().__init__(board, accounts, locally, held)
        self.threads = max(1, min(threads, board.fan_count.shape[1] if held is None else len(held)))
        self._tallies = [
            new_tally(board, len(accounts.edges), len(accounts.origins)) for _ in range(self.threads)
        ]
        self._hire()

    def _hire(self) -> None:
        """Threads that help, and room for each: neither travels with the people."""
        self._helpers = ThreadPoolExecutor(self.threads - 1) if self.threads > 1 else None
        self._rooms = [room() for _ in range(self.threads)]

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_helpers": None, "_rooms": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._hire()

    def show(self, cells: Cells, today: int) -> Happened:
        """Shows the hour's cells to people."""
        if self._helpers is None or cells.work[-1] < WORTH_THREADS:
            whole = iter([(0, cells.work.size - 1)])
            return gathered([self._walk(cells, today, whole, self._own()[0])])
        # A list's iterator hands each span to one thread only: whoever is done first takes the next.
        spans = iter(spans_of(cells.work, self.threads))
        walk = partial(self._walk, cells, today, spans)
        return gathered(side_by_side(walk, self._own(), self._helpers))

    def _own(self) -> list[tuple[Tally, Room]]:
        """What each thread writes to, and where it works."""
        return list(zip(self._tallies, self._rooms, strict=True))

    def _walk(
        self, cells: Cells, today: int, spans: Iterator[tuple[int, int]], own: tuple[Tally, Room]
    ) -> tuple[Events, Shown]:
        """Takes spans of shards until none is left; the lists of one thread."""
        lists = nothing_yet()
        for first, last in spans:
            lists = respond(self.board, cells, *own, *lists, first, last, today)
        return lists

    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """A field of the record of some people (n,), as it is now."""
        return read(self.board.users, field, people)

    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Sets it (n,)."""
        write(self.board.users, field, values, people)

    def unfollow(self, account: int, user: int) -> bool:
        """Takes a follow back; whether there was one."""
        if not has_bit(self.board.fans, account, user):
            return False
        clear_bit(self.board.fans, account, user)
        self.board.fan_count[account, user // SHARD] -= 1
        return True

    def tallies(self) -> list[Tally]:
        """Counts by thread."""
        return self._tallies

    def count_in(self, tallies: list[Tally]) -> None:
        """Goes on counting in other tallies."""
        self._tallies = tallies

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people here with any impression of the account."""
        own = self.cells.own
        return count_bits(self.board.reached[:, own.start * WORDS : own.stop * WORDS])

    def close(self) -> None:
        """Ends the threads."""
        if self._helpers is not None:
            self._helpers.shutdown()
