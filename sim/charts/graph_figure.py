"""The figure of the account graph, with a slider and a play button.

Takes the data of graph.py and words; gives a figure that shows the whole run until somebody plays
it. A ribbon's width is the visits of these hours, its colour the account that they come from; an
account's area is its impressions so far. Says which account or link a clicked point is.
"""

from collections.abc import Sequence
from html import escape
from math import hypot, log1p, sqrt
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.charts.graph import DAY_H, RING, Counts, GraphChart, Line, Moment
from sim.charts.places import wrapped
from sim.charts.ribbons import Outline, Path, at, outline, thin
from sim.charts.theme import HALO, PALETTES, Ground, Palette, template
from sim.language.numbers import amount
from sim.language.words import Words

WIDEST, FREE = 0.034, 24
"""Half the width of the busiest line, over the circle's radius; lines from which on they get narrower."""
ALL_NAMED = 14
"""Places up to which each has its name written; of more, only the largest (chosen)."""
LARGEST_NAMED = 8
HEIGHT_PX, ROW_PX = 560, 80
NAME_ABOVE, NAME_GAP, NAME_CLEAR = 0.3, 0.17, 0.45
"""Height from which on a name stands above its account; distance of the two; and of two names."""
UNSELECTED = 0.35
"""Opacity of the accounts that are not the one clicked."""
ON_CIRCLE, IN_ROW = (12, 2), (9, 3)
"""Width and number of lines of a name; creators in their row stand closer."""
TICK_MS = 450
"""Time of a moment when played."""
PLACES, LINKS = "places", "links"
"""Names of the traces that can be clicked."""


class Target(NamedTuple):
    """What somebody clicked: a place by its number, or a line."""

    place: int | None
    line: int | None


def clicked(chart: GraphChart, curve: str, point: int) -> Target | None:
    """What a point of the figure stands for.

    Args:
        chart: that the figure shows.
        curve: name of the trace.
        point: number of the point in it.
    """
    if curve == PLACES and 0 <= point < len(chart.places):
        return Target(point, None)
    if curve == LINKS and 0 <= point < len(chart.lines):
        return Target(None, point)
    return None


