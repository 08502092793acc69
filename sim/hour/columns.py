"""The columns engine: people respond in compiled passes over shards, on any number of threads.

Takes a board; gives tallies and events. Each thread has shards, a tally and events of its
own, so the results do not depend on how many there are.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.hour.cells import Cells
from sim.hour.events import LEAVING, SEEN, SHARED, Events
from sim.hour.respond import respond
from sim.hour.run import Crossing
from sim.rules.audience import SHARD
from sim.world.board import Board, Tally, new_tally, total
from sim.world.ties import clear_bit, count_bits, has_bit


def no_events() -> Events:
    """An empty list of events with some room."""
    return Events(np.empty((64, 3), np.uint64), np.zeros(1, np.int64))


def gathered(parts: list[Events]) -> Crossing:
    """All threads' events, by kind, in an order that does not depend on the threads."""
    rows = np.concatenate([part.rows[: part.length[0]] for part in parts])
    shared, seen = (np.sort(rows[rows[:, 0] == kind, 1]) for kind in (SHARED, SEEN))
    return Crossing(shared, seen, rows[rows[:, 0] == LEAVING, 1:])


class ColumnsResponder:
    """People as columns."""

    def __init__(self, board: Board, edges: int, threads: int = 1) -> None:
        self.board = board
        shards = board.fan_count.shape[1]
        self.threads = max(1, min(threads, shards))
        self._tallies = [new_tally(board, edges) for _ in range(self.threads)]
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def respond(self, cells: Cells, today: int) -> Crossing:
        """Shows the hour's cells to people; what must cross shards."""
        shards = cells.starts.size - 1
        if self._pool is None:
            return gathered([respond(self.board, cells, self._tallies[0], no_events(), 0, shards, today)])
        # Cut so that every thread has about the same number of impressions to show.
        work = np.concatenate([[0], np.cumsum(cells.cells["quota"] + 16)])[cells.starts]
        cuts = np.searchsorted(work, work[-1] * np.arange(1, self.threads) / self.threads)
        bounds = [0, *(int(c) for c in cuts), shards]
        parts = [
            self._pool.submit(respond, self.board, cells, tally, no_events(), first, last, today)
            for tally, first, last in zip(self._tallies, bounds, bounds[1:], strict=False)
        ]
        return gathered([part.result() for part in parts])

    def unfollow(self, account: int, user: int) -> bool:
        """Takes a follow back; whether there was one."""
        if not has_bit(self.board.fans, account, user):
            return False
        clear_bit(self.board.fans, account, user)
        self.board.fan_count[account, user // SHARD] -= 1
        return True

    def tally(self) -> Tally:
        """Counts so far, summed over threads."""
        return total(self._tallies)

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people with any impression of the account."""
        return count_bits(self.board.reached)

    def close(self) -> None:
        """Ends the threads."""
        if self._pool is not None:
            self._pool.shutdown()
