"""How many creators of each tier a ratio buys (K2).

Takes a ratio, prices and a scale or a budget; gives whole numbers and ids. Pure arithmetic in
exact fractions, so that a budget is never passed by a rounding error. Knows no scenario.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

Price = float | tuple[float, ...]
"""What a creator of a tier costs [CNY]; or what each of them costs, in the order in which they are bought."""


class Shares(NamedTuple):
    """Shares of the money, sum 1."""

    kol: float
    koc: float
    amateurs: float


def creator_counts(
    ratio: Sequence[int],
    prices_cny: Sequence[Price],
    scale: float,
    budget_cny: float | None,
    most: float = math.inf,
) -> tuple[int, ...]:
    """Creators of each tier.

    Without a budget ⌊ratio·scale + ½⌋. With one the scale is ignored: the shares q = ratio · s, with s such
    that they cost the budget together, are cut to whole numbers, and what is left buys one more creator in
    the tiers of the largest remainders, as long as it lasts. Money that is then left is shared out in the
    same way among the tiers of which it still buys a creator, until there is none: a star that is too dear,
    or a tier that has nobody left, leaves its money to the others.

    Args:
        ratio: relative numbers of creators by tier, ≥ 0.
        prices_cny: price of one creator by tier [CNY], ≥ 0; or of each creator of a tier in order, no more
            than whom a budget can buy.
        scale: multiplies the ratio, ≥ 0.
        budget_cny: most that all of them may cost [CNY], None for no limit.
        most: creators in all past which no left-over money is shared out.
    Returns:
        Numbers by tier; their cost never passes the budget.
    Source: largest remainder (Hamilton's method of apportionment); ties go to the higher tier.
    Example:
        >>> creator_counts((1, 3, 10), (500.0, 100.0, 10.0), 1.0, 1000.0)
        (1, 3, 20)
        >>> creator_counts((1, 1), ((10.0, 30.0), (20.0, 20.0, 20.0)), 1.0, 95.0)
        (2, 2)
    """
    return _counts(tuple(ratio), tuple(prices_cny), scale, budget_cny, most)


@lru_cache(maxsize=256)
def _counts(
    ratio: tuple[int, ...], prices_cny: tuple[Price, ...], scale: float, budget_cny: float | None, most: float
) -> tuple[int, ...]:
    scaled = tuple(math.floor(count * Fraction(str(scale)) + Fraction(1, 2)) for count in ratio)
    if budget_cny is None:
        return scaled
    rows = [_Row(price) for price in prices_cny]
    if not any(n and row.whole for n, row in zip(ratio, rows, strict=True)):  # what is free needs no budget
        return tuple(int(min(n, row.supply)) for n, row in zip(scaled, rows, strict=True))
    left = whole = Fraction(str(budget_cny))
    counts = [0] * len(rows)
    wanted = list(ratio)
    while any(more := _bought(wanted, rows, counts, left)):  # each round at least one tier becomes too dear
        if any(counts) and sum(counts) + sum(more) > most:
            break
        counts = [have + new for have, new in zip(counts, more, strict=True)]
        left = whole - sum((row.cost(n) for row, n in zip(rows, counts, strict=True)), Fraction(0))
        wanted = [n if row.open(have, left) else 0 for n, row, have in zip(ratio, rows, counts, strict=True)]
    return tuple(counts)


class _Row:
    """What the creators of a tier cost together, in the order in which they are bought."""

    def __init__(self, price: Price) -> None:
        each = (price,) if isinstance(price, float | int) else price
        exact = [Fraction(str(one)) for one in each]
        self.supply = math.inf if isinstance(price, float | int) else len(exact)
        self._each, self._sums = exact, [Fraction(0), *accumulate(exact)]
        self.whole = self._sums[-1]
        """of all; of one where there is no end of them"""

    def price(self, number: int) -> Fraction:
        """What the next one costs after so many; 0 where there is none."""
        if number >= self.supply:
            return Fraction(0)
        return self._each[0] if self.supply == math.inf else self._each[number]

    def cost(self, count: int | Fraction) -> Fraction:
        """What so many cost, the last one in part."""
        if self.supply == math.inf:
            return count * self._each[0]
        whole = min(math.floor(count), len(self._each))
        return self._sums[whole] + (count - whole) * self.price(whole)

    def open(self, have: int, money: Fraction) -> bool:
        """Whether so much money buys the next one."""
        return have < self.supply and self.price(have) <= money


def _bought(ratio: Sequence[int], rows: Sequence[_Row], have: Sequence[int], money: Fraction) -> list[int]:
    """Whole creators in a ratio for some money, by largest remainder; none where all of them are free."""
    base = sum((row.cost(n) for row, n in zip(rows, have, strict=True)), Fraction(0))

    def at(scale: Fraction) -> list[Fraction]:
        return [
            min(n * scale, Fraction(int(row.supply) - own)) if row.supply != math.inf else n * scale
            for n, row, own in zip(ratio, rows, have, strict=True)
        ]

    def cost(shares: Sequence[int | Fraction]) -> Fraction:
        return sum((row.cost(own + n) for row, own, n in zip(rows, have, shares, strict=True)), -base)

    if not any(
        n and (row.whole if row.supply == math.inf else row.whole > row.cost(own))
        for n, row, own in zip(ratio, rows, have, strict=True)
    ):
        return [0] * len(ratio)
    endless = [(n, row.whole) for n, row in zip(ratio, rows, strict=True) if n and row.supply == math.inf]
    if len(endless) == sum(map(bool, ratio)):
        shares = at(money / sum((n * price for n, price in endless), Fraction(0)))
    else:
        shares = at(_solved(lambda scale: cost(at(scale)) - money, _enough(ratio, rows)))
    counts = [math.floor(share) for share in shares]
    left = money - cost(counts)
    for k in sorted(range(len(shares)), key=lambda k: counts[k] - shares[k]):
        if counts[k] < shares[k] and rows[k].open(have[k] + counts[k], left):
            left -= rows[k].price(have[k] + counts[k])
            counts[k] += 1
    return counts


def _enough(ratio: Sequence[int], rows: Sequence[_Row]) -> Fraction:
    """A scale at which every tier that ends has ended, and one without end has as many as all of them."""
    most = max((int(row.supply) for row in rows if row.supply != math.inf), default=1)
    return Fraction(max(1, most) * len(rows))


def _solved(missing: Callable[[Fraction], Fraction], high: Fraction) -> Fraction:
    """Where a rising, piecewise straight function is 0, from below; exact where it is one straight line.

    Args:
        missing: the function, not above 0 at 0.
        high: where it is not below 0, or never is.
    """
    low, under, over = Fraction(0), missing(Fraction(0)), missing(high)
    if over <= 0:
        return high
    straight = low - under * (high - low) / (over - under)
    if missing(straight) == 0:
        return straight
    for _ in range(STEPS):
        middle = ((low + high) / 2).limit_denominator(FINEST)
        low, high = (middle, high) if missing(middle) <= 0 else (low, middle)
    return low


STEPS, FINEST = 50, 10**12
"""Halvings, and the largest denominator: as fine as a share of a creator may matter (chosen)."""


def creator_id(tier: str, number: int) -> str:
    """Id of the n-th creator of a tier, from 1; a larger number of creators keeps the smaller ids."""
    return f"{tier}-{number:03d}"


def named_number(name: str) -> tuple[str, int]:
    """Tier and number of a creator of a drawn market.

    Example:
        >>> named_number(creator_id("junior", 3))
        ('junior', 3)
    """
    tier, _, number = name.rpartition("-")
    return tier, int(number)
