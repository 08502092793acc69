"""Files of other programs, read: what each was understood as, and all their rows in common tables.

Takes paths, or what came over a page; gives a `Read`. Changes nothing on disk. A file of which nothing can be
understood is refused; so is one whose dates could be two, unless the caller says which.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from sim.errors import Listing, Phrase, UsageError, or_rather, printable
from sim.language.words import N_
from sim.reading import forms
from sim.reading.columns import Asked, checked_columns
from sim.reading.creators import creators_of
from sim.reading.dates import Order
from sim.reading.layout import sections_of
from sim.reading.merge import once
from sim.reading.table import Table, Written, table_of
from sim.reading.table_file import sheets_of, size_of
from sim.reading.tables import TABLES, empty
from sim.scenario.wording import nearest

OF_ONE_VIDEO = {"skip_rate", "replay_rate", "source"}
"""Columns that only the page of a single video has."""
ONE_VIDEO = Phrase("days of a single video, not of an account: not used")
UNNAMED = N_(
    "no account is named in {path}: its rows are called {account}; give --account, or a column of accounts"
)
UNNAMED_TOO = N_("no account is named in {count} more files either; each is called after its file")


GUESSED = Phrase("read as GBK, which no header in Chinese confirms; where titles are wrong, give --encoding")
_HAN = re.compile(r"[\u4e00-\u9fff]")
TWICE = Phrase("{count} numbers of days stand in several files; of each the last one counts")


class Read(NamedTuple):
    """What files were understood as."""

    files: tuple[Table, ...]
    """each table of each file; of a file with one table, the file"""
    frames: Mapping[str, pl.DataFrame]
    """by names of tables.TABLES, all files together"""
    notes: tuple[Phrase, ...] = ()
    """what holds for several files"""

    @property
    def videos(self) -> pl.DataFrame:
        """Videos, each once."""
        return self.frames["videos"]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        notes = [str(note) for note in self.notes]
        return {"files": [table.as_dict() for table in self.files], "notes": notes}


def read(
    paths: str | Path | Sequence[str | Path],
    *,
    account: str | Sequence[str] | None = None,
    dates: Order | None = None,
    decimal: Literal["point", "comma"] | None = None,
    year: int | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    contents: Mapping[str, bytes] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Read:
    """What files hold.

    Args:
        paths: CSV, TSV or Excel, several sheets and tables too.
        account: whose the rows are that name none: one, or one for each file; the file's own if left out.
        dates: what stands first in dates such as 03/04/2026.
        decimal: what divides decimals where a file does not tell.
        year: of the newest date that has none.
        encoding: of texts; found out if left out.
        columns: header → column of tables.TABLES, for headers that are not known; '-' leaves one aside.
        contents: of paths that were brought over a page; then those are only for messages.
        progress: called with (bytes done, in all).
    Raises:
        UsageError: a file cannot be read or understood, or its dates could be two.
    """
    names = [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    accounts = [account] * len(names) if account is None or isinstance(account, str) else list(account)
    if len(accounts) == 1:
        accounts *= len(names)
    if len(accounts) != len(names):
        raise UsageError(
            "--account: {given} names for {files} files; allowed: one, or one for each file",
            given=len(accounts), files=len(names),
        )  # fmt: skip
    said = Asked(None, dates, decimal or "", year, encoding, checked_columns(columns or {}))
    own, held = _own_names(names), contents or {}
    sizes = [len(held[path]) if path in held else size_of(path) for path in names]
    tables: list[Table] = []
    for k, (path, name, given) in enumerate(zip(names, own, accounts, strict=True)):

        def heard(share: float, k: int = k) -> None:
            progress(round(sum(sizes[:k]) + share * sizes[k]), sum(sizes))

        tables += _file(path, said._replace(account=given or name), held.get(path), heard)
        heard(1.0)
    _refuse_strangers(said.columns, tables)
    found = once([(k, t.frame) for k, t in enumerate(tables) if t.kind == "videos" and t.frame is not None])
    tables = [_without(table, k, found.again) for k, table in enumerate(tables)]
    frames = {}
    for kind in TABLES:
        parts = [t.frame for t in tables if t.kind == kind and t.frame is not None]
        frames[kind] = found.videos if kind == "videos" else pl.concat([empty(kind), *parts])
    frames["days"], twice = _each_day_once(frames["days"])
    notes = [Phrase(TWICE.text, count=twice)] if twice else []
    unnamed = [
        Phrase(UNNAMED, path=path, account=name)
        for path, name, given in zip(names, own, accounts, strict=True)
        if not given and _unnamed(path, tables)
    ]
    notes += unnamed[:1]
    if unnamed[1:]:
        notes.append(Phrase(UNNAMED_TOO, count=len(unnamed) - 1))
    return Read(tuple(tables), frames, tuple(notes))


def _refuse_strangers(columns: Mapping[str, str], tables: Sequence[Table]) -> None:
    """Refuses a name for a header that no file has: it would be ignored.

    Raises:
        UsageError: there is one.
    """
    if not columns:
        return
    there = {header.strip() for table in tables for header in table.headers}
    for header, name in columns.items():
        if header not in there:
            raise UsageError(
                "--column {header}={name}: no file has such a header; there are {headers}{meant}",
                header=header, name=name, headers=printable(str(Listing(sorted(there))), 300),
                meant=or_rather(nearest(header, there)),
            )  # fmt: skip


def _each_day_once(days: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The numbers of days, each once: the last that is known; and how many were told of again."""
    key = ["account", "date", "metric"]
    known = days.filter(pl.col("value").is_not_null()).unique(key, keep="last", maintain_order=True)
    rest = days.filter(pl.col("value").is_null()).unique(key, keep="last", maintain_order=True)
    rest = rest.join(known, on=key, how="anti", nulls_equal=True)
    once_each = pl.concat([known, rest]).height
    if once_each == days.height:
        return days, 0
    return pl.concat([known, rest]).sort("account", "date", "metric"), days.height - once_each


