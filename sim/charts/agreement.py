"""Real videos beside those of a fitted scenario: a line of dots over a band.

Takes a line and a band over the same places; gives chart data, and from it a figure. Views have a logarithmic
axis, as they are spread over decades. Does not compute statistics.
"""

from collections.abc import Sequence
from math import log10
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import LEGEND, laid_out
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import short
from sim.language.words import Language

HEIGHT_PX = 340
PER_CENT = 100


class AgreementChart(NamedTuple):
    """What the figure shows; n places."""

    x: tuple[float, ...]
    real: tuple[float, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    labels: tuple[tuple[str, str, str, str], ...]
    """by place: what it is, the real value, the middle and the band, in words"""
    decades: tuple[tuple[float, str], ...]
    """marks of the upright axis and their text"""
    across: tuple[tuple[float, str], ...]
    """marks of the level axis and their text; none where it is logarithmic"""


class AgreementWords(NamedTuple):
    """What is written in the figure."""

    real: str
    middle: str
    band: str
    across: str
    up: str


def agreement_chart(
    band: tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float], Sequence[float]],
    language: Language,
    *,
    rates: bool = False,
    shares: bool = False,
) -> AgreementChart:
    """The data of the figure.

    Args:
        band: places, real values, middles, lower and upper ends, all above 0.
        language: of the numbers.
        rates: values are rates, told in per cent.
        shares: places are shares of the videos.
    """
    x, real, middle, low, high = (tuple(float(v) for v in row) for row in band)

    def text(value: float) -> str:
        return f"{PER_CENT * value:.3g}%" if rates else short(round(value), language)

    values = [v for v in (*real, *low, *high) if v > 0]
    first, last = int(log10(min(values)) // 1), int(-(-log10(max(values)) // 1))
    decades = tuple((10.0**k, text(10.0**k)) for k in range(first, last + 1))
    marks = tuple((m, f"{PER_CENT * m:g}%") for m in (0.01, 0.25, 0.5, 0.75, 0.99)) if shares else ()
    labels = tuple(
        (
            f"{PER_CENT * place:g}%" if shares else short(round(place), language),
            text(a), text(b), f"{text(c)} … {text(d)}",
        )
        for place, a, b, c, d in zip(x, real, middle, low, high, strict=True)
    )  # fmt: skip
    return AgreementChart(x, real, middle, low, high, labels, decades, marks)


def agreement_figure(
    chart: AgreementChart, words: AgreementWords, ground: Ground = "light", *, logarithmic: bool = False
) -> go.Figure:
    """The figure.

    Args:
        chart: of `agreement_chart`.
        words: to be written.
        ground: light or dark.
        logarithmic: the level axis too.
    """
    palette, figure = PALETTES[ground], go.Figure()
    model, real = palette.accent, palette.text
    figure.add_scatter(
        x=[*chart.x, *chart.x[::-1]], y=[*chart.high, *chart.low[::-1]], fill="toself", mode="lines",
        line={"width": 0}, fillcolor=model, opacity=0.25, name=words.band, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=chart.x, y=chart.middle, mode="lines", name=words.middle, hoverinfo="skip",
        line={"color": model, "width": 2, "dash": "dash"},
    )  # fmt: skip
    figure.add_scatter(
        x=chart.x, y=chart.real, mode="markers", name=words.real, marker={"color": real, "size": 7},
        customdata=chart.labels,
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>{words.real} %{{customdata[1]}}"
        f"<br>{words.middle} %{{customdata[2]}}<br>{words.band} %{{customdata[3]}}<extra></extra>",
    )  # fmt: skip
    axis = {"fixedrange": True, "showgrid": True, "gridcolor": palette.line, "zeroline": False}
    across = {"tickvals": [m for m, _ in chart.across], "ticktext": [t for _, t in chart.across]}
    return laid_out(
        figure, ground, HEIGHT_PX, margin={"t": 40, "r": 16}, showlegend=True,
        legend=LEGEND,
        xaxis={
            **axis, "title": {"text": words.across}, "type": "log" if logarithmic else "linear",
            **(across if chart.across else {}),
        },
        yaxis={
            **axis, "type": "log", "title": {"text": words.up},
            "tickvals": [m for m, _ in chart.decades], "ticktext": [t for _, t in chart.decades],
        },
    )  # fmt: skip