def graph_figure(
    chart: GraphChart,
    names: Sequence[str],
    words: Words,
    ground: Ground = "light",
    *,
    marked: Target | None = None,
    start_h: int = 0,
) -> go.Figure:
    """The figure of the account graph.

    Args:
        chart: what to show.
        names: of the places.
        words: on it.
        ground: light or dark.
        marked: what is selected.
        start_h: hour of the day at which the run begins.
    """
    palette = PALETTES[ground]
    colours = sorted({_colour(chart, way, palette.muted) for way in chart.lines})
    drawn = _Drawn(chart, names, words, palette.muted, tuple(colours))
    whole = chart.moments[-1]
    figure = go.Figure()
    figure.add_scatter(
        **_xy(thin(way.path for way in chart.lines)), mode="lines", line={"color": palette.line, "width": 1},
        hoverinfo="skip",
    )  # fmt: skip
    _mark(figure, chart, marked, palette.accent)
    first = len(figure.data)
    for colour, shape in zip(colours, drawn.ribbons(whole), strict=True):
        figure.add_scatter(
            **shape, mode="lines", fill="toself", fillcolor=colour, line={"color": colour, "width": 0.8},
            opacity=0.85, hoverinfo="skip",
        )  # fmt: skip
    points = [
        at(way.path) if way.source != way.target else way.path[len(way.path) // 6] for way in chart.lines
    ]
    figure.add_scatter(
        x=[x for x, _ in points], y=[y for _, y in points], mode="markers", name=LINKS,
        marker={"size": 18, "opacity": 0, "color": palette.muted},
        selected={"marker": {"opacity": 0.9, "color": palette.accent}}, unselected={"marker": {"opacity": 0}},
        text=drawn.titles, customdata=drawn.links(whole),
        hovertemplate=_hover(words("Home-page visits:"), words("Impressions:"), words("New follows:")),
    )  # fmt: skip
    figure.add_scatter(
        x=[place.x for place in chart.places], y=[place.y for place in chart.places],
        mode="markers", name=PLACES,
        marker={
            "size": drawn.sizes(whole), "opacity": 1,
            "color": [place.colour or palette.background for place in chart.places],
            "line": {
                "width": [2.0 if place.group else 1.5 for place in chart.places],
                "color": [palette.muted if place.group else palette.background for place in chart.places],
            },
        },
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": UNSELECTED}},
        text=[escape(name, quote=False) for name in names], customdata=drawn.accounts(whole),
        hovertemplate=_hover(
            words("Impressions so far:"), words("Home-page visits so far:"), words("New follows so far:")
        ),
    )  # fmt: skip
    _names(figure, chart, names, palette)
    moving = [*range(first, first + len(colours) + 2)]
    titles = [_time(moment, words, start_h) for moment in chart.moments[:-1]] + [words("Whole run")]
    figure.frames = [
        {"name": str(k), "data": drawn.frame(moment), "traces": moving}
        for k, moment in enumerate(chart.moments)
    ]
    creators = any(place.role == "creator" for place in chart.places)
    figure.update_layout(
        template=template(ground),
        height=HEIGHT_PX + (ROW_PX if creators else 0),
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        xaxis={"visible": False, "range": [-1.36, 1.36], "fixedrange": True},
        yaxis={
            "visible": False, "range": [-2.0 if creators else -1.38, 1.36], "fixedrange": True,
            "scaleanchor": "x", "constrain": "domain", "constraintoward": "top",
        },
        **_player(titles, words, palette),
    )  # fmt: skip
    return figure


class _Drawn:
    """What changes from moment to moment, as plotly takes it."""

    def __init__(
        self, chart: GraphChart, names: Sequence[str], words: Words, muted: str, colours: tuple[str, ...]
    ) -> None:
        self.chart = chart
        self.language = words.language
        self.colours = colours
        self.colour_of = [_colour(chart, way, muted) for way in chart.lines]
        self.widest = WIDEST * min(1.0, sqrt(FREE / max(len(chart.lines), 1)))
        self.most = log1p(max(chart.busiest, 1))
        self.largest = max((counts.impressions for counts in chart.moments[-1].had), default=0) or 1
        crowd = sum(place.role == "sub" for place in chart.places)
        self.size = 46 if crowd <= ALL_NAMED else 46 - min(22, (crowd - ALL_NAMED) / 2)
        ring = words("Ring road of the sub-accounts")
        ends = {RING: ring} | {k: escape(name, quote=False) for k, name in enumerate(names)}
        self.titles = [
            ring if way.source == way.target else f"{ends[way.source]} → {ends[way.target]}"
            for way in chart.lines
        ]  # fmt: skip
        self.none = [amount(0, "count", self.language)] * 3

    def ribbons(self, moment: Moment) -> list[dict[str, Any]]:
        """The ribbons of each colour."""
        by_colour: dict[str, list[tuple[Path, float, bool]]] = {colour: [] for colour in self.colours}
        for k, counts in sorted(moment.carried.items()):
            if counts.visits:
                way = self.chart.lines[k]
                half = self.widest * min(1.3, log1p(counts.visits) / self.most)
                by_colour[self.colour_of[k]].append((way.path, half, way.source != way.target))
        return [_xy(outline(ribbons)) for ribbons in by_colour.values()]

    def links(self, moment: Moment) -> list[list[str]]:
        """The numbers on each line's hover."""
        return [
            self._texts(moment.carried[k], ("visits", "impressions", "follows"))
            if k in moment.carried
            else self.none
            for k in range(len(self.chart.lines))
        ]

    def accounts(self, moment: Moment) -> list[list[str]]:
        """The numbers on each account's hover."""
        return [self._texts(counts, ("impressions", "visits", "follows")) for counts in moment.had]

    def sizes(self, moment: Moment) -> list[float]:
        """The diameters of the accounts [px]: areas as impressions so far."""
        return [round(max(7.0, self.size * sqrt(c.impressions / self.largest)), 1) for c in moment.had]

    def frame(self, moment: Moment) -> list[dict[str, Any]]:
        """The traces that move."""
        return [
            *self.ribbons(moment),
            {"customdata": self.links(moment)},
            {"customdata": self.accounts(moment), "marker": {"size": self.sizes(moment)}},
        ]

    def _texts(self, counts: Counts, fields: tuple[str, str, str]) -> list[str]:
        return [amount(getattr(counts, field), "count", self.language) for field in fields]


def _colour(chart: GraphChart, way: Line, muted: str) -> str:
    """The colour of a line: that of the account from which its visitors come."""
    return muted if way.source == RING else chart.places[way.source].colour or muted


def _xy(shape: Outline) -> dict[str, Any]:
    return {"x": shape.x, "y": shape.y}


def _hover(*labels: str) -> str:
    rows = (f"<br>{label} %{{customdata[{k}]}}" for k, label in enumerate(labels))
    return f"<b>%{{text}}</b>{''.join(rows)}<extra></extra>"


def _mark(figure: go.Figure, chart: GraphChart, marked: Target | None, colour: str) -> None:
    """What is selected, below everything else."""
    if marked is not None and marked.line is not None:
        shape = thin([chart.lines[marked.line].path])
        figure.add_scatter(
            **_xy(shape), mode="lines", line={"color": colour, "width": 14}, opacity=0.3, hoverinfo="skip"
        )
    elif marked is not None and marked.place is not None:
        place = chart.places[marked.place]
        figure.add_scatter(
            x=[place.x], y=[place.y], mode="markers", hoverinfo="skip",
            marker={"size": 62, "color": colour, "opacity": 0.3},
        )  # fmt: skip


def _names(figure: go.Figure, chart: GraphChart, names: Sequence[str], palette: Palette) -> None:
    """The accounts' names beside them; of many only the largest ones'."""
    gap = NAME_GAP if len(chart.places) <= ALL_NAMED else NAME_GAP / 2
    shown = []
    for k in _named(chart):
        place = chart.places[k]
        if place.x or place.y:
            shown.append(k)
            continue
        figure.add_annotation(  # in the middle links run under the name on all sides
            x=0, y=-gap, yanchor="top", text=escape(names[k], quote=False), showarrow=False,
            font={"size": 12, "color": palette.text}, bgcolor=palette.background, borderpad=1,
        )  # fmt: skip
    above = {k: chart.places[k].y > NAME_ABOVE for k in shown}
    lines = [wrapped(names[k], *(IN_ROW if chart.places[k].role == "creator" else ON_CIRCLE)) for k in shown]
    figure.add_scatter(
        x=[chart.places[k].x for k in shown],
        y=[chart.places[k].y + (gap if above[k] else -gap) for k in shown],
        mode="text",
        text=["<br>".join(escape(part, quote=False) for part in parts) for parts in lines],
        textposition=["top center" if above[k] else "bottom center" for k in shown],
        textfont={"size": 12, "color": palette.text, "shadow": HALO.format(ground=palette.background)},
        unselected={"textfont": {"color": palette.text}},
        hoverinfo="skip",
        cliponaxis=False,
    )


def _named(chart: GraphChart) -> list[int]:
    """The places whose names are written: all, or the largest that leave one another room."""
    if len(chart.places) <= ALL_NAMED:
        return list(range(len(chart.places)))
    had = chart.moments[-1].had
    shown = [k for k, place in enumerate(chart.places) if place.role != "sub"]
    room = LARGEST_NAMED
    for k in sorted(range(len(chart.places)), key=lambda k: -had[k].impressions):
        here = chart.places[k]
        near = (hypot(here.x - chart.places[j].x, here.y - chart.places[j].y) for j in shown)
        if room and k not in shown and min(near, default=1.0) > NAME_CLEAR:
            shown.append(k)
            room -= 1
    return shown


def _time(moment: Moment, words: Words, start_h: int) -> str:
    """When a moment begins, as people say it."""
    hour = start_h + moment.start
    return words("day {day}, {hour}:00", day=hour // DAY_H + 1, hour=f"{hour % DAY_H:02d}")


def _player(titles: list[str], words: Words, palette: Palette) -> dict[str, Any]:
    """The slider and the buttons."""

    def shown(**more: Any) -> dict[str, Any]:
        frame = {"duration": more.pop("duration", 0), "redraw": True}
        return {"mode": "immediate", "frame": frame, "transition": {"duration": 0}, **more}

    steps = [
        {"label": title, "method": "animate", "args": [[str(k)], shown()]} for k, title in enumerate(titles)
    ]
    every = [str(k) for k in range(len(titles))]
    look = {"color": palette.text, "size": 13}
    return {
        "sliders": [
            {
                "active": len(titles) - 1, "steps": steps,
                "x": 0, "y": 0, "len": 1, "pad": {"t": 40, "b": 6, "l": 6, "r": 6},
                "currentvalue": {"font": {**look, "size": 14}, "xanchor": "right", "offset": 12},
                "font": {"size": 1, "color": palette.background}, "ticklen": 0, "minorticklen": 0,
                "bgcolor": palette.muted, "activebgcolor": palette.accent,
                "bordercolor": palette.line, "borderwidth": 0,
            }
        ],
        "updatemenus": [
            {
                "type": "buttons", "direction": "left", "showactive": False, "x": 0, "y": 0,
                "xanchor": "left", "yanchor": "top", "pad": {"t": 8, "l": 2},
                "font": look, "bgcolor": palette.panel, "bordercolor": palette.line,
                "buttons": [
                    {"label": words("Play"), "method": "animate", "args": [every, shown(duration=TICK_MS)]},
                    {"label": words("Pause"), "method": "animate", "args": [[None], shown()]},
                ],
            }
        ],
    }  # fmt: skip
