"""A campaign's calendar: waves as bars over days, posts as marks, and how hot topics are beneath them.

Takes hours of the run; gives chart data, and from it a figure. Does not know scenarios.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import Ruler, laid_out, ruler
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import amount
from sim.language.words import Language

DAY_H = 24
MOST_DAYS_MARKED = 10
ROW_PX, HEAT_PX, AXIS_PX = 46, 190, 30
"""Heights of a row, of the panel of heat and of the axis (chosen)."""
BAR = 0.36
"""Height of a bar, and of the tallest mark [rows]."""
STEPS, MOST_MARKS = (1, 2, 3, 4, 6, 8, 12, 24), 130
"""Hours that a mark may stand for; marks side by side, past which they do: on a phone one has 2 px then."""


class Bar(NamedTuple):
    """A wave."""

    name: str
    start: int
    """first hour [h]"""
    end: int
    """the hour after its last one [h]"""
    posts: bool
    """whether anybody posts in it; else it only promotes"""
    hover: str


class Marks(NamedTuple):
    """What happens hour by hour, in one row."""

    name: str
    counts: dict[int, int]
    """by hour"""
    said: str
    """of some hours, with {n}"""


class Line(NamedTuple):
    """How hot a topic is, hour by hour."""

    name: str
    colour: str
    heat: tuple[int, ...]


class CalendarChart(NamedTuple):
    """What the figure shows."""

    bars: tuple[Bar, ...]
    marks: tuple[Marks, ...]
    """by the first hour of each step"""
    step_h: int
    lines: tuple[Line, ...]
    threshold: int
    hours: int
    days: tuple[int, ...]
    """hours at which the marked days begin [h]"""
    labels: tuple[str, ...]
    times: tuple[str, ...]
    """what each hour is called"""
    up: Ruler
    """of heat"""


def calendar_chart(
    bars: Sequence[Bar], marks: Sequence[Marks], lines: Sequence[Line], threshold: int,
    *, hours: int, start_h: int, day: str, times: Sequence[str], language: Language,
) -> CalendarChart:  # fmt: skip
    """The data of the figure.

    Args:
        bars: waves, from the top down; what lies behind the end of the run is cut.
        marks: rows beneath them; a row without any is left out.
        lines: heat of topics; none where topics cannot be hot.
        threshold: heat from which a topic is hot.
        hours: length of the run [h].
        start_h: hour of the day at which it begins [h].
        day: what a day is called, with {day} for its number.
        times: what each hour is called.
        language: of the numbers.
    """
    begins = [h for h in range(hours) if (h + start_h) % DAY_H == 0 or h == 0]
    every = -(-len(begins) // MOST_DAYS_MARKED)
    shown = tuple(begins[::every])
    numbers = [(h + start_h) // DAY_H + 1 for h in shown]
    step = next((s for s in STEPS if hours <= s * MOST_MARKS), STEPS[-1])
    top = max((max(line.heat, default=0) for line in lines), default=0)
    return CalendarChart(
        tuple(bar._replace(end=min(bar.end, hours)) for bar in bars),
        tuple(row._replace(counts=_stepped(row.counts, step)) for row in marks if row.counts),
        step,
        tuple(lines),
        threshold,
        hours,
        shown,
        (day.format(day=numbers[0]), *map(str, numbers[1:])),
        tuple(times),
        ruler(0.0, 1.15 * max(top, threshold, 1), "count", language, whole=True, wanted=3),
    )


def _stepped(counts: dict[int, int], step: int) -> dict[int, int]:
    """Counts by the first hour of each step; none is lost."""
    found: dict[int, int] = {}
    for hour, count in counts.items():
        found[hour // step * step] = found.get(hour // step * step, 0) + count
    return found


def calendar_figure(
    chart: CalendarChart, threshold: str, language: Language, ground: Ground = "light"
) -> go.Figure:
    """The figure.

    Args:
        chart: of `calendar_chart`.
        threshold: what stands at the line of the threshold.
        language: of the numbers.
        ground: light or dark.
    """
    palette, figure = PALETTES[ground], go.Figure()
    rows = len(chart.bars) + len(chart.marks)
    above, beneath = ROW_PX * rows, HEAT_PX if chart.lines else 0
    for at, bar in enumerate(chart.bars):
        figure.add_bar(
            x=[bar.end - bar.start], base=[bar.start], y=[-at], width=BAR, orientation="h",
            marker={
                "color": palette.accent if bar.posts else palette.panel,
                "line": {"color": palette.accent, "width": 1.5},
                "pattern": {"shape": "" if bar.posts else "/", "fgcolor": palette.accent, "size": 6},
            },
            hovertemplate=f"{escape(bar.hover, quote=False)}<extra></extra>",
        )  # fmt: skip
    for at, row in enumerate(chart.marks, len(chart.bars)):
        most = max(row.counts.values())
        figure.add_bar(
            x=list(row.counts), y=[BAR * max(0.2, n / most) for n in row.counts.values()],
            base=-at - BAR / 2, width=chart.step_h, offset=0,
            marker={"color": palette.accent, "line": {"width": 0}},
            text=[f"{chart.times[hour]}<br>{row.said.format(n=amount(n, 'count', language))}"
                  for hour, n in row.counts.items()],
            textposition="none", hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    spans = [(bar.name, bar.start, bar.end) for bar in chart.bars] + [(row.name, 0, 0) for row in chart.marks]
    for at, (name, start, end) in enumerate(spans):
        late = start > chart.hours / 2  # a name never runs out of the picture
        figure.add_annotation(
            x=end if late else start, y=-at + BAR / 2, text=escape(name, quote=False), showarrow=False,
            xanchor="right" if late else "left", yanchor="bottom", xshift=2 if late else -2,
            font={"size": 13, "color": palette.text},
        )  # fmt: skip
    for line in chart.lines:
        figure.add_scatter(
            x=list(range(len(line.heat))), y=list(line.heat), mode="lines", yaxis="y2",
            line={"color": line.colour, "width": 2}, text=list(chart.times),
            customdata=[amount(heat, "count", language) for heat in line.heat],
            hovertemplate=f"{escape(line.name, quote=False)}<br>%{{text}}<br>%{{customdata}}<extra></extra>",
        )  # fmt: skip
    if chart.lines:
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, yref="y2", y0=chart.threshold, y1=chart.threshold,
            line={"color": palette.muted, "width": 1.5, "dash": "dash"},
        )  # fmt: skip
        figure.add_annotation(
            xref="paper", x=1, yref="y2", y=chart.threshold, text=escape(threshold, quote=False),
            showarrow=False, xanchor="right", yanchor="bottom", font={"size": 12, "color": palette.muted},
        )  # fmt: skip
    share = beneath / max(1, above + beneath)
    under = 8 if chart.lines else AXIS_PX  # the heat's own axis leaves room for the days
    return laid_out(
        figure, ground, above + beneath + AXIS_PX + under - 8, showlegend=False, bargap=0,
        margin={"l": 8, "r": 12, "t": 8, "b": under},
        xaxis={"range": [0, chart.hours], "tickvals": chart.days, "ticktext": chart.labels, "anchor": "free",
               "position": 0, "ticklabelposition": "outside right", "ticks": "outside",
               "tickcolor": palette.line, "showgrid": True, "gridcolor": palette.line, "tickangle": 0,
               "zeroline": False, "fixedrange": True},
        yaxis={"range": [0.85 - rows, 0.85], "domain": [share + 0.03 * bool(chart.lines), 1],
               "showgrid": False, "showticklabels": False, "zeroline": False, "fixedrange": True},
        yaxis2={"range": [chart.up.low, chart.up.high], "domain": [0, max(0.01, share - 0.05)],
                "tickvals": chart.up.marks, "ticktext": chart.up.labels, "gridcolor": palette.line,
                "zeroline": False, "fixedrange": True, "anchor": "x", "visible": bool(chart.lines)},
    )  # fmt: skip
