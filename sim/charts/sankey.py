"""Traffic of a whole run as a Sankey diagram: where it came from, through which account, to what.

Two pictures: origin → account → what came of it, and account → channel → account. What flows in
flows out, because both sides count the same events. Takes tables; gives chart data, and from it a
figure. Accounts past a dozen are summed up. Does not simulate.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go
import polars as pl

from sim.charts.places import Place
from sim.charts.theme import HALO, PALETTES, Ground, template
from sim.language.numbers import amount
from sim.language.words import Language

MOST_ACCOUNTS = 12
"""Accounts and groups in a column; the others are summed up (chosen)."""
MOST_RIBBONS = 200
"""Past which ribbons from a channel on are no longer told apart by the account they come from (chosen)."""
EVENTS = ("visits", "follows")
"""What comes of an impression or a link, and is drawn."""
OPACITY = 0.45
ROW_PX, LEAST_PX, EDGE_PX = 36, 280, 24


class SankeyWords(NamedTuple):
    """The words on the figure, in the reader's language."""

    names: tuple[str, ...]
    """of the places"""
    others: str
    """accounts that are summed up, with {n}"""
    origins: Mapping[str, str]
    """by key; channels are among them"""
    events: Mapping[str, str]
    """visits and follows"""
    width: str
    """hover: what the width of a ribbon counts"""


class Node(NamedTuple):
    """A bar of the diagram."""

    name: str
    """escaped: plotly reads markup"""
    colour: str
    """of the account; empty for what is no account"""
    column: int
    value: int


class Ribbon(NamedTuple):
    """What flows from one bar to another."""

    source: int
    target: int
    value: int
    colour: str


class SankeyChart(NamedTuple):
    """What the diagram shows."""

    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


class _Flow(NamedTuple):
    """So much along one way; the names of bars are pairs of a column and a key."""

    way: tuple[str | int, ...]
    value: int


def origin_chart(
    hourly: pl.DataFrame, places: Sequence[Place], ids: Sequence[str], words: SankeyWords
) -> SankeyChart:
    """Origin → account → what came of it: home-page visits and new follows.

    Args:
        hourly: hour, account, origin, visits, follows.
        places: of all accounts.
        ids: of all accounts, in canonical order.
        words: names.
    Returns:
        Bars and ribbons; a ribbon's value is visits and follows together.
    """
    place_of = _place_of(places, ids)
    summed = hourly.group_by("account", "origin").agg(pl.col(EVENTS).sum()).sort("account", "origin")
    rows = [row for row in summed.iter_rows(named=True) if row["account"] in place_of]
    kept = _kept(((place_of[row["account"]], sum(row[event] for event in EVENTS)) for row in rows), places)
    flows = [
        _Flow((row["origin"], kept(place_of[row["account"]]), event), row[event])
        for row in rows
        for event in EVENTS
    ]
    order = (list(words.origins), range(-1, len(places)), list(EVENTS))
    names = (words.origins, None, words.events)
    return _chart(flows, order, names, places, words, owner=1)


def channel_chart(
    links: pl.DataFrame, places: Sequence[Place], ids: Sequence[str], words: SankeyWords
) -> SankeyChart:
    """Account → channel → account: home-page visits over links.

    Args:
        links: from, to, channel, visits.
        places: of all accounts.
        ids: of all accounts, in canonical order.
        words: names.
    Returns:
        Bars and ribbons, coloured by the account that the visitors come from.
    """
    place_of = _place_of(places, ids)
    summed = links.group_by("from", "to", "channel").agg(pl.col("visits").sum()).sort("from", "to", "channel")
    rows = [row for row in summed.iter_rows(named=True) if {row["from"], row["to"]} <= place_of.keys()]
    kept = _kept(((place_of[row[end]], row["visits"]) for row in rows for end in ("from", "to")), places)
    flows = [
        _Flow((kept(place_of[row["from"]]), row["channel"], kept(place_of[row["to"]])), row["visits"])
        for row in rows
    ]
    order = (range(-1, len(places)), list(words.origins), range(-1, len(places)))
    return _chart(flows, order, (None, words.origins, None), places, words, owner=0)


