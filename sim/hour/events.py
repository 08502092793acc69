"""What people tell the hour's end: growing lists of events, and of whom fans and friends were.

Takes kinds, places and people; gives rows. Each thread has lists of its own, whose order means nothing:
whoever is handed events is handed them sorted, a kind at a time. A mechanism's own kind has a number that its
name gives, so that no list of them has to be kept. Does not know who hears what.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled, inner, joined, record
from sim.rules.addresses import MINUTE
from sim.rules.audience import SHARD
from sim.rules.draws import child, name_key
from sim.world.posts import keyed

SHARED, FOLLOWED, ORDERED = (np.int64(kind) for kind in range(3))
"""Kinds that impressions and walks bring: a video was sent to friends; an account was followed; something was
bought over a video."""
_OWN_KINDS = 1 << 16  # of mechanisms, from here to 2³² − 1
_VIDEO = np.uint64(SHARD.bit_length() - 1)
_SHARD = _VIDEO + np.uint64(32)
"""Bits of a sighting below its video, and below its shard."""
_HALF, _LOW, _MINUTES = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(60)
_FEW = 100  # rows up to which machine code puts them in order one by one: each call of numpy costs more
_MANY = 1000  # rows above which a shorter way is worth looking for
_ROOM = 8  # more events than one step of a walk can add: two videos watched, a page followed


class Events(NamedTuple):
    """What crosses shards at the barrier: a growing list and its length."""

    rows: NDArray[np.uint64]
    """(room, 3) kind; video or account << 32 | user; address of the impression or visit behind it."""
    length: NDArray[np.int64]
    """(1,)"""


class Shown(NamedTuple):
    """Who was shown a video as its author's fan or a sharer's friend: a growing list and its length."""

    sightings: NDArray[np.uint64]
    """(room,) as `sighting` numbers them."""
    length: NDArray[np.int64]
    """(1,)"""


def nothing_yet() -> tuple[Events, Shown]:
    """Both lists, empty with some room."""
    events = Events(np.empty((64, 3), np.uint64), np.zeros(1, np.int64))
    return events, Shown(np.empty(64, np.uint64), np.zeros(1, np.int64))


EVENT = record(
    [
        ("kind", "i8"),
        ("what", "i8"),  # video or account
        ("person", "i8"),
        ("minute", "i8"),  # of the hour, drawn [0..59]
        ("value", "i8"),  # what a mechanism's own event says besides; 0 of the others
    ]
)
"""An event as it crosses the barrier; the hour is the one that ends."""
NO_EVENTS = np.zeros(0, EVENT)


class Heard(NamedTuple):
    """Events of one kind where the people are, in order of their addresses."""

    what: NDArray[np.int64]
    """(n,) video or account."""
    person: NDArray[np.int64]
    """(n,)"""
    key: NDArray[np.uint64]
    """(n,) address of the impression or visit, under which draws that are about the event lie."""


def kind_of(name: str) -> int:
    """The number of a mechanism's own kind of event."""
    return _OWN_KINDS + int(name_key(name)) % ((1 << 32) - _OWN_KINDS)


def heard(rows: NDArray[np.uint64], kind: Whole) -> Heard:
    """The events of a kind.

    Args:
        rows: (n, 3) as in `Events`.
        kind: which.
    """
    found = Heard(*listened(rows, kind))
    if found.key.size <= _FEW:
        return found
    order = found.key.argsort()
    return Heard(found.what.take(order), found.person.take(order), found.key.take(order))


@compiled
def listened(
    rows: NDArray[np.uint64], kind: Whole
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """(n,) each, video or account, person and address of the events of a kind: in order, if they are few.

    Args:
        rows: (R, 3) as in `Events`.
        kind: which.
    """
    count = _number(rows, kind)
    what, person, key = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.uint64)
    few, count = count <= _FEW, 0
    for k in range(rows.shape[0]):
        if rows[k, 0] == np.uint64(kind):
            place = count
            while few and place > 0 and key[place - 1] > rows[k, 2]:
                what[place], person[place], key[place] = what[place - 1], person[place - 1], key[place - 1]
                place -= 1
            what[place] = rows[k, 1] >> _HALF
            person[place] = rows[k, 1] & _LOW
            key[place] = rows[k, 2]
            count += 1
    return what, person, key


@inner
def _number(rows: NDArray[np.uint64], kind: Whole) -> Whole:
    """How many events are of a kind."""
    count = np.int64(0)
    for k in range(rows.shape[0]):
        count += rows[k, 0] == np.uint64(kind)
    return count


def drawn(keys: NDArray[np.uint64], purpose: np.int64) -> NDArray[np.uint64]:
    """(n,) a draw of each address (n,)."""
    words = np.empty(keys.size, np.uint64)
    keyed(keys, np.full(keys.size, purpose), words)
    return words


