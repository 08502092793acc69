"""A price list of creators as a table: what Xingtu, Chanmama or anybody writes, read with care (K7).

Takes a CSV or an Excel file and a scenario; gives creators for `seeding.creators`, what was understood of
each column, which figures are estimates, and which rows were left out. Headers are those of exports of 星图
and 蝉妈妈, or plain words. Views are not taken at their level, which is the model's, only how creators of the
list differ at equal fans. Does not choose anybody.
"""

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from statistics import median
from typing import Any, NamedTuple

from sim.errors import Phrase, UsageError
from sim.language.names import TIER
from sim.language.words import Language, Words
from sim.reading.creator_rows import header_of, listed_for
from sim.reading.layout import ABOVE
from sim.reading.list_numbers import Numbers
from sim.reading.table_file import table_of
from sim.scenario.creators import FAN_POWER, tier_of
from sim.scenario.market import Named
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario

LEAST, MOST = 0.2, 5.0
"""Factors that a creator's rates may have over the median of the list (chosen)."""
MOST_REASONS = 5
"""Rows that a refusal of the whole list names."""


def _why(skipped: Sequence[tuple[int, Phrase]]) -> Phrase:
    """Why no row could be used: the first reasons."""
    reasons = [Phrase("row {n}, {reason}", n=n, reason=why) for n, why in skipped]
    if not reasons:
        return Phrase("no rows")
    found = reduce(lambda one, other: Phrase("{one}; {other}", one=one, other=other), reasons[:MOST_REASONS])
    if more := len(reasons[MOST_REASONS:]):
        found = Phrase("{one}; and {count} more", one=found, count=more)
    return found


class PriceList(NamedTuple):
    """What a price list was understood as."""

    path: str
    encoding: str
    columns: Mapping[str, str]
    """what a header was read as"""
    creators: tuple[Named, ...]
    estimated: Mapping[str, tuple[str, ...]]
    """of a creator, the columns that are estimates: missing and filled in, a range, or a third party's"""
    skipped: tuple[tuple[int, Phrase], ...]
    """rows left out: number in the file from 1, and why"""
    numbers: tuple[Numbers, ...] = ()
    """how each column of numbers was read"""

    def told(self, language: Language) -> list[str]:
        """What a reader should know before the list is used, a line each."""
        words = Words(language)
        head = words(
            "{path}: {n} creators, {guessed} of them with estimates, {skipped} rows skipped",
            path=self.path, n=len(self.creators), guessed=len(self.estimated), skipped=len(self.skipped),
        )  # fmt: skip
        notes = (f"  {note}" for column in self.numbers for note in column.told(words))
        rows = (words("  row {n}: {reason}", n=n, reason=why.said(words)) for n, why in self.skipped)
        return [head, *notes, *rows]

    def booked_from(self, scenario: Scenario) -> Scenario:
        """The scenario with these creators in place of its market; its own booking stays what it is.

        Whom it books by name is kept, of tiers as many are booked; nobody where the list lacks somebody.
        """
        named, nobody = _named(scenario), (0,) * len(TIERS)
        rows = [row.model_copy(update={"keep": row.keep or row.name in named}) for row in self.creators]
        values = {
            "seeding.creators": [row.model_dump() for row in rows],
            "seeding.ratio": nobody if self.lacking(scenario, "en") else self._counts(scenario),
            "seeding.scale": 1.0,
            "seeding.budget_cny": None,
        }
        return scenario.with_values(values)

    def lacking(self, scenario: Scenario, language: Language) -> list[str]:
        """In a sentence, what the scenario books and the list cannot serve; none where it can."""
        words, mine = Words(language), [row.tier for row in self.creators]
        missing = [name for name in _named(scenario) if name not in {row.name for row in self.creators}]
        for tier, n in zip(TIERS, self._counts(scenario), strict=True):
            if (have := mine.count(tier)) < n:
                name = TIER[tier].said(language)
                missing.append(words("{tier} {n:,} (of them {have:,})", tier=name, n=n, have=have))
        said = words("  the plan as written is left aside: the list does not hold whom it books: {missing}",
                     missing=words.listed(missing[:MOST_REASONS]))  # fmt: skip
        return [said] if missing else []

    def _counts(self, scenario: Scenario) -> tuple[int, ...]:
        """Creators by tier that the scenario books; those whom it names in the tier that the list has."""
        named = _named(scenario)
        tiers = [row.tier for row in self.creators if row.name in named]
        return tuple(map(tiers.count, TIERS)) if named else scenario.seeding.counts or (0,) * len(TIERS)

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "path": self.path,
            "encoding": self.encoding,
            "columns": dict(self.columns),
            "notes": [note for column in self.numbers for note in column.told(Words("en"))],
            "rows": len(self.creators) + len(self.skipped),
            "kept": len(self.creators),
            "skipped": [{"row": row, "reason": str(why)} for row, why in self.skipped],
            "estimated": {name: list(columns) for name, columns in self.estimated.items()},
        }


