"""One impression on one person, and the same on a batch of them."""

import numpy as np
import pytest

from sim.compiled import compiled
from sim.engines.columns.impress import MAYBE, NAMED, Batch, appeal_of, impress, impress_all
from sim.rules import engagement as e
from sim.rules.draws import child, high32, low32
from sim.simulation import Simulation
from sim.world.fields import STATE_WORD, write
from tests.refresh import busy

PEOPLE = 250
MENTION = 2**28


@compiled
def singly(board, video, states, matched, keys, today, bits):
    """Each person alone; states are changed, bits written."""
    account = board.accounts[board.videos[video].author]
    for k in range(states.size):
        states[k], found = impress(
            states[k], account, appeal_of(board.videos, video), board.multipliers, board.numbers,
            matched[k] >> 13, keys[k], today,
        )  # fmt: skip
        bits[k] = found


@compiled
def together(board, video, batch, today):
    """A batch of them; whoever may have engaged is asked."""
    account, appeal = board.accounts[board.videos[video].author], appeal_of(board.videos, video)
    size = batch.keys.size
    for k in range(size):
        drawn = e.draws(batch.keys[k])
        batch.completion[k], batch.least[k], batch.side[k] = low32(drawn.first), e.least(drawn), drawn.side
    impress_all(
        batch, size, account, appeal, board.multipliers, board.numbers, np.uint64(MENTION), np.int64(today)
    )
    for k in range(size):
        if batch.bits[k] & np.uint64(MAYBE):
            batch.bits[k] |= np.uint64(e.engagement(e.draws(batch.keys[k]), appeal, batch.engage[k]))


def moved_on(today):
    """A board some hours after its start, whose people differ in every field, as far as `today` allows."""
    eager = {
        "brand__interest_probability": 0.6,
        "brand__order_probability": 0.5,
        "content__completion_boost": 5,
    }
    board = Simulation(busy(audience__users=2_000, **eager), 1).finish().state.responder.board
    users, luck = board.users, np.random.default_rng(today)
    for name, end in {"day": today + 1, "trust": 256, "stage": 5, "exposures": 16}.items():
        write(users, name, luck.integers(0, end, users.size))
    return board


@pytest.mark.parametrize(("today", "focal"), [(0, True), (1, True), (1, False), (90, True)])
def test_batch_changes_people_as_one_by_one_does(today, focal):
    board = moved_on(today)
    board.accounts["focal"] = focal
    luck = np.random.default_rng(7)
    people = luck.permutation(board.users.size)[:PEOPLE]
    keys = np.array([child(np.uint64(5), int(n)) for n in people], np.uint64)
    matched = luck.integers(0, 65_281, PEOPLE)
    before = board.words[people, STATE_WORD]
    alone, found = before.copy(), np.zeros(PEOPLE, np.int64)
    singly(board, 0, alone, matched, keys, today, found)
    rows = np.zeros((9, PEOPLE), np.uint64)
    batch = Batch(keys, *rows[:3], matched, before.copy(), *rows[3:7], np.zeros(PEOPLE, np.int64))
    together(board, 0, batch, today)
    assert (batch.states == alone).all()
    assert (alone == before).all() == (not focal)
    assert ((batch.bits.astype(np.int64) & ~(MAYBE | NAMED)) == found).all()
    named = np.array([high32(side) < MENTION for side in batch.side])
    assert ((batch.bits & np.uint64(NAMED) != 0) == named).all()
    assert 0 < named.sum() < PEOPLE
    for bit in (e.COMPLETE, e.LIKE, MAYBE):
        assert 0 < (batch.bits & np.uint64(bit) != 0).sum() < PEOPLE
