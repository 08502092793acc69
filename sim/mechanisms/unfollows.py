"""Follows that are taken back: who leaves, and when.

Takes each follow where it happens; gives verdicts when its time has come. All of it lies with the people, so
it is a local part and nothing at the barrier.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.events import FOLLOWED, Heard, drawn
from sim.hour.local_part import Answer, Local, People
from sim.hour.run import Mechanism
from sim.hour.verdicts import LEAVE, verdicts
from sim.rules.draws import UNFOLLOW, threshold
from sim.rules.links import unfollow_delay
from sim.scenario.matrix import Links
from sim.scenario.schema import Scenario
from sim.world.few import among

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)
_END, _PAIR = range(2)
_NOBODY_LEAVES = Answer()
NEVER = np.iinfo(np.int64).max


class Ends:
    """When follows end by themselves, which their addresses tell."""

    def __init__(self, links: Links) -> None:
        self._share = np.uint64(threshold(links.unfollow_probability))
        self._hours = links.unfollow_after_h

    def of(self, keys: NDArray[np.uint64], hour: int) -> NDArray[np.int64]:
        """(n,) hour at whose end follows of this hour, by address (n,), end; NEVER for most."""
        words, ends = drawn(keys, UNFOLLOW), np.full(keys.size, NEVER)
        (leave,) = ((words & _LOW) < self._share).nonzero()
        if leave.size:
            ends[leave] = hour + unfollow_delay(words[leave] >> _HIGH, self._hours)
        return ends


class Leaving(Local):
    """Whose follows end when."""

    hears = (FOLLOWED,)

    def __init__(self, scenario: Scenario) -> None:
        self._ends = Ends(scenario.links)
        self._follows = np.zeros((2, 0), np.int64)
        """(2, n) hour at whose end each ends, and account << 32 | person."""

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """Draws which of the hour's follows will end; ends those whose time has come."""
        new = heard[FOLLOWED]
        if new.key.size:
            self._take_in(new, hour)
        over = self._follows[_END] == hour
        if not over.any():
            return _NOBODY_LEAVES
        pairs = self._follows[_PAIR, over]
        self._follows = self._follows[:, ~over]
        return Answer(verdicts(LEAVE, pairs & np.int64(_LOW), pairs >> np.int64(_HIGH)))

    def _take_in(self, new: Heard, hour: int) -> None:
        """Of somebody who follows anew, an earlier follow was ended otherwise: its own end is void."""
        ends, pairs = self._ends.of(new.key, hour), new.what << np.int64(_HIGH) | new.person
        void, leave = among(self._follows[_PAIR], pairs), ends != NEVER
        if void.any() or leave.any():
            more = np.array([ends[leave], pairs[leave]])
            self._follows = np.concatenate([self._follows[:, ~void], more], axis=1)


class Unfollows(Mechanism):
    """A follow may be taken back hours or days later."""

    @classmethod
    def local(cls, scenario: Scenario) -> Local:
        """Leaving."""
        return Leaving(scenario)
