"""The shapes of links between places: bent paths, and ribbons with an arrow along them.

Takes points of the plane; gives polygons as lists of x and y for plotly, a None between two of
them. Knows neither accounts nor figures.
"""

from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, sin
from typing import NamedTuple

Point = tuple[float, float]
Path = tuple[Point, ...]

STEPS = 6
"""Pieces of a bent path: enough for a gentle bend (chosen)."""
BEND = 0.14
"""How far a path leaves the straight line, over its length (chosen): both ways of a pair stay apart."""
ARROW = 0.6
"""Where the arrow stands, over the path's length: past the middle, where few paths cross."""
ARROW_WIDTH, ARROW_LENGTH = 0.02, 0.06
"""Half the width and the length of the arrow of a thin ribbon."""
DIGITS = 3
"""Decimals kept: a thousandth of the circle's radius is less than a pixel."""


class Outline(NamedTuple):
    """Polygons as plotly draws them."""

    x: list[float | None]
    y: list[float | None]


def bent(start: Point, end: Point) -> Path:
    """The path from one place to another, bent to the right of its way, so that the way back is another."""
    (ax, ay), (bx, by) = start, end
    # The control point of the curve lies twice as far off as its middle.
    cx, cy = (ax + bx) / 2 + 2 * BEND * (by - ay) / 2, (ay + by) / 2 - 2 * BEND * (bx - ax) / 2
    curve = []
    for k in range(STEPS + 1):
        t = k / STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        curve.append((a * ax + b * cx + c * bx, a * ay + b * cy + c * by))
    return tuple(curve)


def circle(radius: float, pieces: int = 72) -> Path:
    """A circle around the middle, from the top clockwise."""
    turns = (pi / 2 - 2 * pi * k / pieces for k in range(pieces + 1))
    return tuple((radius * cos(turn), radius * sin(turn)) for turn in turns)


def beside(point: Point, radius: float, turn: float) -> Point:
    """The point of a circle around the middle that lies nearest to a point, and a turn [rad] further on."""
    size = hypot(*point) or 1.0
    x, y = point[0] / size * radius, point[1] / size * radius
    return x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)


def at(path: Path, share: float = ARROW) -> Point:
    """The point at a share of a path's pieces."""
    place = share * (len(path) - 1)
    k = min(int(place), len(path) - 2)
    (ax, ay), (bx, by), part = path[k], path[k + 1], place - k
    return round(ax + part * (bx - ax), DIGITS), round(ay + part * (by - ay), DIGITS)


def outline(ribbons: Iterable[tuple[Path, float, bool]]) -> Outline:
    """Ribbons of given half widths along paths, with an arrow or without; all turn the same way.

    Plotly fills what polygons surround in total, so overlapping ones must not cancel.
    """
    parts: list[Sequence[Point]] = []
    for path, half, arrow in ribbons:
        parts += [_ribbon(path, half), *([_arrow(path, half)] if arrow else [])]
    return thin(parts)


def thin(paths: Iterable[Sequence[Point]]) -> Outline:
    """Paths as thin lines."""
    x: list[float | None] = []
    y: list[float | None] = []
    for path in paths:
        if x:
            x.append(None)
            y.append(None)
        x.extend(round(px, DIGITS) for px, _ in path)
        y.extend(round(py, DIGITS) for _, py in path)
    return Outline(x, y)


def _ribbon(path: Path, half: float) -> list[Point]:
    left, right = [], []
    for k, (x, y) in enumerate(path):
        dx, dy = _way(path[max(k - 1, 0)], path[min(k + 1, len(path) - 1)])
        left.append((x - dy * half, y + dx * half))
        right.append((x + dy * half, y - dx * half))
    return [*left, *reversed(right)]


def _arrow(path: Path, half: float) -> list[Point]:
    x, y = at(path)
    k = min(int(ARROW * (len(path) - 1)), len(path) - 2)
    dx, dy = _way(path[k], path[k + 1])
    wide, long = ARROW_WIDTH + 1.4 * half, ARROW_LENGTH + 1.4 * half
    back = (x - dx * long / 2, y - dy * long / 2)
    # In the order left, tip, right: as the ribbon turns.
    return [
        (back[0] - dy * wide, back[1] + dx * wide),
        (x + dx * long / 2, y + dy * long / 2),
        (back[0] + dy * wide, back[1] - dx * wide),
    ]


def _way(start: Point, end: Point) -> Point:
    """The direction from one point to another, of length 1."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    size = hypot(dx, dy) or 1.0
    return dx / size, dy / size
