"""The creator mixes that a budget is looked at with: a grid over three groups, and mixes that people know.

Gives whole creators by tier, their cost and each group's share of the money; no two with the same creators.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

import numpy as np

from sim.analysis.plan_warnings import posts_after_end, unspent
from sim.analysis.warned import Warned
from sim.app.jobs.request import FIRST, Comparing, plan_of
from sim.app.jobs.variants import Variation, variation
from sim.charts.ternary import Shares
from sim.language.words import LANGUAGES, N_, NC_, Words
from sim.scenario.matrix import MOST_CREATORS, TIERS, TierName
from sim.scenario.schema import Scenario
from sim.sweeps.money import NOBODY, PUBLISHED, Counts
from sim.sweeps.money import Budget as Money

STEPS = 4
"""The grid's shares of the money go in steps of 1 over this: 15 mixes (chosen)."""
START_CNY = 200_000
"""Budget to begin with where a scenario names none: first results in seconds (chosen)."""
FIRST_SEEDS = 8
"""Of some 20 mixes: a minute where the answer is not there yet (chosen)."""
MOST_CNY = 10_000_000
"""Largest budget that can be typed (chosen): 10,000 creators are the most, and take minutes."""
AROUND = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Budgets that a curve holds, over the one that is chosen (chosen)."""
GROUPS = (slice(0, 4), slice(4, 5), slice(5, 6))
"""KOL: star to waist; KOC: junior; amateurs."""
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
    """The mixes that a scenario's budget is looked at with: those that people know, then the grid.

    A point of the grid splits the money between KOL, KOC and amateurs. Inside KOL it goes to star,
    famous, head and waist as in the published structure, in whole creators; what is left of it buys
    more of them, beginning with the tier of the largest share, and then KOCs and amateurs.
    """
    plan = plan_of(scenario, users)
    money = Money(plan, budget_cny)
    simple = money.simple()
    found: dict[Counts, tuple[str, ...]] = {}
    for role, name in SIMPLE.items():
        found[simple[name]] = (*found.get(simple[name], ()), role)
    kol = np.array(PUBLISHED) * np.where(money.open, money.typical, 0.0)
    kol[GROUPS[0].stop :] = 0.0
    for first in range(STEPS, -1, -1):
        for second in range(STEPS - first, -1, -1):
            large = money.buy(kol, budget_cny * first / STEPS)
            others = np.array([0, 0, 0, 0, second, STEPS - first - second])
            small = money.buy(others, budget_cny - money.cost(large))
            found.setdefault(money.within(np.array(large) + np.array(small)), ())
    found.pop(NOBODY, None)
    if found:  # what the brand's accounts bring alone: a mix has to be worth more
        found[NOBODY] = (NOBODY_ROLE,)
    mixes: dict[str, MixVariant] = {}
    for counts, roles in found.items():
        mix = _mix(plan, counts, N_("mix"), roles)
        if mix.variant.name in mixes:  # shares that differ by less than a per cent
            mix = _mix(plan, counts, N_("mix"), roles, exact=True)
        mixes[mix.variant.name] = mix
    fits = zip(TIERS, money.open, money.prices, strict=True)
    tiers = [(tier, bool(open_), price > budget_cny) for tier, open_, price in fits]
    closed_ = tuple(tier for tier, open_, _ in tiers if not open_)
    dear = tuple(tier for tier, open_, beyond in tiers if open_ and beyond)
    return Offer(budget_cny, tuple(mixes.values()), closed_, dear)


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


def own(plan: Scenario, counts: Counts) -> MixVariant:
    """The reader's own creators as a mix."""
    return _mix(plan, counts, N_("your mix"), ())


def typical(plan: Scenario, tier: TierName) -> tuple[float, float] | None:
    """Price of one post and fans of a creator of a tier; of a price list the middle, None of nobody."""
    if not plan.seeding.creators:
        return plan.seeding.price_cny(tier), plan.seeding.tiers[tier].fans
    rows = plan.seeding.candidates[tier]
    if not rows:
        return None
    return median(row.price_cny for row in rows), median(row.fans for row in rows)


