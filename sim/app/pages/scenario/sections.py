"""The parts of the Scenario page that edit: accounts, links, creators, audience and time, all parameters.

Conversion is in editing.py, the life of a widget in editors.py.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from sim.app.ui import editing, fields, look, reader, widgets
from sim.app.ui.drafting import Sheet
from sim.app.ui.editing import Document, Row
from sim.app.ui.editors import Editor, editor, looked
from sim.app.ui.mixture import mix_text
from sim.app.ui.names import layout_name
from sim.language.keys import DAY, STANDING
from sim.language.names import LAYOUT, TIER
from sim.language.words import N_, Words
from sim.scenario import key_names
from sim.scenario.differences import MIXES
from sim.scenario.faults import ALLOWED, translated
from sim.scenario.matrix import CHANNELS
from sim.scenario.names import account_names, topic_name
from sim.scenario.reference import by_key
from sim.scenario.section import unmarked

OF_KIND = {"whole": pl.Int64, "number": pl.Float64, "switch": pl.Boolean, "other": pl.String}
TYPES = {
    column: pl.Boolean if fields.kind_of(f"accounts.*.{column}") == "switch" else pl.String
    for column in editing.ACCOUNT
}
"""Columns of the table of accounts."""
WIDTHS = {
    "id": 165, "role": 115, "fans": 95, "topics": 250, "posts_per_day": 125, "quality": 100, "verified": 100,
    "cost_per_post_cny": 170, "weight": 145, "first_post_h": 150, "material": 150, "length_s": 115,
    "opening": 105, "ingredients": 220, "tier": 130, "audience_fit": 170,
}  # fmt: skip
"""Of the columns [px]: title and usual content fit in both languages."""
EDGE_TYPES = dict.fromkeys(editing.EDGE, pl.String)
TIER_TYPES = {"tier": pl.String, "ratio": pl.Int64} | {
    column: OF_KIND[fields.kind_of(f"seeding.tiers.*.{column}")] for column in editing.TIER[1:]
}
SECTION = "section"
PARAMETER_COLUMNS = {
    "key": (N_("Key"), N_("As it stands in the file and in sweeps; * stands for every account or tier.")),
    "name": (N_("Name"), N_("What other pages call it, behind its table.")),
    "value": (N_("Value"), N_("Of this scenario; type another one, or empty the cell for the default.")),
    "unit": (N_("Unit"), N_("What the value is counted in; empty for a pure number or a name.")),
    "default": (N_("Default"), N_("The value where the file does not set one.")),
    "meaning": (N_("Meaning"), N_("What it does.")),
    "status": (
        N_("Status"),
        N_("How the default is known: measured, published, assumed, or yours to choose."),
    ),
    "range": (N_("Plausible range"), N_("Values worth trying: the answer should hold over them.")),
    "allowed": (N_("Allowed"), N_("Values that are taken; others are refused with a message.")),
    "source": (N_("Source"), N_("Where the default comes from.")),
    SECTION: (N_("Section"), N_("The table of the file that holds the key.")),
}
"""Columns of the table of all parameters, and what they mean."""
PARAMETER_WIDTHS: dict[str, int | str] = {
    "value": 150, "unit": 120, "default": 120, **dict.fromkeys(("meaning", "source", "allowed"), "large"),
}  # fmt: skip


def accounts(sheet: Sheet, words: Words) -> None:
    """Draws the table of accounts."""
    names = fields.called(words, sheet.document)
    rows_of = partial(editing.account_rows, sheet.document["accounts"], names)
    found = editor("accounts", shown_of("accounts", sheet, words), rows_of)
    said = N_(
        "One row an account: click a cell to change it, add a row at the end, tick rows to delete them. "
        "Cells can be pasted from a spreadsheet."
    )
    look.note(words(said))
    examples = {column: mix_text(dict.fromkeys(list(names[column].values())[:2], 0.5)) for column in MIXES}
    choices = {"role": fields.labels(words, fields.BRAND_ROLES), "tier": fields.labels(words, TIER)}
    columns: dict[str, Any] = {}
    for column in TYPES:
        key = f"accounts.*.{column}"
        name, meaning = key_names.label(words, key), fields.about(words, key, sheet.fitted)
        if column in examples:
            meaning += fields.space(words) + words("Write: {example}.", example=examples[column])
        if column in choices:
            columns[column] = widgets.choices(name, meaning, choices[column], WIDTHS[column])
        else:
            columns[column] = widgets.column(key, name, meaning, width=WIDTHS[column], pinned=column == "id")
    widgets.table(sheet, found, TYPES, columns, words, "accounts", dynamic=True)


def links(sheet: Sheet, words: Words) -> None:
    """Draws the layout of the links, and their list where it is the reader's own."""
    with look.row("scenario_1"):
        widgets.choice(sheet, words, "links.layout", list(LAYOUT), lambda layout: layout_name(words, layout))
        layout = str(sheet.document["links"]["layout"])
        if layout == "mesh":
            widgets.form(sheet, words, "links", "density")
    if layout in LAYOUT:
        meaning = LAYOUT[layout].definition(words.language)
        look.note(fields.sentence(words, layout_name(words, layout), meaning))
    kinds = fields.link_kinds(words)
    if layout == "custom":
        _own_links(sheet, words, kinds)
    else:
        key = "links.channels"
        given = sheet.document["links"]["channels"]
        found = editor(key, shown_of(key, sheet, words), lambda: [c for c in CHANNELS if c in given])
        title, meaning = key_names.label(words, key), fields.about(words, key, sheet.fitted)
        look.pills(title, kinds, found.key, meaning, default=found.base)
        looked(found)
        widgets.problems(sheet, words, key)
    with look.row("scenario_2"):
        chances = ("following_list_probability", "liked_list_probability", "mention_probability")
        widgets.form(sheet, words, "links", *chances, "mentions_per_caption", "cost_per_link_action_cny")


