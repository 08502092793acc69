"""How a metric answers to a varied key: a curve or rows with intervals; for two keys a heat map.

Takes a response (analysis/response.py), names and words; gives chart data, and from it a
figure. Numbers make a curve, words make rows. Grey means 'cannot be told apart from the best'.
Does not compute statistics.
"""

from collections.abc import Sequence
from html import escape
from math import log10, sqrt
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.analysis.response import Cell, Level, Response, Standing
from sim.charts.axes import LEGEND, THICK, Ruler, laid_out, of_names, of_numbers, ruler, whiskers
from sim.charts.intervals import standing_names
from sim.charts.theme import CATEGORIES, PALETTES, Ground, Palette, mixed
from sim.language.numbers import Kind, Scale, joined, scale
from sim.language.words import NC_, Language, Words

ROW_PX, ROOM_PX = 52, 96
"""Height of a row, and of what stands around the rows."""
CURVE_PX = 380
STEPS = 20
"""Steps between the smallest and the largest mean that stay visible in their texts (chosen)."""
MOST_TEXTS = 40
"""Cells of a heat map up to which each says its number (chosen)."""
LOG_SPAN = 30.0
"""Ratio of the ends from which the axis of a curve is logarithmic (chosen)."""
DEEPEST = 0.45
"""How far the deepest cell goes towards the accent: text stays readable on it (a test holds 4.5 : 1)."""
STANDINGS: tuple[Standing, ...] = ("best", "tied", "worse", "unknown")


class Mark(NamedTuple):
    """One level of a key."""

    name: str
    """escaped: plotly reads markup"""
    at: float
    """its number, or its place among the names"""
    standing: Standing
    mean: float
    low: float
    """the mean itself where there is no interval"""
    high: float
    label: str
    hover: str
    """mean, interval and runs, a line each"""


class LevelChart(NamedTuple):
    """What the picture of one key shows."""

    marks: tuple[Mark, ...]
    """by level"""
    numbers: bool
    """a curve over numbers; else rows"""
    log: bool
    axis: Ruler
    """of the metric"""


class HeatChart(NamedTuple):
    """What the picture of two keys shows."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    """names of the levels, escaped"""
    means: tuple[tuple[float | None, ...], ...]
    """by row and column; None where no point is whole"""
    texts: tuple[tuple[str, ...], ...]
    standings: tuple[tuple[Standing | None, ...], ...]
    hovers: tuple[tuple[str, ...], ...]


class ResponseWords(NamedTuple):
    """The words on the figure, in the reader's language."""

    key: str
    """the first key"""
    second: str
    """the second one; '' for one key"""
    best: str
    tied: str
    worse: str
    mean: str
    interval: str
    runs: str
    near: str
    """short sign in a cell that cannot be told apart from the best"""
    top: str
    """short sign in the best cell"""

    @classmethod
    def of(cls, words: Words, keys: Sequence[str], *, several: bool) -> "ResponseWords":
        """As the app has them, of one key or two; `several` are as good as the best."""
        key, second = (*keys, "")[:2]
        return cls(
            key=key,
            second=second,
            mean=words("Mean:"),
            runs=words("Runs:"),
            near=words(NC_("cell", "≈ best")),
            top=words(NC_("cell", "will do")) if several else words(NC_("cell", "best")),
            **standing_names(words, several=several),
        )


def level_chart(
    answer: Response, names: Sequence[str], kind: Kind, words: ResponseWords, language: Language
) -> LevelChart:
    """The data of the picture of one key.

    Args:
        answer: by the levels of one key.
        names: what to call each level.
        kind: what the metric counts.
        words: of the reader.
        language: of the numbers.
    """
    levels = answer.levels[0]
    numbers = all(level.low <= level.high for level in levels) and len(levels) > 1
    log = numbers and levels[0].low > 0 and levels[-1].high / levels[0].low >= LOG_SPAN
    fitting = _scale(answer.cells, kind, language)
    marks = []
    for cell in answer.cells:
        level, (low, high) = levels[cell.place[0]], _ends(cell, kind)
        marks.append(
            Mark(
                escape(names[cell.place[0]], quote=False),
                _middle(level, log=log) if numbers else float(cell.place[0]),
                cell.standing,
                cell.mean,
                low,
                high,
                fitting.text(cell.mean),
                _hover(cell, fitting, kind, words, language),
            )
        )
    low, high = min(mark.low for mark in marks), max(mark.high for mark in marks)
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return LevelChart(tuple(marks), numbers, log, ruler(low - room, high + room, kind, language))


