"""Sweeps of this user: which there are, how far each is; begun, stopped, gone on with, read.

Takes what the page asks for, which anybody may have written; a sweep is found by its key among
those noted (sim.sweeps.known), never by a path. Begins `matrixsim sweep` as a process of its
own, which goes on when the page or the server ends. Knows no streamlit; what loads numba is
imported by the functions that need it.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import polars as pl

from sim import storage
from sim.app.jobs import drafts
from sim.app.jobs.limit import limit
from sim.app.jobs.pool import environment
from sim.app.pages.experiments import planning
from sim.errors import DamagedError, RunError, UsageError
from sim.sweeps import known
from sim.sweeps.known import Note

if TYPE_CHECKING:
    from sim.sweeps.plan import Sweep
    from sim.sweeps.store import Store

MOST_BEGUN = 3
"""Sweeps of the page under way at a time: each uses all cores (chosen)."""
NICENESS = 10
"""How much a sweep yields to the pages' own computations, which somebody waits for (chosen)."""
AT_WORK = 2
"""Moments from which on a change in the count tells the speed (see `_speed`)."""
WINDOW_S = 60.0
"""Time over which the speed is taken [s] (chosen)."""
MOST_WATCHED = 16
"""Stores whose counts are kept in memory (chosen)."""
MOST_ROWS, MOST_S, MOST_BYTES = 10_000, 10.0, 1 << 30
"""What a question in SQL may take (chosen)."""
LOG_LINES = 30
ENDING_S = 5.0
"""Time that a sweep which let go of its store is given to end [s] (chosen)."""
CUT_OFF = 130
"""Exit status of a sweep that was stopped."""

State = Literal["starting", "running", "stopping", "done", "stopped", "failed"]
ACTIVE = ("starting", "running", "stopping")


class Progress(NamedTuple):
    """How far a sweep is."""

    state: State
    done: int
    failed: int
    total: int
    """0 while it is not known"""
    per_second: float | None
    """runs ended a second; None until two moments are known"""
    left_s: float | None
    message: str = ""
    """why it broke off"""


@dataclass
class _Watched:
    """A store, and when how many runs had ended."""

    store: "Store"
    seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=256))


@dataclass
class _Begun:
    process: subprocess.Popen[bytes]
    noted: bool = False
    """whether it was seen at work"""


_lock = threading.RLock()
_begun: dict[str, _Begun] = {}
_watched: OrderedDict[tuple[str, int], _Watched] = OrderedDict()


def sweeps() -> list[Note]:
    """The sweeps there are, latest first; those whose folder is gone are left out."""
    return [
        note
        for note in known.notes(drafts.base())
        if (Path(note.folder) / "manifest.json").is_file() or (own(note) and Path(note.file).is_file())
    ]


def begin(plan: "Sweep", name: str) -> str:
    """Begins a sweep as a process of its own, its files named by its scenario; its key.

    Raises:
        RunError: it is too large, or too many are under way.
        OSError: the cache folder cannot be written, or the process not be started.
    """
    planning.refuse(plan)
    _refuse_many()
    folder = drafts.base() / "sweeps"
    folder.mkdir(parents=True, exist_ok=True)
    stem = _fresh(folder, f"{name}-{time.strftime('%Y%m%d-%H%M%S')}")
    storage.write_text(folder / f"{stem}.scenario.toml", plan.scenario.to_toml())
    file = folder / f"{stem}.toml"
    storage.write_text(file, plan.to_toml(f"{stem}.scenario.toml"))
    note = Note(
        folder=str((folder / stem).resolve()),
        file=str(file.resolve()),
        cwd=str(folder.resolve()),
        scenario=plan.scenario.name,
        keys=tuple(axis.key for axis in plan.axes),
        identity=plan.identity(),
        by="app",
        begun=time.time(),
    )
    known.write(drafts.base(), note)
    _launch(note)
    return note.key


def go_on(note: Note, *options: str) -> None:
    """Goes on with what a sweep lacks, under options such as --retry-failed or --redo-damaged.

    Raises:
        UsageError: its file is gone.
        RunError: it is too large, or too many are under way.
        ScenarioError: its file no longer says what it did.
        OSError: the process cannot be started.
    """
    from sim.sweeps.plan import load_sweep

    if known.standing(drafts.base(), note) != "still":
        return
    if not Path(note.file).is_file():
        raise UsageError("{file}: the sweep file is gone; the runs that are done stay", file=note.file)
    if limit() is not None:
        planning.refuse(load_sweep(note.file))
    _refuse_many()
    _launch(note, *options)


def stop(note: Note) -> None:
    """Asks a sweep to stop and keep what is done; safe, as it is a file that it looks for, not a signal.

    Raises:
        OSError: the cache folder cannot be written.
    """
    known.stop(drafts.base(), note)


def remove(note: Note, *, files: bool = True) -> None:
    """Takes a sweep that does not run off the list; with its files, if wanted and if the page made them."""
    if known.standing(drafts.base(), note) != "still":
        return
    if files and own(note):
        shutil.rmtree(note.folder, ignore_errors=True)
        for file in (Path(note.file), Path(note.file).with_suffix(".scenario.toml")):
            file.unlink(missing_ok=True)
    known.forget(drafts.base(), note)


def own(note: Note) -> bool:
    """Whether the page made a sweep's files."""
    return note.by == "app" and Path(note.folder).parent == (drafts.base() / "sweeps").resolve()


