"""What a scenario key allows, in plain words.

Takes a JSON Schema node and a place in it; gives the limits, the words allowed and the nearest
spelling, as shown in error messages and in the reference of parameters. Does not know the
schema itself, nor where in a file a key stands (source.py).
"""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.language.words import N_
from sim.scenario.section import NAMED, TWICE

KeyPath = tuple[str | int, ...]
"""A place in a scenario: names of tables and keys, numbers of entries from 0."""

Node = Mapping[str, Any]
"""A node of a JSON Schema."""

REPLACED: Mapping[str, str] = {
    "platform.hit_impressions": 'platform.hit (impressions as before, or "p99")',
    "platform.first_pool_fan_power": (
        "platform.own_fan_power (brand accounts) and platform.creator_fan_power (creators)"
    ),
}
"""Keys of earlier versions, and the keys that stand in their place, with what each is about."""

NOT_YET_VALUES: Mapping[str, Mapping[str, str]] = {
    "accounts.role": {"competitor": N_("accounts of competitors")},
}
"""Values of the contract whose mechanism is not built yet."""

_WRONG = {
    "missing": "is required",
    "extra_forbidden": "unknown key",
    "literal_error": "is not one of the words allowed here",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "less_than_equal": "is too large",
    "finite_number": "is not a finite number",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "has the wrong form",
    "string_unicode": "is not valid text",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
}


def not_yet(path: KeyPath, value: object, keys: Mapping[str, str]) -> str:
    """What a key or value would switch on whose mechanism is not built yet; '' for all others.

    Args:
        path: its place.
        value: what stands there.
        keys: those that are not built yet, and what each is about.
    """
    key = ".".join(part for part in path if isinstance(part, str))
    if key in keys:
        return keys[key]
    words = NOT_YET_VALUES.get(key, {})
    return words.get(value, "") if isinstance(value, str) else ""


def wrong(kind: str, value: object) -> str:
    """What is wrong with a value.

    Args:
        kind: pydantic's name for the kind of error.
        value: the value that was refused.
    """
    if kind == "float_type" and isinstance(value, int) and not isinstance(value, bool):
        return "is too large"  # past what a float can hold
    if kind.startswith("int_") and isinstance(value, float) and value.is_integer():
        return "must be a whole number, written without a point or an exponent"
    if kind == TWICE and isinstance(value, list | tuple):
        return f"{next(entry for entry in value if value.count(entry) > 1)!r} is listed twice"
    return _WRONG.get(kind) or f"is {_kind(value)}, which is the wrong kind of value"


def shown(value: object) -> str:
    """A value as one would write it in TOML, near enough to be recognised."""
    if isinstance(value, float):
        return repr(value)  # nan and inf as in TOML
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # Python does not print whole numbers past 4,300 digits
        return "…"


def dotted(path: KeyPath) -> str:
    """A place as a dotted key; names that TOML would not take bare are quoted."""

    def bare(part: str | int) -> bool:
        return isinstance(part, int) or (part.isascii() and part.replace("-", "").replace("_", "").isalnum())

    return ".".join(str(part) if bare(part) else shown(part) for part in path)


def nearest(word: str, words: Iterable[str]) -> str:
    """The spelling nearest to a word, '' if none is near; capitals do not count."""
    by_lower = {candidate.lower(): candidate for candidate in words}
    close = difflib.get_close_matches(word.lower()[:100], by_lower, n=1)
    return by_lower[close[0]] if close else ""


def nearest_key(word: str, schema: Node, section: Node) -> str:
    """The key that was probably meant: a near spelling in its section, or the same name in another."""
    if near := nearest(word, names(section)):
        return near
    for table, node in schema.get("properties", {}).items():
        if word in names(resolved(node, schema)):
            return f"{table}.{word}"
    return ""


def names(section: Node) -> Sequence[str]:
    """The keys of a section; none if its keys are free."""
    return tuple(section.get("properties", ())) or tuple(section.get("propertyNames", {}).get("enum", ()))


def entry_of(table: Node) -> Node:
    """What a table with free keys holds under each; empty where the keys are given."""
    entry = next(iter(table.get("patternProperties", {}).values()), table.get("additionalProperties"))
    return entry if isinstance(entry, Mapping) else {}


def resolved(node: Node, schema: Node) -> Node:
    """The node itself, with a reference followed and an optional value taken as given."""
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in node and len(found := _choices(node)) == 1:
            node = found[0]
        else:
            return node


def _choices(node: Node) -> Sequence[Node]:
    """What may stand there in place of each other, nothing left out."""
    return [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]


def node_at(schema: Node, path: KeyPath) -> Node:
    """The schema node of a place; an empty one where the schema says nothing."""
    node = resolved(schema, schema)
    for part in path:
        if isinstance(part, str):
            child = node.get("properties", {}).get(part) or entry_of(node)
        else:
            items = node.get("prefixItems", ())
            child = items[part] if part < len(items) else node.get("items")
        node = resolved(child if isinstance(child, Mapping) else {}, schema)
    return node


def allowed(node: Node, schema: Node) -> str:
    """What a node allows, in words.

    Args:
        node: the key's node of the JSON Schema.
        schema: the whole JSON Schema, for references.
    """
    node = resolved(node, schema)
    if choices := _choices(node):
        return ", or ".join(allowed(choice, schema) for choice in choices)
    if words := node.get("enum") or ([node["const"]] if "const" in node else None):
        return ", ".join(str(word) for word in words)
    match node.get("type"):
        case "integer":
            return f"a whole number{_limits(node)}"
        case "number":
            return f"a number{_limits(node)}"
        case "boolean":
            return "true or false"
        case "string" if node.get("pattern") == NAMED:
            return f"text of {_span(node, 'Length', 'characters')}, not blank, without control characters"
        case "string" if "pattern" in node:
            return f"text such as {' or '.join(map(shown, node.get('examples', (node.get('default', ''),))))}"
        case "string":
            return f"text of {_span(node, 'Length', 'characters')}"
        case "array" if "prefixItems" in node:
            each = "; ".join(allowed(item, schema) for item in node["prefixItems"])
            return f"a list of {len(node['prefixItems'])} entries ({each})"
        case "array":
            once = ", none twice" if node.get("uniqueItems") else ""
            return f"a list of {_span(node, 'Items', 'entries')}{once}, each {allowed(node['items'], schema)}"
        case "object" if names(node):
            return f"a table with the keys {', '.join(names(node))}"
        case "object":
            each = allowed(entry_of(node), schema)
            return f"a table of {_span(node, 'Properties', 'names')}{each and f', each with {each}'}"
    return ""


_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


def _limits(node: Node) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    parts = [f"{word} {_number(node[key])}" for key, word in _LIMITS.items() if key in node]
    return " " + " and ".join(parts) if parts else ""


def _span(node: Node, what: str, unit: str) -> str:
    low, high = node.get(f"min{what}", 0), node.get(f"max{what}")
    if high is None:
        return f"at least {low:,} {unit}" if low else f"any number of {unit}"
    return f"{low:,} to {high:,} {unit}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.12g}"


_KINDS: Mapping[type, str] = {
    bool: "true or false",  # before int: a bool is one
    int: "a whole number",
    float: "a number with a fraction",
    str: "text",
    list: "a list",
    tuple: "a list",
    dict: "a table",
    type(None): "nothing",
}


def _kind(value: object) -> str:
    return next((word for kind, word in _KINDS.items() if isinstance(value, kind)), "a date or time")
