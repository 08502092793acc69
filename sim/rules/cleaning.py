"""Fans erased (P6, X6): which video won a follow, and which of them the platform takes away again.

Takes the address of a follow; gives the address of the video behind it. Does not know who follows whom now.

Model: from time to time the platform erases a share of the follows that videos with content seen before have
won in the feed; a follow taken back meanwhile, and a later one that something else has won, are left alone.
"""

import numpy as np
from numpy.typing import NDArray

from sim.rules.draws import GOLD, unmixed


def won_by(keys: NDArray[np.uint64], people: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(n,) addresses of the videos that won follows: undoes `engagement.impression_key`.

    Nothing has to be kept with a follow: its address tells. A follow of the home page has the address of the
    visit, so what comes out is no video's.
    Args:
        keys: (n,) addresses of the follows.
        people: (n,) who followed.
    """
    return unmixed(keys) - (people.astype(np.uint64) + np.uint64(1)) * GOLD


def is_cleaned(hour: int, interval_d: int) -> bool:
    """Whether the platform erases fans at the end of an hour: every so many days of the run.

    Args:
        hour: of the run, from 0.
        interval_d: days from one cleaning to the next [≥ 1].
    Source: assumed; cleanings are announced month by month.
    """
    return (hour + 1) % (24 * interval_d) == 0
