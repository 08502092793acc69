"""Exits of videos: where their viewers can go on to, beside those whom the caption names.

Takes chances; gives rows of cumulative thresholds by video, because a viewer takes one exit at most
(rules/exits.py). An exit leads to an account's home page, or to a video. Mechanisms put theirs anew each
hour, one kind an origin.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import joined, record

NO_VIDEO = -1
"""The exit leads to a home page."""
EXIT = record(
    [
        ("video", "i8"),  # whose viewers
        ("limit", "u8"),  # taken by a draw below it that is not below those of the exits before it [1/2³²]
        ("account", "i8"),  # whose home page it leads to; or the author of …
        ("shown", "i8"),  # … the video that it leads to; or NO_VIDEO
        ("origin", "i8"),  # number in ORIGINS under which it is counted
        ("edge", "i8"),  # link over which it leads
    ]
)
"""One exit of one video."""
NO_EXITS = np.zeros(0, EXIT)


class Exits:
    """The exits of all videos this hour."""

    def __init__(self) -> None:
        self._parts: dict[int, NDArray[Any]] = {}
        """origin → its exits, with single limits"""

    def put(self, origin: int, rows: NDArray[Any]) -> None:
        """Puts the exits of one origin in place of those that it had.

        Args:
            origin: number in ORIGINS.
            rows: (n,) EXIT, each `limit` its own chance [1/2³²].
        """
        rows["origin"] = origin
        self._parts[origin] = rows

    def now(self) -> NDArray[Any]:
        """(n,) EXIT by video, in each by origin and in the order in which they were put."""
        if not any(part.size for part in self._parts.values()):
            return NO_EXITS
        rows: NDArray[Any] = joined(EXIT, [self._parts[origin] for origin in sorted(self._parts)])
        rows = rows.take(rows["video"].argsort(kind="stable"))
        up_to = rows["limit"].cumsum(dtype=np.uint64)
        starts = np.searchsorted(rows["video"], rows["video"])
        rows["limit"] = up_to - (up_to - rows["limit"])[starts]
        return rows


def hang_exits(rows: NDArray[Any], before: NDArray[Any], videos: NDArray[Any]) -> None:
    """Writes to videos (V,) VIDEO where their exits (n,) EXIT begin and end, in place of those before."""
    videos["exit_from"][before["video"]] = videos["exit_to"][before["video"]] = 0
    own, starts, counts = np.unique(rows["video"], return_index=True, return_counts=True)
    videos["exit_from"][own], videos["exit_to"][own] = starts, starts + counts
