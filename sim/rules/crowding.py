"""Crowding of a day (P13): what is left for a post of an account that has just posted.

Takes how many posts came within 24 hours; gives a factor on the first exposure. The posts of earlier days
cost nothing (measured). Does not count posts.
"""

from sim.compiled import Whole, compiled

DAY_H = 24
"""Hours within which the posts of an account crowd one another."""


@compiled
def crowded(place: Whole, elasticity: float) -> float:
    """Factor on the first exposure of the k-th post within 24 hours: k^e [0..1].

    So an account that posts k times a day, evenly, has k^e of a lone post's on each, which is what was
    measured. Rejected: k^(1 + e) − (k − 1)^(1 + e), which gives k^e over a day that begins empty. Days do
    not, so every post would be charged as the last of its day, and one more a day cost 20 % instead of 10.
    None depends on posts still to come.
    Args:
        place: k, from 1 for a post without another in the 24 hours before it.
        elasticity: e, of the views of a post to the number of posts [−1..0].
    Source: the elasticity has its sources in the scenario; that the later post bears it is assumed.
    """
    crowd: float = float(place) ** elasticity
    return crowd
