"""The creator mixes that a budget is looked at with: a grid over three groups, and mixes that people know.

Gives whole creators by tier, their cost and each group's share of the money; no two with the same creators.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from sim.analysis.plan_warnings import posts_after_end, unspent
from sim.analysis.warned import Warned
from sim.app.jobs.questions import MOST_CNY, Budgeting, sliding
from sim.app.jobs.request import FIRST, Comparing, plan_of
from sim.app.jobs.variants import START_CNY, Variation, variation
from sim.language.names import TIER
from sim.language.words import LANGUAGES, N_, NC_, Words
from sim.scenario.apportionment import Shares
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.schema import Scenario
from sim.sweeps import grid
from sim.sweeps.money import Budget as Money
from sim.sweeps.money import Counts

FIRST_METRIC = "orders"
"""At the first view's budget any mix reaches nearly everybody; orders tell them apart (chosen)."""
FIRST_SEEDS = 8
"""Of some 20 mixes: a minute where the answer is not there yet (chosen)."""
NOBODY_ROLE = "nobody"
ROLES = {
    "published": NC_("mix", "Published"), "equal": N_("Equal split"), "cheapest": N_("Cheapest only"),
    "fans": N_("Most fans first"), NOBODY_ROLE: N_("No creators"),
}  # fmt: skip
"""Mixes that people know, and to spend nothing."""
SIMPLE = {
    "published": "published 1:1:3:46:100:150", "equal": "equal split", "cheapest": "cheapest only",
    "fans": "most fans first",
}  # fmt: skip
"""What they are called where a budget is spent (sweeps/money.py)."""


class MixVariant(NamedTuple):
    """Creators and what they are called in a comparison."""

    variant: Variation
    counts: Counts
    cost_cny: float
    shares: Shares | None
    """of the money; None where nobody is booked"""
    roles: tuple[str, ...] = ()


class Offer(NamedTuple):
    """What a budget can be spent on."""

    budget_cny: float
    mixes: tuple[MixVariant, ...]
    """no two with the same creators; nobody the last of them, where the budget buys somebody"""
    closed: tuple[str, ...]
    """tiers with more fans inside the audience than it has people"""
    dear: tuple[str, ...]
    """other tiers of which one creator costs more than the budget"""

    def named(self, role: str) -> MixVariant | None:
        """The mix in a role."""
        return next((mix for mix in self.mixes if role in mix.roles), None)

    def of(self, counts: Counts) -> MixVariant | None:
        """The mix with these creators."""
        return next((mix for mix in self.mixes if mix.counts == counts), None)


@lru_cache(maxsize=32)
def offer(scenario: str, users: int | None, budget_cny: float) -> Offer:
    """The mixes that a scenario's budget is looked at with: those that people know, then the grid."""
    plan = plan_of(scenario, users)
    money = Money(plan, budget_cny)
    roles = {name: role for role, name in SIMPLE.items()}
    found = {counts: tuple(roles[name] for name in names) or (() if any(counts) else (NOBODY_ROLE,))
             for counts, names in grid.mixes(plan, money, tuple(roles)).items()}  # fmt: skip
    mixes: dict[str, MixVariant] = {}
    for counts, given in found.items():
        mix = _mix(plan, counts, N_("mix"), given)
        if mix.variant.name in mixes:  # shares that differ by less than a per cent
            mix = _mix(plan, counts, N_("mix"), given, exact=True)
        mixes[mix.variant.name] = mix
    fits = zip(TIERS, money.open, money.prices, strict=True)
    tiers = [(tier, bool(open_), price > budget_cny) for tier, open_, price in fits]
    closed_ = tuple(tier for tier, open_, _ in tiers if not open_)
    dear = tuple(tier for tier, open_, beyond in tiers if open_ and beyond)
    return Offer(budget_cny, tuple(mixes.values()), closed_, dear)


def role_name(role: str, counts: Counts, words: Words) -> str:
    """What a mix that people know is called; where a list prices others lowest, the cheapest by its tiers."""
    tiers = [tier for tier, n in zip(TIERS, counts, strict=True) if n]
    if role != "cheapest" or tiers == ["amateur"]:
        return words(ROLES[role])
    return words(
        "Cheapest only: {tiers}", tiers=words.listed(TIER[tier].said(words.language) for tier in tiers)
    )


def warned(plan: Scenario, counts: Counts, budget_cny: float) -> list[Warned]:
    """What creators leave of a budget, and which of them post too late."""
    if not any(counts):
        return []
    rest = unspent(plan, counts, budget_cny - plan.seeding.cost_cny(counts), budget_cny)
    bought = {"seeding.ratio": counts, "seeding.scale": 1.0, "seeding.budget_cny": None}
    return [*([rest] if rest else []), *posts_after_end(plan.with_values(bought))]


def first() -> Comparing:
    """What the page shows at first: shipped already computed."""
    asked = offer(FIRST.scenario, None, START_CNY).mixes
    return Comparing(FIRST.scenario, None, tuple(mix.variant for mix in asked), FIRST_SEEDS)


def first_slider() -> Budgeting:
    """What the slider of the first view stops at: shipped already computed."""
    asked = sliding(FIRST.scenario, None, FIRST_METRIC, first_budget(FIRST.plan()))
    assert asked is not None
    return asked


def own(plan: Scenario, counts: Counts) -> MixVariant:
    """The reader's own creators as a mix."""
    return _mix(plan, counts, N_("your mix"), ())


def first_budget(plan: Scenario) -> int:
    """The budget that a scenario is first shown with [CNY]."""
    return min(int(plan.seeding.budget_cny or START_CNY), MOST_CNY)


def counts_of(text: str) -> Counts | None:
    """Creators from an address that anybody wrote, such as `0-0-0-15-15-25`; None for rubbish."""
    if not re.fullmatch(r"\d{1,5}(-\d{1,5}){5}", text, re.ASCII):
        return None
    counts = tuple(int(part) for part in text.split("-"))
    return counts if sum(counts) <= MOST_CREATORS else None


def _mix(
    plan: Scenario, counts: Counts, title: str, roles: tuple[str, ...], *, exact: bool = False
) -> MixVariant:
    shares = grid.shares(plan, counts)
    labels = []
    for language in LANGUAGES:
        words = Words(language)
        said = f"{words(title)} {grid.ratio(grid.percents(shares))}" if shares else words(ROLES[NOBODY_ROLE])
        called = (role_name(role, counts, words) for role in roles)
        notes = [name[:1].lower() + name[1:] for name in called] + ([grid.ratio(counts)] if exact else [])
        if notes and shares:
            between, opening, closing = ("、", "（", "）") if language == "zh" else (", ", " (", ")")
            said += f"{opening}{between.join(notes)}{closing}"
        labels.append(said)
    label_zh, name = labels
    settings = {"seeding.ratio": list(counts), "seeding.scale": 1.0, "seeding.budget_cny": None}
    return MixVariant(
        variation(name, settings, label_zh), counts, plan.seeding.cost_cny(counts), shares, roles
    )
