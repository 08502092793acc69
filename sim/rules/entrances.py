"""Search and nearby (P14): what of a video's recommended views comes again from two small entrances.

Takes a mean wait; gives the share of what is owed that comes in an hour. Does not know videos or people.

Model: each recommended view of a post brings a small share of a view from search, spread over days, and of
one from the nearby feed, at once; searchers fit the topic, people nearby are anybody. Neither is judged by
the platform.
"""

import math


def hourly_share(mean_h: float) -> float:
    """Share of what is to come that comes within an hour of an exponential wait: 1 − e^(−1/mean).

    Args:
        mean_h: mean wait [h]; at 0 all of it comes at once.
    Source: shape assumed.
    """
    return -math.expm1(-1 / mean_h) if mean_h else 1.0
