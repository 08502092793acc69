"""Uncertain parameters drawn from their plausible ranges: does an answer hold when we know less?

Takes a scenario and a seed; gives the scenario with every number that has a range, assumed or measured, drawn
uniformly from it, the same draw for every variant of that seed. Lists (pools, pass shares, pace) stay. Over
many draws, gives the map of what is best where.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic.fields import FieldInfo

from sim.analysis.box import FEWEST_DRAWS, UNKNOWN, mapped
from sim.analysis.warned import Warned, warned
from sim.analysis.worth_knowing import Worth, worth_knowing
from sim.interrupts import deferred
from sim.rules.addresses import ASSUMPTIONS
from sim.rules.draws import low32, name_key, root_key, subkey
from sim.scenario.apportionment import named_number
from sim.scenario.matrix import TIERS
from sim.scenario.reference import first_two, idle_keys
from sim.scenario.schema import Scenario
from sim.scenario.section import Section


def uncertain(section: type[Section] = Scenario, prefix: str = "") -> dict[str, FieldInfo]:
    """Every single number of the schema that is known to a range only, assumed or measured, by key."""
    found: dict[str, FieldInfo] = {}
    for name, field in section.model_fields.items():
        key = f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found |= uncertain(field.annotation, f"{key}.")
        extra = _facts(field)
        if extra.get("status") != "chosen" and "range" in extra and isinstance(field.default, int | float):
            found[key] = field
    return found


def uncertain_in(scenario: Scenario) -> dict[str, FieldInfo]:
    """The same of a scenario: with those of the plug-ins that it names, without what is off in it."""
    found = uncertain()
    for name, table in scenario.plugged.items():
        found |= uncertain(type(table), f"{name}.")
    idle = idle_keys(scenario)
    return {key: field for key, field in found.items() if first_two(key) not in idle}


def drawn_in(scenario: Scenario) -> dict[str, FieldInfo]:
    """Those that are drawn: what the scenario has switched off stays off."""
    return {
        key: field
        for key, field in uncertain_in(scenario).items()
        if "off" not in (extra := _facts(field)) or value_at(scenario, key) != extra["off"]
    }


def drawn_of(scenarios: Sequence[Scenario]) -> dict[str, FieldInfo]:
    """Those that are drawn in any of several scenarios."""
    found: dict[str, FieldInfo] = {}
    for scenario in scenarios:
        found |= drawn_in(scenario)
    return found


def _facts(field: FieldInfo) -> dict[str, Any]:
    extra: Any = field.json_schema_extra or {}
    return dict(extra)


@deferred()
def drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with its uncertain numbers drawn from their ranges; address (seed, key)."""
    known = drawn_in(scenario)
    values: dict[str, float | int] = {}
    for (key, field), point in zip(known.items(), points_of(tuple(known), seed), strict=True):
        low, high = span_of(field)
        value = low + point * (high - low)
        values[key] = round(value) if isinstance(field.default, int) else round(value, 9)
    seeding = scenario.seeding
    found: list[tuple[str, int]] = list(
        zip(TIERS, seeding.counts, strict=False)
    )  # whoever is booked was found
    if not seeding.creators:
        found += [named_number(name) for name in seeding.keep]
    for tier, count in found:
        key = f"seeding.market.supply.{tier}"
        if key in values:
            values[key] = max(values[key], count)
    return scenario.with_values(values)


def points_of(keys: Sequence[str], seed: int) -> list[float]:
    """Where in its range each key is drawn for a seed [0..1]; address (seed, key)."""
    base = root_key(seed, ASSUMPTIONS)
    return [low32(subkey(base, name_key(key))) / 2**32 for key in keys]


def span_of(field: FieldInfo) -> tuple[float, float]:
    """The plausible range of an uncertain number."""
    low, high = _facts(field)["range"]
    return float(low), float(high)


