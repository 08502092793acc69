"""A price list of creators as a table: what Xingtu, Chanmama or anybody writes, read with care (K7).

Takes a CSV or an Excel file and a scenario; gives creators for `seeding.creators`, what was understood of
each column, which figures are estimates, and which rows were left out. Headers are those of exports of 星图
and 蝉妈妈, or plain words. Views are not taken at their level, which is the model's, only how creators of the
list differ at equal fans. Does not choose anybody.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce
from statistics import median
from typing import Any, NamedTuple

from sim.errors import Phrase, UsageError
from sim.language.names import TIER
from sim.language.words import N_, Language, Words
from sim.reading.list_numbers import NO_PRICE, Both, Numbers, UnreadableError, flat
from sim.reading.table_file import table_of
from sim.scenario.creators import FAN_POWER, tier_of
from sim.scenario.market import Named
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.scenario.section import NAMED, SHOWN

ALIASES: Mapping[str, tuple[str, ...]] = {
    "name": ("昵称", "达人昵称", "达人名称", "达人", "账号", "name", "creator", "nickname"),
    "fans": ("粉丝数", "粉丝量", "粉丝", "fans", "followers", "follower"),
    "price": (
        "21-60s视频报价", "price_20_60", "报价", "价格", "price", "price_cny", "1-20s视频报价", "price_1_20",
        "60s+视频报价", "price_60",
    ),
    "plays": (
        "预期播放量", "expected_play_num", "平均播放", "avg_play_count_30", "播放量", "expectedplays",
        "plays",
    ),
    "completion": ("完播率", "play_over_rate_within_30d", "completion", "completionrate", "finish_rate"),
    "interaction": ("互动率", "interact_rate_within_30d", "interaction", "interactionrate"),
    "fit": ("粉丝契合度", "人群匹配度", "契合度", "fit", "audience_fit"),
    "id": ("达人id", "星图id", "抖音号", "抖音id", "uid", "id"),
}  # fmt: skip
"""Headers by what they mean, the ones to prefer first; spaces, case and brackets do not matter."""
THIRD_PARTY = ("平均播放", "avg_play_count_30")
"""Columns of plays that are estimates of a third party (蝉妈妈)."""
MISSING = ("", "-", "--", "—", "/", "\\", "null", "none", "nan", "n/a", "暂无", "暂无报价", "无")
WORDS = ("name", "id")
"""Columns that hold no numbers."""
TOTALS = ("合计", "总计", "总和", "小计", "汇总", "total", "totals", "grandtotal", "subtotal", "sum")
LEAST, MOST = 0.2, 5.0
"""Factors that a creator's rates may have over the median of the list (chosen)."""
MOST_LETTERS = 100
"""Of a name."""
MOST_REASONS = 5
"""Rows that a refusal of the whole list names."""


class _UnusableError(Exception):
    """A row that cannot be used, and why, in English and Chinese."""

    def __init__(self, told: Callable[[Words], str]) -> None:
        super().__init__(told(Words("en")), told(Words("zh")))


def _why(skipped: Sequence[tuple[int, str, str]]) -> Phrase:
    """Why no row could be used: the first reasons."""
    reasons = [Phrase("row {n}, {reason}", n=n, reason=Both(*why)) for n, *why in skipped]
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
    skipped: tuple[tuple[int, str, str], ...]
    """rows left out: number in the file from 1, and why, in English and Chinese"""
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
        rows = (
            words("  row {n}: {reason}", n=n, reason=chinese if language == "zh" else english)
            for n, english, chinese in self.skipped
        )
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
            "skipped": [{"row": row, "reason": english} for row, english, _ in self.skipped],
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
    start, columns = _header(path, rows)
    found: list[dict[str, Any]] = []
    above = N_("stands above the table")
    skipped: list[tuple[int, str, str]] = [
        (n + 1, above, Words("zh")(above)) for n, row in enumerate(rows[:start]) if any(row)
    ]
    header, known = rows[start], _Known({account.id for account in scenario.accounts})
    numbers = _numbers(path, rows[start:], columns)
    for n, row in enumerate(rows[start + 1 :], start + 2):
        if not any(row):
            continue
        try:
            name = _name(row, columns["name"][0], header)
            values, guessed = _values(
                {
                    key: [(numbers[k], row[k]) for k in columns[key] if k < len(row)]
                    for key in columns
                    if key not in WORDS
                }
            )
            _fitting(values, scenario)
            ids = [row[k] if k < len(row) and row[k].lower() not in MISSING else "" for k in columns["id"]]
            found.append({"name": known.called(n, name, ids), "estimated": guessed, **values})
        except (_UnusableError, UnreadableError) as why:
            skipped.append((n, *why.args))
    if not found:
        raise UsageError("{path}: holds no creator that can be used: {why}", path=path, why=_why(skipped))
    creators, estimated = _filled(found, scenario)
    read_as = {header[k]: key for key, places in columns.items() for k in places}
    return PriceList(path, encoding, read_as, creators, estimated, tuple(skipped), tuple(numbers.values()))


def _numbers(
    path: str, rows: Sequence[Sequence[str]], columns: Mapping[str, list[int]]
) -> dict[int, Numbers]:
    """How each column of numbers is read, by its place; only rows that stand for a creator tell."""
    header, name = rows[0], columns["name"][0]
    telling = [row for row in rows[1:] if _stands(row, name, header)]
    found = {}
    for key, k in ((key, k) for key, places in columns.items() if key not in WORDS for k in places):
        cells = [row[k] for row in telling if k < len(row) and row[k].lower() not in MISSING]
        try:
            found[k] = Numbers.of(header[k], key, cells)
        except ValueError as currency:
            raise UsageError(
                "{path}: column {header}: prices in {currency}; allowed: CNY",
                path=path, header=header[k], currency=currency,
            ) from currency  # fmt: skip
    return found


