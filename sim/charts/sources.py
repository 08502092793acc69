"""Where views come from: the scenario's shares with their intervals, and beside them what an export shows.

Takes rows of `forecast.places` as a score has them; gives chart data, and from it a figure: a bar a place,
and a diamond for the export, hollow where it lies outside of the interval. Bars rather than a pie: only on
them an interval can be seen and two can be compared. Does not compute statistics.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import LEGEND, Ruler, laid_out, of_names, of_numbers, ruler, whiskers
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import COLON, amount, span
from sim.language.places import PLACES
from sim.language.words import NC_, Language, Words

ROW_PX = 50
MARGIN_PX = 84
ROOM = 1.08
"""Where the axis ends, over the largest number on it."""


class Source(NamedTuple):
    """One place."""

    name: str
    share: float
    low: float
    high: float
    seen: float | None
    """of the export; None without one"""
    within: bool | None
    told: str
    """share and interval as text"""
    seen_told: str


class SourceChart(NamedTuple):
    """What the figure shows."""

    rows: tuple[Source, ...]
    """in the order of the places"""
    axis: Ruler


def source_chart(rows: Sequence[Mapping[str, Any]], language: Language) -> SourceChart:
    """The data of the figure.

    Args:
        rows: place, share, low, high, seen and within of each, shares in 0..1.
        language: of names and numbers.
    """
    found = tuple(
        Source(
            PLACES[row["place"]].label(language),
            row["share"], row["low"], row["high"], row["seen"], row["within"],
            f"{amount(row['share'], 'share', language)} ({span(row['low'], row['high'], 'share', language)})",
            "" if row["seen"] is None else amount(row["seen"], "share", language),
        )
        for row in rows
    )  # fmt: skip
    largest = max((number for row in found for number in (row.share, row.high, row.seen or 0.0)), default=0.0)
    return SourceChart(found, ruler(0.0, min(1.0, ROOM * largest) or 1.0, "share", language))


def source_figure(chart: SourceChart, words: Words, ground: Ground = "light") -> go.Figure:
    """The figure, places from the top down."""
    palette = PALETTES[ground]
    top = len(chart.rows) - 1
    figure = go.Figure(
        go.Bar(
            x=[row.share for row in chart.rows],
            y=[top - k for k in range(len(chart.rows))],
            orientation="h",
            width=0.5,
            marker={"color": palette.muted},
            error_x=whiskers(
                ((row.share, row.low, row.high) for row in chart.rows),
                color=palette.text,
                thickness=2,
                width=6,
            ),
            customdata=[[row.name, row.told] for row in chart.rows],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            name=words("Scenario, with {level} % interval", level=90),
        )
    )
    export = words(NC_("source", "Export")) + COLON[words.language]
    sides = (True, words("within"), "diamond"), (False, words("outside"), "diamond-open")
    for within, label, symbol in sides:
        rows = [(top - k, row) for k, row in enumerate(chart.rows) if row.within is within]
        if not rows:
            continue
        figure.add_scatter(
            x=[row.seen for _, row in rows],
            y=[height for height, _ in rows],
            mode="markers",
            marker={"size": 14, "color": palette.accent, "symbol": symbol, "line": {"width": 2.5}},
            customdata=[[row.name, row.seen_told] for _, row in rows],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            name=export + label,
            cliponaxis=False,
        )
    return laid_out(
        figure,
        ground,
        ROW_PX * len(chart.rows) + MARGIN_PX,
        showlegend=True,
        legend=LEGEND,
        xaxis=of_numbers(chart.axis, palette),
        yaxis=of_names([row.name for row in chart.rows], palette, (-0.6, len(chart.rows) - 0.4)),
    )
