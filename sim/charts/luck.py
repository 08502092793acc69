"""What single launches gave: one dot a seed for each variant, and the mean, so that luck can be seen.

Takes values by variant and seed; gives chart data, and from it a figure. Dots of near values are
moved apart by a rule, not at random. Does not compute statistics.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import Ruler, laid_out, of_names, of_numbers, ruler, upright
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import Kind, amount
from sim.language.words import Language

ROW_PX = 58
MARGIN_PX = 48
LANES = (0.0, 0.16, -0.16, 0.28, -0.28)
"""Heights at which dots stand that would cover each other [rows]."""
HOVER = "<b>%{customdata[0]}</b><br>%{customdata[1]}: %{customdata[2]}<extra></extra>"
CLOSE = 0.012
"""Share of the axis within which two dots touch."""


class Launches(NamedTuple):
    """One variant."""

    name: str
    """escaped: plotly reads markup"""
    values: tuple[float, ...]
    """in the order of the seeds"""
    lanes: tuple[float, ...]
    """height of each dot over its row"""
    mean: float
    colour: str


class LuckChart(NamedTuple):
    """What the figure shows."""

    rows: tuple[Launches, ...]
    """by falling mean"""
    axis: Ruler


def luck_chart(
    values: Mapping[str, Sequence[float]],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    kind: Kind,
    language: Language,
) -> LuckChart:
    """The data of the figure.

    Args:
        values: of the metric, by variant, in the order of the seeds; at least one each.
        names: what to call each variant.
        colours: of the dots, by variant.
        kind: what the metric counts.
        language: of the numbers.
    Returns:
        Rows by falling mean, and the axis.
    """
    everything = [value for row in values.values() for value in row]
    low, high = min(everything), max(everything)
    room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    low, high = (0.0 if 0 <= low < 2 * room else low - room), high + room
    axis = ruler(low, high, kind, language)
    rows = [
        Launches(
            escape(names.get(key, key), quote=False),
            tuple(row),
            _lanes(row, CLOSE * (high - low)),
            sum(row) / len(row),
            colours[key],
        )
        for key, row in values.items()
    ]
    rows.sort(key=lambda row: -row.mean)
    return LuckChart(tuple(rows), axis)


def luck_figure(
    chart: LuckChart,
    seeds: Sequence[str],
    mean: str,
    kind: Kind,
    language: Language,
    ground: Ground = "light",
) -> go.Figure:
    """The figure, the highest mean on top.

    Args:
        chart: of `luck_chart`.
        seeds: what each seed is called, in order.
        mean: the word for it.
        kind: what the metric counts.
        language: of the numbers.
        ground: light or dark.
    """
    palette = PALETTES[ground]
    figure = go.Figure()
    top = len(chart.rows) - 1
    for k, row in enumerate(chart.rows):
        figure.add_scatter(
            x=list(row.values),
            y=[top - k + lane for lane in row.lanes],
            mode="markers",
            marker={"size": 9, "color": row.colour, "opacity": 0.62, "line": {"width": 0}},
            customdata=[
                [row.name, seed, amount(value, kind, language)]
                for seed, value in zip(seeds, row.values, strict=False)
            ],
            hovertemplate=HOVER,
            showlegend=False,
        )
        figure.add_scatter(
            x=[row.mean],
            y=[top - k],
            mode="markers",
            marker=upright("line-ns", 30, 2.5, palette.text),
            customdata=[[row.name, mean, amount(row.mean, kind, language)]],
            hovertemplate=HOVER,
            showlegend=False,
        )
    return laid_out(
        figure,
        ground,
        ROW_PX * len(chart.rows) + MARGIN_PX,
        xaxis=of_numbers(chart.axis, palette),
        yaxis=of_names([row.name for row in chart.rows], palette, (-0.6, len(chart.rows) - 0.4)),
    )


def _lanes(values: Sequence[float], close: float) -> tuple[float, ...]:
    """Heights at which dots do not cover each other, as far as there are lanes."""
    lanes = [0.0] * len(values)
    last = [float("-inf")] * len(LANES)
    for place in sorted(range(len(values)), key=lambda k: values[k]):
        value = values[place]
        lane = next((k for k, end in enumerate(last) if value - end >= close), None)
        if lane is None:
            lane = min(range(len(LANES)), key=lambda k: last[k])
        lanes[place], last[lane] = LANES[lane], value
    return tuple(lanes)
