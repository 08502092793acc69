"""Crowding of a day (P13): what is left for a post of an account that has just posted.

Takes the hours of posts; gives the place of the next among those within 24 hours, and the factor on its first
exposure. The posts of earlier days cost nothing (measured).

Model: the k-th post of an account within 24 hours starts with k^e of a lone one's; what author scatter
takes comes on top.
"""

from sim.compiled import Whole, compiled

DAY_H = 24
"""Hours within which the posts of an account crowd one another."""


def place(hours: list[int], now: int, window_h: int = DAY_H) -> int:
    """Place of a post that comes now among those within the window before it, from 1.

    Args:
        hours: of the earlier ones, rising; those that no longer count are dropped, and this one is added.
        now: hour of this one.
        window_h: an earlier one counts while fewer hours than these lie between.
    """
    hours[:] = [*(hour for hour in hours if hour > now - window_h), now]
    return len(hours)


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
