"""The creators that a seeding ratio stands for (K1, K2).

Takes a scenario; gives its creators as accounts, and their number by tier with what was
rounded away. Each makes one post that @-mentions the main account, outside the layout. Does
not choose when they post.

Model: nested ids, largest remainder under the budget until it buys nobody more, one post each that
@-mentions the main account.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sim.scenario.layouts import canonical_accounts, layout_values
from sim.scenario.matrix import TIERS, Account
from sim.scenario.schema import Scenario
from sim.scenario.structures import read


class TierCounts(NamedTuple):
    """Creators by tier, from star to amateur, and what to say about the rounding."""

    counts: tuple[int, ...]
    notes: tuple[str, ...]


def tier_counts(scenario: Scenario) -> TierCounts:
    """How many creators of each tier the scenario pays for.

    The ratio times the scale, rounded half up; or, under a budget, the largest numbers in the
    ratio's proportions that it pays for (apportionment.py).
    """
    seeding = scenario.seeding
    counts = seeding.counts or (0,) * len(TIERS)
    wanted = seeding.ratio or counts
    lost = [tier for tier, want, have in zip(TIERS, wanted, counts, strict=True) if want and not have]
    return TierCounts(counts, tuple(f"{tier}: rounded to 0 creators" for tier in lost))


def creators(scenario: Scenario) -> tuple[Account, ...]:
    """The seeded creators, from star to amateur.

    Returns:
        Accounts `star-001`, `junior-001`, … or those of the list: a larger ratio contains the smaller.
        They carry fans (over the whole platform), quality, estimated pull and fee; 0 posts a day beside the
        paid one.
    """
    seeding = scenario.seeding
    topics = canonical_accounts(scenario)[0].topics if seeding.topic is None else {seeding.topic: 1.0}
    return tuple(
        Account(
            id=row.id,
            role="creator",
            tier=row.tier,
            fans=row.fans,
            audience_fit=row.audience_fit,
            topics=topics,
            posts_per_day=0.0,
            quality=row.quality,
            opening=row.opening,
            weight=row.weight,
            cost_per_post_cny=row.price_cny,
        )
        for row in seeding.booked
    )


def varied(
    scenario: Scenario, layout: str | None, ratio: Sequence[int] | None, structure: str | None = None
) -> Scenario:
    """The scenario with another layout, seeding ratio and structure, where they are given.

    Raises:
        ScenarioError: it cannot have them.
        UsageError: there is no such structure.
    """
    values: dict[str, object] = {} if ratio is None else {"seeding.ratio": list(ratio)}
    values |= {} if layout is None else layout_values(scenario, layout)
    values |= {} if structure is None else read(structure).values
    return scenario.with_values(values) if values else scenario


def seeding_cost_cny(scenario: Scenario) -> float:
    """What the seeded creators cost together, fees and handling [CNY]."""
    return scenario.seeding.cost_cny(tier_counts(scenario).counts)
