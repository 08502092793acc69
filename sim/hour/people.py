"""Where the people are: what reaches them in an hour, and what both drivers keep between hours.

Takes one letter an hour, the same to all who have people; gives the events that cross shards. Remembers who
has seen what, carries verdicts out, lets mechanisms hear what happened. The people may be those of some
shards only. Shows nothing itself: the drivers do (engines/columns/respond.py, engines/agents/responder.py).
"""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled, record
from sim.hour.cells import CellBook
from sim.hour.events import Events, Shown, crossing, heard, in_order
from sim.hour.local_part import Locals
from sim.hour.verdicts import ADD, LEAVE, NOTE, SET, VERDICT, by_kind, checked, decidable
from sim.rules.audience import SHARD
from sim.world.accounts import Accounts
from sim.world.aims import AIM
from sim.world.board import CARRIED, Board, Tally, layered, publish_videos, total
from sim.world.doors import DOOR, hang
from sim.world.exits import EXIT, hang_exits
from sim.world.fields import Field
from sim.world.offers import OFFER
from sim.world.planes import begun_anew, count_once_more, counted, empty_planes, numbered
from sim.world.ties import clear_bit, has_bit, set_bit
from sim.world.videos import enlarged

LIFTED = record(
    [
        ("video", "i8"),
        ("appeal", "u8", (6,)),  # thresholds by action from now on, as in VIDEO
    ]
)
"""What a video's responses are lifted to."""
NOTHING_LIFTED = np.zeros(0, LIFTED)


class Letter(NamedTuple):
    """What is new this hour, and what is to be shown.

    Whole numbers throughout, so that it can travel (sweeps/split.py). Whoever has people acts on it in the
    order of its fields.
    """

    aims: NDArray[Any]
    """(n,) AIM added since the last hour."""
    doors: NDArray[Any]
    """(n,) DOOR of all pages, if any is new since the last hour."""
    exits: NDArray[Any]
    """(n,) EXIT of all videos that have any this hour, by video."""
    carried: NDArray[Any]
    """(n,) CARRIED of accounts whose impressions move people otherwise than in the last hour."""
    lifted: NDArray[Any]
    """(n,) LIFTED whose thresholds are others than in the last hour."""
    verdicts: NDArray[Any]
    """(n,) VERDICT of the barrier, about whomever."""
    offers: NDArray[Any]
    """(O,) OFFER, by video and kind."""
    named: NDArray[np.uint64]
    """Whom their lists name: row of the offers << 32 | user, sorted."""


LETTER_TYPES = (AIM, DOOR, EXIT, CARRIED, LIFTED, VERDICT, OFFER, np.dtype(np.uint64))
"""Types of its fields."""


class Responder(Protocol):
    """The people: compiled columns, one agent a person, or columns elsewhere. Same events, bit for bit.

    All that is kept by person or by shard is the responder's, such as who has seen what.
    """

    def publish(self, rows: NDArray[Any]) -> None:
        """Puts new videos (n,) VIDEO on their authors' pages and on the lists of those who like them."""

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        """Shows the hour's offers to people; EVENT (n,) of the kinds that mechanisms hear, in order.

        Args:
            letter: what is new, and what is to be shown.
            hour: of the run, from 0.
            today: day of the hour, from 0.
        """

    def forget(self, videos: NDArray[np.int64]) -> None:
        """Frees what is kept for videos that nobody will be shown again."""

    def fans(self) -> NDArray[np.int64]:
        """(A,) people who follow the account now."""

    def unfollows(self) -> NDArray[np.int64]:
        """(A,) follows taken back so far."""

    def tried(self) -> NDArray[np.int64]:
        """(V,) people whom the feed has shown a video or passed over; 0 where nobody is passed over."""

    def tally(self) -> Tally:
        """Counts of what has been published so far, summed over threads."""

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people with any impression of the account."""


class Happened(NamedTuple):
    """What an hour brought, in any order."""

    events: NDArray[np.uint64]
    """(n, 3) as in hour/events.py."""
    seen: NDArray[np.uint64]
    """Sightings by fans and friends."""


def gathered(parts: list[tuple[Events, Shown]]) -> Happened:
    """All threads' lists as one."""
    lists = [
        Happened(events.rows[: events.length[0]], shown.sightings[: shown.length[0]])
        for events, shown in parts
    ]
    return lists[0] if len(lists) == 1 else Happened(*map(np.concatenate, zip(*lists, strict=True)))


