"""A process that computes one request after another: `python -m sim.app.jobs.worker`.

Reads folders with a request.json, a line each; writes progress.json as it goes, then the result
files, and moves the folder to its place among the answers. Loads the machine code before it is
asked. Drops its work when a file `stop` lies beside the request, and ends by itself when its
standard input closes, which happens when the server dies. Sends the runs of long work to a Dask
cluster where CLUSTER names one. Knows no streamlit.
"""

import contextlib
import gc
import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import storage
from sim.app.jobs import store
from sim.app.jobs.launched import remembered
from sim.app.jobs.limit import refuse_beyond_limit
from sim.app.jobs.log import where
from sim.app.jobs.questions import request_of
from sim.app.jobs.request import Request
from sim.errors import MatrixsimError, RunError
from sim.scenario.faults import in_all

if TYPE_CHECKING:
    from sim.experiment.replicate import Job, Wanted
    from sim.simulation import Simulation

TICK_S = 0.2
"""Shortest time between two notes of progress."""
REST_S = 5.0
"""Time without a question after which a process loads what few ask for [s] (chosen)."""
CLUSTER = "MATRIXSIM_CLUSTER"
"""Environment variable with the address of a Dask scheduler; `matrixsim app --cluster` sets it."""
HERE = 12
"""Runs that are done here even so (chosen): the first look at six variants, which is ended before a cluster
has met the scenario."""


class Dropped(KeyboardInterrupt):
    """The work is no longer wanted; whoever keeps on Ctrl-C what is done does so here."""


class Report:
    """Leaves word of the progress in the folder of a request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dropped = False
        self._told = 0.0
        self._kept = 0
        self._first: tuple[float, int] | None = None

    def note(
        self, phase: str, *, done: int = 0, total: int = 0, left: float | None = None,
        message: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Writes the phase; `left` is the time left [s], `message` a failure by language."""
        content = {"phase": phase, "done": done, "total": total, "left": left, "message": message or {}}
        storage.write_text(
            self.folder / "progress.json", json.dumps(content, ensure_ascii=False), lasting=False
        )

    def refuse_dropped(self) -> None:
        """Ends work that is no longer wanted.

        Raises:
            Dropped: it is not.
        """
        if (self.folder / "stop").exists():
            self.dropped = True
            raise Dropped

    def kept(self, launches: int) -> None:
        """So many of what is done next come at once: they say nothing of the time left."""
        self._kept += launches

    def tick(self, done: int, total: int) -> None:
        """Notes so much done, now and then, with the time left.

        Raises:
            Dropped: the work is no longer wanted.
        """
        self.refuse_dropped()
        now, run = time.monotonic(), done - self._kept
        if self._first is None and run > 0:  # the first one may have waited for the compiler: it says nothing
            self._first = now, run
        if done == total or run == 0 or now - self._told >= TICK_S:
            self._told = now
            start, before = self._first or (now, run)
            left = (now - start) / (run - before) * (total - done) if run > before else None
            self.note("running", done=done, total=total, left=left)


def work(folder: Path) -> int:
    """Computes what a folder asks for; 0, or the exit status that the failure would have."""
    report = Report(folder)
    try:
        request = request_of(json.loads((folder / "request.json").read_text(encoding="utf-8")))
        compute(request, report)
        store.keep(folder, request)
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
    except MatrixsimError as error:
        return _failed(report, error)
    except Exception as error:  # noqa: BLE001  whatever it is, the page has to say so
        sys.stderr.write(f"{where(error)}\n")
        kind = type(error).__name__
        return _failed(report, RunError("a fault in the program: {kind}: {text}", kind=kind, text=error))
    return 0


def compute(request: Request, report: Report) -> None:
    """Does what is asked and writes its files into the folder of the report."""
    from sim.app.jobs import computing
    from sim.kernels import is_warm
    from sim.warm import warm

    report.note("preparing", total=request.runs)
    refuse_beyond_limit(request)
    if not is_warm():
        report.note("compiling", total=request.runs)
        warm()
    report.note("running", total=request.runs)
    with _placed(request, report):
        found = computing.COMPUTE[type(request)](request, report.folder, report.tick)
    if report.dropped:  # and what is here is not whole
        raise Dropped
    answer = store.headed(request) | found
    storage.write_text(report.folder / "answer.json", json.dumps(answer, ensure_ascii=False))


