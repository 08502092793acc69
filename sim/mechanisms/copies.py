"""The same content on several accounts (P6): a copy of what came out before starts lower.

Takes the hour's videos and the addresses of their contents (material and number, `Posts.contents`); gives a
factor on the first exposure, by how often the same content came out within the window, on whichever account:
to move copies to one account does not hide them. Other content of the same account is never a copy; what
creators make of one brief is alike in part (world/alike.py).
"""

from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing, at_opening
from sim.rules.copies import copied
from sim.world.alike import Alike


class Copies(Mechanism):
    """Remembers when each content came out."""

    rows = "P6"

    def __init__(self, run: Run) -> None:
        terms = run.scenario.platform
        self._factor = terms.same_content_factor
        self.at_work = self._factor != 1.0
        self._alike = Alike(terms.same_content_window_h, run.scenario.seeding.brief_similarity)

    def standing(self, run: Run) -> Standing | None:
        """Factors on the videos of this hour, which are its posts in order."""
        if not run.opening.size:
            return None
        before = self._alike.before(
            run.hour, run.posts.contents[run.due].tolist(),
            run.accounts.seeded[run.opening["planner"]].tolist(),
        )  # fmt: skip
        return at_opening([copied(n, self._factor) for n in before], run.videos.size)
