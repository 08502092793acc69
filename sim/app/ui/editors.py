"""Widgets that show a part of the scenario in hand and change it.

Takes a name and what of the document a widget shows; gives the widget its key. A widget keeps its key, and
with it the reader's place and focus, while the document says what the widget shows; once the document
changes from elsewhere the widget begins anew. What was typed is looked at before the page is drawn. Draws
nothing.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import streamlit as st

EDITORS, COUNT = "scenario_editors", "scenario_editors_count"
UNSEEN = object()


@dataclass
class Editor:
    """A widget, and what is known of it.

    Attributes:
        key: of the widget.
        shown: the part of the document that it shows; compared with the document's.
        base: what the widget was handed at first: a table's edits count from it.
        state: the widget's value when it was last looked at.
    """

    key: str
    shown: object
    base: Any
    state: object = UNSEEN


def editor(name: str, shown: object, base: Callable[[], Any]) -> Editor:
    """The widget of this name; a new one where the document no longer says what the old one shows.

    Args:
        name: one for each part of the scenario; after a bar, which rows of it are shown.
        shown: what of the document it shows.
        base: makes what a new widget is handed.
    """
    known = _known()
    have = known.get(name)
    if have is None or have.shown != shown or have.key not in st.session_state:  # another page was shown
        st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1
        part = name.partition("|")[0]
        for other in [other for other in known if other.partition("|")[0] == part]:
            del known[other]
        have = Editor(f"scenario_{part.replace('.', '_')}_{st.session_state[COUNT]}", shown, base())
        known[name] = have
    return have


def looked(found: Editor) -> None:
    """To be called once the widget is drawn: whatever differs from now on was typed."""
    if found.state is UNSEEN:
        found.state = copy.deepcopy(st.session_state.get(found.key))


def typed() -> Iterator[tuple[str, Editor, Any, Any]]:
    """The widgets whose values have changed: name, widget, value before, value now."""
    for name, found in list(_known().items()):
        if found.state is UNSEEN or found.key not in st.session_state:
            continue
        before, now = found.state, copy.deepcopy(st.session_state[found.key])
        if now != before:
            found.state = now
            yield name, found, before, now


def forget() -> None:
    """All widgets begin anew."""
    _known().clear()


def _known() -> dict[str, Editor]:
    known: dict[str, Editor] = st.session_state.setdefault(EDITORS, {})
    return known
