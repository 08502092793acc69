"""Verification (M12): some people follow, or buy for the first time, only on proof: posts seen, or a badge.

Takes a level of trust and whether the account is verified; gives the share of interested people who may
order, and of visitors who may follow. What else the badge does to follows of the home page is a factor of its
own (`links.verified_lift`).

Model: of those who are interested a share orders only with so much trust, which finished videos of the
matrix's other accounts and of creators give; over a verified account the badge is proof enough for some of
them. Who has bought before needs none. Of visitors who would follow on a home page a share does so on the
same proof only.
"""

import math

from sim.rules.brand import TRUST_LEVELS


def convinced(level: int, verified: bool, wary: float, trust: float, by_badge: float) -> float:
    """Share of those who would follow, or of interested people, who may do so over an account [0..1].

    Args:
        level: of their trust [0..7].
        verified: whether the account carries the badge.
        wary: share of people who look for proof first [0..1].
        trust: from which they have found it [0..1]; levels are eighths.
        by_badge: share of those to whom the badge is proof enough [0..1].
    Source: assumed.
    Example:
        >>> [convinced(level, True, 0.5, 0.25, 0.2) for level in (0, 1, 2)]
        [0.6, 0.6, 1.0]
    """
    if level >= math.ceil(trust * TRUST_LEVELS):
        return 1.0
    return 1.0 - wary * (1.0 - by_badge * verified)


def shares_convinced(wary: float, trust: float, by_badge: float) -> tuple[float, ...]:
    """`convinced` by level of trust, of accounts without a badge first; arguments as there."""
    return tuple(
        convinced(level, badge, wary, trust, by_badge)
        for badge in (False, True)
        for level in range(TRUST_LEVELS)
    )
