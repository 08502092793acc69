"""What all entries of the registry have: a key, a unit, a label and a definition, each in both languages.

The words stand in the entry itself, so that one entry is all that a new thing costs, in a plug-in too.
Registries that hold nothing but words are tables of registry.toml.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

from sim.language.words import Language


@dataclass(frozen=True)
class Entry:
    """One thing that has a name.

    Attributes:
        key: as files and commands write it.
        unit: what it is counted in, '' for what is no number.
        label_en: name in English, as a table or legend shows it.
        label_zh: the same in Chinese.
        definition_en: what it means, in one sentence of English; '' where the name says it.
        definition_zh: the same in Chinese.
        said_en: name within a sentence of English; '' where it is the label.
        said_zh: the same in Chinese.
    """

    key: str
    unit: str
    label_en: str
    label_zh: str
    definition_en: str = ""
    definition_zh: str = ""
    said_en: str = ""
    said_zh: str = ""

    def label(self, language: Language) -> str:
        """Its name."""
        return self.label_zh if language == "zh" else self.label_en

    def definition(self, language: Language) -> str:
        """What it means, in a sentence."""
        return self.definition_zh if language == "zh" else self.definition_en

    def said(self, language: Language) -> str:
        """Its name within a sentence."""
        return (self.said_zh if language == "zh" else self.said_en) or self.label(language)


E = TypeVar("E", bound=Entry)


def by_key(*entries: E) -> dict[str, E]:
    """Entries by their keys."""
    return {entry.key: entry for entry in entries}


@overload
def read(table: str) -> dict[str, Entry]: ...
@overload
def read(table: str, kind: type[E]) -> dict[str, E]: ...
def read(table: str, kind: type[Any] = Entry) -> dict[str, Any]:
    """Entries by their keys, of a table of registry.toml."""
    return {key: kind(key=key, **_fields(row)) for key, row in _registry()[table].items()}


def _fields(row: dict[str, Any]) -> dict[str, str]:
    """Fields of an entry: a text in both languages is two of them."""
    found = {"unit": ""}
    for name, given in row.items():
        if isinstance(given, str):
            found[name] = given
        else:
            found |= {f"{name}_{language}": text for language, text in zip(("en", "zh"), given, strict=False)}
    return found


@cache
def _registry() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("registry.toml").read_text("utf-8"))


def declared(registry: dict[str, E], entry: E, otherwise: str) -> str:
    """Adds an entry where what it names is defined, in a plug-in or with a mechanism; its key.

    Raises:
        ValueError: the key names something else already: `key: otherwise`.
    """
    if registry.setdefault(entry.key, entry) != entry:
        raise ValueError(f"{entry.key}: {otherwise}")
    return entry.key
