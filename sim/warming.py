"""What this process compiles ahead: by a small world all kernels but those of the people's responses.

In it nobody responds, follows or shares: those are made elsewhere (warming_respond.py). Decides nothing:
warm.py does.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.events import nothing_yet
from sim.hour.people import Happened, Letter, LocalResponder
from sim.hour.plan import advance
from sim.hour.run import Run, build_world, start_run
from sim.interrupts import deferred
from sim.mechanisms import begun, locally
from sim.scenario.schema import Scenario
from sim.world.board import Tally, new_tally


class _Nobody(LocalResponder):
    """A responder to whom nothing happens."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.board, run.accounts, locally(run.scenario, run.accounts))
        self._tally = new_tally(run.board, len(run.accounts.edges), len(run.accounts.origins))

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        self.make_ready(letter, hour, today)
        self.cells.lay(letter.offers, letter.named)
        events, shown = nothing_yet()
        return self.conclude(letter, Happened(events.rows[:0], shown.sightings[:0]), hour)

    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.zeros_like(people)

    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        pass

    def unfollow(self, accounts: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.zeros(people.size, np.bool_)

    def tallies(self) -> list[Tally]:
        return [self._tally]

    def count_in(self, tallies: list[Tally]) -> None:
        (self._tally,) = tallies

    def reach_by_account(self) -> NDArray[np.int64]:
        return np.zeros(self._tally.accounts.shape[0], np.int64)


def small_world() -> None:
    """Compiles all other kernels."""
    accounts = [{"id": "main", "role": "main", "fans": 10, "posts_per_day": 24}]
    plan = {"name": "warm", "accounts": accounts, "audience": {"users": 1000}, "run": {"hours": 3}}
    scenario = Scenario.from_dict(plan)
    run = start_run(scenario, 1, build_world(scenario, 1))
    run.responder, run.mechanisms = _Nobody(run), begun(run)
    for _ in range(3):
        with deferred():
            advance(run)
