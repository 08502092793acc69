"""Scenario 方案."""

import streamlit as st

from sim.app.words import Words


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Scenario"), anchor=False)
