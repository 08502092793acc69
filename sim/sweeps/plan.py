"""The sweep file: read, checked as strictly as a scenario, and turned into runs.

Takes a TOML file; gives the scenario, the points and the runs. Every problem
names file, line, key, value and what is allowed. Does not run anything.
"""

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit
from pydantic import Field

from sim.errors import Problem, ScenarioError
from sim.results import input_hash
from sim.scenario import source
from sim.scenario.canonical import live
from sim.scenario.layouts import with_layout
from sim.scenario.matrix import LAYOUTS
from sim.scenario.parameter import parameter
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.scenario.wording import shown
from sim.sources import rules_version
from sim.sweeps.design import Axis, Kind, Point, count, points

MOST_POINTS = 1_000_000
MOST_LOOKED_AT = 2_000
"""Points that are tried before a sweep begins, a millisecond each (chosen)."""
LAYOUT, EDGES = "links.layout", "links.edges"
RANGE_KEYS = ("low", "high", "log", "levels")


class Design(Section):
    """[design]: which points are visited."""

    kind: Kind = parameter("lhs", "How points are laid out: grid, lhs, sobol, saltelli or morris.")
    points: int = parameter(64, "Points; trajectories for morris; ignored by grid.", ge=1, le=MOST_POINTS)
    seed: int = parameter(1, "Luck of the sampler, not of the runs.", ge=0, lt=2**31)


class SweepFile(Section):
    """A sweep file as it is written."""

    scenario: str = Field(min_length=1, description="Scenario file beside the sweep file, or a shipped name.")
    seeds: int = parameter(8, "Replications a point, paired across points.", ge=1, le=100_000)
    design: Design = parameter(Design, "Which points are visited.")
    vary: dict[str, Any] = Field(description="Dotted scenario keys: a list of values, or a range.")


class RunJob(NamedTuple):
    """One run to do."""

    job: str
    """address of the run in its sweep: base scenario, values and seed"""
    point: int
    seed: int
    values: Point


class Infeasible(NamedTuple):
    """Points of a sweep that cannot be run."""

    points: int
    looked_at: int
    """points that were looked at"""
    keys: tuple[str, ...]
    """varied keys that the reasons name"""
    example: str
    """values and reason of the first one; '' without any"""


@dataclass(frozen=True)
class Sweep:
    """A checked sweep.

    Attributes:
        scenario: what is varied.
        axes: the varied keys.
        design: which points.
        seeds: replications a point.
        given: points in place of the design's own.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    design: Design
    seeds: int
    given: tuple[Point, ...] = ()

    @cached_property
    def points(self) -> list[Point]:
        """The points, in order."""
        if self.given:
            return list(self.given)
        return points(self.axes, self.design.kind, self.design.points, self.design.seed)

    @property
    def runs(self) -> int:
        """Runs in all, without laying out the points; fewer where points coincide."""
        visited = len(self.given) or count(self.axes, self.design.kind, self.design.points)
        return visited * self.seeds

    def scenario_at(self, point: Point) -> Scenario:
        """The scenario of a point.

        Raises:
            ScenarioError: the values do not go together.
        """
        return _based(self.scenario, point).with_values(point)

    def infeasible(self, most: int = MOST_LOOKED_AT) -> "Infeasible":
        """The points whose values do not go together, which is known before anything runs.

        Args:
            most: points that are looked at, from the first on.
        """
        looked, bad, first = min(most, len(self.points)), 0, ""
        keys: dict[str, None] = {}
        for point in self.points[:looked]:
            try:
                self.scenario_at(point)
            except ScenarioError as error:
                bad += 1
                own = error.problems[0]
                keys |= dict.fromkeys(key for key in point if key in str(own))
                values = ", ".join(f"{key} = {shown(point[key])}" for key in point if key in str(own))
                first = first or f"{values or shown(point)}: {own}"
        return Infeasible(bad, looked, tuple(keys), first)

    def jobs(self) -> list[RunJob]:
        """Every run, point by point; points that coincide share their runs."""
        first = self.scenario.run.seed
        found: dict[str, RunJob] = {}
        for number, point in enumerate(self.points):
            for seed in range(first, first + self.seeds):
                job = RunJob(self.job_of(point, seed), number, seed, point)
                found.setdefault(job.job, job)
        return list(found.values())

    def job_of(self, point: Point, seed: int) -> str:
        """Address of a run, without building its scenario [32 hex digits]."""
        text = json.dumps([self._base, point, seed], sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    @staticmethod
    def key_of(scenario: Scenario, seed: int) -> str:
        """Key of a run: equal keys give equal results, whichever sweep they stand in [32 hex digits]."""
        text = json.dumps([input_hash(scenario), seed, rules_version()])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def to_toml(self, scenario: str) -> str:
        """The sweep as a file that names this scenario; only for the design's own points."""
        vary = tomlkit.table()
        for axis in self.axes:
            entry = axis.written()
            vary[axis.key] = tomlkit.inline_table() | entry if isinstance(entry, dict) else entry
        design = self.design.model_dump(exclude_unset=True)
        return tomlkit.dumps({"scenario": scenario, "seeds": self.seeds, "design": design, "vary": vary})

    def identity(self) -> str:
        """Hash of the whole sweep: a store belongs to one [32 hex digits]."""
        text = json.dumps(
            [
                self._base,
                [axis._asdict() for axis in self.axes],
                live(self.design),
                self.seeds,
                self.given,
            ],
            ensure_ascii=False,
        )
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    @cached_property
    def _base(self) -> list[Any]:
        return [input_hash(self.scenario), self.scenario.run.seed]


