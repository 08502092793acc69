"""What surrounds every page: title, language switch, navigation.

A page is one line in PAGES and one module in pages/. Does not know what a page shows.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from sim.app import address, look
from sim.app.pages import compare
from sim.app.words import LANGUAGES, N_, Language, Words, nearest_language

KEPT = "kept_"
"""Widgets whose key begins like this keep their value while another page or language is shown."""


ICON = Path(__file__).with_name("icon.svg")
"""Of our own: streamlit would fetch its material icons from outside."""


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
    st.set_page_config(
        page_title=words("matrixsim · account matrix simulator"), page_icon=ICON, layout="wide"
    )
    st.html(look.CSS)
    for key in st.session_state:
        if str(key).startswith(KEPT):
            st.session_state[key] = st.session_state[key]
    pages = [
        st.Page(_drawing(page, words), title=words(page.title), url_path=page.path, default=page is PAGES[0])
        for page in PAGES
    ]
    chosen = st.navigation(pages, position="hidden")
    _head(words)
    if len(pages) > 1:
        with st.container(horizontal=True, gap="small"):
            for page in pages:
                st.page_link(page, width="content")
    chosen.run()


def _drawing(page: Page, words: Words) -> Callable[[], None]:
    def draw() -> None:
        page.draw(words)

    return draw


def _head(words: Words) -> None:
    """Name and language."""
    other: Language = "en" if words.language == "zh" else "zh"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(
            f'<div class="ms-brand">matrixsim<span>{words("account matrix simulator")}</span></div>',
            width="content",
        )
        st.button(
            {"zh": "中文", "en": "English"}[other],
            key="language_switch",
            type="tertiary",
            on_click=_switch,
            args=(other,),
        )


def _switch(language: Language) -> None:
    st.session_state["language"] = language
    address.write({"lang": language})


def _language() -> Language:
    """The language chosen, else the address's, else the browser's."""
    if "language" not in st.session_state:
        wanted = address.read("lang")
        wishes = st.context.locale or st.context.headers.get("Accept-Language") or ""
        asked = next((language for language in LANGUAGES if language == wanted), None)
        st.session_state["language"] = asked or nearest_language(wishes)
    language: Language = st.session_state["language"]
    return language
