"""Where finished answers lie: those shipped with the app, and those in the user's cache folder.

Takes a request; gives its answer, or None. A kept answer is a folder with answer.json and the
files that `matrixsim compare --out` or `run --out` write. Old ones are removed. Does not compute.
"""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from sim.app.jobs import drafts
from sim.app.jobs.questions import request_of
from sim.app.jobs.request import Request
from sim.sources import rules_version

FORMAT = 5
"""Rises when a document changes; older ones are not read."""
Answer = dict[str, Any]
"""The content of answer.json: what `headed` says, and what the kind of work adds."""
Judged = Mapping[str, Any]
"""A comparison by one metric: the content of comparison.json, or that of some of its variants."""
READY = Path(__file__).parents[1] / "ready"
MOST_KEPT = 500
"""Answers kept on disk, 30 kB to 1 MB each (chosen): a class and ten strategists ask for 150 a minute."""
PARTIAL = "partial.json"
"""In the folder of long work, what is done of its answer."""
ABANDONED_S = 24 * 3600
"""Age at which the folder of a computation is taken for a leftover of a crash."""


def folder() -> Path:
    """Folder of this user's answers; MATRIXSIM_CACHE moves it."""
    return drafts.base() / "answers"


def kept_at(request: Request) -> Path:
    """Folder in which the answer to a request is kept."""
    return folder() / request.key()


def begun_at(request: Request) -> Path:
    """Folder in which long work that was stopped is kept, to go on from; `tidy` removes an old one."""
    return folder() / f"work-{request.key()}"


def partly(request: Request) -> Answer | None:
    """What is done of long work that is under way or was stopped; None where nothing is."""
    try:
        return dict(json.loads((begun_at(request) / PARTIAL).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def headed(request: Request) -> Answer:
    """What every answer begins with."""
    return {
        "format": FORMAT, "request": request.as_dict(), "scenario_digest": request.scenario_digest(),
        "rules_version": rules_version(), "hours": request.plan().run.hours,
    }  # fmt: skip


def found(request: Request) -> Answer | None:
    """The answer to a request, shipped or kept; None if it has to be computed.

    A shipped one is held equal to what the program computes by a test, a kept one by the rules version.
    """
    for given, document in _ready():
        same = replace(given, scenario=request.scenario, users=request.users) == request
        if same and document["scenario_digest"] == request.scenario_digest():
            return document
    place = kept_at(request)
    try:
        document = json.loads((place / "answer.json").read_text(encoding="utf-8"))
        if not answers(document, request):
            return None
    except (OSError, ValueError, KeyError, TypeError):  # not there, or half a disk ago
        return None
    _touch(place)
    return dict(document)


def answers(document: object, request: Request) -> bool:
    """Whether a document of today's rules answers a request; the scenario's name does not matter."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return False
    if document.get("rules_version") != rules_version():
        return False
    given = request_of(document["request"])
    asked = request.as_dict() | {"scenario": given.scenario, "users": given.users}
    return given.as_dict() == asked and document["scenario_digest"] == request.scenario_digest()


def table(request: Request, name: str) -> pl.DataFrame:
    """A table of a kept answer, such as 'flows'.

    Raises:
        OSError: it is not there, or no longer.
    """
    place = kept_at(request)
    _touch(place)
    return pl.read_parquet(place / f"{name}.parquet")


def runs_of(answer: Answer, first: int) -> pl.DataFrame:
    """What a comparison's document keeps of its runs, one row a variant and seed, from its first seed on."""
    return pl.concat(
        pl.DataFrame(fields).select(
            pl.lit(name).alias("variant"),
            (first + pl.int_range(pl.len())).alias("seed"),
            pl.all().cast(pl.Float64),
        )
        for name, fields in answer["runs"].items()
    )


def keep(work: Path, request: Request) -> None:
    """Moves a finished work folder to its place; another one that came first stays."""
    place = kept_at(request)
    try:
        work.rename(place)
    except OSError:
        if not (place / "answer.json").is_file():  # broken: ours takes its place
            shutil.rmtree(place, ignore_errors=True)
            work.rename(place)
        else:
            shutil.rmtree(work, ignore_errors=True)
    tidy()


def tidy() -> None:
    """Removes the longest unused answers beyond a number, and what crashes left."""
    places = sorted(folder().iterdir(), key=_used, reverse=True)
    kept = [place for place in places if not place.name.startswith("work-")]
    for place in kept[MOST_KEPT:]:
        shutil.rmtree(place, ignore_errors=True)
    for place in set(places) - set(kept):
        if time.time() - _used(place) > ABANDONED_S:
            shutil.rmtree(place, ignore_errors=True)


def _touch(place: Path) -> None:
    """Notes that an answer is used, so that others are removed first."""
    with contextlib.suppress(OSError):
        os.utime(place)


def _used(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:  # removed meanwhile by another server
        return 0.0


@cache
def _ready() -> tuple[tuple[Request, Answer], ...]:
    files = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(READY.glob("*.json"))]
    return tuple((request_of(file["request"]), file) for file in files if file["format"] == FORMAT)
