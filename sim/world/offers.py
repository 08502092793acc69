"""Offers: what is to be shown to whom this hour, whoever wants it shown.

A source of exposure (the platform, sharing, a repost, a boost, …) adds rows before people respond;
the drivers walk the rows and know no names. Three kinds reach people: a quota is met by strangers
as an aim spreads it (an account's own, or one that a mechanism has added), a window by those fans of an
account whose own draw falls into it, a list by the people whom messages name. Nobody is shown a video twice
over any of them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import compiled, inner, joined, record

NO_EDGE = -1
PLANES = 3
"""Planes that an offer can name."""
NO_PLANE = 0
WINDOW, LIST, QUOTA = range(3)
"""Kinds, in the order in which people of a shard meet one video: those who belong to it first."""

OFFER = record(
    [
        ("video", "i8"),
        ("kind", "i8"),
        ("origin", "i8"),  # number in ORIGINS under which it is counted
        ("side", "i8"),  # JUDGED, OTHER or TO_FANS: whether the platform judges the video on it
        ("quota", "i8"),  # QUOTA: impressions inside the audience
        ("whose", "i8"),  # WINDOW: account whose fans; QUOTA: row of the aims, an account's own its number
        ("low", "u8"),  # WINDOW: draws of the fans from here …
        ("high", "u8"),  # … to below here are shown it now [1/2³²]
        ("passing", "i4", (PLANES,)),  # planes whose people are passed over, from the left (`pass_over`)
        ("noting", "i4"),  # plane of a mechanism on which those who are shown it are noted; or NO_PLANE
        (
            "counting",
            "i8",
        ),  # first of two planes of a mechanism that count who is shown an author; or NO_PLANE
        ("edge", "i8"),  # link over which it comes, to whose flow it is added; NO_EDGE for none
    ]
)
"""One offer."""
NO_OFFERS = np.zeros(0, OFFER)
NOBODY = np.zeros(0, np.uint64)
"""Whom no list names."""
_USER, _WHO = np.uint64(32), np.uint64(0xFFFFFFFF)
"""Bits of a message below its list; the person in it."""


def offers(video: NDArray[np.int64], kind: int, origin: int, side: int, **columns: ArrayLike) -> NDArray[Any]:
    """Offers (n,) OFFER of one kind, one a video; `columns` are the others of OFFER.

    Where they are left out they are 0, and the edge is NO_EDGE.
    """
    if not video.size:
        return NO_OFFERS
    rows = np.zeros(video.size, OFFER)
    rows["video"], rows["kind"], rows["origin"], rows["side"] = video, kind, origin, side
    rows["edge"] = NO_EDGE
    for name, values in columns.items():
        rows[name] = values
    return rows


def pass_over(rows: NDArray[Any], where: NDArray[Any], planes: ArrayLike) -> None:
    """Has some offers pass over those whose bit is set on a plane; on its negative, those whose bit is not.

    Who is passed over is not shown the video, and the feed goes on to the next person. It tries nobody again,
    these as little as those who were shown it.
    Args:
        rows: (O,) OFFER, changed.
        where: (n,) which of them, or a mask (O,).
        planes: number of a plane, or (n,) one each.
    Raises:
        ValueError: an offer names PLANES others already.
    """
    places = np.arange(rows.size)[where]
    used = (rows["passing"][places] != NO_PLANE).sum(axis=1)
    if (used >= PLANES).any():
        raise ValueError(f"an offer can pass over the people of {PLANES} planes, and one has more")
    rows["passing"][places, used] = planes


def joint(
    parts: Sequence[NDArray[Any]], named: Sequence[NDArray[np.uint64]]
) -> tuple[NDArray[Any], NDArray[np.uint64]]:
    """The offers of all sources as one, and whom their lists name.

    Args:
        parts: offers (n,) OFFER of each source.
        named: of each source the people of its lists, place in its part << 32 | user, in any order.
    Returns:
        The offers (O,) OFFER, and row of the offers << 32 | user.
    """
    people, first = [], 0
    for part, theirs in zip(parts, named, strict=True):
        if theirs.size:
            people.append(theirs + (np.uint64(first) << _USER))
        first += part.size
    return joined(OFFER, parts), np.concatenate(people) if people else NOBODY


def in_order(rows: NDArray[Any], sent: NDArray[np.uint64]) -> tuple[NDArray[Any], NDArray[np.uint64]]:
    """Sound offers (O,) by video and kind, and whom their lists name, sorted, by their new rows; see `joint`.

    Offers of the same video and kind stay in the order in which they were made. Whoever is named twice in one
    list is named once.
    """
    rows, sent, rising = _in_order(rows, sent)
    if not rising:
        sent.sort()
        sent = sent[firsts(sent)]
    return rows, sent


@compiled
def _in_order(rows: NDArray[Any], sent: NDArray[np.uint64]) -> tuple[NDArray[Any], NDArray[np.uint64], bool]:
    """As `in_order`, in any order and as often as they were named; whether each is above the one before.

    In machine code, because most hours have so few offers that numpy's calls would be all the work.
    """
    if rows.size == 0:
        return rows, sent, True
    least = most = rows[0].video
    for k in range(rows.size):
        least, most = min(least, rows[k].video), max(most, rows[k].video)
    kinds = QUOTA + 1
    starts = np.zeros((most - least + 1) * kinds + 1, np.int64)
    for k in range(rows.size):
        starts[(rows[k].video - least) * kinds + rows[k].kind + 1] += 1
    for k in range(1, starts.size):
        starts[k] += starts[k - 1]
    laid, place = np.empty(rows.size, OFFER), np.empty(rows.size, np.uint64)
    for k in range(rows.size):
        own = (rows[k].video - least) * kinds + rows[k].kind
        laid[starts[own]] = rows[k]
        place[k] = starts[own]
        starts[own] += 1
    whole, rising = np.empty(sent.size, np.uint64), True
    for k in range(sent.size):
        whole[k] = place[sent[k] >> _USER] << _USER | sent[k] & _WHO
        rising &= k == 0 or whole[k - 1] < whole[k]
    return laid, whole, rising


def firsts(values: NDArray[Any]) -> NDArray[np.bool_]:
    """(n,) whether each of sorted values (n,) is the first of its kind."""
    found = np.ones(values.size, bool)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


class Ends(NamedTuple):
    """How many there are of what the columns of an offer number."""

    video: int
    kind: int
    origin: int
    side: int
    edge: int
    aim: int
    account: int
    own_plane: int
    """number of the first plane that belongs to a mechanism"""
    plane: int
    person: int


def checked(rows: NDArray[Any], sent: NDArray[np.uint64], ends: Ends, marks: NDArray[Any]) -> None:
    """Refuses offers that machine code would follow to where nothing is.

    Args:
        rows: (O,) OFFER.
        sent: whom their lists name, as in `joint`.
        ends: of what there is.
        marks: (V,) of the videos; of those that are `forgotten` nobody knows any more who has seen them.
    Raises:
        ValueError: a number that is none, a quota below nothing, a window that ends before it begins, a list
            of nobody's, or a forgotten video, which somebody would be shown twice.
    """
    place, fault = _fault(rows, sent, ends, marks)
    if fault == _SOUND:
        return
    if fault == _STRANGER:
        raise ValueError("a list of an offer names somebody who is not in the audience")
    if fault == _NO_LIST:
        raise ValueError("people are named for an offer that there is not")
    row = rows[place]
    if fault == _QUOTA:
        raise ValueError(f"quota of an offer is {row['quota']}, less than nothing")
    if fault == _TURNED:
        raise ValueError("the window of an offer ends before it begins")
    if fault == _FORGOTTEN:
        raise ValueError("a video was offered that nobody awaited or kept (Mechanism.awaited, kept)")
    if fault == _NOT_OWN:
        raise ValueError("an offer notes people on a plane that belongs to no mechanism")
    of_account = _NUMBERED[fault] == "whose" and row["kind"] == WINDOW
    whose = ends.account if of_account else ends.aim
    last = (*ends[:5], whose, ends.plane, ends.plane, ends.plane - 1)[fault] - 1
    least = NO_EDGE if _NUMBERED[fault] == "edge" else 0
    raise ValueError(f"{_NUMBERED[fault]} of an offer is {row[_NUMBERED[fault]]}; allowed: {least} to {last}")


_NUMBERED = ("video", "kind", "origin", "side", "edge", "whose", "passing", "noting", "counting")
_NOT_OWN, _QUOTA, _TURNED, _FORGOTTEN, _STRANGER, _NO_LIST, _SOUND = range(len(_NUMBERED), len(_NUMBERED) + 7)


@compiled
def _fault(rows: NDArray[Any], sent: NDArray[np.uint64], ends: Ends, marks: NDArray[Any]) -> tuple[int, int]:
    """The first offer that is wrong, and how: a place in _NUMBERED, or one of those after it."""
    for k in range(sent.size):
        if np.int64(sent[k] & _WHO) >= ends.person:
            return k, _STRANGER
        if np.int64(sent[k] >> _USER) >= rows.size:
            return k, _NO_LIST
    for k in range(rows.size):
        row = rows[k]
        if not 0 <= row.video < ends.video:
            return k, 0
        if not 0 <= row.kind < ends.kind:
            return k, 1
        if not 0 <= row.origin < ends.origin:
            return k, 2
        if not 0 <= row.side < ends.side:
            return k, 3
        if not NO_EDGE <= row.edge < ends.edge:
            return k, 4
        if not 0 <= row.whose < (ends.account if row.kind == WINDOW else ends.aim):
            return k, 5
        fault = _fault_of_planes(row, ends)
        if fault != _SOUND:
            return k, fault
        if row.quota < 0:
            return k, _QUOTA
        if row.kind == WINDOW and row.low > row.high:
            return k, _TURNED
        if marks[row.video].forgotten:
            return k, _FORGOTTEN
    return 0, _SOUND


@inner
def _fault_of_planes(row: Any, ends: Ends) -> int:
    for n in range(PLANES):
        if abs(row.passing[n]) >= ends.plane:
            return 6
    if not 0 <= row.noting < ends.plane:
        return 7
    if not 0 <= row.counting < max(1, ends.plane - 1):
        return 8
    not_own = (NO_PLANE < row.noting < ends.own_plane) or (NO_PLANE < row.counting < ends.own_plane)
    return _NOT_OWN if not_own else _SOUND
