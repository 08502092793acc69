"""Small pictures side by side, one an account: the funnel of each, and its days, to one scale.

Takes counts by account; gives chart data, and from it a figure. Does not know tables.
"""

from collections.abc import Sequence
from html import escape
from math import log10
from typing import Any

import plotly.graph_objects as go

from sim.charts.axes import Coloured, laid_out
from sim.charts.places import wrapped
from sim.charts.theme import PALETTES, Ground, Palette, mixed
from sim.language.numbers import amount, three_digits
from sim.language.words import Language

ACROSS = 2
"""Panels in a row (chosen): on a phone each has 180 px."""
GAP, TITLE_PX, FUNNEL_PX, DAYS_PX = 0.06, 30, 128, 96
FILLED = 0.82
"""Part of a panel's height that is drawn on; marks stand below."""
PALE = 0.4
"""Share of an account's colour in bars that text stands on."""
LEAST = 0.5
"""Where the axis of counts begins: half of one, so that 1 is seen."""


def panels(given: Sequence[tuple[str, str, Sequence[int]]]) -> tuple[Coloured, ...]:
    """Panels of accounts by name, colour and counts."""
    return tuple(
        Coloured(escape(" ".join(wrapped(name, 22, 1)), quote=False), colour, tuple(map(int, counts)))
        for name, colour, counts in given
    )


def funnels_figure(
    shown: Sequence[Coloured], stages: Sequence[str], language: Language, ground: Ground = "light"
) -> go.Figure:
    """Each account's funnel: bars on one scale of powers of ten, with count and share of the first stage.

    Args:
        shown: counts by stage.
        stages: what they are called, from the first.
        language: of the numbers.
        ground: light or dark.
    """
    figure, palette = go.Figure(), PALETTES[ground]
    most = max((max(panel.counts) for panel in shown), default=1)
    rows = list(range(len(stages)))[::-1]
    for k, panel in enumerate(shown):
        texts = [
            amount(count, "count", language)
            + (f" · {three_digits(100 * count / panel.counts[0])}%" if place and panel.counts[0] else "")
            for place, count in enumerate(panel.counts)
        ]
        figure.add_bar(
            x=[log10(max(count, LEAST) / LEAST) for count in panel.counts], y=rows, orientation="h",
            width=0.8, marker={"color": mixed(panel.colour, palette.background, PALE)}, textposition="none",
            text=[f"{stage} {text}" for stage, text in zip(stages, texts, strict=True)],
            hovertemplate="%{text}<extra></extra>", **_on(k),
        )  # fmt: skip
        figure.add_scatter(
            x=[0.0] * len(rows), y=rows, mode="text", textposition="middle right", hoverinfo="skip",
            text=[f"{name} <b>{text}</b>" for name, text in zip(stages, texts, strict=True)], **_on(k),
            textfont={"size": 12, "color": palette.text}, cliponaxis=False,
        )  # fmt: skip
    across = {"range": [0.0, log10(most / LEAST) * 1.02], "visible": False}
    return _set(
        figure,
        shown,
        FUNNEL_PX,
        palette,
        ground,
        across,
        {"visible": False, "range": [-0.6, len(rows) - 0.4]},
    )


def days_figure(
    shown: Sequence[Coloured], day: str, language: Language, ground: Ground = "light"
) -> go.Figure:
    """Each account's days, on one scale.

    Args:
        shown: counts by day.
        day: what a day is called, with {day}.
        language: of the numbers.
        ground: light or dark.
    """
    figure, palette = go.Figure(), PALETTES[ground]
    most = max((max(panel.counts, default=0) for panel in shown), default=0) or 1
    days = max((len(panel.counts) for panel in shown), default=0)
    for k, panel in enumerate(shown):
        figure.add_bar(
            x=list(range(1, days + 1)), y=panel.counts, marker={"color": panel.colour},
            text=[
                f"{day.format(day=n)}: {amount(count, 'count', language)}"
                for n, count in enumerate(panel.counts, 1)
            ],
            textposition="none", hovertemplate="%{text}<extra></extra>", **_on(k),
        )  # fmt: skip
    every = max(1, -(-days // 4))
    across = {"tickvals": list(range(1, days + 1, every)), "range": [0.4, days + 0.6], "showgrid": False}
    label = amount(most, "count", language)
    up = {"tickvals": [0, most], "ticktext": ["0", label], "range": [0, most * 1.05]}
    return _set(figure, shown, DAYS_PX, palette, ground, across, up)


def _on(k: int) -> dict[str, str]:
    """The axes of a panel."""
    mark = str(k + 1) if k else ""
    return {"xaxis": f"x{mark}", "yaxis": f"y{mark}"}


def _set(
    figure: go.Figure, shown: Sequence[Coloured], panel_px: int, palette: Palette, ground: Ground,
    across: dict[str, Any], up: dict[str, Any],
) -> go.Figure:  # fmt: skip
    """Lays panels out in rows, the first at the top left."""
    rows = max(1, -(-len(shown) // ACROSS))
    height = rows * (panel_px + TITLE_PX)
    axes: dict[str, Any] = {}
    titles = []
    for k, panel in enumerate(shown):
        row, column = divmod(k, ACROSS)
        left = column * (1 + GAP) / ACROSS
        right = left + (1 - GAP * (ACROSS - 1)) / ACROSS
        top = 1 - (row * (panel_px + TITLE_PX) + TITLE_PX) / height
        mark = str(k + 1) if k else ""
        shape = {"fixedrange": True, "zeroline": False, "tickfont": {"size": 11, "color": palette.muted}}
        axes[f"xaxis{mark}"] = {**shape, **across, "domain": [left, min(right, 1.0)], "anchor": f"y{mark}"}
        bottom = max(top - panel_px / height * FILLED, 0.0)
        axes[f"yaxis{mark}"] = {**shape, **up, "domain": [bottom, top], "anchor": f"x{mark}"}
        titles.append(
            {
                "x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
                "text": f"<b>{panel.name}</b>", "showarrow": False,
                "font": {"size": 13, "color": palette.text},
            }
        )  # fmt: skip
    return laid_out(
        figure, ground, height, showlegend=False, annotations=titles,
        margin={"l": 8, "r": 8, "t": 4, "b": 4}, **axes,
    )  # fmt: skip
