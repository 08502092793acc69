"""Who in a shard meets a video this hour: its fans, its sharers' friends, strangers.

Takes an offer's cell in the shard; gives places in the shard, in `slots`. Fans come when their
own draw falls into the hour's window, strangers by segment as the platform aims, and nobody
meets a video twice: the feed's cursors and the bits of a cell remember who did.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, ask, at, inlined, inner
from sim.rules.addresses import FAN, SCATTER, SEGMENT
from sim.rules.audience import SHARD
from sim.rules.draws import bit_count, child, high32, low32, lowest_bit, unpermuted
from sim.world.board import AGAIN, Board
from sim.world.offers import NO_PLANE, PLANES
from sim.world.order import next_places
from sim.world.planes import begun_anew
from sim.world.ties import WORDS, set_bit

ASKED = 32
"""Fans asked together whether their hour has come."""
BITS = 4
"""Fans of a word that are written together."""


class Meeting(NamedTuple):
    """A video and the people of a shard, as one offer brings them together."""

    key: Word
    """Address of (video, shard)."""
    row: Whole
    """Of its cursors and picks, −1 where no quota ever went."""
    cursors: NDArray[np.uint16]
    picks: NDArray[np.int64]
    """Both as in Cells."""
    starts: NDArray[np.int64]
    """(G+1,) first place of each segment."""
    skipped: NDArray[np.uint64]
    """Bits of the places that are passed over, such as those who have seen the video."""
    slots: NDArray[np.int64]
    """Where the places in the shard go of those who meet it."""
    first: Whole
    """Number of the shard's first person."""


@inner
def _drawn_before(met: Meeting, slot: Whole) -> bool:
    """Whether the feed has drawn this place in the shard: its index lies behind the cursor."""
    if met.row < 0:
        return False
    starts = met.starts
    for g in range(starts.size - 1):
        if slot < starts[g + 1]:
            size = starts[g + 1] - starts[g]
            index = unpermuted(slot - starts[g], size, child(met.key, SEGMENT + g))
            return bool(index < np.int64(met.cursors[met.row, g]))
    return False


@inner
def is_skipped(skipped: NDArray[np.uint64], slot: Whole) -> bool:
    """Whether the bit of a place is set."""
    found: bool = (skipped[at(slot >> 6)] >> np.uint64(slot & 63)) & np.uint64(1) != 0
    return found


@inner
def passed_over(
    board: Board,
    passing: NDArray[np.int32],
    skipped: NDArray[np.uint64],
    away: NDArray[np.uint64],
    shard: Whole,
) -> None:
    """Writes the places of a shard whose people an offer does not reach.

    Args:
        board: the world; planes of an earlier day or hour are cleared.
        passing: numbers of planes as an offer names them.
        skipped: bits of the places that have seen the video over a window or a list.
        away: (WORDS,) bits of these and of those who are passed over, written.
        shard: which.
    """
    accounts, begin = board.fans.shape[0], shard * WORDS
    for word in range(WORDS):
        away[word] = skipped[word]
    for n in range(PLANES):
        number = np.int64(passing[n])
        if number != NO_PLANE:
            bits, row = board.fans, abs(number) - 1
            if row >= 2 * accounts:
                bits, row = board.planes, row - 2 * accounts
                begun_anew(bits, board.plane_times, board.plane_now, row, shard)
            elif row >= accounts:
                bits, row = board.reached, row - accounts
            turned = ~np.uint64(0) if number < 0 else np.uint64(0)
            for word in range(WORDS):
                away[word] |= bits[row, begin + word] ^ turned


@inner
def note(board: Board, row: Whole, slots: NDArray[np.int64], count: Whole, shard: Whole) -> None:
    """Marks the people at the first `count` of `slots` on a row of the planes."""
    begun_anew(board.planes, board.plane_times, board.plane_now, row, shard)
    for k in range(count):
        set_bit(board.planes, row, shard * SHARD + slots[k])


