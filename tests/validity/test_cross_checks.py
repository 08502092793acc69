"""Cross-checks: sharing against CyNetDiff's independent cascades, link flow against networkx's Katz measure.

On graphs that a script makes. Where MATRIXSIM_REAL names a folder with edge lists of real graphs, cascades
are compared on those as well (`pytest -m evidence`). That the two engines agree is what tests/engines holds.
"""

import os
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis import flow_matrix as fm
from sim.compiled import compiled
from sim.rules.draws import subkey, threshold
from sim.rules.sharing import open_draw
from tests.analysis.test_flow_matrix import matrix
from tests.cascades import agree, theirs

RUNS = 600
REAL = "MATRIXSIM_REAL"
FILES = {
    "facebook_combined.txt": {"delimiter": None, "directed": False},
    "CollegeMsg.txt": {"delimiter": None, "directed": True},
    "twitter_bofa_careers_edges.csv": {"delimiter": ",", "directed": True},
}
"""Edge lists, how they are written."""
MADE: dict[str, Callable[[], nx.Graph]] = {
    "many small circles": lambda: nx.watts_strogatz_graph(1_500, 10, 0.1, seed=1),
    "few with many friends": lambda: nx.barabasi_albert_graph(1_500, 4, seed=1),
    "at random": lambda: nx.gnp_random_graph(1_500, 8 / 1_500, seed=1),
    "of one way": lambda: nx.gnp_random_graph(1_500, 8 / 1_500, seed=1, directed=True),
}


@compiled
def reached(
    starts: NDArray[np.int64], ends: NDArray[np.int64], starter: int, key: np.uint64, opens: np.uint64
) -> int:
    """People reached from one where everybody shares what they open, by our draw of opening.

    Args:
        starts: (n + 1,) where each person's friends begin in `ends`.
        ends: (edges,) friends.
        starter: who shares first.
        key: address of the video.
        opens: threshold of opening [1/2³²].
    """
    seen = np.zeros(starts.size - 1, np.bool_)
    queue = np.empty(starts.size - 1, np.int64)
    seen[starter], queue[0], head, tail = True, starter, 0, 1
    while head < tail:
        sharer = queue[head]
        head += 1
        for place in range(starts[sharer], starts[sharer + 1]):
            friend = ends[place]
            if not seen[friend] and open_draw(key, sharer, friend) < opens:
                seen[friend], queue[tail] = True, friend
                tail += 1
    return tail


def compared(graph: nx.Graph, opens: float, runs: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sizes of cascades from the same starters: ours, and CyNetDiff's."""
    graph = nx.convert_node_labels_to_integers(graph)
    ends = [np.array(sorted(graph[person]), np.int64) for person in range(graph.number_of_nodes())]
    starts = np.append(0, np.cumsum([own.size for own in ends])).astype(np.int64)
    flat, limit = np.concatenate(ends), np.uint64(threshold(opens))
    starters = np.random.default_rng(1).integers(graph.number_of_nodes(), size=runs)
    ours = [reached(starts, flat, int(s), subkey(np.uint64(1), n), limit) for n, s in enumerate(starters)]
    return np.array(ours), theirs(graph, opens, starters)


@pytest.mark.system("U1")
@pytest.mark.parametrize("name", MADE)
def test_sharing_is_an_independent_cascade_on_graphs_of_every_kind(name: str):
    graph = MADE[name]()
    opens = 0.7 * graph.number_of_nodes() / (graph.number_of_edges() * (1 if graph.is_directed() else 2))
    sizes = compared(graph, opens, RUNS)
    assert sizes[1].mean() > 1.3  # something spreads
    agree(*sizes)


def test_a_wrong_chance_of_opening_would_be_seen():
    graph = MADE["at random"]()
    ours, _ = compared(graph, 0.08, RUNS)
    _, others = compared(graph, 0.11, RUNS)
    with pytest.raises(AssertionError):
        agree(ours, others)


@pytest.mark.evidence
@pytest.mark.skipif(REAL not in os.environ, reason=f"{REAL} names no folder of real graphs")
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("reproduction", [0.3, 0.9])
def test_sharing_is_an_independent_cascade_on_real_graphs(name: str, reproduction: float):
    (file,) = Path(os.environ[REAL]).rglob(name)
    form = FILES[name]
    kind = nx.DiGraph if form["directed"] else nx.Graph
    rows = [line.split(form["delimiter"])[:2] for line in file.read_text().splitlines()]  # type: ignore[arg-type]
    graph = kind((row[0], row[1]) for row in rows if row[0].strip().isdigit())
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    out = np.array([d for _, d in (graph.out_degree() if form["directed"] else graph.degree())], float)
    # Branching of a heavy-tailed graph is set by the friends of those who are reached, not of anybody.
    opens = reproduction / float((out**2).mean() / out.mean())
    agree(*compared(graph, opens, 4_000))


@pytest.mark.system("M4")
@pytest.mark.parametrize("layout", ["star", "ring", "chain", "tree", "mesh"])
@pytest.mark.parametrize("accounts", [3, 8, 20])
def test_link_flow_is_the_katz_centrality_of_the_link_graph(layout: str, accounts: int):
    flow = fm.link_flow(matrix(accounts, links__layout=layout, links__channels=("follow",)))
    entries = np.random.default_rng(accounts).uniform(1, 100, accounts)
    chances = flow.P.toarray()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(accounts))
    graph.add_weighted_edges_from(
        (i, j, chances[i, j]) for i in range(accounts) for j in range(accounts) if chances[i, j]
    )
    katz = nx.katz_centrality_numpy(
        graph, alpha=1.0, beta=dict(enumerate(entries)), normalized=False, weight="weight"
    )
    assert fm.visits(flow.P, entries).visits == pytest.approx([katz[k] for k in range(accounts)])


@pytest.mark.system("M4")
def test_link_flow_is_what_walkers_of_an_absorbing_chain_do():
    flow = fm.link_flow(matrix(6, links__layout="ring", links__channels=("follow",)))
    chances = flow.P.toarray()
    leave = np.column_stack([chances, 1 - chances.sum(axis=1)]).cumsum(axis=1)
    rng, counts, walkers = np.random.default_rng(1), np.zeros(6), 20_000
    at = np.zeros(walkers, np.int64)
    while at.size:
        counts += np.bincount(at, minlength=6)
        at = (rng.random(at.size)[:, None] > leave[at]).sum(axis=1)
        at = at[at < 6]
    expected = fm.visits(flow.P, np.array([1.0, 0, 0, 0, 0, 0])).visits
    assert counts / walkers == pytest.approx(expected, abs=0.02)