@compiled
def crossing(rows: NDArray[np.uint64], kind: Whole) -> NDArray[Any]:
    """(n,) EVENT of the events of a kind, at minutes drawn by address, in any order.

    Args:
        rows: (R, 3) as in `Events`.
        kind: which.
    """
    found, count = np.empty(_number(rows, kind), EVENT), 0
    for k in range(rows.shape[0]):
        if rows[k, 0] == np.uint64(kind):
            event = found[count]
            event.kind, event.value = kind, 0
            event.what, event.person = np.int64(rows[k, 1] >> _HALF), np.int64(rows[k, 1] & _LOW)
            event.minute = np.int64((child(rows[k, 2], MINUTE) >> _HALF) * _MINUTES >> _HALF)
            count += 1
    return found


def in_order(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """All of some EVENT, in an order that hangs on nothing but themselves."""
    rows: NDArray[Any] = joined(EVENT, parts)
    if rows.size <= _FEW:
        return _inserted(rows)
    if rows.size > _MANY and (rows["kind"] == rows["kind"][0]).all():
        pairs = rows["what"] << np.int64(_HALF) | rows["person"]
        order = pairs.argsort()
        if (pairs[order[1:]] != pairs[order[:-1]]).all():  # nearly always, and a tenth of the time below
            in_turn: NDArray[Any] = rows.take(order)
            return in_turn
    return rows.take(np.lexsort(tuple(rows[name] for name in reversed(EVENT.names or ()))))


@compiled
def _inserted(rows: NDArray[Any]) -> NDArray[Any]:
    """A few EVENT (n,) in the order of their fields."""
    found = np.empty_like(rows)
    for k in range(rows.size):
        row, place = rows[k], k
        while place > 0 and _is_before(row, found[place - 1]):
            found[place] = found[place - 1]
            place -= 1
        found[place] = row
    return found


@inner
def _is_before(row: Any, other: Any) -> bool:
    """Whether an EVENT comes before another: by all of its fields, in their order."""
    if row.kind != other.kind:
        return bool(row.kind < other.kind)
    if row.what != other.what:
        return bool(row.what < other.what)
    if row.person != other.person:
        return bool(row.person < other.person)
    if row.minute != other.minute:
        return bool(row.minute < other.minute)
    return bool(row.value < other.value)


@compiled
def sighting(video: Whole, user: Whole) -> Word:
    """A person's having seen a video, as a number that grows with shard, video and person, in this order.

    Args:
        video: which [0..2³²−1].
        user: who [0..2³²−1].
    """
    shard, slot = np.uint64(user // SHARD), np.uint64(user % SHARD)
    return (shard << _SHARD) | (np.uint64(video) << _VIDEO) | slot


@inner
def sighted(seen: Word) -> tuple[Whole, Whole, Whole]:
    """Shard, video and place in the shard of a sighting."""
    number = np.uint64(seen)
    video = (number >> _VIDEO) & np.uint64(0xFFFFFFFF)
    return np.int64(number >> _SHARD), np.int64(video), np.int64(number & np.uint64(SHARD - 1))


@inner
def grown(events: Events) -> Events:
    """The events with room for what one step can add."""
    rows, length = events
    if length[0] + _ROOM > rows.shape[0]:
        larger = np.empty((2 * rows.shape[0], 3), np.uint64)
        for k in range(rows.shape[0]):  # a slice would compile numba's error messages too
            for column in range(3):
                larger[k, column] = rows[k, column]
        rows = larger
    return Events(rows, length)


@inner
def tell(events: Events, kind: Whole, what: Whole, user: Whole, key: Word) -> None:
    """Adds an event; the caller has made room.

    Args:
        events: the list.
        kind: of event.
        what: the video or the account.
        user: the person.
        key: address of the impression or visit.
    """
    last = events.length[0]
    events.rows[last, 0] = kind
    events.rows[last, 1] = (np.uint64(what) << np.uint64(32)) | np.uint64(user)
    events.rows[last, 2] = key
    events.length[0] = last + 1


@inner
def shown_to(shown: Shown, video: Whole, slots: NDArray[np.int64], count: Whole, first: Whole) -> Shown:
    """The list with the people of a shard who were shown a video.

    Args:
        shown: the list, added to or replaced by a longer one.
        video: which video.
        slots: their places in the shard, the first `count`.
        count: how many.
        first: number of the shard's first person.
    """
    sightings, length = shown
    before = length[0]
    if before + count > sightings.size:
        larger = np.empty(2 * (before + count), np.uint64)
        for k in range(before):
            larger[k] = sightings[k]
        sightings = larger
    for k in range(count):
        sightings[at(before + k)] = sighting(video, first + slots[at(k)])
    length[0] = before + count
    return Shown(sightings, length)
