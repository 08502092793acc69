"""The map of creator mixes: shares of the money for KOL, KOC and amateurs, coloured by the result.

Takes a comparison as in comparison.json, and where each mix lies; gives chart data, and from it a
figure. A grey ring means 'cannot be told apart from the best', one in the accent 'will do as well'. Does not
compute statistics.
"""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import BENEATH, Ruler, laid_out, ruler
from sim.charts.intervals import Standing, standing_of
from sim.charts.theme import PALETTES, Ground, Palette, mixed
from sim.language.numbers import Kind, amount, scale, span
from sim.language.words import Language, Words
from sim.scenario.apportionment import Shares

HEIGHT_PX = 520
DISC_PX, RING_PX = 22, 29
SYMBOLS = {"best": ("circle-open", 38), "published": ("diamond-open", 42), "own": ("square-open", 33)}
"""Outlines around a disc, each of a shape and size of its own, so that three on one place are seen."""
NUMBERED = 0.16
"""Distance in shares below which the number of a mix would run into that of another one."""
AT_CORNER = 0.95
"""Share from which on a mark is in the way of a corner's title."""
PALE = 0.16
"""How much of the accent the lowest value has."""


class Point(NamedTuple):
    """One mix."""

    name: str
    """escaped: plotly reads markup"""
    facts: str
    """more about it, escaped, lines joined by <br>"""
    shares: Shares
    standing: Standing
    value: float
    label: str
    """the mean as text"""
    interval: str
    gap: str
    """difference to the best; empty for the best itself"""
    gap_interval: str
    numbered: bool
    """whether its number stands beside it: no other one is in the way"""


class TernaryChart(NamedTuple):
    """What the map shows."""

    points: tuple[Point, ...]
    """by falling mean, the best first"""
    scale: Ruler
    """of the colours"""
    lead: Literal["best", "highest", "none"]
    """whether the first point is settled as the best, has the highest mean, or is like all others"""


def ternary_chart(
    comparison: Mapping[str, Any],
    places: Mapping[str, Shares],
    names: Mapping[str, str],
    facts: Mapping[str, Sequence[str]],
    kind: Kind,
    language: Language,
) -> TernaryChart:
    """The data of the map.

    Args:
        comparison: content of comparison.json.
        places: where each variant lies; one that spends nothing lies nowhere, and is not drawn.
        names: what to call each variant.
        facts: lines about each variant, for the hover.
        kind: what the metric counts.
        language: of the numbers.
    Returns:
        Points by falling mean, and the scale of the colours.
    """
    standings = standing_of(comparison)
    variants = sorted(comparison["variants"], key=lambda v: -v["mean"])
    high, low = variants[0]["mean"], variants[-1]["mean"]
    alike = low == high
    if alike:  # one colour in the middle of a scale at the size of the metric
        low, high = low - (abs(low) or 1.0) / 20, high + (abs(high) or 1.0) / 20
    colours = ruler(low, high, kind, language)
    step = colours.marks[1] - colours.marks[0] if len(colours.marks) > 1 else 0.0
    values = scale(max(abs(low), abs(high)), kind, language, min(step, (high - low) / 20))
    step_kind: Kind = "points" if kind == "share" else kind
    points: list[Point] = []
    for place, v in enumerate(variants):
        if (shares := places.get(v["name"])) is None:
            continue
        gap = scale(abs(v["difference"]), step_kind, language).text(v["difference"], signed=True)
        points.append(
            Point(
                escape(names.get(v["name"], v["name"]), quote=False),
                "<br>".join(escape(line, quote=False) for line in facts.get(v["name"], ())),
                shares,
                standings[v["name"]],
                v["mean"],
                amount(v["mean"], kind, language) if alike else values.text(v["mean"]),
                span(v["low"], v["high"], kind, language),
                gap if place else "",
                span(v["difference_low"], v["difference_high"], step_kind, language, signed=True)
                if place
                else "",
                all(_apart(shares, other.shares) > NUMBERED for other in points),
            )
        )
    settled = [point for point in points if point.standing == "best"]
    lead: Literal["best", "highest", "none"] = "best" if len(settled) == 1 else "highest"
    if (alike and len(points) > 1) or variants[0]["name"] not in places:
        lead = "none"
    return TernaryChart(tuple(points), colours, lead)


