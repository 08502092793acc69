"""Traffic flow 流量走向."""

import streamlit as st

from sim.app.words import Words


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Traffic flow"), anchor=False)
