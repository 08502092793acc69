"""Numbers as people read them: 7.42 万 in Chinese, 74.2K in English; units, intervals, axis marks.

Takes plain numbers and what they count; gives text. The words of a unit come with the number's
kind, not from the caller, so that every page writes them alike. Does not compute statistics.
"""

from collections.abc import Mapping
from math import floor, isfinite, log10
from typing import Any, Literal, NamedTuple

from sim.language.numbers import shortening
from sim.language.words import N_, Language, Words

Kind = Literal["people", "count", "money", "ratio", "share", "points"]
"""What a number is: people, things, CNY, a ratio such as ROI, a share or probability in 0..1, or a
difference of two shares."""

METRIC_KINDS: dict[str, Kind] = {
    "reach": "people", "follows": "count", "orders": "count", "gmv": "money", "profit": "money",
    "roi": "ratio", "hit": "share",
}  # fmt: skip
"""What each metric is."""

MINUS = "\u2212"
STANDINGS = {"win": N_("win"), "tie": N_("tie"), "lose": N_("lose")}
"""How a launch of a variant went against the best of the same seed."""

THOUSAND = 1e3
WHOLE = 100
"""From which size on a count has no decimals."""
RARE = N_("too rare to tell")
"""In place of an interval that was refused: too few seeds differ, or are not 0."""


class Scale(NamedTuple):
    """How a family of numbers is written, so that they can be compared by eye."""

    divisor: float
    sign: str
    digits: int

    def text(self, value: float, *, signed: bool = False, sign: bool = True) -> str:
        """The number.

        Args:
            value: to write.
            signed: with + where it is positive.
            sign: with the sign of the scale (K, 万, %).
        """
        shown = round(value / self.divisor, self.digits)
        mark = MINUS if shown < 0 else "+" if signed and shown > 0 else ""
        return f"{mark}{abs(shown):,.{self.digits}f}{self.sign if sign else ''}"


def scale(size: float, kind: Kind, language: Language, step: float = 0.0) -> Scale:
    """The scale for numbers up to a size.

    Args:
        size: the largest absolute value.
        kind: what the numbers are; shares are written in per cent.
        language: 'zh' or 'en'.
        step: a difference that must stay visible; 0 for three or four digits in all.
    Returns:
        Divisor, sign and decimals.
    Example:
        >>> scale(74_230, "people", "zh").text(74_230)
        '7.42 万'
    """
    if kind in ("share", "points"):
        divisor, sign = 0.01, "%" if kind == "share" else Words(language)(" pts")
    else:
        divisor, sign = shortening(size, language)
        sign = f" {sign}" if sign and language == "zh" else sign
    shown = size / divisor
    if step > 0:
        digits = max(0, -floor(log10(step / divisor) + 1e-9))
    elif kind in ("share", "points"):
        digits = 0 if shown >= 1 or shown == 0 else 1
    elif sign:
        digits = 1 if divisor == THOUSAND else 2
    elif kind in ("people", "count"):
        whole = shown >= WHOLE or shown == round(shown)
        digits = 0 if whole else 1 if shown >= WHOLE / 10 else 2
    else:
        digits = max(0, 2 - floor(log10(shown))) if shown > 0 else 0
    return Scale(divisor, sign, min(digits, 6))


def amount(value: float, kind: Kind, language: Language) -> str:
    """One number on its own, at a fitting scale."""
    return scale(abs(value), kind, language).text(value)


def short(value: int, language: Language) -> str:
    """A round number, as in a list of choices, without the zeros behind the point.

    Example:
        >>> short(200_000, "zh"), short(1_500_000, "en"), short(2_000, "en")
        ('20 万', '1.5M', '2,000')
    """
    fitting = scale(abs(value), "people", language)
    if not fitting.sign:
        return fitting.text(value)
    return fitting.text(value, sign=False).rstrip("0").rstrip(".") + fitting.sign


def span(
    low: float | None, high: float | None, kind: Kind, language: Language, *, signed: bool = False
) -> str:
    """An interval, both limits at one scale; words where it was refused.

    Example:
        >>> span(64_640, 83_780, "people", "en")
        '64.6K to 83.8K'
    """
    if low is None or high is None:
        return Words(language)(RARE)
    fitting = scale(max(abs(low), abs(high)), kind, language)
    return joined(fitting, low, high, language, signed=signed)


def joined(fitting: Scale, low: float, high: float, language: Language, *, signed: bool = False) -> str:
    """An interval at a given scale."""
    if language == "zh":
        return f"{fitting.text(low, signed=signed, sign=False)} ～ {fitting.text(high, signed=signed)}"
    return f"{fitting.text(low, signed=signed)} to {fitting.text(high, signed=signed)}"


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
