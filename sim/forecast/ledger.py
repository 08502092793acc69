"""A ledger of forecasts: a file of lines that are only ever added, each sealed, and sealed to the one before.

A line is a JSON object; `seal` is the SHA-256 of the line without it, `previous` the seal of the line before
(empty in the first). A line that was changed, taken out or put in between breaks the chain from there on, and
is named. Whoever rewrites the whole file can seal it anew: to prove a forecast to others, give them its seal
when it is made. Takes entries; gives them back. Knows nothing of what they say.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from sim import storage
from sim.errors import DamagedError, Phrase, UsageError, why_not
from sim.interrupts import deferred

FORECAST: Final = "forecast"
SCORE: Final = "score"
"""Kinds of entries."""
FORMAT: Final = "matrixsim forecast ledger 1"
"""What the first line says that it is."""
Entry = dict[str, Any]


REMEDY: Final = Phrase("nothing from there on is what was foretold: bring back a copy of the file")


def opened(path: Path) -> list[Entry]:
    """The entries of a ledger, whole and in order.

    Raises:
        UsageError: there is no such file, or it is no ledger.
        DamagedError: it was cut off, or a line is not as it was written.
    """
    return _entries(path, _text(path))


def _text(path: Path) -> str:
    """What a file holds.

    Raises:
        UsageError: there is no such file, or it is no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            "{path}: no such file; `matrixsim forecast SCENARIO --out {path}` makes it", path=path
        ) from None
    except UnicodeDecodeError:
        raise UsageError("{file}: is no UTF-8 text", file=path) from None
    except OSError as error:
        raise UsageError("{path}: cannot be read ({why})", path=path, why=why_not(error)) from error


def _entries(path: Path, text: str) -> list[Entry]:
    """The entries of a ledger's text; raises as `opened`."""
    lines = text.split("\n")  # not splitlines(): a name may hold other ends of lines
    whole = lines.pop() == ""
    entries: list[Entry] = []
    for number, line in enumerate(lines, 1):
        entries.append(_checked(path, number, line, entries[-1]["seal"] if entries else ""))
    if not whole or not entries:
        if not entries:
            raise foreign(path)
        raise _damaged(path, Phrase("it ends within line {line}", line=len(entries) + 1))
    return entries


def foreign(path: Path) -> UsageError:
    """That a file is no ledger."""
    return UsageError("{path}: is no ledger of forecasts (its first line has no format)", path=path)


def _damaged(path: Path, why: Phrase) -> DamagedError:
    return DamagedError(str(path), why, REMEDY)


def _checked(path: Path, number: int, line: str, before: str) -> Entry:
    """A line as an entry.

    Raises:
        UsageError: the file is no ledger.
        DamagedError: the line is not as it was written.
    """
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if number == 1 and (not isinstance(entry, dict) or entry.get("format") != FORMAT):
        raise foreign(path)
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        raise _damaged(path, Phrase("line {line} is no entry", line=number))
    try:
        seal = sealed({key: value for key, value in entry.items() if key != "seal"})
    except UnicodeEncodeError:  # half a character: JSON can spell it, text cannot hold it
        seal = None
    if seal is None or entry.get("seal") != seal:
        raise _damaged(path, Phrase("line {line} was changed after it was written", line=number))
    if entry.get("previous") != before:
        raise _damaged(
            path, Phrase("before line {line} lines were taken out, put in or moved", line=number)
        )  # fmt: skip
    return entry


def refuse_unwritable(path: Path) -> None:
    """Refuses, before any work, a place to which no entry can be added.

    Raises:
        DamagedError: what is there is no whole ledger.
        UsageError: it is a folder or no ledger, or lies where nothing can be written.
    """
    _refuse_folder(path)
    if path.exists():
        opened(path)
    there = next(folder for folder in path.absolute().parents if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise UsageError(
            "{path}: cannot be written ({folder}: {why})", path=path, folder=there, why=why_not(error)
        ) from error


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise UsageError("{path}: is a folder, and a ledger is a file", path=path)


def sealed(content: Mapping[str, Any]) -> str:
    """The seal of a line: SHA-256 of its JSON with sorted keys [64 hex digits]."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def added(path: Path, content: Mapping[str, Any]) -> Entry:
    """Adds an entry to a ledger, which is begun where there is none; the entry with its seal.

    Whoever else adds to it waits: each entry is sealed to the one that is really before it.

    Raises:
        DamagedError: what is there is no whole ledger; nothing is added.
        UsageError: the path is a folder, or what is there is no ledger.
    """
    _refuse_folder(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"), deferred():
        before = _text(path) if path.exists() else None
        entries = [] if before is None else _entries(path, before)
        first = {} if entries else {"format": FORMAT}
        entry = {**first, "previous": entries[-1]["seal"] if entries else "", **content}
        entry["seal"] = sealed(entry)
        line = json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n"
        storage.write_text(path, (before or "") + line)
    return entry
