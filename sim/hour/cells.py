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

from sim.compiled import Whole, compiled, inner
from sim.rules.audience import SHARD
from sim.rules.draws import SPREAD, child, permuted
from sim.world.board import Board

BLOCK = 64
"""Impressions of one video that go to one lane before the next one's turn: a constant of the rules."""

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
    cells: NDArray[Any]
    """(N,) CELL"""
    friends: NDArray[np.int64]
    """People that friends sent a video to, in order of (video, person)."""
    cursors: NDArray[np.uint16]
    """(rows, G) people of each segment already drawn."""
    picks: NDArray[np.int64]
    """(rows,) impressions tried so far in the cell."""
    seen: NDArray[np.uint64]
    """Sorted video << 32 | user of what fans and friends were shown."""


class Demand(NamedTuple):
    """What the platform wants shown this hour, one entry a live video in canonical order."""

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
        videos, shards = board.videos.size, board.fan_count.shape[1]
        self.board = board
        self.own = slice(0, shards) if held is None else slice(held.start, held.stop)
        self.row_of = np.full((videos, shards), -1 if held is None else _ELSEWHERE, np.int32)
        self.row_of[:, self.own] = -1
        self.cursors = np.zeros((64, board.starts.shape[1] - 1), np.uint16)
        self.picks = np.zeros(64, np.int64)
        self.free = np.arange(63, -1, -1, dtype=np.int64)  # a stack of unused rows
        self.free_count = np.array([64], np.int64)
        self.seen = np.zeros(0, np.uint64)

    def lay(self, demand: Demand, sent: NDArray[np.uint64]) -> Cells:
        """The cells of an hour; where people are elsewhere, their shards have none.

        Args:
            demand: what the platform wants shown.
            sent: sorted video << 32 | user of what friends sent, to people who are here.
        """
        videos, own = self.row_of.shape[0], self.own
        quota = np.zeros(videos, np.int64)
        before = np.zeros(videos, np.int64)
        low, high = np.zeros(videos, np.uint64), np.zeros(videos, np.uint64)
        quota[demand.video], before[demand.video] = demand.quota, demand.before
        low[demand.video], high[demand.video] = demand.fan_low, demand.fan_high
        sent_video = (sent >> np.uint64(32)).astype(np.int64)
        friends = (sent & np.uint64(0xFFFFFFFF)).astype(np.int64)
        live = np.union1d(demand.video[(demand.quota > 0) | (demand.fan_high > demand.fan_low)], sent_video)
        self._reserve(int(np.minimum(quota // BLOCK + 2, own.stop - own.start)[live].sum()))
        bounds = np.searchsorted(sent_video, live), np.searchsorted(sent_video, live, side="right")
        starts, laid = lay_cells(
            live, quota, before, low, high, friends, *bounds, self.board.videos,
            self.board.users.size, self.board.fan_count, self.row_of, self.free, self.free_count,
        )  # fmt: skip
        begin, end = starts[own.start], starts[own.stop]
        starts, laid = np.clip(starts, begin, end) - begin, laid[begin:end]
        return Cells(starts, laid, friends, self.cursors, self.picks, self.seen)

    def remember(self, seen: NDArray[np.uint64]) -> None:
        """Adds what fans and friends were shown this hour (video << 32 | user)."""
        if seen.size:
            self.seen = np.insert(self.seen, np.searchsorted(self.seen, seen), seen)

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
            low, high = np.searchsorted(self.seen, np.array([video << 32, (video + 1) << 32], np.uint64))
            self.seen = np.delete(self.seen, np.s_[low:high])

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
def _touch(
    v: Whole,
    k: int,
    quota: NDArray[np.int64],
    before: NDArray[np.int64],
    low: NDArray[np.uint64],
    high: NDArray[np.uint64],
    friends: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    videos: NDArray[Any],
    users: int,
    fan_count: NDArray[np.int64],
    share: NDArray[np.int64],
    order: NDArray[np.int64],
) -> int:
    """How many shards video `v`, the k-th live one, touches.

    Arguments as in `lay_cells`; `share` receives the quota by shard (−1: untouched), `order` the
    touched shards.
    """
    shards = fan_count.shape[1]
    touched = 0
    if quota[v] > 0:
        key = child(videos[v].key, SPREAD)
        lanes = (users + BLOCK - 1) // BLOCK
        at, end = before[v], before[v] + quota[v]
        while at < end:
            block = at // BLOCK
            amount = min(end, (block + 1) * BLOCK) - at
            shard = permuted(block % lanes, lanes, key) // (SHARD // BLOCK)
            if share[shard] < 0:
                share[shard] = 0
                order[touched] = shard
                touched += 1
            share[shard] += amount
            at += amount
    if high[v] > low[v]:
        for shard in range(shards):
            if share[shard] < 0 and fan_count[videos[v].author, shard] > 0:
                share[shard] = 0
                order[touched] = shard
                touched += 1
    for at in range(first[k], last[k]):
        shard = friends[at] // SHARD
        if share[shard] < 0:
            share[shard] = 0
            order[touched] = shard
            touched += 1
    return touched


@compiled
def lay_cells(
    live: NDArray[np.int64],
    quota: NDArray[np.int64],
    before: NDArray[np.int64],
    low: NDArray[np.uint64],
    high: NDArray[np.uint64],
    friends: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    videos: NDArray[Any],
    users: int,
    fan_count: NDArray[np.int64],
    row_of: NDArray[np.int32],
    free: NDArray[np.int64],
    free_count: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """`Cells.starts` and `Cells.cells`, by (shard, video): a counting pass, then a filling one.

    Args:
        live: (L,) videos with anything to show, ascending.
        quota: (V,) recommended impressions of the hour.
        before: (V,) the same, summed over earlier hours.
        low: (V,) start of the fans' window [1/2³²].
        high: (V,) its end.
        friends: people that friends sent a video to, in order of (video, person).
        first: (L,) where a live video's friends begin.
        last: (L,) where they end.
        videos: (V,) VIDEO.
        users: people in the audience.
        fan_count: (A, S) fans by shard.
        row_of: (V, S) row of cursors and picks, −1 for none yet; given out here.
        free: stack of unused rows.
        free_count: (1,) its height.
    """
    shards = fan_count.shape[1]
    share = np.empty(shards, np.int64)
    for shard in range(shards):
        share[shard] = -1
    order = np.empty(shards, np.int64)
    starts = np.zeros(shards + 1, np.int64)
    for k in range(live.size):
        touched = _touch(
            live[k], k, quota, before, low, high, friends, first, last, videos, users, fan_count, share, order
        )
        for t in range(touched):
            starts[order[t] + 1] += 1
            share[order[t]] = -1
    for shard in range(shards):
        starts[shard + 1] += starts[shard]
    cells = starts[shards]
    laid = np.zeros(cells, CELL)
    fill = np.empty(shards, np.int64)
    for shard in range(shards):
        fill[shard] = starts[shard]
    for k in range(live.size):
        v = live[k]
        touched = _touch(
            v, k, quota, before, low, high, friends, first, last, videos, users, fan_count, share, order
        )
        for t in range(touched):
            shard = order[t]
            at = fill[shard]
            fill[shard] += 1
            if share[shard] > 0 and row_of[v, shard] < 0:
                free_count[0] -= 1
                row_of[v, shard] = free[free_count[0]]
            cell = laid[at]
            cell.video, cell.quota, cell.row = v, share[shard], row_of[v, shard]
            cell.fan_low, cell.fan_high = low[v], high[v]
            share[shard] = -1
        at = first[k]
        while at < last[k]:  # friends come by shard, because people do
            shard = friends[at] // SHARD
            end = at
            while end < last[k] and friends[end] // SHARD == shard:
                end += 1
            cell = laid[fill[shard] - 1]
            cell.friend_from, cell.friend_to = at, end
            at = end
    return starts, laid
