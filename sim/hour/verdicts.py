"""Verdicts: what is decided about people away from an impression, and is written to them between hours.

Takes whom, what and how much; gives rows. They come from the barrier (an order taken back, a deal) or from
a mechanism's own part where the people are (a follow that ends). Whoever has the people carries them out
(hour/local.py), the same in both engines. Decides nothing itself.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import record

SET, ADD, LEAVE, MARK, CLEAR = range(5)
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
