"""Who in a shard meets a video this hour: its fans, its sharers' friends, strangers.

Takes an offer's cell in the shard; gives places in the shard, in `slots`. Fans come when their
own draw falls into the hour's window, strangers by segment as the platform aims, and nobody
meets a video twice: the feed's cursors and the marks of a cell remember who did.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, ask, at, inlined, inner
from sim.hour.offers import NO_PLANE, PLANES
from sim.rules.audience import SHARD
from sim.rules.draws import FAN, SEGMENT, child, high32, low32, lowest_bit, unpermuted
from sim.world.order import next_places
from sim.world.planes import of_today
from sim.world.ties import WORDS, set_bit


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
    found: bool = (marks[at(slot >> 6)] >> np.uint64(slot & 63)) & np.uint64(1) != 0
    return found


@inner
def mark(marks: NDArray[np.uint64], slot: Whole) -> None:
    """Sets the bit of a place."""
    marks[at(slot >> 6)] |= np.uint64(1) << np.uint64(slot & 63)


@inner
def passed_over(
    fans: NDArray[np.uint64],
    reached: NDArray[np.uint64],
    planes: NDArray[np.uint64],
    days: NDArray[np.int32],
    passing: NDArray[np.int32],
    marks: NDArray[np.uint64],
    away: NDArray[np.uint64],
    shard: Whole,
    today: Whole,
) -> None:
    """Writes the places of a shard whose people an offer does not reach.

    Args:
        fans: bits of (account, user), as in Board like the following.
        reached: the same.
        planes: of mechanisms; those of an earlier day are cleared.
        days: of the planes.
        passing: numbers of planes as an offer names them.
        marks: bits of the places that have seen the video over a window or a list.
        away: (WORDS,) bits of these and of those who are passed over, written.
        shard: which.
        today: day of the hour, from 0.
    """
    accounts, begin = fans.shape[0], shard * WORDS
    for word in range(WORDS):
        away[word] = marks[word]
    for n in range(PLANES):
        number = np.int64(passing[n])
        if number != NO_PLANE:
            bits, row = fans, abs(number) - 1
            if row >= 2 * accounts:
                bits, row = planes, row - 2 * accounts
                of_today(bits, days, row, shard, today)
            elif row >= accounts:
                bits, row = reached, row - accounts
            turned = ~np.uint64(0) if number < 0 else np.uint64(0)
            for word in range(WORDS):
                away[word] |= bits[row, begin + word] ^ turned


@inner
def note(
    planes: NDArray[np.uint64],
    days: NDArray[np.int32],
    row: Whole,
    slots: NDArray[np.int64],
    count: Whole,
    shard: Whole,
    today: Whole,
) -> None:
    """Marks the people at the first `count` of `slots` on a row of the planes; others as in `passed_over`."""
    of_today(planes, days, row, shard, today)
    for k in range(count):
        set_bit(planes, row, shard * SHARD + slots[k])


@inlined
def _fans_of_shard(
    fans: NDArray[np.uint64], author: Whole, first: Whole, found: NDArray[np.int64], full: NDArray[np.int64]
) -> Whole:
    """Writes the places of an account's fans in a shard to `found` (SHARD,), ascending; how many.

    Most words are empty or not as it comes, which no processor guesses: which are not is noted in `full`
    (WORDS,) first, without asking.
    """
    count, words = np.int64(0), np.int64(0)
    for word in range(WORDS):
        full[at(words)] = word
        words += fans[at(author), at((first >> 6) + word)] != 0
    for k in range(words):
        word = full[at(k)]
        left = fans[at(author), at((first >> 6) + word)]
        while left != 0:
            found[at(count)] = (word << 6) + lowest_bit(left)
            count += 1
            left &= left - np.uint64(1)
    return count


@inlined
def fans_due(
    fans: NDArray[np.uint64],
    offer: Any,
    video_key: Word,
    row: Whole,
    cursors: NDArray[np.uint16],
    cell_key: Word,
    starts: NDArray[np.int64],
    marks: NDArray[np.uint64],
    slots: NDArray[np.int64],
    first: Whole,
    words: NDArray[np.uint64],
    places: NDArray[np.int64],
) -> Whole:
    """How many fans' hour has come, because their own draw falls into the window.

    Args:
        fans: bits of (account, user).
        offer: record of OFFER: whose fans, over which window.
        video_key: address of the video.
        row: of the cursors of (video, shard), −1 for none.
        cursors: as in Cells.
        cell_key: address of (video, shard).
        starts: (G+1,) first slot of each segment.
        marks: bits of the places that are passed over, such as those who have seen the video.
        slots: their places in the shard, written.
        first: number of the shard's first person.
        words: room for hashes.
        places: (SHARD,) room for places.
    """
    due = np.int64(0)
    all_fans = _fans_of_shard(fans, offer.whose, first, places, slots)
    fan_key, width = child(video_key, FAN), offer.high - offer.low
    for batch in range(0, all_fans, words.size):
        size = min(words.size, all_fans - batch)
        for k in range(size):  # hashes alone: the processor does several at once
            words[at(k)] = child(fan_key, first + places[at(batch + k)])
        for k in range(size):
            slots[at(due)] = places[at(batch + k)]
            due += low32(words[at(k)]) - offer.low < width  # below the window it wraps to a large number
    count = np.int64(0)
    for k in range(due):
        slot = slots[k]
        if not (is_marked(marks, slot) or _drawn_before(cursors, row, cell_key, starts, slot)):
            slots[count] = slot
            count += 1
    return count


@inner
def named_due(
    named: NDArray[np.int64],
    cell: Any,
    cursors: NDArray[np.uint16],
    cell_key: Word,
    starts: NDArray[np.int64],
    marks: NDArray[np.uint64],
    slots: NDArray[np.int64],
    first: Whole,
) -> int:
    """How many people that a list names have not seen the video; arguments as in `fans_due`."""
    count = 0
    for k in range(cell.list_from, cell.list_to):
        slot = named[k] - first
        if not (is_marked(marks, slot) or _drawn_before(cursors, cell.row, cell_key, starts, slot)):
            slots[count] = slot
            count += 1
    return count


@inlined
def _aimed(
    aim: Any,
    cell_key: Word,
    first: Whole,
    quota: Whole,
    words: NDArray[np.uint64],
    wanted: NDArray[np.int64],
) -> None:
    """Adds to `wanted` (64,) how many of a quota each segment is to see; `words` is room for hashes."""
    for batch in range(0, quota, words.size):
        size = min(words.size, quota - batch)
        for k in range(size):  # hashes alone: the processor does several at once
            words[at(k)] = child(cell_key, first + batch + k)
        for k in range(size):
            word = words[at(k)]
            g = word & np.uint64(63)
            other = np.uint64(aim.other[g])
            wanted[g if high32(word) < aim.limit[g] else other] += 1


@inlined
def recommended(
    aim: Any,
    cell: Any,
    cursors: NDArray[np.uint16],
    picks: NDArray[np.int64],
    cell_key: Word,
    starts: NDArray[np.int64],
    marks: NDArray[np.uint64],
    marked: bool,
    slots: NDArray[np.int64],
    wanted: NDArray[np.int64],
    words: NDArray[np.uint64],
    overflow: NDArray[np.int64],
    users: NDArray[Any],
    first: Whole,
) -> Whole:
    """How many people a video's quota reaches in the shard: by segment, without repetition.

    Each impression aims at a segment and goes to its next person who has not seen the video, or to
    the next segment that has one. Whoever draws first, the same people are drawn in the end (as
    places are taken in linear probing), so a segment's are drawn together.

    Args:
        aim: record of AIM.
        cell: record of CELL.
        cursors: as in Cells, moved on.
        picks: as in Cells, counted up.
        cell_key: address of (video, shard).
        starts: (G+1,) first slot of each segment.
        marks: bits of the places that are passed over, such as those who have seen the video.
        marked: whether any bit is set.
        slots: their places in the shard, written.
        wanted: (64,) zeros, given back as zeros.
        words: room for hashes.
        overflow: (SHARD,) room for places.
        users: records of all people, asked for ahead.
        first: number of the shard's first person.
    """
    row = cell.row
    segments = starts.size - 1
    _aimed(aim, cell_key, picks[row], cell.quota, words, wanted)
    picks[row] += cell.quota
    count, missing = np.int64(0), np.int64(0)
    for step in range(2 * segments):
        g = step % segments
        missing += wanted[g]
        wanted[g] = 0
        if missing == 0:
            continue
        size = starts[g + 1] - starts[g]
        cursor = np.int64(cursors[row, g])
        while missing > 0 and cursor < size:
            amount = min(missing, size - cursor)
            key = child(cell_key, SEGMENT + g)
            next_places(cursor, amount, starts[g], size, key, slots, count, overflow)
            for k in range(amount):  # the others' places are worked out while memory looks for these
                ask(users, first + slots[at(count + k)])
            cursor += amount
            kept = amount
            if marked:
                kept = 0
                for k in range(amount):
                    slot = slots[at(count + k)]
                    slots[at(count + kept)] = slot
                    kept += not is_marked(marks, slot)
            count += kept
            missing -= kept
        cursors[row, g] = cursor
    return count
