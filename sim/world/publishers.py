"""Who publishes each post of the plan, and whose material it shows (M15).

Takes a scenario, its accounts and who planned each post; gives arrays over posts. Dealt, not drawn: the same
in every seed. A race changes the publishers of posts to come while it runs (mechanisms/structure.py).
"""

import numpy as np
from numpy.typing import NDArray

from sim.scenario import structures
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts


def publishers_of(scenario: Scenario, accounts: Accounts, planner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The account on whose page each post appears.

    Args:
        scenario: with its structure.
        accounts: of the scenario.
        planner: (P,) account that planned each post, in order of the plan.
    Returns:
        (P,) accounts. Where a planner's posts go to several, each gets as many posts as the next, and as many
        of this planner's, so that no account has one planner's topics alone.
    """
    number = {row.id: k for k, row in enumerate(accounts.rows)}
    to = structures.dealt_to(scenario)
    open_to = [np.array([number[name] for name in to.get(row.id, (row.id,))]) for row in accounts.rows]
    found = np.array([own[0] for own in open_to], np.int64)[planner]
    if max(own.size for own in open_to) == 1:
        return found
    posts = np.zeros(len(accounts.rows), np.int64)
    own_posts = [np.zeros(own.size, np.int64) for own in open_to]
    for p, k in enumerate(planner.tolist()):
        least = int((posts[open_to[k]] * (planner.size + 1) + own_posts[k]).argmin())
        own_posts[k][least] += 1
        found[p] = open_to[k][least]
        posts[found[p]] += 1
    return found


def materials_of(scenario: Scenario, accounts: Accounts, publisher: NDArray[np.int64]) -> NDArray[np.int64]:
    """The post whose material each post shows: its own, but in a structure of the same material.

    There a sub publishes the newest material of the brand that it has not published yet; where it has
    published all of it, it makes a new one, as the main account does with each of its posts.

    Args:
        scenario: with its structure.
        accounts: of the scenario.
        publisher: (P,) account that publishes each post, in order of the plan.
    Returns:
        (P,) numbers of posts, never later ones.
    """
    found = np.arange(publisher.size)
    if structures.kind_of(scenario) != "same":
        return found
    made: list[int] = []
    known: dict[int, int] = {}
    """account → pieces that it has heard of"""
    waiting: dict[int, list[int]] = {}
    """account → pieces among them that it has not published, the newest last"""
    for p, k in enumerate(publisher.tolist()):
        if accounts.rows[k].role == "creator":
            continue
        pieces = waiting.setdefault(k, [])
        pieces += made[known.get(k, 0) :]
        known[k] = len(made)
        if pieces and accounts.rows[k].role == "sub":
            found[p] = pieces.pop()
        else:
            made.append(p)
            known[k] += 1
    return found
