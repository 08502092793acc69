"""Values laid over a scenario by their dotted keys.

Takes a dictionary and settings such as `links.layout=star` or `accounts.main.fans=5000`; gives
a new dictionary and the places that were set. An account goes by its id or its number. Does
not check values: the schema does, once they are in place.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import Problem, ScenarioError, file_error
from sim.scenario.wording import KeyPath, dotted, nearest, shown

MOST_LEVELS = 8  # the deepest key has four


def apply_settings(
    data: Mapping[str, Any], settings: Sequence[str], defaults: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The data with settings laid over it; the data itself is not changed.

    Args:
        data: values of a scenario.
        settings: `key=value` each; values are TOML, else text.
        defaults: a complete scenario, the ground on which keys absent from the data are set.
    Raises:
        ScenarioError: a setting is not `key=value`, or its key leads nowhere.
    Example:
        >>> apply_settings({"run": {"hours": 24}}, ["run.hours=48", "links.layout=ring"])
        {'run': {'hours': 48}, 'links': {'layout': 'ring'}}
    """
    return overlaid(data, settings, defaults or {})[0]


def overlaid(
    data: Mapping[str, Any], settings: Sequence[str], defaults: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, KeyPath]]:
    """As apply_settings; also the place that each setting has set."""
    result, places = dict(data), {}
    for setting in settings:
        key, value = _split(setting)
        places[setting] = _place(result, defaults, key, label(setting))
        result = dict(_with(result, defaults, places[setting], value))
    return result, places


def assigned(data: Mapping[str, Any], values: Mapping[str, object]) -> dict[str, Any]:
    """The data with dotted keys set to Python values; the data itself is not changed.

    Raises:
        ScenarioError: a key leads nowhere.
    """
    result = dict(data)
    for key, value in values.items():
        result = dict(_with(result, {}, _place(result, {}, key, ""), value))
    return result


def label(setting: str) -> str:
    """How messages name a setting."""
    return f"--set {setting}"


def key_parts(key: str) -> tuple[str, ...]:
    """The names in a dotted TOML key, quotes taken off; read by tomllib, so that the rules are TOML's.

    Raises:
        ValueError: it is not a TOML key.
    """
    parts: list[str] = []
    node: object = tomllib.loads(f"{key} = 0")
    while isinstance(node, dict):
        [(part, node)] = node.items()
        parts.append(part)
    if node != 0:
        raise tomllib.TOMLDecodeError("the head of a list")
    return tuple(parts)


def names_in(key: str) -> tuple[str, ...]:
    """The names in a dotted key; in what is no TOML key, all that stands between its dots."""
    try:
        return key_parts(key)
    except (ValueError, RecursionError):
        return tuple(key.split("."))


def _split(setting: str) -> tuple[str, object]:
    """Key and value of a setting; text that is not one TOML value stays text."""
    key, equals, text = setting.partition("=")
    if not equals or not key.strip():
        raise file_error(label(setting), "a setting is written key=value, such as links.layout=star")
    try:
        values = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return key.strip(), text.strip()
    return key.strip(), values["value"] if len(values) == 1 else text.strip()


def _place(node: Any, ground: Any, key: str, source: str) -> KeyPath:
    """The place that a dotted key names, ids of accounts resolved to their numbers."""
    parts = names_in(key)
    if len(parts) > MOST_LEVELS:
        raise ScenarioError([Problem(source, None, key, None, "has more levels than any key")])
    path: KeyPath = ()
    for part in parts:
        if isinstance(node, Mapping):
            path = (*path, part)
            ground = ground.get(part, {}) if isinstance(ground, Mapping) else {}
            node = node.get(part, ground)
        elif isinstance(node, list | tuple):
            number = _entry(node, part, dotted(path), source)
            path, node = (*path, number), node[number]
        else:
            message = f"{dotted(path)} is a single value, it has no keys"
            raise ScenarioError([Problem(source, None, key, None, message)])
    return path


def _entry(entries: Sequence[object], part: str, key: str, source: str) -> int:
    """The number of the entry that has this id, else this number."""
    ids = [str(entry.get("id", "")) if isinstance(entry, Mapping) else "" for entry in entries]
    if part in ids:
        return ids.index(part)
    if part.isascii() and part.isdigit() and int(part[:9]) < len(entries):
        return int(part[:9])
    known = [name for name in ids if name]
    choice = ", ".join([*known, f"0 to {len(entries) - 1}" if entries else "none: the list is empty"])
    message = f"has no entry {shown(part)}"
    raise ScenarioError([Problem(source, None, key, None, message, choice, nearest(part, known))])


def _with(node: Any, ground: Any, path: KeyPath, value: object) -> Any:
    """A copy of the node with one place in it set; branches that are absent start from the ground."""
    if not path:
        return value
    head, *rest = path
    if isinstance(head, int):
        return [*node[:head], _with(node[head], {}, tuple(rest), value), *node[head + 1 :]]
    below = ground.get(head, {}) if isinstance(ground, Mapping) else {}
    return {**node, head: _with(node.get(head, below), below, tuple(rest), value)}
