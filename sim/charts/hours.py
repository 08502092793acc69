"""Impressions hour by hour, one band an account, stacked: when the traffic came, and whose it was.

Takes counts by hour; gives chart data, and from it a figure. Hours are summed into steps, so
that a month is as readable as a week. Does not know tables.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import BENEATH, Coloured, Ruler, laid_out, ruler
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import amount
from sim.language.words import Language

STEPS = (1, 2, 3, 4, 6, 8, 12, 24)
"""Hours that a point may stand for: parts of a day (chosen)."""
MOST_POINTS = 90
"""Points of a band, past which the steps grow: on a phone a point then has 4 px (chosen)."""
MOST_MARKS = 10
DAY_H = 24
HEIGHT_PX = 340
ROW_PX = 22
"""Height of a row of the legend."""


class HoursChart(NamedTuple):
    """What the figure shows."""

    bands: tuple[Coloured, ...]
    """each account's part, by step"""
    step_h: int
    starts: tuple[int, ...]
    """first hour of each step"""
    spans: tuple[str, ...]
    """each step in words, for the hover"""
    marks: tuple[int, ...]
    """hours at which a day begins; the first is named, the others have their number"""
    mark_labels: tuple[str, ...]
    up: Ruler


def hours_chart(
    bands: Sequence[tuple[str, str, Sequence[int]]], hours: int, day: str, language: Language
) -> HoursChart:
    """The data of the figure.

    Args:
        bands: name, colour and counts by hour, from the bottom up.
        hours: length of the run [h].
        day: what a day is called, with {day} for its number.
        language: of the numbers.
    Returns:
        Bands by step; no impression is lost by the summing.
    """
    step = next((s for s in STEPS if hours <= s * MOST_POINTS), STEPS[-1])
    starts = tuple(range(0, hours, step))
    made = tuple(
        Coloured(escape(name, quote=False), colour, tuple(sum(counts[h : h + step]) for h in starts))
        for name, colour, counts in bands
    )
    spans = tuple(
        f"{day.format(day=h // DAY_H + 1)} {h % DAY_H:02}:00–{(min(h + step, hours) - 1) % DAY_H + 1:02}:00"
        for h in starts
    )
    days = -(-hours // DAY_H)
    every = -(-days // MOST_MARKS)
    marks = tuple(DAY_H * d for d in range(0, days, every))
    top = max((sum(parts) for parts in zip(*(band.counts for band in made), strict=True)), default=0)
    up = ruler(0.0, max(top, 1) * 1.02, "count", language, whole=True)
    return HoursChart(
        made,
        step,
        starts,
        spans,
        marks,
        (day.format(day=1), *(str(m // DAY_H + 1) for m in marks[1:])),
        up,
    )


def hours_figure(chart: HoursChart, hover: str, language: Language, ground: Ground = "light") -> go.Figure:
    """The figure.

    Args:
        chart: of `hours_chart`.
        hover: text of a point, with {impressions} for their number.
        language: of the numbers.
        ground: light or dark.
    """
    palette = PALETTES[ground]
    figure = go.Figure()
    for band in chart.bands:
        figure.add_bar(
            x=list(chart.starts),
            y=list(band.counts),
            width=chart.step_h,
            offset=0,
            name=band.name,
            marker={"color": band.colour, "line": {"width": 0}},
            customdata=[
                [band.name, span, hover.format(impressions=amount(count, "count", language))]
                for span, count in zip(chart.spans, band.counts, strict=True)
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )
    return laid_out(
        figure,
        ground,
        HEIGHT_PX + ROW_PX * (len(chart.bands) // 4),
        barmode="stack",
        showlegend=len(chart.bands) > 1,
        legend=BENEATH | {"traceorder": "normal"},
        xaxis={
            "range": [0, chart.starts[-1] + chart.step_h],
            "tickvals": list(chart.marks),
            "ticktext": list(chart.mark_labels),
            "ticklabelposition": "outside right",
            "tickangle": 0,
            "ticks": "outside",
            "tickcolor": palette.line,
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis={
            "tickvals": chart.up.marks,
            "ticktext": chart.up.labels,
            "rangemode": "tozero",
            "gridcolor": palette.line,
            "fixedrange": True,
        },
    )
