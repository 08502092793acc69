"""Experiments 实验."""

import streamlit as st

from sim.app.words import Words


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Experiments"), anchor=False)
