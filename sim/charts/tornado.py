"""The tornado: how much an answer hangs on each assumption, the largest on top, with intervals.

Takes rows of a sensitivity; gives a figure. Does not compute statistics.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.theme import PALETTES, Ground, template

ROW_PX = 30
MARGIN_PX = 90


class Bar(NamedTuple):
    """One assumption."""

    name: str
    effect: float
    low: float
    high: float


def figure(bars: Sequence[Bar], axis: str, ground: Ground = "light") -> go.Figure:
    """Bars by effect, the largest on top, each with its interval.

    Args:
        bars: by falling effect.
        axis: what the effect is, with its unit.
        ground: light or dark.
    """
    palette = PALETTES[ground]
    rows = list(reversed(bars))
    drawn = go.Figure(
        go.Bar(
            x=[bar.effect for bar in rows],
            y=[escape(bar.name) for bar in rows],
            orientation="h",
            marker_color=palette.accent,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [bar.high - bar.effect for bar in rows],
                "arrayminus": [min(bar.effect, bar.effect - bar.low) for bar in rows],
                "color": palette.text,
            },
        )
    )
    drawn.update_layout(template=template(ground), height=ROW_PX * len(rows) + MARGIN_PX, showlegend=False)
    drawn.update_xaxes(title_text=escape(axis), rangemode="tozero")
    drawn.update_yaxes(automargin=True)
    return drawn