def ternary_figure(
    chart: TernaryChart,
    metric: str,
    words: Words,
    ground: Ground = "light",
    *,
    own: Shares | None = None,
    published: Shares | None = None,
) -> go.Figure:
    """The figure of the map.

    Args:
        chart: of `ternary_chart`.
        metric: what the colours show.
        words: on the figure.
        ground: light or dark.
        own: where the reader's own mix lies, computed or not.
        published: where the published structure lies.
    """
    palette = PALETTES[ground]
    figure = go.Figure()
    for standing, colour, name in (
        ("tied", palette.muted, words("Cannot be told apart from the best")),
        ("best", palette.accent, words("Any of these will do")),
    ):
        ringed = [point.shares for point in chart.points if point.standing == standing]
        if len(ringed) > 1:
            _outlines(figure, ringed, "circle-open", RING_PX, colour, name)
    best = chart.points[0].shares if chart.lead != "none" else None
    marked = {shares for shares in (best, own, published) if shares}
    _corners(figure, words, palette, marked)
    _discs(figure, chart, words, palette, marked)
    for shares, key, name, colour in (
        (best, "best", words("Best") if chart.lead == "best" else words("Highest mean"), palette.text),
        (published, "published", words("Published structure"), palette.text),
        (own, "own", words("Your mix"), palette.text),
    ):
        if shares is not None:
            _outlines(figure, [shares], *SYMBOLS[key], colour, name)
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        showlegend=True,
        margin={"l": 44, "r": 44, "t": 56, "b": 0},
        legend=BENEATH | {"x": 0.5, "xanchor": "center"},
        ternary={
            "sum": 1,
            "bgcolor": palette.background,
            "domain": {"y": [0.16, 1]},
            **dict.fromkeys(("aaxis", "baxis", "caxis"), _axis(palette)),
        },
        coloraxis={
            "cmin": chart.scale.low,
            "cmax": chart.scale.high,
            "colorscale": [[0.0, mixed(palette.accent, palette.background, PALE)], [1.0, palette.accent]],
            "colorbar": {
                "orientation": "h", "thickness": 10, "len": 0.7, "x": 0.5, "y": -0.02, "yanchor": "top",
                "outlinewidth": 0, "tickvals": chart.scale.marks, "ticktext": chart.scale.labels,
                "tickfont": {"color": palette.muted, "size": 12},
                "title": {"text": metric, "side": "top", "font": {"color": palette.muted, "size": 13}},
            },
        },
    )  # fmt: skip


def _discs(
    figure: go.Figure, chart: TernaryChart, words: Words, palette: Palette, marked: Collection[Shares]
) -> None:
    """Every mix as a disc in the colour of its mean; its number stands below, clear of a mark's outline."""
    texts = []
    for point in chart.points:
        lines = [f"<b>{point.name}</b>", point.facts, f"{words('Mean:')} {point.label}",
                 f"{words('Interval:')} {point.interval}"]  # fmt: skip
        if point.gap:
            lines.append(f"{words('Gap to the best:')} {point.gap} ({point.gap_interval})")
        texts.append("<br>".join(line for line in lines if line))
    figure.add_scatterternary(
        **_places([point.shares for point in chart.points]),
        mode="markers+text",
        marker={
            "size": DISC_PX,
            "color": [point.value for point in chart.points],
            "coloraxis": "coloraxis",
            "line": {"width": 1, "color": palette.muted},
            "opacity": 1,
        },
        text=[
            ("<br>" if point.shares in marked else "") + point.label if point.numbered else ""
            for point in chart.points
        ],
        textposition="bottom center",
        textfont={"size": 12, "color": palette.text},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        cliponaxis=False,
    )


def _outlines(
    figure: go.Figure, shares: Sequence[Shares], symbol: str, size: int, colour: str, name: str
) -> None:
    """Marks around discs, and their line in the legend."""
    figure.add_scatterternary(
        **_places(shares),
        mode="markers",
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 3, "color": colour}},
        name=name,
        hoverinfo="skip",
        cliponaxis=False,
    )


def _places(shares: Sequence[Shares]) -> dict[str, list[float]]:
    return {"a": [s.kol for s in shares], "b": [s.koc for s in shares], "c": [s.amateurs for s in shares]}


def _corners(figure: go.Figure, words: Words, palette: Palette, marked: Collection[Shares]) -> None:
    """What each corner stands for; plotly's own titles run into discs, and off a narrow screen."""
    crowded = any(max(shares.koc, shares.amateurs) > AT_CORNER for shares in marked)
    below = "<br> <br> <br>" if crowded else "<br> <br>"
    figure.add_scatterternary(
        **_places([Shares(1, 0, 0), Shares(0, 1, 0), Shares(0, 0, 1)]),
        mode="text",
        text=["KOL<br> <br> ", f"{below}KOC", f"{below}{words('Amateurs')}"],
        textposition=["top center", "bottom center", "bottom center"],
        textfont={"size": 14, "color": palette.text},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )


def _axis(palette: Palette) -> dict[str, Any]:
    """A side of the triangle: a line each 25 %; numbers would lie under the discs."""
    return {
        "title": {"text": ""},
        "tickvals": [0.25, 0.5, 0.75],
        "showticklabels": False,
        "ticks": "",
        "gridcolor": palette.line,
        "linecolor": palette.muted,
    }


def _apart(one: Shares, other: Shares) -> float:
    """How far two mixes are apart: the largest difference of a share."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
