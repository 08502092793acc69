"""What the keys of a scenario (`accounts.*.fans`) and its places are called, and what is known of each.

What keys and tables are called, what they mean, their sources and ranges stand in the schema.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from sim.app.ui.mixture import mix_text
from sim.language.entry import Entry
from sim.language.keys import INGREDIENT, STANDING
from sim.language.names import ROLE, TIER
from sim.language.vocabulary import LINK_ORIGINS, ORIGIN
from sim.language.words import Words
from sim.scenario.key_names import gist, has_label, label, section_name
from sim.scenario.matrix import TIERS
from sim.scenario.names import account_name, account_names, topic_name
from sim.scenario.reference import Parameter, by_key
from sim.scenario.schema import Scenario
from sim.scenario.toml_text import toml_value
from sim.scenario.wording import KeyPath, dotted

BRAND_ROLES = {key: ROLE[key] for key in ("main", "sub", "creator")}
"""Roles that an account of the file can have."""
GROUPED = re.compile(r"[-+]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")
SIGNS = {"万": 1e4, "亿": 1e8, "k": 1e3, "m": 1e6}
Kind = Literal["switch", "whole", "number", "other"]


def kind_of(row: str) -> Kind:
    """What stands at a key of the reference, by what it allows: 'other' for lists, tables and texts."""
    allowed = by_key()[row].allowed
    begins: dict[str, Kind] = {"true or": "switch", "a whole number": "whole", "a number": "number"}
    return next((kind for text, kind in begins.items() if allowed.startswith(text)), "other")


def named(words: Words, names: Mapping[str, str]) -> dict[str, str]:
    """Names in the reader's language, by key."""
    return {key: words(text) for key, text in names.items()}


def labels(words: Words, entries: Mapping[str, Entry]) -> dict[str, str]:
    """What entries of the registry are called, by key."""
    return {key: entry.label(words.language) for key, entry in entries.items()}


def link_kinds(words: Words) -> dict[str, str]:
    """What the kinds of link are called, by channel."""
    return {key: ORIGIN[key].link(words.language).capitalize() for key in LINK_ORIGINS}


def about(words: Words, key: str, fitted: Collection[str] = ()) -> str:
    """What is known about a key: meaning, default, unit, status, source, plausible range. Markdown.

    Of those whose values come from the reader's data that is said, in place of what the default rests on.
    """
    row = by_key()[key]
    parts = [words(row.description)]
    if row.default is not None:
        default = written(row.default) or words("none")
        parts.append(words("Default: {default}.", default=f"{default} {unit(words, row)}".strip()))
    if key in fitted:
        parts.append(words("Status: {status}.", status=STANDING["fitted"].label(words.language)))
    elif row.status != "chosen":
        standing = STANDING[row.status].label(words.language)
        source = words(row.source)
        parts.append(words("Status: {status}.", status=standing))
        if source != standing:
            parts.append(words("Source: {source}.", source=source))
    if row.range is not None:
        parts.append(words("Plausible: {low} to {high}.", low=f"{row.range[0]:g}", high=f"{row.range[1]:g}"))
    return space(words).join(parts)


def space(words: Words) -> str:
    """What stands between two sentences."""
    return "" if words.language == "zh" else " "


def sentence(words: Words, subject: str, said: str) -> str:
    """What is said of a subject, with the signs of the language."""
    return f"{subject}：{said}。" if words.language == "zh" else f"{subject}: {said}."


def unit(words: Words, row: Parameter) -> str:
    """A key's unit; empty for a pure number or a name."""
    return words(row.unit) if row.unit else ""


def written(value: object) -> str:
    """A value as it is written in a scenario file; empty where nothing is set."""
    return "" if value is None or value in ((), [], {}) else toml_value(value)


