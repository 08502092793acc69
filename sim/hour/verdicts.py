"""Verdicts: what is decided about people away from an impression, and is written to them between hours.

Takes whom, what and how much; gives rows. They come from the barrier (an order taken back, a deal) or from
a mechanism's own part where the people are (a follow that ends). Whoever has the people carries them out
(hour/local.py), the same in both engines. Decides nothing itself.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import record
from sim.rules.brand import STAGES

SET, ADD, LEAVE = range(3)
"""Kinds, in the order in which those of one hour are carried out: a field of the person is set; something is
added to it, ending at its limits; the follow of an account ends."""
VERDICT = record(
    [
        ("kind", "i8"),
        ("person", "i8"),
        ("what", "i8"),  # SET, ADD: place in FIELDS; LEAVE: account
        ("value", "i8"),  # SET: the field from now on; ADD: what is added
    ]
)
"""One verdict."""
NO_VERDICTS = np.zeros(0, VERDICT)
LIMITS = {"stage": (0, len(STAGES) - 1), "trust": (0, 2**8 - 1), "orders": (0, 2**16 - 1)}
"""Lowest and highest value of the fields of a person that a verdict may change."""
FIELDS = tuple(LIMITS)


def verdicts(kind: int, person: ArrayLike, what: ArrayLike, value: ArrayLike = 0) -> NDArray[Any]:
    """Verdicts (n,) VERDICT of one kind, one a person (n,); the others single or (n,)."""
    people = np.asarray(person, np.int64)
    rows = np.zeros(people.size, VERDICT)
    rows["kind"], rows["person"], rows["what"], rows["value"] = kind, people, what, value
    return rows
