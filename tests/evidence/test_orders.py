"""Over which assumptions does it pay to book KOL before KOC, after them, alone or not at all?

Every number that is known to a range only is screened first, all of them at once at the corners of their box; the
few that move the differences most are then followed over their whole range. A finding; nothing was set by it.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from plotly.subplots import make_subplots
from scipy import special
from scipy.linalg import hadamard

from sim.analysis.paired import intervals
from sim.charts.picture import picture
from sim.charts.theme import CATEGORIES, template
from sim.experiment.replicate import Job, replicate
from sim.experiment.robust import drawn_in, span_of, value_at
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from tests.evidence.page import PAGE, table
from tests.evidence.test_campaigns import ORDERS, ordered
from tests.evidence.test_forces import Section

pytestmark = pytest.mark.evidence
Floats = NDArray[np.float64]
PEOPLE, BUDGET_CNY, HOURS = 250_000, 37_500.0, 504
"""An eighth of the market and of the money of `test_who_posts_first`, and three weeks of its four."""
PLANS = ("KOL, then KOC", "KOC, then KOL", "KOC only", "KOL only")
"""Differences are taken from the first."""
CHINESE = {"KOL, then KOC": "先 KOL 后 KOC", "KOC, then KOL": "先 KOC 后 KOL", "KOC only": "只投 KOC", "KOL only": "只投 KOL"}  # fmt: skip
METRICS = ("orders", "follows", "reach", "cost_cny")
RIVALS, STEPS, SEEDS = 2, 5, 8
"""Rivals whose strongest key is followed over its range, its values, launches at each value."""
NAMED = 8
"""Keys that the table of the screening shows."""
PICTURE = PAGE.parent / "pictures" / "orders.png"
HOLDS, UNTOLD, REVERSED = "ahead", "cannot tell", "behind"
TOLD = {HOLDS: "领先", UNTOLD: "分不出高下", REVERSED: "落后"}


class Effect(NamedTuple):
    """What moving a key from its low to its high end does to each difference, over the whole box."""

    key: str
    by: Floats
    """(rivals,) of the first plan's lead, as a share of the mean of the two"""
    half: Floats
    """(rivals,) half-width of its 95 % interval"""


class Curve(NamedTuple):
    """The first plan's lead over each other along the range of a key; all else as the scenario has it."""

    key: str
    values: Floats
    """(values,)"""
    lead: Floats
    """(values, rivals, 3): share of the first plan's orders, and its 95 % limits"""

    def states(self, rival: int) -> list[str]:
        """At each value: whether the first plan is ahead."""
        return [
            HOLDS if low > 0.0 else REVERSED if high < 0.0 else UNTOLD for _, low, high in self.lead[:, rival]
        ]

    def spans(self, rival: int) -> list[tuple[str, float, float]]:
        """The range cut by what may be said: state, first and last of the values tried."""
        told = zip(self.states(rival), self.values.tolist(), strict=True)
        runs = [(state, [at for _, at in run]) for state, run in groupby(told, key=lambda pair: pair[0])]
        return [(state, at[0], at[-1]) for state, at in runs]


def at(plan: Scenario, point: Mapping[str, float]) -> Scenario:
    """The plan with some numbers set; whoever it books was found, as in a draw of all assumptions."""
    known = drawn_in(plan)
    values = {key: round(x) if isinstance(known[key].default, int) else x for key, x in point.items()}
    for tier, count in zip(TIERS, plan.seeding.counts, strict=False):
        key = f"seeding.market.supply.{tier}"
        if key in values:
            values[key] = max(values[key], count)
    return plan.with_values(values)


def launched(
    points: Sequence[Mapping[str, float]], plans: Sequence[Scenario], seeds: int, *, apart: bool
) -> Floats:
    """Metrics by point, plan, launch: (points, plans, seeds, METRICS); points share their luck unless `apart`."""
    jobs = [
        Job(p * len(plans) + k, at(plan, point), 1 + seed + apart * p * seeds)
        for p, point in enumerate(points)
        for seed in range(seeds)
        for k, plan in enumerate(plans)
    ]
    if not apart:  # those of one seed share their people
        jobs.sort(key=lambda job: job.seed)
    found = np.empty((len(points) * len(plans), seeds, len(METRICS)))
    for job, summary in replicate(jobs):
        found[job.variant, (job.seed - 1) % seeds] = [summary[metric] for metric in METRICS]
    return found.reshape(len(points), len(plans), seeds, len(METRICS))


def corners(keys: int) -> Floats:
    """Ends of each key, −1 or 1: rows of a Hadamard matrix, (rows, keys).

    Effects of single keys are then free of one another's, not of how two others act together.
    Source: Plackett & Burman 1946, Biometrika 33.
    """
    return hadamard(1 << keys.bit_length())[:, 1 : keys + 1].astype(float)


def screened(keys: Sequence[str], design: Floats, leads: Floats) -> list[Effect]:
    """Effect of each key on each lead, shape (rows, rivals)."""
    rows, count = design.shape
    slopes = design.T @ leads / rows
    left = leads - leads.mean(axis=0) - design @ slopes
    free = rows - count - 1
    half = 2.0 * special.stdtrit(free, 0.975) * np.sqrt((left**2).sum(axis=0) / free / rows)
    return [Effect(key, 2.0 * slope, half) for key, slope in zip(keys, slopes, strict=True)]


