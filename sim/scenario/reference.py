"""What every key of a scenario means: the reference of parameters, and the JSON Schema that editors use.

Walks the schema; gives a row a key. Does not check or change anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, get_args

from sim.language.words import NC_
from sim.scenario.canonical import neutral
from sim.scenario.plugged import known as plugged_sections
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.scenario.wording import Node, allowed, entry_of, node_at, resolved


class Parameter(NamedTuple):
    """One key of the scenario file, as a row of the reference; '*' stands for any account or tier."""

    key: str
    default: object
    unit: str
    status: str
    source: str
    range: tuple[float, float] | None
    description: str
    allowed: str
    neutral: object
    """left out of hashes: the off value where the key names one, else the default"""


def assumed_rows(scenarios: Sequence[Scenario]) -> Iterator[tuple[Parameter, str, str]]:
    """Every assumed number with value and plausible range as text; of several scenarios, those they share.

    What all of them have fitted to data is assumed no more. A list as a whole has no range, ''. A key of
    entries (`accounts.*.…`) has the lowest and the highest value where entries differ, and the default where
    there are none.
    """
    dumps = [scenario.model_dump() for scenario in scenarios]
    known = frozenset.intersection(*map(fitted_keys, dumps))
    for row in parameters_of(scenarios):
        if row.status != "assumed" or row.key in known:
            continue
        found = [[*_values(dump, row.key.split("."))] or [row.default] for dump in dumps]
        value, *others = {" – ".join(dict.fromkeys(map(_text, (min(own), max(own))))) for own in found}
        if not others:
            span = f"{row.range[0]:g} – {row.range[1]:g}" if row.range else ""
            yield row, f"{value} {row.unit}".strip(), span


def _text(value: object) -> str:
    """A value, a list without brackets."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def is_given(row: Parameter, dump: Mapping[str, Any]) -> bool:
    """Whether a scenario, dumped, has another value of a key than its default, in whichever entry."""
    return any(value != row.default for value in _values(dump, row.key.split(".")))


def fitted_keys(dump: Mapping[str, Any]) -> frozenset[str]:
    """Rows whose values a scenario, dumped, has from data and has kept: by key, '*' for any account."""
    return frozenset(
        ".".join("*" if part.isdecimal() else part for part in key.split("."))
        for key, value in dump["fitted"].items()
        if list(listed(_at(dump, key.split(".")))) == list(value)
    )


def listed(value: object) -> Sequence[object]:
    """A value as the list of numbers that stands for it under `fitted`."""
    return value if isinstance(value, list | tuple) else (value,)


def _at(node: Any, parts: Sequence[str]) -> object:
    """The value at a key, accounts by their number; None where there is none."""
    for part in parts:
        if isinstance(node, Mapping):
            node = node.get(part)
        elif isinstance(node, list | tuple) and part.isdecimal() and int(part) < len(node):
            node = node[int(part)]
        else:
            return None
    return node


def _values(node: Any, parts: Sequence[str]) -> Iterator[Any]:
    """The values at a key, one for each entry that `*` stands for."""
    if not parts:
        yield node
    elif parts[0] == "*":
        for entry in node.values() if isinstance(node, Mapping) else node:
            yield from _values(entry, parts[1:])
    else:
        yield from _values(node[parts[0]], parts[1:])


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every key with default, unit, source, plausible range and limits, in the order of the schema."""
    schema = json_schema()
    return tuple(_rows(Scenario, "", schema, schema))


@cache
def by_key() -> dict[str, Parameter]:
    """Every key by its name."""
    return {row.key: row for row in parameters()}


@cache
def key_labels() -> dict[str, str]:
    """What keys and tables are called, in English for the catalogue: those whose meaning is no name."""
    return dict(_labels(Scenario, ""))


def _labels(section: type[Section], prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in section.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and "label" in extra:
            yield f"{prefix}{name}", NC_("key", str(extra["label"]))
        if below := _section_in(field.annotation):
            yield from _labels(below, f"{prefix}{name}." + ("" if field.annotation is below else "*."))


@cache
def plugged_parameters() -> tuple[Parameter, ...]:
    """The same of the plug-ins that are installed and can be used, in order of their names."""
    schema, plugged = json_schema(), plugged_sections(frozenset(Scenario.model_fields))
    rows = (_rows(kind, f"{name}.", node_at(schema, (name,)), schema) for name, kind in plugged.items())
    return tuple(chain.from_iterable(rows))


@cache
def plugged_labels() -> dict[str, str]:
    """What the keys of these plug-ins are called, where they say so."""
    plugged = plugged_sections(frozenset(Scenario.model_fields))
    return dict(chain.from_iterable(_labels(kind, f"{name}.") for name, kind in plugged.items()))


def parameters_of(scenarios: Sequence[Scenario]) -> tuple[Parameter, ...]:
    """Every key that counts in any of some scenarios: ours, and those of the plug-ins that they all name."""
    named = set.intersection(*(set(scenario.plugged) for scenario in scenarios))
    idle = frozenset.intersection(*map(idle_keys, scenarios))
    rows = parameters() + tuple(row for row in plugged_parameters() if row.key.partition(".")[0] in named)
    return tuple(row for row in rows if first_two(row.key) not in idle)


def idle_keys(scenario: Scenario) -> frozenset[str]:
    """Keys that change nothing in a scenario, because what they are for is off; tables as a whole."""
    tables = ((name, section) for name, section in scenario if isinstance(section, Section))
    return frozenset(f"{name}.{key}" for name, section in tables for key in section.idle_keys(scenario))


def first_two(key: str) -> str:
    """The key, or the table below a section that it stands in."""
    return ".".join(key.split(".")[:2])


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors and other programs."""
    schema = Scenario.model_json_schema()
    del schema["$defs"]["Tier"]["required"]  # what a row leaves out comes from the default table
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _rows(section: type[Section], prefix: str, node: Node, schema: Node) -> Iterator[Parameter]:
    for name, field in section.model_fields.items():
        child = resolved(node["properties"][name], schema)
        if below := _section_in(field.annotation):
            single = field.annotation is below
            entry = child if single else resolved(child.get("items") or entry_of(child), schema)
            yield from _rows(below, f"{prefix}{name}." + ("" if single else "*."), entry, schema)
            continue
        extra = field.json_schema_extra
        facts: dict[str, Any] = dict(extra) if isinstance(extra, dict) else {}
        span = facts.get("range")
        yield Parameter(
            key=f"{prefix}{name}",
            default=None if field.is_required() else field.get_default(call_default_factory=True),
            unit=facts["unit"],
            status=facts["status"],
            source=facts["source"],
            range=(span[0], span[1]) if span else None,
            description=field.description or "",
            allowed=allowed(child, schema),
            neutral=None if field.is_required() else neutral(field),
        )


def _section_in(annotation: object) -> type[Section] | None:
    """The section that a field holds, itself or as its entries."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)
