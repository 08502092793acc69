"""The hour's work, laid out by shard: which offer meets how many people where.

Takes the hour's offers; gives cells in order of (shard, video, kind of offer). A small quota goes to
few shards: blocks of 64 impressions walk through the lanes of the audience, 64 people each, in the
video's own permuted order. So a shard gets its share by the people in it, and work and memory grow
with impressions. Keeps the cursors of each (video, shard) between hours. Does not show anything: the
drivers do, who meets a cell's quota is next in engines/columns/choose.py (`recommended`).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled, inlined, inner, record
from sim.hour.sightings import Sightings
from sim.rules.addresses import SPREAD
from sim.rules.audience import SHARD
from sim.rules.draws import child
from sim.world.board import Board
from sim.world.offers import NO_PLANE, QUOTA, WINDOW
from sim.world.order import WIDTH, next_places
from sim.world.videos import enlarged

BLOCK = 64
"""Impressions of one video that go to one lane before the next one's turn: a constant of the rules."""

CELL_WORK = 16
"""Work of a cell beside its impressions, in impressions (measured roughly)."""
_ROWS = 1024
"""Rows of cursors at the start, 40 KB: an hour of a small world asks for no more, and need not count."""
_ELSEWHERE = np.iinfo(np.int32).max
"""Row of a shard whose people are in another process: none is given out, and none is read."""

CELL = record(
    [
        ("offer", "i8"),  # row of the hour's offers
        ("quota", "i8"),  # of it, in this shard
        ("row", "i8"),  # of cursors and picks; −1 where no quota ever went
        ("list_from", "i8"),  # people named: named[list_from:list_to]
        ("list_to", "i8"),
    ]
)
"""One offer in one shard, this hour."""


class Cells(NamedTuple):
    """The hour's work, by shard; N cells in order of (shard, video, kind)."""

    starts: NDArray[np.int64]
    """(S+1,) first cell of each shard."""
    work: NDArray[np.int64]
    """(S+1,) work of the shards before each, and of all, in impressions."""
    cells: NDArray[Any]
    """(N,) CELL"""
    named: NDArray[np.int64]
    """People whom lists name, in order of (offer, person)."""
    offers: NDArray[Any]
    """(O,) OFFER"""
    cursors: NDArray[np.uint16]
    """(rows, G) people of each segment already drawn."""
    picks: NDArray[np.int64]
    """(rows,) impressions tried so far in the cell."""
    newest: NDArray[np.int32]
    """(V or more, S) as in `Sightings`, like the following: who saw a video as fan or friend before."""
    blocks: NDArray[Any]


class Listing(NamedTuple):
    """Room in which an hour's cells are listed, offer by offer."""

    order: NDArray[np.int64]
    """For lanes."""
    overflow: NDArray[np.int64]
    """For `next_places`."""
    place_of: NDArray[np.int64]
    """(S,) −1; of one offer, its cell in each shard."""
    listed: NDArray[Any]
    """(n,) CELL"""
    shard_of: NDArray[np.int64]
    """(n,) their shards."""


class Rows(NamedTuple):
    """Who has which row of cursors and picks, and how far quotas have come."""

    row_of: NDArray[np.int32]
    """(V, S) row of a video in a shard, −1 for none yet."""
    given: NDArray[np.int64]
    """(V,) impressions of quotas so far."""
    free: NDArray[np.int64]
    """Stack of unused rows."""
    free_count: NDArray[np.int64]
    """(1,) its height."""


