"""Scenarios that people made on the page or brought as a file: drafts with versions, kept until deleted.

They lie in the user's data folder, not in the cache: nobody can make them again.

Takes TOML texts; gives names. A name says which draft and which version (`my-<16 hex digits>.<number>`) and
always means the same, so a copied address opens it again, and no name can mean a path. Whoever saves says
which version they go on from: where there is a newer one nothing is written. Does not read what a text says.
"""

import json
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import TypeAdapter

from sim import storage
from sim.errors import Phrase, RunError

DRAFT = re.compile(r"my-[0-9a-f]{16}")
NAME = re.compile(rf"({DRAFT.pattern})\.([1-9]\d{{0,8}})", re.ASCII)
MOST_DRAFTS = 1000
"""Drafts kept on disk (chosen); beyond, some have to be deleted first."""
MOST_VERSIONS = 100
"""Versions kept of a draft (chosen), beside the first one; some 5 kB each."""


@dataclass(frozen=True)
class Version:
    """A draft as it was at some time.

    Attributes:
        text: a valid scenario in TOML, which every page uses.
        title: its name, for lists.
        typed: the scenario as it stands in the fields where that is not the text (yet): see editing.py.
        before: what was in hand before this edit; empty where there is no way back.
        origin: the scenario that the draft began as; empty where that is its own first version.
    """

    text: str
    title: str = ""
    typed: dict[str, Any] | None = None
    before: str = ""
    origin: str = ""


_VERSION = TypeAdapter(Version)


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
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:  # no temporary folder instead: a draft is kept, or it is said that it is not
        raise RunError(
            "{folder}: {why}, so no draft is kept; {variable}=folder names another",
            folder=folder, why=Phrase((error.strerror or str(error)).lower()), variable=storage.DATA,
        ) from None  # fmt: skip
    with _lock():
        known = _latest()
        if len(known) >= MOST_DRAFTS:
            raise RunError(
                "{n} drafts are kept already: delete some on the page Scenario", n=f"{len(known):,}"
            )
        moment = time.time_ns()
        while (draft := f"my-{moment:016x}") in known:
            moment += 1
        return _write(f"{draft}.1", version)


def save(name: str, version: Version) -> str:
    """Adds a version to a draft, going on from the one named; its name.

    Raises:
        NewerError: that was not the latest version; nothing is written.
        RunError: the draft was deleted.
        OSError: the folder cannot be written.
    """
    draft, number = _parts(name)
    with _lock():
        last = _latest(draft).get(draft)
        if last is None:
            raise RunError("{name}: the draft was deleted meanwhile", name=name)
        if last != number:
            raise NewerError(f"{draft}.{last}")
        written = _write(f"{draft}.{number + 1}", version)
        if number > MOST_VERSIONS:  # the first one stays: edits are told against it
            _file(f"{draft}.{number + 1 - MOST_VERSIONS}").unlink(missing_ok=True)
        return written


def read(name: str) -> Version | None:
    """A version of a draft; None if there is none of this name."""
    if not NAME.fullmatch(name):
        return None
    try:
        return _VERSION.validate_json(_file(name).read_bytes(), strict=True)
    except (OSError, ValueError):  # gone, or damaged in whatever way
        return None


def note(name: str, content: dict[str, Any]) -> None:
    """Keeps beside a draft, whatever its version, what its text does not say.

    Raises:
        OSError: the folder cannot be written.
    """
    storage.write_text(_note(name), json.dumps(content, ensure_ascii=False))


def noted(name: str) -> dict[str, Any]:
    """What is kept beside a draft; empty where there is nothing, or no such draft."""
    if not NAME.fullmatch(name):
        return {}
    try:
        return dict(json.loads(_note(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def latest(name: str) -> str | None:
    """The latest version of the draft that a name is about; None if it was deleted, or never was."""
    draft = name.partition(".")[0]
    number = _latest(draft).get(draft) if DRAFT.fullmatch(draft) else None
    return None if number is None else f"{draft}.{number}"


def listed() -> dict[str, str]:
    """Every draft, the first made first: title by the name of its latest version."""
    names = [f"{draft}.{number}" for draft, number in sorted(_latest().items())]
    return {name: _title(_file(name)) or name for name in names}


def versions(name: str) -> dict[str, float]:
    """The versions of a draft, latest first, and when each was made [s since 1970]."""
    found = dict[str, float]()
    for draft, number in sorted(_all(_parts(name)[0]), reverse=True):
        with suppress(FileNotFoundError):  # deleted meanwhile
            found[f"{draft}.{number}"] = _file(f"{draft}.{number}").stat().st_mtime
    return found


def number_of(name: str) -> int:
    """Which version of its draft a name means."""
    return _parts(name)[1]


def delete(name: str) -> None:
    """Deletes a draft, all its versions; nobody saves one meanwhile.

    Raises:
        OSError: the folder cannot be written to.
    """
    with _lock():
        for version in versions(name):
            _file(version).unlink(missing_ok=True)
        _note(name).unlink(missing_ok=True)


def _parts(name: str) -> tuple[str, int]:
    found = NAME.fullmatch(name)
    if found is None:
        raise RunError("{name}: is no draft", name=name)
    return found[1], int(found[2])


def _all(draft: str = "my-*") -> list[tuple[str, int]]:
    """Every version, or those of one draft."""
    found = (NAME.fullmatch(file.stem) for file in _folder().glob(f"{draft}.*.json"))
    return [(name[1], int(name[2])) for name in found if name]


def _latest(of: str = "my-*") -> dict[str, int]:
    """The number of the latest version, by draft: of all, or of one."""
    last: dict[str, int] = {}
    for draft, number in _all(of):
        last[draft] = max(number, last.get(draft, 0))
    return last


@lru_cache(maxsize=MOST_DRAFTS)  # a version never changes
def _title(file: Path) -> str:
    version = read(file.name.removesuffix(".json"))
    return version.title if version else ""


def _write(name: str, version: Version) -> str:
    storage.write_text(_file(name), json.dumps(asdict(version), ensure_ascii=False))
    return name


def _lock() -> FileLock:
    return FileLock(_folder() / "drafts.lock")


def _folder() -> Path:
    return storage.data_base() / "scenarios"


def _file(name: str) -> Path:
    return _folder() / f"{name}.json"


def _note(name: str) -> Path:
    return _folder() / f"{_parts(name)[0]}.note.json"
