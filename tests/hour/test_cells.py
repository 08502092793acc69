"""How an hour's work is laid out, and what is remembered between hours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.hour.cells import BLOCK, CELL_WORK, CellBook
from sim.hour.events import sighting
from sim.rules.audience import SHARD
from sim.simulation import Simulation
from sim.world.board import FANS, FRIENDS, JUDGED, OTHER, RECOMMEND
from sim.world.offers import LIST, NOBODY, QUOTA, WINDOW, in_order, joint, offers
from sim.world.videos import published
from tests.hour.test_sightings import in_use, remembered
from tests.refresh import busy

USERS = 5 * SHARD + 700
NUMBERS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def board():
    run = Simulation(busy(audience__users=USERS, run__hours=48), 1).state
    for hour in range(48):
        run.responder.publish(published(run.posts, run.posts.due(hour)))
    return run.responder.board


def wanted_of(board, wanted, windows, sent=()):
    """Offers of the first videos (quotas, windows of their fans, lists of friends), and whom lists name.

    `sent` holds pairs of video and person.
    """
    videos = np.arange(len(wanted))
    authors = board.videos["author"][: len(wanted)]
    open_ = np.array(windows, bool)
    listed = sorted({video for video, _ in sent})
    parts = [
        offers(videos, QUOTA, RECOMMEND, JUDGED, quota=wanted, whose=authors),
        offers(videos[open_], WINDOW, FANS, JUDGED, whose=authors[open_], high=2**31),
        offers(np.array(listed, np.int64), LIST, FRIENDS, OTHER),
    ]
    people = np.array([listed.index(video) << 32 | user for video, user in sent], np.uint64)
    return in_order(*joint(parts, [NOBODY, NOBODY, people]))


def book_of(board, held=None):
    """A book in which every second video has been shown to 1,000 people before."""
    book = CellBook(board, held)
    book.given[1::2] = 1_000
    return book


@given(
    wanted=st.lists(st.integers(0, 4_000), min_size=1, max_size=6),
    sent=st.sets(st.tuples(st.integers(0, 7), st.integers(0, USERS - 1)), max_size=40),
    data=st.data(),
)
@settings(deadline=None)  # the first example may wait for machine code
def test_every_impression_and_every_friend_is_in_one_cell(board, wanted, sent, data):
    windows = data.draw(st.lists(st.booleans(), min_size=len(wanted), max_size=len(wanted)))
    laid = book_of(board).lay(*wanted_of(board, wanted, windows, sent))
    cells, shard = laid.cells, np.repeat(np.arange(laid.starts.size - 1), np.diff(laid.starts))
    video, kind = (laid.offers[name][cells["offer"]] for name in ("video", "kind"))
    for k, quota in enumerate(wanted):
        assert cells["quota"][video == k].sum() == quota
    found = [
        (int(v), int(user))
        for v, cell in zip(video, cells, strict=True)
        for user in laid.named[cell["list_from"] : cell["list_to"]]
    ]
    assert sorted(found) == sorted(sent)
    for cell, place in zip(cells, shard, strict=True):
        assert (laid.named[cell["list_from"] : cell["list_to"]] // SHARD == place).all()
    order = list(zip(shard.tolist(), video.tolist(), kind.tolist(), strict=True))
    assert order == sorted(set(order))
    fed = cells["quota"] > 0
    assert np.unique(cells["row"][fed]).size == fed.sum()
    assert (cells["row"][fed] >= 0).all()
    loads = np.bincount(shard, cells["quota"] + CELL_WORK, laid.starts.size - 1)
    assert (np.diff(laid.work) == loads).all()
    for k, open_ in enumerate(windows):  # who shows fans something does so wherever it has fans
        fans = set(np.flatnonzero(board.fan_count[board.videos["author"][k]])) if open_ else set()
        assert fans == {place for place, shown, how in order if shown == k and how == WINDOW}


def test_a_small_quota_goes_to_few_shards(board):
    laid = book_of(board).lay(*wanted_of(board, [BLOCK], [False]))
    assert laid.cells.size == 1


def test_a_process_lays_the_cells_of_its_own_shards_only(board):
    sent = [(3, user) for user in range(0, USERS, 9_000)]
    asked = wanted_of(board, [3_000, 0, 900], [True, True, False], sent)
    whole = book_of(board).lay(*asked)
    parts = [book_of(board, held).lay(*asked) for held in (range(2), range(2, 6))]
    named = ["offer", "quota", "list_from", "list_to"]
    together = np.concatenate([part.cells[named] for part in parts])
    assert (together == whole.cells[named]).all()
    assert [int(part.work[-1]) for part in parts] == [
        int(whole.work[2]),
        int(whole.work[-1] - whole.work[2]),
    ]


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1))
def test_sightings_are_ordered_by_shard_video_and_person(pairs):
    numbers = [int(sighting(video, user)) for video, user in pairs]
    by_number = sorted(range(len(pairs)), key=numbers.__getitem__)
    keys = [(user // SHARD, video, user) for video, user in pairs]
    assert [keys[k] for k in by_number] == sorted(keys)


def test_what_is_forgotten_is_gone_and_the_rest_stays(board):
    book = book_of(board)
    book.lay(*wanted_of(board, [2_000, 2_000, 2_000], [False] * 3))
    seen = np.array([sighting(video, user) for user in (90_000, 5, 40_000) for video in (2, 0, 1)], np.uint64)
    for part in (seen[:4], seen[4:]):
        book.sightings.remember(part)
    rows = book.picks.size - int(book.free_count[0])
    book.forget(np.array([0, 2]))
    assert remembered(book.sightings) == [(1, user) for user in (5, 40_000, 90_000)]
    assert in_use(book.sightings) == 3
    assert book.picks.size - int(book.free_count[0]) == (book.row_of[1] >= 0).sum() < rows
