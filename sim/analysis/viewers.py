"""Who sees a video, and how they respond on average: the audience behind the closed forms (M3, P2, P7).

Takes a scenario; gives a small sample of people with the platform's aim as weights, the rates of an account's
median video, factors that stand for the luck of its content, and mean responses by level of match. Averages
where a run draws. Does not know pools or links.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from sim.interrupts import deferred
from sim.rules import audience
from sim.rules.addresses import POPULATION
from sim.rules.content import quality_factor, without_completion
from sim.rules.draws import ONE_16, root_key
from sim.rules.engagement import ACTIONS
from sim.scenario.matrix import Account
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.aims import aim
from sim.world.fields import PERSON
from sim.world.population import ENGAGEMENT, fill_people, multipliers, segment_bounds, topic_names
from sim.world.posts import MOST, usual_rates

Floats = NDArray[np.float64]

LUCK_POINTS = 128
"""Videos that stand for an account's luck with content, a power of two for Sobol's sequence (chosen)."""
REFERENCE_PEOPLE = 1024
"""People that stand for the audience; they are laid out by segment, so few are enough (chosen)."""


class Viewers(NamedTuple):
    """People that stand for the audience, and whom the platform shows what; M topic mixes, n people."""

    kind: NDArray[np.int64]
    """(A,) topic mix of each account"""
    levels: NDArray[np.int64]
    """(M, n) level of match of a mix and a person [0..7]"""
    shares: Floats
    """(M, n) share of a mix's impressions that a person has; a row sums to 1"""
    completion: Floats
    """(levels, classes) match × propensity to finish"""
    engagement: Floats
    """(levels, classes) match × propensity to engage"""


@deferred()
def viewers(scenario: Scenario, accounts: Accounts) -> Viewers:
    """People that stand for the audience, weighted by how the platform aims each topic mix.

    Args:
        scenario: whose audience, targeting and response.
        accounts: the accounts, for their topic mixes.
    Returns:
        Match and shares by mix; one audience for every seed.
    Source: `world.population` and `world.aims.aim`.
    """
    people = np.zeros(REFERENCE_PEOPLE, PERSON)
    topics = topic_names(scenario)
    words = people.view(np.uint64).reshape(people.size, -1)
    fill_people(people, words, segment_bounds(scenario), len(topics), root_key(0, POPULATION), 0, people.size)
    mixes, kind = np.unique(accounts.weights, axis=0, return_inverse=True)
    matches = mixes @ people["interest"].T.astype(np.int64)
    levels = np.array(
        [[audience.affinity_level(match) for match in row] for row in matches.tolist()], np.int64
    )
    segment = people["topic"].astype(np.int64) * audience.ACTIVITY_CLASSES + people["activity_class"]
    alike = np.bincount(segment, minlength=segment.max() + 1)[segment]
    shown = [
        aim(mix.tolist(), [scenario.audience.topics[t] for t in topics], scenario.platform.targeting)
        for mix in mixes
    ]
    shares = np.array(shown)[:, segment] / alike
    table = multipliers(scenario) / ONE_16
    return Viewers(
        kind.ravel(),
        levels,
        shares / shares.sum(axis=1, keepdims=True),
        table[:ENGAGEMENT].reshape(audience.AFFINITY_LEVELS, -1),
        table[ENGAGEMENT:].reshape(audience.AFFINITY_LEVELS, -1),
    )


def median_rates(scenario: Scenario, account: Account) -> Floats:
    """The six rates of an account's median video for a neutral person, in the order of ACTIONS.

    Source: `world.posts.content_rates` without luck.
    """
    return np.minimum(MOST, usual_rates(scenario, account))


@deferred()
def luck(scenario: Scenario, points: int = LUCK_POINTS) -> Floats:
    """Factors on the median rates that stand for the luck of an account's videos.

    Args:
        scenario: whose spread.
        points: how many, a power of two.
    Returns:
        Factors by action, shape (points, 6); their median is 1.
    Source: Sobol 1967; the factor is `rules.content.quality_factor`, its use `world.posts.content_rates`.
    """
    draws = special.ndtri(stats.qmc.Sobol(len(ACTIONS) + 1, rng=0).random(points))
    spread = scenario.content.spread
    own = [getattr(spread, action) * spread.within_account**0.5 for action in ACTIONS]
    return np.array(
        [
            [
                quality_factor(row[0], row[k + 1], spread.engagement_correlation if k else 0.0, sd)
                for k, sd in enumerate(own)
            ]
            for row in draws.tolist()
        ]
    )


def responses(
    people: Viewers, rates: Floats, boost: float, among: Floats | None = None, tired: float = 1.0
) -> Floats:
    """Mean responses of people by level of match.

    p = Σ_ab q_ab · [(1 − c_a) · min(1, r·b) + c_a · min(1, boost·r·b)] over classes a (finishing) and b
    (engaging), r the rate of those who did not finish.

    Args:
        people: for what match and propensity multiply by.
        rates: six rates for a neutral person, in the order of ACTIONS, shape (V, 6).
        boost: how much more those who finished engage.
        among: q, shares of the classes, shape (completion classes, engagement classes); left out, all alike.
        tired: factor on every response.
    Returns:
        Probabilities, shape (V, levels, 6).
    Source: `rules.engagement.response`.
    """
    shape = people.completion.shape[1], people.engagement.shape[1]
    among = np.full(shape, 1 / (shape[0] * shape[1])) if among is None else among
    finishes = np.minimum(1.0, rates[:, :1, None] * people.completion * tired)  # (V, levels, a)
    means = [finishes @ among.sum(axis=1)]
    for k in range(1, rates.shape[1]):
        base = [without_completion(row[k], row[0], boost) for row in rates.tolist()]
        plain = np.array(base)[:, None, None] * people.engagement * tired  # (V, levels, b)
        after = np.minimum(1.0, plain * boost)
        plain = np.minimum(1.0, plain)
        means.append(plain @ among.sum(axis=0) + np.einsum("vla,ab,vlb->vl", finishes, among, after - plain))
    return np.stack(means, axis=-1)


def audience_rates(people: Viewers, account: int, by_level: Floats) -> Floats:
    """Mean responses over the people that the platform shows an account's videos.

    Args:
        people: shares and levels.
        account: number of the account.
        by_level: responses by level of match, shape (V, levels, 6).
    Returns:
        Rates per impression, shape (V, 6).
    Source: `world.aims.aim`; departs: the fans' part of the first pool is taken as the rest.
    """
    mix = people.kind[account]
    parts = np.bincount(people.levels[mix], weights=people.shares[mix], minlength=by_level.shape[1])
    return np.asarray(np.einsum("l,vlk->vk", parts, by_level))
