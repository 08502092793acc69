"""What being found out costs over 90 days, over the whole range of what nobody has published about it.

Four weeks are too few for most accounts to fall below the points where anything is lost. Here the odds of falling are
worked out over the box of the assumptions, and the loss in reach, follows and money is run at its parts. A finding.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from sim.analysis.paired import intervals, not_behind
from sim.charts.picture import picture
from sim.charts.theme import CATEGORIES, template
from sim.experiment.replicate import Job, replicate
from sim.rules.enforcement import LIMITED, WHOLE, detection_probability, points_after
from sim.scenario.schema import Scenario
from tests.evidence.page import PAGE, table
from tests.evidence.test_density import plan, spelt
from tests.evidence.test_forces import Section

pytestmark = pytest.mark.evidence
Floats = NDArray[np.float64]
DAYS, SHORT_D, SEEDS = 90, 28, 4
DENSITIES = (0.0, 0.2, 0.5, 1.0)
MEASURES = ("reach", "follows", "profit_cny")
RATES, POINTS, WON_BACK = (0.4, 0.8, 1.0, 1.6, 2.0, 4.0), (10.0, 5.0), (0.0, 0.5, 1.0, 2.0)
"""Violations a month up to the end of the hazard's range, points off each down to half, points back a day over their range."""


class Part(NamedTuple):
    """A part of the box of the assumptions."""

    english: str
    chinese: str
    hazards: tuple[float, ...]
    """at which it is run: where the odds let more than one account in ten fall below"""
    values: Mapping[str, object]


PARTS = (
    Part("as the keys stand", "各参数取默认值", (4.0,), {}),
    Part("no points won back", "扣分不恢复", (2.0, 4.0), {"enforcement.won_back": 0.0}),
    Part(
        "the harsh end of all", "全部取最严一端", (1.0, 2.0, 4.0),
        {
            "enforcement.won_back": 0.0, "enforcement.relation_weight": 3.0, "enforcement.cut": 0.6,
            "enforcement.similarity_weight": 0.0, "enforcement.synchrony_weight": 0.0,
        },
    ),
)  # fmt: skip
CELLS = tuple((part, hazard) for part in PARTS for hazard in part.hazards)
"""A violation costs 10 points in all, which is the most that is published."""
PICTURE = PAGE.parent / "pictures" / "found-out.png"
Found = Mapping[tuple[str, float], Floats]
"""By part and hazard: (densities, seeds, MEASURES)."""


def limited(rate: float, off: float, won_back: float, days: int) -> tuple[float, float]:
    """Chance that an account is ever below LIMITED in so many days, and share of the days that it is.

    Args:
        rate: violations a month.
        off: points that each costs.
        won_back: points that a clean day wins back.
        days: from full health.
    """
    chance = detection_probability(rate, 1.0)
    here, never, below = {float(WHOLE): 1.0}, {float(WHOLE): 1.0}, 0.0
    for _ in range(days):
        here, never = (_day(states, chance, off, won_back) for states in (here, never))
        never = {points: p for points, p in never.items() if points >= LIMITED}
        below += sum(p for points, p in here.items() if points < LIMITED)
    return max(0.0, 1.0 - sum(never.values())), below / days


def _day(states: Mapping[float, float], chance: float, off: float, won_back: float) -> dict[float, float]:
    after: defaultdict[float, float] = defaultdict(float)
    for points, p in states.items():
        after[points_after(points, 1, off, won_back)] += p * chance
        after[points_after(points, 0, off, won_back)] += p * (1.0 - chance)
    return after


def launched(scenario: Scenario) -> tuple[dict[tuple[str, float], Floats], Floats]:
    """What each density brings, where nothing is found out and at each cell; violations expected by cell.

    Without links, next to nothing is found out, whatever the cell: that is not run.
    """
    cells = [("free", 0.0, {}), *((part.english, hazard, part.values) for part, hazard in CELLS)]
    values = np.zeros((len(cells), len(DENSITIES), SEEDS, len(MEASURES)))
    expected = np.zeros(values.shape[:3])
    jobs: list[Job] = []
    places: list[tuple[int, int, int]] = []
    for seed, (c, (_, hazard, keys)), (d, density) in product(
        range(SEEDS), enumerate(cells), enumerate(DENSITIES)
    ):
        if density or not hazard:
            under = scenario.with_values({"enforcement.hazard": hazard, **keys})
            jobs.append(Job(len(jobs), plan(under, "passive", density), seed + 1))
            places.append((c, d, seed))
    for job, summary in replicate(jobs):
        values[places[job.variant]] = [summary[measure] for measure in MEASURES]
        expected[places[job.variant]] = sum((summary.get("violations_expected") or {}).values())
    values[1:, 0] = values[0, 0]
    named = {cell[:2]: own for cell, own in zip(cells, values, strict=True)}
    return named, expected[1:].mean(axis=2)


