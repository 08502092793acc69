"""What a link or an account carried, in numbers: by channel, and day by day as a small line.

Takes a run's tables; gives sums, and a small figure. Does not choose or simulate.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go
import polars as pl

from sim.charts.axes import LEGEND, laid_out, ruler
from sim.charts.theme import Ground
from sim.language.numbers import Kind, amount
from sim.language.words import Language

DAY_H = 24
HEIGHT_PX = 170
MOST_DAYS_MARKED = 8
COUNTS = ("visits", "impressions", "follows")


class Carried(NamedTuple):
    """What went over links."""

    visits: int
    impressions: int
    follows: int


class Series(NamedTuple):
    """One line of the small figure."""

    name: str
    colour: str
    dashed: bool
    values: tuple[int, ...]
    """by day"""


class DaysChart(NamedTuple):
    """What the small figure shows."""

    series: tuple[Series, ...]
    days: tuple[int, ...]
    """from 1"""


def total(links: pl.DataFrame) -> Carried:
    """What went over links in all."""
    return Carried(*(int(links[name].sum()) for name in COUNTS))


def by_channel(links: pl.DataFrame, channels: Sequence[str]) -> dict[str, Carried]:
    """What went over links through each channel, in the order given."""
    return {channel: total(links.filter(pl.col("channel") == channel)) for channel in channels}


def by_day(table: pl.DataFrame, column: str, days: int, start_h: int = 0) -> tuple[int, ...]:
    """A count of each day.

    Args:
        table: with hour and the column.
        column: what to count.
        days: how many.
        start_h: hour of the day at which the run begins.
    """
    found = [0] * days
    summed = table.group_by((pl.col("hour") + start_h) // DAY_H).agg(pl.col(column).sum())
    for day, count in summed.iter_rows():
        found[day] = int(count)
    return tuple(found)


def days_of(hours: int, start_h: int = 0) -> int:
    """Days that a run touches."""
    return -(-(start_h + hours) // DAY_H)


def days_figure(
    chart: DaysChart, words: Mapping[str, str], kind: Kind, language: Language, ground: Ground = "light"
) -> go.Figure:
    """The small figure.

    Args:
        chart: what to show.
        words: `day` with {day}, for the hover; `axis` with {day}, for the marks.
        kind: what is counted.
        language: of the numbers.
        ground: light or dark.
    """
    top = max((max(series.values, default=0) for series in chart.series), default=0) or 1
    up = ruler(0.0, top * 1.12, kind, language, whole=True, wanted=3)
    every = -(-len(chart.days) // MOST_DAYS_MARKED)
    shown = chart.days[::every]
    figure = go.Figure()
    for series in chart.series:
        figure.add_scatter(
            x=chart.days,
            y=series.values,
            mode="lines+markers",
            name=escape(series.name, quote=False),
            line={"color": series.colour, "width": 2, "dash": "dot" if series.dashed else "solid"},
            marker={"size": 6},
            text=[words["day"].format(day=day) for day in chart.days],
            customdata=[amount(value, kind, language) for value in series.values],
            hovertemplate="%{text}<br>%{fullData.name} %{customdata}<extra></extra>",
            cliponaxis=False,
        )
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        showlegend=len(chart.series) > 1,
        legend=LEGEND,
        margin={"l": 4, "r": 12, "t": 8, "b": 4},
        xaxis={
            "tickvals": shown,
            "ticktext": [words["axis"].format(day=day) for day in shown],
            "showgrid": False,
            "fixedrange": True,
            "range": [0.7, len(chart.days) + 0.3],
        },
        yaxis={
            "tickvals": up.marks,
            "ticktext": up.labels,
            "range": [up.low, up.high],
            "fixedrange": True,
        },
    )
