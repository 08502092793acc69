"""What headers mean: which column of the tables, which kind of table, which platform wrote it.

Takes the cells of a row; says whether they are headers that are known. All names stand in forms.toml. Columns
are found by name, never by place. Does not look at numbers.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from sim.language.words import Language
from sim.reading.creator_rows import ALIASES
from sim.reading.list_numbers import flat
from sim.reading.tables import TABLES

What = Literal["text", "id", "count", "real", "rate", "seconds", "moment", "day", "period"]
"""What the cells of a column are."""
COUNTED = ("plays", "likes", "comments", "shares", "saves", "impressions", "danmaku", "reach")
DETAILS = (
    "played_share", "skip_rate", "replay_rate", "like_rate", "comment_rate", "share_rate", "save_rate",
    "dislike_rate", "follow_rate", "unfollow_rate",
)  # fmt: skip
"""Of a single video's page."""
NAMED = ("title", "video_id", "link")
"""Columns any of which says which video a row is about."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
GAINED = ("涨粉量", "涨粉", "涨粉数", "新增粉丝")
"""What is a gain in fans; beside a column of those lost, before those are taken off."""
DIMENSIONS = ("gender", "age", "region", "city", "device", "interest", "activity", "hour")
OVERVIEWS = (
    "mean_cover_ctr", "mean_finish_rate", "mean_finish_5s", "mean_bounce_2s", "mean_watch_s", "median_plays",
    "mean_plays", "mean_likes", "mean_comments", "mean_shares",
)  # fmt: skip
INDICES = ("search_index", "overall_index")
ADS = ("impressions", "clicks", "conversions", "material_id", "project_id")
METRICS = (
    *(key for key, of in TABLES["videos"].items() if of in {pl.Int64, pl.Float64}),
    "live_viewers", "live_income", "primary",
)  # fmt: skip
"""What a day may have a number of."""
_FIXED = ("row", "duration_s")
MOST_LETTERS = 80
"""Of a header (chosen); a longer text is none."""
_UNIT = re.compile(r"_(ms|msec|s|sec|secs|seconds|min|mins|minutes|h|hours|hour)$", re.IGNORECASE)
_NEUTRAL = (
    "作品", "短视频", "视频", "笔记", "累计", "总", "数据", "次数", "数", "量", "次",
    "total", "number", "of", "the", "count", "video", "post", "lifetime",
)  # fmt: skip
_REST = re.compile(f"(?:{'|'.join(_NEUTRAL)})*")


class Spec(NamedTuple):
    """A column of the tables, as forms.toml has it."""

    name: str
    what: What
    names: tuple[str, ...]
    """its headers, plain, those to prefer first"""
    most: float
    """the largest rate that can be"""
    small: bool
    """a rate that mostly lies below 1 %"""
    signed: bool
    """may be negative"""


class Header(NamedTuple):
    """A header: what it says, without case, width, brackets; and what its unit is."""

    plain: str
    unit: str
    """what stands in brackets, behind the last underscore, or a sign of per cent; '' where nothing does"""

    @classmethod
    def of(cls, text: str) -> "Header":
        """A header as it is written.

        Example:
            >>> Header.of("平均播放时长（秒）"), Header.of("duration_ms")
            (Header(plain='平均播放时长', unit='秒'), Header(plain='duration', unit='ms'))
        """
        unit = _UNIT.search(text.strip())
        name, _, within = flat(text[: unit.start()] if unit else text).partition("(")
        ends = "%" if name.endswith("%") else ""
        plain = re.sub(r"[_\-:'\"*]", "", name.rstrip("%"))
        return cls(plain, unit[1].lower() if unit else ends or within.partition(")")[0])


@cache
def specs() -> Mapping[str, Spec]:
    """Every column that is known, by its name."""
    return {
        name: Spec(
            name,
            row["is"],
            (*(Header.of(text).plain for text in row["names"]), re.sub("_", "", name)),
            row.get("most", 1.0),
            row.get("small", False),
            row.get("signed", False),
        )
        for name, row in _file()["column"].items()
    }


@lru_cache(maxsize=512)
def called(name: str, language: Language) -> str:
    """What a column is called: in Chinese as the data centres do.

    Example:
        >>> called("finish_rate", "en"), called("finish_rate", "zh"), called("follows", "zh")
        ('finish rate', '完播率', '涨粉量')
    """
    if language == "en":
        return name.replace("_", " ")
    own = _file()["column"].get(name, {"names": ALIASES.get(name, ())})  # a price list has some of its own
    names = [*own["names"], *(GAINED if name == "follows" else ())]
    return next((text for text in names if _HAN.search(text)), name)


@lru_cache(maxsize=4096)
def meanings(header: str) -> Mapping[str, int]:
    """The columns that a header may mean, each with how well: 0 is its best name.

    Example:
        >>> list(meanings("总播放量（次）")), list(meanings("点赞率")), list(meanings("预算"))
        (['plays'], ['like_rate'], [])
    """
    if len(header) > MOST_LETTERS or not any(map(str.isalpha, header)):
        return {}
    plain = Header.of(header).plain
    if exact := _exact().get(plain):
        return exact
    found = {}
    for spec in specs().values():
        if spec.what not in {"count", "rate", "seconds"}:
            continue
        for rank, name in enumerate(spec.names):
            before, within, after = plain.partition(name)
            if within and _REST.fullmatch(before) and _REST.fullmatch(after):
                found[spec.name] = len(spec.names) + rank
                break
    return found


def known(header: str) -> bool:
    """Whether a cell is a header that means something."""
    return bool(meanings(header))


def kind_of(cells: Sequence[str]) -> str | None:
    """The table that a row of headers stands over; None where the row is none that is known."""
    has = {name for cell in cells if cell for name in meanings(cell)}
    counted = sum(name in has for name in COUNTED)
    plain = {Header.of(cell).plain for cell in cells}
    if has & {*OVERVIEWS}:
        return "overview"
    if "cost" in has and has & {*ADS}:
        return "ads"
    if {"source", "share"} <= has:
        return "sources"
    if has & {*DIMENSIONS} and has & {"share", "people"} and not counted:
        return "audience"
    if "keyword" in has and has & {*INDICES}:
        return "interest"
    if "product" in has and has & {"sales", "commission", "revenue", "rank"}:
        return "products"
    named = has & {*NAMED}
    dated = "published_at" in has and plain != {"date"} and not _only_date(has, plain)
    if _is_list(cells) and not (dated or named - {"video_id"} or ("video_id" in has and "id" not in plain)):
        return "creators"
    if (named and counted) or ((dated or "duration_s" in has) and counted > 1):
        return "videos"
    if sum(name in has for name in DETAILS) > 1:
        return "videos"
    if "date" in has and has & {*METRICS} - {*_FIXED}:
        return "days"
    return None


def _only_date(has: set[str], plain: set[str]) -> bool:
    """Whether all that could be the moment of a post is a column called date."""
    others = {name for name in specs()["published_at"].names if name != "date"}
    return "date" in has and not plain & others


def _is_list(cells: Sequence[str]) -> bool:
    """Whether a row has the headers of a price list."""
    from sim.reading.creator_rows import ALIASES

    plain = {flat(cell).partition("(")[0] for cell in cells}
    return bool(plain & {*ALIASES["name"]} and plain & {*ALIASES["fans"], *ALIASES["price"]})


def columns_of(kind: str, cells: Sequence[str], dated: Callable[[int], bool]) -> dict[str, int]:
    """Each column that a table of a kind has, and its place.

    Args:
        kind: of `kind_of`.
        cells: the headers.
        dated: whether the cells below a place are dates, which tells headers that could be a date or a text.
    """
    places = {k: meanings(cell) for k, cell in enumerate(cells) if cell}
    found: dict[str, int] = {}
    for name in _allowed(kind):
        spec = specs()[name]
        rivals = [
            (rank[name], k)
            for k, rank in places.items()
            if name in rank
            and k not in found.values()
            and not (_either(rank) and dated(k) == (spec.what == "text"))
        ]
        if rivals:
            found[name] = min(rivals)[1]
    gained = found.get("follower_delta")
    before_losses = "unfollows" in found and "follows" not in found
    if before_losses and gained is not None and Header.of(cells[gained]).plain in GAINED:
        found["follows"] = found.pop("follower_delta")
    return found


def _either(rank: Mapping[str, int]) -> bool:
    """Whether a header may be a moment or a text."""
    return {"text", "moment"} <= {specs()[name].what for name in rank}


def _allowed(kind: str) -> Sequence[str]:
    """The columns that a table of a kind may have, those that claim a header first first."""
    allowed: Mapping[str, Sequence[str]] = {
        "days": ("date", "account", *(name for name in METRICS if name not in _FIXED)),
        "interest": ("date", "keyword", *INDICES),
        "overview": ("account", "period", "genre", "field", "posts", *OVERVIEWS),
        "audience": ("account", *DIMENSIONS, "share", "people"),
        "products": ("account", *TABLES["products"]),
    }
    return [name for name in allowed.get(kind, tuple(TABLES[kind])) if name in specs()]


def platform_of(heads: Sequence[Sequence[str]]) -> str:
    """Who wrote a file, by the headers of its tables; '' where no platform alone writes such ones."""
    plain = [{Header.of(cell).plain for cell in cells} for cells in heads]
    for row in _file()["platform"]:
        for mark in row["marks"]:
            wanted = {Header.of(text).plain for text in mark}
            if any(wanted <= one for one in plain):
                return str(row["name"])
    return ""


@cache
def _exact() -> Mapping[str, Mapping[str, int]]:
    """Columns by each of their names, with its rank."""
    found: dict[str, dict[str, int]] = {}
    for spec in specs().values():
        for rank, name in enumerate(spec.names):
            found.setdefault(name, {}).setdefault(spec.name, rank)
    return found


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
