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

RESAMPLED = 2_000
"""Draws of the bootstrap (chosen)."""
_SEED = 20_240_501


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
    """limits; a high one of None: none is in sight; both None: too few launches to say"""

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


class _Sums(NamedTuple):
    """Sums over launches; one number each, or one a draw of the bootstrap."""

    cost: Floats
    gmv: Floats
    orders: Floats
    fans: Floats
    plays: Floats


def money_of(launches: Sequence[Mapping[str, Any]], brand: Brand, confidence: float = 0.95) -> Money:
    """Money of a plan.

    Args:
        launches: fields of summary.json, one row a launch.
        brand: margin and worth of a fan.
        confidence: of the intervals, in (0, 1).
    Source: bootstrap over launches, percentiles (Efron 1979); no interval below 2 launches.
    """
    keys = ("cost_cny", "gmv_cny", "orders", "new_fans")
    columns = [np.array([row[key] for row in launches], float) for key in keys]
    plays = np.array([row["impressions"] + row["outside_impressions"] for row in launches], float)
    table = np.stack([*columns, plays])
    cost, gmv, orders, fans, shown = table.sum(axis=1)
    profit = sum(row["profit_cny"] for row in launches)
    reach = sum(row["reach"] for row in launches)
    n = len(launches)
    drawn = np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), RESAMPLED)
    spread = _Sums(*(table @ drawn.T))
    whole = _Sums(*(np.array([value]) for value in (cost, gmv, orders, fans, shown)))
    points, lows, highs = [], [], []
    tail = int((1 - confidence) / 2 * (RESAMPLED - 1))
    for rule in (_gpm, _price, _fan_value):
        points.append(_finite(rule(whole, brand)[0]))
        found = np.sort(rule(spread, brand))
        lows.append(_finite(found[tail]) if n > 1 else None)
        highs.append(_finite(found[-1 - tail]) if n > 1 else None)
    return Money(
        cost / n, gmv / n, profit / n,
        _over(cost + profit, cost), _over(cost, orders), _over(cost, fans), _over(1000 * cost, reach),
        _over(1000 * gmv, shown), round(orders), reach / n,
        BreakEven(*points), BreakEven(*lows), BreakEven(*highs),
    )  # fmt: skip


def _gpm(sums: _Sums, brand: Brand) -> Floats:
    """Sales per 1,000 plays at which margin · sales + worth of fans = cost."""
    missing = np.maximum(0.0, sums.cost - brand.fan_value_cny * sums.fans)
    return _ratio(1000 * missing, brand.margin_share * sums.plays)


def _price(sums: _Sums, brand: Brand) -> Floats:
    """Price at which as many orders, each with goods for (1 − margin) of today's price, pay for the rest."""
    missing = np.maximum(0.0, sums.cost - brand.fan_value_cny * sums.fans)
    return _ratio((1 - brand.margin_share) * sums.gmv + missing, sums.orders)


def _fan_value(sums: _Sums, brand: Brand) -> Floats:
    """Worth of a new fan at which the fans pay what the sales do not."""
    return _ratio(np.maximum(0.0, sums.cost - brand.margin_share * sums.gmv), sums.fans)


def _ratio(over: Floats, under: Floats) -> Floats:
    """A quotient, infinite where nothing is below: no value would do; 0 where nothing is missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(under > 0.0, over / under, np.where(over > 0.0, np.inf, 0.0))
    return np.asarray(found, np.float64)


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _over(over: float, under: float) -> float | None:
    return float(over / under) if under > 0 else None
