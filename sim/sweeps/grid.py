"""Creator mixes that a budget is looked at with: a grid over three groups of tiers, beside those people know.

Takes a scenario and a budget; gives numbers of creators by tier, and the groups' shares of the money.
"""

from collections.abc import Iterable, Sequence
from statistics import median

import numpy as np

from sim.scenario.apportionment import Shares
from sim.scenario.matrix import TIERS, TierName
from sim.scenario.schema import Scenario
from sim.sweeps.money import NOBODY, PUBLISHED, Budget, Counts

STEPS = 4
"""The grid's shares of the money go in steps of 1 over this: 15 mixes (chosen)."""
GROUPS = (slice(0, 4), slice(4, 5), slice(5, 6))
"""KOL: star to waist; KOC: junior; amateurs."""
AROUND = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Budgets that a curve holds, over the one that is chosen (chosen)."""
SLIDES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Those that a slider stops at, over the scenario's first one (chosen)."""


def mixes(plan: Scenario, money: Budget, known: Sequence[str]) -> dict[Counts, tuple[str, ...]]:
    """The mixes of a budget, no two with the same creators, by the names of those known; nobody is the last.

    A point of the grid splits the money between KOL, KOC and amateurs. Inside KOL it goes to star,
    famous, head and waist as in the published structure, in whole creators; what is left of it buys
    more of them, beginning with the tier of the largest share, and then KOCs and amateurs.

    Args:
        plan: the scenario.
        money: the budget.
        known: names of simple mixes (sim.sweeps.money.SIMPLE).
    Returns:
        Names by creators; empty where the budget buys nobody.
    """
    found: dict[Counts, tuple[str, ...]] = {}
    simple = money.simple()
    for name in known:
        found[simple[name]] = (*found.get(simple[name], ()), name)
    kol = np.array(PUBLISHED) * np.where(money.open, money.typical, 0.0)
    kol[GROUPS[0].stop :] = 0.0
    for first in range(STEPS, -1, -1):
        for second in range(STEPS - first, -1, -1):
            large = money.buy(kol, money.budget_cny * first / STEPS)
            others = np.array([0, 0, 0, 0, second, STEPS - first - second])
            small = money.buy(others, money.budget_cny - money.cost(large))
            found.setdefault(money.within(np.array(large) + np.array(small)), ())
    found.pop(NOBODY, None)
    return found | {NOBODY: ()} if found else {}  # what own accounts bring: a mix has to be worth more


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
    fits = Budget(plan, 0.0).open
    return tuple(tier for tier, n, open_ in zip(TIERS, counts, fits, strict=True) if n and not open_)


def lacking(plan: Scenario, counts: Counts) -> tuple[str, ...]:
    """Tiers of which more are asked for than there are."""
    supply = Budget(plan, 0.0).supply
    return tuple(tier for tier, n, most in zip(TIERS, counts, supply, strict=True) if n > most)


def budgets(
    plan: Scenario, budget_cny: int, most_cny: int, around: Sequence[float] = AROUND
) -> tuple[int, ...]:
    """Budgets around one that buy somebody, rising [CNY]; empty where there are no two."""
    market = Budget(plan, 0.0)
    least = float(np.where(market.open, market.prices, np.inf).min())
    tried = {round(budget_cny * share) for share in around}
    found = sorted(budget for budget in tried if max(1.0, least) <= budget <= most_cny)
    return tuple(found) if len(found) > 1 else ()


def shares(plan: Scenario, counts: Counts) -> Shares | None:
    """The groups' shares of the money; of the heads where nobody costs anything, None of nobody."""
    if not any(counts):
        return None
    spent = Budget(plan, 0.0).spent(counts) if plan.seeding.cost_cny(counts) else np.array(counts, float)
    return Shares(*(float(spent[group].sum() / spent.sum()) for group in GROUPS))


def ratio(counts: Iterable[int]) -> str:
    """Numbers with colons, as a structure is written.

    Example:
        >>> ratio((1, 1, 3, 46, 100, 150))
        '1:1:3:46:100:150'
    """
    return ":".join(str(n) for n in counts)


def percents(parts: Sequence[float]) -> tuple[int, ...]:
    """Shares as whole per cent that sum to 100, by largest remainder.

    Example:
        >>> percents((1 / 3, 1 / 3, 1 / 3))
        (34, 33, 33)
    """
    exact = [100 * share for share in parts]
    whole = [int(part + 1e-9) for part in exact]
    for k in sorted(range(len(exact)), key=lambda k: whole[k] - exact[k])[: 100 - sum(whole)]:
        whole[k] += 1
    return tuple(whole)