def _stands(row: Sequence[str], name: int, header: Sequence[str]) -> bool:
    """Whether a row stands for a creator."""
    try:
        return bool(_name(row, name, header))
    except _UnusableError:
        return False


def _named(scenario: Scenario) -> tuple[str, ...]:
    """Whom a scenario books by name, of a list of its own."""
    return tuple(row.id for row in scenario.seeding.booked) if scenario.seeding.creators else ()


def _repeated(row: int, *, with_id: bool) -> _UnusableError:
    """That a creator stands in another row too."""
    if with_id:
        return _UnusableError(lambda words: words("the same name and id as row {n}", n=row))
    return _UnusableError(lambda words: words("the same name as row {n}", n=row))


class _Known:
    """The creators so far: who is whom where two have one name."""

    def __init__(self, brand: Collection[str]) -> None:
        self.brand = brand
        self.rows: dict[str, list[tuple[int, Sequence[str]]]] = {}
        self.labels: dict[str, int] = {}

    def called(self, n: int, name: str, ids: Sequence[str]) -> str:
        """What the creator of a row is called: the name, and with an id where another one has that name."""
        for other, theirs in self.rows.get(name, ()):
            own, its = next(((a, b) for a, b in zip(ids, theirs, strict=True) if a and b), ("", ""))
            if own == its:
                raise _repeated(other, with_id=bool(own))
        label = name[:MOST_LETTERS]
        if name in self.rows:
            end = f" ({next(filter(None, ids))})"[-MOST_LETTERS:]
            label = f"{name[: MOST_LETTERS - len(end)]}{end}"
        if label in self.labels:
            other = self.labels[label]
            raise _repeated(other, with_id=False)
        if label in self.brand:
            raise _UnusableError(lambda words: words("{name!r} is an account of the scenario", name=label))
        self.rows.setdefault(name, []).append((n, ids))
        self.labels[label] = n
        return label


def _name(row: Sequence[str], place: int, header: Sequence[str]) -> str:
    """The name of a row that stands for a creator."""
    name = row[place] if place < len(row) else ""
    missing = name.lower() in MISSING
    if any(_plain(cell).strip(":") in TOTALS for cell in (row if missing else [name])):
        raise _UnusableError(lambda words: words("a row of totals, no creator"))
    if missing or not re.search(SHOWN, name):
        raise _UnusableError(lambda words: words("no name"))
    if not re.search(NAMED, name):
        raise _UnusableError(lambda words: words("a control character in the name"))
    if name == header[place]:
        raise _UnusableError(lambda words: words("a second header"))
    return name


def _fitting(values: Mapping[str, float | None], scenario: Scenario) -> None:
    """Refuses a creator without fans, or with more inside the audience than it has people."""
    fans = values.get("fans")
    if fans is None:
        raise _UnusableError(lambda words: words("no fans"))
    inside = round(
        round(fans) * scenario.fit(tier_of(round(fans), scenario.seeding.tiers), values.get("fit"))
    )
    if inside > (users := scenario.audience.users):
        raise _UnusableError(
            lambda words: words(
                "{inside:,} fans inside the audience are more than audience.users = {users:,}",
                inside=inside,
                users=users,
            )
        )


def _plain(header: str) -> str:
    """A header as the aliases have it: one width, small letters, no spaces, nothing in brackets."""
    return flat(header).partition("(")[0]


def _header(path: str, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, list[int]]]:
    """The row of headers and, by meaning, its columns, the ones to prefer first."""
    for n, row in enumerate(rows):
        plain = [_plain(cell) for cell in row]
        columns = {
            key: [plain.index(alias) for alias in aliases if alias in plain]
            for key, aliases in ALIASES.items()
        }
        if columns["name"] and (columns["fans"] or columns["price"]):
            if not columns["fans"]:
                words = "、".join(ALIASES["fans"][:3])
                raise UsageError(
                    "{path}: row {row}: has no column of fans; allowed: {names}, fans, followers",
                    path=path, row=n + 1, names=words,
                )  # fmt: skip
            return n, columns
    first = next((", ".join(filter(None, row)) for row in rows if any(row)), "")
    raise UsageError(
        "{path}: no row has headers that are known (found: {found}); needed: 昵称 or name, 粉丝数 or fans; "
        "allowed beside: 报价 or price, 预期播放量 or plays, 完播率 or completion, 互动率 or interaction, "
        "fit",
        path=path, found=first[:100] or Phrase("nothing"),
    )  # fmt: skip


def _values(
    cells: Mapping[str, Sequence[tuple[Numbers, str]]],
) -> tuple[dict[str, float | None], tuple[str, ...]]:
    """The numbers of a row by meaning, and which of them are estimates."""
    values: dict[str, float | None] = {}
    guessed = []
    for key, places in cells.items():
        known = [cell for cell in places if cell[1].lower() not in MISSING]
        if key == "price":  # the price of another length of video is better than none
            known.sort(key=lambda cell: _plain(cell[1]) in NO_PRICE)
        if not known:
            values[key] = None
            continue
        column, text = known[0]
        values[key], vague = column.number(text)
        if vague or _plain(column.header) in THIRD_PARTY or known[0] != places[0]:
            guessed.append(key)
    return values, tuple(guessed)


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
