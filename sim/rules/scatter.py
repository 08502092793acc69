"""Author scatter (P12): the feed seldom shows somebody the same author again at once.

Takes how many of an author's videos a person was shown this hour; gives how likely a further one is to be
shown, and how the count goes on. Does not know who is shown another video instead.

Model: within an hour the feed shows somebody the next video of one brand account with a factor 0.75 · 0.5ᵏ
+ 0.25, k those already shown; recommendation takes somebody else of the same match, a fan whose hour it was
misses it.
"""

MOST = 3
"""Videos of an author in an hour that are told apart: two bits; 3 stands for 3 and more."""


def shown_again(times: int, decay: float, floor: float) -> float:
    """Chance that the feed shows a further video of an author.

    (1 − floor) · decay^times + floor
    Args:
        times: videos of the author that the person was shown this hour.
        decay: factor for each of them [0..1]; at 1 nothing happens.
        floor: what is left however many there were [0..1].
    Source: X's published ranker, parameters of August 2026, per slate; the hour is assumed.
    """
    return (1 - floor) * decay**times + floor
