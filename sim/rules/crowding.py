"""Crowding of a day (P13): what is left for a post of an account that has just posted.

Takes how many posts came within 24 hours; gives a factor on the first exposure. The posts of earlier days
cost nothing (measured). Does not count posts.
"""

from sim.compiled import Whole, compiled

DAY_H = 24
"""Hours within which the posts of an account crowd one another."""


@compiled
def crowded(place: Whole, elasticity: float) -> float:
    """Factor on the first exposure of the k-th post within a day: k^(1 + e) − (k − 1)^(1 + e) [0..1].

    The posts so far then have k^(1 + e) of a lone one's together, k^e each on average; none depends on
    posts still to come.
    Args:
        place: k, from 1 for a post without another in the 24 hours before it.
        elasticity: e, of the views of a post to the number of posts [−1..0].
    Source: the elasticity has its sources in the scenario; that the later posts bear it is assumed.
    """
    return place ** (1.0 + elasticity) - (place - 1) ** (1.0 + elasticity)
