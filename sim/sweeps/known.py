"""Which sweeps this user has begun, and which of them are under way: for the app, whoever started them.

Takes the facts of a sweep that begins; leaves a note of it in a folder of the user's own, and a
lock that dies with the process, so that nobody has to trust a process number. A process is
never sent a signal: who wants a sweep stopped leaves a file, and the process stops itself as
Ctrl-C would. Does not read runs (store.py) or start anything.
"""

import _thread
import contextlib
import hashlib
import json
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from sim import storage
from sim.errors import MatrixsimError

FOLDER = "known-sweeps"
"""Where the notes lie in the user's cache folder."""
NOTES = "?" * 16 + ".json"
"""The files of the notes."""
LOOK_S = 0.25
"""How often a sweep looks whether it is wanted to stop [s] (chosen)."""
MOST_NOTES = 500
"""Notes kept, some 500 bytes each (chosen)."""


@dataclass(frozen=True)
class Note:
    """One sweep that was begun.

    Attributes:
        folder: its store; a local folder, absolute.
        file: the sweep file, absolute.
        cwd: where the command was given: a name in the sweep file may mean a scenario from there.
        scenario: name of the scenario.
        keys: the varied keys.
        identity: which sweep it is, as in the store's manifest.
        by: who began it.
        begun: when [s since 1970].
        workers: as asked for; None for all cores.
        cluster: a Dask scheduler, if it runs on one.
        failure: why it broke off, when it did so by itself.
    """

    folder: str
    file: str
    cwd: str
    scenario: str
    keys: tuple[str, ...]
    identity: str
    by: Literal["app", "command"] = "command"
    begun: float = 0.0
    workers: int | None = None
    cluster: str | None = None
    failure: str = ""

    @property
    def key(self) -> str:
        """Name of the sweep in the notes: a folder holds one [16 hex digits]."""
        return hashlib.blake2b(self.folder.encode(), digest_size=8).hexdigest()


def notes(base: Path) -> list[Note]:
    """Every sweep noted, latest first; what cannot be read is passed over."""
    found = []
    for file in (base / FOLDER).glob(NOTES):
        note = _read(file)
        if note is not None:
            found.append(note)
    return sorted(found, key=lambda note: -note.begun)


def write(base: Path, note: Note) -> None:
    """Notes a sweep; one that goes on keeps when and by whom it was begun.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = base / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{note.key}.json"
    before = _read(file)
    if before is not None and before.identity == note.identity:
        note = replace(note, begun=before.begun, by=before.by)
    storage.write_text(file, json.dumps(asdict(note), ensure_ascii=False))
    files = sorted(folder.glob(NOTES), key=_age)
    for old in files[MOST_NOTES:]:
        old.unlink(missing_ok=True)


def forget(base: Path, note: Note) -> None:
    """Takes a note away; the runs stay."""
    for file in (base / FOLDER).glob(f"{note.key}*"):
        file.unlink(missing_ok=True)


def standing(base: Path, note: Note) -> Literal["running", "stopping", "still"]:
    """Whether somebody runs a sweep now; what dead processes left is cleared away."""
    found: Literal["running", "stopping", "still"] = "still"
    for sign in (base / FOLDER).glob(f"{note.key}.*.run"):
        lock = FileLock(sign.with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            asked = sign.with_suffix(".stop").exists()
            found = "stopping" if asked and found != "running" else "running"
        except OSError:  # the process that it belonged to is clearing it away
            continue
        else:
            lock.release()
            _clear(sign)
    return found


def stop(base: Path, note: Note) -> None:
    """Asks every process that runs a sweep to stop, keeping what is done.

    Raises:
        OSError: the folder cannot be written.
    """
    for sign in (base / FOLDER).glob(f"{note.key}.*.run"):
        sign.with_suffix(".stop").touch()


@contextmanager
def under_way(base: Path, note: Note | None) -> Iterator[Callable[[], bool]]:
    """Notes a sweep, and that it runs until the block ends, however it ends.

    Args:
        base: the user's cache folder.
        note: the sweep; None for one that is not noted, such as one in an object store.
    Yields:
        Whether it is wanted to stop. That is True only where this process does not listen to
        Ctrl-C; else KeyboardInterrupt is raised in the main thread.
    """
    if note is None:
        yield bool
        return
    try:
        write(base, note)
        beacon = _Beacon(base / FOLDER / f"{note.key}.{secrets.token_hex(4)}.run")
    except OSError:  # a sweep does not hang on being noted
        yield bool
        return
    try:
        yield beacon.wanted.is_set
    except (MatrixsimError, OSError) as error:
        with contextlib.suppress(OSError):
            write(base, replace(note, failure=str(error)))
        raise
    finally:
        beacon.close()


class _Beacon:
    """The lock of a running process, and the thread that looks for the wish to stop."""

    def __init__(self, sign: Path) -> None:
        self.sign = sign
        self.wanted = threading.Event()
        self._ended = threading.Event()
        self._lock = FileLock(sign.with_suffix(".lock"))
        self._lock.acquire(timeout=0)
        sign.touch()  # after the lock: a sign whose lock is free is taken for a dead process's
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The process no longer runs the sweep."""
        self._ended.set()
        self._thread.join()
        _clear(self.sign)
        self._lock.release()

    def _look(self) -> None:
        wish = self.sign.with_suffix(".stop")
        while not self._ended.wait(LOOK_S):
            if wish.exists():
                # A process in the background may ignore Ctrl-C, and would ignore the interrupt too.
                if not callable(signal.getsignal(signal.SIGINT)):
                    self.wanted.set()
                elif sys.platform == "win32":
                    _thread.interrupt_main()
                else:  # to a thread of our own: it wakes the main thread where it waits
                    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
                return


def _clear(sign: Path) -> None:
    for file in (sign, sign.with_suffix(".stop"), sign.with_suffix(".lock")):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def _read(file: Path) -> Note | None:
    try:
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        given = {field.name: data[field.name] for field in fields(Note) if field.name in data}
        return Note(**given | {"keys": tuple(data["keys"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except OSError:
        return 0.0
