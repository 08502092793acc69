"""Numbers as people write them in a list: 1.2万, 7.5w~10w, 35.6%, 1.200,50, and units in a header.

Takes a column as a whole, since what a cell may mean hangs on the others: whether 0.8 is per cent, whether
1.200 is a thousand and more. Gives each cell's number, refuses what stays unclear, and says how it read the
column. Does not know creators (price_list.py).
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from sim.errors import Phrase
from sim.language.words import N_, Words

MISSING = frozenset(
    (
        "", "-", "--", "---", "—", "——", "–", "−", "/", "\\", "...", "…", "null", "none", "nil", "nan", "n/a",
        "na", "<na>", "undefined", "#n/a", "#value!", "#div/0!", "#ref!", "#num!", "#null!",
        "暂无", "暂无数据", "暂无报价", "无", "无数据",
    )
)  # fmt: skip
"""What stands for 'not known', small letters; never 0."""

UNITS = {
    "千万": 1e7, "百万": 1e6, "十万": 1e5, "亿": 1e8, "万": 1e4, "千": 1e3, "百": 1e2,
    "billion": 1e9, "million": 1e6, "thousand": 1e3, "'000": 1e3, "b": 1e9, "m": 1e6, "w": 1e4, "k": 1e3,
}  # fmt: skip
"""Signs of size, the longer ones first."""
FOREIGN = (
    "usd",
    "us$",
    "$",
    "美元",
    "美金",
    "eur",
    "€",
    "欧元",
    "gbp",
    "£",
    "hkd",
    "港币",
    "港元",
    "jpy",
    "日元",
)
RATES = frozenset({"completion", "interaction", "fit"})
LARGEST = {"price": 1e9, "fans": 1e10}
"""Above it a number is refused; plays at 1e12, rates at 1."""
SMALLEST = {"price": 0.01, "fans": 1.0}
"""Below it only 0 is a number: a fen, a person."""
FEWEST_SPLIT = 1_000
"""Fans below which a number with decimals and no unit is no number of people (chosen)."""
ALLOWED = {
    "rate": N_("a share such as 0.21 or 21%"),
    "number": N_("a number such as 12000, 1.2万, 12k or 7.5w~10w; or - where it is not known"),
}
NO_PRICE = ("面议", "价格面议", "议价", "可议价", "询价")
"""Prices that have to be asked for: no number stands for them, an estimate neither."""

_PERCENT = 0.01
_ROUNDING = 1e-6
_OPENING = str.maketrans("[{【〔", "((((")
_CLOSING = str.maketrans("]}】〕", "))))")
_MONEY = re.compile(r"^(?:人民币|rmb|cny|¥)|(?:人民币|rmb|cny|粉丝|[¥元人次个粉])+$")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,4}(?:,\d{4})+(?:\.\d*)?")
"""With commas between groups of three, or of four as in 12,0000."""
EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d*)?|\d+,\d*")
SURELY_EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}")
SURELY_PLAIN = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+")
EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""1.200, which is 1.2 or 1200."""


class UnreadableError(Exception):
    """A cell, or a row, that holds nothing which it can stand for; why, as a phrase."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(str(why))
        self.why = why


def is_missing(cell: str) -> bool:
    """Whether a cell says that nothing is known."""
    return cell.strip().lower() in MISSING


def flat(text: str) -> str:
    """Text in one width, small letters, no spaces, and one kind of brackets."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(plain.split()).translate(_OPENING).translate(_CLOSING)


class _EitherError(ValueError):
    """A number that could be two."""


