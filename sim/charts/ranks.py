"""The rank-size plot: views of every video against its rank, and what luck alone would leave of it.

Takes the table of videos, their accounts' colours and, if there are any, repeats with equal content;
gives chart data, and from it a figure on two log scales. A video that nobody saw has no place there.
"""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import polars as pl
from numpy.typing import NDArray

from sim.charts.axes import laid_out
from sim.charts.funnel import RUNNING
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import amount, short
from sim.language.vocabulary import QUANTITIES
from sim.language.words import Words

HEIGHT_PX = 400


class Point(NamedTuple):
    """One video."""

    key: str
    """as the page knows it"""
    name: str
    """escaped: plotly reads markup"""
    rank: int
    """from 1, by falling views"""
    views: int
    running: bool
    """still in a pool: it may yet rise"""


class Group(NamedTuple):
    """Videos of one account, or of all those that have no colour of their own."""

    account: str
    """as in the table, not escaped; empty for all those without a colour"""
    colour: str
    """empty: without one of its own"""
    points: tuple[Point, ...]


class Band(NamedTuple):
    """Views by rank over repeats with equal content."""

    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]


class RankChart(NamedTuple):
    """What the rank-size plot shows."""

    groups: tuple[Group, ...]
    hit: int
    unseen: int
    """videos that nobody saw"""
    last: int
    """lowest rank"""
    low: int
    high: int
    """ends of the axis of views [powers of 10]"""
    band: Band | None


def rank_chart(
    videos: pl.DataFrame,
    keys: Sequence[str],
    names: Sequence[str],
    colours: Mapping[str, str],
    hit: int,
    repeats: NDArray[np.int64] | None = None,
) -> RankChart:
    """The data of the rank-size plot.

    Args:
        videos: with the columns account, impressions and stop_reason.
        keys: of the videos, one a row.
        names: what to call them, one a row.
        colours: of accounts, in the order of the legend; the others share one.
        hit: views from which a video is a hit.
        repeats: views of the same videos with equal content, shape (repeats, videos).
    Returns:
        Points by account, and the axes.
    """
    views, accounts = videos["impressions"].to_list(), videos["account"].to_list()
    running = (videos["stop_reason"] == RUNNING).to_list()
    order = sorted((k for k, seen in enumerate(views) if seen > 0), key=lambda k: (-views[k], keys[k]))
    points: dict[str, list[Point]] = {account: [] for account in [*colours, ""]}
    for rank, k in enumerate(order, start=1):
        account = accounts[k] if accounts[k] in colours else ""
        points[account].append(Point(keys[k], escape(names[k], quote=False), rank, views[k], running[k]))
    groups = tuple(
        Group(account, colours.get(account, ""), tuple(found)) for account, found in points.items() if found
    )
    band = _band(repeats) if repeats is not None and repeats.size else None
    seen = [float(views[k]) for k in order] + [float(hit)]
    if band:
        seen += [limit for limit in (*band.low, *band.high) if limit >= 1]
    low, high = floor(log10(max(1.0, min(seen)))), ceil(log10(max(seen)) + 0.02)
    last = max(len(order), len(band.middle) if band else 0, 1)
    return RankChart(groups, hit, len(views) - len(order), last, low, max(high, low + 1), band)


def _band(repeats: NDArray[np.int64]) -> Band:
    ranked = -np.sort(-repeats, axis=1)
    low, middle, high = np.quantile(ranked, (0.1, 0.5, 0.9), axis=0)
    return Band(tuple(low.tolist()), tuple(middle.tolist()), tuple(high.tolist()))


def rank_figure(chart: RankChart, words: Words, ground: Ground, chosen: str = "") -> go.Figure:
    """The rank-size plot as a plotly figure; the chosen video wears a ring."""
    rank, views, language = words("Rank"), QUANTITIES["impressions"].label(words.language), words.language
    running, hit = words("still on its way"), words("hit mark {n}", n=short(chart.hit, language))
    palette, figure = PALETTES[ground], go.Figure()
    if chart.band:
        _add_band(figure, chart.band, palette.muted)
    for group in chart.groups:
        colour = group.colour or palette.muted
        figure.add_scatter(
            x=[point.rank for point in group.points],
            y=[point.views for point in group.points],
            mode="markers",
            marker={
                "size": 9,
                "color": [palette.background if point.running else colour for point in group.points],
                "line": {"color": colour, "width": 1.8},
            },
            # Streamlit hands these to the page when a point is clicked.
            customdata=[
                [
                    point.key,
                    point.name,
                    amount(point.views, "count", language),
                    f"<br>{running}" if point.running else "",
                ]
                for point in group.points
            ],
            hovertemplate=(
                f"<b>%{{customdata[1]}}</b><br>{views} %{{customdata[2]}}"
                f"<br>{rank} %{{x}}%{{customdata[3]}}<extra></extra>"
            ),
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
        )
    ring = [point for group in chart.groups for point in group.points if point.key == chosen]
    figure.add_scatter(
        x=[point.rank for point in ring],
        y=[point.views for point in ring],
        mode="markers",
        marker={"symbol": "circle-open", "size": 19, "color": palette.text, "line": {"width": 2}},
        hoverinfo="skip",
        cliponaxis=False,
    )
    figure.add_hline(y=chart.hit, line={"color": palette.text, "width": 1, "dash": "dash"})
    figure.add_annotation(
        x=1, xref="paper", y=log10(chart.hit), xanchor="right", yanchor="bottom", showarrow=False,
        text=hit, font={"size": 13, "color": palette.text},
    )  # fmt: skip
    powers = [10**k for k in range(chart.low, chart.high + 1)]
    ranks = [n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if n <= chart.last]
    axis = {"type": "log", "fixedrange": True, "showgrid": True, "gridcolor": palette.line, "zeroline": False}
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        clickmode="event+select",
        showlegend=False,
        xaxis={**axis, "tickvals": ranks, "ticktext": [f"{n:,}" for n in ranks],
               "range": [-0.06, log10(chart.last) + 0.06], "title": {"text": rank}},
        yaxis={**axis, "tickvals": powers, "ticktext": [short(power, language) for power in powers],
               "range": [chart.low - 0.05, chart.high], "title": {"text": views}},
        margin={"r": 12, "t": 12},
    )  # fmt: skip


def _add_band(figure: go.Figure, band: Band, colour: str) -> None:
    """The middle four fifths of the repeats, and their median."""
    drawn = [k for k, high in enumerate(band.high) if high >= 1]
    ranks = [k + 1 for k in drawn]
    common = {"mode": "lines", "hoverinfo": "skip", "x": ranks}
    figure.add_scatter(**common, y=[max(1.0, band.low[k]) for k in drawn], line={"width": 0})
    figure.add_scatter(
        **common,
        y=[band.high[k] for k in drawn],
        line={"width": 0},
        fill="tonexty",
        fillcolor=f"rgba({','.join(str(part) for part in bytes.fromhex(colour[1:]))},0.22)",
    )
    figure.add_scatter(
        **common,
        y=[max(1.0, band.middle[k]) for k in drawn],
        line={"width": 2, "color": colour},
    )
