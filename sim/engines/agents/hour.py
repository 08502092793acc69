"""One hour as agents meet it: the board, the tally they count in, the events they tell.

Takes the board and the tally of a run; gives records as plain objects, and what happened. Knows no agent.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.people import Happened
from sim.world import board as b

Key = np.uint64
"""What machine code hands back as a plain int is made a key again before it goes on."""


def plain(record: Any) -> SimpleNamespace:
    """A record with its fields as attributes: numbers plain ints, lists of them arrays.

    To read a field of numpy's takes longer than a rule takes to decide.
    """
    return SimpleNamespace(**dict(zip(record.dtype.names, record.tolist(), strict=True)))


class Rows(dict[int, Any]):
    """Records (n,) that stay as they are for an hour, by place; each is made `plain` when first asked for."""

    def __init__(self, records: NDArray[Any]) -> None:
        super().__init__()
        self._records = records

    def __missing__(self, place: int) -> SimpleNamespace:
        self[place] = row = plain(self._records[place])
        return row


class AgentHour:
    """One hour of the agents engine.

    Attributes:
        board: the world.
        videos, accounts: its records, as they are in this hour.
        tally: what is counted.
        today: day of the hour, from 0.
        events, seen: what happened, as in `Happened`.
    """

    def __init__(self, board: b.Board, tally: b.Tally, today: int) -> None:
        self.board, self.tally, self.today = board, tally, today
        self.videos, self.accounts = Rows(board.videos), Rows(board.accounts)
        self.events: list[tuple[int, int, int]] = []
        self.seen: list[int] = []

    def tell(self, kind: Whole, what: int, user: int, key: Key) -> None:
        """Adds an event."""
        self.events.append((int(kind), what << 32 | user, int(key)))

    @staticmethod
    def count(target: NDArray[np.int64], bits: int, followed: int) -> None:
        """Adds one impression and its first four responses, a new follow and an order, to a row of counts."""
        target[b.IMPRESSIONS] += 1
        if bits:
            for k in range(4):
                target[k + 1] += bits >> k & 1
            target[b.FOLLOWS] += followed
            target[b.ORDERS] += bits >> 6 & 1

    def happened(self) -> Happened:
        """The events."""
        return Happened(
            np.array(self.events, np.uint64).reshape(len(self.events), 3), np.array(self.seen, np.uint64)
        )
