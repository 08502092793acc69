"""A new sweep from a file: uploaded, or written on the page; the same file as for the command line."""

from typing import TYPE_CHECKING

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Timing
from sim.app.pages.experiments import planning
from sim.app.pages.experiments.start import ahead, seconds_of
from sim.app.ui import choice, faults, look, watch
from sim.errors import ScenarioError
from sim.language.words import Words

if TYPE_CHECKING:
    from sim.sweeps.plan import Sweep

TEXT, UPLOAD = "kept_experiments_text", "experiments_upload"
"""Session keys: the text of the file; an uploaded one."""
LONGEST_TEXT = 200_000
SAMPLE = """scenario = "classroom"
seeds = 8
[design]
kind = "grid"
[vary]
"links.layout" = ["star", "mesh"]
"""


def draw(plan: "Sweep | None", asked: Timing, words: Words) -> None:
    """A sweep file, uploaded or written here.

    Args:
        plan: what the form says, if it is right.
        asked: what the form has timed: its progress is on the page already.
        words: of the reader.
    """
    look.note(
        words(
            "The same file as for `matrixsim sweep`; its scenario is named: {names}, or a draft.",
            names=", ".join(_names()),
        ).replace("`", "")
    )
    st.file_uploader(
        words("Upload a sweep file"), type=["toml"], key=UPLOAD, on_change=_uploaded, max_upload_size=1
    )
    with st.container(horizontal=True):
        st.button(
            words("Write what the form says"),
            key="experiments_fill",
            disabled=plan is None,
            on_click=_fill,
            args=(plan,),
        )
    text = st.text_area(
        words("Sweep file"),
        key=TEXT,
        height=240,
        max_chars=LONGEST_TEXT,
        placeholder=SAMPLE,
    )
    if not (text or "").strip():
        return
    try:
        read, name = planning.parsed(text)
    except ScenarioError as error:
        look.faults(faults.told(words, error.problems))
        return
    timing = Timing(name, None)
    same = plan is not None and timing == asked
    seconds = seconds_of(store.found(timing) if same else watch.answered(timing, words))
    ahead(read, name, seconds, "file", words)


def _names() -> list[str]:
    """Names that a sweep file can give its scenario: the shipped ones, and the draft in hand."""
    from sim.scenario.shipped import shipped

    return [*shipped(), *([choice.name()] if choice.name() not in shipped() else [])]


def _fill(plan: "Sweep") -> None:
    """Writes the form's sweep as a file."""
    st.session_state[TEXT] = plan.to_toml(choice.name())


def _uploaded() -> None:
    file = st.session_state.get(UPLOAD)
    if file is not None:
        st.session_state[TEXT] = file.getvalue().decode("utf-8-sig", errors="replace")[:LONGEST_TEXT]
