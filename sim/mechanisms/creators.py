"""Pull of booked creators beyond what was expected (K7): luck of the launch, on the post's first exposure.

Takes the hour's videos; gives a factor on their first exposure. Who posts at all is in the plan
(sim/world/posts.py), what creators cost in production.py.
"""

from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing, at_opening
from sim.world.reliability import pull_beyond


class CreatorLuck(Mechanism):
    """Draws each booked creator's luck once a run."""

    rows = "K7"

    def __init__(self, run: Run) -> None:
        self._pull = pull_beyond(run.scenario, run.accounts, run.seed)
        self.at_work = bool((self._pull != 1).any())

    def standing(self, run: Run) -> Standing | None:
        """Factors on the videos of this hour."""
        if not (new := run.opening).size:
            return None
        return at_opening(self._pull[new["planner"]], run.videos.size)
