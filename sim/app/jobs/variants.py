"""The variants of a comparison: a scenario with other settings, named by what differs."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.analysis.named import layout_name, structure_name
from sim.scenario.schema import Scenario
from sim.scenario.structures import read

STRUCTURES = ("written", "one", "1+3", "1+8", "split:8", "same:8", "race:8")
"""Account structures that are offered (chosen); an address may name others."""
BETWEEN = " · "
"""Between the structure and the layout of a name."""


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


def built(structures: Sequence[str], layouts: Sequence[str] = ()) -> tuple[Variation, ...]:
    """One variant for each account structure, such as '1+3', and layout, or with the scenario's own links.

    One account alone has nothing to link, so it stands once, without links.

    Raises:
        UsageError: there is no such structure.
    """
    found = []
    for structure in structures:
        shape = read(structure)
        zh = structure_name(structure, "zh")
        for layout in ("none",) if shape.alone else layouts or (None,):
            links = {} if layout is None else _links(layout)
            if shape.alone or layout is None:
                found.append(variation(structure, shape.values | links, zh, structure))
            else:
                name, label = BETWEEN.join((structure, layout)), BETWEEN.join((zh, layout_name(layout, "zh")))
                found.append(variation(name, shape.values | links, label, structure))
    return tuple(found)


def _links(layout: str) -> dict[str, object]:
    return {} if layout == "custom" else {"links.layout": layout, "links.edges": []}