def look(note: Note) -> Progress:
    """How far a sweep is, from its store; rows that were counted before are not read again.

    Raises:
        DamagedError: a file of it cannot be read, and nobody is about to set it aside.
    """
    standing = known.standing(drafts.base(), note)
    with _lock:
        begun = _begun.get(note.key)
        status = begun.process.poll() if begun else None
        alive = begun is not None and status is None
        if begun and standing != "still":
            begun.noted = True
        noted = begun is not None and begun.noted
        try:
            done, failed, total, speed = _counted(note, running=standing != "still")
        except DamagedError:
            if standing == "still" and not alive:
                raise
            done, failed, total, speed = 0, 0, 0, None
    ended, message, left = done + failed, "", None
    state: State = "stopped"
    if standing == "running":
        state, left = "running", (total - ended) / speed if speed and total else None
    elif standing != "still":
        state = "stopping"
    elif alive and not noted:
        state = "starting"
    elif total and ended >= total:
        state, speed = "done", None
    elif alive:
        state = "stopping"  # it has let go of the store, and is about to end
    elif note.failure or status not in (None, 0, CUT_OFF):
        state, speed, message = "failed", None, note.failure or log(note)
    return Progress(state, done, failed, total, speed, left, message)


def manifest(note: Note) -> dict[str, Any] | None:
    """What a store is about; None while it is not there.

    Raises:
        DamagedError: it cannot be read.
    """
    from sim.sweeps.store import Store

    if not (Path(note.folder) / "manifest.json").is_file():
        return None
    return Store(note.folder).manifest()


def runs(note: Note) -> pl.DataFrame:
    """Every run of a sweep once, with its varied keys and summary.

    Raises:
        DamagedError: a part cannot be read.
    """
    from sim.sweeps.store import Store

    return _runs(note.folder, tuple(Store(note.folder).parts()))


def ask(note: Note, sql: str) -> pl.DataFrame:
    """The answer to a question in SQL, as `matrixsim query` gives it, held to a size and a time.

    Raises:
        UsageError: DuckDB refuses the question.
        RunError: no run is done yet.
    """
    from sim.sweeps.query import query

    return query(note.folder, sql, most_rows=MOST_ROWS, most_s=MOST_S, most_bytes=MOST_BYTES)


def log(note: Note) -> str:
    """The last lines that a sweep of the page printed."""
    try:
        text = _log(note).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-LOG_LINES:])[-4000:]


def _refuse_many() -> None:
    with _lock:
        under_way = sum(begun.process.poll() is None for begun in _begun.values())
    if under_way >= MOST_BEGUN:
        raise RunError("{n} experiments are under way already: wait for one to end, or stop one", n=under_way)


def _fresh(folder: Path, stem: str) -> str:
    for number in range(1000):
        name = f"{stem}-{number}" if number else stem
        with contextlib.suppress(FileExistsError):
            (folder / f"{name}.toml").open("x").close()
            return name
    raise RunError("{folder}: too many experiments of one name", folder=folder)


def _launch(note: Note, *options: str) -> None:
    """Begins the command line in a session of its own, so that it outlives the server."""
    command = ["-m", "sim.cli", "sweep", note.file, "--out", note.folder, "--resume", *options]
    command += ["--workers", str(note.workers)] if note.workers else []
    command += ["--cluster", note.cluster] if note.cluster else []
    if note.key in _begun:  # is over, or about to be
        with contextlib.suppress(subprocess.TimeoutExpired):
            _begun[note.key].process.wait(timeout=ENDING_S)
    _log(note).parent.mkdir(parents=True, exist_ok=True)
    with _log(note).open("wb") as printed, _lock:
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-P", *command],  # -P: modules in the folder of the sweep are none of ours
            cwd=note.cwd if Path(note.cwd).is_dir() else drafts.base(),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            env={**environment(), "MATRIXSIM_CACHE": str(drafts.base().resolve())},
            start_new_session=True,
        )
        _begun[note.key] = _Begun(process)
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such call
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)


def _log(note: Note) -> Path:
    return drafts.base() / known.FOLDER / f"{note.key}.log"


def _counted(note: Note, *, running: bool) -> tuple[int, int, int, float | None]:
    from sim.sweeps.store import Store

    about = manifest(note)
    if about is None:
        return 0, 0, 0, None
    # A folder may have been removed and begun anew.
    key = note.folder, (Path(note.folder) / "manifest.json").stat().st_mtime_ns
    watched = _watched.setdefault(key, _Watched(Store(note.folder)))
    _watched.move_to_end(key)
    while len(_watched) > MOST_WATCHED:
        _watched.popitem(last=False)
    done, failed = watched.store.counted()
    now, seen = time.monotonic(), watched.seen
    if not running:
        seen.clear()
    elif not seen or seen[-1][1] != done + failed:
        seen.append((now, done + failed))
    return done, failed, int(about["runs"]), _speed(seen)


def _speed(seen: deque[tuple[float, int]]) -> float | None:
    """Runs ended a second over the last minute, or since the last time that one ended.

    Not before workers are at work: at first there is what was done before, then the run that the
    forecast rests on, then a wait while the workers load.
    """
    moments = list(seen)[AT_WORK:]
    if len(moments) < 2:  # noqa: PLR2004  a speed needs two moments
        return None
    end, last = moments[-1]
    start, first = next((t, n) for t, n in moments if t >= end - WINDOW_S or (t, n) == moments[-2])
    return (last - first) / (end - start)


@lru_cache(maxsize=4)
def _runs(folder: str, parts: tuple[str, ...]) -> pl.DataFrame:
    """The runs in these parts, which never change."""
    from sim.sweeps.store import Store

    return Store(folder).read()
