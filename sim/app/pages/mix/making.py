"""How mixes come about and what bounds them, in words; what creators and money are called."""

from collections.abc import Sequence

from sim.app.pages.mix.mixes import Offer
from sim.app.ui.names import creators, money, tier_name
from sim.language.words import N_, Words
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import seeding_cost_cny
from sim.sweeps import grid
from sim.sweeps.money import PUBLISHED

SPENT = 0.95
"""Share of the budget below which a mix is said to leave money unspent (chosen)."""


def listed(words: Words, tiers: Sequence[str]) -> str:
    """Names of tiers in a sentence."""
    return words.listed(tier_name(words, tier) for tier in tiers)


def limits(offer: Offer, words: Words) -> list[str]:
    """Which tiers are not to be had and what money is not spent, and why."""
    told = []
    if offer.closed:
        said = N_(
            "Left out: {tiers}. One of them has more fans inside the audience than it has people, or the "
            "list names nobody of them."
        )
        told.append(words(said, tiers=listed(words, offer.closed)))
    if offer.dear:
        said = N_("Too dear for this budget: {tiers}. Their share of the money goes to other tiers.")
        told.append(words(said, tiers=listed(words, offer.dear)))
    full = [mix for mix in offer.mixes if sum(mix.counts) == MOST_CREATORS]
    if any(mix.cost_cny < SPENT * offer.budget_cny for mix in full):
        said = N_("A run holds {most} creators at most: mixes of many small ones leave money unspent.")
        told.append(words(said, most=f"{MOST_CREATORS:,}"))
    return told


def made(plan: Scenario, offer: Offer, words: Words) -> list[str]:
    """How the mixes come about, in words."""
    inside = {
        tier: n * found[0]
        for tier, n in zip(TIERS[grid.GROUPS[0]], PUBLISHED, strict=False)
        if tier not in offer.closed and (found := grid.typical(plan, tier))
    }
    total, step = sum(inside.values()) or 1.0, 100 // grid.STEPS
    said = N_("The grid gives KOLs, KOCs and amateurs shares of the budget in steps of {step}%.")
    told = [words(said, step=step)]
    if inside:
        shares = (f"{tier_name(words, tier)} {100 * part / total:.0f}%" for tier, part in inside.items())
        said = N_("Inside KOL the money is split as the published structure splits it: {split}.")
        told.append(words(said, split=words.listed(shares)))
    said = N_(
        "Only whole creators are bought. What is left of the KOL money buys more of them, then KOCs and "
        "amateurs, so a mix may lie beside its point of the grid. Mixes that end up with the same creators "
        "are simulated once."
    )
    told.append(words(said))
    if published := offer.named("published"):
        said = N_("The published structure is {ratio}, star to amateur; scaled to the budget: {creators}.")
        booked = creators(words, published.counts)
        told.append(words(said, ratio=grid.ratio(PUBLISHED), creators=booked))
    said = N_(
        "Equal split: the same money for each tier. Cheapest only: all money for the cheapest tier. Most "
        "fans first: as many of the largest creators as the budget pays for, then of the next."
    )
    told.append(words(said))
    if any(plan.seeding.counts):
        said = N_("The scenario's own creators ({creators}) cost {cost} CNY.")
        own, cost = creators(words, plan.seeding.counts), money(words, seeding_cost_cny(plan))
        told.append(words(said, creators=own, cost=cost))
    return told
