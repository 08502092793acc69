"""One video in several rows, or in several files: counted once.

A video is the same where its id or its link is, unless its date, or title and account, tell it apart, as
where two exports number their videos 1, 2; where there is none, where title, minute and account are; and for
other accounts too where its plays and likes are, beside title and minute, and not few. The row with more
plays, which is the later one, counts; what it leaves out the other fills in.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from sim.errors import Phrase
from sim.reading.tables import TABLES

FEW = 100
"""Plays that two videos may share by chance (chosen)."""
NEAR = dt.timedelta(days=1)
"""Two moments of one video lie no further apart: a day stands for its midnight, clocks differ (chosen)."""
MANY = 200
"""Videos of one id, the last ones, with which a row of that id is compared (chosen; one is usual)."""
_TABLE, _PLACE = "number of the table", "number of the row"
_OWN = ("file", "row", _TABLE, _PLACE)

Row = dict[str, Any]


class Once(NamedTuple):
    """All videos, each once."""

    videos: pl.DataFrame
    again: Mapping[tuple[int, int], Phrase]
    """rows that tell of a video told before: number of the table and row, and of which"""


def once(frames: Sequence[tuple[int, pl.DataFrame]]) -> Once:
    """The videos of several tables, each once, in the order in which they are told of first.

    Args:
        frames: number of a table, and its videos.
    """
    schema = dict(TABLES["videos"])
    parts = [frame.with_columns(pl.lit(number).alias(_TABLE)) for number, frame in frames]
    if not parts:
        return Once(pl.DataFrame(schema=schema), {})
    whole = pl.concat(parts).with_row_index(_PLACE)
    shared = whole.select(_may_be_again()).to_series()
    found: list[Row] = []
    by_key: dict[tuple[object, ...], list[int]] = {}
    again: dict[tuple[int, int], Phrase] = {}
    for row in whole.filter(shared).iter_rows(named=True):
        keys = _keys(row)
        borne = (place for key in keys for place in by_key.get(key, ())[-MANY:])
        place = next((place for place in borne if _agree(found[place], row)), None)
        if place is None:
            place = len(found)
            found.append(row)
        else:
            before = found[place]
            later = _plays(row) > _plays(before)
            kept, other = (row, before) if later else (before, row)
            again[row[_TABLE], row["row"]] = _same(before, row, later=later)
            merged = {name: kept[name] if kept[name] is not None else other[name] for name in kept}
            found[place] = {**merged, **{name: before[name] for name in _OWN}}
        for key in keys:
            places = by_key.setdefault(key, [])
            if place not in places[-MANY:]:
                places.append(place)
    each = pl.concat([whole.filter(~shared), pl.DataFrame(found, schema=whole.schema)])
    return Once(each.sort(_PLACE).select(*schema), again)


def _may_be_again() -> pl.Expr:
    """Whether a row has a key of another one with which it might agree: only those are compared, singly."""
    title, moment = pl.col("title"), pl.col("published_at")
    minute = moment.dt.truncate("1m")
    timed = (title.str.len_chars() > 0) & (moment.dt.time() != dt.time())
    account, plays = pl.col("account"), pl.col("plays")
    same = timed & (plays >= FEW) & pl.col("likes").is_not_null()
    found = timed & pl.struct(account, title, minute).is_duplicated()
    found |= same & pl.struct(title, minute, plays, pl.col("likes")).is_duplicated()
    for name in ("video_id", "link"):
        key = pl.col(name)
        gaps = (gap.over(key, order_by=moment) for gap in (moment.diff(), moment.diff().shift(-1)))
        near = pl.any_horizontal(*(gap <= NEAR for gap in gaps), moment.is_null().any().over(key))
        alike = [
            pl.struct(key, other).is_duplicated() | other.is_null().any().over(key)
            for other in (title, account)
        ]
        borne = (key.str.len_chars() > 0) & key.is_duplicated()
        found |= borne & near.fill_null(value=False) & pl.any_horizontal(alike)
    return found.fill_null(value=False)


def _keys(row: Row) -> list[tuple[object, ...]]:
    """What tells a video."""
    keys: list[tuple[object, ...]] = [(name, row[name]) for name in ("video_id", "link") if row[name]]
    title, moment = row["title"], row["published_at"]
    if title and moment is not None:
        minute = moment.replace(second=0, microsecond=0)
        if minute.time() != dt.time():  # of days, two posts may bear one title
            keys.append(("minute", row["account"], title, minute))
            if (row["plays"] or 0) >= FEW and row["likes"] is not None:
                keys.append(("same", title, minute, row["plays"], row["likes"]))
    return keys


def _agree(one: Row, other: Row) -> bool:
    """Whether two rows have no date, no id or link, and no title of another account that tells them apart."""
    moments = one["published_at"], other["published_at"]
    if None not in moments and abs(moments[0] - moments[1]) > NEAR:
        return False
    if any(_differ(one, other, name) for name in ("video_id", "link")):
        return False
    return not (_differ(one, other, "title") and _differ(one, other, "account"))


def _differ(one: Row, other: Row, name: str) -> bool:
    """Whether both rows say something, and not the same."""
    return one[name] is not None and other[name] is not None and bool(one[name] != other[name])


def _plays(row: Row) -> int:
    return -1 if row["plays"] is None else int(row["plays"])


def _same(before: Row, row: Row, *, later: bool) -> Phrase:
    """Of which row another one is the same video, and which counts."""
    row_before, file = before["row"], before["file"]
    if file == row["file"]:
        if later:
            return Phrase(
                "the same video as row {row}, counted once, with the larger numbers of this row",
                row=row_before,
            )
        return Phrase("the same video as row {row}, counted once", row=row_before)
    if later:
        return Phrase(
            "the same video as row {row} of {file}, counted once, with the larger numbers of this row",
            row=row_before, file=file,
        )  # fmt: skip
    return Phrase(
        "the same video as row {row} of {file}, counted once; what was missing there is filled in",
        row=row_before, file=file,
    )  # fmt: skip
