"""The address of the page as saved state: a copied link opens what was on screen.

Takes and gives texts, untrusted as anybody can write an address; who reads one checks it.
"""

from collections.abc import Mapping

import streamlit as st


def read(name: str) -> str:
    """A part of the address; empty where it is missing."""
    return st.query_params.get(name, "")


def write(parts: Mapping[str, str]) -> None:
    """Sets parts of the address, and takes out those that are empty; the others stay."""
    changed = {name: text for name, text in parts.items() if read(name) != text}
    if changed:
        st.query_params.from_dict({k: v for k, v in {**st.query_params, **changed}.items() if v})
