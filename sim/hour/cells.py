"""The hour's work, laid out by shard: which video meets how many people where.

Takes each video's quota, its window of fans and the friends it was sent to; gives cells in
order of (shard, video). A small quota goes to few shards: blocks of 64 impressions walk
through the lanes of the audience, 64 people each, in the video's own permuted order. So a
shard gets its share by the people in it, and work and memory grow with impressions. Keeps the
cursors of each (video, shard) between hours. Does not show anything: respond.py does.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled, inner, woven
from sim.hour.events import videos_of
from sim.rules.audience import SHARD
from sim.rules.draws import SPREAD, child
from sim.world.board import Board
from sim.world.order import WIDTH, next_places
from sim.world.videos import enlarged

BLOCK = 64
"""Impressions of one video that go to one lane before the next one's turn: a constant of the rules."""

CELL_WORK = 16
"""Work of a cell beside its impressions, in impressions (measured roughly)."""
_ELSEWHERE = np.iinfo(np.int32).max
"""Row of a shard whose people are in another process: none is given out, and none is read."""

CELL = np.dtype(
    [
        ("video", "i8"),
        ("quota", "i8"),  # recommended impressions
        ("row", "i8"),  # of cursors and picks; −1 where the feed never went
        ("fan_low", "u8"),  # window of fans shown this hour [1/2³²]
        ("fan_high", "u8"),
        ("friend_from", "i8"),  # friends it was sent to: friends[friend_from:friend_to]
        ("friend_to", "i8"),
    ]
)
"""One video in one shard, this hour."""


class Cells(NamedTuple):
    """The hour's work, by shard; N cells in order of (shard, video)."""

    starts: NDArray[np.int64]
    """(S+1,) first cell of each shard."""
    work: NDArray[np.int64]
    """(S+1,) work of the shards before each, and of all, in impressions."""
    cells: NDArray[Any]
    """(N,) CELL"""
    friends: NDArray[np.int64]
    """People that friends sent a video to, in order of (video, person)."""
    cursors: NDArray[np.uint16]
    """(rows, G) people of each segment already drawn."""
    picks: NDArray[np.int64]
    """(rows,) impressions tried so far in the cell."""
    seen: NDArray[np.uint64]
    """Sorted sightings of earlier hours, by fans and friends."""


