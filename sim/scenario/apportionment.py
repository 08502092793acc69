"""How many creators of each tier a ratio buys (K2).

Takes a ratio, prices and a scale or a budget; gives whole numbers and ids. Pure arithmetic in
exact fractions, so that a budget is never passed by a rounding error. Knows no scenario.
"""

import math
from collections.abc import Sequence
from fractions import Fraction


def creator_counts(
    ratio: Sequence[int],
    prices_cny: Sequence[float],
    scale: float,
    budget_cny: float | None,
    most: float = math.inf,
) -> tuple[int, ...]:
    """Creators of each tier.

    Without a budget ⌊ratio·scale + ½⌋. With one the scale is ignored: the shares
    q = ratio · budget / Σ ratio·price are cut to whole numbers, and what is left buys one more
    creator in the tiers of the largest remainders, as long as it lasts. Money that is then left is
    shared out in the same way among the tiers of which it still buys a creator, until there is none:
    a star that is too dear leaves its money to the others.

    Args:
        ratio: relative numbers of creators by tier, ≥ 0.
        prices_cny: price of one creator by tier [CNY], ≥ 0.
        scale: multiplies the ratio, ≥ 0.
        budget_cny: most that all of them may cost [CNY], None for no limit.
        most: creators in all past which no left-over money is shared out.
    Returns:
        Numbers by tier; their cost never passes the budget.
    Source: largest remainder (Hamilton's method of apportionment); ties go to the higher tier.
    Example:
        >>> creator_counts([1, 3, 10], [500.0, 100.0, 10.0], 1.0, 1000.0)
        (1, 3, 20)
    """
    prices = [Fraction(str(price)) for price in prices_cny]
    if budget_cny is None or not _cost(ratio, prices):  # what costs nothing needs no budget
        return tuple(math.floor(count * Fraction(str(scale)) + Fraction(1, 2)) for count in ratio)
    left = Fraction(str(budget_cny))
    counts = more = _bought(ratio, prices, left)
    while any(more):  # each round at least one tier becomes too dear
        left -= _cost(more, prices)
        wanted = [count if price <= left else 0 for count, price in zip(ratio, prices, strict=True)]
        more = _bought(wanted, prices, left)
        if sum(counts) + sum(more) > most:
            break
        counts = [have + new for have, new in zip(counts, more, strict=True)]
    return tuple(counts)


def _bought(ratio: Sequence[int], prices: Sequence[Fraction], money: Fraction) -> list[int]:
    """Whole creators in a ratio for some money, by largest remainder; none where all of them are free."""
    full = _cost(ratio, prices)
    if not full:
        return [0] * len(ratio)
    shares = [count * money / full for count in ratio]
    counts = [math.floor(share) for share in shares]
    left = money - _cost(counts, prices)
    for k in sorted(range(len(shares)), key=lambda k: counts[k] - shares[k]):
        if counts[k] < shares[k] and prices[k] <= left:
            counts[k] += 1
            left -= prices[k]
    return counts


def _cost(counts: Sequence[int], prices: Sequence[Fraction]) -> Fraction:
    return sum((count * price for count, price in zip(counts, prices, strict=True)), Fraction(0))


def creator_id(tier: str, number: int) -> str:
    """Id of the n-th creator of a tier, from 1; a larger number of creators keeps the smaller ids."""
    return f"{tier}-{number:03d}"
