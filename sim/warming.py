"""What this process compiles ahead: by a small world all kernels but that of the people's responses.

In it nobody responds: that kernel is made elsewhere (warming_respond.py). Decides nothing: warm.py does.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.events import FOLLOWED, SHARED
from sim.hour.people import Happened, Letter, LocalResponder
from sim.hour.plan import advance
from sim.hour.run import Run, start_run
from sim.interrupts import deferred
from sim.language.vocabulary import COUNTS
from sim.mechanisms import begun, locally
from sim.platform.hits import respond_in_kind
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario
from sim.world.board import Tally, new_tally


class _Nobody(LocalResponder):
    """A responder to whom nothing happens, but that one video is shared and one account followed."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.board, run.accounts, locally(run.scenario, run.accounts))
        self._tally = new_tally(run.board, len(run.accounts.edges), len(run.accounts.origins))

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        self.make_ready(letter, hour, today)
        self.cells.lay(letter.offers, letter.named)
        told = np.array([[SHARED, 0, 0], [FOLLOWED, 0, 0]], np.uint64)
        return self.conclude(letter, Happened(told, np.zeros(0, np.uint64)), hour)

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
    run = start_run(Scenario.from_dict(plan), 1)
    run.responder, run.mechanisms = _Nobody(run), begun(run)
    for _ in range(3):
        with deferred():
            advance(run)
    numbers = np.zeros(1, np.int64)
    respond_in_kind(
        np.zeros((1, len(COUNTS)), np.int64), np.zeros((1, SCORED)), numbers, numbers, run.posts.keys[0], 0
    )
