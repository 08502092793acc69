"""Computations under way: started, watched, shared and stopped.

Tabs that ask for the same share one job. It is stopped when the last one who watches leaves, or has been
silent for a while, so a refresh finds it again and a closed tab does not keep the machine busy. A watcher is
a tab; what its name begins with, up to `/`, is its visitor, of whom no more than some jobs are taken.
"""

import contextlib
import json
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sim import storage
from sim.app.jobs import store
from sim.app.jobs.limit import most_jobs
from sim.app.jobs.pool import COMMAND, Pool, Worker
from sim.app.jobs.request import Request
from sim.errors import RunError
from sim.kernels import is_warm
from sim.scenario.faults import in_all

Phase = Literal["waiting", "preparing", "compiling", "running", "failed"]
SLOTS = 2
"""Jobs at a time: each uses all cores already (chosen)."""
GRACE_S = 120.0
"""Silence after which a watcher is taken to be gone; browsers call hidden tabs once a minute (chosen)."""
IDLE_S = 120.0
"""Time after which a process without work ends and gives its memory back (chosen)."""
LEAVING_S = 5.0
"""Silence after which a watcher does not hold a job that another one stops: a refreshed tab (chosen)."""
MOST_PUT_BACK = 2
"""Times that work makes way for what is urgent, so that it ends in any crowd (chosen)."""
SOON_S = 10.0
"""Urgent work that takes longer counts as long, so that others may go beside it [s] (chosen)."""
MOST_FAILURES = 100
MANY = 2
"""Visitors beyond whom there is more than one process at hand (chosen)."""
LOOK_S = 0.1
"""How often it is looked whether work has ended that a server which is told to end waits for [s] (chosen)."""


class State(NamedTuple):
    """How far a computation is."""

    phase: Phase
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    message: Mapping[str, str] = {}
    """why it failed, by language"""


@dataclass
class _Job:
    request: Request
    work: Path
    watchers: dict[str, float] = field(default_factory=dict)
    running: bool = False
    began: float = 0.0
    """when it was given to a process [s]"""
    left: bool = False
    """somebody has stopped it: it goes on only for those who are seen to watch"""
    put_back: int = 0
    """how often it has made way"""
    told: dict[str, Any] = field(default_factory=dict)
    """last note of progress, which outlives the file: a worker that is done moves its folder away"""

    def visitors(self) -> set[str]:
        """Who watches, whatever the tab."""
        return {watcher.partition("/")[0] for watcher in self.watchers}


