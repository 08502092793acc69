"""What the other process compiles ahead: the kernel of the people's responses, as much work as all others.

Apart from warming.py, so that this process imports nothing else before it begins: after an install that takes
half a second. Decides nothing: warm.py does.
"""

import numpy as np

from sim.engines.columns.respond import respond, room
from sim.hour.cells import CELL, Cells
from sim.hour.events import nothing_yet
from sim.hour.sightings import BLOCK
from sim.world.aims import AIM
from sim.world.board import ACCOUNT, Board, new_tally
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


if __name__ == "__main__":
    compile_respond()
