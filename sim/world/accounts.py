"""The accounts as columns: who they are, whom they can be aimed at, where their links lead.

Takes a scenario; gives arrays over accounts and edges in canonical order (main first, then ids by code point,
then creators, then those that sections add), so that the order of the file does not matter. The new accounts
of a structure are among them, and so are those that plan and do not publish. Does not hold fans (ties.py) or
anything that changes during a run.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.audience import TOPICS
from sim.rules.brand import INTERESTED, STAGES, TRUST_LEVELS, Persuasion, stage_threshold
from sim.rules.draws import ONE_32, fixed, name_key, threshold
from sim.rules.verification import shares_convinced
from sim.scenario import layouts, seeding, structures
from sim.scenario.matrix import CHANNELS, Account, TierName
from sim.scenario.schema import Scenario
from sim.world.aims import aim, table_of
from sim.world.population import topic_names

FIT_ONE = 1 << 32
"""An account all of whose fans are inside the audience."""


class Accounts(NamedTuple):
    """Accounts and edges, fixed for a run; A accounts, E edges."""

    rows: tuple[Account, ...]
    """The scenario's accounts in canonical order, then seeded creators, then those that sections add."""
    seeded: NDArray[np.bool_]
    """(A,) whether the account comes from [seeding] and makes one post."""
    focal: NDArray[np.bool_]
    """(A,) the brand's own and bought authors; whom others alone reach, the brand has not reached."""
    own: NDArray[np.bool_]
    """(A,) the brand's own: main and sub-accounts, no creators."""
    keys: NDArray[np.uint64]
    """(A,) stable keys of the names."""
    weights: NDArray[np.int64]
    """(A, 16) topic mix, each row summing to 256."""
    aims: NDArray[Any]
    """(A,) AIM: how the platform spreads an account's videos over segments."""
    visit_follow: NDArray[np.uint64]
    """(A, trust levels) threshold that a visitor of the home page follows."""
    moves: NDArray[np.uint64]
    """(A, stages · trust levels) thresholds of the next step towards buying [1/2³²]."""
    trust_gain: NDArray[np.int64]
    """(A,) trust that a completion adds [1/255]."""
    fit: NDArray[np.int64]
    """(A,) share of the account's fans who are inside the audience [1/2³²]."""
    edges: tuple[layouts.Edge, ...]
    """All links in canonical order; an edge's number is its row in `flows`."""
    by_channel: dict[str, tuple[tuple[int, int, int], ...]]
    """channel → its links (from, to, edge), in the same order"""
    follow_starts: NDArray[np.int64]
    """(A+1,) where an account's following list starts in follow_to and follow_edge."""
    follow_to: NDArray[np.int64]
    follow_edge: NDArray[np.int64]
    mention_starts: NDArray[np.int64]
    """(A+1,) the same for @ links."""
    mention_to: NDArray[np.int64]
    mention_edge: NDArray[np.int64]
    likers: dict[int, tuple[tuple[int, int], ...]]
    """account → (account that likes its videos, edge)."""
    origins: tuple[str, ...]
    """where what is counted of an account comes from: second axis of its tally"""


def topic_weights(mix: dict[str, float], topics: tuple[str, ...]) -> list[int]:
    """A topic mix in 1/256, summing to 256 exactly (largest remainder)."""
    shares = [mix.get(t, 0.0) for t in topics]
    total = sum(shares)
    exact = [256 * s / total for s in shares]
    whole = [int(x) for x in exact]
    order = sorted(range(len(exact)), key=lambda k: (whole[k] - exact[k], k))
    for k in order[: 256 - sum(whole)]:
        whole[k] += 1
    return whole + [0] * (TOPICS - len(whole))


