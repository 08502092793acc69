"""From one page to another, by its path: the frame says which pages there are."""

from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st

PAGES = "pages_known"
"""Session key: the pages by path."""


def known(pages: Mapping[str, Any]) -> None:
    """Notes the pages of the app."""
    st.session_state[PAGES] = dict(pages)


def go(path: str) -> NoReturn:
    """Shows another page; what stands in the session goes along."""
    st.switch_page(st.session_state[PAGES][path])


def link(path: str, label: str) -> None:
    """A link to another page."""
    st.page_link(st.session_state[PAGES][path], label=label)
