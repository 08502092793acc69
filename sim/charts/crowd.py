"""The class: everybody as a dot at a fixed place, grouped by main topic, with the accounts above.

Takes who people are and what became of them; gives chart data, and from it a figure. A dot keeps its
place over hours and variants, so that only colours change under the eye. Does not know the simulator.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim.charts.axes import BENEATH
from sim.charts.theme import PALETTES, Ground, mixed, template

STATES = ("unreached", "reached", "visited", "follows", "ordered")
"""What became of a person, the later one wins: shown nothing, shown a video, visited a home page,
follows an account that she did not at the start, ordered."""
PERSON, ACCOUNT = 0, 1
"""What a point stands for: the first entry of its customdata; the second is its number."""
ASPECT = 1.6
"""Columns of dots over rows."""
MOST_NAMED = 6
"""Accounts up to which each has its name beside it; of more, the hover tells it."""
PER_ROW = 14
"""Accounts in a row, where there are many."""
WHOLE: dict[str, Any] = {
    "selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}
}  # fmt: skip
"""A click picks somebody; it does not pale the others."""
NAMED_ROW, BARE_ROW = 5.0, 3.2
"""Height of a row of accounts, in rows of dots."""
DOT_PX, ACTIVE_PX, LEAST_PX, MOST_PX = 6, 10, 11, 30
BASE = 4.4
"""Height of the lowest row of accounts above the people, whose topics stand between."""
ROW_PX, REST_PX = 10.5, 70
KEPT = 32
"""Classes whose places are kept: they stay where they are at each step."""


class Mark(NamedTuple):
    """One account."""

    name: str
    colour: str
    fans: int
    label: str
    """its fans in words"""


class Block(NamedTuple):
    """The people of one main topic: columns from `left` to `right`."""

    name: str
    people: int
    left: float
    right: float


class Place(NamedTuple):
    """Where something stands, in columns and rows of dots."""

    x: float
    y: float


class CrowdChart(NamedTuple):
    """What the picture shows."""

    people: tuple[Place, ...]
    states: tuple[int, ...]
    """place in STATES, one a person"""
    impressions: tuple[int, ...]
    blocks: tuple[Block, ...]
    accounts: tuple[Place, ...]
    sizes: tuple[float, ...]
    """diameter of each account [px]"""
    rows: int
    top: float
    """upper end of the picture"""


class CrowdWords(NamedTuple):
    """The words on the figure, in the reader's language."""

    person: str
    impressions: str
    states: tuple[str, ...]
    """names of STATES"""


class Chosen(NamedTuple):
    """What is pointed out."""

    person: int
    account: int
    fans: Sequence[int]
    """people who follow the account"""
    follows: Sequence[int]
    """accounts that the person follows"""
    reached_by: Sequence[int]
    """accounts whose videos the person was shown"""
    active: Sequence[int] = ()
    """people to whom something happened just now"""


