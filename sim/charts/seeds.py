"""Measures of variants seed by seed: one thin line a seed, the mean with its interval on top.

Takes values and estimates as a lesson's answer holds them; gives chart data, and from it figures. What
cannot be told apart is grey. Does not compute statistics.
"""

from collections.abc import Mapping, Sequence
from html import escape
from statistics import median
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import LEGEND, THICK, Ruler, laid_out, of_names, of_numbers, ruler, whiskers
from sim.charts.theme import PALETTES, Ground, mixed
from sim.language.numbers import Kind, amount, span
from sim.language.words import Language

HEIGHT_PX = 300
STRIP_PX = 96


class Point(NamedTuple):
    """The mean of one variant."""

    name: str
    """escaped: plotly reads markup"""
    mean: float
    low: float | None
    """None where too many seeds gave 0 to say"""
    high: float | None
    tied: bool
    """cannot be told apart from the best"""
    label: str
    interval: str


class SeedsChart(NamedTuple):
    """One measure of all variants."""

    points: tuple[Point, ...]
    lines: tuple[tuple[float, ...], ...]
    """one a seed: its value of each variant"""
    own: int
    """which line is the seed in hand"""
    axis: Ruler


class SeedsWords(NamedTuple):
    """The words on the figures, in the reader's language."""

    mean: str
    tied: str
    """mean of one that cannot be told apart from the best"""
    interval: str
    seed: str
    """a single run"""
    own: str
    """the run in hand"""


def seeds_chart(
    measure: Mapping[str, Any], names: Mapping[str, str], kind: Kind, language: Language, own: int
) -> SeedsChart:
    """The data of one measure's figure.

    Args:
        measure: values (one list a variant, one number a seed), variants, verdict.
        names: what to call each variant.
        kind: what the measure counts.
        language: of the numbers.
        own: place of the seed in hand.
    """
    verdict = measure["verdict"]
    several = verdict["code"] != "winner"
    points = tuple(
        Point(
            escape(names.get(row["name"], row["name"]), quote=False),
            row["mean"],
            row["low"],
            row["high"],
            several and row["name"] in verdict["tied"],
            amount(row["mean"], kind, language),
            span(row["low"], row["high"], kind, language),
        )
        for row in measure["variants"]
    )
    highest = max([*(v for row in measure["values"] for v in row), *(p.high or 0.0 for p in points)]) or 1.0
    axis = ruler(0.0, highest * 1.05, kind, language)._replace(high=highest * 1.12)
    return SeedsChart(points, tuple(zip(*measure["values"], strict=True)), own, axis)


