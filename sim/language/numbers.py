"""Numbers, intervals and money in text: 1.79 万 in Chinese, 17.9K in English; what is shortened, and how.

Takes plain numbers and templates of a unit; gives text. Figures and tables keep a family of numbers at one
scale, by the signs that stand here (charts/numbers.py).
"""

from collections.abc import Sequence
from math import floor, log10

from sim.language.words import Language

SHORTENED: dict[Language, tuple[tuple[float, float, str], ...]] = {
    "en": ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "K")),
    "zh": ((1e8, 1e8, "亿"), (1e4, 1e4, "万")),
}
"""From which size on a number is shortened, divided by what, and its sign: 9,999 is written out."""


def shortening(size: float, language: Language) -> tuple[float, str]:
    """By what numbers up to a size are divided, and the sign that says so; 1 and none where they are small.

    Example:
        >>> shortening(74_230, "zh"), shortening(74_230, "en"), shortening(9_999, "en")
        ((10000.0, '万'), (1000.0, 'K'), (1.0, ''))
    """
    return next(((by, sign) for start, by, sign in SHORTENED[language] if size >= start), (1.0, ""))


MILLION = 1_000_000
RANGE: dict[Language, str] = {"en": "{low} to {high}", "zh": "{low}～{high}"}
"""An interval in a sentence."""


def with_unit(
    numbers: tuple[float, float, float], metric: str, language: Language, template: str
) -> tuple[str, str]:
    """A number and its interval with the unit, all shortened alike (万/亿, K/M/B)."""
    scaled = [100.0 * number for number in numbers] if metric == "hit" else list(numbers)
    size = max(abs(number) for number in scaled)
    divisor, sign = shortening(size, language)
    suffix = f" {sign}" if sign and language == "zh" else sign
    parts = [number / divisor for number in scaled]
    digits = digits_of(parts)
    amount, low, high = (f"{part:,.{digits}f}" for part in parts)
    # 219 人 and 1.95 万人, but 63% and 0.97.
    gap = " " if language == "zh" and not suffix and template[-1] not in "%}" else ""
    if language == "en":
        limits = RANGE[language].format(low=low + suffix, high=high + suffix)
    else:
        limits = RANGE[language].format(low=low, high=high) + suffix
    return template.format(n=amount + suffix + gap), template.format(n=limits + gap)


def cny(value: float, language: Language) -> str:
    """Money in a sentence.

    Example:
        >>> cny(17_890, "en"), cny(17_890, "zh")
        ('CNY 17.9K', '1.79 万元')
    """
    return f"CNY {plain(value, language)}" if language == "en" else f"{plain(value, language)}元"


def to_the_fen(cny: float) -> str:
    """Money written out, without its unit.

    Example:
        >>> to_the_fen(1_234_567.0), to_the_fen(0.5)
        ('1,234,567', '0.50')
    """
    return f"{cny:,.2f}".removesuffix(".00")


def plain(value: float, language: Language) -> str:
    """A number in a sentence, three digits and shortened; in Chinese with a gap before what follows.

    Example:
        >>> plain(200_000, "en"), plain(1_790, "zh"), plain(0.456, "en")
        ('200K', '1,790 ', '0.456')
    """
    divisor, sign = shortening(abs(value), language)
    part = value / divisor
    digits = max(0, 2 - floor(log10(abs(part)))) if part else 0
    text = f"{part:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if language == "en":
        return text + sign
    return f"{text} {sign}"


def digits_of(numbers: Sequence[float]) -> int:
    """Decimals that show an interval's width, and keep limits other than 0 from being rounded to it.

    Args:
        numbers: an estimate, its low and its high.
    Returns:
        0 or more.
    """
    estimate, low, high = numbers
    smallest = min((abs(part) for part in numbers if part), default=1.0)
    needed = -floor(log10((abs(high - low) or abs(estimate) or 1.0) / 2))
    return max(0, needed, min(-floor(log10(smallest)), needed + 2))


def spelt(value: float, language: Language) -> str:
    """A number in the words of a scenario, where English shortens millions only.

    Example:
        >>> spelt(200_000, "en"), spelt(2_500_000, "en"), spelt(13_500, "zh")
        ('200,000', '2.5M', '1.35万')
    """
    small = language == "en" and value < MILLION
    divisor, sign = (1.0, "") if small else shortening(value, language)
    return f"{round(value / divisor, 2 if sign else 1):,}".removesuffix(".0") + sign


def per_cent(text: str, language: Language) -> str:
    """A number that is written already, in per cent: 5 % in English, 5% in Chinese."""
    return f"{text}%" if language == "zh" else f"{text} %"


def percent(share: float) -> str:
    """A share of 0-1 in percent, three digits at most."""
    return f"{100 * share:.3g}%"
