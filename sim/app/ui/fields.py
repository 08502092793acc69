"""What the keys of a scenario (`accounts.*.fans`) and its places are called, and what is known of each.

What a key means, its source and its range come from the schema, whose texts are in the catalogue too.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sim.app.ui.mixture import mix_text
from sim.language.names import TIER
from sim.language.vocabulary import LINK_ORIGINS, ORIGIN
from sim.language.words import N_, NC_, Words
from sim.scenario.matrix import TIERS
from sim.scenario.names import account_name
from sim.scenario.overlay import key_parts
from sim.scenario.reference import Parameter, parameters
from sim.scenario.schema import Scenario
from sim.scenario.toml_text import toml_value
from sim.scenario.wording import KeyPath, dotted

TITLES = {
    "": {"name": N_("Name")},
    "accounts.*": {
        "id": N_("Account"), "role": N_("Role"), "tier": N_("Creator tier"), "fans": N_("Fans"),
        "topics": N_("Topics"), "posts_per_day": N_("Videos a day"), "first_post_h": N_("First video, hour"),
        "quality": N_("Quality"), "weight": N_("Account weight"),
        "audience_fit": N_("Fans inside the audience, share"), "verified": N_("Verified"),
        "material": N_("Material"), "length_s": N_("Length, s"), "opening": N_("Opening"),
        "ingredients": N_("Content formula"), "cost_per_post_cny": N_("Cost per video, CNY"),
    },
    "audience": {"users": N_("People in the audience"), "topics": N_("Their main interests")},
    "brand": {
        "price_cny": N_("Price, CNY"), "margin_share": N_("Margin, share of the price"),
        "gpm_cny": N_("GPM: sales per 1,000 plays, CNY"),
    },
    "run": {"hours": N_("Length, h"), "start": N_("Begins, Beijing time"), "seed": N_("Seed")},
    "links": {
        "layout": N_("Layout"), "channels": N_("Kinds of link"), "density": N_("Density of the mesh"),
        "edges": N_("List of links"), "following_list_probability": N_("Opens the following list"),
        "liked_list_probability": N_("Opens the liked list"), "mention_probability": N_("Goes after an @"),
        "mentions_per_caption": N_("@ in one caption"),
        "cost_per_link_action_cny": N_("Cost of a link action, CNY"),
    },
    "links.edges.*": {"0": NC_("link", "From"), "1": NC_("link", "To"), "2": N_("Kind of link")},
    "seeding": {
        "ratio": NC_("creators", "Ratio"), "scale": N_("Scale of the ratio"),
        "budget_cny": N_("Budget for creators, CNY"), "window_h": N_("Posts spread over, h"),
        "topic": N_("Topic of the posts"),
    },
    "platform": {
        "author_floor": N_("Author scatter, floor"), "author_decay": N_("Author scatter, factor"),
        "account_luck_sd": N_("Luck of new accounts, spread"),
    },
    "seeding.tiers.*": {
        "fans": N_("Fans"), "audience_fit": N_("Fans inside the audience, share"),
        "price_cny": N_("Price of a post, CNY"), "trust": N_("Trust"), "awareness": N_("Awareness"),
        "quality": N_("Quality"),
    },
}  # fmt: skip
"""Of columns and fields, by what stands above them."""
LABELS = {
    f"{above}.{key}".removeprefix("."): title
    for above, titles in TITLES.items()
    for key, title in titles.items()
}
"""Titles by key; a key without one goes by its dotted name."""

SECTIONS = {
    "name": N_("Name"), "audience": NC_("section", "Audience"), "platform": N_("Platform"),
    "content": N_("Content"), "sharing": N_("Sharing"), "brand": N_("Brand"), "accounts": N_("Accounts"),
    "links": N_("Links"), "seeding": NC_("section", "Creators"), "run": NC_("section", "Time"),
}  # fmt: skip
ROLES = {"main": N_("Main account"), "sub": N_("Sub-account"), "creator": N_("Creator")}
FORMULA = {
    "novelty": N_("novelty"), "counter_intuition": N_("counter-intuition"), "plain_words": N_("plain words"),
    "resonance": N_("resonance"), "hot_topic": N_("hot topic"),
}  # fmt: skip
STANDING = {
    "measured": N_("measured"), "published": N_("published"), "assumed": N_("assumed"),
    "chosen": N_("chosen by you"),
}  # fmt: skip
DAYS = {
    "Monday": N_("Monday"), "Tuesday": N_("Tuesday"), "Wednesday": N_("Wednesday"),
    "Thursday": N_("Thursday"), "Friday": N_("Friday"), "Saturday": N_("Saturday"), "Sunday": N_("Sunday"),
}  # fmt: skip

PLAIN = ("run.hours",)
"""Keys whose title is too short away from its section."""
FAMILIES = {"content.rates": N_("Rate"), "content.spread": N_("Spread between videos")}
"""Keys whose meaning needs that of its family."""


@cache
def reference() -> dict[str, Parameter]:
    """Every key of the reference by its name."""
    return {row.key: row for row in parameters()}


def section_name(words: Words, section: str) -> str:
    """What a table on the first level is called."""
    if section in SECTIONS:
        return words(SECTIONS[section])
    return Scenario.section_types()[section].label(words.language, section)


def named(words: Words, names: Mapping[str, str]) -> dict[str, str]:
    """Names in the reader's language, by key."""
    return {key: words(text) for key, text in names.items()}


