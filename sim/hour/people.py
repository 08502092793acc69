"""People of this process: what both drivers keep between hours, whoever shows the videos.

Takes the hour's offers and the messages to people; lays the cells, lets the driver show them,
remembers who has seen what, carries verdicts out, lets mechanisms hear what happened. Gives the events
that cross shards. The people may be those of some shards only. Does not show anything: drivers do.
"""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.hour.cells import CellBook, Cells
from sim.hour.events import events, heard, in_order
from sim.hour.local_part import Locals
from sim.hour.told import Told
from sim.hour.verdicts import ADD, LEAVE, MARK, SET, checked, decidable
from sim.rules.audience import SHARD
from sim.world.accounts import Accounts
from sim.world.board import Board, Tally, layered, publish_videos, total
from sim.world.doors import hang
from sim.world.exits import hang_exits
from sim.world.fields import Field
from sim.world.offers import QUOTA
from sim.world.planes import begun_anew, count_once_more, counted, laid, numbered
from sim.world.ties import clear_bit, has_bit, set_bit
from sim.world.videos import enlarged


class Happened(NamedTuple):
    """What an hour brought, in any order."""

    events: NDArray[np.uint64]
    """(n, 3) as in hour/events.py."""
    seen: NDArray[np.uint64]
    """Sightings by fans and friends."""


