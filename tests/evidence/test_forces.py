"""What to do with a brand's accounts, with all forces at work, without each group, and over the assumptions."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from sim.experiment.compare import Comparison, Variant, by_metric, compare_variants, variants_of
from sim.experiment.why import GROUPS, without
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]
STRUCTURES = ("one", "1+3", "1+8", "1+20", "split:8", "same:8", "race:8")
LAYOUTS = ("none", "star", "mesh")
METRICS = ("profit", "follows")
SEEDS, WITHOUT, DRAWS = 16, 8, 32
"""Seeds with everything on, seeds with a group off, draws of the assumptions."""
CALLED: dict[str, str] = {
    "followers": "followers off",
    "luck": "luck and heat off",
    "crowding": "crowding and scatter off",
    "topics": "match of topics off",
}


class Study(NamedTuple):
    """A set of variants under every state of the forces; by metric."""

    on: dict[str, Comparison]
    off: dict[str, dict[str, Comparison]]
    """by what is off"""
    robust: dict[str, Comparison]


def both(variants: tuple[Variant, ...], seeds: int, *, robust: bool = False) -> dict[str, Comparison]:
    """The comparison by each metric, on one set of runs."""
    first = compare_variants(variants, metric=METRICS[0], seeds=seeds, robust=robust)
    return {metric: by_metric(first, metric) for metric in METRICS}


def studied(
    scenario: Scenario, variants: tuple[Variant, ...], also: Mapping[str, tuple[Variant, ...]] | None = None
) -> Study:
    """All forces on, each group off, and the assumptions drawn; also the variants with something else off."""
    off: dict[str, dict[str, Comparison]] = {}
    for group in GROUPS:
        less = tuple(v._replace(scenario=without(v.scenario, frozenset({group}), scenario)) for v in variants)
        off[group] = both(less, WITHOUT)
    for name, less in (also or {}).items():
        off[name] = both(less, WITHOUT)
    return Study(both(variants, SEEDS), off, both(variants, DRAWS, robust=True))


def best_of(found: Comparison) -> str:
    """Who is best, or who cannot be told apart from it."""
    names = [found.variants[v].name for v in found.verdict.tied]
    return names[0] if found.verdict.code == "winner" else " = ".join(names)


def table(study: Study, metric: str) -> str:
    """Means by variant: with all on and without each group; then the share of the box."""
    on, box = study.on[metric], study.robust[metric].box
    head = [
        "",
        "all on",
        "difference to the best (95 %)",
        *(CALLED.get(off, off) for off in study.off),
        "best in the box",
    ]
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    for k, (variant, row) in enumerate(zip(on.variants, on.rows, strict=True)):
        gap = "best"
        if k != on.verdict.best:
            low, high = row.difference_low, row.difference_high
            gap = f"{row.difference:,.0f}" + (
                "" if low is None or high is None else f" ({low:,.0f} to {high:,.0f})"
            )
        cells = [variant.name, f"{row.mean:,.0f}", gap]
        cells += [f"{off[metric].rows[k].mean:,.0f}" for off in study.off.values()]
        cells.append("" if box is None else f"{box.shares[k]:.0%}")
        lines.append(f"| {' | '.join(cells)} |")
    best = ["**best**", best_of(on), "", *(best_of(off[metric]) for off in study.off.values())]
    best.append("" if box is None else f"cannot tell in {box.shares[-1]:.0%}")
    return "\n".join([*lines, f"| {' | '.join(best)} |"])


def told(scenario: Scenario, study: Study, what: str) -> str:
    """A section's text on one set of variants."""
    parts = []
    for metric in METRICS:
        on = study.on[metric]
        box = study.robust[metric].box
        hangs = ""
        if box is not None:
            hangs = " The box hangs most on " + " and ".join(f"`{axis[0]}`" for axis in box.axes) + "."
        parts.append(
            f"**{what}, {metric}.** {on.text('en')} {on.text('zh')}{hangs}\n\n{table(study, metric)}"
        )
    return "\n\n".join(parts)


def write(name: str, put: Section) -> None:
    """The section of one brand."""
    scenario = Scenario.load(name)
    structures = studied(scenario, variants_of([scenario], structures=STRUCTURES))
    layouts = studied(scenario, variants_of([scenario], layouts=LAYOUTS))
    brand = scenario.brand
    put(
        f"Structures and layouts of {name}",
        f"""{scenario.audience.users:,} people, {scenario.run.hours} h; GPM {brand.gpm_cny:g} CNY per 1,000 plays, margin
{brand.margin_share:.0%}, {scenario.structure.cost_per_account_cny:,.0f} CNY an account and month. {SEEDS} seeds with all forces on, {WITHOUT}
with a group off (at the same level of exposure), {DRAWS} draws of all assumed numbers from their ranges. Differences below 5 %
(of the result; of the cost for profit) count as none. 'a = b': cannot be told apart.

{told(scenario, structures, "Structures")}

{told(scenario, layouts, "Layouts")}""",
    )
    assert all(set(study.on) == set(METRICS) for study in (structures, layouts))


@pytest.mark.system("M15", "M16", "M8")
def test_structures_of_beauty_matrix(section: Section) -> None:
    write("beauty_matrix", section)


@pytest.mark.system("M15", "M16", "M8")
def test_structures_of_three_lines(section: Section) -> None:
    write("three_lines", section)


@pytest.mark.system("M15", "M16", "M8")
def test_structures_of_seeding_pyramid(section: Section) -> None:
    write("seeding_pyramid", section)