def load_sweep(path: str | os.PathLike[str]) -> Sweep:
    """The sweep in a file.

    Raises:
        ScenarioError: the file, a key, a value or the scenario is wrong; every problem found is named.
    """

    def beside(name: str) -> Scenario:
        file = Path(path).parent / name
        return Scenario.load(file if file.exists() else name)

    return loads_sweep(source.read(path), os.fsdecode(path), beside)


def loads_sweep(text: str, file: str, find: Callable[[str], Scenario]) -> Sweep:
    """The sweep in a TOML text.

    Args:
        text: what a sweep file holds.
        file: its name in messages.
        find: the scenario that the file names; a ScenarioError without a place gets that of the name.
    Raises:
        ScenarioError: as `load_sweep`.
    """
    data = source.parse(text, file)
    origin = source.Origin(file, text)
    written = source.validated(SweepFile, data, origin)
    try:
        scenario = find(written.scenario)
    except ScenarioError as error:
        line = origin.line(("scenario",))
        own = (p if p.file else replace(p, file=file, line=line) for p in error.problems)
        raise ScenarioError(tuple(own)) from None
    return checked(scenario, written.vary, written.design, written.seeds, origin)


def checked(
    scenario: Scenario,
    vary: Mapping[str, Any],
    design: Design,
    seeds: int,
    origin: source.Origin | None = None,
) -> Sweep:
    """A sweep of Python values, checked as a file is.

    Args:
        scenario: what is varied.
        vary: dotted keys: a list of values, or a table with low and high.
        design: which points.
        seeds: replications a point.
        origin: where it was written.
    Raises:
        ScenarioError: with every problem found.
    """
    origin = origin or source.Origin()
    problems: list[Problem] = []
    axes: list[Axis] = []
    entries = _flat(vary, ("vary",))
    varied = [".".join(path[1:]) for path, _ in entries]
    for path, value in entries:
        axis = _axis(path, value, design, origin, problems)
        if axis is not None:
            _try(scenario, axis, path, origin, problems, varied)
            axes.append(axis)
    if not axes and not problems:
        problems.append(_problem(origin, ("vary",), None, "nothing is varied", "one key at least"))
    if design.kind == "sobol" and design.points & (design.points - 1):
        problems.append(
            _problem(
                origin, ("design", "points"), design.points, "sobol needs a power of two", "32, 64, 128, …"
            )
        )
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line or 0))
    sweep = Sweep(scenario, tuple(axes), design, seeds)
    if design.kind == "grid":
        total = 1
        for axis in axes:
            total *= len(axis.steps())
        if total > MOST_POINTS:
            message = f"the grid has {total:,} points"
            raise ScenarioError([_problem(origin, ("vary",), None, message, f"at most {MOST_POINTS:,}")])
    return sweep