@contextlib.contextmanager
def _placed(request: Request, report: Report) -> Iterator[None]:
    """A block whose replications run on the cluster, if there is one and they are many, else here.

    Those that were run before are not run again.
    """
    from sim.experiment.replicate import elsewhere

    address = os.environ.get(CLUSTER, "")
    if not address or request.runs <= HERE:
        with elsewhere(remembered(partial(_here, report), report.kept)):
            yield
        return
    from sim.sweeps.cluster import runs_over

    with runs_over(address) as runs, elsewhere(remembered(runs, report.kept)):
        yield


def _here(report: Report, jobs: "Sequence[Job]", want: "Wanted") -> "Iterator[tuple[Job, Any]]":
    """Runs of this process, which notice after each of their hours that they are no longer wanted."""
    from sim.experiment.replicate import replicate

    def run(simulation: "Simulation", unwanted: Callable[[], bool]) -> Any:
        while simulation.running and not unwanted():
            simulation.advance()
            report.refuse_dropped()
        return simulation.result() if want == "result" else simulation.summary(warned=True)

    return replicate(jobs, want=run)


def prepare() -> None:
    """Loads the code and the machine code, by a run of a small world.

    What it leaves stays: to look through it for garbage took half a second now and then.
    """
    from sim.app.jobs import computing  # noqa: F401  loads what the first request would wait for
    from sim.scenario.schema import Scenario
    from sim.simulation import Simulation
    from sim.warm import warm

    warm()
    plan = Scenario(name="small").with_values({"audience.users": 5_000, "run.hours": 3})
    small = Simulation(plan, 1).finish()
    small.summary()
    small.close()
    gc.freeze()


def load_people() -> None:
    """Loads what follows people one by one, which a class asks for, by the first day of the class."""
    from sim.experiment.followed import followed
    from sim.scenario.schema import Scenario

    plan = Scenario.load("classroom").with_values({"run.hours": 24})
    with tempfile.TemporaryDirectory() as folder:
        followed(plan, 1, Path(folder), lambda *_: None)
    gc.collect()  # the people, who hold one another
    gc.freeze()


def main() -> int:
    """Prepares, then works until the server's end of standard input is gone.

    A service manager asks all processes of a service to end at once: the server says when it is time for us.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asked: queue.Queue[Path] = queue.Queue()
    prepared = threading.Event()
    threading.Thread(target=_listen, args=(asked, prepared), daemon=True).start()
    prepare()
    prepared.set()
    rest: float | None = REST_S
    while True:
        try:
            work(asked.get(timeout=rest))
        except queue.Empty:  # nobody waits
            rest = None
            try:
                load_people()
            except Exception as error:  # noqa: BLE001  whoever asks for people is told
                sys.stderr.write(f"{where(error)}\n")


def _listen(asked: "queue.Queue[Path]", prepared: threading.Event) -> None:
    """Passes on what is asked; says so where it has to wait for the compiler; ends with the server."""
    from sim.kernels import is_warm

    rest = b""
    with contextlib.suppress(OSError):
        while some := os.read(0, 65_536):  # not sys.stdin: its lock would be held while the interpreter ends
            *lines, rest = (rest + some).split(b"\n")
            for line in lines:
                folder = Path(os.fsdecode(line))
                if not prepared.is_set() and not is_warm():
                    with contextlib.suppress(OSError):
                        Report(folder).note("compiling")
                asked.put(folder)
    os._exit(1)


def _failed(report: Report, error: MatrixsimError) -> int:
    with contextlib.suppress(OSError):  # the folder may be gone, or the disk full
        report.note("failed", message=in_all(error))
        (report.folder / "failed").touch()
    return error.status


if __name__ == "__main__":
    sys.exit(main())
