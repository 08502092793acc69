"""Classes that answer the lessons together: what each pupil said before the runs were shown, and after.

A class has a code, which the pupils' link holds, and a key, which only its teacher has. Of a pupil it keeps a
number that its page drew, and nothing else: no name, no address, no time. It stays until its teacher ends it,
beside the drafts. Does not know what the lessons ask.
"""

import json
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hmac import compare_digest
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from sim import storage
from sim.errors import RunError

Stage = Literal["before", "after"]
CODE, PUPIL = re.compile(r"[0-9a-f]{8}", re.ASCII), re.compile(r"[0-9a-f]{12}", re.ASCII)
MOST_ROOMS, MOST_PUPILS = 500, 300
"""Classes kept on a server, and pupils of one whose answers are kept (chosen)."""


@dataclass(frozen=True)
class Room:
    """A class.

    Attributes:
        key: whoever has it is the teacher.
        lesson: the one that the class is at.
        seed: whose course of luck it looks at.
        shown: lessons whose runs the teacher has shown.
    """

    key: str
    lesson: str
    seed: int
    shown: tuple[str, ...] = ()


_ROOM, _ANSWERS = TypeAdapter(Room), TypeAdapter(dict[str, str])


def begin(lesson: str, seed: int) -> tuple[str, Room]:
    """A new class: its code, and itself.

    Raises:
        RunError: there are too many already.
        OSError: it cannot be kept.
    """
    place = _folder()
    place.mkdir(parents=True, exist_ok=True)
    if sum(1 for _ in place.iterdir()) >= MOST_ROOMS:
        raise RunError("{n} classes are kept already: end some of them", n=f"{MOST_ROOMS:,}")
    code, room = secrets.token_hex(4), Room(secrets.token_hex(8), lesson, seed)
    _at(code).mkdir()
    _write(code, room)
    return code, room


def found(code: str) -> Room | None:
    """A class by its code; None if there is none, or no longer."""
    if not CODE.fullmatch(code):
        return None
    try:
        return _ROOM.validate_json(_at(code, "room.json").read_bytes())
    except (OSError, ValueError):
        return None


def teaches(room: Room, key: str) -> bool:
    """Whether somebody with this key is its teacher."""
    return compare_digest(room.key.encode(), key.encode())


def go_to(code: str, lesson: str, seed: int) -> None:
    """The class goes on to a lesson.

    Raises:
        OSError: it cannot be kept.
    """
    room = found(code)
    if room is not None and (room.lesson, room.seed) != (lesson, seed):
        _write(code, replace(room, lesson=lesson, seed=seed))


def show(code: str, lesson: str) -> None:
    """Shows the runs of a lesson to the class.

    Raises:
        OSError: it cannot be kept.
    """
    room = found(code)
    if room is not None and lesson not in room.shown:
        _write(code, replace(room, shown=(*room.shown, lesson)))


def say(code: str, lesson: str, stage: Stage, pupil: str, answer: str) -> None:
    """Keeps what a pupil says, in place of what it said before; nothing where the class has ended.

    Raises:
        RunError: there are too many pupils.
        OSError: it cannot be kept.
    """
    place = _at(code, _name(lesson, stage, pupil))
    if found(code) is None or not PUPIL.fullmatch(pupil):
        return
    if not place.exists() and sum(1 for _ in _said(code, lesson, stage)) >= MOST_PUPILS:
        raise RunError("a class has at most {n} pupils", n=MOST_PUPILS)
    storage.write_text(place, json.dumps({"answer": answer}))


def said(code: str, lesson: str, stage: Stage, pupil: str) -> str | None:
    """What a pupil said; None where it said nothing yet."""
    if not PUPIL.fullmatch(pupil):
        return None
    return _read(_at(code, _name(lesson, stage, pupil)))


def counts(code: str, lesson: str, stage: Stage) -> Mapping[str, int]:
    """How many pupils said what."""
    return Counter(answer for file in _said(code, lesson, stage) if (answer := _read(file)) is not None)


def end(code: str) -> None:
    """Ends a class: everything that was said is deleted.

    Raises:
        OSError: it cannot be deleted.
    """
    if found(code) is not None:
        shutil.rmtree(_at(code))


def _said(code: str, lesson: str, stage: Stage) -> list[Path]:
    return list(_at(code).glob(_name(lesson, stage, "*")))


def _read(file: Path) -> str | None:
    try:
        return _ANSWERS.validate_json(file.read_bytes())["answer"]
    except (OSError, ValueError, KeyError):
        return None


def _name(lesson: str, stage: Stage, pupil: str) -> str:
    return f"{lesson}.{stage}.{pupil}.json"


def _write(code: str, room: Room) -> None:
    storage.write_json(_at(code, "room.json"), asdict(room))


def _folder() -> Path:
    return storage.data_base() / "classes"


def _at(code: str, name: str = "") -> Path:
    return _folder() / code / name
