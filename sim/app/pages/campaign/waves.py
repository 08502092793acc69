"""A campaign in three waves, what a campaign costs, and what differs from the plan before it was edited."""

from collections.abc import Sequence

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
"""Openers, junior creators and amateurs where the plan books none: as the shipped challenge (assumed)."""


def three_waves(given: Document, plan: Scenario, names: Sequence[str]) -> Document:
    """The document with a challenge in three waves (K4): a few creators, then everybody, then promotion.

    Creators are those that the plan books, the largest first; where it books none, as many as its fans allow.

    Args:
        given: the document.
        plan: the scenario that it was last.
        names: of the waves.
    """
    topic = plan.seeding.topic or max(plan.audience.topics, key=lambda name: plan.audience.topics[name])
    counts = list(plan.seeding.counts or ())
    changed = editing.put(given, "topics.heat", True)
    if not any(counts):
        changed = editing.put(editing.put(changed, "seeding.scale", 1.0), "seeding.topic", topic)
        openers, junior, amateur = CREATORS
        for most in range(2, 4):  # head creators, or the tier below
            counts = [openers * (tier == most) for tier in range(4)] + [junior, amateur]
            changed = editing.put(changed, "seeding.ratio", counts)
            if _valid(changed):
                break
    booked: dict[str, int] = {tier: count for tier, count in zip(TIERS, counts, strict=True) if count}
    first, tiers = 0, list[str](booked)
    while first < len(tiers) - 1 and sum(booked[tier] for tier in tiers[:first]) < OPENERS:
        first += 1
    own = [ACCOUNTS] if any(account.role != "creator" for account in plan.accounts) else []
    money = sum(phase.budget_cny for phase in plan.campaign.phases) or PROMOTION_CNY
    whos: tuple[tuple[list[str], float], ...] = (
        (tiers[:first] or own or tiers, 0.0), ([*own, *tiers[first:]], 0.0), ([], money),
    )  # fmt: skip
    last = max(1, plan.run.hours - 1)
    phases: list[Row] = [
        {"name": name, "start_hour": min(start, last), "hours": hours, "accounts": who, "topic": topic,
         "budget_cny": paid}
        for name, (start, hours), (who, paid) in zip(names, FORM, whos, strict=True)
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


def _valid(given: Document) -> bool:
    try:
        editing.checked(given)
    except ScenarioError:
        return False
    return True
