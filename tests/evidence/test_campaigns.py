"""Concentrated against spread out, who posts first, and the same content on twelve accounts: findings, with intervals."""

from collections.abc import Callable, Mapping

import pytest

from sim.experiment.compare import Comparison, Variant, by_metric, compare_variants
from sim.scenario.schema import Scenario
from tests.evidence.page import table

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]
METRICS = ("reach", "follows", "orders")
THRESHOLDS = (1_000, 10_000, 100_000)
"""Of a topic that the challenge can pass, to one that it cannot: the default and the upper end of the range."""
SEEDS, DRAWS = 8, 32
"""Few: the challenge is a run of ten seconds among eight million people."""


def compared(variants: Mapping[str, Scenario], *, robust: bool = False) -> dict[str, Comparison]:
    """The comparison by each metric, on one set of runs."""
    start = next(iter(variants.values()))
    plans = tuple(Variant(name, name, scenario, start) for name, scenario in variants.items())
    found = compare_variants(plans, metric=METRICS[0], seeds=DRAWS if robust else SEEDS, robust=robust)
    return {metric: by_metric(found, metric) for metric in METRICS}


def told(found: Mapping[str, Comparison]) -> str:
    """Verdicts, and means with what each is behind the best."""
    said = "\n\n".join(f"**{metric}.** {one.text('en')} {one.text('zh')}" for metric, one in found.items())
    plans = next(iter(found.values())).variants
    rows = [
        [plan.name]
        + [cell for one in found.values() for cell in (f"{one.rows[k].mean:,.0f}", behind(one, k))]
        + [f"{one.rows[k].first_share:.0%}" for one in found.values()]
        for k, plan in enumerate(plans)
    ]
    head = [
        "",
        *(name for m in found for name in (m, "to the best (95 %)")),
        *(f"first by {m}" for m in found),
    ]
    return f"{said}\n\n{table(head, rows)}"


def behind(found: Comparison, k: int) -> str:
    """Difference of a variant to the best, with its limits."""
    row = found.rows[k]
    if k == found.verdict.best:
        return "best"
    limits = (
        "" if row.difference_low is None else f" ({row.difference_low:,.0f} to {row.difference_high:,.0f})"
    )
    return f"{row.difference:,.0f}{limits}"


@pytest.mark.system("M9", "P9", "K4")
def test_concentrated_against_spread_out(section: Section) -> None:
    plans = {name: Scenario.load(name) for name in ("challenge", "challenge_spread")}
    parts = []
    for threshold in THRESHOLDS:
        found = compared({n: s.with_values({"topics.threshold": threshold}) for n, s in plans.items()})
        parts.append(f"### Hot from {threshold:,} engagements\n\n{told(found)}")
        assert all(len(one.rows) == len(plans) for one in found.values())
    cold = compared({name: s.with_values({"topics.heat": False}) for name, s in plans.items()})
    parts.append(f"### Topics cannot become hot\n\n{told(cold)}")
    section(
        "A campaign in waves against the same posts spread out",
        f"`challenge` and `challenge_spread`: same accounts, creators, posts, topic and money. {SEEDS} seeds.\n\n"
        + "\n\n".join(parts),
    )


ORDERS = {
    "KOL, then KOC": (("kol", 0), ("koc", 168)),
    "KOC, then KOL": (("koc", 0), ("kol", 168)),
    "at once": (("kol", 0), ("koc", 0)),
    "KOL only": (("kol", 0),),
    "KOC only": (("koc", 0),),
}
TIERS = {"kol": ["head", "waist"], "koc": ["junior", "amateur"]}
RATIO = {"kol": (0, 0, 1, 10, 0, 0), "koc": (0, 0, 0, 0, 40, 120)}
PEOPLE, BUDGET_CNY = 2_000_000, 300_000.0


def ordered(
    scenario: Scenario, waves: tuple[tuple[str, int], ...], budget_cny: float = BUDGET_CNY
) -> Scenario:
    """The brand's plan with creators in such waves of a week each; the money is the same, in halves where both act."""
    parts = [RATIO[who] for who, _ in waves]
    ratio = tuple(map(sum, zip(*parts, strict=True)))
    phases = [{"name": who, "start_hour": at, "hours": 168, "accounts": TIERS[who]} for who, at in waves]
    return scenario.with_values(
        {"seeding.ratio": ratio, "seeding.budget_cny": budget_cny, "campaign.phases": tuple(phases)}
    )


@pytest.mark.system("K3")
def test_who_posts_first(section: Section) -> None:
    scenario = Scenario.load("seeding_pyramid").with_values({"audience.users": PEOPLE})
    plans = {name: ordered(scenario, waves) for name, waves in ORDERS.items()}
    found, drawn = compared(plans), compared(plans, robust=True)
    boxes = []
    for metric, one in drawn.items():
        box = one.box
        if box is None:
            continue
        shares = ", ".join(
            f"{plan.name} {share:.0%}" for plan, share in zip(one.variants, box.shares, strict=False)
        )
        axes = " and ".join(f"`{axis[0]}`" for axis in box.axes)
        boxes.append(
            f"**{metric}, assumptions drawn.** {one.text('en')} Best in the box: {shares}, cannot tell "
            f"{box.shares[-1]:.0%}. It hangs most on {axes}."
        )
    cost = ", ".join(f"{plan.name} {_cost(found, k):,.0f}" for k, plan in enumerate(found["reach"].variants))
    section(
        "KOL or KOC first",
        f"`seeding_pyramid` among {PEOPLE:,} people with {BUDGET_CNY:,.0f} CNY for creators: a head creator to ten of the waist (KOL), forty junior ones "
        f"to 120 amateurs (KOC), each a week's wave. What was spent in all (CNY): {cost}. {SEEDS} seeds, {DRAWS} "
        "draws of all assumed numbers from their ranges.\n\n" + told(found) + "\n\n" + "\n\n".join(boxes),
    )
    assert boxes


def _cost(found: Mapping[str, Comparison], k: int) -> float:
    one = found["reach"]
    return float(one.money[k].cost_cny)


@pytest.mark.system("P6", "X6")
def test_same_content_against_different(section: Section) -> None:
    same = Scenario.load("same_content")
    other = same.with_values(
        {"accounts": tuple(a.model_copy(update={"material": None}) for a in same.accounts)}
    )
    states: dict[str, dict[str, object]] = {
        "no penalty, no enforcement": {},
        "penalty": {"platform.same_content_factor": penalty()},
        "enforcement, hazard 1": {"enforcement.hazard": 1.0},
        "enforcement, hazard 4": {"enforcement.hazard": 4.0},
        "penalty and hazard 4": {"platform.same_content_factor": penalty(), "enforcement.hazard": 4.0},
    }
    parts = []
    for state, values in states.items():
        found = compared({"same": same.with_values(values), "different": other.with_values(values)})
        parts.append(f"### {state[0].upper()}{state[1:]}\n\n{told(found)}")
        assert all(len(one.rows) == 2 for one in found.values())
    section(
        "Twelve accounts with the same content and with content of their own",
        f"`same_content`, and the same accounts each with its own material. {SEEDS} seeds; making content costs what "
        "`production` says, in neither plan more.\n\n" + "\n\n".join(parts),
    )


def penalty() -> float:
    """What same content keeps of its exposure by default."""
    return float(type(Scenario.load("same_content").platform).model_fields["same_content_factor"].default)
