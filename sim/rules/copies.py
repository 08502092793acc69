"""The same content (P6): what is left for a copy of a video that is out already.

Takes how often the content came out before; gives a factor on the first exposure. Does not compare contents.

Model: each time that the same content came out before, on whichever account, leaves a share of the first
pool.
"""

from sim.compiled import Whole, compiled

LEAST = 0.1
"""Copies past some number are shown no less than this (assumed): throttled is not removed."""


@compiled
def copied(before: Whole, factor: float) -> float:
    """Factor on the first exposure of a copy: max(factor^before, LEAST) [0..1].

    Args:
        before: how often the same content came out within the window.
        factor: for each of them [0..1].
    Source: assumed.
    """
    return max(factor**before, LEAST)
