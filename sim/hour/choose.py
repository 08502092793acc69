"""Who in a shard meets a video this hour: its fans, its sharers' friends, strangers.

Takes a cell of the hour's work; gives places in the shard, in `slots`. Fans come when their
own draw falls into the hour's window, strangers by segment as the platform aims, and nobody
meets a video twice: the feed's cursors and the marks of a cell remember who did.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, inner
from sim.rules.draws import FAN, SEGMENT, child, high32, low32, permuted, unpermuted
from sim.world.ties import WORDS


@inner
def _drawn_before(
    cursors: NDArray[np.uint16], row: Whole, cell_key: Word, starts: NDArray[np.int64], slot: Whole
) -> bool:
    """Whether the feed has drawn this place in the shard: its index lies behind the cursor."""
    if row < 0:
        return False
    for g in range(starts.size - 1):
        if slot < starts[g + 1]:
            size = starts[g + 1] - starts[g]
            index = unpermuted(slot - starts[g], size, child(cell_key, SEGMENT + g))
            return bool(index < np.int64(cursors[row, g]))
    return False


@inner
def is_marked(marks: NDArray[np.uint64], slot: Whole) -> bool:
    """Whether the bit of a place is set."""
    found: bool = (marks[slot >> 6] >> np.uint64(slot & 63)) & np.uint64(1) != 0
    return found


@inner
def mark(marks: NDArray[np.uint64], slot: Whole) -> None:
    """Sets the bit of a place."""
    marks[slot >> 6] |= np.uint64(1) << np.uint64(slot & 63)


@inner
def recall(
    seen: NDArray[np.uint64], marks: NDArray[np.uint64], video: Whole, first: Whole, size: Whole
) -> int:
    """Marks the people of the shard who saw a video as fan or friend in earlier hours; how many."""
    pair = np.uint64(video) << np.uint64(32)
    at, end = 0, seen.size
    while at < end:  # the first entry that is not below the shard
        middle = (at + end) >> 1
        if seen[middle] < (pair | np.uint64(first)):
            at = middle + 1
        else:
            end = middle
    count = 0
    while at + count < seen.size and seen[at + count] < (pair | np.uint64(first + size)):
        mark(marks, np.int64(seen[at + count] & np.uint64(0xFFFFFFFF)) - first)
        count += 1
    return count


@inner
def fans_due(
    fans: NDArray[np.uint64],
    author: Whole,
    video_key: Word,
    cell: Any,
    cursors: NDArray[np.uint16],
    cell_key: Word,
    starts: NDArray[np.int64],
    marks: NDArray[np.uint64],
    slots: NDArray[np.int64],
    first: Whole,
) -> int:
    """How many fans' hour has come, because their own draw falls into the window.

    Args:
        fans: bits of (account, user).
        author: account that published the video.
        video_key: address of the video.
        cell: record of CELL.
        cursors: as in Cells.
        cell_key: address of (video, shard).
        starts: (G+1,) first slot of each segment.
        marks: bits of the places that have seen the video as fan or friend.
        slots: their places in the shard, written.
        first: number of the shard's first person.
    """
    count = 0
    if cell.fan_high <= cell.fan_low:
        return count
    fan_key = child(video_key, FAN)
    for word in range(WORDS):
        left = fans[author, (first >> 6) + word]
        slot = (word << 6) - 1
        while left != 0:
            while left & np.uint64(0xFF) == 0:
                left >>= np.uint64(8)
                slot += 8
            slot += 1
            due = left & np.uint64(1) != 0
            left >>= np.uint64(1)
            if not due:
                continue
            draw = low32(child(fan_key, first + slot))
            if draw < cell.fan_low or draw >= cell.fan_high or is_marked(marks, slot):
                continue
            if not _drawn_before(cursors, cell.row, cell_key, starts, slot):
                slots[count] = slot
                count += 1
    return count


@inner
def friends_due(
    friends: NDArray[np.int64],
    cell: Any,
    cursors: NDArray[np.uint16],
    cell_key: Word,
    starts: NDArray[np.int64],
    marks: NDArray[np.uint64],
    slots: NDArray[np.int64],
    first: Whole,
) -> int:
    """How many people open what a friend sent and have not seen it; arguments as in `fans_due`."""
    count = 0
    for k in range(cell.friend_from, cell.friend_to):
        slot = friends[k] - first
        if not (is_marked(marks, slot) or _drawn_before(cursors, cell.row, cell_key, starts, slot)):
            slots[count] = slot
            count += 1
    return count


@inner
def recommended(
    account: Any,
    cell: Any,
    cursors: NDArray[np.uint16],
    picks: NDArray[np.int64],
    cell_key: Word,
    starts: NDArray[np.int64],
    marks: NDArray[np.uint64],
    marked: bool,
    slots: NDArray[np.int64],
) -> int:
    """How many people a video's quota reaches in the shard: by segment, without repetition.

    Args:
        account: record of ACCOUNT of the planner, whose alias table aims.
        cell: record of CELL.
        cursors: as in Cells, moved on.
        picks: as in Cells, counted up.
        cell_key: address of (video, shard).
        starts: (G+1,) first slot of each segment.
        marks: bits of the places that have seen the video as fan or friend.
        marked: whether any bit is set.
        slots: their places in the shard, written.
    """
    row = cell.row
    segments = starts.size - 1
    count = 0
    for _ in range(cell.quota):
        word = child(cell_key, picks[row])
        picks[row] += 1
        g = np.int64(word & np.uint64(63))
        if high32(word) >= account.pick_limit[g]:
            g = account.pick_other[g]
        found = False
        for _ in range(segments):
            size = starts[g + 1] - starts[g]
            while cursors[row, g] < size and not found:
                index = cursors[row, g]
                cursors[row, g] += 1
                slot = starts[g] + permuted(index, size, child(cell_key, SEGMENT + g))
                if not (marked and is_marked(marks, slot)):
                    slots[count] = slot
                    count += 1
                    found = True
            if found:
                break
            g = (g + 1) % segments
        if not found:
            break  # everyone in the shard has seen it
    return count
