"""What crosses shards at the barrier: a growing list of events that the kernel writes.

Takes kinds, places and people; gives rows that the hour's end sorts and settles. Each thread
has a list of its own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, inner

SHARED, SEEN, LEAVING = (np.int64(kind) for kind in range(3))
"""Kinds of event: a video was sent to friends; a fan or a friend was shown one; a follow will end."""
_ROOM = 8  # more events than one step of a walk can add: two videos watched, a page followed


class Events(NamedTuple):
    """What crosses shards at the barrier: a growing list and its length."""

    rows: NDArray[np.uint64]
    """(room, 3) kind; video or account << 32 | user; delay [h] of a follow that will be taken back."""
    length: NDArray[np.int64]
    """(1,)"""


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
def tell(events: Events, kind: Whole, high: Whole, user: Whole, delay: Word) -> None:
    """Adds an event; the caller has made room.

    Args:
        events: the list.
        kind: SHARED, SEEN or LEAVING.
        high: the video, or the account that will be left.
        user: the person.
        delay: hours until a follow is taken back; 0 for other kinds.
    """
    at = events.length[0]
    events.rows[at, 0] = kind
    events.rows[at, 1] = (np.uint64(high) << np.uint64(32)) | np.uint64(user)
    events.rows[at, 2] = delay
    events.length[0] = at + 1
