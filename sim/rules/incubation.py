"""Incubation (K5): who of the people is active, and who of those comes to post about the brand.

Takes counts and draws; gives decisions and hours. Does not know accounts or what a post does.

Model: whoever has followed, shared or bought so often is active, and is asked once; a share agrees. The first
few who do have an account each, the others share one; each posts a few times about the brand, evenly apart,
and @-mentions the main account. Day by day the fans of such an account say its tier, and with it how much
trust and awareness its posts carry.
"""

from sim.compiled import Whole, Word
from sim.rules.draws import low32


def turns_active(before: int, now: int, least: int) -> bool:
    """Whether a person has become active since he was last looked at, which happens once.

    Args:
        before: follows, shares and orders until then.
        now: and by now.
        least: from which a person is active [≥ 1].
    Source: assumed.
    """
    return before < least <= now


def agrees(draw: Word, share: Whole) -> bool:
    """Whether somebody who is active would post about the brand.

    Args:
        draw: the person's own, whatever the plan.
        share: of those who would [1/2³²].
    Source: assumed.
    """
    return bool(low32(draw) < share)


def place_of(nth: int, accounts: int) -> int:
    """Account of the n-th who agrees, both from 0: one each for the first, and one more for all others."""
    return min(nth, accounts)


def post_hours(hour: int, posts: int, every_h: int) -> list[int]:
    """Hours of the posts of somebody who agreed in an hour.

    Example:
        >>> post_hours(10, 2, 72)
        [82, 154]
    """
    return [hour + every_h * (n + 1) for n in range(posts)]