def persuasion(scenario: Scenario, tier: TierName | None, verified: bool) -> tuple[list[int], int]:
    """What impressions of a tier, or of a brand account, move: thresholds and trust gained."""
    brand = scenario.brand
    source = scenario.seeding.tiers[tier] if tier else None
    trust, awareness = (source.trust, source.awareness) if source else (1.0, 1.0)
    thresholds = Persuasion(
        threshold(brand.aware_probability * awareness),
        threshold(brand.interest_probability * trust),
        threshold(brand.order_probability * trust),
        threshold(brand.repeat_probability * trust),
    )
    lifts = [fixed(1 + brand.trust_lift * n / (TRUST_LEVELS - 1)) for n in range(TRUST_LEVELS)]
    moves = [int(stage_threshold(stage, lift, thresholds)) for stage in range(len(STAGES)) for lift in lifts]
    if brand.proof_share:
        begin = INTERESTED * TRUST_LEVELS
        for n, share in enumerate(_convinced(brand.proof, verified), begin):
            moves[n] = math.floor(min(ONE_32, moves[n]) * share)
    return moves, min(255, round(255 * brand.trust_gain * trust))


def page_follows(scenario: Scenario, verified: bool) -> list[int]:
    """Thresholds that a visitor of an account's home page follows, by level of trust."""
    links, proof = scenario.links, scenario.brand.follow_proof
    chance = links.visit_follow_probability * (links.verified_lift if verified else 1)
    return [threshold(min(1.0, chance) * share) for share in _convinced(proof, verified)]


def _convinced(proof: tuple[float, float, float], verified: bool) -> tuple[float, ...]:
    """By level of trust, the share who may go ahead over such an account."""
    return shares_convinced(*proof)[verified * TRUST_LEVELS :][:TRUST_LEVELS]


def _csr(
    links: list[tuple[int, int, int]], accounts: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Links (from, to, number) by account: where each account's begin, their targets, their numbers."""
    starts = np.zeros(accounts + 1, np.int64)
    for source, _, _ in links:
        starts[source + 1] += 1
    targets = np.array([target for _, target, _ in links], np.int64)
    numbers = np.array([edge for _, _, edge in links], np.int64)
    return np.cumsum(starts), targets, numbers


def build_accounts(scenario: Scenario) -> Accounts:
    """Columns of all accounts of a scenario, seeded creators included."""
    listed, made = structures.all_accounts(scenario), seeding.creators(scenario)
    rows = (*listed, *made, *scenario.all_added())
    topics = topic_names(scenario)
    audience_mix = dict(scenario.audience.topics)
    shares = [audience_mix[t] for t in topics]
    mixes = [topic_weights(dict(a.topics or audience_mix), topics) for a in rows]
    number = {a.id: k for k, a in enumerate(rows)}
    main = rows[0].id
    pointers = tuple(layouts.Edge(a.id, main, "mention") for a in rows if a.role == "creator")
    edges = (*layouts.edges(scenario), *pointers)  # creators @ the main account in every layout
    by_channel: dict[str, list[tuple[int, int, int]]] = {channel: [] for channel in CHANNELS}
    for k, edge in enumerate(edges):
        by_channel[edge.channel].append((number[edge.source], number[edge.target], k))
    likers: dict[int, list[tuple[int, int]]] = {}
    for source, target, k in by_channel["like"]:
        likers.setdefault(target, []).append((source, k))
    kinds = [(a.tier, a.verified) for a in rows]
    by_kind = {kind: persuasion(scenario, *kind) for kind in set(kinds)}
    carried = [by_kind[kind] for kind in kinds]
    follows = {verified: page_follows(scenario, verified) for verified in (False, True)}
    return Accounts(
        rows,
        np.array([len(listed) <= k < len(listed) + len(made) for k in range(len(rows))]),
        np.ones(len(rows), bool),
        np.array([a.role != "creator" for a in rows]),
        np.array([name_key(a.id) for a in rows], np.uint64),
        np.array(mixes, np.int64),
        table_of([aim(mix, shares, scenario.platform.targeting) for mix in mixes]),
        np.array([follows[a.verified] for a in rows], np.uint64),
        np.array([moves for moves, _ in carried], np.uint64),
        np.array([gain for _, gain in carried], np.int64),
        np.array([threshold(scenario.fit(a.tier, a.audience_fit)) for a in rows], np.int64),
        edges,
        {channel: tuple(own) for channel, own in by_channel.items()},
        *_csr(by_channel["follow"], len(rows)),
        *_csr(by_channel["mention"], len(rows)),
        {target: tuple(sources) for target, sources in likers.items()},
        scenario.origins,
    )
