"""Names beside a video (M7, M13): how often a viewer goes after a comment, a shared topic or a co-author.

Takes chances and ages; gives chances, and which of the exits of a video a viewer takes. One draw decides,
that of the @, so a viewer leaves a video by one of them at most. Does not know accounts or videos.

Model: viewers of a video go on to who commented beneath it, to the newest videos of its topic and to its
co-authors, each at a rate of its own; comments and topics sink, linearly to none at the end of their window,
and what stands further down a list draws less.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled


def exit_chance(probability: float, decay: float, place: int, age_h: int, window_h: int) -> float:
    """Chance that a viewer takes an exit: probability · decay^place · (1 − age / window), none past it.

    Args:
        probability: of the topmost, when it is new [0..1].
        decay: how much less an entry draws than the one above it [0..1].
        place: in the list, from 0.
        age_h: since it stands there [≥ 0].
        window_h: after which nobody sees it any more [≥ 1].
    Source: shape assumed; comments and pages of topics are sorted by newness and by likes.
    """
    return probability * decay**place * max(0.0, 1.0 - age_h / window_h)


@compiled
def exit_taken(draw: Word, exits: NDArray[Any], first: Whole, last: Whole) -> Whole:
    """Which exit of a video a viewer takes, whose draw lies below the limit of the last.

    Args:
        draw: what is left of it above the share of the @ [0..limit of the last − 1].
        exits: (n,) EXIT (world/exits.py), with cumulative limits.
        first: the video's first.
        last: one past its last.
    """
    for k in range(first, last - 1):
        if draw < exits[k].limit:
            return np.int64(k)
    return np.int64(last - 1)
