"""Fields and tables that show a part of a scenario, with what is wrong beside them.

Takes the scenario and a key; draws the widget with the key's name, what is known about it, and the
problems of what was typed. Takes nothing over: scenario_sections.py does.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from sim.app import look
from sim.app.scenarios import editing, faults, fields
from sim.app.scenarios.editing import Row
from sim.app.scenarios.editors import Editor, editor, looked
from sim.app.words import Words
from sim.scenario.schema import Scenario

ROW_PX, LEAST_ROWS, MOST_ROWS = 35, 3, 15
FIELD_PX = 200


def number(plan: Scenario, words: Words, key: str, step: float) -> None:
    """A field for a number; the limits are the schema's, whose message says what is allowed."""
    value = editing.value_at(plan, key)
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
        problems(found, words)


def text(plan: Scenario, words: Words, key: str, text: str, *, wide: bool = False) -> None:
    """A field for text; for long whole numbers too, which a browser cannot hold as numbers."""
    found = editor(key, editing.value_at(plan, key), lambda: text)
    with st.container(width="stretch" if wide else FIELD_PX):
        st.text_input(
            fields.label(words, key), value=found.base, key=found.key, help=fields.about(words, key)
        )
        looked(found)
        problems(found, words)


def choice(
    plan: Scenario, words: Words, key: str, options: Sequence[Any], name: Callable[[Any], str]
) -> None:
    """A field for one of some words."""
    value = editing.value_at(plan, key)
    found = editor(key, value, lambda: value)
    with st.container(width=FIELD_PX):
        st.selectbox(
            fields.label(words, key),
            options,
            index=options.index(found.base),
            format_func=name,
            key=found.key,
            help=fields.about(words, key),
        )
        looked(found)
        problems(found, words)


def choices(title: str, meaning: str, options: Mapping[str, str], width: int = 180) -> Any:
    """A column of words to choose from."""
    return st.column_config.SelectboxColumn(
        title, help=meaning, options=list(options), format_func=lambda key: options[str(key)], width=width
    )


def table(
    found: Editor,
    types: Mapping[str, Any],
    columns: Mapping[str, Any],
    words: Words,
    *,
    dynamic: bool = False,
    rows: Sequence[Row] | None = None,
) -> None:
    """An editable table; what is wrong stands below, so that the table does not move under the hand."""
    shown = found.base if rows is None else rows
    height = ROW_PX * (min(max(len(shown), LEAST_ROWS), MOST_ROWS) + 1 + dynamic) + 3
    st.data_editor(
        pl.DataFrame([[row[column] for column in types] for row in shown], schema=dict(types), orient="row"),
        column_config=dict(columns),
        column_order=list(types),
        hide_index=True,
        num_rows="dynamic" if dynamic else "fixed",
        height=height,
        key=found.key,
    )
    looked(found)
    problems(found, words)


def problems(found: Editor, words: Words) -> None:
    """What is wrong with what was typed; nothing where nothing is."""
    look.faults(faults.told(words, found.problems, found.rows))