class Demand(NamedTuple):
    """What the platform wants shown this hour, one entry a live video, ascending."""

    video: NDArray[np.int64]
    quota: NDArray[np.int64]
    """Recommended impressions inside the audience."""
    before: NDArray[np.int64]
    """The same, summed over earlier hours: where the walk over blocks stands."""
    fan_low: NDArray[np.uint64]
    fan_high: NDArray[np.uint64]
    """Window of the fans' own draws that are shown this hour [1/2³²]."""


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
        self.cursors = np.zeros((64, board.starts.shape[1] - 1), np.uint16)
        self.picks = np.zeros(64, np.int64)
        self.free = np.arange(63, -1, -1, dtype=np.int64)  # a stack of unused rows
        self.free_count = np.array([64], np.int64)
        self.seen = np.zeros(0, np.uint64)
        self.make_room(board)

    def make_room(self, board: Board) -> None:
        """Goes on with a board that has room for more videos."""
        before, self.board = len(self.row_of), board
        self.row_of = enlarged(self.row_of, board.videos.size)
        self.row_of[before:] = _ELSEWHERE
        self.row_of[before:, self.own] = -1

    def lay(self, demand: Demand, sent: NDArray[np.uint64]) -> Cells:
        """The cells of an hour; where people are elsewhere, their shards have none.

        Args:
            demand: what the platform wants shown.
            sent: sorted video << 32 | user of what friends sent, to people who are here.
        """
        fed = demand.quota[demand.quota > 0]
        self._reserve(int(np.minimum(fed // BLOCK + 2, self.own.stop - self.own.start).sum()))
        laid = lay_cells(
            demand, sent, self.board.videos, self.board.users.size, self.board.fan_count,
            self.row_of, self.free, self.free_count, self.own.start, self.own.stop,
        )  # fmt: skip
        return Cells(*laid, self.cursors, self.picks, self.seen)

    def remember(self, seen: NDArray[np.uint64]) -> None:
        """Adds the hour's sightings, in any order."""
        if seen.size:
            self.seen = np.concatenate([self.seen, seen])
            self.seen.sort(kind="stable")  # which merges what is in order: the old, and a shard's new ones

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
        if videos.size:
            gone = np.zeros(self.row_of.shape[0], bool)
            gone[videos] = True
            self.seen = self.seen[~gone[videos_of(self.seen)]]

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
    video: Whole,
    shard: Whole,
    place_of: NDArray[np.int64],
    listed: NDArray[Any],
    shard_of: NDArray[np.int64],
    count: Whole,
) -> Whole:
    """How many cells are listed, now that (video, shard) is.

    Args:
        video: which video.
        shard: which shard.
        place_of: (S,) places of this video's cells in the list, −1 for none; written.
        listed: CELL of this hour, video by video; a new one is empty.
        shard_of: their shards.
        count: how many there were.
    """
    if place_of[shard] >= 0:
        return count
    place_of[shard], shard_of[count] = count, shard
    cell = listed[count]
    cell.video, cell.quota, cell.friend_from, cell.friend_to = video, 0, 0, 0
    return count + 1


@woven
def _list_feed(
    video: Whole,
    key: Word,
    shown: Whole,
    goal: Whole,
    lanes: Whole,
    order: NDArray[np.int64],
    astray: NDArray[np.int64],
    place_of: NDArray[np.int64],
    listed: NDArray[Any],
    shard_of: NDArray[np.int64],
    count: Whole,
) -> Whole:
    """Lists the shards of a video's next blocks, with what falls to each; how many cells there are then.

    Args:
        video: which video.
        key: address of its order of lanes.
        shown: recommended impressions so far.
        goal: the same after this hour.
        lanes: of the audience.
        order: room for lanes.
        astray: room for `next_places`.
        place_of: as in `_listed`, like the following.
        listed: cells.
        shard_of: their shards.
        count: how many there were.
    """
    while shown < goal:
        block = shown // BLOCK
        turn = block % lanes  # after the last lane, the first has its turn again
        ahead = min((goal - 1) // BLOCK + 1 - block, lanes - turn)
        next_places(turn, ahead, 0, lanes, key, order, 0, astray)
        for n in range(ahead):
            shard = order[n] // (SHARD // BLOCK)
            count = _listed(video, shard, place_of, listed, shard_of, count)
            amount = min(goal, (block + n + 1) * BLOCK) - shown
            listed[place_of[shard]].quota += amount
            shown += amount
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
def lay_cells(
    demand: Demand,
    sent: NDArray[np.uint64],
    videos: NDArray[Any],
    users: int,
    fan_count: NDArray[np.int64],
    row_of: NDArray[np.int32],
    free: NDArray[np.int64],
    free_count: NDArray[np.int64],
    begin: int,
    end: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any], NDArray[np.int64]]:
    """The first four of `Cells`: listed by video, then put in order of shards.

    Args:
        demand: what the platform wants shown.
        sent: sorted video << 32 | user of what friends sent.
        videos: (V,) VIDEO.
        users: people in the audience.
        fan_count: (A, S) fans by shard.
        row_of: (V, S) row of cursors and picks, −1 for none yet; given out here.
        free: stack of unused rows.
        free_count: (1,) its height.
        begin: first shard whose people are here; others get no cells.
        end: one past the last.
    """
    shards, lanes, wanted = fan_count.shape[1], (users + BLOCK - 1) // BLOCK, demand.video.size
    room, most = sent.size, 0
    for k in range(wanted):
        blocks = min(demand.quota[k] // BLOCK + 2, lanes)
        most = max(most, blocks)
        room += shards if demand.fan_high[k] > demand.fan_low[k] else min(shards, blocks)
    order, astray = np.empty(most + WIDTH, np.int64), np.empty(most, np.int64)
    listed, shard_of = np.empty(room, CELL), np.empty(room, np.int64)
    friends = np.empty(sent.size, np.int64)
    place_of = np.full(shards, -1, np.int64)
    count: Whole = np.int64(0)
    k, last = 0, 0
    while k < wanted or last < sent.size:  # videos in order, of the platform's and of the friends'
        own, first = count, last
        v = demand.video[k] if k < wanted else np.int64(videos.size)
        if last < sent.size:
            v = min(v, np.int64(sent[last] >> np.uint64(32)))
        fan_low, fan_high = np.uint64(0), np.uint64(0)
        if k < wanted and demand.video[k] == v:
            fan_low, fan_high = demand.fan_low[k], demand.fan_high[k]
            key, shown = child(videos[v].key, SPREAD), demand.before[k]
            goal = shown + demand.quota[k]
            count = _list_feed(v, key, shown, goal, lanes, order, astray, place_of, listed, shard_of, count)
            k += 1
        if fan_high > fan_low:
            for shard in range(shards):
                if fan_count[videos[v].author, shard] > 0:
                    count = _listed(v, shard, place_of, listed, shard_of, count)
        while last < sent.size and np.int64(sent[last] >> np.uint64(32)) == v:
            friends[last] = np.int64(sent[last] & np.uint64(0xFFFFFFFF))
            last += 1
        while first < last:  # friends come by shard, because people do
            shard, since = friends[first] // SHARD, first
            while first < last and friends[first] // SHARD == shard:
                first += 1
            count = _listed(v, shard, place_of, listed, shard_of, count)
            cell = listed[place_of[shard]]
            cell.friend_from, cell.friend_to = since, first
        for place in range(own, count):
            cell, shard = listed[place], shard_of[place]
            place_of[shard] = -1
            if cell.quota > 0 and row_of[v, shard] < 0:
                free_count[0] -= 1
                row_of[v, shard] = free[free_count[0]]
            cell.row, cell.fan_low, cell.fan_high = row_of[v, shard], fan_low, fan_high
    starts, work, laid = _by_shard(listed, shard_of, count, begin, end, shards)
    return starts, work, laid, friends
