"""All plans as one file, and back: a zip with every version of every draft, as they lie on the disk.

Takes nothing but bytes, which anybody may have made: names are checked, and are no paths. What comes in
keeps its names, so that links to it go on; where a name means something else here, or was deleted, the whole
draft gets another one, and what was here stays.
"""

import calendar
import io
import json
import os
import re
import time
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sim import storage
from sim.app.jobs import drafts
from sim.app.jobs.drafts import DRAFT, NAME, VERSION, Version
from sim.errors import UsageError

MOST_BYTES = 200_000_000
"""Of all that a file holds, unpacked (chosen)."""
NOTE = re.compile(rf"({DRAFT.pattern})\.note")
MANIFEST = "matrixsim-plans.json"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""First moment that a zip can name."""


class Packed(NamedTuple):
    """What a file holds.

    Attributes:
        versions: each version and when it was made [s since 1970], by draft and number.
        notes: what is kept beside a draft.
    """

    versions: Mapping[str, Mapping[int, tuple[Version, float]]]
    notes: Mapping[str, dict[str, Any]]


def packed() -> bytes:
    """The file with all plans, whole versions only."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(MANIFEST, json.dumps({"format": 1}))
        for found in sorted(drafts.folder().glob("my-*.json")):
            try:
                raw, made = found.read_bytes(), time.gmtime(found.stat().st_mtime)[:6]
            except FileNotFoundError:  # deleted meanwhile
                continue
            file.writestr(zipfile.ZipInfo(found.name, max(made, EARLIEST)), raw, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def unpacked(name: str, raw: bytes) -> list[str]:
    """Adds the plans of a file to those that are here; the drafts that came in or got versions.

    Raises:
        UsageError: it is no such file; nothing is written.
        RunError: there would be too many drafts, or the folder cannot be written to.
        OSError: the disk is full.
    """
    found = _read(name, raw)
    drafts.open_folder()
    with drafts.lock():
        known = drafts.numbers()
        names = dict[str, str]()
        for draft, versions in found.versions.items():
            names[draft] = draft
            taken = (_here(draft, number) not in (None, made) for number, (made, _) in versions.items())
            if drafts.was_deleted(draft) or any(taken):
                names[draft] = drafts.fresh({*known, *names.values()})
        drafts.refuse_beyond(len({*known, *names.values()}))
        return [own for draft, own in names.items() if _written(names, draft, found, known.get(own, 0))]


def _here(draft: str, number: int) -> Version | None:
    return drafts.read(f"{draft}.{number}")


def _written(names: Mapping[str, str], draft: str, found: Packed, last: int) -> bool:
    """Writes the versions of a draft after the last one here; whether there are any."""
    missing = [number for number in sorted(found.versions[draft]) if number > last]
    for number in missing:
        version, moment = found.versions[draft][number]
        moved = replace(version, before=_moved(version.before, names), origin=_moved(version.origin, names))
        at = drafts.file_of(drafts.write(f"{names[draft]}.{number}", moved))
        os.utime(at, (moment, moment))
    at = drafts.note_of(f"{names[draft]}.1")
    if missing and draft in found.notes and not at.exists():
        storage.write_text(at, json.dumps(found.notes[draft], ensure_ascii=False))
    return bool(missing)


def _moved(name: str, names: Mapping[str, str]) -> str:
    """The name of a version after its draft got another one."""
    draft, dot, number = name.partition(".")
    return f"{names.get(draft, draft)}{dot}{number}"


def _read(name: str, raw: bytes) -> Packed:
    refused = UsageError("{file}: is no file of plans that this program made", file=name)
    versions = defaultdict[str, dict[int, tuple[Version, float]]](dict)
    notes = dict[str, dict[str, Any]]()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as file:
            entries = file.infolist()
            if MANIFEST not in file.namelist() or sum(e.file_size for e in entries) > MOST_BYTES:
                raise refused
            for entry in entries:
                stem = entry.filename.removesuffix(".json")
                if version := NAME.fullmatch(stem):
                    moment = calendar.timegm((*entry.date_time, 0, 0, 0))
                    made = VERSION.validate_json(file.read(entry), strict=True)
                    versions[version[1]][int(version[2])] = made, float(moment)
                elif note := NOTE.fullmatch(stem):
                    notes[note[1]] = dict(json.loads(file.read(entry)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, TypeError):
        raise refused from None  # damaged, encrypted, or not what stands in it
    return Packed(versions, notes)
