"""Exports as they are mangled on their way, and beside each file what every cell of it says.

Encodings, separators, marks, title lines, missing tokens, totals, ids that a spreadsheet rounded, dates as
numbers, moved columns, a video told of by several hosts, a second table below the first.
"""

import datetime as dt
import math
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.reading.exports import as_csv, as_page, as_xlsx

MISSING = ("", "-", "--", "undefined", "NaN", "null", "N/A", "暂无")
COUNTS = (
    ("播放量", "plays"),
    ("点赞量", "likes"),
    ("评论量", "comments"),
    ("分享量", "shares"),
    ("收藏量", "saves"),
)
RATES = (("完播率", "finish_rate"), ("5s完播率", "finish_5s"), ("2s跳出率", "bounce_2s"))
MORE = (
    ("平均播放时长", "avg_watch_s"),
    ("粉丝增量", "follower_delta"),
    ("作品ID", "video_id"),
    ("账号", "account"),
)
ENGLISH = {
    "作品名称": "Title",
    "发布时间": "Publish time",
    "播放量": "Views",
    "点赞量": "Likes",
    "评论量": "Comments",
    "分享量": "Shares",
    "收藏量": "Saves",
    "完播率": "finish_rate",
    "5s完播率": "finish_5s",
    "2s跳出率": "bounce_2s",
    "平均播放时长": "Average watch time",
    "粉丝增量": "follower_delta",
    "作品ID": "Video ID",
    "账号": "Account",
}
MOMENTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M",
    "%Y.%m.%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%b %d, %Y %H:%M",
    "%d %b %Y %H:%M",
    "serial",
    "seconds",
    "short",
    "dmy",
    "mdy",
    "native",
)
ABOVE = ("作品数据明细", "Export of my videos", "备注：仅统计公开作品")
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - as spreadsheets count
BEIJING = dt.timezone(dt.timedelta(hours=8))


class Mangled(NamedTuple):
    """A file, and what it says."""

    name: str
    content: bytes
    truth: dict[int, dict[str, Any]]
    """row from 1 → column → value; None where it is not known, LOST where what was written is gone"""
    others: set[int]
    """rows that stand for no video of their own: titles, totals, headers once more, other hosts"""
    days: dict[int, tuple[dt.date, int | None]]
    """a second table below the first, of days: row → day and number"""
    options: dict[str, Any]
    asks: bool
    """whether the file may be refused, since its dates could be two"""
    written: dict[tuple[int, str], str]


LOST = object()
"""What nobody can read any more, such as an id that a spreadsheet rounded."""


