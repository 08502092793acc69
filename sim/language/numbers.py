"""Numbers, intervals and money in text: 1.79 万 in Chinese, 17.9K in English; what is shortened, and how.

Takes plain numbers and templates of a unit; gives text. Figures and tables keep a family of numbers at one
scale, by the signs that stand here.
"""

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import Literal, NamedTuple

from sim.language.words import N_, Language, Words

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


def common(numbers: Iterable[float | None], language: Language) -> float:
    """The size whose sign all of some numbers bear that stand together, in a cell or a column.

    That of the largest, but for one at which the smallest would hardly show.

    Example:
        >>> common((-9_999, -10_400), "zh"), common((105, 11_500), "zh")
        (10000.0, 0.0)
    """
    sizes = [abs(number) for number in numbers if number] or [0.0]
    fitting = (s for s, by, _ in SHORTENED[language] if max(sizes) >= s and min(sizes) >= OWN_SCALE * by)
    return next(fitting, 0.0)


MILLION = 1_000_000
RANGE: dict[Language, str] = {"en": "{low} to {high}", "zh": "{low}～{high}"}
"""An interval in a sentence."""
COLON: dict[Language, str] = {"en": ": ", "zh": "："}
"""Between a name and what is said of it."""


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
    text = three_digits(value / divisor)
    if language == "en":
        return text + sign
    return f"{text} {sign}"


def three_digits(value: float) -> str:
    """A number with three digits at least where it has them, without zeros behind the point.

    Example:
        >>> three_digits(0.002723), three_digits(12.0), three_digits(74_230.0)
        ('0.00272', '12', '74,230')
    """
    text = f"{value:,.{_third(value)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _third(value: float) -> int:
    """Decimals up to the third digit."""
    return max(0, 2 - floor(log10(abs(value)))) if value else 0


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
        ('200,000', '2.5M', '1.35 万')
    """
    small = language == "en" and value < MILLION
    divisor, sign = (1.0, "") if small else shortening(value, language)
    gap = " " if sign and language == "zh" else ""
    return f"{round(value / divisor, 2 if sign else 1):,}".removesuffix(".0") + gap + sign


def per_cent(text: str, language: Language) -> str:
    """A number that is written already, in per cent: 5 % in English, 5% in Chinese."""
    return f"{text}%" if language == "zh" else f"{text} %"


def percent(share: float) -> str:
    """A share of 0-1 in percent, with its third digit."""
    return f"{three_digits(100 * share)}%"


Kind = Literal["people", "count", "money", "ratio", "share", "points"]
"""What a number is: people, things, CNY, a ratio such as ROI, a share or probability in 0..1, or a
difference of two shares."""

MINUS = "\u2212"
THOUSAND = 1e3
WHOLE = 100
"""From which size on a count has no decimals."""
OWN_SCALE = 0.1
"""Of a scale: a number below it gives all that stand with it a smaller one, which shows its digits."""
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


def scale(size: float, kind: Kind, language: Language, step: float = 0.0, like: float | None = None) -> Scale:
    """The scale for numbers up to a size.

    Args:
        size: the largest absolute value.
        kind: what the numbers are; shares are written in per cent.
        language: 'zh' or 'en'.
        step: a difference that must stay visible; 0 for three or four digits in all.
        like: a size whose sign they bear, where others stand beside them (`common`).
    Returns:
        Divisor, sign and decimals.
    Example:
        >>> scale(74_230, "people", "zh").text(74_230)
        '7.42 万'
    """
    if kind in ("share", "points"):
        divisor, sign = 0.01, "%" if kind == "share" else Words(language)(" pts")
    else:
        divisor, sign = shortening(size if like is None else like, language)
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
        digits = _third(shown)
    return Scale(divisor, sign, min(digits, 6))


def amount(value: float, kind: Kind, language: Language, like: float | None = None) -> str:
    """One number at a fitting scale, its own or that of those beside it."""
    return scale(abs(value), kind, language, like=like if value else None).text(value)


def short(value: int, language: Language, like: float | None = None) -> str:
    """A round number, as in a list of choices, without the zeros behind the point.

    Example:
        >>> short(200_000, "zh"), short(1_500_000, "en"), short(2_000, "en")
        ('20 万', '1.5M', '2,000')
    """
    fitting = scale(abs(value), "people", language, like=like if value else None)
    if not fitting.sign:
        return fitting.text(value)
    return fitting.text(value, sign=False).rstrip("0").rstrip(".") + fitting.sign


def span(
    low: float | None,
    high: float | None,
    kind: Kind,
    language: Language,
    *,
    signed: bool = False,
    like: float | None = None,
) -> str:
    """An interval, both limits with one sign, their own or that of those beside; words where it was refused.

    Example:
        >>> span(64_640, 83_780, "people", "en"), span(105, 11_500, "count", "zh")
        ('64.6K to 83.8K', '105 ～ 11,500')
    """
    if low is None or high is None:
        return Words(language)(RARE)
    most, least = max(abs(low), abs(high)), min(abs(low), abs(high))
    like = common((low, high), language) if like is None else like
    fitting = scale(most, kind, language, like=like)
    if least and not fitting.sign and shortening(most, language)[1]:  # each with its digits
        ends = (scale(abs(end), kind, language, like=like).text(end, signed=signed) for end in (low, high))
        return (" ～ " if language == "zh" else " to ").join(ends)
    return joined(fitting, low, high, language, signed=signed)


def joined(fitting: Scale, low: float, high: float, language: Language, *, signed: bool = False) -> str:
    """An interval at a given scale."""
    if language == "zh":
        return f"{fitting.text(low, signed=signed, sign=False)} ～ {fitting.text(high, signed=signed)}"
    return f"{fitting.text(low, signed=signed)} to {fitting.text(high, signed=signed)}"
