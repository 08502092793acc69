"""What counts as a hit: a video that few of its category match, or that its own account seldom matches (P2).

Takes impressions that nobody has paid for; says whether they are a hit's. Does not count them.

Model: fixed videos of 64 fixed accounts (fans log-normal, median 300, one in a hundred above 4,374) go
through the platform model in use for 72 h; a hit is above 99 in 100 of them; paid impressions do not count.
"""

from sim.compiled import Whole, compiled

AGE_H = 72
"""Age at which videos are held against each other [h] (chosen: three days, most of what a video gets)."""
HIT_SHARE = 0.99
"""Share of the category's videos below which a hit does not fall (chosen: the best one in a hundred)."""
OWN_TIMES = 5
"""What a breakout is of its account's median (the trade's rule of thumb)."""
OWN_POSTS = 30
"""Posts before it that the median is of (the trade's rule of thumb)."""
FEWEST_POSTS = 5
"""Below, an account has no median to speak of (chosen)."""
FANS_MEDIAN, FANS_SD_DEX = 300.0, 0.5
"""Fans of the category's accounts, log-normal: so that one in a hundred has above 4,374.
Source: that quantile KuaiRand-Pure; median assumed."""


@compiled
def breaks_out(impressions: Whole, median: float) -> bool:
    """Whether a video breaks out of what its account is used to.

    Args:
        impressions: of the video at AGE_H.
        median: of the account's last posts at the same age.
    Source: rule of thumb of the trade: above five times the account's median of its last 30.
    """
    return bool(impressions > OWN_TIMES * median)