def count_text(number: int, style: str) -> str:
    """A count in a style; plain where that would change it."""
    size = abs(number)
    sign = "-" if number < 0 else ""
    unit = style.removesuffix(",")
    times = {"万": 10_000, "w": 10_000, "K": 1_000, "M": 1_000_000, "亿": 10**8}.get(unit)
    if times and size >= times and size % (times // 10) == 0:
        text = f"{sign}{size / times:g}{unit}"
        return text.replace(".", ",") if unit != style else text  # with a decimal comma
    if style == "grouped":
        return f"{number:,}"
    if style == "spaced":
        return f"{number:,}".replace(",", "\u202f")
    if style == "dotted":
        return f"{number:,}".replace(",", ".")
    if style in {"float", "float,"}:
        return f"{number}{'.' if style == 'float' else ','}0"
    return str(number)


def rate_text(rate: float, style: str, *, comma: bool) -> str:
    text = {"share": f"{rate:.6f}", "sign": f"{100 * rate:.4g}%", "bare": f"{100 * rate:.4f}"}[style]
    return text.replace(".", ",") if comma else text


def length_text(seconds: float, style: str, *, comma: bool) -> str:
    text = {"秒": f"{seconds:g}秒", "s": f"{seconds:g}s", "bare": f"{seconds:.6f}"}.get(style)
    if style == "clock":
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds == int(seconds) else f"{seconds:g}s"
    assert text is not None
    return text.replace(".", ",") if comma else text


def moment_cell(moment: dt.datetime, style: str, *, excel: bool) -> object:
    if style == "native":
        return moment if excel else moment.strftime("%Y-%m-%d %H:%M:%S")
    if style == "serial":
        days = (moment - EPOCH).total_seconds() / 86_400
        return days if excel else repr(days)
    if style == "seconds":
        return str(int(moment.replace(tzinfo=BEIJING).timestamp()))
    if style == "short":
        return f"{moment.month}月{moment.day}日 {moment:%H:%M}"
    return moment.strftime({"dmy": "%d/%m/%Y %H:%M", "mdy": "%m/%d/%Y %H:%M"}.get(style, style))


@st.composite
def mangled(draw: st.DrawFn) -> Mangled:  # noqa: PLR0915 - a file has many sides
    """A mangled export of videos."""
    n = draw(st.integers(1, 8))
    english = draw(st.booleans())
    container = draw(st.sampled_from(["csv", "csv", "xlsx", "page"]))
    excel = container == "xlsx"
    comma = english and draw(st.booleans())  # a decimal comma, as in Vietnam or Germany
    styles = ["plain", "spaced"]
    styles += ["dotted", "float,", "K,", "M,"] if comma else ["grouped", "float", "万", "w", "K", "M", "亿"]
    moments = draw(st.sampled_from(MOMENTS))
    start = draw(st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 12, 31)))  # noqa: DTZ001 - as written
    steps = draw(st.lists(st.integers(0, 60 * 24 * 60), min_size=n, max_size=n))
    times, when = [], start.replace(second=0, microsecond=0)
    for step in steps:
        when -= dt.timedelta(minutes=step)
        times.append(when)
    if draw(st.booleans()):
        times.reverse()
    heads: list[tuple[str, str]] = [("作品名称", "title"), ("发布时间", "published_at")]
    counts = [COUNTS[0], *draw(st.lists(st.sampled_from(COUNTS[1:]), unique=True))]
    rates = draw(st.lists(st.sampled_from(RATES), unique=True))
    heads += [*counts, *rates]
    for extra in MORE:
        if draw(st.booleans()):
            heads.append(extra)
    names = dict(heads)
    style = {
        name: draw(st.sampled_from(["share", "sign", "bare"] if name in dict(RATES).values() else styles))
        for name in names.values()
    }
    if "avg_watch_s" in names.values():
        style["avg_watch_s"] = draw(st.sampled_from(["秒", "s", "bare", "clock"]))
    whole = st.one_of(
        st.integers(0, 999), st.integers(0, 9_999_999), st.integers(1, 500).map(lambda k: k * 1000),
        st.integers(1, 90).map(lambda k: k * 100_000),
    )  # fmt: skip
    ruined = draw(st.booleans()) and "video_id" in names.values()
    truth_rows: list[dict[str, Any]] = []
    cell_rows: list[dict[str, object]] = []
    for k in range(n):
        truth: dict[str, Any] = {}
        cells: dict[str, object] = {}
        for name in names.values():
            if name not in {"title", "published_at", "plays", "video_id"} and draw(st.integers(0, 4)) == 0:
                truth[name], cells[name] = None, draw(st.sampled_from(MISSING[:-1] if english else MISSING))
                if name == "account":
                    cells[name] = draw(st.sampled_from(["", "-", "--"]))
                continue
            truth[name], cells[name] = draw(
                _cell(name, k, times[k], style[name], moments, whole, comma=comma, excel=excel, ruined=ruined)
            )
        truth_rows.append(truth)
        cell_rows.append(cells)
    order = draw(st.permutations(list(names.values())))
    label = {name: (ENGLISH[head] if english else head) for head, name in heads}
    hosts = "account" in style and "video_id" in style and not ruined
    delimiter = draw(st.sampled_from([";", "\t"] if comma else [",", ";", "\t"]))
    named = container == "csv" and draw(st.booleans())
    page = draw(_lines(order, label, cell_rows, [[f"sep={delimiter}"]] * named, hosts=hosts))
    truth_by_row = {n: truth_rows[k] for n, k in page.rows.items()}
    written = {(n, name): str(cell_rows[k][name]) for n, k in page.rows.items() for name in order}
    options: dict[str, Any] = {"account": "own"}
    asks = False
    if moments in {"dmy", "mdy"}:
        if draw(st.booleans()):
            options["dates"] = moments
        else:
            asks = True
    if moments == "short":
        gaps = [abs((a - b).days) for a, b in pairwise(times)]
        options["year"] = max(times).year
        asks = max(gaps, default=0) > 150
    content = draw(_file(container, page.lines, delimiter, named=named))
    if comma and draw(st.booleans()):
        options["decimal"] = "comma"
    name = {"csv": "作品列表.csv", "xlsx": "作品列表.xlsx", "page": "作品列表.xls"}[container]
    return Mangled(name, content, truth_by_row, page.others, page.days, options, asks, written)


class Page(NamedTuple):
    """Rows of a file."""

    lines: list[list[object]]
    rows: dict[int, int]
    """row from 1 → number of the video"""
    others: set[int]
    days: dict[int, tuple[dt.date, int | None]]
    """of a second table below the first: row → day and number"""


