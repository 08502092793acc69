"""Where a visitor goes next (M4, M5, M6): following list, liked list, or away; and the @.

Takes draws and weights; gives a choice. A home-page visit opens one list at most and picks
one entry at most, so more links divide attention before they add any. Does not know
accounts: entries are weights by position and match of interest.
"""

import numpy as np

from sim.compiled import Whole, Word, compiled

LEAVE, FOLLOWING_LIST, LIKED_LIST = range(3)


@compiled
def opened_list(draw: Word, following_threshold: Word, liked_threshold: Word) -> int:
    """Which list of the home page a visitor opens: one draw, so never both.

    Args:
        draw: uniform draw [0..2³²−1].
        following_threshold: chance of the following list [1/2³²].
        liked_threshold: chance of the liked list [1/2³²]; together at most 1.
    Returns: FOLLOWING_LIST, LIKED_LIST or LEAVE.
    Source: assumed; no measurement of the lists found.
    """
    if draw < following_threshold:
        return FOLLOWING_LIST
    if draw < following_threshold + liked_threshold:
        return LIKED_LIST
    return LEAVE


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


@compiled
def unfollow_delay(draw: Word, mean_hours: Whole) -> Whole:
    """Hours until a follow is taken back: uniform on 1..2·mean−1.

    Args:
        draw: uniform draw [0..2³²−1].
        mean_hours: mean [h], at least 1.
    Source: shape assumed.
    """
    return 1 + np.int64((np.uint64(draw) * np.uint64(2 * mean_hours - 1)) >> np.uint64(32))
