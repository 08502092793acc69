"""Boosts of a post (A1): how many impressions money buys, how they are spread over hours, what they cost.

Takes prices in fen and whole counts; gives whole counts and fen. Nothing is drawn: who is shown a boosted
post is decided where people are. Does not know videos or accounts.

Model: money over the price per 1,000, spread evenly over some hours and shown to strangers as the post's
topics aim; not judged by the platform, booked as it is shown.
"""


def bought(budget_fen: int, cpm_fen: int) -> int:
    """Impressions that a budget buys at a price per 1,000.

    Source: the platforms' way of selling; 100 CNY buy about 5,000 plays of DOU+ (trade pages).
    """
    return budget_fen * 1000 // cpm_fen


def due(whole: int, age_h: int, hours: int) -> int:
    """Impressions of `whole` that should have been shown by the end of an hour of the boost.

    Args:
        whole: all that were bought.
        age_h: hours of the boost before this one.
        hours: over which they are spread, evenly.
    Source: assumed; the platform spends a budget over the time that was booked, and does not say how.
    """
    return whole * min(age_h + 1, hours) // hours


def cost_fen(shown: int, cpm_fen: int) -> int:
    """What so many impressions cost: no more than they were bought for [fen]."""
    return shown * cpm_fen // 1000
