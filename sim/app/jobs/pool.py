"""Processes that stay warm and compute one request after another.

Takes folders with a request.json; lets `sim.app.jobs.worker` compute them. A process that has
loaded the machine code answers in a fraction of the two seconds that loading takes. Does not
know what is computed, for whom, or in which order: jobs.py does.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND = (sys.executable, "-m", "sim.app.jobs.worker")
PATIENCE_S = 2.0
"""After which a process that was asked to drop its work is killed (chosen)."""


@dataclass
class Worker:
    """One process, and the folder that it works on."""

    process: subprocess.Popen[bytes]
    since: float
    """when it became idle, or was given its work [s]"""
    work: Path | None = None
    dropped: float | None = None
    """when it was asked to drop its work [s]"""

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None


class Pool:
    """The processes of this server.

    Args:
        command: what to start; it reads a folder a line.
        clock: time [s].
        log: file that takes what the processes print.
    """

    def __init__(self, command: Sequence[str], clock: Callable[[], float]) -> None:
        self._command = tuple(command)
        self._clock = clock
        self.workers: list[Worker] = []

    def start(self, log: Path) -> Worker:
        """A new process, idle.

        Raises:
            OSError: it cannot be started.
        """
        with log.open("ab") as printed:
            process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                self._command,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for the server; its end closes our standard input
            )
        self.workers.append(Worker(process, self._clock()))
        return self.workers[-1]

    def idle(self) -> Worker | None:
        """The process that has been idle for the shortest time, if there is one."""
        free = [worker for worker in self.workers if worker.work is None and worker.alive()]
        return max(free, key=lambda worker: worker.since, default=None)

    def give(self, worker: Worker, work: Path) -> None:
        """Hands a folder to an idle process.

        Raises:
            OSError: the process is gone.
        """
        assert worker.process.stdin is not None
        worker.process.stdin.write(f"{work}\n".encode())
        worker.process.stdin.flush()
        worker.work, worker.since = work, self._clock()

    def drop(self, work: Path) -> None:
        """Asks the process that works on a folder to stop; `look` kills it if it does not."""
        for worker in self.workers:
            if worker.work == work and worker.dropped is None:
                worker.dropped = self._clock()
                with contextlib.suppress(OSError):
                    (work / "stop").touch()

    def look(self, idle_s: float) -> list[tuple[Path, int | None]]:
        """Takes note of what ended; ends what has been idle for longer than so many seconds.

        Returns:
            Folders whose work ended, with the exit status of a process that died over it.
        """
        now, ended = self._clock(), []
        for worker in list(self.workers):
            if worker.dropped is not None and now - worker.dropped > PATIENCE_S:
                worker.process.kill()
                worker.process.wait()
            if not worker.alive():
                self._forget(worker)
                if worker.work is not None:
                    ended.append((worker.work, worker.process.returncode))
            elif worker.work is not None and not _under_way(worker.work):
                ended.append((worker.work, None))
                worker.work, worker.dropped, worker.since = None, None, now
            elif worker.work is None and now - worker.since > idle_s:
                self._forget(worker)  # its standard input closes, so it ends
        return ended

    def close(self) -> None:
        """Ends every process at once; every file is written whole, so there is nothing to save."""
        for worker in list(self.workers):
            worker.process.kill()
            self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        self.workers.remove(worker)
        if worker.process.stdin is not None:
            with contextlib.suppress(OSError):
                worker.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(timeout=PATIENCE_S)


def environment() -> dict[str, str]:
    """Of a process of ours: it finds the package that this one runs."""
    path = [str(Path(__file__).parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def _under_way(work: Path) -> bool:
    """Whether a folder is still worked on: it is moved away when it is done, and marked when it failed."""
    return work.is_dir() and not (work / "failed").exists()
