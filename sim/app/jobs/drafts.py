"""Plans that people made on the page or brought as a file: drafts with versions, kept until deleted.

They lie in the user's data folder, not in the cache: nobody can make them again. As one file: packing.py.

Takes TOML texts; gives names. A name says which draft and which version (`my-<16 hex digits>.<number>`) and
always means the same, so a copied address opens it again, and no name can mean a path. Whoever saves says
which version they go on from: where there is a newer one nothing is written. Does not read what a text says.
"""

import json
import re
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock
from pydantic import TypeAdapter

from sim import storage
from sim.errors import Phrase, RunError

DRAFT = re.compile(r"my-[0-9a-f]{16}")
NAME = re.compile(rf"({DRAFT.pattern})\.([1-9]\d{{0,8}})", re.ASCII)
MOST_DRAFTS = 1000
"""Drafts kept on disk (chosen); beyond, some have to be deleted first."""
MOST_VERSIONS = 100
"""Versions kept of a draft (chosen), beside the first one and those with a note; some 5 kB each."""


@dataclass(frozen=True)
class Version:
    """A draft as it was at some time.

    Attributes:
        text: a valid scenario in TOML, which every page uses.
        title: its name, for lists.
        typed: the scenario as it stands in the fields where that is not the text (yet): see editing.py.
        before: what was in hand before this edit; empty where there is no way back.
        origin: the scenario that the draft began as; empty where that is its own first version.
        note: what its maker wants to remember of it; such a version is never dropped.
    """

    text: str
    title: str = ""
    typed: dict[str, Any] | None = None
    before: str = ""
    origin: str = ""
    note: str = ""


VERSION = TypeAdapter(Version)
"""Reads one from a file."""


class NewerError(Exception):
    """There is a newer version of a draft, whose name this holds."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def base() -> Path:
    """The app's folder of this user for answers and sweeps; MATRIXSIM_CACHE moves it. Drafts have another."""
    return storage.cache_base()


def keep(version: Version) -> str:
    """Begins a draft with its first version; its name.

    Raises:
        OSError: the disk is full.
        RunError: there are too many drafts, or the folder cannot be made or written to.
    """
    open_folder()
    with lock():
        known = numbers()
        refuse_beyond(len(known) + 1)
        return write(f"{fresh(known)}.1", version)


def save(name: str, version: Version) -> str:
    """Adds a version to a draft, going on from the one named; its name.

    Raises:
        NewerError: that was not the latest version; nothing is written.
        RunError: the draft was deleted.
        OSError: the folder cannot be written.
    """
    draft, number = _parts(name)
    with lock():
        last = numbers(draft).get(draft)
        if last is None:
            raise RunError("{name}: the draft was deleted meanwhile", name=name)
        if last != number:
            raise NewerError(f"{draft}.{last}")
        written = write(f"{draft}.{number + 1}", version)
        if number > MOST_VERSIONS:  # the first one stays: edits are told against it
            old = file_of(f"{draft}.{number + 1 - MOST_VERSIONS}")
            if not _head(old).note:
                old.unlink(missing_ok=True)
        return written


def read(name: str) -> Version | None:
    """A version of a draft; None if there is none of this name."""
    if not NAME.fullmatch(name):
        return None
    try:
        return VERSION.validate_json(file_of(name).read_bytes(), strict=True)
    except (OSError, ValueError):  # gone, or damaged in whatever way
        return None


def note(name: str, content: dict[str, Any]) -> None:
    """Keeps beside a draft, whatever its version, what its text does not say.

    Raises:
        OSError: the folder cannot be written.
    """
    storage.write_text(note_of(name), json.dumps(content, ensure_ascii=False))