class Scatter(NamedTuple):
    """Whom the feed shows another video of an author within the hour."""

    planes: NDArray[np.uint64]
    """Of mechanisms."""
    row: Whole
    """The first of the two that count whom the author was shown to, −1 where nobody counts."""
    key: Word
    """Address of the draws about the video."""
    limits: NDArray[np.uint64]
    """As in Board.numbers."""


@inlined
def scatter_of(board: Board, offer: Any, video_key: Word, shard: Whole) -> Scatter:
    """Whom an offer shows another video of an author within the hour; planes of an older one begin anew."""
    row: Whole = np.int64(-1)
    key: Word = np.uint64(0)
    if offer.counting != NO_PLANE:
        row, key = np.int64(offer.counting) - 1 - 2 * board.fans.shape[0], child(video_key, SCATTER)
        for plane in (row, row + 1):
            begun_anew(board.planes, board.plane_times, board.plane_now, plane, shard)
    return Scatter(board.planes, row, key, board.numbers)


@inner
def shown_again(
    again: Scatter,
    slots: NDArray[np.int64],
    begin: Whole,
    end: Whole,
    first: Whole,
    others: NDArray[np.int64],
) -> Whole:
    """How many are shown a video, and are counted: those stay in front. All, where nobody counts.

    Args:
        again: planes of this shard that are this hour's.
        slots: places in the shard, changed.
        begin: where those begin who are to be shown it.
        end: where they end.
        first: number of the shard's first person.
        others: places of those who are not shown it, written.
    """
    planes, kept, words = again.planes, begin, first >> 6
    if again.row < 0:
        return end - begin
    low, high = at(again.row), at(again.row + 1)
    for k in range(begin, end):
        slot = slots[at(k)]
        word, bit = at(words + (slot >> 6)), np.uint64(1) << np.uint64(slot & 63)
        once, twice = planes[low, word], planes[high, word]
        if (once | twice) & bit == 0:  # most: no draw
            planes[low, word] = once | bit
        else:
            times = np.int64(once & bit != 0) + 2 * np.int64(twice & bit != 0)
            if low32(child(again.key, first + slot)) >= again.limits[at(AGAIN + times)]:
                others[at(k - kept)] = slot
                continue
            planes[low, word] = once & ~bit if times == 1 else once | bit
            planes[high, word] = twice | bit
        slots[at(kept)] = slot
        kept += 1
    return kept - begin


@inlined
def fans_of_shard(
    fans: NDArray[np.uint64],
    author: Whole,
    first: Whole,
    found: NDArray[np.int64],
    begin: Whole,
    full: NDArray[np.int64],
) -> None:
    """Writes the places of an account's fans in a shard to `found` from `begin` on, ascending.

    Which words have any, and how many, no processor guesses: those that have are noted in `full` (WORDS,)
    first, without asking, and BITS are written at a time, though a word has fewer; the next overwrite them.
    """
    end, words = begin, np.int64(0)
    for word in range(WORDS):
        full[at(words)] = word
        words += fans[at(author), at((first >> 6) + word)] != 0
    for k in range(words):
        word, place = full[at(k)], end
        left = fans[at(author), at((first >> 6) + word)]
        end += bit_count(left)
        while place < end:
            for n in range(BITS):
                found[at(place + n)] = (word << 6) + lowest_bit(left)
                left &= left - np.uint64(1)
            place += BITS


@inlined
def fans_due(
    offer: Any,
    fans: NDArray[np.int64],
    begin: Whole,
    count: Whole,
    video_key: Word,
    first: Whole,
    words: NDArray[np.uint64],
    slots: NDArray[np.int64],
) -> Whole:
    """How many fans' hour has come, because their own draw falls into the window.

    Args:
        offer: record of OFFER: over which window.
        fans: places in the shard of the account's fans.
        begin: where they begin.
        count: how many.
        video_key: address of the video.
        first: number of the shard's first person.
        words: room for hashes.
        slots: their places in the shard, written.
    """
    due = np.int64(0)
    fan_key, low, width = child(video_key, FAN), offer.low, offer.high - offer.low
    for batch in range(0, count, ASKED):
        size, least = min(ASKED, count - batch), ~np.uint64(0)
        for k in range(size):  # hashes alone: the processor does several at once
            drawn = low32(child(fan_key, first + fans[at(begin + batch + k)]))
            word = drawn - low  # below the window it wraps to a large number
            words[at(k)] = word
            least = min(least, word)
        if least < width:  # seldom: a window is narrow
            for k in range(size):
                slots[at(due)] = fans[at(begin + batch + k)]
                due += words[at(k)] < width
    return due


