"""Several goals in one picture: an axis a goal from the worst of the variants to the best, a line a variant.

Takes places and words; gives chart data, and from it a figure. Does not compute statistics.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import laid_out
from sim.charts.theme import PALETTES, Ground

HEIGHT_PX = 340


class Line(NamedTuple):
    """A variant."""

    name: str
    """escaped"""
    hue: str
    front: bool
    """whether nothing beats it in every goal"""
    picked: bool
    places: tuple[float, ...]
    """by goal, 0 for the worst of the variants to 1 for the best"""
    told: tuple[str, ...]
    """what it reaches, by goal"""


class GoalsChart(NamedTuple):
    """What the figure shows."""

    goals: tuple[str, ...]
    """titles, escaped"""
    ends: tuple[tuple[str, str], ...]
    """what the worst and the best reach, by goal"""
    lines: tuple[Line, ...]


def goals_chart(titles: Sequence[str], lines: Sequence[Line]) -> GoalsChart:
    """The data of the figure: the picked one drawn last, above the others."""
    ends = []
    for k in range(len(titles)):
        ranked = sorted((line.places[k], line.told[k]) for line in lines)
        ends.append((ranked[0][1], ranked[-1][1]))
    order = sorted(lines, key=lambda line: (line.picked, line.front))
    shown = tuple(line._replace(name=escape(line.name, quote=False)) for line in order)
    return GoalsChart(tuple(escape(title, quote=False) for title in titles), tuple(ends), shown)


def goals_figure(chart: GoalsChart, ground: Ground = "light") -> go.Figure:
    """The figure: best on top."""
    palette = PALETTES[ground]
    figure = go.Figure()
    places = list(range(len(chart.goals)))
    for line in chart.lines:
        figure.add_scatter(
            x=places,
            y=list(line.places),
            mode="lines+markers",
            name=line.name,
            line={
                "color": line.hue if line.front else palette.line,
                "width": 4 if line.picked else 2,
                "dash": "solid" if line.front else "dot",
            },
            marker={"size": 13 if line.picked else 9, "color": line.hue if line.front else palette.muted},
            customdata=[list(row) for row in zip(chart.goals, line.told, strict=True)],
            hovertemplate=f"<b>{line.name}</b><br>%{{customdata[0]}}: %{{customdata[1]}}<extra></extra>",
            cliponaxis=False,
        )
    texts = [
        {
            "x": k, "y": y, "text": text, "showarrow": False, "yanchor": anchor,
            "font": {"size": 12, "color": palette.muted},
        }
        for k, (worst, best) in enumerate(chart.ends)
        for y, text, anchor in ((1.07, best, "bottom"), (-0.07, worst, "top"))
    ]  # fmt: skip
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        margin={"l": 24, "r": 24, "t": 24},
        showlegend=False,
        annotations=texts,
        xaxis={
            "tickvals": places, "ticktext": [title.replace(" ", "<br>") for title in chart.goals],
            "range": [-0.35, places[-1] + 0.35],
            "showgrid": True, "fixedrange": True, "zeroline": False, "tickfont": {"color": palette.text},
        },
        yaxis={"visible": False, "range": [-0.22, 1.22], "fixedrange": True},
    )  # fmt: skip