class CellBook:
    """Cursors by (video, shard), kept between hours, and the layout of each hour's cells.

    Args:
        board: the world.
        held: shards whose people are here; all where left out.
    """

    def __init__(self, board: Board, held: range | None = None) -> None:
        shards = board.fan_count.shape[1]
        self.board = board
        self.own = slice(0, shards) if held is None else slice(held.start, held.stop)
        self.row_of = np.zeros((0, shards), np.int32)
        self.given = np.zeros(0, np.int64)
        """(V,) impressions of all quotas so far: where a video's walk over blocks stands."""
        self.cursors = np.zeros((_ROWS, board.starts.shape[1] - 1), np.uint16)
        self.picks = np.zeros(_ROWS, np.int64)
        self.free = np.arange(_ROWS - 1, -1, -1, dtype=np.int64)  # a stack of unused rows
        self.free_count = np.array([_ROWS], np.int64)
        self.sightings = Sightings(shards)
        self.screened = np.zeros(0, bool)
        """(V,) videos that have passed over somebody, or may have."""
        self.screens = False
        """Whether any has."""
        self.make_room(board)

    def make_room(self, board: Board) -> None:
        """Goes on with a board that has room for more videos."""
        before, self.board = len(self.row_of), board
        self.row_of = enlarged(self.row_of, board.videos.size)
        self.given = enlarged(self.given, board.videos.size)
        self.screened = enlarged(self.screened, board.videos.size)
        self.row_of[before:] = _ELSEWHERE
        self.row_of[before:, self.own] = -1
        self.sightings.make_room(board.videos.size)

    def lay(self, offers: NDArray[Any], sent: NDArray[np.uint64]) -> Cells:
        """The cells of an hour; where people are elsewhere, their shards have none.

        Args:
            offers: (O,) OFFER, by video and kind.
            sent: sorted row of the offers << 32 | user whom lists name, of people who are here.
        """
        shards = self.own.stop - self.own.start
        if self.free_count[0] < offers.size * shards:  # where each may have one, nothing is worked out
            quota = offers["quota"]
            self._reserve(int(np.minimum(quota[quota > 0] // BLOCK + 2, shards).sum()))
        starts, work, cells, named, screens = lay_cells(
            offers, sent, self.board.videos, self.board.users.size, self.board.fan_count,
            Rows(self.row_of, self.given, self.free, self.free_count), self.screened, self.own.start,
            self.own.stop,
        )  # fmt: skip
        self.screens = self.screens or screens
        sightings = self.sightings
        return Cells(
            starts, work, cells, named, offers, self.cursors, self.picks, sightings.newest, sightings.blocks
        )  # fmt: skip

    def count_tried(self, offers: NDArray[Any], tried: NDArray[np.int64]) -> None:
        """Writes to `tried` (V or more,) whom the feed has tried of the hour's videos that pass people by."""
        behind(offers, self.screened, self.row_of, self.cursors, self.own.start, self.own.stop, tried)

    def forget(self, videos: NDArray[np.int64]) -> None:
        """Frees what is kept for videos that have stopped for good."""
        for video in videos:
            rows = self.row_of[video, self.own]
            rows = rows[rows >= 0]
            self.cursors[rows] = 0
            self.picks[rows] = 0
            self.free[self.free_count[0] : self.free_count[0] + rows.size] = rows
            self.free_count[0] += rows.size
            self.row_of[video, self.own] = -1
            self.sightings.forget(video)

    def _reserve(self, rows: int) -> None:
        missing = rows - int(self.free_count[0])
        if missing <= 0:
            return
        size = self.picks.size
        more = max(size, missing)
        self.cursors = np.concatenate([self.cursors, np.zeros((more, self.cursors.shape[1]), np.uint16)])
        self.picks = np.concatenate([self.picks, np.zeros(more, np.int64)])
        stack = np.zeros(size + more, np.int64)
        stack[:more] = np.arange(size + more - 1, size - 1, -1)
        stack[more : more + self.free_count[0]] = self.free[: self.free_count[0]]
        self.free = stack
        self.free_count[0] += more


@inner
def _listed(
    offer: Whole, shard: Whole, listed: NDArray[Any], shard_of: NDArray[np.int64], count: Whole
) -> Whole:
    """How many cells are listed, now that this offer is in this shard.

    Args:
        offer: row of the hour's offers.
        shard: which shard.
        listed: CELL of this hour, offer by offer; the new one is empty.
        shard_of: their shards.
        count: how many there were.
    """
    shard_of[count] = shard
    cell = listed[count]
    cell.offer, cell.quota, cell.row, cell.list_from, cell.list_to = offer, 0, -1, 0, 0
    return count + 1


@inlined
def _list_feed(
    offer: Whole,
    key: Word,
    shown: Whole,
    goal: Whole,
    lanes: Whole,
    room: Listing,
    count: Whole,
) -> Whole:
    """Lists the shards of a video's next blocks, with what falls to each; how many cells there are then.

    Args:
        offer: row of the hour's offers.
        key: address of the video's order of lanes.
        shown: impressions of quotas so far.
        goal: the same after this offer.
        lanes: of the audience.
        room: where cells are listed.
        count: how many there were.
    """
    own, (order, overflow, place_of, listed, shard_of) = count, room
    while shown < goal:
        block = shown // BLOCK
        turn = block % lanes  # after the last lane, the first has its turn again
        ahead = min((goal - 1) // BLOCK + 1 - block, lanes - turn)
        next_places(turn, ahead, 0, lanes, key, order, 0, overflow)
        for n in range(ahead):
            shard = order[n] // (SHARD // BLOCK)
            if place_of[shard] < 0:
                place_of[shard] = count
                count = _listed(offer, shard, listed, shard_of, count)
            amount = min(goal, (block + n + 1) * BLOCK) - shown
            listed[place_of[shard]].quota += amount
            shown += amount
    for place in range(own, count):
        place_of[shard_of[place]] = -1
    return count


@inner
def _by_shard(
    listed: NDArray[Any], shard_of: NDArray[np.int64], count: Whole, begin: Whole, end: Whole, shards: Whole
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """The first three of `Cells`, of cells listed video by video; only shards from `begin` to `end` get any.

    Args:
        listed: CELL.
        shard_of: their shards.
        count: how many.
        begin: first shard.
        end: one past the last.
        shards: of the audience.
    """
    starts, work = np.zeros(shards + 1, np.int64), np.zeros(shards + 1, np.int64)
    for place in range(count):
        shard = shard_of[place]
        if begin <= shard < end:
            starts[shard + 1] += 1
            work[shard + 1] += listed[place].quota + CELL_WORK
    for shard in range(shards):
        starts[shard + 1] += starts[shard]
        work[shard + 1] += work[shard]
    laid, fill = np.empty(starts[shards], CELL), starts.copy()
    for place in range(count):
        shard = shard_of[place]
        if begin <= shard < end:
            laid[fill[shard]] = listed[place]
            fill[shard] += 1
    return starts, work, laid


@compiled
def behind(
    offers: NDArray[Any],
    screened: NDArray[np.bool_],
    row_of: NDArray[np.int32],
    cursors: NDArray[np.uint16],
    begin: int,
    end: int,
    tried: NDArray[np.int64],
) -> None:
    """Writes to `tried` (V,) how many people of some shards lie behind the cursors of an hour's videos.

    Of those with a quota among the offers (O,) that have passed over anybody.
    """
    for k in range(offers.size):
        video = offers[k].video
        if offers[k].kind != QUOTA or not screened[video]:
            continue
        total = np.int64(0)
        for shard in range(begin, end):
            row = row_of[video, shard]
            if row >= 0:
                for g in range(cursors.shape[1]):
                    total += np.int64(cursors[row, g])
        tried[video] = total


@compiled
def lay_cells(
    offers: NDArray[Any],
    sent: NDArray[np.uint64],
    videos: NDArray[Any],
    users: int,
    fan_count: NDArray[np.int64],
    rows: Rows,
    screened: NDArray[np.bool_],
    begin: int,
    end: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any], NDArray[np.int64], bool]:
    """The first four of `Cells`: listed by offer, then put in order of shards; whether any screens.

    Args:
        offers: (O,) OFFER, by video and kind.
        sent: sorted row of the offers << 32 | user whom lists name.
        videos: (V,) VIDEO.
        users: people in the audience.
        fan_count: (A, S) fans by shard.
        rows: of cursors and picks; given out here, and quotas moved on.
        screened: (V,) videos of which anybody was ever passed over, or may have been; set here.
        begin: first shard whose people are here; others get no cells.
        end: one past the last.
    """
    row_of, given, free, free_count = rows
    shards, lanes = fan_count.shape[1], (users + BLOCK - 1) // BLOCK
    room, most, screens = sent.size, 0, False
    for k in range(offers.size):
        if offers[k].passing[0] != NO_PLANE or offers[k].counting != NO_PLANE:
            screened[offers[k].video] = screens = True
        if offers[k].kind == QUOTA:
            blocks = min(offers[k].quota // BLOCK + 2, lanes)
            most = max(most, blocks)
            room += min(shards, blocks)
        elif offers[k].kind == WINDOW:
            room += shards
    order, overflow = np.empty(most + WIDTH, np.int64), np.empty(most, np.int64)
    listed, shard_of = np.empty(room, CELL), np.empty(room, np.int64)
    named = np.empty(sent.size, np.int64)
    listing = Listing(order, overflow, np.full(shards, -1, np.int64), listed, shard_of)
    count: Whole = np.int64(0)
    last = 0
    for k in range(offers.size):
        offer, own = offers[k], count
        v = offer.video
        if offer.kind == QUOTA:
            key, shown = child(videos[v].key, SPREAD), given[v]
            given[v] += offer.quota
            count = _list_feed(k, key, shown, given[v], lanes, listing, count)
        elif offer.kind == WINDOW:
            for shard in range(shards):
                if fan_count[offer.whose, shard] > 0:
                    count = _listed(k, shard, listed, shard_of, count)
        else:
            first = last
            while last < sent.size and np.int64(sent[last] >> np.uint64(32)) == k:
                named[last] = np.int64(sent[last] & np.uint64(0xFFFFFFFF))
                last += 1
            while first < last:  # they come by shard, because people do
                shard, since = named[first] // SHARD, first
                while first < last and named[first] // SHARD == shard:
                    first += 1
                count = _listed(k, shard, listed, shard_of, count)
                cell = listed[count - 1]
                cell.list_from, cell.list_to = since, first
        for place in range(own, count):
            cell, shard = listed[place], shard_of[place]
            if cell.quota > 0 and row_of[v, shard] < 0:
                free_count[0] -= 1
                row_of[v, shard] = free[free_count[0]]
            cell.row = row_of[v, shard]
    starts, work, laid = _by_shard(listed, shard_of, count, begin, end, shards)
    return starts, work, laid, named, screens