class Robust(NamedTuple):
    """What is best where in the box of the assumptions."""

    axes: tuple[tuple[str, float, float, float, float], ...]
    """(2,) key, low and high end, the scenario's own value, share of the difference's variance that it
    explains by itself"""
    best: tuple[tuple[int, ...], ...]
    """variant by cell, rows along the first axis from its low end; -1: cannot tell"""
    shares: tuple[float, ...]
    """share of the map of each variant, the last one of 'cannot tell'"""
    draws: int
    worth: tuple[tuple[str, Worth], ...] = ()
    """what knowing each number is worth, by key, the most valuable first"""

    def as_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """As comparison.json has it: variants by name, null where nobody can tell."""
        told = ("key", "low", "high", "here", "effect")
        return {
            "draws": self.draws,
            "axes": [dict(zip(told, axis, strict=True)) for axis in self.axes],
            "best": [[None if v == UNKNOWN else names[v] for v in row] for row in self.best],
            "shares": dict(zip(names, self.shares, strict=False)),
            "cannot_tell": self.shares[-1],
        }

    def document(self, names: Sequence[str], beside: dict[str, Any]) -> dict[str, Any]:
        """What comparison.json has of drawn assumptions: the map with what stands beside it; what to know."""
        rows = [
            {"key": key} | {name: getattr(worth, name) for name in Worth._fields[1:]}
            for key, worth in self.worth
            if worth.gain > 0.0
        ]
        return {"robust": self.as_dict(names) | beside, "worth_knowing": rows}


def robust(
    scenarios: Sequence[Scenario],
    values: NDArray[np.float64],
    first: int,
    steady: NDArray[np.float64] | None = None,
) -> Robust | None:
    """The map over the two assumptions that move the answer most, or None where draws are too few for one.

    Args:
        scenarios: the variants, as they stand before any draw.
        values: metric, larger is better, shape (variants, seeds); every seed its own draw (`drawn`).
        first: seed of the first column.
        steady: the metric without what the drawn luck of accounts explains, same shape; what a number is
            worth knowing is told from these.
    """
    known = drawn_of(scenarios)
    keys = tuple(known)
    points = np.array([points_of(keys, first + k) for k in range(values.shape[1])])
    found = mapped(points, values)
    if found is None:
        return None
    axes = []
    for number, effect in zip(found.axes, found.effects, strict=True):
        low, high = span_of(known[keys[number]])
        axes.append((keys[number], low, high, value_at(scenarios[0], keys[number]), effect))
    cells = tuple(tuple(int(v) for v in row) for row in found.best)
    worth = worth_knowing(points, values if steady is None else steady)
    named = tuple((keys[row.assumption], row) for row in worth)
    return Robust(tuple(axes), cells, tuple(map(float, found.shares)), values.shape[1], named)


def draws_told(draws: int, *, drawn_map: bool, reasons: bool) -> tuple[Warned, ...]:
    """What a reader of figures over drawn assumptions has to know beside them.

    Args:
        draws: of the assumptions, one a seed.
        drawn_map: there is a map, which says of itself what it rests on.
        reasons: the best's lead is shared out as well, which is done at today's values.
    """
    found = []
    if draws < FEWEST_DRAWS and not drawn_map:
        found.append(
            warned(
                "too_few_draws",
                None,
                lambda words: words(
                    "All figures are over assumptions that were drawn anew in each seed; too few draws "
                    "for the map of what is best where and for what to measure next: {draws} of {needed}.",
                    draws=draws, needed=FEWEST_DRAWS,
                ),
            )
        )  # fmt: skip
    if reasons:
        found.append(
            warned(
                "reasons_at_today",
                None,
                lambda words: words(
                    "The reasons are about today's values of the assumptions, on runs of their own; the "
                    "comparison is over drawn ones, so the two leads may differ."
                ),
            )
        )
    return tuple(found)


def value_at(scenario: Scenario, key: str) -> float:
    """A number of a scenario by its dotted key; the default of a plug-in's that the file leaves out."""
    name, *parts = key.split(".")
    node: Any = getattr(scenario, name) if name in Scenario.model_fields else scenario.table_of(name)
    for part in parts:
        node = getattr(node, part)
    return float(node)
