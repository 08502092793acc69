"""What files were understood as, in sentences: for the command line and the app alike."""

from collections.abc import Callable
from pathlib import Path

from sim.errors import Phrase, printable
from sim.language.words import NC_, Words
from sim.reading.layout import ABOVE, AGAIN, SEPARATOR, UNITS
from sim.reading.read import Read
from sim.reading.table import Table

KINDS = {
    "videos": NC_("reading", "videos"),
    "days": NC_("reading", "days"),
    "sources": NC_("reading", "sources"),
    "audience": NC_("reading", "audience"),
    "overview": NC_("reading", "overview"),
    "creators": NC_("reading", "price list"),
    "ads": NC_("reading", "adverts"),
    "products": NC_("reading", "products"),
    "interest": NC_("reading", "search interest"),
    "unknown": NC_("reading", "not understood"),
}
PLATFORMS = {
    "douyin": NC_("platform", "Douyin"),
    "kuaishou": NC_("platform", "Kuaishou"),
    "xiaohongshu": NC_("platform", "Xiaohongshu"),
    "channels": NC_("platform", "WeChat Channels"),
    "tiktok": NC_("platform", "TikTok Studio"),
    "instagram": NC_("platform", "Instagram"),
    "youtube": NC_("platform", "YouTube Studio"),
    "oceanengine": NC_("platform", "Ocean Engine"),
    "xingtu": NC_("platform", "Xingtu"),
    "chanmama": NC_("platform", "Chanmama or Feigua"),
    "arithmetics": NC_("platform", "Ocean Engine index"),
}
BESIDE = (ABOVE, AGAIN, UNITS, SEPARATOR)
"""Why rows are skipped that tell of nothing."""
LONGEST_LINE = 500
"""Characters that are shown of a line about what was left out."""
LONGEST_NAME = 100
"""Characters of a file and its sheet that are shown."""
OTHERS = 12
"""Columns left aside, and reasons of rows, that are named; more are counted."""


def told(table: Table, words: Words, name: Callable[[str], str] = str) -> list[str]:
    """What is to be known of a table, a line each; columns are called as files have them, or by `name`."""
    lines = []
    if table.columns:
        pairs = words.listed(f"{column.header} → {name(column.name)}" for column in table.columns)
        lines.append(words("understood: {columns}", columns=pairs))
    if table.ignored:
        named = words.listed(table.ignored[:OTHERS])
        more = len(table.ignored) - OTHERS
        lines.append(
            words("left aside: {columns} and {more} more", columns=named, more=more)
            if more > 0
            else words("left aside: {columns}", columns=named)
        )
    lines += [note.said(words) for note in table.notes]
    reasons: dict[str, list[tuple[int, Phrase]]] = {}
    for n, why in table.skipped:
        reasons.setdefault(why.text, []).append((n, why))
    for rows in list(reasons.values())[:OTHERS]:
        row, why = rows[0]
        facts = {"row": row, "why": why.said(words), "count": len(rows)}
        lines.append(
            words("skipped {count:,} rows, the first is row {row}: {why}", **facts)
            if rows[1:]
            else words("skipped row {row}: {why}", **facts)
        )
    if len(reasons) > OTHERS:
        lines.append(words("and further rows; --skipped lists them all"))
    return lines


def left_out(found: Read, words: Words) -> list[str]:
    """What of files does not count, a line a table, for whoever goes on with the rest; often nothing."""
    lines = []
    for table in found.files:
        name = called(table, found)
        gone = [(n, why) for n, why in table.skipped if why not in BESIDE]
        if gone:
            n, why = gone[0]
            lines.append(
                words(
                    "{file}: {count:,} of {rows:,} rows skipped, the first is row {row}: {why}",
                    file=name, count=len(gone), rows=table.rows, row=n, why=why.said(words),
                )
            )  # fmt: skip
        if table.unread:
            count = len(table.unread)
            lines.append(
                words("{file}: {count:,} cells cannot be read and stay unknown", file=name, count=count)
            )
    lines = [printable(line, LONGEST_LINE) for line in (*lines, *(note.said(words) for note in found.notes))]
    return [*lines, words("`matrixsim read` tells more of what was left out.")] if lines else []


def called(table: Table, found: Read) -> str:
    """A table's file, and its sheet where the file has several."""
    name = Path(table.path).name
    sheets = {one.sheet for one in found.files if one.path == table.path}
    return printable(f"{name} [{table.sheet}]" if len(sheets) > 1 else name, LONGEST_NAME)


def period(table: Table) -> str:
    """First and last day of a table's rows; '–' where it has none."""
    frame = table.frame
    if frame is None or frame.is_empty():
        return "–"
    name = next((name for name in ("published_at", "date", "first") if name in frame.columns), None)
    days = frame[name].drop_nulls() if name else None
    if days is None or days.is_empty():
        return "–"
    first, last = str(days.min())[:10], str(frame["last"].max() if name == "first" else days.max())[:10]
    return first if first == last else f"{first} … {last}"