def heat_chart(
    answer: Response,
    columns: Sequence[str],
    rows: Sequence[str],
    kind: Kind,
    words: ResponseWords,
    language: Language,
) -> HeatChart:
    """The data of the picture of two keys: the first one's levels are columns, the second one's rows."""
    fitting = _scale(answer.cells, kind, language)
    by_place = {cell.place: cell for cell in answer.cells}
    grid = [[by_place.get((x, y)) for x in range(len(columns))] for y in range(len(rows))]
    brief = len(answer.cells) <= MOST_TEXTS
    signs: dict[Standing, str] = {"best": words.top, "tied": words.near, "worse": "", "unknown": ""}

    def text(cell: Cell) -> str:
        lines = [fitting.text(cell.mean)] if brief else []
        return "<br>".join([*lines, *filter(None, [signs[cell.standing]])])

    return HeatChart(
        tuple(escape(name, quote=False) for name in columns),
        tuple(escape(name, quote=False) for name in rows),
        tuple(tuple(c.mean if c else None for c in row) for row in grid),
        tuple(tuple(text(c) if c else "" for c in row) for row in grid),
        tuple(tuple(c.standing if c else None for c in row) for row in grid),
        tuple(tuple(_hover(c, fitting, kind, words, language) if c else "" for c in row) for row in grid),
    )


def level_figure(chart: LevelChart, words: ResponseWords, ground: Ground = "light") -> go.Figure:
    """The figure of one key: a curve, or rows with the first level on top."""
    palette = PALETTES[ground]
    colours = _colours(ground)
    labels = {"best": words.best, "tied": words.tied, "worse": words.worse, "unknown": ""}
    figure = go.Figure()
    if chart.numbers:
        figure.add_scatter(
            x=[mark.at for mark in chart.marks],
            y=[mark.mean for mark in chart.marks],
            mode="lines",
            line={"color": palette.muted, "width": 1.5},
            hoverinfo="skip",
            showlegend=False,
        )
    for standing in STANDINGS:
        marks = [mark for mark in chart.marks if mark.standing == standing]
        if not marks:
            continue
        # Rows stand from top to bottom: place 0 is the highest.
        places = [mark.at if chart.numbers else -mark.at for mark in marks]
        means = [mark.mean for mark in marks]
        bars = whiskers(((mark.mean, mark.low, mark.high) for mark in marks), **THICK)
        figure.add_scatter(
            x=places if chart.numbers else means,
            y=means if chart.numbers else places,
            **{"error_y" if chart.numbers else "error_x": bars},
            mode="markers" if chart.numbers else "markers+text",
            marker={"size": 12, "color": colours[standing]},
            text=[mark.label for mark in marks],
            textposition="top center",
            textfont={"size": 13, "color": palette.text},
            customdata=[[mark.name, mark.hover] for mark in marks],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            name=labels[standing],
            showlegend=bool(labels[standing]),
            cliponaxis=False,
        )
    metric, key = of_numbers(chart.axis, palette), _key_axis(chart, words, palette)
    return laid_out(
        figure,
        ground,
        CURVE_PX if chart.numbers else ROW_PX * len(chart.marks) + ROOM_PX,
        margin={"r": 24, "t": 12},
        showlegend=True,
        legend=LEGEND,
        xaxis=key if chart.numbers else metric,
        yaxis=metric if chart.numbers else key,
    )