@pytest.mark.system("X6")
def test_being_found_out_over_ninety_days(section: Section) -> None:
    odds = {
        cell: (limited(*cell, SHORT_D), limited(*cell, DAYS)) for cell in product(RATES, POINTS, WON_BACK)
    }
    scenario = Scenario.load("beauty_matrix").with_values({"run.hours": DAYS * 24})
    found, expected = launched(scenario)
    drawn(found)
    section("What being found out costs over 90 days", told(len(scenario.accounts), odds, found, expected))
    for part, hazard in CELLS:
        worse = intervals(_pair(found, part.english, hazard, len(DENSITIES) - 1, 0), to=0)
        assert not worse.difference_low[1] > 0.0, (part.english, hazard)


def _pair(found: Found, part: str, hazard: float, density: int, measure: int) -> Floats:
    """A plan where nothing is found out and the same at a part of the box, (2, seeds)."""
    return np.stack([each[density, :, measure] for each in (found["free", 0.0], found[part, hazard])])


def loss(found: Found, part: str, hazard: float, density: int, measure: int) -> tuple[float, float, float]:
    """Mean difference to the same plan where nothing is found out, and its 95 % limits."""
    told = intervals(_pair(found, part, hazard, density, measure), to=0)
    return tuple(float(x[1]) for x in (told.difference, told.difference_low, told.difference_high))  # type: ignore[return-value]


def lost(found: Found, part: str, hazard: float, density: int, measure: int) -> str:
    """The loss as a table has it."""
    if not np.ptp(_pair(found, part, hazard, density, measure), axis=0).any():
        return "0 in every launch"
    mean, low, high = loss(found, part, hazard, density, measure)
    return f"{mean:,.0f} (too few differ)" if np.isnan(low + high) else spelt(mean, low, high)


def best(values: Floats) -> tuple[float, ...]:
    """Densities that may be best, none where any of them may; values: (densities, seeds)."""
    told = not_behind(intervals(values))
    return () if told.all() else tuple(d for d, kept in zip(DENSITIES, told, strict=True) if kept)


def named(densities: tuple[float, ...], words: tuple[str, str, str] = ("cannot tell", ", ", " or ")) -> str:
    """Densities in a sentence."""
    told = [f"{d:g}" for d in densities]
    return words[2].join(filter(None, (words[1].join(told[:-1]), told[-1]))) if told else words[0]


def drawn(found: Found) -> None:
    """Share of the follows lost against the hazard, by density and part of the box, as a picture of the page."""
    figure = make_subplots(1, len(PARTS), shared_yaxes=True, subplot_titles=[part.english for part in PARTS])
    for at, part in enumerate(PARTS, 1):
        for d, density in enumerate(DENSITIES):
            usual = found["free", 0.0][d, :, 1].mean()
            rows = [(0.0, 0.0, 0.0), *(loss(found, part.english, hazard, d, 1) for hazard in part.hazards)]
            middle, low, high = np.array(rows).T / usual
            bars = {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low}
            figure.add_scatter(
                x=np.array((0.0, *part.hazards)) + 0.05 * d, y=middle, error_y=bars, mode="lines+markers",
                name=f"density {density:g}", line_color=CATEGORIES[d], legendgroup=str(d), showlegend=at == 1,
                row=1, col=at,
            )  # fmt: skip
        figure.update_xaxes(title_text="violations a month", row=1, col=at)
    figure.update_yaxes(title_text="follows lost", tickformat=".0%", row=1, col=1)
    figure.update_layout(template=template(), height=360, margin_t=40)
    PICTURE.write_bytes(picture(figure, "png"))


