"""The same content (P6): what is left for a copy of a video that is out already.

Takes how often the content came out before; gives a factor on the first exposure. Does not compare contents.

Model: each time that the same content came out before, on whichever account, leaves a share of the first
pool; a post that another creator made of the same brief counts for a copy as far as the two are alike.
"""

from sim.compiled import compiled

LEAST = 0.1
"""Copies past some number are shown no less than this (assumed): throttled is not removed."""


@compiled
def copied(before: float, factor: float) -> float:
    """Factor on the first exposure of a copy: max(factor^before, LEAST) [0..1].

    Args:
        before: how often the same content came out within the window; what is alike counts in part.
        factor: for each of them [0..1].
    Source: assumed.
    """
    left: float = factor**before
    return max(left, LEAST)


def alike(copies: int, group: int, similarity: float) -> float:
    """For how many copies all that came out before counts: copies + similarity · (group − copies).

    Args:
        copies: of the same content.
        group: posts of the same brief, those copies among them or not.
        similarity: of two posts of one brief [0..1].
    Source: assumed.
    """
    return copies + similarity * max(0, group - copies)