def _own_links(sheet: Sheet, words: Words, kinds: Mapping[str, str]) -> None:
    found = editor("edges", shown_of("edges", sheet, words), lambda: editing.edge_rows(sheet.document))
    look.note(words("One row a link: visitors of the first account can go on to the second."))
    brand = {str(a["id"]) for a in sheet.document["accounts"] if a.get("role") != "creator" and a.get("id")}
    ends = {end for edge in sheet.document["links"]["edges"] for end in edge[:2] if end}
    listed = (*(name for name in sheet.ids if name in brand), *sorted(ends - brand))
    options = account_names(listed, words.language)
    titles = [key_names.label(words, f"links.edges.*.{k}") for k in range(len(editing.EDGE))]
    meanings = (
        words("The account whose home page or caption carries the link."),
        words("The account it leads to."),
        words(
            "{follow}: the following list of the home page. {like}: the list of liked videos. "
            "{mention}: an @ in the caption.",
            **kinds,
        ),
    )
    given = zip(editing.EDGE, titles, meanings, (options, options, kinds), strict=True)
    columns = {column: widgets.choices(title, meaning, some) for column, title, meaning, some in given}
    widgets.table(sheet, found, EDGE_TYPES, columns, words, "links.edges", dynamic=True)
    rows = editing.edited(found.base, st.session_state.get(found.key, {}))
    if missing := [str(k + 1) for k, (_, row) in enumerate(rows) if editing.is_open(row)]:
        look.note(words("Rows {rows} lack a cell and do not count yet.", rows=", ".join(missing)))


def creators(sheet: Sheet, words: Words) -> None:
    """Draws the creators that are paid: how many of each tier, and what one of a tier is like."""
    found = editor("tiers", shown_of("tiers", sheet, words), lambda: editing.tier_rows(sheet.document))
    names = fields.labels(words, TIER)
    look.note(words("One row a tier: how many creators in proportion, and what one of them is like."))
    columns: dict[str, Any] = {}
    for column in editing.TIER:
        key = "seeding.ratio" if column == "ratio" else f"seeding.tiers.*.{column}"
        columns[column] = widgets.column(
            key, key_names.label(words, key), fields.about(words, key, sheet.fitted)
        )
    columns["tier"] = st.column_config.TextColumn(
        words("Tier"), help=words("From the largest accounts to ordinary users."), disabled=True, pinned=True
    )
    labelled = [{**row, "tier": names[row["tier"]]} for row in found.base]
    widgets.table(sheet, found, TIER_TYPES, columns, words, "seeding.ratio", "seeding.tiers", rows=labelled)
    with look.row("scenario_3"):
        widgets.form(sheet, words, "seeding", "budget_cny", "scale", "window_h")
        known = sheet.document["audience"]["topics"]
        topics: list[str | None] = [None, *(known if isinstance(known, Mapping) else ())]
        widgets.choice(
            sheet, words, "seeding.topic", topics,
            lambda t: words("as the main account") if t is None else topic_name(t, words.language),
        )  # fmt: skip


def audience(sheet: Sheet, words: Words) -> None:
    """Draws the fields of the audience, the brand and the time."""
    with look.row("scenario_4", align="top"):
        widgets.text(sheet, words, "name", str(sheet.document["name"]))
        widgets.form(sheet, words, "audience", "users")
    mix = sheet.document["audience"]["topics"]
    names = fields.called(words, sheet.document)["topics"]
    mixed = isinstance(mix, Mapping)
    topics = mix_text({names[topic]: share for topic, share in mix.items()}) if mixed else str(mix)
    shown = shown_of("audience.topics", sheet, words)
    widgets.text(sheet, words, "audience.topics", topics, wide=True, shown=shown)
    with look.row("scenario_5", align="top"):
        widgets.form(sheet, words, "brand", "price_cny", "margin_share", "gpm_cny")
    with look.row("scenario_6", align="top"):
        widgets.form(sheet, words, "run", "hours")
        starts = [f"{day} {hour:02}:00" for day in DAY for hour in range(24)]
        days = fields.labels(words, DAY)
        widgets.choice(sheet, words, "run.start", starts, lambda start: f"{days[start[:-6]]} {start[-5:]}")
        if reader.researcher():
            widgets.text(sheet, words, "run.seed", str(sheet.document["run"]["seed"]))


