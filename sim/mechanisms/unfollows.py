"""Follows that are taken back: who leaves, and when.

Takes each follow where it happens; gives verdicts when its time has come. All of it lies with the people, so
it is a local part and nothing at the barrier.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled, inner
from sim.hour.events import FOLLOWED, Heard
from sim.hour.local_part import Answer, Local, People
from sim.hour.run import Mechanism
from sim.hour.verdicts import LEAVE, verdicts
from sim.rules.addresses import UNFOLLOW
from sim.rules.draws import child, high32, low32, threshold
from sim.rules.links import unfollow_delay
from sim.scenario.matrix import Links
from sim.scenario.schema import Scenario

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)
_NOBODY_LEAVES = Answer()
NEVER = np.iinfo(np.int64).max


class Ends:
    """When follows end by themselves, which their addresses tell."""

    def __init__(self, links: Links) -> None:
        self._share = np.uint64(threshold(links.unfollow_probability))
        self._hours = links.unfollow_after_h

    def of(self, keys: NDArray[np.uint64], hour: int) -> NDArray[np.int64]:
        """(n,) hour at whose end follows of this hour, by address (n,), end; NEVER for most."""
        return _ends(keys, self._share, self._hours, hour)

    def among(self, new: Heard, hour: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Follows of this hour as account << 32 | person (n,); those of them that end (m,), and when (m,)."""
        return _leaving(*new, self._share, self._hours, hour)


@compiled
def _ends(keys: NDArray[np.uint64], share: Word, mean_hours: Whole, hour: Whole) -> NDArray[np.int64]:
    """As `Ends.of`."""
    ends = np.empty(keys.size, np.int64)
    for k in range(keys.size):
        ends[k] = _end(keys[k], share, mean_hours, hour)
    return ends


@inner
def _end(key: Word, share: Word, mean_hours: Whole, hour: Whole) -> Whole:
    """The hour at whose end one follow ends, or NEVER."""
    word = child(key, UNFOLLOW)
    return hour + unfollow_delay(high32(word), mean_hours) if low32(word) < share else NEVER


@compiled
def _leaving(
    accounts: NDArray[np.int64],
    people: NDArray[np.int64],
    keys: NDArray[np.uint64],
    share: Word,
    mean_hours: Whole,
    hour: Whole,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """As `Ends.among`."""
    pairs, leaving, ends = np.empty_like(people), np.empty_like(people), np.empty_like(people)
    count = 0
    for k in range(keys.size):
        pairs[k] = accounts[k] << np.int64(_HIGH) | people[k]
        end = _end(keys[k], share, mean_hours, hour)
        if end != NEVER:
            leaving[count], ends[count] = pairs[k], end
            count += 1
    return pairs, leaving[:count], ends[:count]


class Leaving(Local):
    """Whose follows end when."""

    hears = (FOLLOWED,)

    def __init__(self, scenario: Scenario) -> None:
        self._draws = Ends(scenario.links)
        self._ends: dict[int, int] = {}
        """account << 32 | person → hour at whose end the follow ends"""
        self._due: dict[int, list[int]] = {}
        """hour → those that were to end at its end; of some another end holds by now, or none"""

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """Draws which of the hour's follows will end; ends those whose time has come."""
        new = heard[FOLLOWED]
        if new.key.size:
            self._take_in(new, hour)
        over = [pair for pair in dict.fromkeys(self._due.pop(hour, ())) if self._ends.get(pair) == hour]
        if not over:
            return _NOBODY_LEAVES
        for pair in over:
            del self._ends[pair]
        pairs = np.array(over)
        return Answer(verdicts(LEAVE, pairs & np.int64(_LOW), pairs >> np.int64(_HIGH)))

    def _take_in(self, new: Heard, hour: int) -> None:
        """Of somebody who follows anew, an earlier follow was ended otherwise: its own end is void."""
        pairs, leaving, ends = self._draws.among(new, hour)
        if self._ends:
            for pair in pairs.tolist():
                self._ends.pop(pair, None)
        for pair, end in zip(leaving.tolist(), ends.tolist(), strict=True):
            self._ends[pair] = end
            self._due.setdefault(end, []).append(pair)


class Unfollows(Mechanism):
    """A follow may be taken back hours or days later."""

    @classmethod
    def local(cls, scenario: Scenario) -> Local:
        """Leaving."""
        return Leaving(scenario)