@lru_cache(maxsize=KEPT)
def places(topics: tuple[str, ...]) -> tuple[tuple[Place, ...], tuple[Block, ...], int]:
    """Where everybody stands: topic by topic from the left, in columns from the top.

    Args:
        topics: main topic of each person; those of one topic may lie apart.
    Returns:
        A place for each person, the blocks from the left, and the rows.
    """
    rows = max(1, ceil(sqrt(len(topics) / ASPECT)))
    members: dict[str, list[int]] = {}
    for number, topic in enumerate(topics):
        members.setdefault(topic, []).append(number)
    found = [Place(0, 0)] * len(topics)
    blocks, left = [], 0
    for topic, numbers in members.items():
        for k, number in enumerate(numbers):
            found[number] = Place(left + k // rows, -(k % rows))
        right = left + (len(numbers) - 1) // rows
        blocks.append(Block(topic, len(numbers), left, right))
        left = right + 2
    return tuple(found), tuple(blocks), rows


def crowd_chart(
    topics: Sequence[str], states: Sequence[int], impressions: Sequence[int], accounts: Sequence[Mark]
) -> CrowdChart:
    """The data of the picture.

    Args:
        topics: main topic of each person.
        states: place in STATES of each person.
        impressions: what each person was shown so far.
        accounts: in canonical order.
    """
    people, blocks, rows = places(tuple(topics))
    right = max((block.right for block in blocks), default=0.0)
    named = len(accounts) <= MOST_NAMED
    per_row, height = (MOST_NAMED, NAMED_ROW) if named else (PER_ROW, BARE_ROW)
    lines = ceil(len(accounts) / per_row)
    marks = []
    for k in range(len(accounts)):
        line, place = divmod(k, per_row)
        width = min(per_row, len(accounts) - line * per_row) if lines == 1 else per_row
        marks.append(Place((place + 0.5) * (right + 1) / width - 0.5, BASE + (lines - 1 - line) * height))
    most = max((mark.fans for mark in accounts), default=0) or 1
    sizes = tuple(LEAST_PX + (MOST_PX - LEAST_PX) * sqrt(max(mark.fans, 0) / most) for mark in accounts)
    if not named:
        sizes = tuple(min(size, 20.0) for size in sizes)
    top = BASE + (lines - 1) * height + (3.4 if named else 1.8)
    return CrowdChart(people, tuple(states), tuple(impressions), blocks, tuple(marks), sizes, rows, top)


def state_colours(ground: Ground = "light") -> tuple[str, ...]:
    """Colours of STATES: from the ground's line over the accent to what stands out from it."""
    palette = PALETTES[ground]
    return (
        palette.line,
        mixed(palette.accent, palette.background, 0.45),
        palette.accent,
        palette.text,
        palette.behind,
    )


def crowd_figure(
    chart: CrowdChart,
    accounts: Sequence[Mark],
    chosen: Chosen,
    words: CrowdWords,
    ground: Ground = "light",
) -> go.Figure:
    """The figure: people, accounts, and who is pointed out."""
    palette = PALETTES[ground]
    here = chart.people[chosen.person]
    fans = [chart.people[n] for n in chosen.fans]
    ring = {"color": accounts[chosen.account].colour, "size": DOT_PX + 3, "line": {"width": 1.5}}
    traces = [
        *_ties(chart, accounts, chosen),
        *_people(chart, chosen, words, ground),
        _rings(fans, ring),
        _rings([here], {"color": palette.text, "size": 17, "line": {"width": 2.5}}),
        _accounts(chart, accounts, chosen, palette.text),
    ]
    right = max((block.right for block in chart.blocks), default=0.0)
    bare = {"visible": False, "fixedrange": True}
    return go.Figure(
        traces,
        {
            "template": template(ground).to_plotly_json(),
            "height": ROW_PX * (chart.rows + chart.top) + REST_PX,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "dragmode": False,
            "legend": BENEATH | {"itemsizing": "constant"},
            "xaxis": {**bare, "range": [-1, right + 1]},
            "yaxis": {**bare, "range": [-chart.rows - 0.5, chart.top]},
            "annotations": [
                {
                    "x": (block.left + block.right) / 2,
                    "y": 1.4,
                    "text": f"{escape(block.name, quote=False)} {block.people:,}",
                    "showarrow": False,
                    "font": {"size": 13, "color": palette.muted},
                    "bgcolor": palette.background,
                }
                for block in chart.blocks
            ],
        },
        _validate=False,  # drawn at each step of a class: plotly's look at each property is four fifths of it
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _as_array(people: tuple[Place, ...]) -> NDArray[np.float64]:
    """(n, 2) the same; to be read only."""
    return np.array(people, np.float64)


def _people(chart: CrowdChart, chosen: Chosen, words: CrowdWords, ground: Ground) -> list[dict[str, Any]]:
    """The dots, a trace for each state; as arrays, which plotly takes without a look at each number."""
    places, states = _as_array(chart.people), np.array(chart.states)
    shown = np.stack([np.full(states.size, PERSON), np.arange(states.size), chart.impressions], axis=1)
    sizes = np.full(states.size, DOT_PX)
    sizes[list(chosen.active)] = ACTIVE_PX
    traces = []
    for state, (name, colour) in enumerate(zip(words.states, state_colours(ground), strict=True)):
        own = np.flatnonzero(states == state)
        traces.append(
            {
                "x": places[own, 0] if own.size else [None],  # else it would have no line in the legend
                "y": places[own, 1] if own.size else [None],
                "customdata": shown[own],
                "mode": "markers",
                "marker": {
                    "size": sizes[own] if own.size else [DOT_PX],
                    "color": colour,
                    "symbol": "diamond" if state == len(STATES) - 1 else "circle",
                    "line": {"width": 0},
                    "opacity": 1,
                },
                "name": f"{escape(name, quote=False)} {own.size:,}",
                "hovertemplate": (
                    f"{words.person} %{{customdata[1]}}<br>{escape(name, quote=False)}"
                    f"<br>{words.impressions} %{{customdata[2]}}<extra></extra>"
                ),
                **WHOLE,
            }
        )
    return traces


def _rings(places: Sequence[Place], marker: dict[str, Any]) -> dict[str, Any]:
    """Rings around dots, which leave clicks to the dots."""
    return {
        "x": [place.x for place in places],
        "y": [place.y for place in places],
        "mode": "markers",
        "marker": {"symbol": "circle-open", **marker},
        "hoverinfo": "skip",
        "showlegend": False,
        **WHOLE,
    }


def _accounts(chart: CrowdChart, accounts: Sequence[Mark], chosen: Chosen, text: str) -> dict[str, Any]:
    """The accounts; the one pointed out has a rim."""
    names = [escape(mark.name, quote=False) for mark in accounts]
    return {
        "x": [place.x for place in chart.accounts],
        "y": [place.y for place in chart.accounts],
        "customdata": [[ACCOUNT, k, 0] for k in range(len(accounts))],
        "mode": "markers+text" if len(accounts) <= MOST_NAMED else "markers",
        "marker": {
            "size": chart.sizes,
            "color": [mark.colour for mark in accounts],
            "line": {"color": text, "width": [3 * (k == chosen.account) for k in range(len(accounts))]},
            "opacity": 1,
        },
        "text": names,
        "textposition": "top center",
        "textfont": {"size": 13, "color": text},
        "hovertext": [f"<b>{name}</b><br>{mark.label}" for name, mark in zip(names, accounts, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
        "cliponaxis": False,
        **WHOLE,
    }


def _ties(chart: CrowdChart, accounts: Sequence[Mark], chosen: Chosen) -> list[dict[str, Any]]:
    """Lines from the person pointed out: whole to accounts followed, dotted to those only seen."""
    here = chart.people[chosen.person]
    lines = []
    for account in sorted({*chosen.follows, *chosen.reached_by}):
        there, followed = chart.accounts[account], account in chosen.follows
        style = {"width": 2.5, "dash": "solid"} if followed else {"width": 1.5, "dash": "dot"}
        lines.append(
            {
                "x": [here.x, there.x],
                "y": [here.y, there.y],
                "mode": "lines",
                "line": {"color": accounts[account].colour, **style},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return lines
