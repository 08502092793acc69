"""What surrounds every page: title, language switch, navigation.

A page is one line in PAGES and one module in pages/. Does not know what a page shows.
"""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from sim.app import address, look
from sim.app.pages import compare
from sim.app.words import LANGUAGES, N_, Language, Words, nearest_language

KEPT = "kept_"
"""Widgets whose key begins like this keep their value while another page or language is shown."""


class Page(NamedTuple):
    """A page: its name in the address, its title, and what draws it."""

    path: str
    title: str
    draw: Callable[[Words], None]


PAGES = (Page("compare", N_("Compare layouts"), compare.page),)
"""In the order of the navigation; the first one is shown at the start."""


def show() -> None:
    """Draws the app."""
    words = Words(_language())
    st.set_page_config(page_title=words("matrixsim · account matrix simulator"), layout="wide")
    st.html(look.CSS)
    for key in st.session_state:
        if str(key).startswith(KEPT):
            st.session_state[key] = st.session_state[key]
    pages = [
        st.Page(_drawing(page, words), title=words(page.title), url_path=page.path, default=page is PAGES[0])
        for page in PAGES
    ]
    chosen = st.navigation(pages, position="top")
    _head(words)
    chosen.run()


def _drawing(page: Page, words: Words) -> Callable[[], None]:
    def draw() -> None:
        page.draw(words)

    return draw


def _head(words: Words) -> None:
    other: Language = "en" if words.language == "zh" else "zh"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(
            f'<div class="ms-brand">matrixsim<span>{words("account matrix simulator")}</span></div>',
            width="content",
        )
        st.button(
            {"zh": "中文", "en": "English"}[other], key="language_switch", type="tertiary", on_click=_switch, args=(other,)
        )


def _switch(language: Language) -> None:
    st.session_state["language"] = language
    address.write({"lang": language})


def _language() -> Language:
    """The language chosen, else the address's, else the browser's."""
    if "language" not in st.session_state:
        wanted = address.read("lang")
        wishes = st.context.headers.get("Accept-Language") or st.context.locale or ""
        known = {language: language for language in LANGUAGES}
        st.session_state["language"] = known.get(wanted) or nearest_language(wishes)
    language: Language = st.session_state["language"]
    return language
