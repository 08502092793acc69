"""The map of the assumptions: which variant is best over the two that move the answer most.

Takes `robust` of comparison.json, names and colours; gives chart data, and from it a figure. Grey means
'cannot tell'. An area is a share of the assumptions' range, no probability. Does not compute statistics.
"""

from collections.abc import Mapping
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import laid_out
from sim.charts.theme import PALETTES, Ground, mixed
from sim.language.numbers import plain
from sim.language.words import Language, Words

HEIGHT_PX = 420
PALE = 0.35
"""How much of the muted colour 'cannot tell' has: less than any variant's."""
LINE: dict[Language, int] = {"zh": 20, "en": 40}
"""Characters of a line of an axis title, so that it fits a phone."""
NOBODY = -1
MIDDLE = 0.5
AWAY_PX = 14
"""From the mark of the scenario to its words."""


class Axis(NamedTuple):
    """One assumption."""

    title: str
    """escaped, lines joined by <br>"""
    low: float
    high: float
    here: float
    """the scenario's own value, as a share of the way from low to high [0..1]"""
    ends: tuple[str, str, str]
    """low, middle and high as text"""


class BoxChart(NamedTuple):
    """What the map shows."""

    axes: tuple[Axis, Axis]
    """across, upwards"""
    cells: tuple[tuple[int, ...], ...]
    """number of the best variant, or NOBODY; rows upwards from the low end"""
    names: tuple[str, ...]
    """of those that are best anywhere, escaped"""
    hues: tuple[str, ...]
    shares: tuple[float, ...]
    """of the map, of each of them"""
    nobody: float
    """share of the map in which it cannot be told"""


def box_chart(
    robust: Mapping[str, Any],
    names: Mapping[str, str],
    hues: Mapping[str, str],
    axes: Mapping[str, str],
    language: Language,
) -> BoxChart:
    """The data of the map.

    Args:
        robust: of comparison.json.
        names: what to call each variant.
        hues: its colour, the same in every figure of the page.
        axes: what to call an assumption, by its key.
        language: of the axes.
    """
    order = sorted(
        (name for name, share in robust["shares"].items() if share), key=lambda n: -robust["shares"][n]
    )
    cells = tuple(
        tuple(NOBODY if name is None else order.index(name) for name in row)
        for row in zip(*robust["best"], strict=True)  # a row of the document runs along the second assumption
    )
    first, second = (_axis(axis, axes.get(axis["key"], axis["key"]), language) for axis in robust["axes"])
    return BoxChart(
        (first, second),
        cells,
        tuple(escape(names.get(name, name), quote=False) for name in order),
        tuple(hues[name] for name in order),
        tuple(float(robust["shares"][name]) for name in order),
        float(robust["cannot_tell"]),
    )


def box_figure(chart: BoxChart, words: Words, ground: Ground = "light") -> go.Figure:
    """The figure; what its colours mean stands beside it, with the shares."""
    palette = PALETTES[ground]
    hues = (nobody_hue(ground), *chart.hues)
    said = (words("Cannot tell"), *(words("Best: {name}", name=name) for name in chart.names))
    steps = len(hues)
    across, upwards = chart.axes
    side = len(chart.cells)
    middles = [(k + 0.5) / side for k in range(side)]
    figure = go.Figure(
        go.Heatmap(
            z=[[best + 1 for best in row] for row in chart.cells],
            x=middles,
            y=middles,
            zmin=-0.5,
            zmax=steps - 0.5,
            colorscale=[
                point for k, hue in enumerate(hues) for point in ([k / steps, hue], [(k + 1) / steps, hue])
            ],
            showscale=False,
            customdata=[[said[best + 1] for best in row] for row in chart.cells],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[across.here],
        y=[upwards.here],
        mode="markers",
        marker={"size": 15, "color": palette.background, "line": {"color": palette.text, "width": 3}},
        hoverinfo="skip",
        cliponaxis=False,
        showlegend=False,
    )
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        margin={"r": 24, "t": 16},
        annotations=[
            {
                "x": across.here, "y": upwards.here, "text": words("You are here"), "showarrow": False,
                "xanchor": "right" if across.here > MIDDLE else "left",
                "xshift": AWAY_PX if across.here <= MIDDLE else -AWAY_PX,
                "bgcolor": palette.background, "borderpad": 3,
                "font": {"size": 14, "color": palette.text},
            }
        ],
        xaxis=_drawn(across),
        yaxis=_drawn(upwards),
    )  # fmt: skip


def nobody_hue(ground: Ground) -> str:
    """The colour of 'cannot tell'."""
    palette = PALETTES[ground]
    return mixed(palette.muted, palette.background, PALE)


def _axis(axis: Mapping[str, Any], name: str, language: Language) -> Axis:
    low, high = float(axis["low"]), float(axis["high"])
    here = (float(axis["here"]) - low) / (high - low) if high > low else 0.5
    lines = wrap(name, LINE[language]) if language == "en" else _cut(name, LINE[language])
    title = "<br>".join(escape(line, quote=False) for line in lines)
    ends = [plain(end, language).strip() for end in (low, (low + high) / 2, high)]
    return Axis(title, low, high, min(max(here, 0.0), 1.0), (ends[0], ends[1], ends[2]))


def _cut(text: str, length: int) -> list[str]:
    return [text[k : k + length] for k in range(0, len(text), length)]


def _drawn(axis: Axis) -> dict[str, Any]:
    return {
        "title": {"text": axis.title},
        "range": [0, 1],
        "tickvals": [0, 0.5, 1],
        "ticktext": axis.ends,
        "ticklabeloverflow": "allow",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
