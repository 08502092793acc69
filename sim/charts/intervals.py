"""The interval plot: how far each variant lies behind the best, under the same luck.

Takes a comparison as in comparison.json, names and words; gives chart data, and from it a
figure. Grey means 'cannot be told apart from the best'. Does not compute statistics.
"""

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import LEGEND, THICK, Ruler, differences, laid_out, of_names, of_numbers, whiskers
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import RARE, WHOLE, Kind, Scale, common, joined, scale
from sim.language.words import Language, Words

Standing = Literal["best", "tied", "worse"]
ROW_PX = 58
"""Height of one variant: a finger's width."""
NEAR = 0.08
"""Share of the axis within which a text would cross the line at 0: half its width on a phone."""
FAR = 0.35
"""Likewise, within which what is said in place of a number would cross the names at the left; a number
does so within twice NEAR."""


class Row(NamedTuple):
    """One variant."""

    name: str
    """escaped: plotly reads markup"""
    standing: Standing
    mean: float
    difference: float
    low: float | None
    """None where too few seeds differ to say"""
    high: float | None
    label: str
    """the difference as text; where there is no interval, that it is too rare to tell"""
    interval: str


class IntervalChart(NamedTuple):
    """What the interval plot shows."""

    rows: tuple[Row, ...]
    """by falling mean"""
    axis: Ruler
    several: bool
    """are as good as the best"""


def standing_names(words: Words, *, several: bool) -> dict[str, str]:
    """What a figure says of the best, of several that are as good, and of the others; and of an interval."""
    return {
        "best": words("Any of these will do") if several else words("Best"),
        "tied": words("Cannot be told apart from the best"),
        "worse": words("Behind the best"),
        "interval": words("Interval:"),
    }


def standing_of(comparison: Mapping[str, Any]) -> dict[str, Standing]:
    """Who is best, who cannot be told apart from the best, who is worse.

    Args:
        comparison: content of comparison.json.
    Returns:
        By name of variant; 'best' only where the verdict names a winner, where there is one variant, or where
        several will do: then each of them.
    """
    variants: Sequence[Mapping[str, Any]] = comparison["variants"]
    code = comparison["verdict"]["code"]
    top = max(variants, key=lambda v: v["mean"])["name"]
    found: dict[str, Standing] = {}
    for variant in variants:
        behind = variant["difference_high"] is not None and variant["difference_high"] < 0
        first = code == "equivalent" or (code in ("winner", "alone") and variant["name"] == top)
        found[variant["name"]] = "worse" if behind else "best" if first else "tied"
    return found


def interval_chart(
    comparison: Mapping[str, Any], names: Mapping[str, str], kind: Kind, language: Language
) -> IntervalChart:
    """The data of the interval plot.

    Args:
        comparison: content of comparison.json.
        names: what to call each variant.
        kind: what the metric counts.
        language: of the numbers.
    Returns:
        Rows by falling mean, and the axis.
    """
    standings = standing_of(comparison)
    variants = sorted(comparison["variants"], key=lambda v: -v["mean"])
    keys = ("difference", "difference_low", "difference_high")
    ends = [v[key] for v in variants for key in keys if v[key] is not None]
    level = max(abs(v["mean"]) for v in variants) or 1.0
    axis = differences(ends, level / 20, kind, language)  # nothing differs: at the scale of the metric
    kind = "points" if kind == "share" else kind
    like, rows = common(ends, language), []
    for v in variants:
        gap, limits = v["difference"], (v["difference_low"], v["difference_high"])
        refused = None in limits
        rows.append(
            Row(
                escape(names.get(v["name"], v["name"]), quote=False),
                standings[v["name"]],
                v["mean"],
                gap,
                *limits,
                Words(language)(RARE) if refused else _signed(_close(abs(gap), kind, language, like), gap),
                Words(language)(RARE)
                if refused
                else joined(
                    _close(max(map(abs, limits)), kind, language, like), *limits, language, signed=True
                ),
            )
        )
    return IntervalChart(tuple(rows), axis, comparison["verdict"]["code"] == "equivalent")


def interval_figure(chart: IntervalChart, words: Words, ground: Ground = "light") -> go.Figure:
    """The figure of the interval plot, best on top."""
    palette = PALETTES[ground]
    colours: dict[Standing, str] = {"best": palette.accent, "tied": palette.muted, "worse": palette.behind}
    names, highest = standing_names(words, several=chart.several), f"{words('highest mean')}\u2002"
    figure = go.Figure()
    top = len(chart.rows) - 1
    for standing, colour in colours.items():
        places = [k for k, row in enumerate(chart.rows) if row.standing == standing]
        rows = [chart.rows[k] for k in places]
        if not rows:
            continue
        figure.add_scatter(
            x=[row.difference for row in rows],
            y=[top - k for k in places],
            error_x=whiskers(((row.difference, row.low, row.high) for row in rows), **THICK),
            mode="markers+text",
            marker={
                "size": 13,
                "color": colour,
                "symbol": ["circle-open" if row.low is None else "circle" for row in rows],
            },
            text=[row.label if k else highest for k, row in zip(places, rows, strict=True)],
            textposition=[_beside(chart, k) for k in places],
            textfont={"size": 13, "color": palette.text},
            customdata=[[row.name, row.label, row.interval] for row in rows],
            hovertemplate=(
                f"<b>%{{customdata[0]}}</b><br>{words('Gap to the best:')} %{{customdata[1]}}"
                f"<br>{names['interval']} %{{customdata[2]}}<extra></extra>"
            ),
            name=names[standing],
            cliponaxis=False,
        )
    return laid_out(
        figure,
        ground,
        ROW_PX * len(chart.rows) + 84,
        margin={"r": 30},
        showlegend=True,
        legend=LEGEND,
        xaxis=of_numbers(chart.axis, palette, zero=True),
        yaxis=of_names([row.name for row in chart.rows], palette, (-0.55, len(chart.rows) - 0.3)),
    )


def _beside(chart: IntervalChart, place: int) -> str:
    """Where the text of a row stands: clear of the line at 0."""
    if place == 0:
        return "middle left"
    row, axis = chart.rows[place], chart.axis
    wide = axis.high - axis.low
    if row.difference < axis.low + (FAR if row.low is None else 2 * NEAR) * wide:
        return "top right"
    return "top center" if row.difference < -NEAR * wide else "top left"


def _close(size: float, kind: Kind, language: Language, like: float) -> Scale:
    """The scale of a gap: small counts keep two digits, so that a gap other than 0 is not shown as 0."""
    if kind in ("people", "count") and 0 < size < WHOLE:
        return scale(size, kind, language, step=10.0 ** (floor(log10(size)) - 1), like=like)
    return scale(size, kind, language, like=like)


def _signed(fitting: Scale, difference: float) -> str:
    """A difference with + or -; 0 stays bare."""
    return fitting.text(difference, signed=True) if difference else "0"
