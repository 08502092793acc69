"""What few people have: a table with a row for each of them, beside the record that everybody has.

Takes people and what they get; gives their rows. Rows stand by person, so that machine code finds
one by halving, and the table of any process is that of its own people. It grows between hours
only: while people respond, it is read, and of a row that is there the values may change.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled


class Few:
    """Rows of some people.

    Args:
        kind: of a row, as `sim.compiled.record` makes it.

    Attributes:
        people: (n,) numbers of those who have a row, ascending.
        rows: (n,) their rows.
    """

    def __init__(self, kind: np.dtype[Any]) -> None:
        self.people, self.rows = np.zeros(0, np.int64), np.zeros(0, kind)

    def places(self, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) rows of some people, −1 for those who have none."""
        found = np.searchsorted(self.people, people)
        there = np.append(self.people, -1)[found] == people
        return np.where(there, found, -1)

    def enter(self, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) rows of some people; whoever has none yet gets one, at zero."""
        new = np.setdiff1d(people, self.people)
        if new.size:
            whole = np.zeros(self.people.size + new.size, self.rows.dtype)
            everybody = np.union1d(self.people, new)
            whole[np.searchsorted(everybody, self.people)] = self.rows
            self.people, self.rows = everybody, whole
        return self.places(people)

    def leave(self, people: NDArray[np.int64]) -> None:
        """Takes the rows of some people away."""
        stay = ~among(self.people, people)
        self.people, self.rows = self.people[stay], self.rows[stay]


def among(values: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) which of some values (n,) are among others (m,), both in any order.

    As `numpy.isin`, which sorts both together and asks more: of the few of an hour that costs most.
    """
    if not others.size:
        return np.zeros(values.size, np.bool_)
    found = np.sort(others)
    there: NDArray[np.bool_] = found.take(found.searchsorted(values), mode="clip") == values
    return there


@compiled
def place_of(people: NDArray[np.int64], person: Whole) -> Whole:
    """The row of a person among those who have one (n,), ascending; −1 for somebody who has none."""
    low, high = np.int64(0), np.int64(people.size)
    while low < high:
        middle = (low + high) // 2
        if people[middle] < person:
            low = middle + 1
        else:
            high = middle
    return low if low < people.size and people[low] == person else np.int64(-1)
