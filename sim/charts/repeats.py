"""One video posted again and again: where luck alone takes it, beside where it went.

Takes views of repeats and of the video itself; gives chart data, and from it a figure: a dot a repeat on
a log scale, and a bar over the middle four fifths of them.
"""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from sim.charts.axes import LEGEND, laid_out
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import amount, short
from sim.language.vocabulary import QUANTITIES
from sim.language.words import Words

HEIGHT_PX = 190
EDGE = 0.1
"""Free room at either end of the axis [log10]."""
MOST_MARKS = 6
"""As many as a phone has room for."""


class RepeatChart(NamedTuple):
    """What the strip shows; all in views, nobody's counts as 1."""

    views: tuple[int, ...]
    """of the repeats, increasing"""
    low: float
    middle: float
    high: float
    """tenth, half and nine tenths of the repeats lie below"""
    own: int
    """of the video in the run on the page"""
    hit: int
    hits: int
    """repeats past the hit mark"""
    left: float
    right: float
    """ends of the axis [log10 views]"""
    marks: tuple[int, ...]


def repeat_chart(views: Sequence[int], own: int, hit: int) -> RepeatChart:
    """The data of the strip.

    Args:
        views: of the repeats, at least one.
        own: of the video in the run on the page.
        hit: views from which a video is a hit.
    Raises:
        ValueError: no repeats.
    """
    if not views:
        raise ValueError("no repeats")
    low, middle, high = np.quantile(views, (0.1, 0.5, 0.9)).tolist()
    ends = [log10(max(1, n)) for n in (*views, own)]
    left, right = min(ends) - EDGE, max(ends) + EDGE
    return RepeatChart(
        tuple(sorted(max(1, n) for n in views)),
        max(1.0, low),
        max(1.0, middle),
        max(1.0, high),
        max(1, own),
        hit,
        sum(n >= hit for n in views),
        left,
        right,
        _marks(left, right),
    )


def _marks(left: float, right: float) -> tuple[int, ...]:
    """Round numbers on a log axis: 1, 2 and 5 times powers of ten, or the powers alone where those crowd."""
    powers = [10**k for k in range(max(0, floor(left)), ceil(right) + 1)]
    fine = [factor * power for power in powers for factor in (1, 2, 5)]
    inside = [[n for n in numbers if left <= log10(n) <= right] for numbers in (fine, powers)]
    return tuple(inside[0] if len(inside[0]) <= MOST_MARKS else inside[1])


def repeat_figure(chart: RepeatChart, words: Words, ground: Ground) -> go.Figure:
    """The strip as a plotly figure."""
    language, own = words.language, words("this run")
    views, hit = QUANTITIES["impressions"].label(language), QUANTITIES["hit_mark"].said(language)
    palette, figure = PALETTES[ground], go.Figure()
    figure.add_scatter(
        x=[chart.low, chart.high],
        y=[0, 0],
        mode="lines",
        line={"color": palette.muted, "width": 14},
        opacity=0.35,
        name=words("middle 80 %"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=chart.views,
        y=_piled(chart),
        mode="markers",
        marker={"size": 8, "color": palette.muted},
        name=words("one repeat"),
        customdata=[amount(n, "count", language) for n in chart.views],
        hovertemplate=f"{views} %{{customdata}}<extra></extra>",
        cliponaxis=False,
    )
    figure.add_scatter(
        x=[chart.own],
        y=[0],
        mode="markers",
        marker={"size": 15, "symbol": "diamond", "color": palette.accent,
                "line": {"width": 1.5, "color": palette.background}},
        name=own,
        customdata=[amount(chart.own, "count", language)],
        hovertemplate=f"{own}: %{{customdata}}<extra></extra>",
        cliponaxis=False,
    )  # fmt: skip
    if chart.left <= log10(chart.hit) <= chart.right:
        figure.add_vline(x=chart.hit, line={"color": palette.text, "width": 1, "dash": "dash"})
        figure.add_annotation(
            x=log10(chart.hit), y=1, yref="paper", xanchor="left", yanchor="top", showarrow=False,
            text=hit, font={"size": 13, "color": palette.text}, xshift=3,
        )  # fmt: skip
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        legend=LEGEND,
        xaxis={"type": "log", "range": [chart.left, chart.right], "tickvals": chart.marks, "fixedrange": True,
               "ticktext": [short(n, language) for n in chart.marks], "showgrid": True,
               "gridcolor": palette.line, "title": {"text": views}},
        yaxis={"range": [-0.6, 1.2], "visible": False, "fixedrange": True},
        margin={"r": 16},
    )  # fmt: skip


def _piled(chart: RepeatChart) -> list[float]:
    """Heights of the dots: those that would cover one another stand on top of one another."""
    near = (chart.right - chart.left) / 60
    heights, last, level = [], -1.0, 0
    for n in chart.views:
        at = log10(n)
        level = level + 1 if at - last < near else 0
        if level == 0:
            last = at
        heights.append(0.14 * level)
    return heights
