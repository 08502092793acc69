"""A sweep on this machine: processes that share the chunks of a store with whoever else works on it.

Takes a sweep and a store; runs what is missing, chunk by chunk, one thread a process. A
worker that dies is replaced and its chunk taken up again; a run that kills its worker time
and again is a failed row. Ctrl-C keeps what is done. Does not know what a run is (work.py).
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeVar

from sim.interrupts import act, deferred
from sim.sweeps import work
from sim.sweeps.claims import Claim
from sim.sweeps.plan import RunJob, Sweep
from sim.sweeps.store import Store

CHUNK = 16
"""Runs that a worker is handed at a time, at most (chosen)."""
SHARE = 8
"""A chunk is at most this part of what is left, so that no worker waits long for the last one (chosen)."""
DEATHS = 3
"""Workers that a run may cost while it runs alone, before it counts as failed (chosen)."""
LOOK_S = 0.5
"""How often a coordinator looks whether others are done, and a worker whether its coordinator lives [s]."""


J = TypeVar("J")


def chunked(jobs: Sequence[J]) -> list[list[J]]:
    """Jobs in chunks that grow small towards the end; the same for every coordinator of a sweep."""
    chunks: list[list[J]] = []
    begin = 0
    while begin < len(jobs):
        size = max(1, min(CHUNK, (len(jobs) - begin) // SHARE))
        chunks.append(list(jobs[begin : begin + size]))
        begin += size
    return chunks


class Task(NamedTuple):
    """Jobs of one chunk on their way through a worker."""

    jobs: Sequence[RunJob]
    claim: Claim
    deaths: int = 0
    """workers that died while it was under way"""


class Crew:
    """Worker processes, all replaced when one of them dies."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._context = get_context("spawn")
        self.stop, self._begun = self._context.Event(), self._context.Event()
        self.pool = self._new()

    def submit(self, store: Store, sweep: Sweep, jobs: Sequence[RunJob]) -> Future[int]:
        """Hands jobs to a worker; one that starts for them hears no Ctrl-C, not even while it still loads."""
        with _deaf():
            return self.pool.submit(work.work, store.address, sweep, jobs)

    def replace(self) -> None:
        """New workers for dead ones."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.pool = self._new()

    def close(self) -> None:
        """Ends the workers; each writes what it has finished, and drops the run that it is at."""
        self.stop.set()
        if not self._begun.is_set():  # nothing to write, and they hear no stop while they still load
            for worker in list((self.pool._processes or {}).values()):  # noqa: SLF001  it has no public way
                worker.terminate()
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _new(self) -> ProcessPoolExecutor:
        begin = partial(_begin, self._begun, self.stop, os.getpid())
        return ProcessPoolExecutor(self.workers, mp_context=self._context, initializer=begin)


@contextmanager
def _deaf() -> Iterator[None]:
    """A block whose child processes start with SIGINT held back; for us it is only late by the block."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(begun: Any, stop: Any, coordinator: int) -> None:
    """In a worker: Ctrl-C is the coordinator's business, and a worker ends with its coordinator."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work.stopping = stop.is_set
    begun.set()

    def watch() -> None:
        while os.getppid() == coordinator:
            time.sleep(LOOK_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Coordinator:
    """Runs what a store lacks.

    Args:
        sweep: what to run.
        store: where; begun already.
        workers: processes.
        retry_failed: failed runs are run once more.
        progress: called with (runs done, runs in all).
    """

    def __init__(
        self,
        sweep: Sweep,
        store: Store,
        workers: int,
        *,
        retry_failed: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.sweep, self.store = sweep, store
        self._jobs = sweep.jobs()
        self._chunks = chunked(self._jobs)
        self._again = store.finished() - store.finished(failed_too=False) if retry_failed else set()
        self._progress = progress
        self._crew = Crew(workers)
        self._under_way: dict[Future[int], Task] = {}
        self._back: list[Task] = []
        """tasks whose worker died"""

    def run(self) -> None:
        """Runs until nothing is missing, or KeyboardInterrupt; what is done is in the store."""
        waiting = list(range(len(self._chunks)))
        try:
            with deferred():  # what is handed out stays known, and the pool's locks are let go
                while waiting or self._under_way or self._back:
                    self._tell()
                    held = self._fill(waiting)
                    if self._under_way:
                        self._reap()
                    elif held:  # whoever holds them may finish them, or die
                        time.sleep(LOOK_S)
                    self.store.compact()
                    act()
                self._tell()
        finally:
            try:
                self._crew.close()
            finally:  # who presses Ctrl-C again while the workers end does not leave them behind
                self._crew.close()
                for task in (*self._under_way.values(), *self._back):
                    task.claim.release()

    def _tell(self) -> None:
        if self._progress:
            self._progress(len(self._jobs) - len(self._missing(self._jobs)), len(self._jobs))

    def _missing(self, jobs: Sequence[RunJob]) -> list[RunJob]:
        finished = self.store.finished()
        return [job for job in jobs if job.job not in finished or job.job in self._again]

    def _fill(self, waiting: list[int]) -> bool:
        """Gives the workers as much as keeps them busy; whether others hold what is left."""
        while self._back and len(self._under_way) < 2 * self._crew.workers:
            task = self._back.pop()
            jobs = self._missing(task.jobs)
            if jobs and task.deaths <= 1:
                self._hand_out(task._replace(jobs=jobs))
                continue
            if jobs and self._under_way:
                self._back.append(task)
                return False
            for job in jobs:
                self._alone(job)
            task.claim.release()
        held = 0
        while held < len(waiting) and len(self._under_way) < 2 * self._crew.workers:
            chunk = waiting[held]
            claim = self.store.claim(chunk) if self._missing(self._chunks[chunk]) else None
            # Another coordinator may have finished it between the look and the claim.
            jobs = self._missing(self._chunks[chunk])
            if claim is None and jobs:
                held += 1
                continue
            waiting.pop(held)
            if claim is not None and jobs:
                self._hand_out(Task(jobs, claim))
            elif claim is not None:
                claim.release()
        return held > 0

    def _hand_out(self, task: Task) -> None:
        self._again -= {job.job for job in task.jobs}
        try:
            self._under_way[self._crew.submit(self.store, self.sweep, task.jobs)] = task
        except BrokenProcessPool:  # a worker died since the last look
            self._take_back()
            self._hand_out(task)

    def _reap(self) -> None:
        """Waits for a task; takes back all of them where a worker died."""
        ended, _ = wait(self._under_way, timeout=LOOK_S, return_when=FIRST_COMPLETED)
        broken = False
        for future in ended:
            task = self._under_way.pop(future)
            if isinstance(future.exception(), BrokenProcessPool):
                broken = True
                self._back.append(task._replace(deaths=task.deaths + 1))
            else:
                future.result()
                task.claim.release()
        if broken:
            self._take_back()

    def _take_back(self) -> None:
        """After a worker's death: whatever was under way waits for new workers."""
        self._back += [task._replace(deaths=task.deaths + 1) for task in self._under_way.values()]
        self._under_way.clear()
        self._crew.replace()

    def _alone(self, job: RunJob) -> None:
        """Runs one job with nothing else under way, so that a death is its own."""
        for _ in range(DEATHS):
            try:
                alone = self._crew.submit(self.store, self.sweep, [job])
                while not alone.done():
                    wait([alone], LOOK_S)
                    act()
                alone.result()
            except BrokenProcessPool:
                self._crew.replace()
            if not self._missing([job]):
                return
        message = f"the worker died {DEATHS} times in this run; it may need more memory than there is"
        self.store.add([work.failed_row(job, message)], self.sweep.axes)
