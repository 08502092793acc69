"""Files of other programs that somebody brought to My data, kept for a while so that a refresh finds them.

A set of files has a name that nobody can guess (a hash of all that it holds) and always means the same. They
lie in the cache folder of this server, go nowhere else, and can be forgotten. Does not read what they say.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter

from sim import storage
from sim.app.jobs import drafts, store
from sim.errors import UsageError

NAME = re.compile(r"[0-9a-f]{32}")
MOST_FILES = 20
"""Files of a set (chosen)."""
KEPT_S = 30 * 24 * 3600
"""Time without use after which files are forgotten (chosen)."""


@dataclass(frozen=True)
class File:
    """A file brought.

    Attributes:
        name: as its bringer calls it; only for messages.
        held: name of its content.
        account: whose its rows are that name none; empty for the file's own name.
    """

    name: str
    held: str
    account: str = ""


@dataclass(frozen=True)
class Brought:
    """A set of files, and what was said of them.

    Attributes:
        dates: what stands first in dates such as 03/04/2026; empty where the files tell.
        year: of the newest date that has none; 0 where the files tell.
    """

    files: tuple[File, ...] = ()
    dates: str = ""
    year: int = 0

    def contents(self) -> Mapping[str, bytes]:
        """What the files hold, by their names.

        Raises:
            UsageError: they are not kept any more.
        """
        try:
            for file in self.files:
                os.utime(_at(file.held))
            return {file.name: _at(file.held).read_bytes() for file in self.files}
        except OSError:
            raise UsageError("the files are not kept any more; bring them again") from None


_BROUGHT = TypeAdapter(Brought)


def with_files(before: Brought, given: Mapping[str, bytes]) -> Brought:
    """The set with more files; one that is there already counts once, another of its name gets a number.

    Raises:
        UsageError: they are too many.
        OSError: they cannot be kept.
    """
    files, held = list(before.files), {file.held for file in before.files}
    for name, content in given.items():
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        if digest in held:
            continue
        held.add(digest)
        taken = {file.name for file in files}
        own = next(one for k in count(1) if (one := f"{k} · {name}" if k > 1 else name) not in taken)
        _at("").mkdir(parents=True, exist_ok=True)
        storage.write_bytes(_at(digest), content)
        files.append(File(own, digest))
    if len(files) > MOST_FILES:
        raise UsageError("{files} files: at most {most} at a time", files=len(files), most=MOST_FILES)
    return replace(before, files=tuple(files))


def keep(brought: Brought) -> str:
    """Keeps a set, its name, empty for one without files.

    Raises:
        OSError: it cannot be kept.
    """
    if not brought.files:
        return ""
    text = json.dumps(asdict(brought), ensure_ascii=False, sort_keys=True)
    name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    storage.write_text(_at(f"{name}.json"), text)
    _tidy()
    return name


def found(name: str) -> Brought | None:
    """A set by its name; None if there is none, or no longer."""
    if not NAME.fullmatch(name):
        return None
    try:
        place = _at(f"{name}.json")
        os.utime(place)
        return _BROUGHT.validate_json(place.read_bytes())
    except (OSError, ValueError):
        return None


def forget(name: str) -> None:
    """Deletes a set, its files, other sets that have one of them, and what was answered about these."""
    brought = found(name) or Brought()
    held = {file.held for file in brought.files}
    names = [name]
    for place in _at("").glob("*.json"):
        other = found(place.stem)
        if other is not None and held & {file.held for file in other.files}:
            names.append(place.stem)
    for file in held:
        _at(file).unlink(missing_ok=True)
    _drop(names)


def _drop(names: Collection[str]) -> None:
    """Deletes sets without their files, and what was answered about them."""
    for name in names:
        _at(f"{name}.json").unlink(missing_ok=True)
    for answer in store.folder().glob("*/answer.json"):
        with suppress(OSError):
            if any(name in answer.read_text(encoding="utf-8") for name in names):
                shutil.rmtree(answer.parent, ignore_errors=True)


def _tidy() -> None:
    """Deletes what nobody has looked at for long."""
    old = [place for place in _at("").iterdir() if time.time() - place.stat().st_mtime > KEPT_S]
    _drop([place.stem for place in old if place.suffix == ".json"])
    for place in old:
        place.unlink(missing_ok=True)


def _at(name: str) -> Path:
    return drafts.base() / "exports" / name