def tiers(words: Words) -> dict[str, str]:
    """What the tiers of creators are called."""
    return {key: tier.label(words.language) for key, tier in TIER.items()}


def link_kinds(words: Words) -> dict[str, str]:
    """What the kinds of link are called, by channel."""
    return {key: ORIGIN[key].link(words.language).capitalize() for key in LINK_ORIGINS}


def label(words: Words, key: str) -> str:
    """What a key of the reference is called."""
    return words(LABELS[key]) if key in LABELS else key


def key_name(words: Words, key: str) -> str:
    """What a varied key is called, also one that only a sweep file can have."""
    try:
        parts = key_parts(key)
    except ValueError:
        return key
    match parts:
        case ("accounts", name, field) if f"accounts.*.{field}" in LABELS:
            return f"{account_name(name, words.language)} · {label(words, f'accounts.*.{field}')}"
        case ("seeding", "tiers", tier, field) if tier in TIER:
            return f"{TIER[tier].label(words.language)} · {label(words, f'seeding.tiers.*.{field}')}"
    row = ".".join(parts)
    if (row in LABELS and row not in PLAIN) or row not in reference():
        return label(words, row)
    meaning = words(reference()[row].description).rstrip(".。")
    family = FAMILIES.get(".".join(parts[:2]))
    return f"{words(family)} · {meaning}" if family else meaning


def about(words: Words, key: str) -> str:
    """What is known about a key: meaning, default, unit, status, source, plausible range. Markdown."""
    row = reference()[key]
    parts = [words(row.description)]
    if row.default is not None:
        default = written(row.default) or words("none")
        parts.append(words("Default: {default}.", default=f"{default} {unit(words, row)}".strip()))
    if row.status != "chosen":
        standing = words(STANDING[row.status])
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
        return f"{value:,}" if isinstance(value, int) else f"{value:,.12g}"
    if isinstance(value, dict):
        return mix_text(value) or words("none")
    return written(value) or words("none")


def place(words: Words, path: KeyPath, accounts: Sequence[str]) -> str:
    """A place in a scenario, as the page calls it: section, row, column; accounts have these ids."""
    match path:
        case ("accounts", int(k), *below):
            name = accounts[k] if k < len(accounts) else ""
            row = words("row {n} ({name})", n=k + 1, name=name) if name else words("row {n}", n=k + 1)
            return _joined(words(SECTIONS["accounts"]), row, *_column(words, "accounts.*", below))
        case ("accounts", str(gone)):
            return _joined(words(SECTIONS["accounts"]), gone)
        case ("links", "edges", int(k), *below):
            row = words("row {n}", n=k + 1)
            return _joined(words(LABELS["links.edges"]), row, *_column(words, "links.edges.*", below))
        case ("seeding", "tiers", str(tier), *below) if tier in TIERS:
            name = TIER[tier].label(words.language)
            return _joined(words(SECTIONS["seeding"]), name, *_column(words, "seeding.tiers.*", below))
        case ("seeding", "ratio", int(k)) if k < len(TIERS):
            name = TIER[TIERS[k]].label(words.language)
            return _joined(words(SECTIONS["seeding"]), name, words(LABELS["seeding.ratio"]))
        case (str(section), *below) if section in SECTIONS or section in Scenario.section_types():
            return _joined(section_name(words, section), *_column(words, section, below))
    return dotted(path)


def _column(words: Words, above: str, below: Sequence[str | int]) -> list[str]:
    """The name of the key below a row or section, and what lies below it, such as a topic."""
    if not below:
        return []
    key = f"{above}.{below[0]}"
    if key in LABELS:
        return [words(LABELS[key]), *(str(part + 1 if isinstance(part, int) else part) for part in below[1:])]
    return [dotted(tuple(below))]


def _joined(*parts: str) -> str:
    return " · ".join(parts)
