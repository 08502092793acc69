"""Sweeps from Python and from the command line: begin or go on, run what is missing, read the runs.

Takes a sweep (or its file) and a folder; gives the store. Does not print.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sim.errors import ScenarioError, UsageError
from sim.experiment.replicate import cores
from sim.experiment.size import needed_bytes
from sim.memory import free_bytes
from sim.pilot import reduced
from sim.results import input_hash
from sim.sweeps.design import Axis
from sim.sweeps.local import Coordinator
from sim.sweeps.plan import Sweep, load_sweep
from sim.sweeps.store import Store
from sim.sweeps.work import row_of

ROW_BYTES = 400
"""Disk that a run takes once parts are merged (measured: 40 runs; larger stores take less each)."""


class Forecast(NamedTuple):
    """What lies ahead, from one run that was done to find out."""

    runs: int
    left: int
    workers: int
    pilots: int
    """runs beside them that find what an impression is worth (sim/pilot.py)"""
    seconds: float
    """time that the rest will take, pilots too [s]"""
    disk_bytes: float


def sweep(
    given: Sweep | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    retry_failed: bool = False,
    redo_damaged: bool = False,
    progress: Callable[[int, int], None] | None = None,
    forecast: Callable[[Forecast], None] | None = None,
) -> Store:
    """Runs a sweep, or what is missing of it.

    Args:
        given: a sweep, or its file.
        out: folder of the store, or an fsspec address.
        cluster: address of a Dask scheduler, in place of local processes.
        workers: processes; as many as there are cores and memory if left out.
        resume: go on where a store exists.
        retry_failed: run failed runs once more.
        redo_damaged: set damaged files of the store aside, and do their runs again.
        progress: called with (runs done, runs in all).
        forecast: called once, after a first run, with what lies ahead.
    Returns:
        The store; `.read()` gives one row a run.
    Raises:
        ScenarioError: the sweep is wrong.
        UsageError: the store is not this sweep's, or `resume` is missing.
        DamagedError: a file of the store cannot be read, and `redo_damaged` is not given.
    """
    plan = given if isinstance(given, Sweep) else load_sweep(given)
    store = Store(out)
    if redo_damaged:
        store.set_aside()
    store.begin(plan, resume=resume or retry_failed or redo_damaged)
    jobs = plan.jobs()
    finished = store.finished(failed_too=not retry_failed)
    missing = [job for job in jobs if job.job not in finished]
    if not missing:
        return store
    if cluster is not None:
        _on_cluster(cluster, plan, store, retry_failed=retry_failed, progress=progress)
        store.compact(at=2)
        return store
    crew = min(workers or fitting(plan), len(missing))
    pilot_seconds = 0.0
    claim = store.claim(0) if forecast is not None and not finished else None
    if forecast is not None and claim is not None:  # else another coordinator is at the first run
        row: dict[str, Any] = {}
        try:
            if missing[0].job not in store.finished():
                started = time.perf_counter()
                row = row_of(plan, missing[0])
                pilot_seconds = time.perf_counter() - started - float(row.get("seconds") or 0.0)
                store.add([row], plan.axes)
        finally:
            claim.release()
        each = float(row.get("seconds") or 0.0)
        forecast(ahead(len(jobs), len(missing) - 1, crew, each, pilots(plan, crew), pilot_seconds))
    Coordinator(plan, store, crew, retry_failed=retry_failed, progress=progress).run()
    store.compact(at=2)
    return store


def ahead(
    runs: int, left: int, workers: int, seconds: float, pilots: int = 0, pilot_seconds: float = 0.0
) -> Forecast:
    """What lies ahead, from the time that one run, and one pilot, takes on one thread [s]."""
    lasts = (left * seconds + pilots * pilot_seconds) / workers
    return Forecast(runs, left, workers, pilots, lasts, runs * ROW_BYTES)


def pilots(plan: Sweep, workers: int) -> int:
    """Pilots that workers will run: each its own, and one for every combination of values that moves it."""
    if not plan.scenario.brand.gpm_cny and not any(axis.key == "brand.gpm_cny" for axis in plan.axes):
        return 0
    moving = [axis.key for axis in plan.axes if len(set(_pilots_along(plan, axis))) > 1]
    return max(workers, len({repr([point[key] for key in moving]) for point in plan.points}))


def _pilots_along(plan: Sweep, axis: Axis) -> Iterator[str]:
    """Which pilot each value of an axis has; of a range its ends."""
    for value in axis.values or (axis.at(0.0), axis.at(1.0)):
        try:
            yield input_hash(reduced(plan.scenario_at({axis.key: value})))
        except ScenarioError:  # it needs another value beside it
            yield repr(value)


def _on_cluster(address: str, plan: Sweep, store: Store, **options: Any) -> None:
    try:
        from sim.sweeps.cluster import run_on
    except ImportError as error:
        raise UsageError("--cluster needs Dask: pip install 'matrixsim[cluster]'") from error
    run_on(address, plan, store, **options)


def fitting(plan: Sweep) -> int:
    """Processes that cores and memory have room for, by the largest scenario on the axes' ends."""
    values: list[dict[str, Any]] = [{}]
    for axis in plan.axes:
        if axis.key in ("audience.users", "run.hours"):
            top = max(axis.values) if axis.values else axis.at(1.0)
            values = [{**v, axis.key: top} for v in values]
    need = needed_bytes(plan.scenario_at(values[0]), "columns")
    return max(1, min(cores(), int(free_bytes() // max(1, need))))
