"""What a scenario says beyond the neutral: the content of every hash that names one.

Takes a validated scenario; gives the keys that are not neutral, as plain values in canonical
order. Neutral is a key's off value where it names one, else its default. So a new section or key
that is neutral where it is left out changes no hash, and what is kept under the hash stays. Does
not hash (results.py).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo

from sim.scenario.schema import RunSettings, Scenario
from sim.scenario.section import Section

DEFAULTS_EPOCH = 3
"""Raised by one when a neutral value, or what it does, changes: what is left out then means something else.

tests/neutral.json holds the values of this epoch."""


def neutral(field: FieldInfo) -> Any:
    """The value of a key that need not be said: its off value, else its default; pydantic's mark for none."""
    extra = field.json_schema_extra
    off = isinstance(extra, dict) and "off" in extra
    return extra["off"] if off else field.get_default(call_default_factory=True)  # type: ignore[index]


@cache
def _neutrals(kind: type[Section]) -> Mapping[str, Any]:
    """The neutral value of each key of a kind of section; to be read only."""
    return {name: neutral(field) for name, field in kind.model_fields.items()}


def live(section: Section) -> dict[str, Any]:
    """The keys of a section that are not neutral; sections in lists and tables all stand, key by key."""
    said = {}
    for name, default in _neutrals(type(section)).items():
        value = getattr(section, name)
        content = _content(value)
        if isinstance(value, Section):
            silent = content == {} and isinstance(default, Section)
        else:
            silent = value == default and not _holds_sections(value)
        if not silent:
            said[name] = content
    return said


def canonical(scenario: Scenario) -> dict[str, Any]:
    """What decides a run but the seed: without name, seed and standing of values, lists in canonical order.

    The table of a plug-in counts where it stands, also when it says nothing: it switches the plug-in on.
    """
    run = scenario.run.model_copy(update={"seed": neutral(RunSettings.model_fields["seed"])})
    said = live(scenario.model_copy(update={"run": run}))
    del said["name"]
    said.pop("fitted", None)  # what is known of a value decides nothing
    said["accounts"].sort(key=lambda account: account["id"])
    if "edges" in said.get("links", ()):
        said["links"]["edges"].sort()
    return said | {name: live(section) for name, section in scenario.plugged.items()}


def _content(value: Any) -> Any:
    if isinstance(value, Section):
        return live(value)
    if isinstance(value, Mapping):
        return {key: _content(item) for key, item in value.items()}
    return [_content(item) for item in value] if isinstance(value, list | tuple) else value


def _holds_sections(value: Any) -> bool:
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return any(isinstance(item, Section) for item in items)
