"""What is compiled ahead: the kernel of the people's responses, and by a small world all others.

In the small world nobody responds. Run as a module it compiles the responses. Decides nothing: warm.py does.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.columns.respond import respond, room
from sim.hour.cells import CELL, Cells
from sim.hour.events import SHARED, nothing_yet
from sim.hour.people import Happened, Letter, LocalResponder
from sim.hour.plan import advance
from sim.hour.run import Run, start_run
from sim.hour.sightings import BLOCK
from sim.interrupts import deferred
from sim.language.vocabulary import COUNTS
from sim.mechanisms import begun, locally
from sim.platform.hits import respond_in_kind
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario
from sim.world.aims import AIM
from sim.world.board import ACCOUNT, Board, Tally, new_tally
from sim.world.doors import DOOR
from sim.world.exits import EXIT
from sim.world.fields import PERSON, words_of
from sim.world.offers import NO_OFFERS
from sim.world.planes import empty_planes
from sim.world.videos import VIDEO


def compile_respond() -> None:
    """Compiles the kernel of the responses by calling it for no shard of an empty world."""
    nothing = np.zeros(0, np.int64)
    bits, nobody = np.zeros((0, 0), np.uint64), np.zeros(0, PERSON)
    board = Board(
        nobody, words_of(nobody), np.zeros((2, 2), np.int64), np.zeros(0, np.uint64), np.zeros(0, ACCOUNT),
        np.zeros(0, AIM), np.zeros(0, VIDEO), bits, bits, np.zeros((0, 0), np.int64),
        *empty_planes((), 0)[:2], np.zeros(0, np.int32),
        np.zeros(0, DOOR), np.zeros(0, EXIT), np.zeros((0, 2), np.int64), np.zeros((0, 0, 2), np.int64),
        np.zeros(0, np.uint64),
    )  # fmt: skip
    cells = Cells(
        np.zeros(1, np.int64), nothing, np.zeros(0, CELL), nothing, NO_OFFERS, np.zeros((0, 1), np.uint16),
        nothing, np.zeros((0, 0), np.int32), np.zeros(0, BLOCK),
    )  # fmt: skip
    respond(board, cells, new_tally(board, 0), room(), *nothing_yet(), 0, 0, 0)


class _Nobody(LocalResponder):
    """A responder to whom nothing happens, but that one video is shared."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.board, run.accounts, locally(run.scenario, run.accounts))
        self._tally = new_tally(run.board, len(run.accounts.edges), len(run.accounts.origins))

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        self.make_ready(letter, hour, today)
        self.cells.lay(letter.offers, letter.named)
        return self.conclude(
            letter, Happened(np.array([[SHARED, 0, 0]], np.uint64), np.zeros(0, np.uint64)), hour
        )

    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.zeros_like(people)

    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        pass

    def unfollow(self, account: int, user: int) -> bool:
        return False

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


if __name__ == "__main__":
    compile_respond()
