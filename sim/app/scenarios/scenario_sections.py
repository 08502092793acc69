"""The parts of the Scenario page that edit: accounts, links, creators, audience and time, all parameters.

Draws tables and fields; takes over what was typed in them. Problems stand beside the part that was edited.
Conversion is in editing.py, the life of a widget in editors.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
import streamlit as st

from sim.app import look
from sim.app.names import LAYOUTS, layout_name
from sim.app.scenarios import editing, faults, fields, scenario_fields
from sim.app.scenarios.editing import Row
from sim.app.scenarios.editors import Editor, editor, looked
from sim.app.scenarios.mixture import mix_of, mix_text
from sim.app.words import N_, Words
from sim.errors import Problem, ScenarioError
from sim.scenario.matrix import CHANNELS
from sim.scenario.names import account_names
from sim.scenario.schema import Scenario

TYPES = {
    "id": pl.String, "role": pl.String, "fans": pl.Int64, "topics": pl.String, "posts_per_day": pl.Float64,
    "quality": pl.Float64, "verified": pl.Boolean, "cost_per_post_cny": pl.Float64, "weight": pl.Float64,
    "first_post_h": pl.Float64, "material": pl.String, "length_s": pl.Float64, "opening": pl.Float64,
    "ingredients": pl.String, "tier": pl.String,
}  # fmt: skip
"""Columns of the table of accounts, those that are set most often first."""
WIDTHS = {
    "id": 165, "role": 115, "fans": 95, "topics": 250, "posts_per_day": 125, "quality": 100, "verified": 100,
    "cost_per_post_cny": 170, "weight": 145, "first_post_h": 150, "material": 150, "length_s": 115,
    "opening": 105, "ingredients": 220, "tier": 130,
}  # fmt: skip
"""Of the columns [px]: title and usual content fit in both languages."""
EDGE_TYPES = dict.fromkeys(editing.EDGE, pl.String)
TIER_TYPES = {"tier": pl.String, "ratio": pl.Int64, "fans": pl.Int64,
              **dict.fromkeys(editing.TIER[2:], pl.Float64)}  # fmt: skip
NAMED, NAMED_PX = "shown_as", 130
"""Column of what the account is called on the pages, and its width [px]."""
SECTION = "section"
PARAMETER_COLUMNS = {
    "key": (N_("Key"), N_("As it stands in the file and in sweeps; * stands for every account or tier.")),
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
PARAMETER_WIDTHS = {"value": 150, "unit": 120, "default": 120}


class Taken(NamedTuple):
    """What an edit makes of the scenario, and what of it could not be taken over."""

    plan: Scenario
    problems: Sequence[Problem] = ()


def accounts(plan: Scenario, words: Words) -> None:
    """Draws the table of accounts."""
    formula = fields.named(words, fields.FORMULA)
    found = editor(
        "accounts", shown_of("accounts", plan, words), lambda: editing.account_rows(plan.accounts, formula)
    )
    look.note(
        words(
            "One row an account: click a cell to change it, add a row at the end, tick rows to delete them. "
            "Cells can be pasted from a spreadsheet."
        )
    )
    names = {column: fields.label(words, f"accounts.*.{column}") for column in TYPES}
    helps = {column: fields.about(words, f"accounts.*.{column}") for column in TYPES}
    helps["topics"] += _space(words) + words(
        "Write: {example}.", example=mix_text({"skincare": 0.5, "makeup": 0.5})
    )
    helps["ingredients"] += _space(words) + words("Write: {example}.", example=_formula_example(formula))
    columns = {
        column: st.column_config.NumberColumn(
            names[column],
            help=helps[column],
            format="localized" if kind == pl.Int64 else None,
            width=WIDTHS.get(column),
        )
        if kind in (pl.Int64, pl.Float64)
        else st.column_config.TextColumn(names[column], help=helps[column], width=WIDTHS.get(column))
        for column, kind in TYPES.items()
    }
    columns["id"] = st.column_config.TextColumn(
        names["id"], help=helps["id"], width=WIDTHS["id"], pinned=True
    )
    columns["verified"] = st.column_config.CheckboxColumn(
        names["verified"], help=helps["verified"], width=WIDTHS["verified"]
    )
    for column, choices in (("role", fields.ROLES), ("tier", fields.CREATOR_TIERS)):
        columns[column] = scenario_fields.choices(
            names[column], helps[column], fields.named(words, choices), WIDTHS[column]
        )
    names_shown = account_names(tuple(row["id"] for row in found.base), words.language)
    if all(names_shown[row["id"]] == row["id"] for row in found.base):
        scenario_fields.table(found, TYPES, columns, words, dynamic=True)
        return
    columns[NAMED] = st.column_config.TextColumn(
        words("Shown as"),
        help=words("What the pages call this account; the file keeps the name on its left."),
        width=NAMED_PX,
        disabled=True,
    )
    types = {"id": TYPES["id"], NAMED: pl.String, **TYPES}
    rows = [{**row, NAMED: names_shown[row["id"]]} for row in found.base]
    scenario_fields.table(found, types, columns, words, dynamic=True, rows=rows)


def links(plan: Scenario, words: Words) -> None:
    """Draws the layout of the links, and their list where it is the reader's own."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenario_1_choices"):
        scenario_fields.choice(
            plan, words, "links.layout", list(LAYOUTS), lambda layout: layout_name(words, layout)
        )
        if plan.links.layout == "mesh":
            scenario_fields.number(plan, words, "links.density", step=0.05)
    layout = LAYOUTS[plan.links.layout]
    look.note(fields.sentence(words, words(layout.name), words(layout.meaning)))
    kinds = fields.named(words, fields.LINK_KINDS)
    if plan.links.layout == "custom":
        _own_links(plan, words, kinds)
    else:
        key = "links.channels"
        found = editor(key, shown_of(key, plan, words), lambda: list(plan.links.channels))
        st.pills(
            fields.label(words, key),
            CHANNELS,
            selection_mode="multi",
            default=found.base,
            format_func=kinds.__getitem__,
            key=found.key,
            help=fields.about(words, key),
        )
        looked(found)
        scenario_fields.problems(found, words)
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenario_2_choices"):
        scenario_fields.number(plan, words, "links.following_list_probability", step=0.01)
        scenario_fields.number(plan, words, "links.liked_list_probability", step=0.01)
        scenario_fields.number(plan, words, "links.mention_probability", step=0.001)
        scenario_fields.number(plan, words, "links.mentions_per_caption", step=1)
        scenario_fields.number(plan, words, "links.cost_per_link_action_cny", step=0.5)


