"""Axes, legends and error bars, as every figure has them.

Takes numbers, names and a palette; gives parts of a plotly layout. Does not compute statistics.
"""

from collections.abc import Iterable, Sequence
from math import floor, isfinite, log10
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.charts.theme import Ground, Palette, template
from sim.language.numbers import Kind, scale
from sim.language.words import Language

ROOM = 0.06
"""Free room at either end of an axis of differences, of what they span."""
LEGEND = {
    "orientation": "h", "x": 0, "xanchor": "left", "yref": "container", "y": 1, "yanchor": "top",
    "itemclick": False, "itemdoubleclick": False,
}  # fmt: skip
"""Above the figure; a touch hides nothing. At the edge of the container: one that hangs on the plot would lie
on it while the figure is fitted to another width, for as long as a busy machine takes."""
BENEATH = LEGEND | {"y": 0, "yanchor": "bottom"}
"""Below the figure."""
STACKED = LEGEND | {"traceorder": "normal"}
"""The same for bars that stand one behind the other, in their order."""
THICK = {"thickness": 3, "width": 0}
"""Look of an interval around a dot."""


class Coloured(NamedTuple):
    """What has a name and a colour of its own in a figure, such as an account, and what is counted of it."""

    name: str
    """escaped: plotly reads markup"""
    colour: str
    counts: tuple[int, ...]


class Ruler(NamedTuple):
    """An axis of numbers: its ends, and round marks with their text."""

    low: float
    high: float
    marks: tuple[float, ...]
    labels: tuple[str, ...]


def ruler(
    low: float, high: float, kind: Kind, language: Language, *, signed: bool = False, whole: bool = False,
    wanted: int = 4,
) -> Ruler:  # fmt: skip
    """The axis between two ends.

    Args:
        low: left end.
        high: right end, above the left one.
        kind: what the numbers are; the sign of points is left to the axis' title.
        language: of the numbers.
        signed: with + where they are positive.
        whole: of things that come one by one: marks are whole numbers.
        wanted: marks, about.
    Raises:
        ValueError: ends that are not finite or not in order.
    """
    marks = tuple(m for m in round_marks(low, high, wanted) if not whole or m == round(m))
    step = marks[1] - marks[0] if len(marks) > 1 else 0.0
    fitting = scale(max(map(abs, marks), default=0.0), kind, language, step)
    shown = kind != "points"
    labels = tuple(fitting.text(mark, signed=signed, sign=shown) if mark else "0" for mark in marks)
    return Ruler(low, high, marks, labels)


def differences(ends: Iterable[float], flat: float, kind: Kind, language: Language) -> Ruler:
    """The axis of differences, 0 on it.

    Args:
        ends: of what has to be seen.
        flat: how far it goes to either side where nothing differs.
        kind: what differs; of shares, points.
        language: of the numbers.
    """
    seen = (0.0, *ends)
    low, high = min(seen), max(seen)
    if low == high:
        low, high = -flat, flat
    room = ROOM * (high - low)
    return ruler(low - room, high + room, "points" if kind == "share" else kind, language, signed=True)


def of_numbers(axis: Ruler, palette: Palette, *, zero: bool = False) -> dict[str, Any]:
    """An axis of numbers with its grid; on request with a line at 0 that is seen."""
    line = {"zeroline": True, "zerolinecolor": palette.text, "zerolinewidth": 1.5}
    return {
        "range": [axis.low, axis.high],
        "tickvals": axis.marks,
        "ticktext": axis.labels,
        "ticklabeloverflow": "allow",
        "showgrid": True,
        "gridcolor": palette.line,
        "fixedrange": True,
    } | (line if zero else {"zeroline": False})


def of_names(
    names: Sequence[str], palette: Palette, ends: tuple[float, float], *, places: Sequence[float] = (),
    size: int = 14,
) -> dict[str, Any]:  # fmt: skip
    """An axis of names.

    Args:
        names: escaped.
        palette: of the ground.
        ends: of the axis.
        places: of the names; from the top down to 0 if left out.
        size: of the text.
    """
    return {
        "range": list(ends),
        "tickvals": places or list(range(len(names)))[::-1],
        "ticktext": list(names),
        "tickfont": {"color": palette.text, "size": size},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def whiskers(points: Iterable[tuple[float, float | None, float | None]], **look: Any) -> dict[str, Any]:
    """Error bars.

    Args:
        points: value, low and high of each; None where there is no limit.
        look: such as THICK.
    """
    rows = list(points)
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if high is None else high - value for value, _, high in rows],
        "arrayminus": [0.0 if low is None else value - low for value, low, _ in rows],
        **look,
    }


def upright(symbol: str, size: int, width: float, colour: str) -> dict[str, Any]:
    """A marker that is a line across a row."""
    return {"symbol": symbol, "size": size, "color": colour, "line": {"width": width, "color": colour}}


def told_above(figure: go.Figure, height: float, text: str, colour: str, ground: str) -> None:
    """A text at the left edge, above the bar whose upper end is at a height; markup is drawn."""
    figure.add_annotation(
        x=0, y=height, xref="paper", xanchor="left", yanchor="bottom", align="left", showarrow=False,
        text=text, font={"size": 13, "color": colour}, xshift=-2, bgcolor=ground, borderpad=1,
    )  # fmt: skip


def laid_out(figure: go.Figure, ground: Ground, height: int, **rest: Any) -> go.Figure:
    """The figure on its ground, at its height [px]; what is drawn on it does not zoom it."""
    return figure.update_layout(template=template(ground), height=height, dragmode=False, **rest)


def round_marks(low: float, high: float, wanted: int = 5) -> tuple[float, ...]:
    """Round numbers for an axis, at 1, 2 or 5 times a power of ten, 0 among them if it is in range.

    Args:
        low: left end of the axis.
        high: right end, above the left one.
        wanted: about how many.
    Returns:
        The numbers inside the range, increasing.
    Raises:
        ValueError: ends that are not finite or not in order.
    Example:
        >>> round_marks(-12_000, 1_500)
        (-10000.0, -5000.0, 0.0)
    """
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"an axis from {low} to {high} cannot be drawn")
    raw = (high - low) / wanted
    power = 10.0 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first = -floor(-low / step + 1e-9)
    last = floor(high / step + 1e-9)
    return tuple(k * step for k in range(first, last + 1))
