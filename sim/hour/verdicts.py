"""Verdicts: what is decided about people away from an impression, and is written to them between hours.

Takes whom, what and how much; gives rows. They come from the barrier (an order taken back, a deal) or from
a mechanism's own part where the people are (a follow that ends). Whoever has the people carries them out
(hour/people.py), the same in both engines. Decides nothing itself.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import record
from sim.world.fields import FIELDS, FIXED, Field, place_of

SET, ADD, LEAVE, NOTE, CLEAR = range(5)
"""Kinds, in the order in which those of one hour are carried out: a field of the person is set; something is
added to it, ending at its limits; the follow of an account ends; the person's bit on a mechanism's plane is
set, or cleared."""
VERDICT = record(
    [
        ("kind", "i8"),
        ("person", "i8"),
        ("what", "i8"),  # SET, ADD: `fields.place_of` the field; LEAVE: account; else plane
        ("value", "i8"),  # SET: the field from now on; ADD: what is added
    ]
)
"""One verdict."""
NO_VERDICTS = np.zeros(0, VERDICT)


def verdicts(kind: int, person: ArrayLike, what: ArrayLike, value: ArrayLike = 0) -> NDArray[Any]:
    """Verdicts (n,) VERDICT of one kind, one a person (n,); the others single or (n,)."""
    people = np.asarray(person, np.int64)
    rows = np.zeros(people.size, VERDICT)
    rows["kind"], rows["person"], rows["what"], rows["value"] = kind, people, what, value
    return rows


def decidable() -> dict[int, Field]:
    """Fields that a verdict can set or add to, by `place_of`: single numbers that no layout hangs on.

    The day of the last touch is none of them: rules count on its not being one to come.
    """
    names = [name for name, field in FIELDS.items() if field.number == 1 and name not in (*FIXED, "day")]
    return {place_of(name): FIELDS[name] for name in names}


def by_kind(rows: NDArray[Any]) -> list[tuple[int, NDArray[Any]]]:
    """Verdicts (n,) VERDICT of an hour, mostly a handful and of one kind, by kind and in order."""
    kinds = sorted(set(rows["kind"].tolist()))
    if len(kinds) == 1:
        return [(kinds[0], rows)]
    return [(kind, rows[rows["kind"] == kind]) for kind in kinds]


def checked(rows: NDArray[Any], people: int, accounts: int, planes: range) -> NDArray[Any]:
    """Verdicts (n,) VERDICT as they are.

    Args:
        rows: of an hour.
        people: in the whole audience.
        accounts: of the run.
        planes: numbers of the mechanisms' planes.
    Raises:
        ValueError: one cannot be carried out; machine code would write where it must not.
    """
    for kind, own in by_kind(rows):
        what = own["what"]
        if kind in (SET, ADD):
            fields = decidable()
            wrong, why = set(what.tolist()) - set(fields), "no field that a verdict can change; allowed: "
            why += ", ".join(field.name for field in fields.values())
        elif kind in (LEAVE, NOTE, CLEAR):
            allowed = range(accounts) if kind == LEAVE else planes
            wrong = {at for at in (int(what.min()), int(what.max())) if at not in allowed}
            why = "no account" if kind == LEAVE else "no plane of a mechanism"
        else:
            raise ValueError(f"kind of a verdict is {kind}; allowed: 0 to {CLEAR}")
        if wrong:
            raise ValueError(f"what of a verdict is {min(wrong)}: {why}")
    if (outside := rows["person"][(rows["person"] < 0) | (rows["person"] >= people)]).size:
        raise ValueError(f"person of a verdict is {outside[0]}; allowed: 0 to {people - 1}")
    return rows
