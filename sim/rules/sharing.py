"""Who is whose friend, and whether a shared video is opened (U1).

Takes two people's numbers; gives the implicit friend graph: `RINGS` keyed perfect matchings
of the population, each of whose edges exists or not by a hash. Symmetric by construction,
no edge list. Only the median degree is matched to data; clustering is not claimed.

Model: each friend opens a shared video with one probability.
"""

import numpy as np

from sim.compiled import Whole, Word, compiled
from sim.rules.addresses import OPEN
from sim.rules.draws import child, low32, permuted, unpermuted

RINGS = 64
"""Matchings in the graph: the largest possible number of friends."""
NOBODY = -1


@compiled
def friend(user: Whole, ring: Whole, users: Whole, key: Word, exists: Word) -> Whole:
    """The friend of a person in one matching, or NOBODY.

    Args:
        user: person [0..users−1].
        ring: matching [0..RINGS−1].
        users: people in the population.
        key: key of the friend graph.
        exists: threshold with which an edge of the matching exists [1/2³²].
    """
    ring_key = child(key, ring)
    beside = facing(unpermuted(user, users, ring_key))
    if beside >= users:
        return NOBODY
    partner = permuted(beside, users, ring_key)
    return partner if are_friends(user, partner, ring_key, exists) else NOBODY


@compiled
def facing(place: Whole) -> Whole:
    """The place beside one in a matching; with an odd number of people the last one's is empty."""
    return place ^ 1


@compiled
def are_friends(user: Whole, partner: Whole, ring_key: Word, exists: Word) -> bool:
    """Whether the edge of a matching exists between two people that it brings together.

    Args:
        user: one of them.
        partner: the other.
        ring_key: address of the matching.
        exists: threshold with which an edge of the matching exists [1/2³²].
    """
    low, high = min(user, partner), max(user, partner)
    return bool(low32(child(child(ring_key, low), high)) < exists)


@compiled
def open_draw(video_key: Word, sharer: Whole, receiver: Whole) -> Word:
    """The draw [0..2³²−1] that decides whether a friend opens what a person shared."""
    return low32(child(child(child(video_key, OPEN), sharer), receiver))


def edge_threshold(median_friends: int) -> int:
    """Threshold of an edge so that the number of friends is Binomial(RINGS, p) with that median.

    The median of Binomial(n, p) is n·p where that is whole (Kaas & Buhrman 1980).
    """
    return int(np.floor(median_friends / RINGS * 2**32))
