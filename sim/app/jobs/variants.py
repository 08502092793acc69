"""The variants of a comparison: a scenario with other settings, named by what differs."""

import json
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from sim.analysis.named import layout_name, mix_name, structure_name, timing_name
from sim.scenario.schema import Scenario
from sim.scenario.seeding import mix_values
from sim.scenario.structures import read
from sim.scenario.timing import timing_values

STRUCTURES = ("written", "one", "1+3", "1+8", "split:8", "same:8", "race:8")
"""Account structures that are offered (chosen); an address may name others."""
TIMINGS = ("written", "spread", "8:00", "12:00", "18:00", "20:00", "22:00")
"""Posting times that are offered (chosen); an address may name others."""
START_CNY = 200_000
"""Money for creators where a scenario names none: first results in seconds (chosen)."""
BETWEEN = " · "
"""Between the parts of a name."""


class Variation(NamedTuple):
    """One variant of a comparison."""

    name: str
    """a layout, a structure, both, or an English name"""
    label_zh: str
    settings: str
    """JSON: dotted keys of the scenario and their values"""
    structure: str = ""
    """the structure that was put in; variants that differ in their layout alone share it"""

    def of(self, plan: Scenario) -> Scenario:
        """The scenario with this variant's settings.

        Raises:
            ScenarioError: it cannot have them.
        """
        return plan.with_values(json.loads(self.settings))

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan of its own, not the scenario changed."""
        return "name" in json.loads(self.settings)


def variation(
    name: str, settings: Mapping[str, object], label_zh: str = "", structure: str = ""
) -> Variation:
    """A variant of a comparison; its Chinese name is the English one where it needs none."""
    told = json.dumps(settings, ensure_ascii=False, sort_keys=True)
    return Variation(name, label_zh or name, told, structure)


def plans(found: Mapping[str, Scenario], labels_zh: Mapping[str, str]) -> tuple[Variation, ...]:
    """Whole plans by name, told from the first: the sections in which each differs from it."""
    tables = {name: plan.model_dump(mode="json") for name, plan in found.items()}
    first = next(iter(tables.values()))
    return tuple(
        variation(
            name,
            {"name": table["name"], **{k: v for k, v in table.items() if v != first[k]}},
            labels_zh[name],
        )
        for name, table in tables.items()
    )


def laid_out(layouts: Sequence[str]) -> tuple[Variation, ...]:
    """One variant for each layout; the accounts' own links where it is 'custom'."""
    return tuple(variation(layout, _links(layout)) for layout in layouts)


class Part(NamedTuple):
    """What a variant has in place of the scenario's own, and what that is called."""

    name: str
    label_zh: str
    settings: Mapping[str, object]


def built(
    structures: Sequence[str], layouts: Sequence[str] = (), *more: Sequence[Part]
) -> tuple[Variation, ...]:
    """One variant for each account structure, such as '1+3', each of some more parts, and layout.

    Of whatever there is none, the scenario's own stays. One account alone has nothing to link, so it stands
    once, without links.

    Raises:
        UsageError: there is no such structure.
    """
    found = []
    for structure in structures or ("",):
        alone = bool(structure) and read(structure).alone
        own = [Part(structure, structure_name(structure, "zh"), read(structure).values)] if structure else []
        for others, layout in product(product(*filter(None, more)), ("none",) if alone else layouts or ("",)):
            links = [Part(layout, layout_name(layout, "zh"), _links(layout))] if layout else []
            parts = [*own, *others, *links]
            named = parts[:-1] if alone else parts
            settings = {key: value for part in parts for key, value in part.settings.items()}
            name, label = (BETWEEN.join(getattr(part, key) for part in named) for key in ("name", "label_zh"))
            found.append(variation(name, settings, label, structure))
    return tuple(found)


def timed(timings: Sequence[str], plan: Scenario) -> list[Part]:
    """Parts that put posting times in a scenario."""
    return [Part(timing_name(t, "en"), timing_name(t, "zh"), timing_values(plan, t)) for t in timings]


def mixed(mixes: Sequence[str], plan: Scenario) -> list[Part]:
    """Parts that put mixes of creators in a scenario, for its own money or `START_CNY`."""
    return [Part(mix_name(m, "en"), mix_name(m, "zh"), mix_values(plan, m, START_CNY)) for m in mixes]


def _links(layout: str) -> dict[str, object]:
    return {} if layout == "custom" else {"links.layout": layout, "links.edges": []}