@st.composite
def _lines(
    draw: st.DrawFn,
    order: list[str],
    label: dict[str, str],
    videos: list[dict[str, object]],
    first: list[list[object]],
    *,
    hosts: bool,
) -> Page:
    """The videos of a file, with what stands above, between and below them."""
    unknown = ["设为铃声"] if draw(st.booleans()) else []
    header = [label[name] for name in order] + unknown
    lines = list(first)
    rows, others, days = (
        dict[int, int](),
        {1} if first else set[int](),
        dict[int, tuple[dt.date, int | None]](),
    )
    for _ in range(draw(st.integers(0, 2))):
        lines.append([draw(st.sampled_from(ABOVE))])
        others.add(len(lines))
    if draw(st.booleans()) and others:
        lines.append([])
    lines.append(header)
    repeat, double = draw(st.integers(0, len(videos))), draw(st.integers(0, len(videos)))
    for k, cells in enumerate(videos):
        if k == repeat and k:
            lines.append(header)
            others.add(len(lines))
        if draw(st.integers(0, 9)) == 0:
            lines.append([])
        lines.append([cells[name] for name in order] + [str(k)] * len(unknown))
        rows[len(lines)] = k
        if hosts and k == double:  # another host of the same video
            lines.append([{**cells, "account": "host c"}[name] for name in order])
            others.add(len(lines))
    if draw(st.booleans()):
        word = draw(st.sampled_from(["合计", "Total", "总计："]))
        lines.append([{"plays": "12345", order[0]: word}.get(name, "") for name in order])
        others.add(len(lines))
    if draw(st.integers(0, 3)) == 0:
        lines += [[], ["账号每日数据"], ["日期", "净增粉丝"]]
        others.add(len(lines) - 1)
        for k in range(draw(st.integers(1, 3))):
            day, number = dt.date(2026, 3, 1 + k), draw(st.none() | st.integers(-900, 900))
            lines.append([day.isoformat(), draw(st.sampled_from(MISSING)) if number is None else str(number)])
            days[len(lines)] = (day, number)
    return Page(lines, rows, others, days)


def _cell(
    name: str, k: int, when: dt.datetime, style: str, moments: str, whole: st.SearchStrategy[int],
    *, comma: bool, excel: bool, ruined: bool,
) -> st.SearchStrategy[tuple[Any, object]]:  # fmt: skip
    """What a cell says, and how it is written."""
    if name == "title":
        ends = st.sampled_from(["", "🍂", " #ootd @小鹿", ', "quoted"; a\tb', "=SUM"])
        return ends.map(lambda end: (f"第{k}条 video{end}".replace("\t", " "),) * 2)
    if name == "account":
        return st.sampled_from(["小鹿", "brand b"]).map(lambda text: (text, text))
    if name == "published_at":
        return st.just((when, moment_cell(when, moments, excel=excel)))
    if name == "video_id":
        digits = 7_312_345_678_901_234_000 + 3 * k + 1
        if ruined and excel:
            return st.just((LOST, float(digits)))
        if ruined:
            return st.just((LOST, f"{digits:.5E}"))
        return st.sampled_from(["{}", '="{}"', "'{}"]).map(lambda form: (str(digits), form.format(digits)))
    if name in dict(RATES).values():
        rates = st.integers(0, 10_000).map(lambda part: part / 10_000)
        if style == "bare":  # a column of per cent has some above 1
            rates = st.integers(101, 10_000).map(lambda part: part / 10_000)
        if excel and style == "share":
            return rates.map(lambda rate: (rate, rate))
        return rates.map(lambda rate: (rate, rate_text(rate, style, comma=comma)))
    if name == "avg_watch_s":
        lengths = st.integers(1, 500).map(lambda tenth: tenth / 10)
        return lengths.map(lambda s: (s, length_text(s, style, comma=comma)))
    numbers = whole
    if name == "follower_delta":
        numbers = st.integers(-5_000, 5_000)
    if excel and style == "plain":
        return numbers.map(lambda number: (number, number))
    return numbers.map(lambda number: (number, count_text(number, style)))


@st.composite
def _file(
    draw: st.DrawFn, container: str, lines: list[list[object]], delimiter: str, *, named: bool
) -> bytes:
    """The bytes of a file."""
    if container == "xlsx":
        return as_xlsx({"Sheet1": lines})
    if container == "page":
        return as_page(lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]))
    return as_csv(lines[named:], encoding, delimiter, f"{lines[0][0]}\r\n" if named else "")


def equal(one: Any, other: Any) -> bool:
    """Whether a number read is the number written."""
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)
