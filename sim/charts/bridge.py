"""From one plan to another, step by step: what each part of the money adds or takes (waterfall).

The axis need not hold 0, for what parts two plans is often small beside either: ends are points, not bars.

Takes amounts with their intervals; gives chart data, and from it a figure. Does not compute statistics.
"""

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import Literal, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import Ruler, laid_out, of_names, of_numbers, ruler, whiskers
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import Kind, joined, scale
from sim.language.words import Language

ROW_PX, EDGE_PX, ROOM = 40, 70, 0.12
Side = Literal["end", "more", "less"]


class Step(NamedTuple):
    """One bar."""

    name: str
    """escaped"""
    side: Side
    """where one starts or arrives, what adds, what takes"""
    start: float
    """where the bar begins"""
    size: float
    low: float | None
    """interval of the size; None for none"""
    high: float | None
    label: str
    interval: str


class Bridge(NamedTuple):
    """What the figure shows."""

    steps: tuple[Step, ...]
    axis: Ruler


def bridge_chart(
    ends: tuple[tuple[str, float], tuple[str, float]],
    parts: Sequence[tuple[str, float, float | None, float | None]],
    kind: Kind,
    language: Language,
) -> Bridge:
    """The data of the figure.

    Args:
        ends: name and value where one starts and where one arrives.
        parts: name, size and its interval; together they lead from one end to the other.
        kind: what is counted.
        language: of the numbers.
    Raises:
        ValueError: the parts do not lead there.
    """
    (before, start), (after, end) = ends
    at = list(accumulate((size for _, size, _, _ in parts), initial=start))
    most = max(map(abs, (*at, end)))
    if abs(at[-1] - end) > max(1.0, 1e-3 * most):
        raise ValueError(f"the parts lead from {start} to {at[-1]}, not to {end}")

    def step(name: str, side: Side, begin: float, size: float, limits: tuple[float | None, ...]) -> Step:
        low, high = limits
        known = low is not None and high is not None
        fitting = scale(
            max(map(abs, (size, *(limit for limit in limits if limit is not None)))), kind, language
        )
        around = joined(fitting, low, high, language, signed=True) if known else ""  # type: ignore[arg-type]
        label = fitting.text(size, signed=side != "end")
        return Step(escape(name, quote=False), side, begin, size, low, high, label, around)

    steps = [
        step(before, "end", 0.0, start, (None, None)),
        *(
            step(name, "more" if size >= 0 else "less", begin, size, (low, high))
            for begin, (name, size, low, high) in zip(at, parts, strict=False)
        ),
        step(after, "end", 0.0, end, (None, None)),
    ]
    seen = [*at, end]
    seen += [s.start + limit for s in steps for limit in (s.low, s.high) if limit is not None]
    room = ROOM * ((max(seen) - min(seen)) or most or 1.0)
    return Bridge(tuple(steps), ruler(min(seen) - room, max(seen) + room, kind, language))


def bridge_figure(chart: Bridge, interval: str, ground: Ground = "light") -> go.Figure:
    """The figure: the start on top, the end at the bottom.

    Args:
        chart: of `bridge_chart`.
        interval: what an interval is called in the hover.
        ground: light or dark.
    """
    palette = PALETTES[ground]
    hues: dict[Side, str] = {"end": palette.muted, "more": palette.accent, "less": palette.behind}
    rows = list(range(len(chart.steps)))[::-1]
    figure = go.Figure()
    told = [
        [step.name, step.label, f"<br>{interval} {step.interval}" if step.interval else ""]
        for step in chart.steps
    ]
    hover = "<b>%{customdata[0]}</b><br>%{customdata[1]}%{customdata[2]}<extra></extra>"
    ends = [0, len(rows) - 1]
    parts = list(range(1, ends[1]))
    figure.add_bar(
        x=[chart.steps[k].size for k in parts], y=[rows[k] for k in parts],
        base=[chart.steps[k].start for k in parts], orientation="h", width=0.56,
        marker={"color": [hues[chart.steps[k].side] for k in parts]},
        customdata=[told[k] for k in parts], hovertemplate=hover,
    )  # fmt: skip
    figure.add_scatter(
        x=[chart.steps[k].size for k in ends], y=[rows[k] for k in ends], mode="markers",
        marker={"size": 14, "symbol": "diamond", "color": hues["end"]},
        customdata=[told[k] for k in ends], hovertemplate=hover, cliponaxis=False,
    )  # fmt: skip
    at = [step.size if step.side == "end" else step.start + step.size for step in chart.steps]
    for k, value in enumerate(at[:-1]):
        figure.add_shape(
            type="line", x0=value, x1=value, y0=rows[k], y1=rows[k + 1], layer="below",
            line={"color": palette.muted, "width": 1, "dash": "dot"},
        )  # fmt: skip
    sure = [(row, step) for row, step in zip(rows, chart.steps, strict=True) if step.low is not None]
    reach = [(s.start + s.size, s.start + (s.low or 0.0), s.start + (s.high or 0.0)) for _, s in sure]
    figure.add_scatter(
        x=[value for value, _, _ in reach], y=[row for row, _ in sure], mode="markers", hoverinfo="skip",
        marker={"size": 1, "color": palette.text},
        error_x=whiskers(reach, color=palette.text, thickness=1.5, width=4),
    )  # fmt: skip
    names = [f"{step.name}  <b>{step.label}</b>" for step in chart.steps]
    return laid_out(
        figure,
        ground,
        ROW_PX * len(rows) + EDGE_PX,
        showlegend=False,
        margin={"r": 24},
        xaxis=of_numbers(chart.axis, palette, zero=True),
        yaxis=of_names(names, palette, (-0.6, len(rows) - 0.4), size=13),
    )