def read(words: Words, value: object) -> str:
    """A value as it is read in a sentence: text without quotes, numbers with their thousands marked."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    if isinstance(value, int | float):
        return str(number_text(value))
    if isinstance(value, dict):
        formula = labels(words, INGREDIENT)
        named = {formula.get(key, topic_name(key, words.language)): share for key, share in value.items()}
        return mix_text(named) or words("none")
    if isinstance(value, list | tuple):
        return words.listed(_entry(words, entry) for entry in value) or words("none")
    return written(value) or words("none")


def _entry(words: Words, entry: object) -> str:
    """An entry of a list in a sentence: a link by its ends, what has a name by that."""
    if isinstance(entry, Mapping):
        names = (entry.get(key) for key in ("name", "id", "account"))
        return next((account_name(str(name), words.language) for name in names if name), written(entry))
    if isinstance(entry, list | tuple):
        return " ".join(_entry(words, part) for part in entry)
    if isinstance(entry, str):
        return ORIGIN[entry].link(words.language) if entry in ORIGIN else account_name(entry, words.language)
    return read(words, entry)


def number_text(value: object) -> str | None:
    """A number with its thousands marked, as `number_of` reads it; what is no number (yet) as it is."""
    if value is None or isinstance(value, str):
        return value
    return f"{value:,.12g}" if isinstance(value, float) else f"{value:,}"


def number_of(text: str) -> float:
    """The number that a text writes, in the script of either language; a whole one where it has no fraction.

    Raises:
        ValueError: it writes none.
    Example:
        >>> number_of("1,200"), number_of("1.5万"), number_of("3k"), number_of("0.5")
        (1200, 15000, 3000, 0.5)
    """
    sign = text[-1:].lower()
    body = text[:-1] if sign in SIGNS else text
    plain = re.sub("[,，]", "", body) if GROUPED.fullmatch(body) else body
    value = float(plain) * SIGNS.get(sign, 1)
    return int(value) if value.is_integer() else value


def called(words: Words, given: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What accounts, topics and ingredients of a scenario are called, by column of the table of accounts."""
    ids = tuple(str(account.get("id") or "") for account in given["accounts"])
    mix = given["audience"]["topics"]
    topics = {name: topic_name(name, words.language) for name in (mix if isinstance(mix, Mapping) else ())}
    if len(set(topics.values())) < len(topics):  # one is called as another: both keep their own names
        topics = {name: name for name in topics}
    formula = labels(words, INGREDIENT)
    return {"id": account_names(ids, words.language), "topics": topics, "ingredients": formula}


def place(words: Words, path: KeyPath, accounts: Sequence[str]) -> str:
    """A place in a scenario, as the page calls it: section, row, column; accounts have these ids."""
    found: tuple[str, ...]
    match path:
        case ("accounts", int(k), *below):
            name = account_name(accounts[k], words.language) if k < len(accounts) else ""
            row = words("row {n} ({name})", n=k + 1, name=name) if name else words("row {n}", n=k + 1)
            found = label(words, "accounts"), row, *_column(words, "accounts.*", below)
        case ("accounts", str(name), *below):
            of = account_name(name, words.language)
            found = label(words, "accounts"), of, *_column(words, "accounts.*", below)
        case ("links", "edges", int(k), *below):
            row = words("row {n}", n=k + 1)
            found = label(words, "links.edges"), row, *_column(words, "links.edges.*", below)
        case ("seeding", "tiers", str(tier), *below) if tier in TIERS:
            name = TIER[tier].label(words.language)
            found = label(words, "seeding"), name, *_column(words, "seeding.tiers.*", below)
        case ("seeding", "ratio", int(k)) if k < len(TIERS):
            name = TIER[TIERS[k]].label(words.language)
            found = label(words, "seeding"), name, label(words, "seeding.ratio")
        case (str(section), *below) if has_label(section) or section in Scenario.section_types():
            found = section_name(words, section), *_column(words, section, below)
        case _:
            found = (dotted(path),)
    return " · ".join(found)


def _column(words: Words, above: str, below: Sequence[str | int]) -> list[str]:
    """The name of the key below a row or section, and what lies below it, such as a topic."""
    if not below:
        return []
    key, whole = f"{above}.{below[0]}", f"{above}.{dotted(tuple(below))}"
    if has_label(key) and (whole == key or whole not in by_key()):
        parts = (str(p + 1) if isinstance(p, int) else topic_name(p, words.language) for p in below[1:])
        return [label(words, key), *parts]
    for row in (whole, key):
        if row in by_key():
            return [gist(words, row)]
    return [dotted(tuple(below))]
