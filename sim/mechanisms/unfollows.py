"""Follows that are taken back: who leaves, and when.

Takes each follow where it happens; gives verdicts when its time has come. All of it lies with the people, so
it is a local part and nothing at the barrier.
"""

from collections.abc import Mapping

import numpy as np

from sim.compiled import Whole
from sim.hour.events import FOLLOWED, Heard, drawn
from sim.hour.local_part import Answer, Local, People
from sim.hour.run import Mechanism
from sim.hour.verdicts import LEAVE, verdicts
from sim.rules.draws import UNFOLLOW, threshold
from sim.rules.links import unfollow_delay
from sim.scenario.schema import Scenario

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)
_END, _PERSON = range(2)
_NOBODY_LEAVES = Answer()


class Leaving(Local):
    """Whose follows end when."""

    hears = (FOLLOWED,)

    def __init__(self, scenario: Scenario) -> None:
        self._share = np.uint64(threshold(scenario.links.unfollow_probability))
        self._hours = scenario.links.unfollow_after_h
        self._follows = np.zeros((3, 0), np.int64)
        """(3, n) hour at whose end each ends, its person and its account."""

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """Draws which of the hour's follows will end; ends those whose time has come."""
        new = heard[FOLLOWED]
        if new.key.size:
            words = drawn(new.key, UNFOLLOW)
            (leaving,) = ((words & _LOW) < self._share).nonzero()
            if leaving.size:
                ends = hour + unfollow_delay(words[leaving] >> _HIGH, self._hours)
                more = np.array([ends, new.person[leaving], new.what[leaving]])
                self._follows = np.concatenate([self._follows, more], axis=1)
        over = self._follows[_END] == hour
        if not over.any():
            return _NOBODY_LEAVES
        rows = verdicts(LEAVE, *self._follows[_PERSON:, over])
        self._follows = self._follows[:, ~over]
        return Answer(rows)


class Unfollows(Mechanism):
    """A follow may be taken back hours or days later."""

    @classmethod
    def local(cls, scenario: Scenario) -> Local:
        """Leaving."""
        return Leaving(scenario)
