"""Follows that are taken back: who leaves, and when.

Takes each follow where it happens; gives verdicts when its time has come. All of it lies with the people, so
it is a local part and nothing at the barrier.
"""

from collections.abc import Mapping

import numpy as np

from sim.compiled import Whole
from sim.hour.events import FOLLOWED, Heard, drawn
from sim.hour.people import Answer, Local, People
from sim.hour.run import Mechanism
from sim.hour.verdicts import LEAVE, verdicts
from sim.rules.draws import UNFOLLOW, threshold
from sim.rules.links import unfollow_delay
from sim.scenario.schema import Scenario

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)


class Leaving(Local):
    """Whose follows end when."""

    hears = (FOLLOWED,)

    def __init__(self, scenario: Scenario) -> None:
        self._share = np.uint64(threshold(scenario.links.unfollow_probability))
        self._hours = scenario.links.unfollow_after_h
        self._ends = np.zeros(0, np.int64)
        """(n,) hour at whose end each of the follows ends …"""
        self._follows = np.zeros((2, 0), np.int64)
        """… and its person and account."""

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """Draws which of the hour's follows will end; ends those whose time has come."""
        new = heard[FOLLOWED]
        if new.key.size:
            words = drawn(new.key, UNFOLLOW)
            leaving = (words & _LOW) < self._share
            ends = hour + unfollow_delay(words[leaving] >> _HIGH, self._hours)
            follows = np.stack([new.person[leaving], new.what[leaving]])
            self._ends = np.concatenate([self._ends, ends])
            self._follows = np.concatenate([self._follows, follows], axis=1)
        over = self._ends == hour
        if not over.any():
            return Answer()
        rows = verdicts(LEAVE, *self._follows[:, over])
        self._ends, self._follows = self._ends[~over], self._follows[:, ~over]
        return Answer(rows)


class Unfollows(Mechanism):
    """A follow may be taken back hours or days later."""

    @classmethod
    def local(cls, scenario: Scenario) -> Local:
        """Leaving."""
        return Leaving(scenario)
