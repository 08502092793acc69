"""The rows of a price list, cell by cell: headers, names, numbers, which rows stand for nobody.

Takes rows of cells; gives what stands in them, nothing filled in, and why rows are left out. Headers are
those of exports of 星图 and 蝉妈妈, or plain words. Does not know tiers (price_list.py).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sim.errors import Phrase, UsageError
from sim.reading.list_numbers import NO_PRICE, Numbers, UnreadableError, flat, is_missing
from sim.scenario.creators import tier_of
from sim.scenario.schema import Scenario
from sim.scenario.section import NAMED, SHOWN

ALIASES: Mapping[str, tuple[str, ...]] = {
    "name": ("昵称", "达人昵称", "达人名称", "达人", "账号", "name", "creator", "nickname"),
    "fans": ("粉丝数", "粉丝量", "粉丝", "fans", "followers", "follower"),
    "price": (
        "21-60s视频报价", "21-60s报价", "21-60秒视频报价", "21-60秒报价", "price_20_60", "报价", "视频报价",
        "价格", "price", "price_cny", "1-20s视频报价", "1-20s报价", "1-20秒视频报价", "1-20秒报价",
        "price_1_20", "60s+视频报价", "60s+报价", "60s以上视频报价", "60s以上报价", "60秒以上视频报价",
        "60秒以上报价", "price_60",
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
WORDS = ("name", "id")
"""Columns that hold no numbers."""
TOTALS = ("合计", "总计", "总和", "小计", "汇总", "total", "totals", "grandtotal", "subtotal", "sum")
MOST_LETTERS = 100
"""Of a name."""


class Listed(NamedTuple):
    """The rows of a price list, as written: nothing filled in, nobody put into a tier."""

    columns: Mapping[str, str]
    """what a header was read as"""
    rows: list[dict[str, Any]]
    """name, id, row, estimated and the numbers by what they mean; None where a list does not say"""
    skipped: list[tuple[int, Phrase]]
    """rows left out: number, and why"""
    numbers: Mapping[int, Numbers]
    """how each column of numbers was read, by its place"""


def listed(path: str, header: Sequence[str], below: Sequence[tuple[int, Sequence[str]]]) -> Listed:
    """The rows of a price list without a scenario.

    Args:
        path: for messages.
        header: its headers.
        below: the rows, each with its number.
    Raises:
        UsageError: a column of fans is missing, or prices are in another currency.
    """
    _, columns = header_of(path, [header])
    return listed_for(path, header, columns, below, None)


def listed_for(
    path: str,
    header: Sequence[str],
    columns: Mapping[str, list[int]],
    below: Sequence[tuple[int, Sequence[str]]],
    scenario: Scenario | None,
) -> Listed:
    """The rows of a price list whose columns are known, and whom a scenario can hold."""
    known = _Known({account.id for account in scenario.accounts} if scenario else ())
    numbers = _numbers(path, [header, *(row for _, row in below)], columns)
    found: list[dict[str, Any]] = []
    skipped: list[tuple[int, Phrase]] = []
    for n, row in below:
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
            ids = [row[k] if k < len(row) and not is_missing(row[k]) else "" for k in columns["id"]]
            called = known.called(n, name, ids)
            found.append(
                {
                    "name": called,
                    "id": next(filter(None, ids), None),
                    "row": n,
                    "estimated": guessed,
                    **values,
                }
            )
        except UnreadableError as error:
            skipped.append((n, error.why))
    read_as = {header[k]: key for key, places in columns.items() for k in places}
    return Listed(read_as, found, skipped, numbers)


def _numbers(
    path: str, rows: Sequence[Sequence[str]], columns: Mapping[str, list[int]]
) -> dict[int, Numbers]:
    """How each column of numbers is read, by its place; only rows that stand for a creator tell."""
    header, name = rows[0], columns["name"][0]
    telling = [row for row in rows[1:] if _stands(row, name, header)]
    found = {}
    for key, k in ((key, k) for key, places in columns.items() if key not in WORDS for k in places):
        cells = [row[k] for row in telling if k < len(row) and not is_missing(row[k])]
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
    except UnreadableError:
        return False


def _repeated(row: int, *, with_id: bool) -> UnreadableError:
    """That a creator stands in another row too."""
    if with_id:
        return UnreadableError(Phrase("the same name and id as row {n}", n=row))
    return UnreadableError(Phrase("the same name as row {n}", n=row))


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
            raise UnreadableError(Phrase("{name!r} is an account of the scenario", name=label))
        self.rows.setdefault(name, []).append((n, ids))
        self.labels[label] = n
        return label


def _name(row: Sequence[str], place: int, header: Sequence[str]) -> str:
    """The name of a row that stands for a creator."""
    name = row[place] if place < len(row) else ""
    missing = is_missing(name)
    if any(_plain(cell).strip(":") in TOTALS for cell in (row if missing else [name])):
        raise UnreadableError(Phrase("a row of totals, no creator"))
    if missing or not re.search(SHOWN, name):
        raise UnreadableError(Phrase("no name"))
    if not re.search(NAMED, name):
        raise UnreadableError(Phrase("a control character in the name"))
    if name == header[place]:
        raise UnreadableError(Phrase("a second header"))
    return name


def _fitting(values: Mapping[str, float | None], scenario: Scenario | None) -> None:
    """Refuses a creator without fans, or with more inside the audience than it has people."""
    fans = values.get("fans")
    if fans is None:
        raise UnreadableError(Phrase("no fans"))
    if scenario is None:
        return
    inside = round(
        round(fans) * scenario.fit(tier_of(round(fans), scenario.seeding.tiers), values.get("fit"))
    )
    if inside > (users := scenario.audience.users):
        raise UnreadableError(
            Phrase(
                "{inside:,} fans inside the audience are more than audience.users = {users:,}",
                inside=inside,
                users=users,
            )
        )


def _plain(header: str) -> str:
    """A header as the aliases have it: one width, small letters, no spaces, nothing in brackets."""
    return flat(header).partition("(")[0]


def header_of(path: str, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, list[int]]]:
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
        known = [cell for cell in places if not is_missing(cell[1])]
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
