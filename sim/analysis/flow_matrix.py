"""Where visitors go along the links, in closed form (M4, M5, M6, M8).

A visitor on the home page of account i opens the following list and picks j's entry with probability
F[i, j], or opens the liked list, picks a video of j and goes on to j's home page with probability G[i, j].
P = F + G leaks: a row sums to less than 1, so visits end. With s visits that come from elsewhere (straight
from the feed, or over an @), all visits are v = s + Pᵀv = (I − Pᵀ)⁻¹ s. N = (I − P)⁻¹ counts the visits to
j that one visit of i leads to; the largest |eigenvalue| of P, its radius, is how fast a chain of visits
dies out; 1ᵀv / 1ᵀs, the multiplier, is what the links make of an entry.

Takes a scenario; gives matrices, visits and what each link is worth. Averages over the people who visit and
over the hours of the run, so it is exact where everybody picks alike and the lists do not change; where
interests differ, a chain of several steps keeps its person while P forgets her. What links bring into the
feed is left out (channels beyond PAGE_ORIGINS: reposts): it is exposure, not a step. Visitors who follow only
on proof count as having seen none. Knows no run.

Model: the expected visits of the link chain, (I − Pᵀ)⁻¹ s: an oracle for the tests, and `theory`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph, linalg

from sim.analysis.attention import (
    FOLLOWS,
    IMPRESSIONS,
    VISITS,
    Attention,
    Row,
    attention,
    following_row,
    liked_row,
    mention_row,
)
from sim.interrupts import deferred
from sim.rules.verification import convinced
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

ENDLESS = 1 - 1e-9
"""Spectral radius from which visits count as never ending: rounding of eigenvalues lies well below."""
PRECISION = 1e-11
"""Relative width of the bounds at which an eigenvalue is taken as found: a thousand roundings."""
MOST_ROUNDS = 100
"""Rounds after which the upper bound is taken; convergence is quadratic, five are usual."""


class Channel(NamedTuple):
    """What one kind of link carries from row to column; sparse (A, A)."""

    visits: sparse.csr_array
    """home-page visits"""
    impressions: sparse.csr_array
    """videos watched over the link"""
    follows: sparse.csr_array
    """follows straight from those videos"""


class LinkFlow(NamedTuple):
    """Where visits and impressions lead; A accounts in canonical order, seeded creators included."""

    P: sparse.csr_array
    """(A, A) visits of j straight after a visit of i, per visit: follow and like"""
    follow: Channel
    """over the following list, per visit of i"""
    like: Channel
    """over the liked list, per visit of i"""
    mention: Channel
    """over an @, per impression of i's videos"""
    page_follows: Floats
    """(A,) follows per home-page visit, by people who are no fans yet"""
    attention: Attention


class Visits(NamedTuple):
    """The visits that entries lead to; A accounts."""

    visits: Floats
    """(A,) visits of each home page, entries included"""
    per_entry: Floats
    """(A,) visits of all home pages that one entry at the account leads to, ≥ 1"""
    multiplier: float
    """visits per entry, over all entries; 1 without links"""
    radius: float
    """spectral radius of P, < 1"""


class AccountValue(NamedTuple):
    """What would be lost without all links to and from an account, whose posts and direct visitors stay."""

    account: str
    visits: float
    """visits of all home pages"""
    main_visits: float
    """visits of the main account's"""
    follows: float
    """follows of all accounts, from home pages and opened videos"""
    main_follows: float


class LinkValue(NamedTuple):
    """What would be lost without a link, the attention it drew going to the rest of its list."""

    source: str
    target: str
    channel: str
    visits: float
    """visits of all home pages"""
    main_visits: float
    """visits of the main account's"""
    follows: float
    """follows of all accounts, from home pages and liked videos"""
    main_follows: float


@deferred()
def link_flow(scenario: Scenario) -> LinkFlow:
    """The matrices of a scenario's links.

    P = F + G, with F from `attention.following_row` and G from `attention.liked_row`.

    Args:
        scenario: any.
    Returns:
        Matrices and chances by account.
    Source: `rules.links` and `hour.respond`; departs as the two rows say.
    """
    given = attention(scenario)
    ranks = range(len(given.accounts.rows))
    follow, like, mention = (
        _channel([row_of(given, i) for i in ranks]) for row_of in (following_row, liked_row, mention_row)
    )
    links = scenario.links
    lift = np.array([links.verified_lift if row.verified else 1.0 for row in given.accounts.rows])
    page_follows = np.minimum(1.0, links.visit_follow_probability * lift)
    page_follows *= [convinced(0, row.verified, *scenario.brand.follow_proof) for row in given.accounts.rows]
    total = sparse.csr_array(follow.visits + like.visits)
    return LinkFlow(total, follow, like, mention, page_follows, given)