class Jobs:
    """The computations of this server.

    Args:
        command: what to start as a worker.
        slots: jobs at a time; beside long ones one more may run that is urgent.
        grace_s: silence after which a watcher is taken to be gone [s].
        idle_s: time after which a process without work ends [s].
        clock: time [s].
    """

    def __init__(
        self,
        command: Sequence[str] = COMMAND,
        slots: int = SLOTS,
        grace_s: float = GRACE_S,
        idle_s: float = IDLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots = slots
        self._grace_s = grace_s
        self._idle_s = idle_s
        self._clock = clock
        self._lock = threading.RLock()
        self._pool = Pool(command, clock)
        self._jobs: dict[str, _Job] = {}
        self._failures: dict[str, Mapping[str, str]] = {}
        self._seen: dict[str, float] = {}
        """When each visitor last had a page drawn [s]; of those of the last `idle_s`."""
        self._sweeper: threading.Thread | None = None

    def ready(self, visitor: str) -> None:
        """Has processes at hand that have loaded everything; a visitor is about to ask.

        One, and where there were three visitors lately or more (who comes without a cookie is soon taken for
        two) as many as there are slots for: of a class, nobody's first answer waits while code is loaded.

        Raises:
            OSError: one cannot be started.
        """
        with self._lock:
            now = self._clock()
            self._seen[visitor] = now
            self._seen = {who: when for who, when in self._seen.items() if now - when <= self._idle_s}
            many = len(self._seen) > MANY and is_warm()  # else one compiles for all
            wanted = min(len(self._seen), self._slots) if many else 1
            for worker in [worker for worker in self._pool.workers if worker.work is None][:wanted]:
                worker.since = now
            self._watch()
            while len(self._pool.workers) < wanted:
                self._started()

    def start(self, request: Request, watcher: str) -> None:
        """Starts a computation, or joins it if it is under way; forgets an earlier failure.

        Raises:
            OSError: the cache folder cannot be written.
            RunError: the visitor has as many under way as one may have.
        """
        key = request.key()
        with self._lock:
            self._failures.pop(key, None)
            if key not in self._jobs:
                self._refuse_many(watcher)
                self._jobs[key] = _Job(request, _folder_of(request))
            self._jobs[key].watchers[watcher] = self._clock()
            self._jobs[key].left = False
            self._step()
            self._watch()

    def state(self, request: Request, watcher: str) -> State | None:
        """How far a computation is, seen by a watcher; None if it is not under way and did not fail.

        A job that is done is removed: its answer is in the store.
        """
        key = request.key()
        with self._lock:
            if key in self._jobs:
                self._jobs[key].watchers[watcher] = self._clock()
                self._jobs[key].left = False
            self._step()
            if key in self._failures:
                return State("failed", message=self._failures[key])
            job = self._jobs.get(key)
            return None if job is None else _progress(job)

    def watchers(self) -> int:
        """How many pages wait for something."""
        with self._lock:
            return sum(len(job.watchers) for job in self._jobs.values())

    def leave(self, key: str, watcher: str) -> None:
        """A watcher is no longer interested; the job stops if nobody else is."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return
            job.watchers.pop(watcher, None)
            job.left = True
            self._stop_deserted()
            self._step()

    def _refuse_many(self, watcher: str) -> None:
        visitor = watcher.partition("/")[0]
        have = sum(visitor in job.visitors() for job in self._jobs.values())
        if have >= most_jobs():
            raise RunError(
                "{n} computations are under way for you already: wait for one to end, or stop one", n=have
            )

    def running(self) -> int:
        """How many computations are under way, those that wait left out."""
        with self._lock:
            return sum(job.running for job in self._jobs.values())

    def finish(self, within_s: float) -> int:
        """Stops everything, but lets what is under way end in so many seconds; begins nothing that waits.

        Returns:
            Computations that did not end.
        """
        with self._lock:
            for key in [key for key, job in self._jobs.items() if not job.running]:
                self._stop(key)
        end = time.monotonic() + within_s
        while (left := self.running()) and time.monotonic() < end:
            time.sleep(LOOK_S)
            with self._lock:
                self._step()
        self.close()
        return left

    def close(self) -> None:
        """Stops everything."""
        with self._lock:
            self._pool.close()
            for key in list(self._jobs):
                shutil.rmtree(self._jobs.pop(key).work, ignore_errors=True)

    def _watch(self) -> None:
        """Looks after jobs and processes as long as there are any."""
        if self._sweeper is None or not self._sweeper.is_alive():
            self._sweeper = threading.Thread(target=self._sweep, daemon=True)
            self._sweeper.start()

    def _sweep(self) -> None:
        while True:
            time.sleep(1.0)
            with self._lock:
                self._stop_deserted()
                self._step()
                if not self._jobs and not self._pool.workers:
                    self._sweeper = None
                    return

    def _stop_deserted(self) -> None:
        """Stops what nobody watches any more."""
        now = self._clock()
        for key, job in list(self._jobs.items()):
            patience = LEAVING_S if job.left else self._grace_s
            if all(now - seen > patience for seen in job.watchers.values()):
                self._stop(key)

    def _step(self) -> None:
        """Takes note of what ended, and starts what waits.

        What is urgent first, such as first looks, then of whom the least is under way, then the shorter one,
        else by arrival. Urgent work that finds no slot has a further look make way; where long work does not,
        one goes beside the slots.
        """
        by_work = {job.work: key for key, job in self._jobs.items()}
        for work, status in self._pool.look(self._idle_s):
            key = by_work.get(work)
            if key is not None:
                self._ended(key, self._jobs[key], status)
            else:
                shutil.rmtree(work, ignore_errors=True)  # was dropped
        busy = sum(worker.work is not None for worker in self._pool.workers)
        mine = Counter(who for job in self._jobs.values() if job.running for who in job.visitors())

        def turn(item: tuple[str, _Job]) -> tuple[bool, int, int]:
            job = item[1]
            least = min((mine[who] for who in job.visitors()), default=0)
            return not job.request.urgent, least, job.request.runs

        leaving = [worker.work for worker in self._pool.workers if worker.dropped is not None and worker.work]
        ending = {_mark(work) for work in leaving}  # what they have done is not kept yet
        ways = len(leaving)
        for key, job in sorted(self._jobs.items(), key=turn):
            if job.running or _mark(job.work) in ending:
                continue
            if job.put_back and store.found(job.request) is not None:  # it was as good as done
                self._stop(key)
            elif busy < self._slots or (
                job.request.urgent and busy == self._slots and ways <= 0 and self._stuck()
            ):
                busy += 1
                job.running, job.began = True, self._clock()
                try:
                    self._pool.give(self._pool.idle() or self._started(), job.work)
                except OSError as error:
                    self._fail(key, in_all(error))
            elif job.request.urgent:
                ways -= 1
                if ways < 0:
                    self._make_way()

    def _able(self) -> list[_Job]:
        """What can make way: it is not urgent, goes on from what is done, and has not done so too often."""
        under_way = [job for job in self._jobs.values() if job.running and not job.request.urgent]
        return [job for job in under_way if job.request.resumes and job.put_back < MOST_PUT_BACK]

    def _stuck(self) -> bool:
        """Whether long work, not urgent or urgent for more than SOON_S, is under way and none makes way."""
        late = self._clock() - SOON_S
        under_way = [job for job in self._jobs.values() if job.running]
        return not self._able() and any(not job.request.urgent or job.began < late for job in under_way)

    def _make_way(self) -> None:
        """Has the work that has made way least often, of what can, wait again."""
        if not (able := self._able()):
            return
        job = min(reversed(able), key=lambda job: job.put_back)
        try:
            again = _folder_of(job.request)
        except OSError:  # then it stays where it is
            return
        self._pool.drop(job.work)
        job.running, job.work, job.told = False, again, {}
        job.put_back += 1

    def _started(self) -> Worker:
        store.folder().mkdir(parents=True, exist_ok=True)
        return self._pool.start(store.folder().with_name("worker.log"))

    def _ended(self, key: str, job: _Job, status: int | None) -> None:
        if status is None and not job.work.exists():
            del self._jobs[key]
            return
        told = _told(job)
        broke = RunError("the computation broke off (exit status {status})", status=status)
        self._fail(key, told["message"] if told.get("phase") == "failed" else in_all(broke))

    def _fail(self, key: str, reason: Mapping[str, str]) -> None:
        job = self._jobs.pop(key)
        shutil.rmtree(job.work, ignore_errors=True)
        self._failures[key] = reason
        while len(self._failures) > MOST_FAILURES:
            del self._failures[next(iter(self._failures))]

    def _stop(self, key: str) -> None:
        job = self._jobs.pop(key)
        if job.running:
            self._pool.drop(job.work)
        else:
            shutil.rmtree(job.work, ignore_errors=True)


@cache
def jobs() -> Jobs:
    """The computations of this process."""
    return Jobs()


def _folder_of(request: Request) -> Path:
    """A new folder for a worker, with what is asked."""
    work = store.folder() / f"work-{request.key()[:12]}-{secrets.token_hex(4)}"
    work.mkdir(parents=True)
    storage.write_text(work / "request.json", json.dumps(request.as_dict()))
    return work


def _mark(work: Path) -> str:
    """What the folders of one request have in common."""
    return work.name.rpartition("-")[0]


def _progress(job: _Job) -> State:
    if not job.running:
        return State("waiting", total=job.request.runs)
    told = _told(job)
    phase: Phase = told.get("phase", "preparing")
    done, total = int(told.get("done", 0)), int(told.get("total") or job.request.runs)
    return State(phase, done, total, told.get("left"), told.get("message", {}))


def _told(job: _Job) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        job.told = dict(json.loads((job.work / "progress.json").read_text(encoding="utf-8")))
    return job.told
