"""Offers: what is to be shown to whom this hour, whoever wants it shown.

A source of exposure (the platform, sharing, a repost, a boost, …) adds rows before people respond;
the drivers walk the rows and know no names. Three kinds reach people: a quota is met by strangers
as an account's topics aim, a window by those fans of an account whose own draw falls into it, a list by
the people that messages name. Nobody is shown a video twice over any of them.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import record

NO_EDGE = -1
WINDOW, LIST, QUOTA = range(3)
"""Kinds, in the order in which people of a shard meet one video: those who belong to it first."""

OFFER = record(
    [
        ("video", "i8"),
        ("kind", "i8"),
        ("origin", "i8"),  # number in ORIGINS under which it is counted
        ("side", "i8"),  # JUDGED or OTHER: whether the platform judges the video on it
        ("quota", "i8"),  # QUOTA: impressions inside the audience
        ("whose", "i8"),  # WINDOW: account whose fans; QUOTA: account whose topics aim
        ("low", "u8"),  # WINDOW: draws of the fans from here …
        ("high", "u8"),  # … to below here are shown it now [1/2³²]
        ("edge", "i8"),  # link over which it comes, to whose flow it is added; NO_EDGE for none
    ]
)
"""One offer."""
NO_OFFERS = np.zeros(0, OFFER)


def offers(video: NDArray[np.int64], kind: int, origin: int, side: int, **columns: ArrayLike) -> NDArray[Any]:
    """Offers (n,) OFFER of one kind, one a video; `columns` are the others of OFFER.

    Where they are left out they are 0, and the edge is NO_EDGE.
    """
    rows = np.zeros(video.size, OFFER)
    rows["video"], rows["kind"], rows["origin"], rows["side"] = video, kind, origin, side
    rows["edge"] = NO_EDGE
    for name, values in columns.items():
        rows[name] = values
    return rows


def in_order(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
    """All offers by video and kind; of the same video and kind in the order in which they were made."""
    rows = np.concatenate([NO_OFFERS, *parts])
    return rows[np.lexsort((rows["kind"], rows["video"]))]