def _own_links(plan: Scenario, words: Words, kinds: Mapping[str, str]) -> None:
    """Draws the list of the reader's own links."""
    found = editor("edges", shown_of("edges", plan, words), lambda: editing.edge_rows(plan))
    look.note(words("One row a link: visitors of the first account can go on to the second."))
    ids = [account.id for account in plan.accounts if account.role != "creator"]
    options = {name: name for name in ids}
    titles = [fields.label(words, f"links.edges.*.{k}") for k in range(len(editing.EDGE))]
    columns = {
        "from": scenario_fields.choices(
            titles[0], words("The account whose home page or caption carries the link."), options
        ),
        "to": scenario_fields.choices(titles[1], words("The account it leads to."), options),
        "channel": scenario_fields.choices(titles[2], _meaning_of_kinds(words, kinds), kinds),
    }
    scenario_fields.table(found, EDGE_TYPES, columns, words, dynamic=True)
    rows = editing.edited(found.base, st.session_state.get(found.key, {}))
    if missing := [str(k + 1) for k, (_, row) in enumerate(rows) if editing.is_open(row)]:
        look.note(words("Rows {rows} lack a cell and do not count yet.", rows=", ".join(missing)))


def creators(plan: Scenario, words: Words) -> None:
    """Draws the creators that are paid: how many of each tier, and what one of a tier is like."""
    found = editor("tiers", shown_of("tiers", plan, words), lambda: editing.tier_rows(plan))
    names = fields.named(words, fields.CREATOR_TIERS)
    look.note(words("One row a tier: how many creators in proportion, and what one of them is like."))
    columns: dict[str, Any] = {
        column: st.column_config.NumberColumn(
            fields.label(words, key), help=fields.about(words, key), format="localized" if whole else None
        )
        for column in editing.TIER
        for key in ["seeding.ratio" if column == "ratio" else f"seeding.tiers.*.{column}"]
        for whole in [column in editing.WHOLE or column == "price_cny"]
    }
    columns["tier"] = st.column_config.TextColumn(
        words("Tier"), help=words("From the largest accounts to ordinary users."), disabled=True, pinned=True
    )
    labelled = [{**row, "tier": names[row["tier"]]} for row in found.base]
    scenario_fields.table(found, TIER_TYPES, columns, words, rows=labelled)
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenario_3_choices"):
        scenario_fields.number(plan, words, "seeding.budget_cny", step=1000.0)
        scenario_fields.number(plan, words, "seeding.scale", step=0.1)
        scenario_fields.number(plan, words, "seeding.window_h", step=12)
        topics: list[str | None] = [None, *plan.audience.topics]
        scenario_fields.choice(
            plan, words, "seeding.topic", topics, lambda t: words("as the main account") if t is None else t
        )


