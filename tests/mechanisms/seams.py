"""Small mechanisms, one a seam: each uses one hook, so that test_seams.py can say what the hook owes.

Those that are no mechanism of the model live here and nowhere else. Each has a twin that asks for nothing.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.offers import QUOTA, offers
from sim.hour.run import Mechanism, Run
from sim.rules.draws import ONE_16
from sim.world.aims import by_topic
from sim.world.board import BY_MENTION, OTHER

FROM = 6
"""Hour from which they are at work."""


def due(run: Run, after_h: int = 2) -> NDArray[np.int64]:
    """Videos that came out so many hours ago."""
    return (
        np.flatnonzero(run.videos.rows["hour"] == run.hour - after_h)
        if run.hour >= FROM
        else np.zeros(0, int)
    )


class Shown(Mechanism):
    """Shows every video to further people two hours after it came out, as its planner is aimed."""

    quota = 400

    def aim(self, run: Run, videos: NDArray[np.int64]) -> Any:
        return run.videos.rows["planner"][videos]

    def offer(self, run: Run) -> NDArray[Any]:
        videos = due(run)
        return offers(videos, QUOTA, BY_MENTION, OTHER, quota=self.quota, whose=self.aim(run, videos))


class Aimed(Shown):
    """The same, aimed at people of the first topic."""

    def __init__(self, run: Run) -> None:
        topics = len(run.scenario.audience.topics)
        self.number = run.aims.add(by_topic([1.0] + [0.0] * (topics - 1)))

    def aim(self, run: Run, videos: NDArray[np.int64]) -> Any:
        return self.number


class AimedLate(Shown):
    """The same, but the aim is made while the run goes on."""

    def aim(self, run: Run, videos: NDArray[np.int64]) -> Any:
        topics = len(run.scenario.audience.topics)
        return run.aims.add(by_topic([1.0] + [0.0] * (topics - 1)))


class AimedAlike(Shown):
    """Adds aims and uses none of them."""

    def __init__(self, run: Run) -> None:
        run.aims.add([1.0] * (run.board.starts.shape[1] - 1))


class Lifted(Mechanism):
    """For a day, every video is finished a quarter less often and shared twice as often."""

    finish, share = 0.75, 2.0

    def lift(self, run: Run) -> NDArray[np.uint64] | None:
        if not FROM <= run.hour < FROM + 24:
            return None
        factors = np.full((run.videos.size, 6), ONE_16, np.uint64)
        factors[:, 0] = round(self.finish * ONE_16)
        factors[:, 3] = round(self.share * ONE_16)
        return factors


class LiftedHalf(Lifted):
    """Two of them make one."""

    finish, share = 0.75**0.5, 2.0**0.5


class LiftedByOne(Lifted):
    """Factors of one."""

    finish = share = 1.0