def strongest(effects: Sequence[Effect], at_work: Callable[[str], bool]) -> list[str]:
    """The key that moves the lead over each of the first rivals most, another one for each.

    One that does nothing unless another key is moved too is left out: there is no curve of it.
    """
    found: list[str] = []
    for rival in range(RIVALS):
        falling = sorted(effects, key=lambda effect: -abs(effect.by[rival]))
        found.append(next(e.key for e in falling if e.key not in found and at_work(e.key)))
    return found


def leads_of(values: Floats) -> Floats:
    """Lead of the first plan over each other, as a share of the mean of the two; values: (plans, …)."""
    first, others = values[0], values[1:]
    both = (first + others) / 2.0
    leads: Floats = np.divide(first - others, both, out=np.zeros_like(both), where=both > 0.0)
    return leads


def followed(key: str, values: Floats, found: Floats) -> Curve:
    """The curve of a key from orders by value, plan and launch."""
    lead = np.empty((values.size, len(PLANS) - 1, 3))
    for v, each in enumerate(found):
        told = intervals(each, to=0)
        limits = (told.difference, told.difference_high, told.difference_low)
        lead[v] = -np.stack(limits, axis=1)[1:] / told.mean[0]
    return Curve(key, values, lead)


@pytest.mark.system("K3")
def test_over_which_assumptions_each_order_holds(section: Section) -> None:
    scenario = Scenario.load("seeding_pyramid").with_values({"audience.users": PEOPLE, "run.hours": HOURS})
    plans = [ordered(scenario, ORDERS[name], BUDGET_CNY) for name in PLANS]
    known = drawn_in(plans[0])
    keys, spans = list(known), np.array([span_of(field) for field in known.values()])
    design = corners(len(keys))
    ends = np.where(design > 0.0, spans[:, 1], spans[:, 0])
    box = launched([dict(zip(keys, row, strict=True)) for row in ends.tolist()], plans, 1, apart=True)[
        :, :, 0
    ]
    leads = leads_of(box[:, :, 0].T).T
    effects = screened(keys, design, leads)

    def at_work(key: str) -> bool:
        ends = launched([{key: end} for end in span_of(known[key])], plans, 1, apart=False)
        return bool(np.ptp(ends, axis=0).any())

    points = [
        (key, float(value))
        for key in strongest(effects, at_work)
        for value in np.linspace(*span_of(known[key]), STEPS)
    ]
    found = launched([{}, *({key: value} for key, value in points)], plans, SEEDS, apart=False)
    curves = [
        followed(
            key,
            np.array([value for k, value in points if k == key]),
            found[1:][[k == key for k, _ in points], :, :, 0],
        )
        for key in dict.fromkeys(key for key, _ in points)
    ]
    drawn(curves, [value_at(plans[0], curve.key) for curve in curves])
    today = [followed(metric, np.zeros(1), found[:1, :, :, m]) for m, metric in enumerate(METRICS[:3])]
    spent = found[0, :, :, METRICS.index("cost_cny")].mean(axis=1)
    section(
        "Over which assumptions each order of KOL and KOC holds",
        told(spent, box, leads, effects, curves, today),
    )
    assert np.isfinite(leads).all()
    assert all(np.isfinite(curve.lead[:, :, 0]).all() for curve in curves)


def drawn(curves: Sequence[Curve], now: Sequence[float]) -> None:
    """The leads along each key as a picture of the page; a line where the scenario stands."""
    figure = make_subplots(1, len(curves), shared_yaxes=True)
    for at, (curve, own) in enumerate(zip(curves, now, strict=True), 1):
        for k, rival in enumerate(PLANS[1:]):
            middle, low, high = curve.lead[:, k].T
            bars = {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low}
            figure.add_scatter(
                x=curve.values, y=middle, error_y=bars, mode="lines+markers", name=f"over {rival}",
                line_color=CATEGORIES[k], legendgroup=rival, showlegend=at == 1, row=1, col=at,
            )  # fmt: skip
        figure.update_xaxes(title_text=curve.key, row=1, col=at)
        figure.add_vline(x=own, line_dash="dot", row=1, col=at)
    figure.add_hline(y=0.0)
    figure.update_yaxes(title_text=f"lead of “{PLANS[0]}” in orders", tickformat=".0%", row=1, col=1)
    figure.update_layout(template=template(), height=380, margin_t=30)
    PICTURE.write_bytes(picture(figure, "png"))