def audience(plan: Scenario, words: Words) -> None:
    """Draws the fields of the audience, the brand and the time."""
    with st.container(horizontal=True, key="scenario_4_choices"):
        scenario_fields.text(plan, words, "name", plan.name)
        scenario_fields.number(plan, words, "audience.users", step=10_000)
    scenario_fields.text(plan, words, "audience.topics", mix_text(plan.audience.topics), wide=True)
    with st.container(horizontal=True, key="scenario_5_choices"):
        scenario_fields.number(plan, words, "brand.price_cny", step=1.0)
        scenario_fields.number(plan, words, "brand.margin_share", step=0.05)
        scenario_fields.number(plan, words, "platform.hit_impressions", step=1000)
    with st.container(horizontal=True, key="scenario_6_choices"):
        scenario_fields.number(plan, words, "run.hours", step=24)
        starts = [f"{day} {hour:02}:00" for day in fields.DAYS for hour in range(24)]
        days = fields.named(words, fields.DAYS)
        scenario_fields.choice(
            plan, words, "run.start", starts, lambda start: f"{days[start[:-6]]} {start[-5:]}"
        )
        scenario_fields.text(plan, words, "run.seed", str(plan.run.seed))


def parameters(plan: Scenario, words: Words) -> None:
    """Draws every key of a scenario, to be searched and changed."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenario_7_choices"):
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
        shown_of("parameters", plan, words),
        lambda: [
            row
            for setting in editing.settings(plan)
            for row in [_parameter_row(setting, words)]
            if (setting.changed or not only) and _is_found(row, asked)
        ],
    )
    look.note(
        words("Values are written as in the file: 0.5, [350, 3000], true. An empty cell is the default.")
    )
    if not found.base:
        look.note(words("No key fits."))
        return
    columns = {
        column: st.column_config.TextColumn(
            words(title),
            help=words(meaning),
            disabled=column != "value",
            pinned=column == "key",
            width="large" if column in ("meaning", "source", "allowed") else PARAMETER_WIDTHS.get(column),
        )
        for column, (title, meaning) in PARAMETER_COLUMNS.items()
    }
    scenario_fields.table(found, dict.fromkeys(PARAMETER_COLUMNS, pl.String), columns, words)


def take_over(plan: Scenario, name: str, found: Editor, before: Any, now: Any, words: Words) -> Taken:
    """What was typed in a widget, put into the scenario.

    Args:
        plan: the scenario in hand.
        name: of the widget.
        found: the widget; told which rows problems count, and to begin anew where it shows too little.
        before: its value before.
        now: its value now.
        words: of the reader.
    """
    try:
        match name.partition("|")[0]:
            case "accounts":
                return Taken(_with_accounts(plan, found, now, words))
            case "edges":
                return Taken(editing.with_edges(plan, editing.edited(found.base, now)))
            case "tiers":
                rows = editing.edited(found.base, now)
                return Taken(editing.with_tiers(plan, [row for _, row in rows]))
            case "parameters":
                return _with_settings(plan, found, before, now)
        return Taken(_with_field(plan, name, now))
    except ScenarioError as error:
        return Taken(plan, error.problems)


def shown_of(name: str, plan: Scenario, words: Words) -> object:
    """What of the scenario a widget shows; the language too, which tables are made in."""
    ids = [account.id for account in plan.accounts]
    match name.partition("|")[0]:
        case "accounts":
            return plan.accounts, words.language
        case "edges":
            return plan.links.edges, ids, words.language
        case "tiers":
            return plan.seeding.ratio, plan.seeding.tiers, words.language
        case "parameters":
            return [setting.value for setting in editing.settings(plan)], words.language
    return editing.value_at(plan, name)


def _with_accounts(plan: Scenario, found: Editor, now: Mapping[str, Any], words: Words) -> Scenario:
    rows = editing.edited(found.base, now)
    found.rows = [str(row.get("id") or "") for _, row in rows]
    ids = [str(row["id"]) for row in found.base]
    formula = fields.named(words, fields.FORMULA)
    changed = editing.with_accounts(plan, rows, ids, formula, words("New account"))
    renamed = found.rows != ids and (plan.links.edges or words.language == "zh")
    if any(not name for name in found.rows) or renamed:
        found.shown = None  # to show the name that a new row got, and to follow this renaming and the next
    return changed


def _with_settings(plan: Scenario, found: Editor, before: Mapping[str, Any], now: Mapping[str, Any]) -> Taken:
    """The keys that were set; those that cannot be, alone or after the others, are problems."""
    cells, earlier = (changes.get("edited_rows", {}) for changes in (now, before))
    texts = {found.base[int(k)]["key"]: (cells.get(k) or {}).get("value", found.base[int(k)]["value"])
             for k in {**earlier, **cells}}  # fmt: skip
    problems: dict[str, Sequence[Problem]] = {}
    for key, text in [*texts.items(), *texts.items()]:
        try:
            plan = plan if text == editing.VARIES else editing.with_setting(plan, key, text)
            problems.pop(key, None)
        except ScenarioError as error:
            problems[key] = error.problems
    found.rows = [account.id for account in plan.accounts]
    return Taken(plan, [problem for some in problems.values() for problem in some])


def _with_field(plan: Scenario, key: str, now: Any) -> Scenario:
    if key == "links.layout":
        return editing.with_layout(plan, now)
    value = now
    if key == "audience.topics":
        try:
            value = mix_of(now or "", list(plan.audience.topics))
        except ValueError as error:
            raise ScenarioError([Problem("", None, key, now, str(error))]) from error
    elif key == "run.seed":
        value = editing.value_of(now or "")
    elif key == "links.channels":
        value = [channel for channel in CHANNELS if channel in now]
    elif value is None:
        value = fields.reference()[key].default
    return plan.with_values({key: value})


def _parameter_row(setting: editing.Setting, words: Words) -> Row:
    row = setting.parameter
    low_high = "" if row.range is None else f"{row.range[0]:g} – {row.range[1]:g}"
    return {
        "key": row.key,
        "value": setting.value,
        "unit": fields.unit(words, row),
        "default": fields.written(row.default),
        "meaning": words(row.description),
        "status": words(fields.STANDING[row.status]),
        "range": low_high,
        "allowed": faults.translated(words, row.allowed, faults.ALLOWED),
        "source": words(row.source) if row.source else "",
        SECTION: words(fields.SECTIONS[row.key.partition(".")[0]]),
    }


def _is_found(row: Row, asked: str) -> bool:
    """Whether some column holds each of the words."""
    text = "\n".join(row.values()).lower()
    return all(word in text for word in asked.lower().split())


def _formula_example(formula: Mapping[str, str]) -> str:
    return mix_text(dict.fromkeys(list(formula.values())[:2], 0.5))


def _meaning_of_kinds(words: Words, kinds: Mapping[str, str]) -> str:
    return words(
        "{follow}: the following list of the home page. {like}: the list of liked videos. "
        "{mention}: an @ in the caption.",
        **kinds,
    )


def _space(words: Words) -> str:
    return "" if words.language == "zh" else " "
