"""What stands beside the tables of one run: who saw two accounts, and how long fans stay.

Takes a simulation by columns before its first hour, and looks at it after each; gives two tables, which no
digest covers.
"""

import numpy as np
import polars as pl

from sim.analysis.cohorts import Cohorts
from sim.hour.tables import both_of
from sim.simulation import Simulation

MOST_BESIDE, DAY_H = 16, 24
"""Accounts on either side, of which it is told who saw two of them (chosen); hours of a day."""


class Beside:
    """Counts along a run.

    Args:
        simulation: before its first hour.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._own = simulation.state.accounts.own
        self._cohorts = Cohorts(simulation.state.board.fans[self._own])

    def take(self) -> None:
        """To be called after each hour: days end at midnight, the last one with the run."""
        run = self._simulation.state
        if not self._simulation.running or (self._simulation.scenario.run.first_hour + run.hour) % DAY_H == 0:
            self._cohorts.take(run.board.fans[self._own])

    def tables(self) -> dict[str, pl.DataFrame]:
        """`overlap` (account, other, reach, other_reach, both) and `retention` (account, came, day, fans)."""
        run = self._simulation.state
        names = [run.accounts.rows[k].id for k in np.flatnonzero(self._own)]
        return {"overlap": both_of(run, MOST_BESIDE), "retention": self._cohorts.table(names)}
