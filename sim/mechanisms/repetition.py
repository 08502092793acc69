"""Two kinds of people towards repetition: some are put off by a brand that they meet again and again.

Takes the scenario; gives what is left of the responses of those, by exposures today. The others tire as they
do without it, and a first exposure is the same to all. Who is of which kind is drawn before the first hour
(world/population.py) and stands in the person's record.
"""

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism
from sim.rules.repetition import FATIGUE_LEVELS, put_off_left
from sim.scenario.schema import Scenario


class Repetition(Mechanism):
    """A table, filled before the first hour."""

    rows = "P2"

    @classmethod
    def layers(cls, scenario: Scenario) -> NDArray[np.float64] | None:
        """What is left to those who are put off, over what is left to others."""
        audience = scenario.audience
        if audience.put_off_share == 0:
            return None
        loss, usual = audience.put_off_per_exposure, audience.fatigue_per_exposure
        put_off = [put_off_left(n, loss, usual) for n in range(FATIGUE_LEVELS)]
        return np.array([[1.0] * FATIGUE_LEVELS, put_off])
