"""A person's state towards the brand as one 64-bit word, so that an impression reads and writes it at once.

Takes records of people; gives the same memory as words, and what impressions read and write of a
state. Which field lies where is declared in fields.py; how a state changes, impressions decide
(engines/columns/impress.py).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, inner
from sim.rules.repetition import KINDS, LAYERS
from sim.world.fields import PERSON, WIDTH
from sim.world.fields import STATE as BITS

STATE = dict(PERSON.fields or {})["state"][1] // 8
"""Word of a person's record that holds the state."""
TRUST, EXPOSURES, STAGE, REACHED = (
    np.uint64(BITS.place(name)) for name in ("trust", "exposures", "stage", "reached")
)
_ROW, _ROWS = np.uint64(BITS.place("put_off")), np.uint64(LAYERS * KINDS - 1)
_KEPT = np.uint64(((1 << WIDTH) - 1) ^ BITS.mask("day", "trust", "exposures", "stage", "reached"))

day_of = BITS.getter("day")
trust_of = BITS.getter("trust")
exposures_of = BITS.getter("exposures")
stage_of = BITS.getter("stage")
completion_class_of = BITS.getter("completion_class")
engagement_class_of = BITS.getter("engagement_class")
reached_of = BITS.getter("reached")


@inner
def row_of(state: Word) -> Whole:
    """`row_of_table` of a person's layer and kind, which lie side by side."""
    return np.int64((state >> _ROW) & _ROWS)


def words_of(users: NDArray[Any]) -> NDArray[np.uint64]:
    """(U, 4) the records of people (U,) as 64-bit words, not copied."""
    return users.view(np.uint64).reshape(users.size, PERSON.itemsize // 8)


@inner
def touched(state: Word, day: Whole, trust: Whole, exposures: Whole, stage: Whole) -> Word:
    """The state of somebody who was just reached; all else in it stays, whoever has claimed it."""
    return (
        (state & _KEPT)
        | np.uint64(day)
        | (np.uint64(trust) << TRUST)
        | (np.uint64(exposures) << EXPOSURES)
        | (np.uint64(stage) << STAGE)
        | (np.uint64(1) << REACHED)
    )
