"""Sharing as an independent cascade on one graph: ours, CyNetDiff, NDlib.

The graph is our model's own friend graph, drawn out into lists for the two libraries; in ours
it stays implicit, each edge found anew from hashes. A person who has been reached tries every
friend once. One event is one edge tried.
"""

import array
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.sharing import opened_by_friends
from sim.rules.addresses import FRIENDS
from sim.rules.draws import ONE_32, name_key, root_key
from sim.rules.sharing import RINGS, edge_threshold, friend

CHANCE = 0.15
"""That an edge carries: above the critical 1/16, so that most people are reached."""
SEED_SHARE = 0.001
WORK = {
    "ours": "64 hashed matchings tried for 16 friends, nothing stored, people as numbers",
    "CyNetDiff": "a stored list of neighbours, C++",
    "NDlib": "a networkx graph, Python",
}


class Graph(NamedTuple):
    """Friends of U people, drawn out."""

    starts: NDArray[np.int64]
    """(U+1,)"""
    friends: NDArray[np.int64]
    key: np.uint64
    exists: np.uint64


class Spread(NamedTuple):
    """One cascade."""

    edges: int
    seconds: float
    reached: int


@numba.njit(nogil=True)
def _lists(users: Any, key: Any, exists: Any) -> Any:
    found = np.empty((users, RINGS), np.int64)
    count = np.zeros(users, np.int64)
    for user in range(users):
        for ring in range(RINGS):
            other = friend(user, ring, users, key, exists)
            if other >= 0:
                found[user, count[user]] = other
                count[user] += 1
    return found, count


def graph(users: int) -> Graph:
    """The friend graph of seed 1 as lists."""
    key, exists = root_key(1, FRIENDS), np.uint64(edge_threshold(16))
    found, count = _lists(users, key, exists)
    friends = found[np.arange(RINGS) < count[:, None]]
    return Graph(np.concatenate([[0], np.cumsum(count)]), friends, key, exists)


def first_people(users: int) -> NDArray[np.int64]:
    """Where every cascade starts."""
    return np.random.default_rng(7).choice(users, max(1, int(users * SEED_SHARE)), replace=False)


def ours(given: Graph, seed: int) -> Spread:
    """Our sharing to friends, with everybody who opens sharing in turn."""
    users = given.starts.size - 1
    keys = np.array([name_key(f"video {seed}")], np.uint64)
    opens = np.uint64(int(CHANCE * ONE_32))
    active = np.zeros(users, bool)
    started = time.perf_counter()
    front = first_people(users)
    active[front] = True
    while front.size:
        shares = np.sort(front).astype(np.uint64)
        opened = opened_by_friends(shares, keys, users, given.key, given.exists, opens)
        front = np.unique(opened).astype(np.int64)
        front = front[~active[front]]
        active[front] = True
    return _spread(given, active, time.perf_counter() - started)


def with_cynetdiff(given: Graph) -> Callable[[Graph, int], Spread]:
    """CyNetDiff, its graph laid out once."""
    from cynetdiff.models import IndependentCascadeModel

    starts = array.array("I", given.starts[:-1].astype(np.uint32).tobytes())
    friends = array.array("I", given.friends.astype(np.uint32).tobytes())

    def cascade(given: Graph, seed: int) -> Spread:
        users = given.starts.size - 1
        model = IndependentCascadeModel(
            starts, friends, activation_prob=CHANCE, rng=np.random.default_rng(seed)
        )
        model.set_seeds(set(first_people(users).tolist()))
        started = time.perf_counter()
        model.advance_until_completion()
        seconds = time.perf_counter() - started
        active = np.zeros(users, bool)
        active[list(model.get_activated_nodes())] = True
        return _spread(given, active, seconds)

    return cascade


def with_ndlib(given: Graph) -> Callable[[Graph, int], Spread]:
    """NDlib, its graph laid out once."""
    import networkx as nx
    from ndlib.models import epidemics
    from ndlib.models.ModelConfig import Configuration

    users = given.starts.size - 1
    network = nx.DiGraph()
    network.add_nodes_from(range(users))
    sources = np.repeat(np.arange(users), np.diff(given.starts))
    network.add_edges_from(zip(sources.tolist(), given.friends.tolist(), strict=True))
    settings = Configuration()
    for edge in network.edges():
        settings.add_edge_configuration("threshold", edge, CHANCE)
    settings.add_model_initial_configuration("Infected", first_people(users).tolist())

    def cascade(given: Graph, seed: int) -> Spread:
        model = epidemics.IndependentCascadesModel(network, seed=seed)
        model.set_initial_status(settings)
        started = time.perf_counter()
        while model.iteration(node_status=False)["node_count"][1]:
            pass
        seconds = time.perf_counter() - started
        return _spread(given, np.array([model.status[n] == 2 for n in range(users)]), seconds)

    return cascade


def _spread(given: Graph, active: NDArray[np.bool_], seconds: float) -> Spread:
    return Spread(int(np.diff(given.starts)[active].sum()), seconds, int(active.sum()))
