"""Follows that are taken back: who leaves, and when.

Takes each follow where it happens; gives verdicts when its time has come. All of it lies with the people, so
it is a local part and nothing at the barrier.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.events import FOLLOWED, Heard, drawn
from sim.hour.people import Answer, Local, People
from sim.hour.run import Mechanism
from sim.hour.verdicts import LEAVE, NO_VERDICTS, verdicts
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
        self._ends: dict[int, list[NDArray[Any]]] = defaultdict(list)
        """hour → VERDICT of follows that end then."""

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """Draws which of the hour's follows will end; ends those whose time has come."""
        follows = heard[FOLLOWED]
        words = drawn(follows.key, UNFOLLOW)
        leaving = np.flatnonzero((words & _LOW) < self._share)
        if leaving.size:
            ends = hour + unfollow_delay(words[leaving] >> _HIGH, self._hours)
            rows = verdicts(LEAVE, follows.person[leaving], follows.what[leaving])
            for end in np.unique(ends).tolist():
                self._ends[end].append(rows[ends == end])
        return Answer(np.concatenate([NO_VERDICTS, *self._ends.pop(hour, ())]))


class Unfollows(Mechanism):
    """A follow may be taken back hours or days later."""

    @classmethod
    def local(cls, scenario: Scenario) -> Local:
        """Leaving."""
        return Leaving(scenario)
