"""Rank against the category instead of pools (P10): how rare a video is, and how far that carries it.

Takes a place among the category's videos; gives its value to the platform: the odds against meeting one as
good. Reach then follows from the value as under the score (score.py), which makes it a rank-size law: a
video in the top share p of its category is worth its first exposure times (p₀ / p)^power. Source: views of
whole platforms follow rank-size laws; that the platform ranks by percentile is operators' belief (赛马).

Model: a rival without a scale: after the same first exposure a video's score is ranked among the category's
videos at as many impressions; it flows while it is rarer than what competes where it stands, so reach falls
with the rank by a power.
"""

from sim.compiled import Whole, compiled


@compiled
def rarity(above: Whole, of: Whole) -> float:
    """One over the share of the category's videos that are as good: 1 for the last, 2 · of for the first.

    Args:
        above: videos of the category that beat it [0..of].
        of: videos it is ranked among [≥ 1].
    """
    share: float = (above + 0.5) / of
    return 1.0 / min(1.0, share)


@compiled
def between(low: float, high: float, part: float) -> float:
    """A value between those at two numbers of impressions, geometrically: low^(1 − part) · high^part."""
    mixed: float = low ** (1.0 - part) * high**part
    return mixed
