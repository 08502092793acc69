"""What a sweep varies and which points it visits: grid, Latin hypercube, Sobol, Saltelli, Morris.

Takes the axes of a sweep; gives its points as dictionaries of dotted keys. The samplers are
scipy's and SALib's; here a unit cube becomes values. Does not run anything.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Kind = Literal["grid", "lhs", "sobol", "saltelli", "morris"]
Point = dict[str, Any]
MORRIS_LEVELS = 4
"""Levels of a Morris trajectory. Source: Morris 1991; SALib's default."""


class Axis(NamedTuple):
    """One varied key: a list of values, or a range."""

    key: str
    values: tuple[Any, ...] = ()
    """categories or levels; empty for a range"""
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    """spread evenly over the logarithm"""
    levels: int = 0
    """steps of a range in a grid"""
    whole: bool = False
    """a range between whole numbers gives whole numbers"""

    def at(self, share: float) -> Any:
        """The value at a share of the axis [0..1]."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.log:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + (self.high - self.low) * share
        return round(value) if self.whole else float(value)

    def steps(self) -> tuple[Any, ...]:
        """The values of a grid; those that round to one another count once."""
        if self.values:
            return self.values
        return tuple(dict.fromkeys(self.at(k / (self.levels - 1)) for k in range(self.levels)))

    def written(self) -> Any:
        """The axis as a sweep file has it: a list, or a table with low and high."""
        if self.values:
            return [list(value) if isinstance(value, tuple) else value for value in self.values]
        low, high = (round(end) if self.whole else end for end in (self.low, self.high))
        return {"low": low, "high": high, **({"log": True} if self.log else {}),
                **({"levels": self.levels} if self.levels else {})}  # fmt: skip


def points(axes: Sequence[Axis], kind: Kind, count: int, seed: int) -> list[Point]:
    """The points of a design, in order.

    Args:
        axes: what varies.
        kind: 'grid' visits every combination of levels and ignores `count`; 'lhs' and 'sobol' visit
            `count` points; 'saltelli' count · (axes + 2) points; 'morris' count trajectories of axes + 1.
        count: see above.
        seed: of the sampler; the same seed gives the same points.
    Source: McKay, Beckman & Conover 1979 (lhs); Sobol 1967; Saltelli 2010; Morris 1991.
    """
    if kind == "grid":
        return [
            dict(zip((a.key for a in axes), row, strict=True))
            for row in itertools.product(*(a.steps() for a in axes))
        ]
    return [
        {axis.key: axis.at(float(share)) for axis, share in zip(axes, row, strict=True)}
        for row in SAMPLERS[kind](len(axes), count, seed)
    ]


def count(axes: Sequence[Axis], kind: Kind, given: int) -> int:
    """How many points `points` gives."""
    if kind == "grid":
        return math.prod(len(axis.steps()) for axis in axes)
    return given * {"saltelli": len(axes) + 2, "morris": len(axes) + 1}.get(kind, 1)


def problem(axes: int) -> dict[str, Any]:
    """SALib's description of a unit cube."""
    return {
        "num_vars": axes,
        "names": [f"x{k}" for k in range(axes)],
        "bounds": [[0.0, 1.0]] * axes,
    }


def _lhs(axes: int, count: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(axes, rng=seed).random(count))


def _sobol(axes: int, count: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(axes, rng=seed).random(count))


def saltelli(axes: int, count: int, seed: int) -> NDArray[np.float64]:
    """(count · (axes + 2), axes) Saltelli's sample of the unit cube."""
    from SALib.sample import sobol

    return np.asarray(sobol.sample(problem(axes), count, calc_second_order=False, seed=seed))


def morris(axes: int, count: int, seed: int) -> NDArray[np.float64]:
    """(count · (axes + 1), axes) Morris trajectories in the unit cube."""
    from SALib.sample import morris as trajectories

    return np.asarray(trajectories.sample(problem(axes), count, num_levels=MORRIS_LEVELS, seed=seed))


SAMPLERS: Mapping[str, Callable[[int, int, int], NDArray[np.float64]]] = {
    "lhs": _lhs,
    "sobol": _sobol,
    "saltelli": saltelli,
    "morris": morris,
}
