"""Where accounts stand in every picture of the matrix: the same place in every layout, on every page.

The main account in the middle, sub-accounts on a circle around it, clockwise from the top in
canonical order, creators in a row below. Takes accounts in that order; gives places. Does not
know links or traffic, so that only these change under the eye.
"""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import NamedTuple
from unicodedata import east_asian_width

from sim.charts.theme import CATEGORIES
from sim.scenario.matrix import TIERS

MOST_ON_CIRCLE = 24
"""Sub-accounts up to which they stand on one circle; more stand on two, by turns (chosen)."""
INNER = 0.8
"""Radius of the second circle over that of the first."""
MOST_CREATORS = 8
"""Creators up to which each has its place; more are grouped by tier (chosen)."""
ROW = -1.55
"""Height of the creators' row, below the circle and its names."""
GROUP, LINE = "*", "*line "
"""What the key of a group begins with, and that of a group of sub-accounts."""
MOST_SUBS, ALONE = 60, 11
"""Sub-accounts up to which each has its place; of more, only so many of the largest have one, and the others
are grouped by their main topic (chosen): a picture of 600 cannot be read, and takes 10 s to draw."""


class Actor(NamedTuple):
    """An account, as far as its place goes."""

    id: str
    role: str
    """main, sub or creator"""
    tier: str
    """of a creator; else empty"""
    topic: str = ""
    """what an account of the brand posts about most"""
    fans: int = 0


class Place(NamedTuple):
    """Where an account stands, or a group of creators or of sub-accounts."""

    key: str
    """the account's id; of a group * and its tier, without tier * alone; of subs LINE and their topic"""
    members: tuple[int, ...]
    """numbers of the accounts, in canonical order"""
    role: str
    x: float
    y: float
    """the circle has radius 1"""
    colour: str
    """the account's colour; empty for a group"""
    group: bool


def colour_of(rank: int) -> str:
    """The colour of an account by its number in canonical order."""
    return CATEGORIES[rank % len(CATEGORIES)]


def places(actors: Sequence[Actor]) -> tuple[Place, ...]:
    """The places of accounts.

    Args:
        actors: in canonical order, the main account first.
    Returns:
        A place for the main account, each sub-account or line of them, and each creator or tier of creators.
    Example:
        >>> [(p.key, p.x, p.y) for p in places([Actor("main", "main", ""), Actor("sub", "sub", "")])]
        [('main', 0.0, 0.0), ('sub', 0.0, 1.0)]
    """
    subs = [k for k, actor in enumerate(actors) if actor.role == "sub"]
    creators = [k for k, actor in enumerate(actors) if actor.role == "creator"]
    found = [
        Place(actor.id, (k,), actor.role, 0.0, 0.0, colour_of(k), group=False)
        for k, actor in enumerate(actors)
        if actor.role == "main"
    ]
    parts = _lines(actors, subs)
    for turn, (key, members) in enumerate(parts):
        angle = pi / 2 - 2 * pi * turn / len(parts)
        radius = INNER if len(parts) > MOST_ON_CIRCLE and turn % 2 else 1.0
        x, y = round(radius * cos(angle), 4) + 0.0, round(radius * sin(angle), 4) + 0.0
        group = key.startswith(LINE)
        found.append(Place(key, tuple(members), "sub", x, y, colour_of(members[0]), group))
    return (*found, *_row(actors, creators))


def _lines(actors: Sequence[Actor], subs: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Sub-accounts in canonical order, each alone; of very many the largest alone, then lines by topic."""
    if len(subs) <= MOST_SUBS:
        return [(actors[k].id, [k]) for k in subs]
    alone = sorted(sorted(subs, key=lambda k: -actors[k].fans)[:ALONE])
    lines: dict[str, list[int]] = {}
    for k in subs:
        if k not in alone:
            lines.setdefault(actors[k].topic, []).append(k)
    return [*((actors[k].id, [k]) for k in alone), *((LINE + topic, rows) for topic, rows in lines.items())]


def _row(actors: Sequence[Actor], creators: Sequence[int]) -> list[Place]:
    """The places of creators, each alone or by tier, largest first."""
    if len(creators) <= MOST_CREATORS:
        parts = [(actors[k].id, [k]) for k in creators]
    else:
        tiers = [*TIERS, ""]
        found = {tier: [k for k in creators if actors[k].tier == tier] for tier in tiers}
        parts = [(GROUP + tier, members) for tier, members in found.items() if members]
    width = min(2.05, 0.5 * (len(parts) - 1))
    step = width / max(1, len(parts) - 1)
    grouped = len(creators) > MOST_CREATORS
    return [
        Place(
            key,
            tuple(members),
            "creator",
            round(-width / 2 + k * step, 4) + 0.0,
            ROW,
            "" if grouped else colour_of(members[0]),
            grouped,
        )
        for k, (key, members) in enumerate(parts)
    ]


def wrapped(name: str, width: int = 12, lines: int = 2) -> tuple[str, ...]:
    """A name in a few short lines, broken at spaces and slashes if it can be, cut off with … past the last.

    Args:
        name: any text.
        width: of a line, in Latin letters; a Chinese character is two wide.
        lines: at most.
    Example:
        >>> wrapped("five-minute makeup"), wrapped("敏感肌护理小课堂开课啦今天", 8)
        (('five-minute', 'makeup'), ('敏感肌护', '理小课…'))
    """
    found = [""]
    rest = name.strip()
    while rest:
        head, rest = _line(rest, width)
        if len(found) == lines and found[-1]:
            cut = found[-1]
            while cut and _wide(cut) > width - 1:
                cut = cut[:-1]
            found[-1] = cut + "…"
            break
        if found[-1]:
            found.append(head)
        else:
            found[-1] = head
    return tuple(found)


def _line(text: str, width: int) -> tuple[str, str]:
    """The first line of a text and the rest."""
    if _wide(text) <= width:
        return text, ""
    fits = next(k for k in range(len(text), 0, -1) if k == 1 or _wide(text[:k]) <= width)
    space, slash = text.rfind(" ", 0, fits + 1), text.rfind("/", 0, fits) + 1
    end = max(space, slash) if max(space, slash) > 0 else fits
    return text[:end].rstrip(), text[end:].lstrip()


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
