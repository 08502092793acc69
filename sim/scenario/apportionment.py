"""How many creators of each tier a ratio buys (K2).

Takes a ratio, prices and a scale or a budget; gives whole numbers and ids. Pure arithmetic in
exact fractions, so that a budget is never passed by a rounding error. Knows no scenario.
"""

import math
from collections.abc import Sequence
from fractions import Fraction


def creator_counts(
    ratio: Sequence[int], prices_cny: Sequence[float], scale: float, budget_cny: float | None
) -> tuple[int, ...]:
    """Creators of each tier.

    Without a budget ⌊ratio·scale + ½⌋. With one the scale is ignored: the shares
    q = ratio · budget / Σ ratio·price are cut to whole numbers, and what is left buys one more
    creator in the tiers of the largest remainders, as long as it lasts.

    Args:
        ratio: relative numbers of creators by tier, ≥ 0.
        prices_cny: price of one creator by tier [CNY], ≥ 0.
        scale: multiplies the ratio, ≥ 0.
        budget_cny: most that all of them may cost [CNY], None for no limit.
    Returns:
        Numbers by tier; their cost never passes the budget.
    Source: largest remainder (Hamilton's method of apportionment); ties go to the higher tier.
    Example:
        >>> creator_counts([1, 3, 10], [500.0, 100.0, 10.0], 1.0, 1000.0)
        (1, 3, 12)
    """
    prices = [Fraction(str(price)) for price in prices_cny]
    full = sum((count * price for count, price in zip(ratio, prices, strict=True)), Fraction(0))
    if budget_cny is None or not full:  # what costs nothing needs no budget
        return tuple(math.floor(count * Fraction(str(scale)) + Fraction(1, 2)) for count in ratio)
    budget = Fraction(str(budget_cny))
    shares = [count * budget / full for count in ratio]
    counts = [math.floor(share) for share in shares]
    left = budget - sum(count * price for count, price in zip(counts, prices, strict=True))
    for k in sorted(range(len(shares)), key=lambda k: counts[k] - shares[k]):
        if counts[k] < shares[k] and prices[k] <= left:
            counts[k] += 1
            left -= prices[k]
    return tuple(counts)


def creator_id(tier: str, number: int) -> str:
    """Id of the n-th creator of a tier, from 1; a larger number of creators keeps the smaller ids."""
    return f"{tier}-{number:03d}"