def sankey_figure(
    chart: SankeyChart, words: SankeyWords, language: Language, ground: Ground = "light"
) -> go.Figure:
    """The figure of a diagram."""
    palette = PALETTES[ground]
    rows = max((sum(node.column == column for node in chart.nodes) for column in range(3)), default=0)

    def told(value: int) -> str:
        return f"{words.width} {amount(value, 'count', language)}"

    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [node.name for node in chart.nodes],
                "color": [node.colour or palette.muted for node in chart.nodes],
                "customdata": [told(node.value) for node in chart.nodes],
                "hovertemplate": "<b>%{label}</b><br>%{customdata}<extra></extra>",
                "line": {"width": 0},
                "pad": 16,
                "thickness": 14,
            },
            link={
                "source": [ribbon.source for ribbon in chart.ribbons],
                "target": [ribbon.target for ribbon in chart.ribbons],
                "value": [ribbon.value for ribbon in chart.ribbons],
                "color": [_pale(ribbon.colour or palette.muted) for ribbon in chart.ribbons],
                "customdata": [told(ribbon.value) for ribbon in chart.ribbons],
                "hovertemplate": "%{source.label} → %{target.label}<br>%{customdata}<extra></extra>",
            },
            textfont={"color": palette.text, "size": 13, "shadow": HALO.format(ground=palette.background)},
        )
    )
    figure.update_layout(
        template=template(ground),
        height=max(LEAST_PX, ROW_PX * rows + EDGE_PX),
        margin={"l": 4, "r": 4, "t": 12, "b": 12},
    )
    return figure


def _place_of(places: Sequence[Place], ids: Sequence[str]) -> dict[str, int]:
    return {ids[rank]: k for k, place in enumerate(places) for rank in place.members}


OTHERS = -1
"""In place of a place's number: the accounts that are summed up."""


def _kept(weights: Iterable[tuple[int, int]], places: Sequence[Place]) -> Callable[[int], int]:
    """Which place has a bar of its own: the main account and the largest; the others are summed up."""
    total: dict[int, int] = {}
    for place, weight in weights:
        total[place] = total.get(place, 0) + weight
    if len(total) <= MOST_ACCOUNTS:
        return lambda place: place
    order = sorted(total, key=lambda k: (places[k].role != "main", -total[k], k))
    alone = set(order[: MOST_ACCOUNTS - 1])
    return lambda place: place if place in alone else OTHERS


def _chart(
    flows: Sequence[_Flow],
    order: Sequence[Sequence[str | int]],
    names: Sequence[Mapping[str, str] | None],
    places: Sequence[Place],
    words: SankeyWords,
    owner: int,
) -> SankeyChart:
    """Bars and ribbons of flows along three columns.

    Args:
        flows: along ways of one key a column.
        order: keys of each column from top to bottom.
        names: of each column's keys; None for a column of places.
        places: of all accounts.
        words: names of the places.
        owner: column whose account gives a ribbon its colour.
    """
    columns = range(len(order))
    sizes: list[dict[str | int, int]] = [{} for _ in columns]
    for flow in flows:
        if flow.value:
            for column, key in enumerate(flow.way):
                sizes[column][key] = sizes[column].get(key, 0) + flow.value
    summed = {place for flow in flows for place in flow.way if place == OTHERS}
    others = words.others if summed else ""
    number: dict[tuple[int, str | int], int] = {}
    nodes: list[Node] = []
    for column in columns:
        known = names[column]
        for key in order[column]:
            if key not in sizes[column]:
                continue
            number[column, key] = len(nodes)
            name = (
                known[str(key)] if known is not None else words.names[int(key)] if key != OTHERS else others
            )
            colour = "" if known is not None else _colour(places, int(key))
            nodes.append(Node(escape(name, quote=False), colour, column, sizes[column][key]))
    ribbons: dict[tuple[int, int, str | int], int] = {}
    told_apart = len({flow.way for flow in flows if flow.value}) <= MOST_RIBBONS
    for flow in flows:
        for column in columns[1:]:
            if flow.value:
                ends = number[column - 1, flow.way[column - 1]], number[column, flow.way[column]]
                whose = flow.way[owner] if told_apart or owner in (column - 1, column) else OTHERS
                ribbons[*ends, whose] = ribbons.get((*ends, whose), 0) + flow.value
    return SankeyChart(
        tuple(nodes),
        tuple(
            Ribbon(source, target, value, _colour(places, int(whose)))
            for (source, target, whose), value in sorted(ribbons.items(), key=lambda item: item[0][:2])
        ),
    )


def _colour(places: Sequence[Place], number: int) -> str:
    return places[number].colour if number != OTHERS else ""


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{OPACITY})"
