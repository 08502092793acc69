"""How many posts like a new one are out already (P6): copies count whole, posts of one brief in part.

Takes the hour's posts; gives a number each, over a window. Posts of booked creators are of one brief: a
thousand amateurs with the same brief are one group. Does not know what the platform makes of it.
"""

from collections import defaultdict
from collections.abc import Sequence

from sim.rules.copies import alike
from sim.rules.crowding import place

_BRIEF = -1
"""The group of the brief; contents are addresses, which are never below 0."""


class Alike:
    """Remembers when each content, and each post of the brief, came out.

    Args:
        window_h: hours for which they are remembered.
        similarity: how alike two posts of one brief are [0..1].
    """

    def __init__(self, window_h: int, similarity: float) -> None:
        self._window, self._similarity = window_h, similarity
        self._out: defaultdict[int, list[int]] = defaultdict(list)
        """Hours of publication, by content."""

    def before(self, hour: int, contents: Sequence[int], briefed: Sequence[bool]) -> list[float]:
        """Of each post of an hour (n,), in order, how many like it came out before.

        Args:
            hour: of the run.
            contents: what is in them.
            briefed: whether a booked creator made it.
        """
        return [self._one(hour, *post) for post in zip(contents, briefed, strict=True)]

    def _one(self, hour: int, content: int, briefed: bool) -> float:
        copies = place(self._out[content], hour, self._window) - 1
        if not briefed or not self._similarity:
            return float(copies)
        group = place(self._out[_BRIEF], hour, self._window) - 1
        return alike(copies, group, self._similarity)
