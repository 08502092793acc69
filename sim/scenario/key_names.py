"""What the keys of a scenario (`accounts.*.fans`) and its tables are called in the reader's language.

Takes keys; gives names. Labels and meanings stand in the schema, and in the registry of words where one key
is called otherwise; a key without a name of its own goes by its meaning.
"""

import re

from sim import plugins
from sim.language.keys import KEY
from sim.language.names import TIER
from sim.language.words import Words
from sim.plugins import MECHANISM, PLATFORM
from sim.scenario.names import account_name
from sim.scenario.overlay import names_in
from sim.scenario.reference import by_key, key_labels, plugged_labels, plugged_parameters
from sim.scenario.schema import Scenario

PLAIN = ("run.hours",)
"""Keys whose title is too short away from its section."""


def label(words: Words, key: str) -> str:
    """What a key of the reference, or a table, is called; the key itself where nothing is said."""
    return KEY[key].label(words.language) if key in KEY else words(key_labels().get(key, key))


def has_label(key: str) -> bool:
    """Whether a key, or a table, has a name of its own."""
    return key in KEY or key in key_labels()


def section_name(words: Words, section: str) -> str:
    """What a table on the first level is called; itself where it is none."""
    kind = None if has_label(section) else Scenario.section_types().get(section)
    return kind.label(words.language, section) if kind else label(words, section)


def key_name(words: Words, key: str) -> str:
    """What a key is called, of an entry too (`accounts.main.fans`); itself where it is none."""
    parts = names_in(key)
    match parts:
        case ("accounts", name, field) if name != "*" and has_label(f"accounts.*.{field}"):
            return f"{account_name(name, words.language)} · {label(words, f'accounts.*.{field}')}"
        case ("seeding", "tiers", tier, field) if tier in TIER:
            return f"{TIER[tier].label(words.language)} · {label(words, f'seeding.tiers.*.{field}')}"
    row = ".".join(parts)
    if (has_label(row) and row not in PLAIN) or row not in by_key():
        return _plugged_name(row) if _is_plugged(parts[0]) else label(words, row)
    meaning = words(by_key()[row].description).rstrip(".。")
    family = ".".join(parts[:-1]) if parts[2:] else ""
    return f"{label(words, family)} · {meaning}" if has_label(family) else meaning


def _is_plugged(table: str) -> bool:
    """Whether a plug-in of this name is installed, ours aside; none is imported."""
    if table in Scenario.model_fields:
        return False
    return table in {*plugins.names(MECHANISM), *plugins.names(PLATFORM)}


def _plugged_name(key: str) -> str:
    """What a key of a plug-in is called, in the plug-in's own words."""
    meanings = {row.key: row.description.rstrip(".。") for row in plugged_parameters()}
    return plugged_labels().get(key) or meanings.get(key, key)


def gist(words: Words, key: str) -> str:
    """What a key is called, without what explains it."""
    return re.split(r"[(（;；:：，]|,(?!\d)", key_name(words, key))[0].strip()
