"""Computations under way: started, watched, shared and stopped.

Takes requests and who watches them; gives how far each is. A job is one process; tabs that ask
for the same share it. It is stopped when the last one who watches leaves, or has been silent for
a while, so a refresh finds it again and a closed tab does not keep the machine busy. Knows no
streamlit.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sim import storage
from sim.app import store
from sim.app.request import Request

Phase = Literal["waiting", "preparing", "compiling", "running", "done", "failed"]
SLOTS = 2
"""Processes at a time: each uses all cores already (chosen)."""
GRACE_S = 120.0
"""Silence after which a watcher is taken to be gone; browsers call hidden tabs once a minute (chosen)."""
LEAVING_S = 5.0
"""Silence after which a watcher does not hold a job that another one stops: a refreshed tab (chosen)."""
MOST_FAILURES = 100
COMMAND = (sys.executable, "-m", "sim.app.worker")


class State(NamedTuple):
    """How far a computation is."""

    phase: Phase
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    message: str = ""


@dataclass
class _Job:
    request: Request
    work: Path
    watchers: dict[str, float] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    told: dict[str, Any] = field(default_factory=dict)
    """last note of progress, which outlives the file: a worker that is done moves its folder away"""


class Jobs:
    """The computations of this server.

    Args:
        command: what to start, with the work folder as its last word.
        slots: processes at a time.
        grace_s: silence after which a watcher is taken to be gone [s].
        clock: time [s].
    """

    def __init__(
        self,
        command: Sequence[str] = COMMAND,
        slots: int = SLOTS,
        grace_s: float = GRACE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = tuple(command)
        self._slots = slots
        self._grace_s = grace_s
        self._clock = clock
        self._lock = threading.RLock()
        self._jobs: dict[str, _Job] = {}
        self._failures: dict[str, str] = {}
        self._sweeper: threading.Thread | None = None

    def start(self, request: Request, watcher: str) -> None:
        """Starts a computation, or joins it if it is under way; forgets an earlier failure.

        Raises:
            OSError: the cache folder cannot be written.
        """
        key = request.key()
        with self._lock:
            self._failures.pop(key, None)
            if key not in self._jobs:
                work = store.folder() / f"work-{key[:12]}-{secrets.token_hex(4)}"
                work.mkdir(parents=True)
                storage.write_text(work / "request.json", json.dumps(request.as_dict()))
                self._jobs[key] = _Job(request, work)
            self._jobs[key].watchers[watcher] = self._clock()
            self._step()
            if self._sweeper is None or not self._sweeper.is_alive():
                self._sweeper = threading.Thread(target=self._sweep, daemon=True)
                self._sweeper.start()

    def state(self, request: Request, watcher: str) -> State | None:
        """How far a computation is, seen by a watcher; None if it is not under way and did not fail.

        'done' is given once, as the job is removed with it: the answer is in the store.
        """
        key = request.key()
        with self._lock:
            if key in self._jobs:
                self._jobs[key].watchers[watcher] = self._clock()
            self._step()
            if key in self._failures:
                return State("failed", message=self._failures[key])
            job = self._jobs.get(key)
            return None if job is None else _progress(job)

    def leave(self, key: str, watcher: str) -> None:
        """A watcher is no longer interested; the job stops if it was the last one."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return
            job.watchers.pop(watcher, None)
            now = self._clock()
            if all(now - seen > LEAVING_S for seen in job.watchers.values()):
                self._stop(key)
            self._step()

    def close(self) -> None:
        """Stops everything."""
        with self._lock:
            for key in list(self._jobs):
                self._stop(key)

    def _sweep(self) -> None:
        while True:
            time.sleep(1.0)
            with self._lock:
                now = self._clock()
                for key, job in list(self._jobs.items()):
                    if all(now - seen > self._grace_s for seen in job.watchers.values()):
                        self._stop(key)
                self._step()
                if not self._jobs:
                    self._sweeper = None
                    return

    def _step(self) -> None:
        """Takes note of what ended, and starts what waits."""
        for key, job in list(self._jobs.items()):
            if job.process is not None and job.process.poll() is not None:
                self._ended(key, job)
        active = sum(job.process is not None for job in self._jobs.values())
        for key, job in list(self._jobs.items()):
            if job.process is None and active < self._slots:
                active += 1
                try:
                    job.process = self._spawned(job.work)
                except OSError as error:
                    self._fail(key, str(error))

    def _ended(self, key: str, job: _Job) -> None:
        assert job.process is not None
        _closed(job.process)
        if job.process.returncode == 0:
            del self._jobs[key]
            return
        told = _told(job)
        reason = str(told["message"]) if told.get("phase") == "failed" else ""
        self._fail(key, reason or f"the computation broke off (exit status {job.process.returncode})")

    def _fail(self, key: str, reason: str) -> None:
        job = self._jobs.pop(key)
        shutil.rmtree(job.work, ignore_errors=True)
        self._failures[key] = reason
        while len(self._failures) > MOST_FAILURES:
            del self._failures[next(iter(self._failures))]

    def _stop(self, key: str) -> None:
        job = self._jobs.pop(key)
        if job.process is not None:
            job.process.kill()  # every file is written whole, so there is nothing to save
            _closed(job.process)
            job.process.wait()
        shutil.rmtree(job.work, ignore_errors=True)

    def _spawned(self, work: Path) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        with (work / "worker.log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603  our own interpreter and module
                [*self._command, str(work)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is for the server; its end closes our standard input
            )


@cache
def jobs() -> Jobs:
    """The computations of this process."""
    return Jobs()


def _progress(job: _Job) -> State:
    if job.process is None:
        return State("waiting", total=job.request.runs)
    told = _told(job)
    phase: Phase = told.get("phase", "preparing")
    done, total = int(told.get("done", 0)), int(told.get("total") or job.request.runs)
    return State(phase, done, total, told.get("left"), str(told.get("message", "")))


def _told(job: _Job) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        job.told = dict(json.loads((job.work / "progress.json").read_text(encoding="utf-8")))
    return job.told


def _closed(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