def _own_names(paths: Sequence[str]) -> list[str]:
    """A name for each file, by which its rows are told apart: its own, with its folder where two have one."""
    parts = [path.replace("\\", "/").rstrip("/").split("/") for path in paths]
    stems = [one[-1].partition(".")[0] or one[-1] for one in parts]
    many = Counter(stems)
    return [
        f"{one[-2]}/{stem}" if many[stem] > 1 and one[1:] else stem
        for one, stem in zip(parts, stems, strict=True)
    ]


def _unnamed(path: str, tables: Sequence[Table]) -> bool:
    """Whether rows of a file, which are about accounts, name none."""
    return any(
        table.path == path
        and table.kind in {"videos", "days"}
        and table.kept
        and not any(column.name == "account" for column in table.columns)
        for table in tables
    )


def _file(path: str, asked: Asked, content: bytes | None, heard: Callable[[float], None]) -> list[Table]:
    """The tables of a file; the share of it that is read is told.

    Raises:
        UsageError: it cannot be read, or nothing of it understood.
    """
    sheets = sheets_of(path, content, asked.encoding, lambda cell: forms.known(asked.called(cell)))
    parts = [(sheet, section) for sheet in sheets for section in sections_of(sheet.rows, asked.called)]
    heads = [section.header for _, section in parts if section.kind]
    if not heads:
        first = next((row for sheet in sheets for row in sheet.rows if any(row)), [])
        found_words = printable(", ".join(filter(None, first)), 100)
        raise UsageError(
            "{path}: no row has headers that are known (found: {found}); allowed: exports of videos, days, "
            "audiences, sources, adverts and price lists from Douyin, Kuaishou, Xiaohongshu, WeChat "
            "Channels, TikTok, Instagram, YouTube and their advertising tools, or headers such as title, "
            "published_at, plays, likes; --column HEADER=NAME says what a header means",
            path=path, found=found_words or Phrase("nothing"),
        )  # fmt: skip
    platform = forms.platform_of(heads)
    meant = {name for head in heads for cell in head for name in forms.meanings(cell)}
    single = bool(meant & OF_ONE_VIDEO)
    found = []
    for sheet, section in parts:
        begun, each = sheets.index(sheet) / len(sheets), 1 / (len(sheet.rows) * len(sheets))

        def at(row: int, begun: float = begun, each: float = each) -> None:
            heard(begun + row * each)

        written = Written(path, sheet.name, sheet.encoding, platform, section, sheet.rows, at)
        if section.kind is None:
            found.append(written.table())
            continue
        table = (creators_of if section.kind == "creators" else table_of)(written, asked)
        if single and section.kind == "days":
            skipped = sorted([*table.skipped, *((n, ONE_VIDEO) for n in table.kept)], key=lambda row: row[0])
            table = table._replace(kept=(), skipped=tuple(skipped), frame=empty("days"), unread=(), notes=())
        if table.encoding == "gb18030" and not asked.encoding and not _HAN.search("".join(section.header)):
            table = table._replace(notes=(*table.notes, GUESSED))
        found.append(table)
    if not any(table.kept for table in found):
        why = next((why for table in found for _, why in table.skipped), Phrase("there are none"))
        raise UsageError("{path}: holds no row that can be used: {why}", path=path, why=why)
    return found


def _without(table: Table, number: int, again: Mapping[tuple[int, int], Phrase]) -> Table:
    """A table whose rows that tell of a video once more are skipped."""
    twice = [(n, again[number, n]) for n in table.kept if (number, n) in again]
    if not twice:
        return table
    kept = tuple(n for n in table.kept if (number, n) not in again)
    skipped = sorted([*table.skipped, *twice], key=lambda row: row[0])
    return table._replace(kept=kept, skipped=tuple(skipped))
