"""A table as a field of colour: who saw two accounts, how long fans stay.

Takes numbers, names and texts; gives chart data, and from it a figure. Does not compute statistics.
"""

from collections.abc import Sequence
from html import escape
from math import isfinite, nan
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import laid_out
from sim.charts.places import wrapped
from sim.charts.theme import PALETTES, Ground, mixed

ROW_PX, EDGE_PX = 30, 96
DARKEST = 0.72
"""Share of the scale past which a text is written in the ground's colour: below, dark text reads better."""
MOST_TEXTS = 12
"""Columns up to which each cell has its text; of more only the hover (chosen: 390 px)."""


class Grid(NamedTuple):
    """What the figure shows."""

    rows: tuple[str, ...]
    """names from the top down, escaped"""
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    """by row and column; nan where there is nothing"""
    texts: tuple[tuple[str, ...], ...]
    told: tuple[tuple[str, ...], ...]
    """of the hover, escaped"""

    @property
    def most(self) -> float:
        """The largest value."""
        return max((value for row in self.values for value in row if isfinite(value)), default=0.0) or 1.0


def grid_chart(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: dict[tuple[int, int], tuple[float, str, str]],
) -> Grid:
    """The data of the figure.

    Args:
        rows: what they are called, from the top down.
        columns: likewise.
        cells: by row and column: value, text, and what the hover tells; cells without one stay empty.
    """
    places = [[(r, c) for c in range(len(columns))] for r in range(len(rows))]
    nothing = (nan, "", "")
    return Grid(
        tuple("<br>".join(escape(part, quote=False) for part in wrapped(name, 14)) for name in rows),
        tuple("<br>".join(escape(part, quote=False) for part in wrapped(name, 10)) for name in columns),
        tuple(tuple(cells.get(place, nothing)[0] for place in row) for row in places),
        tuple(tuple(cells.get(place, nothing)[1] for place in row) for row in places),
        tuple(tuple(escape(cells.get(place, nothing)[2], quote=False) for place in row) for row in places),
    )


def grid_figure(chart: Grid, ground: Ground = "light", across: str = "") -> go.Figure:
    """The figure.

    Args:
        chart: of `grid_chart`.
        ground: light or dark.
        across: what the columns are, below them.
    """
    palette = PALETTES[ground]
    places, heights = list(range(len(chart.columns))), list(range(len(chart.rows)))[::-1]
    figure = go.Figure()
    figure.add_heatmap(
        x=places, y=heights, z=chart.values, zmin=0.0, zmax=chart.most, xgap=2, ygap=2, showscale=False,
        colorscale=[[0.0, mixed(palette.accent, palette.background, 0.06)], [1.0, palette.accent]],
        customdata=chart.told, hovertemplate="%{customdata}<extra></extra>", hoverongaps=False,
    )  # fmt: skip
    if len(chart.columns) <= MOST_TEXTS:
        for height, row, texts in zip(heights, chart.values, chart.texts, strict=True):
            figure.add_scatter(
                x=places, y=[height] * len(places), mode="text", text=list(texts), hoverinfo="skip",
                textfont={
                    "size": 12,
                    "color": [
                        palette.background if value > DARKEST * chart.most else palette.text for value in row
                    ],
                },
            )  # fmt: skip
    sides = {"showgrid": False, "zeroline": False, "fixedrange": True}
    return laid_out(
        figure,
        ground,
        ROW_PX * len(chart.rows) + EDGE_PX,
        showlegend=False,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        xaxis={
            **sides, "tickvals": places, "ticktext": list(chart.columns), "range": [-0.5, len(places) - 0.5],
            "title": {"text": across}, "tickangle": 0 if len(places) <= MOST_TEXTS else None,
        },
        yaxis={
            **sides, "tickvals": heights, "ticktext": list(chart.rows), "range": [-0.5, len(heights) - 0.5],
            "tickfont": {"color": palette.text},
        },
    )  # fmt: skip
