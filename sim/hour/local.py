"""People of this process: what both drivers keep between hours, whoever shows the videos.

Takes the hour's offers and the messages to people; lays the cells, lets the driver show them,
remembers who has seen what, takes back the follows whose time has come. Gives what crosses
shards. The people may be those of some shards only. Does not show anything: drivers do.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.hour.cells import CellBook, Cells
from sim.hour.run import CrossShardMessages
from sim.world.accounts import Accounts
from sim.world.board import Board, Tally, publish_videos, total
from sim.world.videos import enlarged


class Happened(NamedTuple):
    """The events of an hour."""

    shares: NDArray[np.uint64]
    """Sorted video << 32 | user who shared."""
    seen: NDArray[np.uint64]
    """Sightings by fans and friends, in any order."""
    leavers: NDArray[np.uint64]
    """(n, 2) account << 32 | user, and the delay [h], of follows that will be taken back; in any order."""


class LocalResponder(ABC):
    """The people of some shards, and what is kept about them.

    Args:
        board: the world.
        accounts: of the board.
        held: shards whose people are here; all where left out.
    """

    def __init__(self, board: Board, accounts: Accounts, held: range | None = None) -> None:
        self.board, self.accounts = board, accounts
        self.videos = 0
        """Videos published so far."""
        self.cells = CellBook(board, held)
        self._leavers: dict[int, list[int]] = defaultdict(list)
        """hour → account << 32 | user of follows that end then."""

    @abstractmethod
    def show(self, cells: Cells, today: int) -> Happened:
        """Shows the hour's cells to people."""

    @abstractmethod
    def unfollow(self, account: int, user: int) -> bool:
        """Takes a follow back; whether there was one."""

    @abstractmethod
    def tallies(self) -> list[Tally]:
        """Counts by thread, with room for all videos."""

    @abstractmethod
    def count_in(self, tallies: list[Tally]) -> None:
        """Goes on counting in other tallies: the same, with more room."""

    def publish(self, rows: NDArray[Any]) -> None:
        """Puts new videos on their authors' pages and on the lists of those who like them."""
        first, self.videos = self.videos, self.videos + rows.size
        videos = enlarged(self.board.videos, self.videos)
        videos[first : self.videos] = rows
        self.board = self.board._replace(videos=videos)
        self.cells.make_room(self.board)
        self.count_in([t._replace(videos=enlarged(t.videos, self.videos)) for t in self.tallies()])
        publish_videos(self.board, self.accounts, first, self.videos)

    def tally(self) -> Tally:
        """Counts so far, summed over threads."""
        whole = total(self.tallies())
        return whole._replace(videos=whole.videos[: self.videos])

    def respond(
        self, offers: NDArray[Any], sent: NDArray[np.uint64], hour: int, today: int
    ) -> CrossShardMessages:
        """Shows the hour's offers to people; what must cross shards."""
        happened = self.show(self.cells.lay(offers, sent), today)
        self.cells.sightings.remember(happened.seen)
        for pair, delay in happened.leavers.tolist():
            self._leavers[hour + delay].append(pair)
        ended = np.zeros(self.board.accounts.size, np.int64)
        for pair in self._leavers.pop(hour, ()):
            ended[pair >> 32] += self.unfollow(pair >> 32, pair & 0xFFFFFFFF)
        return CrossShardMessages(happened.shares, ended)

    def forget(self, videos: NDArray[np.int64]) -> None:
        """Frees what is kept for videos that nobody will be shown again."""
        self.cells.forget(videos)

    def fans(self) -> NDArray[np.int64]:
        """(A,) people here who follow the account now."""
        followers: NDArray[np.int64] = self.board.fan_count.sum(axis=1)
        return followers