def told(
    spent: Floats,
    box: Floats,
    leads: Floats,
    effects: Sequence[Effect],
    curves: Sequence[Curve],
    today: Sequence[Curve],
) -> str:
    """The section's text."""
    rows = [
        [f"`{e.key}`"] + [f"{by:+.0%} ± {half:.0%}" for by, half in zip(e.by, e.half, strict=True)]
        for e in sorted(effects, key=lambda effect: -np.abs(effect.by).max())[:NAMED]
    ]
    lines = [
        [f"`{curve.key}`", f"{value:g}"] + [cell(curve.lead[v, k]) for k in range(len(PLANS) - 1)]
        for curve in curves
        for v, value in enumerate(curve.values.tolist())
    ]
    now = [[metric.key] + [cell(metric.lead[0, k]) for k in range(len(PLANS) - 1)] for metric in today]
    reach = special.stdtrit(len(leads) - 1, 0.975) * leads.std(axis=0, ddof=1) / np.sqrt(len(leads))
    means = leads.mean(axis=0)
    first = np.bincount(box[:, :, 0].argmax(axis=1), minlength=len(PLANS)) / len(box)
    anywhere = [
        [rival, spelt(mean, mean - half, mean + half), f"{share:.0%}"]
        for rival, mean, half, share in zip(PLANS[1:], means, reach, (leads > 0).mean(axis=0), strict=True)
    ]
    costs = box[:, :, METRICS.index("cost_cny")]
    ratios = np.exp(np.log(costs / costs[:, :1]).mean(axis=0))
    a_yuan = leads_of((box[:, :, 0] / costs).T).mean(axis=1)
    over = [f"over {rival}" for rival in PLANS[1:]]
    return f"""{sentences(curves, means, reach)}

`seeding_pyramid` among {PEOPLE:,} people with {BUDGET_CNY:,.0f} CNY for creators in each plan: an eighth of the market and the money of
'KOL or KOC first', three weeks, the same waves of a week (reduced: an order that the larger market can tell at today's values may be lost in luck here). Figures are the lead of '{PLANS[0]}' in orders, with 95 % limits, each by itself.

**Today's values**, {SEEDS} launches, as a share of what '{PLANS[0]}' brings. Spent in all, with handling and the brand's own accounts (CNY): {", ".join(f"{plan} {cny:,.0f}" for plan, cny in zip(PLANS, spent, strict=True))}.

{table(["", *over], now)}

**All {len(effects)} numbers known to a range only, at once at the ends of their ranges** ({len(box)} corners, one launch of each plan at each, the same
luck for all plans; lead as a share of the mean of the two). Most orders at a corner: {", ".join(f"{plan} {share:.0%}" for plan, share in zip(PLANS, first, strict=True))}.

{table(["", "mean lead over the corners", "corners where it is ahead"], anywhere)}

The budget is for fees; what is spent in all, over '{PLANS[0]}', is {", ".join(f"{ratio:.2f} of {rival}" for ratio, rival in zip(ratios[1:], PLANS[1:], strict=True))} (geometric mean). By orders a yuan the
mean leads are {", ".join(f"{lead:+.0%} over {rival}" for lead, rival in zip(a_yuan, PLANS[1:], strict=True))}.

**What moves the lead most**: from a key's low to its high end, mean over the corners, ± 95 %; of {len(effects)} keys about {0.05 * len(effects):.0f} pass their
interval by luck, and a key's effect is mixed with how others act two by two. The strongest over '{PLANS[1]}' and over '{PLANS[2]}' that is at work without another is followed below.

{table(["key", *over], rows)}

**Along the whole range of these**, all else as it is today, {SEEDS} launches at each value under the same luck:

![Lead of KOL before KOC along the range of these assumptions](pictures/{PICTURE.name})

{table(["key", "value", *over], lines)}"""


def sentences(curves: Sequence[Curve], means: Floats, reach: Floats) -> str:
    """What to take away, in both languages."""
    said = []
    for k, rival in enumerate(PLANS[1:]):
        low, high = means[k] - reach[k], means[k] + reach[k]
        state = HOLDS if low > 0.0 else REVERSED if high < 0.0 else UNTOLD
        parts = (
            f"`{curve.key}`: " + ", ".join(f"{now} {_from(a, b, '{} to {}')}" for now, a, b in curve.spans(k))
            for curve in curves
        )
        teile = (
            f"`{curve.key}`："
            + "，".join(f"{_from(a, b, '{}～{}')} {TOLD[now]}" for now, a, b in curve.spans(k))
            for curve in curves
        )
        said.append(
            f"**'{PLANS[0]}' against '{rival}', in orders.** On average over the corners of all assumptions: "
            f"{state}, {spelt(means[k], low, high)}. Along single ones: {'; '.join(parts)}."
        )
        said.append(
            f"**“{CHINESE[PLANS[0]]}”对“{CHINESE[rival]}”（看订单）。**所有假设同时取上下限，平均来看：{TOLD[state]}，{means[k]:+.0%}（{low:+.0%}～{high:+.0%}）。"
            f"单个假设变动时：{'；'.join(teile)}。"
        )
    return "\n\n".join(said)


def _from(low: float, high: float, form: str) -> str:
    return f"{low:g}" if low == high else form.format(f"{low:g}", f"{high:g}")


def cell(lead: Floats) -> str:
    """A lead with its limits."""
    return f"{lead[0]:+.0%} (too few differ)" if np.isnan(lead).any() else spelt(*lead.tolist())


def spelt(mean: float, low: float, high: float) -> str:
    return f"{mean:+.0%} ({low:+.0%} to {high:+.0%})"