@inner
def named_here(cell: Any, named: NDArray[np.int64], first: Whole, slots: NDArray[np.int64]) -> Whole:
    """How many people of a list, a part of `named` of Cells, are here; their places go to `slots`."""
    for k in range(cell.list_from, cell.list_to):
        slots[k - cell.list_from] = named[k] - first
    return np.int64(cell.list_to - cell.list_from)


@inner
def unseen(met: Meeting, count: Whole) -> Whole:
    """How many of the first `count` of `slots` have not met the video: those stay in front."""
    slots, kept = met.slots, np.int64(0)
    for k in range(count):
        slot = slots[k]
        if not (is_skipped(met.skipped, slot) or _drawn_before(met, slot)):
            slots[kept] = slot
            kept += 1
    return kept


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


@inner
def _segment_of(starts: NDArray[np.int64], slot: Whole) -> Whole:
    """The segment of a place in the shard; `starts` are (G+1,) their first places."""
    g = np.int64(0)
    while starts[at(g + 1)] <= slot:
        g += 1
    return g


@inlined
def recommended(
    met: Meeting,
    aim: Any,
    quota: Whole,
    skips: bool,
    wanted: NDArray[np.int64],
    words: NDArray[np.uint64],
    overflow: NDArray[np.int64],
    users: NDArray[Any],
    again: Scatter,
) -> Whole:
    """How many people a video's quota reaches in the shard: by segment, without repetition.

    Each impression aims at a segment and goes to its next person who has not seen the video, or to
    the next segment that has one. Whoever draws first, the same people are drawn in the end (as
    places are taken in linear probing), so a segment's are drawn together.

    Args:
        met: the video and the shard; `slots` are written, cursors moved on, picks counted up.
        aim: record of AIM.
        quota: impressions.
        skips: whether any bit of `skipped` is set.
        wanted: (64,) zeros, given back as zeros.
        words: room for hashes.
        overflow: (SHARD,) room for places.
        users: records of all people, asked for ahead.
        again: who is shown another video of the author.
    """
    cell_key, row, cursors, picks, starts, skipped, slots, first = met
    segments = starts.size - 1
    _aimed(aim, cell_key, picks[row], quota, words, wanted)
    picks[row] += quota
    count, done, missing, others = np.int64(0), np.int64(0), np.int64(0), quota
    while others:
        for step in range(2 * segments):
            if step == segments and missing == 0:
                break
            g = step if step < segments else step - segments
            missing += wanted[at(g)]
            wanted[at(g)] = 0
            if missing == 0:
                continue
            size = starts[at(g + 1)] - starts[at(g)]
            cursor = np.int64(cursors[at(row), at(g)])
            while missing > 0 and cursor < size:
                amount = min(missing, size - cursor)
                key = child(cell_key, SEGMENT + g)
                next_places(cursor, amount, starts[at(g)], size, key, slots, count, overflow)
                for k in range(amount):  # the others' places are worked out while memory looks for these
                    ask(users, first + slots[at(count + k)])
                cursor += amount
                kept = amount
                if skips:
                    kept = 0
                    for k in range(amount):
                        slot = slots[at(count + k)]
                        slots[at(count + kept)] = slot
                        kept += not is_skipped(skipped, slot)
                count += kept
                missing -= kept
            cursors[at(row), at(g)] = cursor
        missing = others = np.int64(0)
        if again.row >= 0:  # all together, then in their place whom it leaves: few
            kept = shown_again(again, slots, done, count, first, overflow)
            others, count = count - done - kept, done + kept
            done = count
            for k in range(others):
                wanted[_segment_of(starts, overflow[at(k)])] += 1
    return count
