"""How many links: reach, follows and expected loss from none to mesh, and the best density against the hazard.

For links that people pass (follow, like, @) and for shared distribution, under each platform model. A finding;
what is asserted is only that links cost nothing where nothing can make them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from sim.charts.picture import picture
from sim.charts.theme import CATEGORIES, template
from sim.experiment.compare import Variant, compare_variants
from sim.experiment.launches import summaries_of
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.schema import Scenario
from tests.evidence.page import PAGE, table

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]
Floats = NDArray[np.float64]
KINDS: dict[str, tuple[str, ...]] = {
    "passive": ("follow", "like", "mention"), "repost": ("repost",), "co-creation": ("cocreation",),
}  # fmt: skip
"""Channels of an edge: those that people pass, and those that show one account's video to another's fans."""
DENSITIES = (0.0, 0.5, 1.0)
HAZARDS = (0.0, 2.0, 4.0)
"""Over the whole range of enforcement.hazard."""
FREE: dict[str, object] = {"audience.category_share": 1.0, "audience.fatigue_per_exposure": 0.0}
"""Slots and fatigue off."""
HOURS, SEEDS = 672, 6
FRESH, FROM = 32, 1001
"""Seeds, and the first of them, on which what seemed to lower something is tried again: of some fifty pairs a
few lie beyond their interval by luck."""
MEASURES = ("reach", "follows", "profit_cny")
RESAMPLES = 2000
PICTURE = PAGE.parent / "pictures" / "density.png"


class Cell(NamedTuple):
    """What one plan brought under one platform and hazard, by seed."""

    values: Mapping[str, Floats]
    """(S,) by measure"""
    violations: float
    """expected, all accounts together"""


def plan(scenario: Scenario, kind: str, density: float) -> Scenario:
    """The scenario with that share of the mesh; none at 0."""
    layout = {"links.layout": "mesh", "links.density": density, "links.channels": KINDS[kind]}
    return scenario.with_values(layout if density else {"links.layout": "none"})


def cells(scenario: Scenario) -> dict[tuple[str, float], Cell]:
    """Every kind and density under one platform and hazard; without links all kinds are one."""
    kinds = [(kind, density) for kind in KINDS for density in DENSITIES if density]
    plans = [("none", plan(scenario, "passive", 0.0))] + [
        (f"{k} {d}", plan(scenario, k, d)) for k, d in kinds
    ]
    variants = tuple(Variant(name, name, each, scenario) for name, each in plans)
    found = compare_variants(variants, metric="follows", seeds=SEEDS)
    out = [_cell(rows) for rows in summaries_of(variants, found.replications)]
    return dict(zip(kinds, out[1:], strict=True)) | {(kind, 0.0): out[0] for kind in KINDS}


def confirmed(scenario: Scenario, kind: str, less: float, more: float, measure: str) -> bool:
    """Whether more links lower a measure on fresh seeds too."""
    start = scenario.with_values({"run.seed": FROM})
    variants = tuple(Variant(f"{d:g}", f"{d:g}", plan(start, kind, d), start) for d in (less, more))
    rows = summaries_of(variants, compare_variants(variants, metric="follows", seeds=FRESH).replications)
    few, many = (np.array([row[measure] for row in each], float) for each in rows)
    return gain(many, few)[2] < 0


def _cell(rows: Sequence[Mapping[str, Any]]) -> Cell:
    expected = [sum((row.get("violations_expected") or {}).values()) for row in rows]
    return Cell({m: np.array([row[m] for row in rows], float) for m in MEASURES}, float(np.mean(expected)))


def resampled(values: Floats, pick: Callable[[Floats], float]) -> tuple[float, float]:
    """95 % limits of what is picked from the means over seeds; values: (densities, seeds)."""
    luck = np.random.default_rng(0).integers(0, values.shape[1], (RESAMPLES, values.shape[1]))
    return tuple(np.quantile([pick(values[:, own].mean(axis=1)) for own in luck], (0.025, 0.975)))


def gain(more: Floats, less: Floats) -> tuple[float, float, float]:
    """Mean paired difference and its 95 % limits."""
    low, high = resampled((more - less)[None], lambda means: float(means[0]))
    return float((more - less).mean()), low, high


def best(found: Mapping[tuple[str, float], Cell], kind: str, measure: str) -> tuple[float, float, float]:
    """Density with the highest mean, and the 95 % limits of it."""
    values = np.array([found[kind, density].values[measure] for density in DENSITIES])
    pick = lambda means: DENSITIES[int(means.argmax())]  # noqa: E731  the same rule twice
    return (pick(values.mean(axis=1)), *resampled(values, pick))


def spelt(number: float, low: float, high: float, form: str = ",.0f") -> str:
    return f"{number:{form}} ({low:{form}} to {high:{form}})"


@pytest.mark.system("M2", "M7", "M13", "X6")
def test_density_of_links(section: Section) -> None:
    scenario = Scenario.load("beauty_matrix").with_values({"run.hours": HOURS})
    free, found = {}, {}
    for model in PLATFORM_MODELS:
        under = scenario.with_values({"platform.model": model})
        free[model] = cells(under.with_values(FREE))
        for hazard in HAZARDS:
            found[model, hazard] = cells(under.with_values({"enforcement.hazard": hazard}))
    fewer = [
        (model, kind, more, measure)
        for model, each in free.items()
        for kind in KINDS
        for less, more in pairwise(DENSITIES)
        for measure in ("reach", "follows")
        if gain(each[kind, more].values[measure], each[kind, less].values[measure])[2] < 0
        and confirmed(scenario.with_values({**FREE, "platform.model": model}), kind, less, more, measure)
    ]
    drawn(found)
    section("How many links, and what they risk", told(scenario, free, found, fewer))
    assert not fewer


def drawn(found: Mapping[tuple[str, float], Mapping[tuple[str, float], Cell]]) -> None:
    """The density that wins most follows against the hazard, as a picture of the page."""
    figure = make_subplots(1, len(PLATFORM_MODELS), shared_yaxes=True, subplot_titles=PLATFORM_MODELS)
    for k, kind in enumerate(KINDS):
        for at, model in enumerate(PLATFORM_MODELS, 1):
            middle, low, high = np.array(
                [best(found[model, hazard], kind, "follows") for hazard in HAZARDS]
            ).T
            bars = {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low}
            figure.add_scatter(
                x=np.array(HAZARDS) + 0.08 * k, y=middle, error_y=bars, mode="lines+markers", name=kind,
                line_color=CATEGORIES[k], legendgroup=kind, showlegend=at == 1, row=1, col=at,
            )  # fmt: skip
            figure.update_xaxes(title_text="violations a month", row=1, col=at)
    figure.update_yaxes(title_text="density of links", range=[-0.05, 1.05], row=1, col=1)
    figure.update_layout(template=template(), height=360, margin_t=40)
    PICTURE.write_bytes(picture(figure, "png"))


def told(
    scenario: Scenario,
    free: Mapping[str, Mapping[tuple[str, float], Cell]],
    found: Mapping[tuple[str, float], Mapping[tuple[str, float], Cell]],
    fewer: Sequence[tuple[str, str, float, str]],
) -> str:
    """The section's text."""
    gains = [
        [model, kind, f"{density:g}"]
        + [
            spelt(*gain(each[kind, density].values[m], each[kind, 0.0].values[m]))
            for each in (free[model], found[model, 0.0])
            for m in ("reach", "follows")
        ]
        for model in free
        for kind in KINDS
        for density in DENSITIES[1:]
    ]
    peaks = [
        [model, kind, measure.removesuffix("_cny")]
        + [spelt(*best(found[model, hazard], kind, measure), form="g") for hazard in HAZARDS]
        for model in free
        for kind in KINDS
        for measure in ("follows", "profit_cny")
    ]
    losses = [
        [kind, f"{density:g}", f"{hazard:g}", f"{cell.violations:.1f}"]
        + [spelt(*gain(cell.values[m], found["pools", 0.0][kind, density].values[m])) for m in MEASURES]
        for kind in KINDS
        for density in DENSITIES
        for hazard in HAZARDS[1:]
        for cell in (found["pools", hazard][kind, density],)
    ]
    advice = " ".join(_advice(found, kind) for kind in KINDS)
    again = f" (what seemed to on these seeds was tried again on {FRESH} fresh ones)"
    beyond = "; ".join(f"{m}, {k}, {d:g}, {what}" for m, k, d, what in fewer) or "nowhere"
    return f"""`beauty_matrix`, {len(scenario.accounts)} accounts, {HOURS} h, {SEEDS} seeds, differences paired by seed with 95 % limits. Passive links
are follow, like and @; density is the share of the mesh. With hazard, slots and fatigue off, more links lower reach or follows
beyond the interval{again}: {beyond}. {advice}

**What links bring where nothing is found out**, against no links: with slots and fatigue off, then as the scenario has them.

{table(["platform", "links", "density", "reach, free", "follows, free", "reach", "follows"], gains)}

**Density with the best mean, against the hazard** (violations a month at an account whose links, content and hours give its
matrix away entirely; the whole range): 0 is no links, 1 the mesh; limits by resampling seeds.

![Density that wins most follows against the hazard, by platform model](pictures/{PICTURE.name})

{table(["platform", "links", "best by", *(f"hazard {h:g}" for h in HAZARDS)], peaks)}

**What being found out costs** under pools: against the same plan at hazard 0.

{table(["links", "density", "hazard", "violations expected", "reach", "follows", "profit (CNY)"], losses)}"""


def _advice(found: Mapping[tuple[str, float], Mapping[tuple[str, float], Cell]], kind: str) -> str:
    """Over which hazards which density is best for follows, whatever the platform."""
    parts = []
    for hazard in HAZARDS:
        ends = [best(found[model, hazard], kind, "follows") for model in PLATFORM_MODELS]
        low, high = max(low for _, low, _ in ends), min(high for _, _, high in ends)
        sure = all(one == ends[0][0] == a == b for one, a, b in ends)
        if sure:
            parts.append(f"{hazard:g}: {ends[0][0]:g} under every platform")
        elif low <= high:
            parts.append(f"{hazard:g}: cannot tell")
        else:
            parts.append(f"{hazard:g}: it hangs on the platform")
    return f"Best density of {kind} links for follows, by hazard: {'; '.join(parts)}."
