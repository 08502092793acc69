"""Offers: in one order whoever makes them, lists that find their people, nobody met twice."""

import numpy as np
import pytest

from sim.hour.run import Mechanism
from sim.model import MatrixModel
from sim.world.board import BY_MENTION, FANS, FRIENDS, JUDGED, OTHER, RECOMMEND
from sim.world.offers import LIST, NOBODY, QUOTA, WINDOW, in_order, joint, offers
from tests.refresh import busy

NAMED = range(0, 2_000, 50)


def test_offers_lie_by_video_and_kind_and_lists_keep_their_people():
    one = offers(np.array([5, 2]), LIST, FRIENDS, OTHER)
    two = np.concatenate(
        [
            offers(np.array([5]), QUOTA, RECOMMEND, JUDGED, quota=7),
            offers(np.array([5]), LIST, BY_MENTION, OTHER),
            offers(np.array([5]), WINDOW, FANS, JUDGED, high=9),
        ]
    )
    people = np.array([1 << 32 | 8, 0 << 32 | 9], np.uint64), np.array([1 << 32 | 3], np.uint64)
    rows, named = in_order(*joint([one, two], people))
    assert rows["video"].tolist() == [2, 5, 5, 5, 5]
    assert rows["kind"].tolist() == [LIST, WINDOW, LIST, LIST, QUOTA]
    assert rows["origin"].tolist() == [FRIENDS, FANS, FRIENDS, BY_MENTION, RECOMMEND]
    # To video 2 person 8 was sent; to video 5 person 9 by friends, person 3 over the other list.
    assert [(int(n) >> 32, int(n) & 0xFFFFFFFF) for n in named] == [(0, 8), (2, 9), (3, 3)]


class Letters(Mechanism):
    """Sends every video, two hours after it came out, to the same people."""

    def due(self, run):
        return np.flatnonzero(run.videos.rows["hour"] == run.hour - 2)

    def offer(self, run):
        return offers(self.due(run), LIST, BY_MENTION, OTHER)

    def messages(self, run):
        places = range(self.due(run).size)
        return np.array([place << 32 | user for place in places for user in NAMED], np.uint64)


def finished(engine, *more):
    model = MatrixModel(busy(links__layout="none", run__hours=30), seed=3, engine=engine)
    run = model.run_state
    run.mechanisms = (*run.mechanisms, *(kind(run) for kind in more))
    return model.finish()


def test_lists_of_two_mechanisms_reach_their_people_in_both_engines():
    columns, agents = (finished(engine, Letters) for engine in ("columns", "agents"))
    assert columns.digest == agents.digest
    listed = columns.hourly.filter(origin="mention")["impressions"].sum()
    sent = len(NAMED) * int((columns.videos["published_hour"] <= 27).sum())
    assert 0.5 * sent < listed <= sent  # some have met the video before
    assert columns.hourly.filter(origin="friends")["impressions"].sum() > 0
    assert finished("columns").hourly.filter(origin="mention")["impressions"].sum() == 0


class Forgetful(Mechanism):
    """Offers the first video again and again, and awaits nothing."""

    def offer(self, run):
        return offers(np.flatnonzero(run.marks["closed"]), LIST, FRIENDS, OTHER)

    def messages(self, run):
        return NOBODY


def test_a_closed_video_cannot_be_offered():
    scenario = busy(links__layout="none", run__hours=240, platform__trickle=0.0)
    model = MatrixModel(scenario, seed=3)
    run = model.run_state
    run.mechanisms = (*run.mechanisms, Forgetful(run))
    with pytest.raises(ValueError, match="nobody awaited"):
        model.finish()