class LocalResponder(ABC):
    """The people of some shards, and what is kept about them.

    Args:
        board: the world.
        accounts: of the board.
        locally: what mechanisms do here.
        held: shards whose people are here; all where left out.
    """

    def __init__(self, board: Board, accounts: Accounts, locally: Locals, held: range | None = None) -> None:
        shards = board.fan_count.shape[1]
        bits, times, self._hourly = laid(locally.planes, shards)
        now = np.zeros(self._hourly.size, np.int32)
        numbers = layered(board.numbers, locally.layers)
        self.board = board._replace(numbers=numbers, planes=bits, plane_times=times, plane_now=now)
        self.accounts, self.locally = accounts, locally
        self.planes = numbered(locally.planes, board.accounts.size)
        """Numbers of the planes by name."""
        self._tried = np.zeros(0, np.int64)
        self._begun = False
        self.videos = 0
        """Videos published so far."""
        self.cells = CellBook(board, held)
        self._heard = locally.hears.union(*(part.hears for part in locally.parts))
        """Kinds of events that anybody hears."""
        self._unfollows = np.zeros(board.accounts.size, np.int64)

    @abstractmethod
    def show(self, cells: Cells, today: int) -> Happened:
        """Shows the hour's cells to people."""

    @abstractmethod
    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """A field of the record of some people (n,), as it is now."""

    @abstractmethod
    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Sets it (n,); of one person's several values the last holds."""

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
        if self.videos > self.board.videos.size:
            self._make_room()
        self.board.videos[first : self.videos] = rows
        publish_videos(self.board, self.accounts, first, self.videos)

    def _make_room(self) -> None:
        """For more videos than there are; seldom, because room doubles."""
        self.board = self.board._replace(videos=enlarged(self.board.videos, self.videos))
        self.cells.make_room(self.board)
        room = self.board.videos.size
        self._tried = enlarged(self._tried, room)
        self.count_in([t._replace(videos=enlarged(t.videos, room)) for t in self.tallies()])

    def tally(self) -> Tally:
        """Counts so far, summed over threads."""
        whole = total(self.tallies())
        return whole._replace(videos=whole.videos[: self.videos])

    def respond(self, told: Told, hour: int, today: int) -> NDArray[Any]:
        """Does what is told, and shows the hour's offers to people; the EVENT that cross the barrier."""
        if told.aims.size:
            self.board = self.board._replace(aims=np.concatenate([self.board.aims, told.aims]))
        if told.doors.size:
            self.board = self.board._replace(doors=told.doors)
            hang(told.doors, self.board.accounts)
        if told.exits.size or self.board.exits.size:
            hang_exits(told.exits, self.board.exits, self.board.videos)
            self.board = self.board._replace(exits=told.exits)
        if told.lifted.size:
            self.board.videos["appeal"][told.lifted["video"]] = told.lifted["appeal"]
        if self.board.plane_now.size:
            self.board.plane_now[:] = np.where(self._hourly, hour, today)
        if not self._begun:  # not when it is made: then nobody's people are here yet
            self._begun = True
            for part in self.locally.parts:
                self.decide(part.begin(self).verdicts)
        self.decide(told.verdicts)
        happened = self.show(self.cells.lay(told.offers, told.named), today)
        self.cells.sightings.remember(happened.seen)
        self._try(told.offers)
        kinds = {kind: heard(happened.events, kind) for kind in self._heard}
        crossing = [events(kind, kinds[kind]) for kind in self.locally.hears]
        for part in self.locally.parts:
            answer = part.end(self, {kind: kinds[kind] for kind in part.hears}, hour)
            self.decide(answer.verdicts)
            crossing.append(answer.events)
        return in_order(crossing)

    def _try(self, offers: NDArray[Any]) -> None:
        """Counts whom the feed has tried of videos that pass over somebody."""
        if self.cells.screens:  # only quotas move the feed on
            videos = offers["video"]
            fed = videos[(offers["kind"] == QUOTA) & self.cells.screened[videos]]
            self._tried[fed] = self.cells.tried(fed)

    def tried(self) -> NDArray[np.int64]:
        """As `Responder.tried`."""
        return self._tried[: self.videos]

    def is_marked(self, plane: int, user: int) -> bool:
        """Whether the bit of a person on a mechanism's plane is set."""
        row = self._row(plane, user)
        return has_bit(self.board.planes, row, user)

    def mark(self, plane: int, user: int, bit: bool = True) -> None:
        """Sets or clears it."""
        (set_bit if bit else clear_bit)(self.board.planes, self._row(plane, user), user)

    def _row(self, plane: int, user: int) -> int:
        """The row of a mechanism's plane, whose bits in the person's shard are today's from now on."""
        row = plane - 1 - 2 * self.board.accounts.size
        begun_anew(self.board.planes, self.board.plane_times, self.board.plane_now, row, user // SHARD)
        return row

    def times_counted(self, plane: int, user: int) -> int:
        """How often a person was counted on a mechanism's plane and the next [0..3]."""
        self._row(plane + 1, user)
        return int(counted(self.board.planes, self._row(plane, user), user))

    def count_once_more(self, plane: int, user: int) -> None:
        """Counts the person there, after `times_counted`."""
        count_once_more(self.board.planes, self._row(plane, user), user)

    def decide(self, rows: NDArray[Any]) -> None:
        """Carries verdicts (n,) VERDICT out, of those that are about people here.

        Raises:
            ValueError: one cannot be carried out (`checked`).
        """
        if not rows.size:
            return
        planes = range(2 * self.board.accounts.size + 1, max(r.stop for r in self.planes.values()))
        rows = checked(rows, self.board.users.size, self.board.accounts.size, planes)
        first, last = self.cells.own.start * SHARD, self.cells.own.stop * SHARD
        rows = rows[(first <= rows["person"]) & (rows["person"] < last)]
        fields = decidable()
        for kind in np.unique(rows["kind"]).tolist():
            own = rows[rows["kind"] == kind]
            if kind in (SET, ADD):
                for place in np.unique(own["what"]).tolist():
                    self._change(kind, fields[place], own[own["what"] == place])
                continue
            for user, what in zip(own["person"].tolist(), own["what"].tolist(), strict=True):
                if kind == LEAVE:
                    self._unfollows[what] += self.unfollow(what, user)
                else:
                    self.mark(what, user, kind == MARK)

    def _change(self, kind: int, field: Field, rows: NDArray[Any]) -> None:
        """Sets a field of people or adds to it, VERDICT (n,)."""
        people, values = rows["person"], rows["value"]
        if kind == ADD:
            people, of = np.unique(people, return_inverse=True)
            values = self.read(field.name, people)
            np.add.at(values, of, rows["value"])
        self.write(field.name, people, np.clip(values, *field.limits))

    def numbers(self) -> NDArray[np.int64]:
        """(n,) everybody here."""
        own = self.cells.own
        return np.arange(own.start * SHARD, min(own.stop * SHARD, self.board.users.size))

    def unfollows(self) -> NDArray[np.int64]:
        """(A,) follows of people here taken back so far."""
        return self._unfollows.copy()

    def forget(self, videos: NDArray[np.int64]) -> None:
        """Frees what is kept for videos that nobody will be shown again."""
        self.cells.forget(videos)

    def fans(self) -> NDArray[np.int64]:
        """(A,) people here who follow the account now."""
        followers: NDArray[np.int64] = self.board.fan_count.sum(axis=1)
        return followers