def heat_figure(chart: HeatChart, words: ResponseWords, ground: Ground = "light") -> go.Figure:
    """The figure of two keys; the first row on top."""
    palette = PALETTES[ground]
    figure = go.Figure(
        go.Heatmap(
            z=chart.means,
            x=list(range(len(chart.columns))),
            y=list(range(len(chart.rows))),
            text=chart.texts,
            texttemplate="%{text}",
            textfont={"size": 13, "color": palette.text},
            colorscale=[[0, palette.panel], [1, mixed(palette.accent, palette.panel, DEEPEST)]],
            showscale=False,
            xgap=3,
            ygap=3,
            customdata=[
                [[f"{column} · {row}", hover] for column, hover in zip(chart.columns, hovers, strict=True)]
                for row, hovers in zip(chart.rows, chart.hovers, strict=True)
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            hoverongaps=False,
        )
    )
    names = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": palette.text, "size": 13},
    }
    columns = {"tickvals": list(range(len(chart.columns))), "ticktext": chart.columns}
    rows = {"tickvals": list(range(len(chart.rows))), "ticktext": chart.rows, "autorange": "reversed"}
    return laid_out(
        figure,
        ground,
        max(ROW_PX * len(chart.rows), 2 * ROW_PX) + ROOM_PX,
        xaxis=names | columns | {"title": {"text": escape(words.key, quote=False)}},
        yaxis=names | rows | {"title": {"text": escape(words.second, quote=False)}},
    )


def _key_axis(chart: LevelChart, words: ResponseWords, palette: Palette) -> dict[str, Any]:
    """The axis of the key: its numbers, or its names from top to bottom."""
    title = {"text": escape(words.key, quote=False)}
    if not chart.numbers:
        ends = (-max(mark.at for mark in chart.marks) - 0.6, 0.6)
        places = [-mark.at for mark in chart.marks]
        return of_names([mark.name for mark in chart.marks], palette, ends, places=places)
    low, high = chart.marks[0].at, chart.marks[-1].at
    places = [log10(low), log10(high)] if chart.log else [low, high]
    room = 0.06 * (places[1] - places[0]) or 0.5
    return {
        "title": title,
        "type": "log" if chart.log else "linear",
        "range": [places[0] - room, places[1] + room],
        "tickvals": [mark.at for mark in chart.marks],
        "ticktext": [mark.name for mark in chart.marks],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _hover(cell: Cell, fitting: Scale, kind: Kind, words: ResponseWords, language: Language) -> str:
    """The lines of a hover below its title."""
    lines = [f"{words.mean} {fitting.text(cell.mean)}"]
    if cell.low is not None:
        lines.append(f"{words.interval} {joined(fitting, *_ends(cell, kind), language)}")
    return "<br>".join([*lines, f"{words.runs} {cell.runs:,}"])


def _colours(ground: Ground) -> dict[Standing, str]:
    palette = PALETTES[ground]
    return {"best": palette.accent, "tied": palette.muted, "worse": palette.behind, "unknown": CATEGORIES[0]}


def _scale(cells: Sequence[Cell], kind: Kind, language: Language) -> Scale:
    """One scale for all means, fine enough to tell them apart."""
    means = [cell.mean for cell in cells]
    plain = scale(max(map(abs, means)), kind, language)
    fine = scale(max(map(abs, means)), kind, language, (max(means) - min(means)) / STEPS)
    return plain._replace(digits=min(fine.digits, plain.digits + 1))  # more than that is noise


def _ends(cell: Cell, kind: Kind) -> tuple[float, float]:
    """The interval of a cell; its mean where it has none. A share stays between 0 and 1."""
    low = cell.mean if cell.low is None else cell.low
    high = cell.mean if cell.high is None else cell.high
    return (max(low, 0.0), min(high, 1.0)) if kind == "share" else (low, high)


def _middle(level: Level, *, log: bool) -> float:
    return sqrt(level.low * level.high) if log else (level.low + level.high) / 2