def parameters(sheet: Sheet, words: Words) -> None:
    """Draws every key of a scenario, to be searched and changed."""
    with look.row("scenario_7"):
        asked = st.text_input(
            words("Search"),
            key="scenario_search",
            placeholder=words("such as completion, fans, assumed"),
            help=words("Shows the keys that have all these words in some column."),
            width=320,
        )
        only = st.checkbox(words("Only what differs from the default"), key="scenario_only_changed")
    found = editor(
        f"parameters|{only}|{asked}",
        shown_of("parameters", sheet, words),
        lambda: [
            row
            for setting in editing.settings(sheet.document)
            for row in [_parameter_row(setting, sheet.fitted, words)]
            for text in ["\n".join(row.values()).lower()]
            if (setting.changed or not only) and all(word in text for word in asked.lower().split())
        ],
    )
    said = words("Values are written as in the file: 0.5, [350, 3000], true. An empty cell is the default.")
    look.note(said)
    if not found.base:
        look.note(words("No key fits."))
        return
    columns, text = dict[str, Any](), st.column_config.TextColumn
    for column, (title, meaning) in PARAMETER_COLUMNS.items():
        given: Any = {"width": PARAMETER_WIDTHS.get(column), "pinned": column == "key"}
        columns[column] = text(words(title), help=words(meaning), disabled=column != "value", **given)
    keys = {str(row["key"]).partition(".*")[0] for row in found.base}
    widgets.table(sheet, found, dict.fromkeys(PARAMETER_COLUMNS, pl.String), columns, words, *keys)


def typed(sheet: Sheet, name: str, found: Editor, before: Any, now: Any, words: Words) -> Document:
    """The document with what was typed in a widget, which begins anew where it would show too little."""
    document = sheet.document
    match name.partition("|")[0]:
        case "accounts":
            return _with_accounts(document, found, now, words)
        case "edges":
            return editing.with_edges(document, editing.edited(found.base, now))
        case "tiers":
            return editing.with_tiers(document, [row for _, row in editing.edited(found.base, now)])
        case "parameters":
            return _with_settings(document, found, before, now)
        case "links.layout":
            return editing.with_layout(document, sheet.plan, now)
        case "audience.topics":
            return editing.with_topics(document, now or "", fields.called(words, document)["topics"])
        case "run.seed":
            return editing.put(document, name, editing.value_of(now or ""))
        case "links.channels":
            return editing.put(document, name, [channel for channel in CHANNELS if channel in now])
    return editing.put(document, name, by_key()[name].default if now is None else unmarked(now))


def shown_of(name: str, sheet: Sheet, words: Words) -> object:
    """What of the document a widget shows; the language too, which tables are made in."""
    document = sheet.document
    match name.partition("|")[0]:
        case "accounts":
            return document["accounts"], words.language
        case "edges":
            return document["links"]["edges"], sheet.ids, words.language
        case "tiers":
            return document["seeding"]["ratio"], document["seeding"]["tiers"], words.language
        case "audience.topics":
            return document["audience"]["topics"], words.language
        case "parameters":
            values = [setting.value for setting in editing.settings(document)]
            return values, document["fitted"], words.language
    return editing.value_at(document, name)


def _with_accounts(document: Document, found: Editor, now: Mapping[str, Any], words: Words) -> Document:
    rows = editing.edited(found.base, now)
    now_, shown = ([str(row.get("id") or "") for row in some] for some in ([r for _, r in rows], found.base))
    names = fields.called(words, document)
    keys = {name: key for key, name in names["id"].items()}
    ids = [keys.get(name, name) for name in shown]
    changed = editing.with_accounts(document, rows, ids, names, words("New account"))
    renamed = now_ != shown and (document["links"]["edges"] or words.language == "zh")
    if any(origin is None and not row.get("id") for origin, row in rows) or renamed:
        found.shown = None  # to show the name that a new row got, and to follow this renaming and the next
    return changed


def _with_settings(
    document: Document, found: Editor, before: Mapping[str, Any], now: Mapping[str, Any]
) -> Document:
    cells, earlier = (changes.get("edited_rows", {}) for changes in (now, before))
    for k in {**earlier, **cells}:
        row = found.base[int(k)]
        text = (cells.get(k) or {}).get("value", row["value"])
        if text != editing.VARIES:
            document = editing.with_setting(document, row["key"], text)
    return document


def _parameter_row(setting: editing.Setting, known: Collection[str], words: Words) -> Row:
    row = setting.parameter
    table = key_names.section_name(words, row.key.partition(".")[0])
    called = (key_names.label if key_names.has_label(row.key) else key_names.gist)(words, row.key)
    status = "fitted" if row.key in known else row.status
    return {
        "key": row.key,
        "name": f"{table} · {called}" if "." in row.key else called,
        "value": setting.value,
        "unit": fields.unit(words, row),
        "default": fields.written(row.default),
        "meaning": words(row.description),
        "status": STANDING[status].label(words.language),
        "range": f"{row.range[0]:g} – {row.range[1]:g}" if row.range else "",
        "allowed": translated(words, row.allowed, ALLOWED),
        "source": words(row.source) if row.source else "",
        SECTION: table,
    }
