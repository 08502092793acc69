"""Where a visitor goes next (M4, M5, M6): following list, liked list, or away; and the @.

Takes draws and weights; gives a choice. A home-page visit opens one list at most and picks
one entry at most, so more links divide attention before they add any. Does not know
accounts: entries are weights by position and match of interest.
"""

import numpy as np

from sim.compiled import compiled

LEAVE, FOLLOWING_LIST, LIKED_LIST = range(3)


@compiled
def opened_list(draw, following_threshold, liked_threshold):
    """Which list of the home page a visitor opens: one draw, so never both."""
    if draw < following_threshold:
        return FOLLOWING_LIST
    if draw < following_threshold + liked_threshold:
        return LIKED_LIST
    return LEAVE


@compiled
def entry_weight(position_weight, affinity_multiplier):
    """Attention that an entry draws: position times match, 16.16 each, product in 1/2¹⁶."""
    return (np.uint64(position_weight) * np.uint64(affinity_multiplier)) >> np.uint64(16)


@compiled
def picked_weight(draw, total):
    """The point on the stacked weights [0..total−1] at which a 32-bit draw falls."""
    return (np.uint64(draw) * np.uint64(total)) >> np.uint64(32)


@compiled
def mentioned(post_number, place, links):
    """Which of an account's @ links the caption of a post names at a place: rotated by post."""
    return (post_number + place) % links


@compiled
def jump_place(draw, names, threshold):
    """Which of the names in a caption is followed: a draw below the threshold, spread over them."""
    return np.int64(np.uint64(draw) * np.uint64(names) // np.uint64(threshold))


@compiled
def unfollow_delay(draw, mean_hours):
    """Hours until a follow is taken back: uniform on 1..2·mean−1 (shape assumed)."""
    return 1 + np.int64((np.uint64(draw) * np.uint64(2 * mean_hours - 1)) >> np.uint64(32))
