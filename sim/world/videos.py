"""The videos: what has been published so far, appended hour by hour.

Takes the posts that are due; gives one row a video in order of publication, which is its number
from then on. Nothing is reserved for what may come, so a plan may change while it runs. What
people and the platform do with a video lives with them.
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compiled import record
from sim.world.posts import Posts

VIDEO = record(
    [
        ("key", "u8"),
        ("author", "i8"),  # account that published
        ("planner", "i8"),  # account that planned
        ("maker", "i8"),  # account whose material it shows: its topics, its quality
        ("number", "i8"),  # post number of the planner, from 0
        ("hour", "i8"),  # of publication
        ("appeal", "u8", (6,)),  # thresholds by action, as in Posts
        ("exit_from", "i8"),  # where its viewers can go on to: exits[exit_from:exit_to] (world/exits.py)
        ("exit_to", "i8"),
    ]
)
"""One published video; words of 64 bits throughout, so that rows travel as such."""

Entry = TypeVar("Entry", bound=np.generic)


def enlarged(table: NDArray[Entry], rows: int) -> NDArray[Entry]:
    """The table itself where it has so many rows, else a longer one, zeros behind what there was.

    It doubles, so that what is appended hour by hour is copied a few times only.
    """
    if rows <= len(table):
        return table
    longer = np.zeros((max(rows, 2 * len(table)), *table.shape[1:]), table.dtype)
    longer[: len(table)] = table
    return longer


NO_VIDEOS = np.zeros(0, VIDEO)


def published(posts: Posts, due: slice) -> NDArray[Any]:
    """The rows (n,) of some posts, as their publishers put them out."""
    if due.start == due.stop:
        return NO_VIDEOS
    rows = np.zeros(due.stop - due.start, VIDEO)
    rows["key"] = posts.keys[due]
    rows["author"] = posts.publisher[due]
    for name in ("planner", "maker", "number", "hour", "appeal"):
        rows[name] = getattr(posts, name)[due]
    return rows


class Videos:
    """All videos published so far; V of them."""

    def __init__(self) -> None:
        self._table: NDArray[Any] = np.zeros(0, VIDEO)
        self.size = 0

    @property
    def rows(self) -> NDArray[Any]:
        """(V,) VIDEO."""
        return self._table[: self.size]

    def append(self, rows: NDArray[Any]) -> None:
        """Adds videos (n,) VIDEO; their numbers are the next ones."""
        first, self.size = self.size, self.size + rows.size
        self._table = enlarged(self._table, self.size)
        self._table[first : self.size] = rows