def seeds_figure(chart: SeedsChart, words: SeedsWords, ground: Ground = "light") -> go.Figure:
    """The figure: variants side by side, a thin line through the values of each seed."""
    palette = PALETTES[ground]
    pale = mixed(palette.muted, palette.background, 0.4)
    places = list(range(len(chart.points)))
    figure = go.Figure()
    xs: list[float | None] = []
    ys: list[float | None] = []
    for k, line in enumerate(chart.lines):
        if k != chart.own:
            xs += [*places, None]
            ys += [*line, None]
    figure.add_scatter(
        x=xs, y=ys, mode="lines", line={"color": pale, "width": 1}, hoverinfo="skip", name=words.seed
    )
    if 0 <= chart.own < len(chart.lines):
        figure.add_scatter(
            x=places,
            y=chart.lines[chart.own],
            mode="lines",
            line={"color": palette.text, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
            name=words.own,
        )
    for tied in (False, True):
        own = [(k, point) for k, point in enumerate(chart.points) if point.tied is tied]
        if not own:
            continue
        colour = palette.muted if tied else palette.accent
        figure.add_scatter(
            x=[k for k, _ in own],
            y=[point.mean for _, point in own],
            error_y=whiskers(((point.mean, point.low, point.high) for _, point in own), **THICK),
            mode="markers+text",
            marker={"size": 13, "color": colour},
            text=[f"  {point.label}" for _, point in own],
            textposition="middle right",
            textfont={"size": 13, "color": palette.text},
            customdata=[[point.name, point.label, point.interval] for _, point in own],
            hovertemplate=(
                f"<b>%{{customdata[0]}}</b><br>{words.mean} %{{customdata[1]}}"
                f"<br>{words.interval} %{{customdata[2]}}<extra></extra>"
            ),
            name=words.tied if tied else words.mean,
            cliponaxis=False,
        )
    names = [point.name for point in chart.points]
    return laid_out(
        figure,
        ground,
        HEIGHT_PX,
        legend=LEGEND,
        xaxis=of_names(names, palette, (-0.4, len(places) - 0.35), places=places, size=13) | {"tickangle": 0},
        yaxis=of_numbers(chart.axis, palette),
    )


class Strip(NamedTuple):
    """The videos of one variant."""

    name: str
    """escaped"""
    views: tuple[tuple[float, float, int], ...]
    """impressions, height within the strip [−0.5..0.5], place of the seed"""
    middle: float
    """median of all"""


class StripsChart(NamedTuple):
    """How often identical videos were shown, variant by variant."""

    strips: tuple[Strip, ...]
    own: int
    marks: tuple[float, ...]
    mark_labels: tuple[str, ...]


def strips_chart(
    views: Mapping[str, Sequence[Sequence[int]]], names: Mapping[str, str], language: Language, own: int
) -> StripsChart:
    """The data of the figure of identical videos.

    Args:
        views: by variant, one list a seed of the impressions of each video.
        names: what to call each variant.
        language: of the numbers.
        own: place of the seed in hand.
    """
    strips = []
    for name, runs in views.items():
        points = []
        for k, run in enumerate(runs):
            height = 0.0 if len(runs) == 1 else 0.76 * (k / (len(runs) - 1) - 0.5)
            points += [(float(max(count, 1)), height, k) for count in run]
        middle = float(median(count for run in runs for count in run)) if points else 0.0
        strips.append(Strip(escape(names.get(name, name), quote=False), tuple(points), middle))
    highest = max((count for strip in strips for count, _, _ in strip.views), default=1.0)
    marks = tuple(
        float(digit * 10**power)
        for power in range(9)
        for digit in (1, 3)
        if digit * 10**power <= highest * 1.5
    )
    return StripsChart(tuple(strips), own, marks, tuple(amount(mark, "count", language) for mark in marks))


def strips_figure(
    chart: StripsChart, words: SeedsWords, unit: str, middle: str, ground: Ground = "light"
) -> go.Figure:
    """The figure: a dot a video on a logarithmic axis, the run in hand in colour.

    Args:
        chart: the data.
        words: of the reader.
        unit: what the axis counts.
        middle: the word for the middle copy.
        ground: light or dark.
    """
    palette = PALETTES[ground]
    pale = mixed(palette.muted, palette.background, 0.55)
    figure = go.Figure()
    last = len(chart.strips) - 1
    for mine in (False, True):
        points = [
            (count, last - s + height, strip.name, seed)
            for s, strip in enumerate(chart.strips)
            for count, height, seed in strip.views
            if (seed == chart.own) is mine
        ]
        figure.add_scatter(
            x=[p[0] for p in points],
            y=[p[1] for p in points],
            customdata=[[p[2]] for p in points],
            mode="markers",
            marker={"size": 8 if mine else 4.5, "color": palette.accent if mine else pale},
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>%{{x:,}} {unit}<extra></extra>",
            name=words.own if mine else words.seed,
        )
    for s, strip in enumerate(chart.strips):
        figure.add_scatter(
            x=[strip.middle] * 2,
            y=[last - s - 0.42, last - s + 0.42],
            mode="lines",
            line={"color": palette.text, "width": 2},
            hovertemplate=f"{middle} %{{x:,.0f}} {unit}<extra></extra>",
            name=middle,
            showlegend=s == 0,
        )
    return laid_out(
        figure,
        ground,
        STRIP_PX * len(chart.strips) + 110,
        legend=LEGEND,
        xaxis={
            "type": "log",
            "tickvals": chart.marks,
            "ticktext": chart.mark_labels,
            "title": {"text": unit},
            "showgrid": True,
            "gridcolor": palette.line,
            "fixedrange": True,
        },
        yaxis=of_names([strip.name for strip in chart.strips], palette, (-0.5, last + 0.5), size=13),
    )
