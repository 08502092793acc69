"""What people are told before they respond: one letter an hour, the same to all who have people.

The barrier fills it; whoever has people (hour/people.py) acts on it in the order of its fields. All are
rows of whole numbers, so that a letter can travel (sweeps/split.py). Does not decide anything.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import record
from sim.hour.verdicts import VERDICT
from sim.world.aims import AIM
from sim.world.doors import DOOR
from sim.world.exits import EXIT
from sim.world.offers import OFFER

LIFTED = record(
    [
        ("video", "i8"),
        ("appeal", "u8", (6,)),  # thresholds by action from now on, as in VIDEO
    ]
)
"""What a video's responses are lifted to."""
NOTHING_LIFTED = np.zeros(0, LIFTED)


class Told(NamedTuple):
    """What is new this hour, and what is to be shown."""

    aims: NDArray[Any]
    """(n,) AIM added since the last hour."""
    doors: NDArray[Any]
    """(n,) DOOR of all pages, if any is new since the last hour."""
    exits: NDArray[Any]
    """(n,) EXIT of all videos that have any this hour, by video."""
    lifted: NDArray[Any]
    """(n,) LIFTED whose thresholds are others than in the last hour."""
    verdicts: NDArray[Any]
    """(n,) VERDICT of the barrier, about whomever."""
    offers: NDArray[Any]
    """(O,) OFFER, by video and kind."""
    named: NDArray[np.uint64]
    """Whom their lists name: row of the offers << 32 | user, sorted."""


KINDS = (AIM, DOOR, EXIT, LIFTED, VERDICT, OFFER, np.dtype(np.uint64))
"""Types of the fields."""
