"""How a metric answers to one or two varied keys: means by level over the runs of a sweep.

Takes the table of runs; gives levels and cells with intervals. Knows no store, names or charts.

Points of a sweep are visited under the same seeds. Where every level has seen the same values
of the other keys, as in a grid, levels are compared within a seed (`estimate.py`), and what is
left is luck: the interval is over seeds, and it may be said who is best. Elsewhere levels hold
different points, so the interval is over points, luck and the other keys together, and nothing
is said about who is best.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl

from sim.analysis.estimate import settled
from sim.analysis.paired import ANY, FEWEST_SEEDS, Floats, Intervals, Limits, intervals
from sim.language.vocabulary import possible

MOST_LEVELS = 12
"""Distinct numbers up to which each is a level of its own (chosen)."""
BINS = 8
"""Levels that more numbers are gathered into, of equal width (chosen)."""
MOST_PEOPLE = 1 << 62
"""Where the runs do not say how many there are."""
HIT = "hit"
"""The metric that is no column: whether a run had a hit video."""
PROFIT = "profit_cny"
Standing = Literal["best", "tied", "worse", "unknown"]


class Varied(NamedTuple):
    """A varied key of a sweep."""

    key: str
    order: tuple[Any, ...] = ()
    """its categories, in the order to show"""
    log: bool = False


class Level(NamedTuple):
    """One level of a key: a value, or a range of numbers where there are many."""

    value: Any
    low: float = float("nan")
    high: float = float("nan")

    @property
    def gathered(self) -> bool:
        """Whether it is a range."""
        return self.low < self.high


class Cell(NamedTuple):
    """What a level, or a pair of levels, gave."""

    place: tuple[int, ...]
    """number of the level of each key"""
    mean: float
    low: float | None
    """lower end of the interval; None where one point alone says nothing about it"""
    high: float | None
    runs: int
    standing: Standing


Row = tuple[float, float | None, float | None, Standing]
"""Mean, interval and standing of a cell."""


class Response(NamedTuple):
    """A metric by level."""

    levels: tuple[tuple[Level, ...], ...]
    """of each key, those that have a cell or lie between"""
    cells: tuple[Cell, ...]
    """by place"""
    unit: Literal["seeds", "points"]
    """what the intervals are over"""
    table: Floats | None
    """mean by cell and seed, where levels may be compared; shape (cells, seeds)"""
    seeds: int
    left_out: int
    """runs of points that lack a seed, which are not used"""
    limits: Limits = ANY
    margin: float = 0.0
    """difference below which it does not matter which level is taken [unit of the metric]"""
    """least and most that the metric can be"""


def response(
    runs: pl.DataFrame,
    axes: Sequence[Varied],
    keys: Sequence[str],
    metric: str,
    confidence: float = 0.95,
    indifference: float = 0.0,
) -> Response | None:
    """A metric by level of one or two keys; None while no point is complete.

    Args:
        runs: a row a run: point, seed, status, the varied keys and the summary.
        axes: every varied key.
        keys: one or two of them.
        metric: column of the summary, or 'hit'.
        confidence: of the intervals, each on its own.
        indifference: share of the best level's result below which a difference does not matter [0..1].
    """
    used = _valued(runs, axes, metric)
    seeds = used["seed"].n_unique()
    people = runs["users"].drop_nulls().to_list() if "users" in runs.columns else []
    limits = possible(metric, max(people, default=MOST_PEOPLE))
    whole = used.filter(pl.len().over("point") == seeds)
    if whole.is_empty():
        return None
    by_key = {axis.key: axis for axis in axes}
    levels = []
    for number, key in enumerate(keys):
        found, places = _levels(whole[key], by_key[key])
        levels.append(found)
        whole = whole.with_columns(pl.Series(f"_{number}", places))
    place = [f"_{number}" for number in range(len(keys))]
    cell = pl.col("_0") if len(keys) == 1 else pl.col("_0") * len(levels[1]) + pl.col("_1")
    whole = whole.with_columns(_cell=cell).sort("_cell", "seed")
    others = [axis.key for axis in axes if axis.key not in keys]
    gathered = any(level.gathered for found in levels for level in found)
    single = whole.group_by("_cell").agg(pl.col("point").n_unique())["point"].max() == 1
    paired = seeds >= FEWEST_SEEDS and not gathered and _balanced(whole, others)
    if paired:
        means = whole.group_by("_cell", "seed", maintain_order=True).agg(pl.col("value").mean())
        table = means["value"].to_numpy().reshape(-1, seeds)
        margin = indifference * _scale(metric, table)
        rows = _compared(table, confidence, limits, margin)
    else:
        table, margin = None, 0.0
        rows = _apart(whole, confidence, limits, over_seeds=single)
    facts = whole.group_by("_cell", maintain_order=True).agg(*(pl.col(p).first() for p in place), pl.len())
    cells = tuple(
        Cell(tuple(int(fact[p]) for p in place), *row[:3], int(fact["len"]), row[3])
        for fact, row in zip(facts.iter_rows(named=True), rows, strict=True)
    )
    return Response(
        tuple(levels),
        cells,
        "seeds" if paired or single else "points",
        table,
        seeds,
        used.height - whole.height,
        limits,
        margin,
    )


def _valued(runs: pl.DataFrame, axes: Sequence[Varied], metric: str) -> pl.DataFrame:
    """Runs that ended well, with the metric as a number."""
    column = "hit_videos" if metric == HIT else metric
    if column not in runs.columns:  # every run failed
        runs = runs.clear().with_columns(pl.lit(None, pl.Float64).alias(column))
    value = pl.col(column) > 0 if metric == HIT else pl.col(column)
    keys = [axis.key for axis in axes if axis.key in runs.columns]
    return (
        runs.filter(pl.col("status") == "done")
        .select("point", "seed", *keys, value=value.cast(pl.Float64))
        .filter(pl.col("value").is_finite())
    )


def _levels(values: pl.Series, axis: Varied) -> tuple[tuple[Level, ...], list[int]]:
    """The levels of a key, and the number of the level of each value."""
    if not values.dtype.is_numeric():
        seen = values.unique(maintain_order=True).to_list()
        order = [v for v in axis.order if v in seen] + [v for v in seen if v not in axis.order]
        return tuple(Level(v) for v in order), [order.index(v) for v in values.to_list()]
    distinct = values.unique().sort().to_list()
    if len(distinct) <= MOST_LEVELS:
        place = {v: k for k, v in enumerate(distinct)}
        return tuple(Level(v, v, v) for v in distinct), [place[v] for v in values.to_list()]
    low, high = float(distinct[0]), float(distinct[-1])
    edges = np.geomspace(low, high, BINS + 1) if axis.log else np.linspace(low, high, BINS + 1)
    inside = np.clip(np.searchsorted(edges, values.to_numpy(), side="right") - 1, 0, BINS - 1)
    levels = tuple(Level(None, float(a), float(b)) for a, b in pairwise(edges))
    return levels, inside.tolist()


def _balanced(whole: pl.DataFrame, others: Sequence[str]) -> bool:
    """Whether every cell has seen the same values of the other keys, each once."""
    points = whole.unique("point", maintain_order=True)
    met: dict[int, list[tuple[Any, ...]]] = {}
    for cell, *values in points.select("_cell", *others).iter_rows():
        met.setdefault(cell, []).append(tuple(values))
    first, *rest = met.values()
    return len(set(first)) == len(first) and all(
        len(found) == len(first) and set(found) == set(first) for found in rest
    )


def _scale(metric: str, table: Floats) -> float:
    """What an indifference is a share of; profit may be about nothing, so there nothing is passed over."""
    if metric == PROFIT:
        return 0.0
    return 1.0 if metric == HIT else abs(float(table.mean(axis=1).max()))


def _compared(table: Floats, confidence: float, limits: Limits, margin: float) -> list[Row]:
    """Mean, interval over seeds and standing of each cell."""
    found, verdict = intervals(table, confidence, limits), settled(table, 1 - confidence, limits, margin)
    rows: list[Row] = []
    for k in range(table.shape[0]):
        first = verdict.code == "equivalent" or (k == found.best and verdict.code in ("winner", "alone"))
        standing: Standing = "worse" if found.difference_high[k] < 0 else "best" if first else "tied"
        rows.append((float(found.mean[k]), *_limits(found, k), standing))
    return rows


def _limits(found: Intervals, k: int) -> tuple[float, float] | tuple[None, None]:
    """An interval, none where it was refused."""
    return (None, None) if np.isnan(found.low[k]) else (float(found.low[k]), float(found.high[k]))


def _apart(whole: pl.DataFrame, confidence: float, limits: Limits, *, over_seeds: bool) -> list[Row]:
    """Mean and interval of each cell by itself: over its points, or over the seeds of its only point."""
    rows: list[Row] = []
    for _, cell in whole.group_by("_cell", maintain_order=True):
        by_point = cell.group_by("point", maintain_order=True).agg(pl.col("value").mean())["value"]
        values = (cell["value"] if over_seeds else by_point).to_numpy()
        ends: tuple[float, float] | tuple[None, None] = None, None
        if values.size >= FEWEST_SEEDS:
            ends = _limits(intervals(values[None], confidence, limits), 0)
        rows.append((float(values.mean()), *ends, "unknown"))
    return rows