def told(
    accounts: int,
    odds: Mapping[tuple[float, float, float], tuple[tuple[float, float], tuple[float, float]]],
    found: Found,
    expected: Floats,
) -> str:
    """The section's text."""
    chances = [
        [f"{rate:g}", f"{off:g}"]
        + [
            f"{short[0]:.0%}; {long[0]:.0%}, {long[1]:.0%}"
            for won_back in WON_BACK
            for short, long in (odds[rate, off, won_back],)
        ]
        for rate, off in product(RATES, POINTS)
    ]
    free = [
        [f"{density:g}"]
        + [
            spelt(*_more(found["free", 0.0][[0, d], :, m]))
            if d
            else f"{found['free', 0.0][0, :, m].mean():,.0f}"
            for m in range(len(MEASURES))
        ]
        for d, density in enumerate(DENSITIES)
    ]
    losses = [
        [part.english, f"{hazard:g}", f"{density:g}", f"{expected[c, d]:.1f}"]
        + [lost(found, part.english, hazard, d, m) for m in range(len(MEASURES))]
        for c, (part, hazard) in enumerate(CELLS)
        for d, density in enumerate(DENSITIES)
        if density
    ]
    winners = [
        [name, f"{hazard:g}", *(named(best(found[name, hazard][:, :, m])) for m in (1, 2))]
        for name, hazard in found
    ]
    return f"""{sentences(found)}

**What is known.** Published: 100 points, 1 to 10 off a violation (the key stands at 10, the harsh end), the bands below 70, and that points are won
back by clean posting. Assumed: how often a matrix is found out (0 to 4 a month), what links, content and hours count for in it, at what pace points come back (half a
point a day, 0 to 2), and what a band takes from the impressions (30 %, 10 to 60 %). Capped posts follow the published cap for posts with
marketing parts, one a day and three a week; for plain uploads two a day and five a week are published, so the loss here is the harsher one.

**Where it can bite**: an account from full health, worked out over the ranges. Each cell: chance of falling below 70 points within {SHORT_D} days; within {DAYS}
days, and the share of those days below. A mesh of follow, like and @ that repeats nothing has 0.4 of the hazard in violations a month as the weights stand
(1.6 at hazard 4), and all of it where links alone count. At 1 point a violation, the mild end, nobody falls. A matrix without such links, or of reposts and co-creation only, has next to none.
Below are run the parts where more than one account in ten of a mesh falls; elsewhere, and without links, the loss is next to nothing.

{table(["violations a month", "points each", *(f"{w:g} won back a day" for w in WON_BACK)], chances)}

**What it costs**: `beauty_matrix`, {accounts} accounts, {DAYS} days, pools, follow, like and @ links, {SEEDS} launches (reduced), Student t of paired differences, 95 %, each by
itself. Where nothing is found out, against no links (first row: what no links bring):

{table(["density", "reach", "follows", "profit (CNY)"], free)}

Against the same plan where nothing is found out; 'the harsh end of all': no points won back, links alone count (weight 3, the others 0), a band takes 60 %.

![Share of follows lost against the hazard](pictures/{PICTURE.name})

{table(["assumptions", "hazard", "density", "violations expected", "reach", "follows", "profit (CNY)"], losses)}

**Density that is best**; several where the intervals of their differences to the highest mean do not lie below 0:

{table(["assumptions", "hazard", "by follows", "by profit"], winners)}"""


def _more(pair: Floats) -> tuple[float, float, float]:
    """Difference of the second of two plans to the first, with its limits."""
    told = intervals(pair, to=0)
    return float(told.difference[1]), float(told.difference_low[1]), float(told.difference_high[1])


CHINESE = "分不出高下", "、", " 或 "


def sentences(found: Found) -> str:
    """Over which part of the range which density is best, in both languages."""
    said = []
    for measure, (english, chinese) in enumerate((("follows", "涨粉"), ("profit", "利润")), 1):
        now = best(found["free", 0.0][:, :, measure])
        rows = [
            (part, [(h, best(found[part.english, h][:, :, measure])) for h in part.hazards]) for part in PARTS
        ]
        parts = (
            f"{part.english[0].upper()}{part.english[1:]}, at a hazard of "
            + "; ".join(f"{h:g}: {named(own)}" for h, own in row)
            for part, row in rows
        )
        teile = (
            f"{part.chinese}：每月被查 " + "；".join(f"{h:g} 次时 {named(own, CHINESE)}" for h, own in row)
            for part, row in rows
        )
        said.append(
            f"**Best density of follow, like and @ links over {DAYS} days, by {english}.** Where nothing is found "
            f"out: {named(now)}. {'. '.join(parts)}."
        )
        said.append(
            f"**{DAYS} 天内关注、点赞和 @ 链接的最佳密度（看{chinese}）。**不处罚时：{named(now, CHINESE)}。{'。'.join(teile)}。"
        )
    return "\n\n".join(said)
