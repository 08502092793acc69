"""A person's state towards the brand as one 64-bit word, so that an impression reads and writes it at once.

Takes records of people; gives the same memory as words, and the fields of a word. Does not
decide how a state changes: impressions do (hour/impress.py).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, inner
from sim.world.population import PERSON

_PLACES = {name: place for name, (_, place, *_) in (PERSON.fields or {}).items()}
STATE = _PLACES["day"] // 8
"""Word of a person's record that holds day, trust, exposures, stage, the two classes and whether reached."""
TRUST, EXPOSURES, STAGE, COMPLETION, ENGAGEMENT, REACHED = (
    np.uint64(8 * (_PLACES[name] - _PLACES["day"]))
    for name in ("trust", "exposures", "stage", "completion_class", "engagement_class", "reached")
)
"""Lowest bits of the fields of a state above the day, on processors that store the lowest byte first."""
_BYTE, _DAY = np.uint64(0xFF), np.uint64(0xFFFF)
_KEPT = _BYTE << COMPLETION | _BYTE << ENGAGEMENT


def words_of(users: NDArray[Any]) -> NDArray[np.uint64]:
    """(U, 4) the records of people (U,) as 64-bit words, not copied."""
    return users.view(np.uint64).reshape(users.size, PERSON.itemsize // 8)


@inner
def day_of(state: Word) -> Whole:
    """Day of the last touch."""
    return np.int64(state & _DAY)


@inner
def trust_of(state: Word) -> Whole:
    """Trust as of that day [0..255]."""
    return np.int64((state >> TRUST) & _BYTE)


@inner
def exposures_of(state: Word) -> Whole:
    """Brand exposures on that day [0..15]."""
    return np.int64((state >> EXPOSURES) & _BYTE)


@inner
def stage_of(state: Word) -> Whole:
    """Stage towards the brand [0..4]."""
    return np.int64((state >> STAGE) & _BYTE)


@inner
def completion_class_of(state: Word) -> Whole:
    """Propensity to finish videos [0..7]."""
    return np.int64((state >> COMPLETION) & _BYTE)


@inner
def engagement_class_of(state: Word) -> Whole:
    """Propensity to engage [0..15]."""
    return np.int64((state >> ENGAGEMENT) & _BYTE)


@inner
def reached_of(state: Word) -> Whole:
    """1 once any impression was had."""
    return np.int64(state >> REACHED)


@inner
def touched(state: Word, day: Whole, trust: Whole, exposures: Whole, stage: Whole) -> Word:
    """The state of somebody who was just reached; the classes stay."""
    return (
        (state & _KEPT)
        | np.uint64(day)
        | (np.uint64(trust) << TRUST)
        | (np.uint64(exposures) << EXPOSURES)
        | (np.uint64(stage) << STAGE)
        | (np.uint64(1) << REACHED)
    )
