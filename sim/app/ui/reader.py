"""Who reads: a strategist; or, by the switch at the head, a researcher, who is told more.

What only a researcher is told stands in sim/language/plain.py and nowhere else, but for the two fields for
seeds and the command that searches further. Whoever plans an experiment is a researcher: its form keeps
all of it, its results do not.
"""

import streamlit as st

from sim.app.ui import address
from sim.language.plain import PLAIN
from sim.language.words import Language, Words

RESEARCHER, SWITCH = "researcher", "researcher_switch"
"""Session key, and part of the address; key of the switch."""


def researcher() -> bool:
    """Whether a researcher reads: by the switch, at first by the address."""
    if RESEARCHER not in st.session_state:
        st.session_state[RESEARCHER] = address.read(RESEARCHER) == "1"
    return bool(st.session_state[RESEARCHER])


def words_of(language: Language) -> Words:
    """The reader's words; who reads stays in the address."""
    address.write({RESEARCHER: "1" if researcher() else ""})
    return Words(language, {} if researcher() else PLAIN)


def switch(words: Words) -> None:
    """The switch at the head."""
    meaning = words("Shows what researchers ask for too: seeds, odds, the level of intervals, digests.")
    st.toggle(words("Researcher"), researcher(), key=SWITCH, help=meaning, on_change=_turn, width="content")


def _turn() -> None:
    st.session_state[RESEARCHER] = st.session_state[SWITCH]
