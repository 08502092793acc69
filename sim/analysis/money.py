"""What a plan costs and brings in over its launches, and what would make it pay.

Takes one row a launch; gives sums over sums, never means of ratios: an order that comes in one launch of
ten is an order. Break-evens are arithmetic on the same sums, with intervals from the launches. Knows no
variants, files or words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.audience import Brand

Floats = NDArray[np.float64]

FEWEST = 16
"""Orders (fans) in all launches together below which the price (the worth of a fan) has no interval: half as
many would cover 91 % for 95 % (chosen)."""
_ROUNDING = 1e-9


class BreakEven(NamedTuple):
    """What would make a plan pay, all else as it is, with its interval; None where no value would."""

    gpm_cny: float | None
    """sales of this plan per 1,000 of its plays"""
    price_cny: float | None
    """price at unchanged orders, what a piece costs to make staying as it is"""
    fan_value_cny: float | None
    """worth of a new fan"""


class Money(NamedTuple):
    """Money of a plan, per launch where it is no ratio."""

    cost_cny: float
    gmv_cny: float
    profit_cny: float
    """margin of the sales and worth of the new fans, less the cost"""
    return_per_cny: float | None
    """what each yuan that is spent brings back, by the same count; None where nothing is spent"""
    cost_per_order_cny: float | None
    cost_per_fan_cny: float | None
    """per new fan of the brand's accounts, those taken back left out"""
    cpm_cny: float | None
    """cost per 1,000 people reached"""
    gpm_cny: float | None
    """sales per 1,000 plays, those outside the audience too"""
    orders: int
    """in all launches together"""
    reach: float
    """people reached, per launch"""
    break_even: BreakEven
    low: BreakEven
    high: BreakEven
    """limits; a high one of None: none is in sight; both None: too little to say"""

    def as_dict(self) -> dict[str, Any]:
        """As comparison.json has it."""
        plain = self._asdict()
        whole, low, high = (plain.pop(key)._asdict() for key in ("break_even", "low", "high"))
        limits = {
            f"{key}{end}": part[key]
            for key in whole
            for end, part in (("", whole), ("_low", low), ("_high", high))
        }
        return {**plain, "break_even": limits}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Money":
        """Read back from a variant of comparison.json."""
        plain = {key: said[key] for key in cls._fields if key not in ("break_even", "low", "high")}
        whole, low, high = (
            BreakEven(*(said["break_even"][f"{key}{end}"] for key in BreakEven._fields))
            for end in ("", "_low", "_high")
        )
        return cls(**plain, break_even=whole, low=low, high=high)


def money_of(launches: Sequence[Mapping[str, Any]], brand: Brand, confidence: float = 0.95) -> Money:
    """Money of a plan.

    Args:
        launches: fields of summary.json, one row a launch.
        brand: margin and worth of a fan.
        confidence: of the intervals, in (0, 1).
    """
    keys = ("cost_cny", "gmv_cny", "orders", "new_fans")
    cost, gmv, orders, fans = (np.array([row[key] for row in launches], float) for key in keys)
    plays = np.array([row["impressions"] + row["outside_impressions"] for row in launches], float)
    profit = sum(row["profit_cny"] for row in launches)
    reach = sum(row["reach"] for row in launches)
    n, spent, sold = len(launches), cost.sum(), orders.sum()
    missing = cost - brand.fan_value_cny * fans
    # A piece costs (1 − margin) of today's price to make; as many orders have to bring the rest.
    goods = _over((1 - brand.margin_share) * gmv.sum(), sold) or 0.0
    price = _ratio(missing, orders, orders, confidence)
    ends = zip(
        _ratio(1000 * missing, brand.margin_share * plays, plays, confidence),
        [None if value is None else goods + value for value in price],
        _ratio(cost - brand.margin_share * gmv, fans, fans, confidence),
        strict=True,
    )
    return Money(
        spent / n, gmv.sum() / n, profit / n,
        _over(spent + profit, spent), _over(spent, sold), _over(spent, fans.sum()),
        _over(1000 * spent, reach), _over(1000 * gmv.sum(), plays.sum()), round(sold), reach / n,
        *(BreakEven(*values) for values in ends),
    )  # fmt: skip


def _ratio(
    over: Floats, under: Floats, counted: Floats, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """What is missing over what would bring it, with its limits, none below 0; None where no value would do.

    Args:
        over: by launch.
        under: by launch.
        counted: what `under` counts; below FEWEST of them in all there is no interval.
        confidence: in (0, 1).
    Returns:
        The ratio and its limits; a high one of None: none is in sight; both: too little to say.
    Source: Fieller 1954, a ratio of means of pairs, with Student's t. departs: exact for normal launches; in
        Poisson counts of 20 a launch it covers 95 % at 4, 8 and 16 launches, where a bootstrap of launches
        covers 84 to 92 %; where single launches bring most of the orders less.
    """
    top, bottom = float(over.mean()), float(under.mean())
    if bottom <= 0.0:
        return (None, None, None) if top > 0.0 else (0.0, None, None)
    value = max(0.0, top / bottom)
    left = over - top / bottom * under
    if counted.sum() < FEWEST or np.ptp(left) <= _ROUNDING * np.abs(over).max():
        return value, None, None  # launches that all gave the same have not shown what the next gives
    from scipy import special  # only a comparison needs it

    n = len(over)
    spread = np.cov(over, under) * special.stdtrit(n - 1, (1 + confidence) / 2) ** 2 / n
    a, c = float(bottom**2 - spread[1, 1]), float(top**2 - spread[0, 0])
    b = float(top * bottom - spread[0, 1])
    if a <= 0.0 and c <= 0.0:  # neither the money nor what pays it is known to be any
        return value, None, None
    root = float(np.sqrt(max(0.0, b * b - a * c)))
    if a > 0.0:
        return value, max(0.0, (b - root) / a), max(0.0, (b + root) / a)
    # What pays may be next to nothing: of the two halves that one which the ratio lies in; a may be 0.
    if top < 0.0:
        return value, 0.0, 0.0
    return value, c / (b + root), None


def _over(over: float, under: float) -> float | None:
    return float(over / under) if under > 0 else None