def visits(P: sparse.csr_array | Floats, entries: Floats) -> Visits:
    """The visits that entries lead to.

    v = (I − Pᵀ)⁻¹ s;  per entry (I − P)⁻¹ 1;  multiplier 1ᵀv / 1ᵀs.

    Args:
        P: probability that a visit of i goes on to j, rows summing to less than 1, shape (A, A).
        entries: s, visits from elsewhere [visits], shape (A,).
    Returns:
        Visits [unit of entries], visits per entry, multiplier (1 without entries), spectral radius.
    Raises:
        ValueError: visits never end, because some chain of links loses nobody.
    Source: Kemeny & Snell 1976, Finite Markov Chains, 3.2 (fundamental matrix).
    Example:
        >>> found = visits(np.array([[0.0, 0.5], [0.0, 0.0]]), np.array([100.0, 10.0]))
        >>> found.visits.tolist(), found.per_entry.tolist(), found.radius
        ([100.0, 60.0], [1.5, 1.0], 0.0)
    """
    matrix = sparse.csr_array(P)
    radius = spectral_radius(matrix)
    if radius >= ENDLESS:
        raise ValueError(
            f"visits never end: the spectral radius of the links is {radius:.6g}, it must be below 1"
        )
    found = _factors(sparse.csr_array(matrix.T)).solve(np.asarray(entries, float))
    per_entry = _factors(matrix).solve(np.ones(matrix.shape[0]))
    total = float(np.sum(entries))
    return Visits(found, per_entry, float(found.sum()) / total if total else 1.0, radius)


def visit_variances(P: sparse.csr_array | Floats, entries: Floats) -> Floats:
    """The variance of each account's visits, given the entries, each visitor walking on her own.

    Var v_j = Σ_i s_i · (N_ij · (2 N_jj − 1) − N_ij²),  N = (I − P)⁻¹.

    Args:
        P: as for `visits`.
        entries: s, a whole number of visits each [visits], shape (A,).
    Returns:
        Variances [visits²], shape (A,).
    Source: Kemeny & Snell 1976, 3.3.3.
    Example:
        >>> visit_variances(np.array([[0.0, 0.5], [0.0, 0.0]]), np.array([100.0, 0.0])).tolist()
        [0.0, 25.0]
    """
    matrix = sparse.csr_array(P)
    N = _factors(matrix).solve(np.eye(matrix.shape[0]))
    return np.asarray(entries @ (N * (2 * np.diag(N) - 1) - N**2))


def spectral_radius(P: sparse.csr_array | Floats) -> float:
    """The largest |eigenvalue| of a matrix without negative entries; 0 where no chain returns.

    Taken over the strongly connected parts: a chain has none, and its eigenvalues are badly conditioned.

    Args:
        P: shape (A, A), entries ≥ 0.
    Returns:
        Radius ≥ 0.
    Source: Berman & Plemmons 1994, Nonnegative Matrices, 2.1 (Perron-Frobenius).
    """
    matrix = sparse.csr_array(P, copy=True)
    matrix.eliminate_zeros()
    parts, part_of = csgraph.connected_components(matrix, connection="strong")
    largest = float(matrix.diagonal().max(initial=0.0))  # parts of one account
    for part in np.flatnonzero(np.bincount(part_of, minlength=parts) > 1):
        members = np.flatnonzero(part_of == part)
        largest = max(largest, _perron(matrix[members][:, members]))
    return largest


def _perron(block: sparse.csr_array) -> float:
    """The largest eigenvalue of a strongly connected part, between the bounds min and max of (Bx)_i / x_i.

    Source: Noda 1971, Numer. Math. 17: 382-386; the bounds are Collatz' and Wielandt's.
    """
    x, top = np.ones(block.shape[0]), 0.0
    for _ in range(MOST_ROUNDS):
        ratios = (block @ x) / x
        top = float(ratios.max())
        if top - ratios.min() <= PRECISION * top:
            break
        # A shift a little above the bound is above the eigenvalue, so the matrix is never singular.
        shifted = top * (1 + PRECISION) * sparse.eye_array(x.size) - block
        x = linalg.splu(sparse.csc_array(shifted)).solve(x)
        x /= x.max()
    return top


