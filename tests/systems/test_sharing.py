"""U, users among themselves: shares arrive with friends, late, and go few steps."""

from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import pytest

from sim.hour.events import SHARED
from sim.mechanisms.sharing import Sharing, opened_by_friends
from sim.model import MatrixModel
from sim.rules.addresses import FRIENDS
from sim.rules.draws import root_key, subkey, threshold
from sim.rules.sharing import NOBODY, RINGS, edge_threshold, friend
from tests.cascades import agree, theirs
from tests.refresh import busy, result_of, world
from tests.systems.worlds import FREE, accounts


@pytest.mark.system("U1")
def test_shares_reach_friends_and_nobody_else():
    model = MatrixModel(
        busy(links__layout="none", sharing__open_probability=1.0, run__hours=30), rng=1, engine="agents"
    )
    state = model.run_state
    graph = root_key(state.seed, FRIENDS)
    (sharing,) = (m for m in state.mechanisms if isinstance(m, Sharing))
    friends_of = {
        person: {friend(person, ring, 2_000, graph, np.uint64(edge_threshold(16))) for ring in range(RINGS)}
        - {NOBODY}
        for person in range(2_000)
    }
    sent: dict[int, set[int]] = {}
    checked = 0
    while state.hour < 30:
        due = {int(pair) for pair in sharing.arrivals.get(state.hour, ())}
        for pair in due:
            video, receiver = pair >> 32, pair & 0xFFFFFFFF
            assert friends_of[receiver] & sent[video]
            checked += 1
        model.advance()
        for share in state.heard(SHARED):
            sent.setdefault(int(share["what"]), set()).add(int(share["person"]))
    assert checked > 100


@pytest.mark.system("U1")
def test_shares_arrive_after_their_delay():
    for delay in (1, 5):
        scenario = busy(links__layout="none", sharing__delay_h=delay, accounts=accounts(1, posts_per_day=0.3))
        result = result_of(scenario)
        born = result.videos["published_hour"].min()
        first = result.hourly.filter(pl.col("origin") == "friends")["hour"].min()
        shared = result.hourly.filter(pl.col("shares") > 0)["hour"].min()
        assert first == shared + delay >= born + delay


def cascades(**values: Any) -> tuple[float, float]:
    """Shares by a viewer whom a friend sent the video, by such viewers and by all shares."""
    scenario = world(
        audience__users=20_000, links__layout="none", accounts=accounts(8, posts_per_day=3.0), **FREE | values
    )
    hourly = pl.concat([result_of(scenario, seed).hourly for seed in range(4)])
    sent = hourly.filter(pl.col("origin") == "friends")
    return sent["shares"].sum() / sent["impressions"].sum(), sent["shares"].sum() / hourly["shares"].sum()


@pytest.mark.system("U1")
def test_cascades_are_shallow():
    # At twenty times the measured share rate, so that there is something to count: of 16 friends one or two
    # open it, so of a hundred shares a few come from someone whom a friend sent the video.
    per_friend, deep = cascades(content__rates__share=0.008)
    branching = per_friend * 16 * 0.1
    assert 0.005 < branching < 0.1
    assert deep < 0.1  # nine in ten reshares come straight from the feed


@pytest.mark.system("U1")
def test_cascades_deepen_with_the_chance_of_opening():
    assert (
        cascades(content__rates__share=0.02)[1]
        < cascades(content__rates__share=0.02, sharing__open_probability=0.4)[1]
    )


PEOPLE, OPENS = 2_000, 0.055


def friend_graph(key: np.uint64) -> nx.Graph:
    exists = np.uint64(edge_threshold(16))
    graph = nx.Graph()
    graph.add_nodes_from(range(PEOPLE))
    for user in range(PEOPLE):
        graph.add_edges_from(
            (user, other) for ring in range(RINGS) if (other := friend(user, ring, PEOPLE, key, exists)) >= 0
        )
    return graph


@pytest.mark.parametrize("people", [2, 17, 100, 257, 1_000])
def test_friends_are_the_same_one_by_one_and_all_at_once(people: int):
    keys, key, exists, opens = (
        np.array([subkey(1, 2)]),
        root_key(4, FRIENDS),
        np.uint64(2**31),
        np.uint64(2**32),
    )
    opened = opened_by_friends(np.arange(people, dtype=np.uint64), keys, people, key, exists, opens)
    found = [friend(user, ring, people, key, exists) for ring in range(RINGS) for user in range(people)]
    assert sorted(opened.tolist()) == sorted(other for other in found if other != NOBODY)


def our_cascade(video: int, starter: int, keys: np.ndarray, graph_key: np.uint64) -> int:
    """People reached where everybody shares what they open: the loop of the hour without the rest of it."""
    seen = {starter}
    fresh = [starter]
    while fresh:
        shares = np.array(sorted(video << 32 | user for user in fresh), np.uint64)
        opened = opened_by_friends(
            shares, keys, PEOPLE, graph_key, np.uint64(edge_threshold(16)), np.uint64(threshold(OPENS))
        )
        fresh = list({int(pair) & 0xFFFFFFFF for pair in opened} - seen)
        seen.update(fresh)
    return len(seen)


@pytest.mark.system("U1")
def test_sharing_alone_is_an_independent_cascade():
    """Sizes agree with CyNetDiff's on the same graph from the same starters (invariant 7)."""
    graph_key = root_key(1, FRIENDS)
    graph = friend_graph(graph_key)
    runs = 1_500
    starters = np.random.default_rng(1).integers(PEOPLE, size=runs)
    keys = np.array([subkey(np.uint64(1), n) for n in range(runs)], np.uint64)
    ours = np.array([our_cascade(v, int(s), keys, graph_key) for v, s in enumerate(starters)])
    others = theirs(graph, OPENS, starters)
    assert 3 < others.mean() < 30  # neither trivial nor the whole graph
    agree(ours, others)