def noted(name: str) -> dict[str, Any]:
    """What is kept beside a draft; empty where there is nothing, or no such draft."""
    if not NAME.fullmatch(name):
        return {}
    try:
        return dict(json.loads(note_of(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def latest(name: str) -> str | None:
    """The latest version of the draft that a name is about; None if it was deleted, or never was."""
    draft = name.partition(".")[0]
    number = numbers(draft).get(draft) if DRAFT.fullmatch(draft) else None
    return None if number is None else f"{draft}.{number}"


def listed() -> dict[str, str]:
    """Every draft, the first made first: title by the name of its latest version."""
    names = [f"{draft}.{number}" for draft, number in sorted(numbers().items())]
    return {name: _head(file_of(name)).title or name for name in names}


def moment(name: str) -> float:
    """When a version was made [s since 1970]; 0 where it was deleted meanwhile."""
    with suppress(FileNotFoundError):
        return file_of(name).stat().st_mtime
    return 0.0


def notes(name: str) -> dict[str, str]:
    """The notes on the versions of a draft, latest first."""
    found = ((version, _head(file_of(version)).note) for version in versions(name))
    return {version: note for version, note in found if note}


def versions(name: str) -> dict[str, float]:
    """The versions of a draft, latest first, and when each was made [s since 1970]."""
    found = dict[str, float]()
    for draft, number in sorted(_all(_parts(name)[0]), reverse=True):
        with suppress(FileNotFoundError):  # deleted meanwhile
            found[f"{draft}.{number}"] = file_of(f"{draft}.{number}").stat().st_mtime
    return found


def number_of(name: str) -> int:
    """Which version of its draft a name means."""
    return _parts(name)[1]


def delete(name: str) -> None:
    """Deletes a draft, all its versions; nobody saves one meanwhile.

    Raises:
        OSError: the folder cannot be written to.
    """
    with lock():
        for version in versions(name):
            file_of(version).unlink(missing_ok=True)
        note_of(name).unlink(missing_ok=True)
        _gone(_parts(name)[0]).touch()  # its names stay taken: they always mean the same


def open_folder() -> None:
    """Makes the folder of drafts where there is none yet.

    Raises:
        RunError: it cannot be made or written to.
    """
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:  # no temporary folder instead: a draft is kept, or it is said that it is not
        raise RunError(
            "{folder}: {why}, so no draft is kept; {variable}=folder names another",
            folder=place, why=Phrase((error.strerror or str(error)).lower()), variable=storage.DATA,
        ) from None  # fmt: skip


def refuse_beyond(count: int) -> None:
    """Refuses to keep so many drafts where they are too many.

    Raises:
        RunError: they are.
    """
    if count > MOST_DRAFTS:
        raise RunError("no more than {n} plans are kept: delete some on the page Plans", n=f"{MOST_DRAFTS:,}")


def fresh(known: Collection[str]) -> str:
    """A name for one more draft; under the lock."""
    instant = time.time_ns()
    while (draft := f"my-{instant:016x}") in known:
        instant += 1
    return draft


def was_deleted(draft: str) -> bool:
    """Whether there was a draft of this name."""
    return _gone(draft).exists()


def numbers(of: str = "my-*") -> dict[str, int]:
    """The number of the latest version, by draft: of all, or of one."""
    last: dict[str, int] = {}
    for draft, number in _all(of):
        last[draft] = max(number, last.get(draft, 0))
    return last


def write(name: str, version: Version) -> str:
    """Writes a version, and gives its name; under the lock."""
    storage.write_text(file_of(name), json.dumps(asdict(version), ensure_ascii=False))
    return name


def lock() -> FileLock:
    """Holds off everybody else who writes."""
    return FileLock(folder() / "drafts.lock")


def folder() -> Path:
    """Where drafts lie."""
    return storage.data_base() / "scenarios"


def file_of(name: str) -> Path:
    """The file of a version."""
    return folder() / f"{name}.json"


def note_of(name: str) -> Path:
    """The file with what is kept beside a draft."""
    return folder() / f"{_parts(name)[0]}.note.json"


def _gone(draft: str) -> Path:
    return folder() / f"{draft}.gone"


class _Head(NamedTuple):
    title: str
    note: str


@lru_cache(maxsize=10 * MOST_DRAFTS)  # a version never changes
def _head(file: Path) -> _Head:
    version = read(file.name.removesuffix(".json")) or Version("")
    return _Head(version.title, version.note)


def _parts(name: str) -> tuple[str, int]:
    found = NAME.fullmatch(name)
    if found is None:
        raise RunError("{name}: is no draft", name=name)
    return found[1], int(found[2])


def _all(draft: str = "my-*") -> list[tuple[str, int]]:
    """Every version, or those of one draft."""
    found = (NAME.fullmatch(file.stem) for file in folder().glob(f"{draft}.*.json"))
    return [(name[1], int(name[2])) for name in found if name]
