"""Numbers of figures and of the tables beside them: kinds of metrics, standings, marks of an axis.

Takes plain numbers; gives text and marks. How a number is written stands in language/numbers.py, whose names
figures take from here. Does not compute statistics.
"""

from collections.abc import Mapping
from math import floor, isfinite, log10
from typing import Any

from sim.language.numbers import MINUS, RARE, WHOLE, Kind, Scale, amount, joined, scale, short, span
from sim.language.words import N_, Language, Words

__all__ = [
    "METRIC_KINDS", "MINUS", "RARE", "WHOLE", "Kind", "Language", "Scale", "amount", "joined", "often_tied",
    "round_marks", "scale", "short", "span", "standings",
]  # fmt: skip

METRIC_KINDS: dict[str, Kind] = {
    "reach": "people", "follows": "count", "orders": "count", "gmv": "money", "profit": "money",
    "roi": "ratio", "hit": "share",
}  # fmt: skip
"""What each metric is."""

STANDINGS = {"win": N_("win"), "tie": N_("tie"), "lose": N_("lose")}
"""How a launch of a variant went against the best of the same seed."""


def standings(variant: Mapping[str, Any], language: Language) -> str:
    """How often a variant of comparison.json did better than, as well as, and worse than the best.

    Example:
        >>> standings({"win": None}, "en")
        ''
        >>> shares = {"share": 0.5, "low": 0.25, "high": 0.75}
        >>> standings(dict.fromkeys(("win", "tie", "lose"), shares), "zh")
        '胜 50%（25 ～ 75%）、平 50%（25 ～ 75%）、负 50%（25 ～ 75%）'
    """
    told, words = [], Words(language)
    for key, word in STANDINGS.items():
        if not (share := variant.get(key)):  # the best itself, or a comparison of an earlier version
            return ""
        ends = span(share["low"], share["high"], "share", language)
        around = f"（{ends}）" if language == "zh" else f" ({ends})"
        told.append(f"{words(word)} {amount(share['share'], 'share', language)}{around}")
    return words.listed(told)


def often_tied(comparison: Mapping[str, Any]) -> bool:
    """Whether any variant gave the same as the best in some seed, so that `standings` are worth showing."""
    return any(v.get("tie") and v["tie"]["share"] > 0 for v in comparison["variants"])


def round_marks(low: float, high: float, wanted: int = 5) -> tuple[float, ...]:
    """Round numbers for an axis, at 1, 2 or 5 times a power of ten, 0 among them if it is in range.

    Args:
        low: left end of the axis.
        high: right end, above the left one.
        wanted: about how many.
    Returns:
        The numbers inside the range, increasing.
    Raises:
        ValueError: ends that are not finite or not in order.
    Example:
        >>> round_marks(-12_000, 1_500)
        (-10000.0, -5000.0, 0.0)
    """
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"an axis from {low} to {high} cannot be drawn")
    raw = (high - low) / wanted
    power = 10.0 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first = -floor(-low / step + 1e-9)
    last = floor(high / step + 1e-9)
    return tuple(k * step for k in range(first, last + 1))
