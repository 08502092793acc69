"""Fields and tables that show a part of a scenario, with what is wrong beside them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from sim.app.ui import editing, faults, fields, look
from sim.app.ui.drafting import Sheet
from sim.app.ui.editing import Row
from sim.app.ui.editors import Editor, editor, looked
from sim.language.words import Words

ROW_PX, LEAST_ROWS, MOST_ROWS = 35, 3, 15
FIELD_PX = 200


def number(sheet: Sheet, words: Words, key: str, step: float) -> None:
    """A field for a number; the limits are the schema's, whose message says what is allowed."""
    value = editing.value_at(sheet.document, key)
    if not isinstance(value, int | float | None):  # typed among all parameters, where its text stands
        value = editing.value_at(editing.document(sheet.plan), key)
    found = editor(key, value, lambda: value)
    whole = isinstance(step, int)
    shown = found.base if whole or found.base is None else float(found.base)
    optional = fields.reference()[key].default is None
    if optional and found.key not in st.session_state:  # a field can be emptied only if it began empty
        st.session_state[found.key] = shown
    with st.container(width=FIELD_PX):
        st.number_input(
            fields.label(words, key),
            value=None if optional else shown,
            step=step,
            format="%d" if whole else "%g",
            key=found.key,
            help=fields.about(words, key),
            placeholder=words("none"),
        )
        looked(found)
        problems(sheet, words, key)


def text(sheet: Sheet, words: Words, key: str, text: str, *, wide: bool = False) -> None:
    """A field for text; for long whole numbers too, which a browser cannot hold as numbers."""
    found = editor(key, editing.value_at(sheet.document, key), lambda: text)
    with st.container(width="stretch" if wide else FIELD_PX):
        st.text_input(
            fields.label(words, key), value=found.base, key=found.key, help=fields.about(words, key)
        )
        looked(found)
        problems(sheet, words, key)


def choice(sheet: Sheet, words: Words, key: str, options: Sequence[Any], name: Callable[[Any], str]) -> None:
    """A field for one of some words."""
    value = editing.value_at(sheet.document, key)
    found = editor(key, value, lambda: value)
    shown = [*options, *(given for given in dict.fromkeys([found.base, value]) if given not in options)]
    with st.container(width=FIELD_PX):
        st.selectbox(
            fields.label(words, key),
            shown,
            index=shown.index(found.base),
            format_func=lambda given: name(given) if given in options else str(given),
            key=found.key,
            help=fields.about(words, key),
        )
        looked(found)
        problems(sheet, words, key)


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
    st.data_editor(
        pl.DataFrame(
            [[row[column] for column in types] for row in shown],
            schema=dict(types),
            orient="row",
            strict=False,
        ),
        column_config=dict(columns),
        column_order=list(types),
        hide_index=True,
        num_rows="dynamic" if dynamic else "fixed",
        height=height,
        key=found.key,
    )
    looked(found)
    problems(sheet, words, *keys)


def problems(sheet: Sheet, words: Words, *keys: str) -> None:
    """What is wrong with what stands at some keys; nothing where nothing is."""
    look.faults(faults.told(words, sheet.about(*keys), sheet.ids))
