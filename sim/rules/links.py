"""Where a visitor goes next (M4, M5, M6): following list, liked list, or away; the @; reposts (M7).

Takes draws and weights; gives a choice. A home-page visit opens one list at most and picks
one entry at most, so more links divide attention before they add any. Does not know
accounts: entries are weights by position and match of interest.

Model: one list at most, one entry at most, by position and match; @ rotated by post number; reposts: an
evenly spaced share of a sister's posts, shown to a share of the reposter's fans, ever fewer an hour; not
judged by the platform.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled

LEAVE, FOLLOWING_LIST, LIKED_LIST = range(3)
GOLDEN_RATIO = (5**0.5 - 1) / 2
"""Its multiples, less their whole parts, lie more evenly than those of any other number."""


@compiled
def opened(draw: Word, doors: NDArray[Any], first: Whole, last: Whole) -> Whole:
    """Which door of a home page a visitor opens: one draw, so never two.

    Args:
        draw: uniform draw [0..2³²−1].
        doors: (n,) DOOR (world/doors.py), with cumulative limits.
        first: the page's first.
        last: one past its last.
    Returns: where it leads; LEAVE for none.
    Source: assumed; no measurement of the lists found.
    """
    for k in range(first, last):
        if draw < doors[k].limit:
            return np.int64(doors[k].leads)
    return np.int64(LEAVE)


@compiled
def entry_weight(position_weight: Word, affinity_multiplier: Word) -> Word:
    """Attention that an entry of a list draws: position times match, all three 16.16.

    Source: assumed (position bias; people pick what fits their interest).
    """
    return (np.uint64(position_weight) * np.uint64(affinity_multiplier)) >> np.uint64(16)


@compiled
def picked_weight(draw: Word, total: Word) -> Word:
    """The point on the stacked weights [0..total−1] at which a 32-bit draw falls."""
    return (np.uint64(draw) * np.uint64(total)) >> np.uint64(32)


@compiled
def mentioned(post_number: Whole, place: Whole, links: Whole) -> Whole:
    """Which of an account's @ links [0..links−1] the caption of a post names: rotated by post.

    Args:
        post_number: number of the post, from 0.
        place: place in the caption, from 0.
        links: @ links that the account has, at least 1.
    """
    return (post_number + place) % links


@compiled
def jump_place(draw: Word, names: Whole, threshold: Word) -> Whole:
    """Which of the names in a caption [0..names−1] is followed: each equally likely.

    Args:
        draw: the draw that decided that one is followed, so below the threshold.
        names: names in the caption, at least 1.
        threshold: chance that a viewer follows an @ [1/2³²].
    """
    return np.int64(np.uint64(draw) * np.uint64(names) // np.uint64(threshold))


def is_chosen(post_number: int, phase: float, share: float) -> bool:
    """Whether a post is among those that an account reposts, comments on, or makes in some way.

    Evenly spaced; a larger share holds a smaller one's. Not drawn: which posts they are is a plan, not luck.
    Args:
        post_number: number of the post, from 0.
        phase: of who chooses [0..1), so that accounts choose different posts.
        share: of the posts that are chosen [0..1].
    Source: spacing by the golden ratio, Weyl 1916; the share is assumed.
    """
    return (phase + post_number * GOLDEN_RATIO) % 1.0 < share


def shown_reposts(width: int, age_h: int, window_h: int) -> int:
    """Fans who have been shown a repost by an age, as the end of a range of their draws [1/2³²].

    width · (1 − (1 − age / window)²): so many an hour as falls evenly to none at the end of the window.
    Args:
        width: share of the fans who are shown it in all [1/2³²].
        age_h: hours since the repost [0..window_h].
        window_h: hours over which they are shown it, at least 1.
    Source: shape assumed.
    """
    left = window_h - age_h
    return width - width * left * left // (window_h * window_h)


@compiled
def unfollow_delay(draw: Word, mean_hours: Whole) -> Whole:
    """Hours until a follow is taken back: uniform on 1..2·mean−1.

    Args:
        draw: uniform draw [0..2³²−1].
        mean_hours: mean [h], at least 1.
    Source: shape assumed.
    """
    return np.int64(1) + np.int64((np.uint64(draw) * np.uint64(2 * mean_hours - 1)) >> np.uint64(32))
