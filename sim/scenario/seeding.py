"""The creators that a seeding ratio stands for (K1, K2).

Takes a scenario; gives its creators as accounts, and their number by tier with what was
rounded away. Each makes one post that @-mentions the main account, outside the layout. Does
not choose when they post.

Model: nested ids, largest remainder under the budget until it buys nobody more, one post each that
@-mentions the main account.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import UsageError
from sim.scenario.layouts import canonical_accounts, layout_values
from sim.scenario.matrix import TIERS, Account
from sim.scenario.schema import Scenario
from sim.scenario.structures import read
from sim.scenario.timing import timing_values

WRITTEN, NOBODY = "written", "nobody"
MIXES = {
    NOBODY: (0, 0, 0, 0, 0, 0), "kol": (1, 1, 3, 46, 0, 0), "koc": (0, 0, 0, 0, 1, 0),
    "amateurs": (0, 0, 0, 0, 0, 1), "published": (1, 1, 3, 46, 100, 150),
}  # fmt: skip
"""Ratios by the names that a command line knows beside 'written'; KOLs stand to one another as published.
Source: published seeding of a known brand."""


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
    scenario: Scenario,
    layout: str | None,
    ratio: Sequence[int] | str | None,
    structure: str | None = None,
    timing: str | None = None,
) -> Scenario:
    """The scenario with another layout, ratio or named mix of creators, structure and timing, where given.

    Raises:
        ScenarioError: it cannot have them.
        UsageError: there is no such structure, mix or timing, or no money for the mix.
    """
    values: dict[str, object] = {}
    if ratio is not None:
        values = mix_values(scenario, ratio) if isinstance(ratio, str) else {"seeding.ratio": list(ratio)}
    values |= {} if timing is None else timing_values(scenario, timing)
    values |= {} if layout is None else layout_values(scenario, layout)
    values |= {} if structure is None else read(structure).values
    return scenario.with_values(values) if values else scenario


def mix_values(scenario: Scenario, mix: str, otherwise_cny: float = 0.0) -> dict[str, object]:
    """The keys that put a named mix in place, for the money that the scenario spends on creators.

    Tiers that its audience cannot hold are left out.

    Args:
        scenario: whose creators are replaced.
        mix: 'written' or one of MIXES.
        otherwise_cny: money where the scenario spends none [CNY].
    Raises:
        UsageError: there is no such mix, or no money.
    """
    if mix == WRITTEN:
        return {}
    if mix not in MIXES:
        names = ", ".join((WRITTEN, *MIXES))
        raise UsageError("seeding {text!r} is unknown; allowed: {names}, or a ratio", text=mix, names=names)
    money = None if mix == NOBODY else budget_cny(scenario) or otherwise_cny
    if money == 0:
        raise UsageError(
            "seeding {mix!r}: the scenario spends nothing on creators that could be shared out; "
            "set seeding.budget_cny",
            mix=mix,
        )
    held = [n if scenario.holds(tier) else 0 for tier, n in zip(TIERS, MIXES[mix], strict=True)]
    return {"seeding.ratio": held, "seeding.scale": 1.0, "seeding.budget_cny": money}


def budget_cny(scenario: Scenario) -> float:
    """Money for creators: the scenario's budget, else what those that it books cost [CNY]."""
    return scenario.seeding.budget_cny or seeding_cost_cny(scenario)


def seeding_cost_cny(scenario: Scenario) -> float:
    """What the seeded creators cost together, fees and handling [CNY]."""
    return scenario.seeding.cost_cny(tier_counts(scenario).counts)
