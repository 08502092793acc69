"""What people are told before they respond: one letter an hour, the same to all who have people.

The barrier fills it; whoever has people (hour/local.py) acts on it in the order of its fields. All of them are
rows of whole numbers, so that a letter can travel (sweeps/split.py), and a field with no rows costs
nothing. Does not decide anything.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.hour.offers import OFFER
from sim.world.aims import AIM


class Told(NamedTuple):
    """What is new this hour, and what is to be shown."""

    aims: NDArray[Any]
    """(n,) AIM added since the last hour."""
    offers: NDArray[Any]
    """(O,) OFFER, by video and kind."""
    named: NDArray[np.uint64]
    """Whom their lists name: row of the offers << 32 | user, sorted."""


KINDS = (AIM, OFFER, np.dtype(np.uint64))
"""Types of the fields."""
