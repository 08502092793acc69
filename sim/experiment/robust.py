"""Assumed parameters drawn from their plausible ranges: does an answer hold when we know less?

Takes a scenario and a seed; gives the scenario with every assumed number drawn uniformly from
its range, the same draw for every variant of that seed. Lists (pools, pass shares, pace) stay.
"""

from typing import Any

from pydantic.fields import FieldInfo

from sim.interrupts import deferred
from sim.rules.draws import ASSUMPTIONS, low32, name_key, root_key, subkey
from sim.scenario.schema import Scenario
from sim.scenario.section import Section


def assumed(section: type[Section] = Scenario, prefix: str = "") -> dict[str, FieldInfo]:
    """Every single number of the schema that is assumed and has a range, by dotted key."""
    found: dict[str, FieldInfo] = {}
    for name, field in section.model_fields.items():
        key = f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found |= assumed(field.annotation, f"{key}.")
        extra: Any = field.json_schema_extra or {}
        if extra.get("status") == "assumed" and "range" in extra and isinstance(field.default, int | float):
            found[key] = field
    return found


def assumed_in(scenario: Scenario) -> dict[str, FieldInfo]:
    """The same of a scenario, with those of the plug-ins that it names."""
    found = assumed()
    for name, table in scenario.plugged.items():
        found |= assumed(type(table), f"{name}.")
    return found


@deferred()
def drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with its assumed numbers drawn from their ranges; address (seed, key)."""
    base = root_key(seed, ASSUMPTIONS)
    values: dict[str, float | int] = {}
    for key, field in assumed_in(scenario).items():
        extra: Any = field.json_schema_extra
        low, high = extra["range"]
        point = low32(subkey(base, name_key(key))) / 2**32
        value = low + point * (high - low)
        values[key] = round(value) if isinstance(field.default, int) else round(value, 9)
    return scenario.with_values(values)
