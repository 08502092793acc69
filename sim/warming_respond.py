"""What the other process compiles ahead: the kernels of the people's responses, shares and follows.

Together as much work as all others, so that both processes end at about the same time.

Apart from warming.py, so that this process imports nothing else before it begins: after an install that takes
half a second. Decides nothing: warm.py does.
"""

import numpy as np

from sim.compiled import ahead
from sim.engines.columns.respond import respond, room
from sim.hour.cells import CELL, Cells
from sim.hour.events import Heard, nothing_yet
from sim.hour.sightings import BLOCK
from sim.language.vocabulary import COUNTS
from sim.mechanisms.sharing import lists, opened_by_friends
from sim.mechanisms.unfollows import Ends
from sim.platform.hits import respond_in_kind
from sim.rules.pools import SCORED
from sim.scenario.matrix import Links
from sim.world.aims import AIM
from sim.world.board import ACCOUNT, Board, new_tally
from sim.world.doors import DOOR
from sim.world.exits import EXIT
from sim.world.fields import PERSON, words_of
from sim.world.offers import NO_OFFERS
from sim.world.planes import empty_planes
from sim.world.videos import VIDEO


def compile_respond() -> None:
    """Compiles these kernels by calling them for no shard of an empty world, share, follow or impression."""
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
    shares, key = np.zeros(0, np.uint64), np.uint64(0)
    opened_by_friends(shares, shares, 0, key, key, key)
    lists(shares)
    Ends(Links()).among(Heard(nothing, nothing, shares), 0)
    number = np.zeros(1, np.int64)
    respond_in_kind(np.zeros((1, len(COUNTS)), np.int64), np.zeros((1, SCORED)), number, number, key, 0)


if __name__ == "__main__":
    with ahead():
        compile_respond()
