"""A campaign in three waves, what a campaign costs, and what differs from the plan before it was edited."""

from collections.abc import Sequence
from typing import NamedTuple

from sim.app.ui import editing
from sim.app.ui.editing import Document, Row
from sim.errors import ScenarioError
from sim.scenario.campaign import ACCOUNTS
from sim.scenario.differences import differences
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import seeding_cost_cny

FORM = ((0, 12), (24, 48), (72, 48))
"""Of a challenge in three waves (chosen): when each begins, and how long it lasts [h]."""
PROMOTION_CNY = 40_000.0
"""Money of the third wave where the plan has none yet: that of the shipped challenge (assumed)."""
OPENERS = 3
"""Creators that open a topic, at least: 3 to 5 in the form that agencies describe."""
CREATORS = (4, 100, 300)
"""Openers, junior creators and amateurs where the plan books none, in these proportions under a budget: as
the shipped challenge (assumed)."""


class Money(NamedTuple):
    """What a challenge may cost [CNY]; creators None as many as the shipped challenge, or the plan, books."""

    creators: float | None
    promotion: float


def usual(plan: Scenario) -> Money:
    """What a challenge costs where nobody says otherwise."""
    promotion = sum(phase.budget_cny for phase in plan.campaign.phases) or PROMOTION_CNY
    if any(plan.seeding.counts or ()):
        return Money(None, promotion)
    made = three_waves(editing.document(plan), plan, "123", Money(None, promotion))
    return Money(costs(editing.checked(made))[1], promotion)


def three_waves(given: Document, plan: Scenario, names: Sequence[str], money: Money) -> Document:
    """The document with a challenge in three waves (K4): a few creators, then everybody, then promotion.

    Creators are those that the plan books, the largest first; where it books none, as many as its fans and
    the money allow.

    Args:
        given: the document.
        plan: the scenario that it was last.
        names: of the waves.
        money: for creators that the plan does not book yet, and for promotion.
    """
    topic = plan.seeding.topic or max(plan.audience.topics, key=lambda name: plan.audience.topics[name])
    counts = list(plan.seeding.counts or ())
    changed, least = editing.put(given, "topics.heat", True), OPENERS
    if not any(counts):
        changed = editing.put(editing.put(changed, "seeding.scale", 1.0), "seeding.topic", topic)
        changed = editing.put(changed, "seeding.budget_cny", money.creators)
        share = 1.0 if money.creators is None else min(1.0, money.creators / (usual(plan).creators or 1.0))
        (openers, *others), bought = CREATORS, None
        for most in range(2, 4):  # head creators, or the tier below
            counts = [openers * (tier == most) for tier in range(4)] + [round(share * n) for n in others]
            changed = editing.put(changed, "seeding.ratio", counts)
            bought = _bought(changed)
            if bought and bought[most] >= OPENERS:
                break
        counts, least = list(bought or counts), 1  # who is bought to open does
    booked: dict[str, int] = {tier: count for tier, count in zip(TIERS, counts, strict=True) if count}
    first, tiers = 0, list[str](booked)
    while first < len(tiers) - 1 and sum(booked[tier] for tier in tiers[:first]) < least:
        first += 1
    own = [ACCOUNTS] if any(account.role != "creator" for account in plan.accounts) else []
    whos: tuple[tuple[list[str], float], ...] = (
        (tiers[:first] or own or tiers, 0.0), ([*own, *tiers[first:]], 0.0), ([], money.promotion),
    )  # fmt: skip
    last = max(1, plan.run.hours - 1)
    phases: list[Row] = [
        {"name": name, "start_hour": min(start, last), "hours": hours, "accounts": who, "topic": topic,
         "budget_cny": paid}
        for name, (start, hours), (who, paid) in zip(names, FORM, whos, strict=True)
        if who or paid
    ]  # fmt: skip
    return editing.put(changed, "campaign.phases", phases)


def costs(plan: Scenario) -> tuple[float, float]:
    """What a plan pays for promotion, that of its waves and of single posts, and for creators [CNY]."""
    boosts = sum(boost.budget_cny for boost in plan.paid.boosts)
    return boosts + sum(phase.budget_cny for phase in plan.campaign.phases), seeding_cost_cny(plan)


def changed(before: Scenario, after: Scenario) -> dict[str, object]:
    """The keys that lead from one scenario to another, its name and audience left out."""
    values, found = editing.document(after), dict[str, object]()
    for place in (change.place for change in differences(before, after)):
        key = "accounts" if place[0] == "accounts" else ".".join(map(str, place[:2]))
        if key not in ("name", "audience.users"):
            found[key] = editing.value_at(values, key)
    return found


def _bought(given: Document) -> tuple[int, ...] | None:
    """Creators by tier of a document; None where it is no scenario."""
    try:
        return editing.checked(given).seeding.counts
    except ScenarioError:
        return None
