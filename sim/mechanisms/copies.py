"""The same content on several accounts (P6): a copy of what came out before starts lower.

Takes the hour's videos and the addresses of their contents (material and number, `Posts.contents`); gives a
factor on the first exposure, by how often the same content came out within the window, on whichever account:
to move copies to one account does not hide them. Other content of the same account is never a copy.
"""

from collections import defaultdict

from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing, at_opening
from sim.rules.copies import copied
from sim.rules.crowding import place


class Copies(Mechanism):
    """Remembers when each content came out."""

    rows = "P6"

    def __init__(self, run: Run) -> None:
        terms = run.scenario.platform
        self._factor, self._window = terms.same_content_factor, terms.same_content_window_h
        self.at_work = self._factor != 1.0
        self._out: defaultdict[int, list[int]] = defaultdict(list)
        """Hours of publication, by content."""

    def standing(self, run: Run) -> Standing | None:
        """Factors on the videos of this hour, which are its posts in order."""
        if not run.opening.size:
            return None
        contents = run.posts.contents[run.due].tolist()
        factors = []
        for content in contents:
            before = place(self._out[content], run.hour, self._window) - 1
            factors.append(copied(before, self._factor))
        return at_opening(factors, run.videos.size)
