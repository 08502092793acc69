"""What lies ahead of a new sweep, the button that begins it, and why it could not be begun."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.plan_warnings import plan_warnings
from sim.analysis.warned import each_once
from sim.app.jobs import store
from sim.app.pages.experiments import planning, sweeping
from sim.app.ui import faults, look
from sim.app.ui.names import lasting
from sim.errors import MatrixsimError, RunError, ScenarioError, told
from sim.language.words import N_, Words

if TYPE_CHECKING:
    from sim.sweeps.plan import Sweep

BEGUN, FAULT = "experiments_begun", "experiments_fault"
"""Session keys: the sweep just begun; why one could not be."""
LEAST_MB = 0.1
LOOKED_AT = 256
"""Points of which it is looked before the start whether they can be run: a tenth of a second (chosen)."""


def fault(words: Words) -> None:
    """Why the last sweep could not be begun."""
    error = st.session_state.pop(FAULT, None)
    if error is not None:
        refused(error, words)


def refused(error: Exception, words: Words) -> None:
    """An error of sweeping.py in the reader's language."""
    if isinstance(error, ScenarioError):
        look.faults(faults.told(words, error.problems))
    else:
        look.faults([str(told(error, words))])


def ahead(plan: "Sweep", name: str, timed: store.Answer | None, kind: str, words: Words) -> None:
    """What lies ahead, and the button that begins it; the time only once one run has been timed."""
    try:
        planning.refuse(plan)
    except RunError as error:
        refused(error, words)
        return
    template = N_("{runs} runs: {points} points × {seeds} seeds")
    count = words(template, runs=f"{plan.runs:,}", points=f"{plan.runs // plan.seeds:,}", seeds=plan.seeds)
    found = planning.forecast(plan, timed["seconds"] if timed else 0.0)
    size = found.disk_bytes / 2**20
    disk = words("{n} MB of disk", n=f"{size:,.1f}") if size >= LEAST_MB else words("under 0.1 MB of disk")
    time = lasting(found.seconds, words)
    takes = [words("about {time} on {n} processes", time=time, n=found.workers)] if timed else []
    st.markdown(" · ".join([count, *takes, disk]))
    if (bad := plan.infeasible(LOOKED_AT)).points:
        said = N_("{n} of {points} points cannot be run and will be failed rows: {keys} do not go together.")
        keys = ", ".join(bad.keys)
        look.faults([words(said, n=f"{bad.points:,}", points=f"{bad.looked_at:,}", keys=keys)])
    for text in each_once(plan_warnings(plan.scenario), words.language):
        look.note(text)
    said = N_(
        "It runs in the background and goes on when you leave this page or the server ends; you can stop it "
        "and go on at any time."
    )
    look.note(words(said))
    weight, key = "primary" if kind == "form" else "secondary", f"experiments_start_{kind}"
    look.button(words("Start"), begin, plan, name, key=key, type=weight)


def begin(plan: "Sweep", name: str) -> None:
    """Begins a sweep; the page opens it."""
    attempt(lambda: st.session_state.update({BEGUN: sweeping.begin(plan, name)}))


def attempt(act: Callable[[], object]) -> None:
    """Does what a button asks for; keeps the reason where it cannot be done."""
    try:
        act()
    except (MatrixsimError, OSError) as error:
        st.session_state[FAULT] = error