def _flat(vary: Mapping[str, Any], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """Path in the file and value of every varied key; unquoted dotted keys arrive as nested tables."""
    found = []
    for name, value in vary.items():
        if isinstance(value, Mapping) and value and not set(value) & set(RANGE_KEYS):
            found += _flat(value, (*path, name))
        else:
            found.append(((*path, name), value))
    return found


def _axis(
    path: tuple[str, ...], value: Any, design: Design, origin: source.Origin, problems: list[Problem]
) -> Axis | None:
    """The axis of one entry of [vary]; None, and a problem, where it is none."""
    key = ".".join(path[1:])
    if isinstance(value, list | tuple) and value:
        return Axis(key, tuple(tuple(v) if isinstance(v, list) else v for v in value))
    fault = _fault(value, design.kind == "grid")
    if fault:
        problems.append(_problem(origin, path, value, *fault))
        return None
    low, high = value["low"], value["high"]
    whole = isinstance(low, int) and isinstance(high, int)
    return Axis(key, (), float(low), float(high), value.get("log", False), value.get("levels", 0), whole)


def _fault(value: Any, grid: bool) -> tuple[str, str] | None:
    """What is wrong with a range, and what is allowed."""
    if isinstance(value, list | tuple):
        return "the list is empty", "one value at least"
    if not isinstance(value, Mapping):
        return "is neither a list nor a range", "[a, b, …] or { low = …, high = … }"
    if unknown := sorted(set(value) - set(RANGE_KEYS)):
        return f"unknown word {unknown[0]!r} in a range", ", ".join(RANGE_KEYS)
    given: dict[str, Any] = {name: value.get(name) for name in RANGE_KEYS}
    low, high, log, levels = given.values()
    if not (_number(low) and _number(high) and low < high):
        return "a range needs two numbers, low below high", "{ low = 1, high = 2 }"
    if log not in (None, True, False):
        return "log is neither true nor false", "true, false"
    if log and low <= 0:
        return "a logarithmic range starts above 0", ""
    if grid and not (isinstance(levels, int) and levels > 1):
        return "in a grid a range needs levels, 2 or more", "{ low = 1, high = 2, levels = 3 }"
    if levels is not None and not grid:
        return "levels are for a grid only", ""
    return None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _try(
    scenario: Scenario,
    axis: Axis,
    path: tuple[str, ...],
    origin: source.Origin,
    problems: list[Problem],
    varied: Sequence[str],
) -> None:
    """Lays each end of the axis over the scenario alone, so that a wrong key is told before anything runs."""
    for given in axis.values or (axis.at(0.0), axis.at(1.0)):
        try:
            _based(scenario, {axis.key: given}).with_values({axis.key: given})
        except ScenarioError as error:
            own = error.problems[0]
            # A value may go together only with those of other axes: then `infeasible` says so.
            if own.key and not (axis.key.startswith(own.key) or own.key.startswith(axis.key.split(".")[0])):
                continue
            if any(key != axis.key and key in own.message for key in varied):
                continue
            problems.append(
                Problem(
                    origin.file,
                    origin.line(path),
                    f"vary.{axis.key}",
                    shown(given),
                    own.message
                    if axis.key in (own.key, own.called) or not own.key
                    else f"{own.called or own.key}: {own.message}",
                    own.allowed,
                    own.nearest,
                )
            )
            return


def _based(scenario: Scenario, point: Point) -> Scenario:
    """What a point is laid over: a layout that it names replaces custom links, as `--layouts` does."""
    layout = point.get(LAYOUT)
    if not scenario.links.edges or layout in (None, "custom") or EDGES in point or layout not in LAYOUTS:
        return scenario
    return with_layout(scenario, str(layout))


def _problem(
    origin: source.Origin, path: tuple[str, ...], value: Any, message: str, allowed: str = ""
) -> Problem:
    told = None if value is None else shown(value)
    return Problem(origin.file, origin.line(path), ".".join(path), told, message, allowed)
