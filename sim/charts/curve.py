"""A result against how much of something there is: money, accounts. Lines with intervals.

Takes means and limits by line; gives chart data, and from it a figure. Both axes are linear, so that a curve
that flattens looks flat. Does not compute statistics.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import Ruler, laid_out, of_numbers, round_marks, ruler, whiskers
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import Kind, amount, short, span
from sim.language.words import Language

HEIGHT_PX = 340
ROOM = 0.05
"""Of an axis, beyond its ends."""
DODGE = 0.008
"""Of the horizontal axis, between the same place of two lines: their intervals would hide one another."""


class Point(NamedTuple):
    """One amount and its result, before it is drawn; limits are None where they were refused."""

    x: float
    name: str
    mean: float
    low: float | None
    high: float | None


class Line(NamedTuple):
    """One line; its name is escaped."""

    name: str
    colour: str
    points: tuple[Point, ...]
    labels: tuple[tuple[str, str, str], ...]
    """by point: what it is, its mean and its interval, in words, escaped"""


class CurveChart(NamedTuple):
    """What the figure shows."""

    lines: tuple[Line, ...]
    across: tuple[float, float]
    up: Ruler
    marks: tuple[float, ...]
    mark_labels: tuple[str, ...]


def curve_chart(
    lines: Sequence[tuple[str, str, Sequence[Point]]], kind: Kind, language: Language
) -> CurveChart:
    """The data of the figure.

    Args:
        lines: name, colour and points by rising amount.
        kind: what the result counts.
        language: of the numbers.
    """
    points = [point for _, _, own in lines for point in own]
    ends = [value for p in points for value in (p.mean, p.low, p.high) if value is not None]
    bottom, top = min(0.0, *ends), max(0.0, *ends)
    least, most = min(p.x for p in points), max(p.x for p in points)
    tall, wide = (top - bottom) or 1.0, (most - min(0.0, least)) or 1.0
    up = bottom - ROOM * tall * (bottom < 0), top + ROOM * tall
    across = min(0.0, least) - ROOM * wide, most + ROOM * wide
    marks = tuple(m for m in round_marks(0.0, most, 4) if m == round(m))
    return CurveChart(
        tuple(
            Line(
                escape(name, quote=False),
                colour,
                tuple(own),
                tuple(
                    (
                        escape(p.name, quote=False),
                        amount(p.mean, kind, language),
                        span(p.low, p.high, kind, language),
                    )
                    for p in own
                ),
            )
            for name, colour, own in lines
        ),
        across,
        ruler(*up, kind, language),
        marks,
        tuple(short(round(mark), language) for mark in marks),
    )


def curve_figure(
    chart: CurveChart,
    interval: str,
    across: str,
    ground: Ground = "light",
    beyond: tuple[float, str] | None = None,
) -> go.Figure:
    """The figure.

    Args:
        chart: of `curve_chart`.
        interval: the word before an interval.
        across: title of the horizontal axis.
        ground: light or dark.
        beyond: from where on something is said of the curve, and what.
    """
    palette, figure = PALETTES[ground], go.Figure()
    apart = DODGE * (chart.across[1] - chart.across[0])
    for k, line in enumerate(chart.lines):
        shift = apart * (k - (len(chart.lines) - 1) / 2)
        figure.add_scatter(
            x=[point.x + shift for point in line.points],
            y=[point.mean for point in line.points],
            mode="lines+markers",
            name=line.name,
            line={"color": line.colour, "width": 2},
            marker={"color": line.colour, "size": 8},
            error_y=whiskers(
                ((p.mean, p.low, p.high) for p in line.points), color=line.colour, thickness=1.5, width=4
            ),
            customdata=line.labels,
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>%{{customdata[1]}}"
            f"<br>{interval} %{{customdata[2]}}<extra>{line.name}</extra>",
            cliponaxis=False,
        )
    if beyond is not None:
        figure.add_vline(x=beyond[0], line={"color": palette.muted, "width": 1, "dash": "dash"})
        figure.add_annotation(
            x=beyond[0], y=1, yref="paper", yanchor="bottom", text=escape(beyond[1], quote=False),
            showarrow=False, font={"size": 13, "color": palette.text},
        )  # fmt: skip
    axis = {"fixedrange": True, "showgrid": True, "gridcolor": palette.line, "zeroline": False}
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        margin={"t": 30, "r": 16},
        showlegend=False,
        xaxis={
            **axis, "range": chart.across, "tickvals": chart.marks, "ticktext": chart.mark_labels,
            "title": {"text": across},
        },
        yaxis=of_numbers(chart.up, palette, zero=chart.up.low < 0),
    )  # fmt: skip
