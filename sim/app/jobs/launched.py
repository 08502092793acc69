"""Launches that are done: their summaries are kept, so that no comparison has one simulated again.

Takes what runs jobs (`Elsewhere` of sim.experiment.replicate); gives the same with a memory. It is one SQLite
file beside the answers, which several workers and servers use at a time. Whatever is wrong with the file, a
launch is simply run. Knows neither what asks nor what a summary says.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.app.jobs import store
from sim.results import input_hash
from sim.sources import rules_version

if TYPE_CHECKING:
    from sim.experiment.replicate import Elsewhere, Job, Wanted

MOST_KEPT = 10_000
"""Launches kept, some 1 kB each, with enforcement 20 bytes more an account (chosen)."""
WAIT_S = 1.0
"""How long it is waited at most for another process that writes (chosen)."""
BEGIN = (
    "PRAGMA journal_mode = WAL",  # who reads and who writes do not wait for each other
    "PRAGMA synchronous = NORMAL",  # a power cut may take the last launches, never half of one
    "CREATE TABLE IF NOT EXISTS launches (name TEXT PRIMARY KEY, summary TEXT, used REAL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS used ON launches (used)",
)
FIND = """UPDATE launches SET used = ? WHERE name IN (SELECT value FROM json_each(?))
    RETURNING name, summary"""
KEEP = "INSERT OR REPLACE INTO launches (used, name, summary) VALUES (?, ?, ?)"
FORGET = """DELETE FROM launches WHERE name IN
    (SELECT name FROM launches ORDER BY used DESC LIMIT -1 OFFSET ?)"""


def file() -> Path:
    """Where launches are kept."""
    return store.folder().with_name("launches.sqlite")


def remembered(runs: "Elsewhere", told: Callable[[int], None]) -> "Elsewhere":
    """Runs jobs, those alone whose summary is not kept; keeps each of theirs as it comes.

    Args:
        runs: runs them.
        told: called with how many are kept, before these come, at once.
    """

    def done(jobs: "Sequence[Job]", want: "Wanted") -> "Iterator[tuple[Job, Any]]":
        if want != "summary":
            yield from runs(jobs, want)
            return
        names = _names(jobs)
        with closing(_Kept()) as kept:
            found = kept.find(names.values())
            told(sum(names[id(job)] in found for job in jobs))
            for job in jobs:
                if (text := found.get(names[id(job)])) is not None:
                    yield job, json.loads(text)  # each its own: whoever gets one may change it
            if left := [job for job in jobs if names[id(job)] not in found]:
                for job, summary in runs(left, want):
                    kept.keep(names[id(job)], summary)
                    yield job, summary

    return done


def _names(jobs: "Sequence[Job]") -> dict[int, str]:
    """What launches are called, by the jobs' ids: same name, same summary."""
    plans = {id(job.scenario): job.scenario for job in jobs}  # one may be that of a hundred jobs
    hashes = {key: input_hash(plan) for key, plan in plans.items()}
    return {id(job): f"{rules_version()} {hashes[id(job.scenario)]} {job.seed}" for job in jobs}


class _Kept:
    """The file. Where it fails it is as if nothing were kept; a damaged one is removed."""

    def __init__(self) -> None:
        self._db: sqlite3.Connection | None = None

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Summaries that are kept, as JSON."""
        rows = self._ask(FIND, time.time(), json.dumps(list(names)))
        return {name: text for name, text in rows if _read(text) is not None}

    def keep(self, name: str, summary: Any) -> None:
        """Keeps a summary that JSON brings back as it was, which a plug-in's may not be."""
        with suppress(TypeError, ValueError):
            if _read(text := json.dumps(summary)) == summary:
                self._ask(KEEP, time.time(), name, text)

    def close(self) -> None:
        """Lets the longest unused go that are too many."""
        self._ask(FORGET, MOST_KEPT)
        self._shut()

    def _ask(self, line: str, *values: object) -> list[Any]:
        try:
            if self._db is None:
                self._db = sqlite3.connect(file(), timeout=WAIT_S, isolation_level=None)
                for first in BEGIN:
                    self._db.execute(first)
            return self._db.execute(line, values).fetchall()
        except sqlite3.Error as error:
            self._shut()
            if type(error) is sqlite3.DatabaseError:  # no kind of it: damaged, or no such file at all
                with suppress(OSError):
                    for end in ("-wal", "-shm", ""):
                        file().with_name(file().name + end).unlink(missing_ok=True)
            return []

    def _shut(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None


def _read(text: Any) -> dict[str, Any] | None:
    """A summary; None where it is none."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, dict) else None
