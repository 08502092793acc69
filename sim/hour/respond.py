"""Users respond, visitors walk, brands convert: the kernel that goes shard by shard.

Takes the board and the hour's cells (a video's quota in a shard, its window of fans, the
friends it was sent to); gives tallies and events (shares, follows that will be taken back).
Who meets a video is chosen in choose.py, what an impression does stands in impress.py, where
it leads in walk.py. Writes only to the people and bits of its shards and to its own tally,
so threads over shards need no lock.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled, inner, woven
from sim.hour.cells import Cells
from sim.hour.choose import fans_due, friends_due, mark, recall, recommended
from sim.hour.events import SEEN, Events, grown, tell
from sim.hour.impress import NAMED, appeal_of, impress, match
from sim.hour.walk import aftermath
from sim.rules import engagement as e
from sim.rules.audience import SHARD
from sim.rules.draws import CELL, child, high32
from sim.world import board as b
from sim.world.accounts import PICKS
from sim.world.board import Board, Tally
from sim.world.ties import WORDS, set_bit

RARE = e.SHARE | e.FOLLOW | e.VISIT | NAMED
"""Bits whose consequences reach further than the counts of a cell."""
SWEEP = 16
"""One person in so many of a shard is worth reading all of it ahead (measured)."""
BATCH = 256
"""Impressions whose hashes are taken together: 8 KiB, which stay in the nearest cache."""


@woven
def _show(
    board: Board,
    tally: Tally,
    events: Events,
    video: Whole,
    origin: int,
    slots: NDArray[np.int64],
    rare: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    count: Whole,
    first: Whole,
    today: Whole,
) -> Events:
    """Shows a video to the people at the first `count` of `slots`; the events.

    Woven into `respond`: the board and what stands ready for the loop would cost compile time to hand over.
    """
    users, reached, multipliers, numbers = board.users, board.reached, board.multipliers, board.numbers
    row = board.videos[video]
    author, account = row.author, board.accounts[row.author]
    planner, appeal = board.accounts[row.planner], appeal_of(board.videos, video)
    mention = np.uint64(0)
    if account.mention_to > account.mention_from:
        mention = numbers[b.MENTION_SHARE]
    fresh, completions, likes, comments, shares, orders = 0, 0, 0, 0, 0, 0
    rares = np.int64(0)  # typed from the start: it is handed on, and a plain 0 would be compiled for too
    for batch in range(0, count, BATCH):
        size = min(BATCH, count - batch)
        for k in range(size):  # hashes alone: the processor does several at once
            drawn = e.draws(e.impression_key(row.key, first + slots[batch + k]))
            hashes[0, k], hashes[1, k], hashes[2, k], hashes[3, k] = drawn
        for k in range(size):  # a first touch alone: the processor fetches several records at once
            person = users[first + slots[batch + k]]
            fresh += 1 - person.reached
            person.reached = 1
            set_bit(reached, author, first + slots[batch + k])
        for k in range(size):
            person = users[first + slots[batch + k]]
            drawn = e.Draws(hashes[0, k], hashes[1, k], hashes[2, k], hashes[3, k])
            level = match(planner, person.interest)
            bits = impress(person, account, appeal, multipliers, numbers, level, drawn, today)
            completions += bits & 1
            likes += (bits >> 1) & 1
            comments += (bits >> 2) & 1
            shares += (bits >> 3) & 1
            orders += bits >> 6
            if high32(drawn.side) < mention:
                bits |= NAMED
            if bits & RARE:
                rare[rares] = (batch + k) << 8 | bits
                rares += 1
    tally.flows[tally.flows.shape[0] - 1, b.REACHED] += fresh
    side = b.OTHER if origin == b.FRIENDS else b.JUDGED
    for part in range(2):
        counts = tally.accounts[author, origin] if part == 0 else tally.videos[video, side]
        counts[b.IMPRESSIONS] += count
        counts[b.COMPLETIONS] += completions
        counts[b.LIKES] += likes
        counts[b.COMMENTS] += comments
        counts[b.SHARES] += shares
        counts[b.ORDERS] += orders
    if rares:
        events = aftermath(board, tally, events, video, origin, slots, rare, rares, first, today)
    return events


@inner
def fetched(users: NDArray[Any], cells: NDArray[Any], first: Whole, size: Whole) -> int:
    """Reads a shard's records in order, if enough of them are about to be met; any number.

    In order memory delivers many times as fast as record by record. Below one person in SWEEP
    it costs more than it saves.
    """
    due, sum_of_all = 0, 0
    for at in range(cells.size):
        due += cells[at].quota
    if due * SWEEP > size:
        for user in range(first, first + size, 2):  # two records share a cache line
            sum_of_all += users[user].reached
    return sum_of_all


@compiled
def respond(
    board: Board, cells: Cells, tally: Tally, events: Events, shard_from: int, shard_to: int, today: int
) -> Events:
    """The response of the people of some shards to the hour's cells.

    Args:
        board: the world; its people and bits of these shards change.
        cells: the hour's work; the cursors of these shards move on.
        tally: counts of this thread, added to.
        events: list of this thread, added to or replaced by a longer one.
        shard_from: first shard.
        shard_to: one past the last shard.
        today: day of the hour, from 0.
    Returns: the events.
    """
    slots = np.empty(SHARD, np.int64)
    rare = np.empty(SHARD, np.int64)
    hashes = np.empty((4, BATCH), np.uint64)
    marks = np.zeros(WORDS, np.uint64)
    wanted = np.zeros(PICKS, np.int64)
    users = board.users.size
    for shard in range(shard_from, shard_to):
        first = shard * SHARD
        size = min(SHARD, users - first)
        rare[0] = fetched(
            board.users, cells.cells[cells.starts[shard] : cells.starts[shard + 1]], first, size
        )
        starts = board.starts[0 if size == min(SHARD, users) else 1]
        for at in range(cells.starts[shard], cells.starts[shard + 1]):
            cell = cells.cells[at]
            video = cell.video
            row = board.videos[video]
            cell_key = child(child(row.key, CELL), shard)
            marked: Whole = recall(cells.seen, marks, video, first, size)
            count: Whole = np.int64(0)
            for origin in (b.FANS, b.FRIENDS, b.RECOMMEND):
                if origin == b.FANS:
                    count = fans_due(
                        board.fans,
                        row.author,
                        row.key,
                        cell,
                        cells.cursors,
                        cell_key,
                        starts,
                        marks,
                        slots,
                        first,
                        hashes[0],
                        rare,
                    )
                elif origin == b.FRIENDS:
                    count = friends_due(
                        cells.friends, cell, cells.cursors, cell_key, starts, marks, slots, first
                    )
                else:
                    planner = board.accounts[row.planner]
                    count = recommended(
                        planner, cell, cells.cursors, cells.picks, cell_key, starts, marks,
                        bool(marked > 0), slots, wanted, hashes[0], rare,
                    )  # fmt: skip
                if origin != b.RECOMMEND:
                    for k in range(count):
                        mark(marks, slots[k])
                        events = grown(events)
                        tell(events, SEEN, video, first + slots[k], np.uint64(0))
                    marked += count
                if count:
                    events = _show(
                        board, tally, events, video, origin, slots, rare, hashes, count, first, today
                    )
            if marked:
                for word in range(WORDS):
                    marks[word] = 0
    return events
