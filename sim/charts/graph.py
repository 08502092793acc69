"""The account graph as data: what moved over the links hour by hour, the accounts in their places.

Takes a run's tables; gives lines and moments, the last of which is the whole run. Past so many
links those among sub-accounts are bundled into one ring road. Its figure is graph_figure.py.
"""

from collections.abc import Mapping, Sequence
from math import ceil, pi
from typing import NamedTuple

import polars as pl

from sim.charts.places import Place
from sim.charts.ribbons import Path, at, bent, beside, circle

MOST_LINES = 200
"""Links, both ways counted, past which those among sub-accounts are bundled (contract)."""
STEPS_H = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168)
SHORT_H = 48
"""Length of a run up to which each hour is a moment."""
MOST_MOMENTS = 60
"""Moments of a longer run at most: the figure stays small, and playing it takes half a minute."""
DAY_H = 24
RING = -1
"""In place of an account's number: the ring road on which links among sub-accounts are bundled."""
RING_RADIUS, RAMP = 0.55, 0.35
"""The ring's radius; how far its ramps stand from the account, over the distance of neighbours."""


class Counts(NamedTuple):
    """What a link carried, or what an account had so far."""

    impressions: int
    visits: int
    follows: int


class Line(NamedTuple):
    """A link as it is drawn, or several of them."""

    source: int
    """number of the place, or RING"""
    target: int
    path: Path


class Moment(NamedTuple):
    """A few hours of the run; or all of it."""

    start: int
    """hour at which it begins [h]"""
    end: int
    """hour at which it ends [h]"""
    carried: Mapping[int, Counts]
    """by line, only what is not nothing"""
    had: tuple[Counts, ...]
    """by place: from the start of the run to the end of these hours"""


class GraphChart(NamedTuple):
    """What the account graph shows."""

    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    moments: tuple[Moment, ...]
    """the last one is the whole run"""
    bundled: bool
    step_h: int
    """hours of a moment"""

    @property
    def busiest(self) -> int:
        """Visits over the busiest line in the whole run, the ring road left out."""
        whole = self.moments[-1].carried
        return max(
            (c.visits for k, c in whole.items() if self.lines[k].source != self.lines[k].target), default=0
        )


def step_of(hours: int) -> int:
    """Hours that a moment of a run stands for.

    Example:
        >>> [step_of(hours) for hours in (24, 48, 96, 168, 240)]
        [1, 1, 2, 3, 4]
    """
    least = 1 if hours <= SHORT_H else hours / MOST_MOMENTS
    return next((step for step in STEPS_H if step >= least), ceil(least))


def graph_chart(
    places: Sequence[Place],
    ids: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    links: pl.DataFrame,
    hourly: pl.DataFrame,
    hours: int,
) -> GraphChart:
    """The data of the account graph.

    Args:
        places: of all accounts.
        ids: of all accounts, in canonical order.
        pairs: the layout's links, whether or not they carried anything; no pair twice.
        links: what links carried: hour, from, to, visits, impressions, follows.
        hourly: what accounts had: hour, account, impressions, visits, follows.
        hours: of the run [h].
    Returns:
        Places, lines and moments.
    """
    place_of = {ids[rank]: k for k, place in enumerate(places) for rank in place.members}
    ends = ((place_of[a], place_of[b]) for a, b in pairs)
    joined = dict.fromkeys((a, b) for a, b in ends if a != b)  # what stays inside a group has no line
    bundled = len(joined) > MOST_LINES
    lines, ways = _lines(places, list(joined), bundled=bundled)
    step = step_of(hours)
    last = (hours - 1) // step
    numbers = pl.DataFrame(
        {"account": list(place_of), "place": list(place_of.values())},
        schema={"account": pl.String, "place": pl.Int64},
    )
    moved = (
        links.join(numbers.rename({"account": "from", "place": "source"}), on="from")
        .join(numbers.rename({"account": "to", "place": "target"}), on="to")
        .group_by(pl.col("hour") // step, "source", "target")
        .agg(pl.col(Counts._fields).sum())
    )
    carried: list[dict[int, Counts]] = [{} for _ in range(last + 2)]
    for row in moved.iter_rows(named=True):
        counts = Counts(*(row[field] for field in Counts._fields))
        for k in ways.get((row["source"], row["target"]), ()):
            for moment in (carried[row["hour"]], carried[-1]):
                moment[k] = _sum(moment.get(k), counts)
    had = _had(hourly.join(numbers, on="account"), len(places), step, last)
    moments = [Moment(k * step, min((k + 1) * step, hours), carried[k], had[k]) for k in range(last + 1)]
    return GraphChart(
        tuple(places), lines, (*moments, Moment(0, hours, carried[-1], had[last])), bundled, step
    )


def _sum(one: Counts | None, other: Counts) -> Counts:
    return other if one is None else Counts(*(a + b for a, b in zip(one, other, strict=True)))


def _had(hourly: pl.DataFrame, size: int, step: int, last: int) -> list[tuple[Counts, ...]]:
    """What each place had by the end of each moment."""
    summed = hourly.group_by(pl.col("hour") // step, "place").agg(pl.col(Counts._fields).sum())
    new: dict[int, list[tuple[int, Counts]]] = {}
    for row in summed.iter_rows(named=True):
        new.setdefault(row["hour"], []).append((row["place"], Counts(*(row[f] for f in Counts._fields))))
    now = [Counts(0, 0, 0)] * size
    found = []
    for k in range(last + 1):
        for place, counts in new.get(k, ()):
            now[place] = _sum(now[place], counts)
        found.append(tuple(now))
    return found


def _lines(
    places: Sequence[Place], joined: Sequence[tuple[int, int]], *, bundled: bool
) -> tuple[tuple[Line, ...], dict[tuple[int, int], tuple[int, ...]]]:
    """The lines to draw, and for each link the lines on which what it carries is drawn."""
    subs = [k for k, place in enumerate(places) if place.role == "sub"]
    lines: list[Line] = []
    ways: dict[tuple[int, int], tuple[int, ...]] = {}
    ring: dict[tuple[int, int], int] = {}

    def ramp(source: int, target: int) -> int:
        """The ramp between an account and the ring road; the number of its line."""
        if (source, target) not in ring:
            account = target if source == RING else source
            here = places[account].x, places[account].y
            turn = RAMP * 2 * pi / len(subs) * (1 if source == RING else -1)
            there = beside(here, RING_RADIUS, turn)
            path = (
                (there, at((there, here), 0.5), here)
                if source == RING
                else (here, at((here, there), 0.5), there)
            )
            ring[source, target] = len(lines)
            lines.append(Line(source, target, path))
        return ring[source, target]

    among = set(subs) if bundled else set()
    for source, target in joined:
        if source in among and target in among:
            if (RING, RING) not in ring:
                ring[RING, RING] = len(lines)
                lines.append(Line(RING, RING, circle(RING_RADIUS)))
            ways[source, target] = (ramp(source, RING), ring[RING, RING], ramp(RING, target))
        else:
            a, b = places[source], places[target]
            ways[source, target] = (len(lines),)
            lines.append(Line(source, target, bent((a.x, a.y), (b.x, b.y))))
    return tuple(lines), ways
