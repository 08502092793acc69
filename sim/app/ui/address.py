"""The address as saved state: a copied link opens what was on screen. Anybody may have written it."""

from collections.abc import Iterable, Mapping

import streamlit as st

MISTAKEN = "address_mistaken"
"""Session key: parts of the address that were not understood, and not told yet."""
LONGEST = 100
"""Of such a part, as it is shown [characters]."""


def read(name: str) -> str:
    """A part of the address; empty where it is missing."""
    return st.query_params.get(name, "")


def one_of(name: str, allowed: Iterable[object]) -> str:
    """A part of the address if it is one of these; else empty, and what was given is told once."""
    given = read(name)
    if given in map(str, allowed):
        return given
    if given:
        mistaken(name, given)
    return ""


def mistaken(name: str, given: str) -> None:
    """Notes a part of the address that was not understood, to be told once."""
    st.session_state.setdefault(MISTAKEN, {})[name] = given[:LONGEST]


def told_mistakes() -> list[str]:
    """Parts of the address that were not understood since this was last asked, as they stood there."""
    return [f"{name}={given}" for name, given in st.session_state.pop(MISTAKEN, {}).items()]


def write(parts: Mapping[str, str]) -> None:
    """Sets parts of the address, and takes out those that are empty; the others stay."""
    changed = {name: text for name, text in parts.items() if read(name) != text}
    if changed:
        st.query_params.from_dict({k: v for k, v in {**st.query_params, **changed}.items() if v})
