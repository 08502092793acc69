"""Keys that came after a scenario was stored: what it did not say because there was nothing to say.

Takes the text of a complete scenario, as every run writes it, and today's schema; gives the scenario with
each later key at the value that leaves it without effect, and their names. A later key's default was decided
after the run that is read back, which did not have it. Does not read files.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.canonical import neutral
from sim.scenario.schema import Scenario
from sim.scenario.section import Section


def as_stored(text: str, file: str) -> tuple[Scenario, tuple[str, ...]]:
    """A stored scenario as it was run, and the keys that did not exist then, dotted.

    Those without an off value have their default: they matter only where another key is on.

    Args:
        text: complete TOML, as `Scenario.to_toml` writes it.
        file: named in errors.
    Raises:
        ScenarioError: it is no scenario that can be read today.
    """
    text = renamed(text)
    scenario = Scenario.loads(text, file)
    found = dict(_later(type(scenario), tomllib.loads(text), ""))
    return (scenario.with_values(found) if found else scenario), tuple(found)


def renamed(text: str) -> str:
    """A stored scenario; earlier versions wrote what is a hit under another name."""
    return re.sub(r"(?m)^hit_impressions(?=\s*=)", "hit", text)


def _later(section: type[Section], said: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Keys of a section that a table does not hold, with their neutral values; a list is one key."""
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _later(kind, said.get(name, {}), f"{prefix}{name}.")
        elif name not in said and (value := neutral(field)) is not None:
            yield f"{prefix}{name}", value
