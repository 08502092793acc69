"""What a mechanism does where people are: its local part, and what that part may ask of the people.

A mechanism has two halves. The global one (hour/run.py) sits at the barrier and deals in rows and counters.
The local one is made wherever some shards' people are: one process, each worker of a cluster. It hears the
events of its people, decides about them, and sends rows up. It sees no other shard and keeps what it knows
by person, so that it makes no difference how many of it there are.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.events import NO_EVENTS, Heard
from sim.hour.verdicts import NO_VERDICTS
from sim.world.planes import Planes


class People(Protocol):
    """The people of some shards, whichever engine they live in."""

    planes: dict[str, range]
    """Numbers of the planes by name."""

    def numbers(self) -> NDArray[np.int64]:
        """(n,) everybody here."""

    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """A field of the record of some people (n,), as it is now."""


class Answer(NamedTuple):
    """What a local part makes of an hour."""

    verdicts: NDArray[Any] = NO_VERDICTS
    """(n,) VERDICT about people of these shards, carried out at once."""
    events: NDArray[Any] = NO_EVENTS
    """(n,) EVENT of the mechanism's own kinds, for the barrier."""


class Local:
    """The local part of a mechanism."""

    hears: ClassVar[tuple[Whole, ...]] = ()
    """Kinds of events that it is handed."""

    def begin(self, people: People) -> Answer:
        """Before the first hour; only its verdicts count, such as bits of those of some age or city."""
        return Answer()

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """After the people of these shards have responded.

        Args:
            people: of these shards.
            heard: kind → events of this hour.
            hour: of the run, from 0.
        """
        return Answer()


class Locals(NamedTuple):
    """Of all mechanisms, what a place with people needs."""

    parts: tuple[Local, ...] = ()
    hears: frozenset[Whole] = frozenset()
    """Kinds of events that cross the barrier, because a mechanism hears them there."""
    planes: tuple[Planes, ...] = ()
    """That mechanisms have."""
    layers: tuple[NDArray[np.float64], ...] = ()
    """What they make of people's responses by layer (`Mechanism.layers`)."""
