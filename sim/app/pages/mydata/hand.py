"""What the parts of the page share: names of what is in hand, and what a click came to, told where it was."""

from collections.abc import Callable

import streamlit as st

from sim.app.ui import drafting, editing, faults, look
from sim.errors import MatrixsimError, ScenarioError
from sim.language.words import N_, Words
from sim.scenario.faults import said

DATA, FIT = "kept_mydata_files", "kept_mydata_fit"
"""Session keys: name of the set of files in hand; of the scenario that is fitted to it."""
FAULT, HAPPENED = "mydata_fault", "mydata_happened"
"""Session keys: part of the page whose last click went wrong and how; that whose click took a draft over."""
TAKEN = N_("Taken over: every page now uses this draft. Scenario shows what changed and takes it back.")


def tried(act: Callable[[], object], where: str, words: Words) -> None:
    """Does what a control asks for; its part of the page says why where it cannot be done."""
    try:
        act()
    except ScenarioError as error:
        st.session_state[FAULT] = where, faults.told(words, error.problems)
    except (MatrixsimError, OSError) as error:
        st.session_state[FAULT] = where, [said(error, words)]


def told(where: str, words: Words) -> None:
    """What the last click in a part of the page came to."""
    if st.session_state.get(FAULT, ("",))[0] == where:
        look.faults(st.session_state.pop(FAULT)[1])
    if st.session_state.get(HAPPENED) == where:
        del st.session_state[HAPPENED]
        look.status(words(TAKEN))


def take(made: Callable[[], editing.Document], where: str, words: Words) -> None:
    """Makes a document the newest version of the draft in hand; one that is no scenario is not taken."""

    def taken() -> None:
        document = made()
        editing.checked(document)
        drafting.take(document, words)
        st.session_state[HAPPENED] = where

    tried(taken, where, words)
