"""The variants of a comparison: scenarios, each with other structures, creators, posting times, layouts.

Takes scenarios and what to try in each; gives variants, named by what differs. Runs nothing.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from sim.analysis.named import layout_name, mix_name, structure_name, timing_name, variant_name
from sim.analysis.paired import Limits
from sim.errors import UsageError
from sim.language.vocabulary import possible
from sim.language.words import Language
from sim.scenario.schema import Scenario
from sim.scenario.seeding import varied
from sim.scenario.structures import read

FEWEST_VARIANTS = 2
"""Below, there is nothing to compare."""


class Variant(NamedTuple):
    """One thing that is compared."""

    name: str
    label_zh: str
    scenario: Scenario
    start: Scenario | None = None
    """What the variant was made from; None where it was given as it is."""
    layout: str | None = None
    """The layout that was put in; None keeps the start's own."""
    ratio: tuple[int, ...] | str | None = None
    """The seeding ratio or named mix that was put in; None keeps the start's own."""
    structure: str | None = None
    """The structure that was put in, such as '1+3'; None keeps the start's own."""
    timing: str | None = None
    """The posting time that was put in, such as '20:00'; None keeps the start's own."""

    def titled(self, language: Language) -> str:
        """What it is called in a table."""
        return self.name if language == "en" else self.label_zh

    def called(self, language: Language) -> str:
        """What it is called in a sentence."""
        return variant_name(self.name, self.label_zh, language, structured=bool(self.structure))


def variants_of(
    scenarios: Sequence[Scenario],
    layouts: Sequence[str] = (),
    seedings: Sequence[tuple[int, ...] | str] = (),
    structures: Sequence[str] = (),
    timings: Sequence[str] = (),
) -> tuple[Variant, ...]:
    """Scenarios × structures × seedings × posting times × layouts, named by what differs.

    A structure of one account has nothing to link: it stands once, without links, whatever the layouts.

    Args:
        scenarios: what to start from.
        layouts: layouts to try in each; none keeps the scenario's own.
        seedings: creators by tier, or mixes by name such as 'koc'; none keeps the scenario's own.
        structures: account structures to try in each, such as '1+3'; none keeps the scenario's own.
        timings: posting times to try in each, such as '20:00'; none keeps the scenario's own.
    Raises:
        UsageError: fewer than two variants, two alike, or one that the scenario cannot have.
    """
    if len(same_plan := [structure for structure in structures if read(structure).alone]) > 1:
        raise UsageError(
            "structures {names}: are the same plan, everything on the main account; keep one",
            names=", ".join(same_plan),
        )
    found = []
    for scenario, structure, ratio, timing in product(
        scenarios, structures or (None,), seedings or (None,), timings or (None,)
    ):
        base = [(scenario.name, scenario.name)] if len(scenarios) > 1 else []
        base += [] if structure is None else [(structure, structure_name(structure, "zh"))]
        base += [] if ratio is None else [(mix_name(ratio, "en"), mix_name(ratio, "zh"))]
        base += [] if timing is None else [(timing_name(timing, "en"), timing_name(timing, "zh"))]
        alone = structure is not None and read(structure).alone
        for layout in ("none",) if alone else layouts or (None,):
            made = varied(scenario, layout, ratio, structure, timing)
            parts = base if alone or layout is None else [*base, (layout, layout_name(layout, "zh"))]
            name, zh = (
                (" · ".join(part) for part in zip(*parts, strict=True)) if parts else (scenario.name,) * 2
            )
            found.append(Variant(name, zh, made, scenario, layout, ratio, structure, timing))
    if len(found) < FEWEST_VARIANTS:
        raise UsageError(
            "a comparison needs at least two variants: several scenarios, --structures, --layouts, "
            "--seeding, --timing"
        )
    names = [v.name for v in found]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                "two variants are both called {name!r}: give each scenario a name of its own", name=name
            )
    return tuple(found)


def limits_of(metric: str, variants: Sequence[Variant]) -> Limits:
    """The least and the most that a metric can be, the most of each variant."""
    ends = [possible(metric, variant.scenario.audience.users) for variant in variants]
    return ends[0][0], np.array([most for _, most in ends])
