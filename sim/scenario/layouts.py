"""The links between the brand's accounts that a layout stands for (M4-M6).

Takes a scenario; gives accounts and links in canonical order, so that the order in the file
does not matter. A layout touches brand accounts only; creators @-mention the main account
outside it (seeding.py). Does not know what a link carries: that is rules/links.py.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import permutations
from typing import NamedTuple

from sim.scenario.matrix import CHANNELS, Account
from sim.scenario.schema import Scenario
from sim.scenario.structures import ranked, used


class Edge(NamedTuple):
    """One link: visitors of the source can go on to the target through the channel."""

    source: str
    target: str
    channel: str


def canonical_accounts(scenario: Scenario) -> tuple[Account, ...]:
    """The listed accounts: main first, then subs, then creators, each by id in code-point order."""
    return ranked(scenario.accounts)


class LinkCounts(NamedTuple):
    """How many pairs of accounts are linked, over how many links, through which channels."""

    pairs: int
    links: int
    channels: tuple[str, ...]


def link_counts(scenario: Scenario) -> LinkCounts:
    """The numbers of the layout's links, without making them: a mesh of 2,000 accounts has 12 million."""
    links = scenario.links
    if links.layout == "custom":
        pairs, channels = {edge[:2] for edge in links.edges}, {edge[2] for edge in links.edges}
        return LinkCounts(len(pairs), len(links.edges), tuple(c for c in CHANNELS if c in channels))
    n = len(used(scenario))
    linked = {
        "star": 2 * (n - 1),
        "ring": n if n > 1 else 0,
        "chain": n - 1,
        "tree": 2 * (n - 1),
        "mesh": round(links.density * (n * (n - 1))),
    }.get(links.layout, 0)
    kinds = tuple(c for c in CHANNELS if c in links.channels) if linked else ()
    return LinkCounts(linked if kinds else 0, linked * len(kinds), kinds)


def edges(scenario: Scenario) -> tuple[Edge, ...]:
    """The links of the scenario's layout, sorted by source, target and channel.

    Returns:
        Links between brand accounts that publish, each pair once for every channel; ranks are those of
        canonical_accounts, channels in the order of CHANNELS.
    """
    ids = [account.id for account in used(scenario)]
    links = scenario.links
    if links.layout == "custom":
        rank = {name: k for k, name in enumerate(ids)}
        edges = [Edge(*edge) for edge in links.edges]
        return tuple(sorted(edges, key=lambda e: (rank[e.source], rank[e.target], CHANNELS.index(e.channel))))
    channels = [channel for channel in CHANNELS if channel in links.channels]
    pairs = sorted(_pairs(links.layout, ids, links.density))
    return tuple(Edge(ids[i], ids[j], channel) for i, j in pairs for channel in channels)


def with_layout(scenario: Scenario, layout: str) -> Scenario:
    """The scenario with another layout, in place of any custom links.

    Raises:
        ScenarioError: there is no such layout.
    """
    return scenario.with_values(layout_values(scenario, layout))


def layout_values(scenario: Scenario, layout: str) -> dict[str, object]:
    """The keys that put another layout in place of a scenario's own."""
    return {"links.layout": layout, "links.edges": scenario.links.edges if layout == "custom" else ()}


def _pairs(layout: str, ids: Sequence[str], density: float) -> Iterable[tuple[int, int]]:
    """The ordered pairs of accounts, by rank, that a layout links."""
    n = len(ids)
    match layout:
        case "star":
            return [pair for k in range(1, n) for pair in ((0, k), (k, 0))]
        case "ring" if n > 1:
            return [(k, (k + 1) % n) for k in range(n)]
        case "chain":
            return [(k, k + 1) for k in range(n - 1)]
        case "tree":
            return [pair for k in range(1, n) for pair in (((k - 1) // 2, k), (k, (k - 1) // 2))]
        case "mesh":
            return _kept(list(permutations(range(n), 2)), ids, density)
    return ()


def _kept(pairs: list[tuple[int, int]], ids: Sequence[str], density: float) -> list[tuple[int, int]]:
    """The share of the pairs with the lowest hashed ranks, so that a denser mesh holds the sparser one."""
    if density == 1:
        return pairs

    def hashed(pair: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
        text = f"{ids[pair[0]]}\0{ids[pair[1]]}"
        return blake2b(text.encode(), digest_size=8).digest(), pair

    return sorted(pairs, key=hashed)[: round(density * len(pairs))]