class Numbers(NamedTuple):
    """How a column of numbers is read."""

    header: str
    key: str
    """what it means: fans, price, plays or one of RATES"""
    times: float
    """of a number without a sign of its own, by the header"""
    percent: Literal["header", "column", ""]
    """rates without a sign are per cent: the header says it, or one of them lies above 1"""
    comma: bool
    """the decimal sign is a comma: some numbers can be read in no other way, none in the usual one only"""

    @classmethod
    def of(cls, header: str, key: str, cells: Sequence[str]) -> "Numbers":
        """How a column is read.

        Raises:
            ValueError: its header names another currency; the currency.
        """
        within = re.findall(r"\(([^)]*)\)?", flat(header))
        if key == "price" and (strange := next((c for c in FOREIGN for text in within if c in text), None)):
            raise ValueError(strange)
        bare = [part for cell in cells for part in parts_of(cleaned(cell)) if unit_of(part)[1] is None]
        rate = key in RATES
        percent: Literal["header", "column", ""] = ""
        if rate and any("%" in text or "百分" in text for text in within):
            percent = "header"
        digits = [unit_of(part)[0] for cell in cells for part in parts_of(cleaned(cell))]
        comma = any(map(SURELY_EUROPEAN.fullmatch, digits)) and not any(map(SURELY_PLAIN.fullmatch, digits))
        found = cls(header, key, 1.0 if rate else times_of(within), percent, comma)
        if rate and not percent and any(found._known(part) > 1 for part in bare):
            return found._replace(percent="column")
        return found

    def notes(self) -> list[Phrase]:
        """What was decided for the column as a whole; nothing where it was plain."""
        said, header = [], self.header
        if self.times != 1.0:
            said.append(Phrase("column {header}: in units of {times:,.0f}", header=header, times=self.times))
        if self.percent == "header":
            said.append(Phrase("column {header}: in per cent, as its header says", header=header))
        if self.percent == "column":
            said.append(Phrase("column {header}: in per cent, since some numbers are above 1", header=header))
        if self.comma:
            said.append(Phrase("column {header}: with a decimal comma, 1.200,5 is 1200.5", header=header))
        return said

    def told(self, words: Words) -> list[str]:
        """The same in sentences."""
        return [note.said(words) for note in self.notes()]

    def number(self, text: str) -> tuple[float, bool]:
        """The number of a cell, and whether it was a span: then the geometric mean of its ends.

        Raises:
            UnreadableError: it is none, lies outside of what can be, or could be two.
        """
        rate = self.key in RATES
        most = 1.0 if rate else LARGEST.get(self.key, 1e12)
        parts = parts_of(cleaned(text))
        try:
            low, high = self._ends(parts)
        except ValueError as error:
            raise self._refused(text, "either" if isinstance(error, _EitherError) else "") from error
        if not 0 <= low <= high <= most or (low == 0 < high):
            raise self._refused(text, "above" if high > most and not rate else "", most)
        if 0 < low < SMALLEST.get(self.key, 0.0):
            raise self._refused(text, "below")
        if self.key == "fans" and low < FEWEST_SPLIT and abs(low - round(low)) > _ROUNDING:
            raise self._refused(text, "split")
        return math.sqrt(low * high), len(parts) > 1

    def _ends(self, parts: Sequence[str]) -> tuple[float, float]:
        """The ends of a span; a unit that stands at one of them belongs to both where that is the nearer."""
        if len(parts) == 1:
            return (self._one(parts[0]),) * 2
        if len(parts) != 2:  # noqa: PLR2004 - the ends of a span
            raise ValueError
        return nearest_ends(parts, self._one) or (self._one(parts[0]), self._one(parts[1]))

    def _one(self, text: str, other: float | None = None) -> float:
        """One number by its own sign of size, else that of the span's other end, else the column's."""
        digits, times = unit_of(text)
        if times is None:
            times = other or (_PERCENT if self.percent else self.times)
            if times == 1.0 and EITHER.fullmatch(digits) and not self.comma:
                raise _EitherError
        return self._known(digits) / 100 if times == _PERCENT else self._known(digits) * times

    def _known(self, digits: str) -> float:
        """Digits as a number, nan where they are none; commas and points as the column has them."""
        if self.comma and EUROPEAN.fullmatch(digits):
            digits = digits.replace(".", "").replace(",", ".")
        elif GROUPED.fullmatch(digits):
            digits = digits.replace(",", "")
        try:
            return float(digits)
        except ValueError:
            return math.nan

    def _refused(self, text: str, why: str, most: float = 0.0) -> UnreadableError:
        plain = flat(text).partition("(")[0]
        reason: dict[str, Phrase | str] = {
            "": Phrase("no price; ") if plain in NO_PRICE else "",
            "above": Phrase("above {most:,.0f}; ", most=most),
            "below": Phrase("below {least:g}; ", least=SMALLEST.get(self.key, 0.0)),
            "split": Phrase("no whole number of people, and no unit such as 万 in the cell or the header; "),
            "either": Phrase(
                "its point may divide thousands or decimals, and nothing in the column tells which; "
            ),
        }
        if plain.startswith("="):
            reason[""] = Phrase("a formula without a value in the file (open it in Excel and save it); ")
        return UnreadableError(
            Phrase(
                "column {header} = {text!r}: {why}allowed: {allowed}",
                header=self.header, text=text, why=reason[why],
                allowed=Phrase(ALLOWED["rate" if self.key in RATES else "number"]),
            )
        )  # fmt: skip


def cleaned(text: str) -> str:
    """A number's text, flat and without what it is counted in."""
    return flat(text).strip("¥元人")


def parts_of(plain: str) -> list[str]:
    """The ends of a span; one where it is none, such as -500."""
    return [plain] if plain.startswith("-") else plain.replace("~", "-").split("-")


def nearest_ends(
    parts: Sequence[str], read: Callable[[str, float | None], float]
) -> tuple[float, float] | None:
    """The ends of a span, the smaller first; None where no reading has them so.

    Args:
        parts: of the span, two.
        read: an end as a number, by the sign of size given where it has none of its own. A sign that only one
            end has belongs to both where that is the nearer.
    """
    units = [unit_of(part)[1] for part in parts]
    one = next((unit for unit in units if unit is not None), None) if None in units else None
    readings = [tuple(read(part, sign) for part in parts) for sign in dict.fromkeys((None, one))]
    found = [(low, high) for low, high in readings if 0 <= low <= high]
    return min(found, key=lambda ends: ends[1] / max(ends[0], 1e-300), default=None)


def unit_of(part: str) -> tuple[str, float | None]:
    """Digits, and what the sign behind them stands for; None without a sign."""
    if part.endswith("%"):
        return part[:-1], _PERCENT
    for sign, times in UNITS.items():
        if part.endswith(sign):
            return part[: -len(sign)], times
    return part, None


def times_of(within: Iterable[str]) -> float:
    """What a header's brackets say that its numbers are in units of; 1 where they say nothing."""
    words = (_MONEY.sub("", word) for text in within for word in re.split("[,/、;:]|单位", text))
    return next((UNITS[word] for word in words if word in UNITS), 1.0)