def closed(plan: Scenario, counts: Counts) -> tuple[str, ...]:
    """Tiers asked for whose fans inside the audience outnumber it."""
    fits = Money(plan, 0.0).open
    return tuple(tier for tier, n, open_ in zip(TIERS, counts, fits, strict=True) if n and not open_)


def lacking(plan: Scenario, counts: Counts) -> tuple[str, ...]:
    """Tiers of which more are asked for than there are."""
    supply = Money(plan, 0.0).supply
    return tuple(tier for tier, n, most in zip(TIERS, counts, supply, strict=True) if n > most)


def budgets(plan: Scenario, budget_cny: int) -> tuple[int, ...]:
    """Budgets around one that buy somebody, rising [CNY]; empty where there are no two."""
    market = Money(plan, 0.0)
    least = float(np.where(market.open, market.prices, np.inf).min())
    tried = {round(budget_cny * share) for share in AROUND}
    found = sorted(budget for budget in tried if max(1.0, least) <= budget <= MOST_CNY)
    return tuple(found) if len(found) > 1 else ()


def first_budget(plan: Scenario) -> int:
    """The budget that a scenario is first shown with [CNY]."""
    return min(int(plan.seeding.budget_cny or START_CNY), MOST_CNY)


def counts_of(text: str) -> Counts | None:
    """Creators from an address that anybody wrote, such as `0-0-0-15-15-25`; None for rubbish."""
    if not re.fullmatch(r"\d{1,5}(-\d{1,5}){5}", text, re.ASCII):
        return None
    counts = tuple(int(part) for part in text.split("-"))
    return counts if sum(counts) <= MOST_CREATORS else None


def ratio(counts: Iterable[int]) -> str:
    """Numbers with colons, as a structure is written.

    Example:
        >>> ratio((1, 1, 3, 46, 100, 150))
        '1:1:3:46:100:150'
    """
    return ":".join(str(n) for n in counts)


def percents(shares: Sequence[float]) -> tuple[int, ...]:
    """Shares as whole per cent that sum to 100, by largest remainder.

    Example:
        >>> percents((1 / 3, 1 / 3, 1 / 3))
        (34, 33, 33)
    """
    exact = [100 * share for share in shares]
    whole = [int(part + 1e-9) for part in exact]
    for k in sorted(range(len(exact)), key=lambda k: whole[k] - exact[k])[: 100 - sum(whole)]:
        whole[k] += 1
    return tuple(whole)


def _mix(
    plan: Scenario, counts: Counts, title: str, roles: tuple[str, ...], *, exact: bool = False
) -> MixVariant:
    shares = _shares(plan, counts)
    labels = []
    for language in LANGUAGES:
        words = Words(language)
        said = f"{words(title)} {ratio(percents(shares))}" if shares else words(ROLES[NOBODY_ROLE])
        notes = [words(ROLES[role]).lower() for role in roles] + ([ratio(counts)] if exact else [])
        if notes and shares:
            between, opening, closing = ("、", "（", "）") if language == "zh" else (", ", " (", ")")
            said += f"{opening}{between.join(notes)}{closing}"
        labels.append(said)
    label_zh, name = labels
    settings = {"seeding.ratio": list(counts), "seeding.scale": 1.0, "seeding.budget_cny": None}
    return MixVariant(
        variation(name, settings, label_zh), counts, plan.seeding.cost_cny(counts), shares, roles
    )


def _shares(plan: Scenario, counts: Counts) -> Shares | None:
    """Shares of the money; of the heads where nobody costs anything."""
    if not any(counts):
        return None
    spent = Money(plan, 0.0).spent(counts) if plan.seeding.cost_cny(counts) else np.array(counts, float)
    return Shares(*(float(spent[group].sum() / spent.sum()) for group in GROUPS))
