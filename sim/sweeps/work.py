"""One worker: runs jobs of a sweep and writes each few of them down before it goes on.

Takes a store's address, a sweep and jobs; leaves rows. A job that fails is a row with its
error, and the next one begins. Knows no other worker.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from sim.errors import MatrixsimError
from sim.simulation import Simulation
from sim.sweeps.plan import RunJob, Sweep
from sim.sweeps.store import DONE, FAILED, Store

FLUSH_S = 0.5
"""Work that is lost at most when a worker is killed, beside the run under way [s] (chosen)."""


stopping: Callable[[], bool] = bool
"""Whether the coordinator wants workers to stop; it sets this in each of them."""


def work(address: str, sweep: Sweep, jobs: Sequence[RunJob]) -> int:
    """Runs jobs and writes them into the store; how many, fewer than were given after an early stop."""
    store = Store(address)
    rows: list[dict[str, Any]] = []
    done, flushed = 0, time.monotonic()
    for job in jobs:
        if stopping():
            break
        try:
            rows.append(row_of(sweep, job))
        except Unfinished:
            break
        done += 1
        if time.monotonic() - flushed > FLUSH_S:
            store.add(rows, sweep.axes)
            rows, flushed = [], time.monotonic()
    store.add(rows, sweep.axes)
    return done


class Unfinished(Exception):  # noqa: N818  no error: a run that the coordinator no longer waits for
    """The worker was to stop, and dropped the run that it was at."""


def row_of(sweep: Sweep, job: RunJob) -> dict[str, Any]:
    """Runs one job; its row.

    Raises:
        Unfinished: the coordinator wants workers to stop.
    """
    own = {**job.values, "job": job.job, "point": job.point, "seed": job.seed}
    try:
        scenario = sweep.scenario_at(job.values)
        key = sweep.key_of(scenario, job.seed)
        simulation = Simulation(scenario, job.seed)
        try:
            while simulation.running:
                if stopping():
                    raise Unfinished
                simulation.advance()
            summary = simulation.summary(digest=True)
        finally:
            simulation.close()
    except Unfinished:
        raise
    except MatrixsimError as error:
        return failed_row(job, str(error))
    except Exception as error:  # noqa: BLE001  whatever it is, the sweep goes on and the row says so
        return failed_row(job, f"{type(error).__name__}: {error}")
    return {**own, "key": key, "status": DONE, "error": None, **summary, "seed": job.seed}


def failed_row(job: RunJob, error: str) -> dict[str, Any]:
    """The row of a run that failed; without a result its key is its address."""
    own = {**job.values, "job": job.job, "key": job.job, "point": job.point, "seed": job.seed}
    return {**own, "status": FAILED, "error": error}
