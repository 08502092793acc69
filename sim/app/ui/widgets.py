"""Fields and tables that show a part of a scenario, with what is wrong beside them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import polars as pl
import streamlit as st

from sim.app.ui import editing, faults, fields, look
from sim.app.ui.drafting import Sheet
from sim.app.ui.editing import Row
from sim.app.ui.editors import Editor, editor, looked
from sim.language.words import Words
from sim.scenario import key_names
from sim.scenario.reference import by_key

ROW_PX, LEAST_ROWS, MOST_ROWS = 35, 3, 15
FIELD_PX = 200
STEPS = {
    "audience.users": 10_000, "run.hours": 24, "seeding.window_h": 12, "seeding.budget_cny": 1000.0,
    "seeding.scale": 0.1, "brand.price_cny": 1.0, "brand.gpm_cny": 1.0, "links.mention_probability": 0.001,
    "links.following_list_probability": 0.01, "links.liked_list_probability": 0.01,
    "links.cost_per_link_action_cny": 0.5,
}  # fmt: skip
"""What a click on a field adds, where that is not 1 or 0.05."""
COUNTED = ("seeding.ratio", "seeding.tiers.*.price_cny")
"""Columns whose thousands are marked, though the schema has a list there, or fractions too."""


def form(sheet: Sheet, words: Words, section: str, *keys: str) -> None:
    """Fields for numbers of a section, of the kind that the schema says."""
    for key in keys:
        number(sheet, words, f"{section}.{key}")


@contextmanager
def _field(
    sheet: Sheet, words: Words, key: str, found: Editor, width: int | Literal["stretch"] = FIELD_PX
) -> Iterator[dict[str, Any]]:
    """Room for a field, with what every kind of field is given, and what is wrong beneath it."""
    with st.container(width=width):
        yield {
            "label": key_names.label(words, key),
            "key": found.key,
            "help": fields.about(words, key, sheet.fitted),
        }
        looked(found)
        problems(sheet, words, key)


def number(sheet: Sheet, words: Words, key: str) -> None:
    """A field for a number; the limits are the schema's, whose message says what is allowed."""
    value = editing.value_at(sheet.document, key)
    if not isinstance(value, int | float | None):  # typed among all parameters, where its text stands
        value = editing.value_at(editing.document(sheet.plan), key)
    found, whole = editor(key, value, lambda: value), fields.kind_of(key) == "whole"
    shown = found.base if whole or found.base is None else float(found.base)
    optional = by_key()[key].default is None
    if optional and found.key not in st.session_state:  # a field can be emptied only if it began empty
        st.session_state[found.key] = shown
    with _field(sheet, words, key, found) as common:
        st.number_input(
            **common,
            value=None if optional else shown,
            step=STEPS.get(key, 1 if whole else 0.05),
            format="%d" if whole else "%g",
            placeholder=words("none"),
        )


def text(
    sheet: Sheet, words: Words, key: str, text: str, *, wide: bool = False, shown: object = None
) -> None:
    """A field for text; for long whole numbers too, which a browser cannot hold as numbers."""
    found = editor(key, shown or editing.value_at(sheet.document, key), lambda: text)
    with _field(sheet, words, key, found, "stretch" if wide else FIELD_PX) as common:
        st.text_input(**common, value=found.base)


def choice(sheet: Sheet, words: Words, key: str, options: Sequence[Any], name: Callable[[Any], str]) -> None:
    """A field for one of some words."""
    value = editing.value_at(sheet.document, key)
    found = editor(key, value, lambda: value)
    shown = [*options, *(given for given in dict.fromkeys([found.base, value]) if given not in options)]
    with _field(sheet, words, key, found) as common:
        st.selectbox(
            **common,
            options=shown,
            index=shown.index(found.base),
            format_func=lambda given: name(given) if given in options else str(given),
        )


def column(key: str, title: str, meaning: str, *, width: int | None = None, pinned: bool = False) -> Any:
    """A column for a key, of the kind that the schema says."""
    config, kind = st.column_config, fields.kind_of(key)
    if kind == "switch":
        return config.CheckboxColumn(title, help=meaning, width=width)
    if key.startswith("accounts.") or (kind == "other" and key not in COUNTED):
        aside: Any = None if kind == "other" else "right"  # numbers of accounts are text (editing.py)
        return config.TextColumn(title, help=meaning, width=width, pinned=pinned or None, alignment=aside)
    marked = "localized" if kind == "whole" or key in COUNTED else None
    return config.NumberColumn(title, help=meaning, width=width, format=marked)


def choices(title: str, meaning: str, options: Mapping[str, str], width: int = 180) -> Any:
    """A column of words to choose from."""
    return st.column_config.SelectboxColumn(
        title, help=meaning, options=list(options), format_func=lambda key: options[str(key)], width=width
    )


def table(
    sheet: Sheet,
    found: Editor,
    types: Mapping[str, Any],
    columns: Mapping[str, Any],
    words: Words,
    *keys: str,
    dynamic: bool = False,
    rows: Sequence[Row] | None = None,
) -> None:
    """An editable table of some keys; what is wrong stands below, so that nothing moves under the hand."""
    shown = found.base if rows is None else rows
    height = ROW_PX * (min(max(len(shown), LEAST_ROWS), MOST_ROWS) + 1 + dynamic) + 3
    cells = [[row[column] for column in types] for row in shown]
    st.data_editor(
        pl.DataFrame(cells, schema=dict(types), orient="row", strict=False),
        column_config=dict(columns),
        column_order=list(types),
        hide_index=True,
        num_rows="dynamic" if dynamic else "fixed",
        placeholder="–",
        height=height,
        key=found.key,
    )
    looked(found)
    problems(sheet, words, *keys)


def problems(sheet: Sheet, words: Words, *keys: str) -> None:
    """What is wrong with what stands at some keys; nothing where nothing is."""
    look.faults(faults.told(words, sheet.about(*keys), sheet.ids))