def read(path: str, scenario: Scenario, content: bytes | None = None) -> PriceList:
    """The creators of a price list.

    Args:
        path: CSV (UTF-8, UTF-16 or GBK; commas, tabs or semicolons), or Excel, its first sheet.
        scenario: whose tier table fills in what is missing.
        content: of the file, where it was brought over a page; then the path is only for messages.
    Raises:
        UsageError: it cannot be read, a column of names or fans is missing, or no row can be used.
    """
    rows, encoding = table_of(path, content)
    start, columns = header_of(path, rows)
    skipped = [(n + 1, ABOVE) for n, row in enumerate(rows[:start]) if any(row)]
    below = [(n, row) for n, row in enumerate(rows[start + 1 :], start + 2) if any(row)]
    found = listed_for(path, rows[start], columns, below, scenario)
    skipped += found.skipped
    if not found.rows:
        raise UsageError("{path}: holds no creator that can be used: {why}", path=path, why=_why(skipped))
    creators, estimated = _filled(found.rows, scenario)
    numbers = tuple(found.numbers.values())
    return PriceList(path, encoding, found.columns, creators, estimated, tuple(skipped), numbers)


def _named(scenario: Scenario) -> tuple[str, ...]:
    """Whom a scenario books by name, of a list of its own."""
    return tuple(row.id for row in scenario.seeding.booked) if scenario.seeding.creators else ()


def _filled(
    found: Sequence[Mapping[str, Any]], scenario: Scenario
) -> tuple[tuple[Named, ...], dict[str, tuple[str, ...]]]:
    """Creators with what is missing filled in: the price from the tier table, else the list's middle."""
    seeding = scenario.seeding

    def dex(row: Mapping[str, Any]) -> float:
        return math.log10(row["plays"]) - FAN_POWER * math.log10(1 + row["fans"])

    usual = median([dex(row) for row in found if row.get("plays")] or [0.0])
    middle = {
        key: median([row[key] for row in found if row.get(key)] or [1.0])
        for key in ("completion", "interaction")
    }
    sd, error = seeding.market.pull_spread_dex, seeding.market.estimate_noise_dex
    trust = sd * sd / (sd * sd + error * error) if sd else 1.0
    creators, estimated = [], {}
    for row in found:
        fans = round(row["fans"])
        tier = tier_of(fans, seeding.tiers)
        guessed = list(row["estimated"])
        price = row.get("price")
        if price is None:
            guessed.append("price")
            price = (
                seeding.price_cny(tier)
                * (fans / max(1, seeding.tiers[tier].fans)) ** seeding.market.price_exponent
            )
        guessed += [key for key in ("plays", "completion", "interaction") if not row.get(key)]
        weight = 10 ** (trust * (dex(row) - usual)) if row.get("plays") else 1.0
        quality, whole = (
            min(MOST, max(LEAST, row[key] / middle[key])) if row.get(key) else None
            for key in ("interaction", "completion")
        )
        creators.append(
            Named(
                name=row["name"],
                fans=fans,
                price_cny=float(round(price, 0 if "price" in guessed else 2)),
                tier=tier,
                audience_fit=row.get("fit"),
                weight=min(20.0, max(0.05, weight)),
                quality=quality or 1.0,
                opening=min(MOST, (whole or 1.0) / (quality or 1.0)),
            )
        )
        if guessed:
            estimated[row["name"]] = tuple(dict.fromkeys(guessed))
    return tuple(creators), estimated