@compiled
def _lift_and_date(
    videos: NDArray[Any],
    lifted: NDArray[Any],
    now: NDArray[np.int32],
    hourly: NDArray[np.bool_],
    hour: int,
    today: int,
) -> None:
    """Lifts the responses to VIDEO (V,) by LIFTED (n,), and sets the time of each plane (P,)."""
    for k in range(lifted.size):
        for action in range(lifted[k].appeal.size):
            videos[lifted[k].video].appeal[action] = lifted[k].appeal[action]
    for plane in range(now.size):
        now[plane] = hour if hourly[plane] else today


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
        bits, times, self._hourly = empty_planes(locally.planes, shards)
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
        self._heard = frozenset().union(*(part.hears for part in locally.parts))
        """Kinds of events that somebody hears where the people are."""
        self._unfollows = np.zeros(board.accounts.size, np.int64)
        self.apart_s = 0.0
        """Time in machine code that leaves Python to other threads [s]."""

    @abstractmethod
    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        """As `Responder.respond`: makes ready, shows the cells of the offers to people, and concludes."""

    @abstractmethod
    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """A field of the record of some people (n,), as it is now."""

    @abstractmethod
    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Sets it (n,); of one person's several values the last holds."""

    @abstractmethod
    def unfollow(self, accounts: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Takes follows (n,) back, one after the other; whether there was one (n,)."""

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

    def make_ready(self, letter: Letter, hour: int, today: int) -> None:
        """What the letter says of the world and decides about people, before anybody is shown anything."""
        if letter.aims.size:
            self.board = self.board._replace(aims=np.concatenate([self.board.aims, letter.aims]))
        if letter.doors.size:
            self.board = self.board._replace(doors=letter.doors)
            hang(letter.doors, self.board.accounts)
        if letter.exits.size or self.board.exits.size:
            hang_exits(letter.exits, self.board.exits, self.board.videos)
            self.board = self.board._replace(exits=letter.exits)
        for name in ("moves", "trust_gain") if letter.carried.size else ():
            self.board.accounts[name][letter.carried["account"]] = letter.carried[name]
        _lift_and_date(self.board.videos, letter.lifted, self.board.plane_now, self._hourly, hour, today)
        if not self._begun:  # not when it is made: then nobody's people are here yet
            self._begun = True
            for part in self.locally.parts:
                self.decide(part.begin(self).verdicts)
        self.decide(letter.verdicts)

    def conclude(self, letter: Letter, happened: Happened, hour: int) -> NDArray[Any]:
        """Remembers who has seen what, lets mechanisms hear and decide; the EVENT that cross the barrier."""
        self.cells.sightings.remember(happened.seen)
        self._try(letter.offers)
        kinds = {kind: heard(happened.events, kind) for kind in self._heard}
        cross = [crossing(happened.events, kind) for kind in self.locally.hears]
        for part in self.locally.parts:
            answer = part.end(self, {kind: kinds[kind] for kind in part.hears}, hour)
            self.decide(answer.verdicts)
            cross.append(answer.events)
        return in_order(cross)

    def _try(self, offers: NDArray[Any]) -> None:
        """Counts whom the feed has tried of videos that pass over somebody."""
        if self.cells.screens:  # only quotas move the feed on
            self.cells.count_tried(offers, self._tried)

    def tried(self) -> NDArray[np.int64]:
        """As `Responder.tried`."""
        return self._tried[: self.videos]

    def is_noted(self, plane: int, user: int) -> bool:
        """Whether the bit of a person on a mechanism's plane is set."""
        row = self._row(plane, user)
        return has_bit(self.board.planes, row, user)

    def note(self, plane: int, user: int, bit: bool = True) -> None:
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
        if last - first < self.board.users.size:
            rows = rows[(first <= rows["person"]) & (rows["person"] < last)]
        for kind, own in by_kind(rows):
            if kind in (SET, ADD):
                fields = decidable()
                for place in np.unique(own["what"]).tolist():
                    self._change(kind, fields[place], own[own["what"] == place])
                continue
            if kind == LEAVE:
                left = self.unfollow(own["what"], own["person"])
                self._unfollows += np.bincount(own["what"].compress(left), minlength=self._unfollows.size)
                continue
            for user, what in zip(own["person"].tolist(), own["what"].tolist(), strict=True):
                self.note(what, user, kind == NOTE)

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
        followers: NDArray[np.int64] = np.add.reduce(self.board.fan_count, axis=1)
        return followers
