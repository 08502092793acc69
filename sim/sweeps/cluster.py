"""A sweep on a Dask cluster: the workers write into the store themselves, Dask retries what dies.

Takes a sweep, a store that all workers can reach, and the scheduler's address. This is the one
place that knows Dask; a run is what it is on one machine (work.py).
"""

from collections.abc import Callable
from typing import Any

import distributed as _distributed

from sim.errors import RunError, UsageError
from sim.sweeps.local import CHUNK
from sim.sweeps.plan import RunJob, Sweep
from sim.sweeps.store import Store
from sim.sweeps.work import work

distributed: Any = _distributed  # half of it is untyped
RETRIES = 5
"""Times that Dask gives a chunk to another worker before it gives up (chosen)."""
WAIT_S = 20
"""How long to wait for the scheduler [s] (chosen)."""


def run_on(
    address: str,
    sweep: Sweep,
    store: Store,
    *,
    progress: Callable[[int, int], None] | None = None,
    retry_failed: bool = False,
) -> None:
    """Runs what the store lacks on the cluster; Ctrl-C keeps what is done.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        sweep: what to run.
        store: where; begun already, reachable under the same address from every worker.
        progress: called with (runs done, runs in all).
        retry_failed: failed runs are run once more.
    Raises:
        UsageError: no scheduler answers there.
        RunError: a chunk could not be run anywhere.
    """
    finished = store.finished(failed_too=not retry_failed)
    jobs = sweep.jobs()
    missing = [job for job in jobs if job.job not in finished]
    chunks = [missing[k : k + CHUNK] for k in range(0, len(missing), CHUNK)]
    try:
        client = distributed.Client(address, timeout=WAIT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"--cluster {address}: no scheduler answers there") from error
    with client:
        plan = client.scatter(sweep, broadcast=True)
        futures = [
            client.submit(_unfinished, store.address, plan, chunk, pure=False, retries=RETRIES)
            for chunk in chunks
        ]
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                if future.status == "error":
                    raise RunError(f"a chunk could not be run on the cluster: {future.exception()}")
                store.compact()
                if progress:
                    progress(len(store.finished()), len(jobs))
        finally:
            client.cancel(futures)


def _unfinished(address: str, sweep: Sweep, jobs: list[RunJob]) -> int:
    """On a worker: the jobs of a chunk that a worker before it did not write down."""
    done = Store(address).finished(failed_too=False)
    return work(address, sweep, [job for job in jobs if job.job not in done])