def link_values(flow: LinkFlow, direct: Floats, impressions: Floats) -> list[LinkValue]:
    """What each link is worth, the most valuable first.

    Without link l, row i of P becomes P_i + d: the rest of the list draws the attention. With the worth
    g = (I − P)⁻¹ w of a visit and x = (I − P)⁻¹ eᵢ, what w counts changes by (g · d) · v_i / (1 − x · d).
    Without an @ it is the entries that move, by Δ, and what w counts changes by g · Δ.

    Args:
        flow: the matrices.
        direct: visits straight from the feed [visits], shape (A,).
        impressions: of each account's videos, which bring jumps over an @, shape (A,).
    Returns:
        A value a link, sorted by visits, then main visits, then the order of links.
    Source: Sherman & Morrison 1950, Ann. Math. Stat. 21: 124-127.
    """
    accounts = flow.attention.accounts
    names = [row.id for row in accounts.rows]
    size = len(names)
    factors = _factors(flow.P)
    found = _factors(sparse.csr_array(flow.P.T)).solve(direct + impressions @ flow.mention.visits)
    # Four things are counted, in columns: all visits, the main account's, all follows, the main account's.
    page, video = np.zeros((size, 4)), np.zeros((size, 4))
    page[:, 0], page[0, 1] = 1.0, 1.0
    page[:, 2], page[0, 3] = flow.page_follows, flow.page_follows[0]
    video[:, 2], video[0, 3] = 1.0, 1.0
    worth = factors.solve(page + (flow.follow.follows + flow.like.follows) @ video)
    values: list[LinkValue] = []
    for i in range(size):
        rows = {"follow": following_row(flow.attention, i), "like": liked_row(flow.attention, i)}
        returns = np.zeros(size)
        if any(row.targets.size for row in rows.values()):
            returns[i] = 1.0
            returns = factors.solve(returns)
        rows["mention"] = mention_row(flow.attention, i)
        for channel, row in rows.items():
            change = row.whole - row.cut  # what is lost: (link, kind, target)
            lost = change[:, VISITS] @ worth[row.targets] + change[:, FOLLOWS] @ video[row.targets]
            if channel == "mention":
                lost *= impressions[i]
            else:
                lost *= found[i] / (1 + change[:, VISITS] @ returns[row.targets])[:, None]
            values.extend(
                LinkValue(names[i], names[target], channel, *(float(x) for x in losses))
                for target, losses in zip(row.targets, lost, strict=True)
            )
    order = {tuple(edge): k for k, edge in enumerate(accounts.edges)}
    return sorted(values, key=lambda v: (-v.visits, -v.main_visits, order[v.source, v.target, v.channel]))


def account_values(flow: LinkFlow, direct: Floats, impressions: Floats) -> list[AccountValue]:
    """What the links to and from each brand account are worth together, in canonical order.

    v = (I − Pᵀ)⁻¹ s with and without. Not the sum of `link_values`: without one link the rest of its list
    draws the visitors, without all of them nobody does; and links along one way carry the same visitors.

    Args:
        flow: the matrices.
        direct: as for `link_values`, shape (A,).
        impressions: as for `link_values`, shape (A,).
    Returns:
        A value a brand account. Creators' @ of the main account stand outside the layout and stay.
    Source: Kemeny & Snell 1976, 3.2, as for `visits`.
    """
    given, known = flow.attention, flow.attention.accounts.rows
    lists = [
        [row_of(given, i) for i in range(len(known))] for row_of in (following_row, liked_row, mention_row)
    ]
    whole = _counted(flow, [_channel(rows) for rows in lists], direct, impressions)
    found: list[AccountValue] = []
    for number, account in enumerate(known):
        if account.role == "creator":
            continue
        rests = [
            _channel([_without(row, i, number, known[i].role == "creator") for i, row in enumerate(rows)])
            for rows in lists
        ]
        lost = whole - _counted(flow, rests, direct, impressions)
        found.append(AccountValue(account.id, *(float(x) for x in lost)))
    return found


def _without(row: Row, source: int, number: int, outside: bool) -> Row:
    """The row of an account when the links to and from an account are cut; those outside the layout stay."""
    if outside:
        return row
    if source == number:
        return Row(row.targets[:0], row.whole[:, :0], row.cut[:0, :, :0])
    place = np.flatnonzero(row.targets == number)
    return Row(row.targets, row.cut[place[0]] if place.size else row.whole, row.cut)


def _counted(flow: LinkFlow, channels: list[Channel], direct: Floats, impressions: Floats) -> Floats:
    """Visits, the main account's visits, follows, the main account's follows over these links; shape (4,)."""
    follow, like, mention = channels
    factors = _factors(sparse.csr_array((follow.visits + like.visits).T))
    found = factors.solve(direct + impressions @ mention.visits)
    follows = found * flow.page_follows + found @ (follow.follows + like.follows)
    follows = follows + impressions @ mention.follows
    return np.array([found.sum(), found[0], follows.sum(), follows[0]])


def _factors(P: sparse.csr_array) -> linalg.SuperLU:
    """The LU factors of I − P; of I − Pᵀ for the transpose."""
    return linalg.splu(sparse.csc_array(sparse.eye_array(P.shape[0]) - P))


def _channel(rows: list[Row]) -> Channel:
    """The rows of all accounts as one matrix a kind."""
    size = len(rows)
    starts = np.r_[0, np.cumsum([row.targets.size for row in rows])]
    columns = np.concatenate([row.targets for row in rows])
    whole = np.concatenate([row.whole for row in rows], axis=1)
    return Channel(
        *(
            sparse.csr_array((whole[kind], columns, starts), shape=(size, size))
            for kind in (VISITS, IMPRESSIONS, FOLLOWS)
        )
    )
