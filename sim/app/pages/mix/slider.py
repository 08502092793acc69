"""The budget slider: what each budget brings, at once, from a grid that is worked out beforehand.

It stops at the budgets of the grid and nowhere else, so every figure was simulated. Where the grid is not
there yet, the first touch has it worked out behind, smaller budgets first, and what is done already answers.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.questions import FRESH, Budgeting, sliding
from sim.app.pages.mix import mixes
from sim.app.ui import choice, curves, look, watch
from sim.app.ui.curves import Drawing
from sim.app.ui.names import creators, metric_name, money
from sim.language.words import N_, Words
from sim.sweeps import grid

BUDGET = "kept_mix_budget"
"""Session key of the page's own budget, which a button sets to the slider's."""
ABOUT, SLIDE, ASKED = "kept_mix_about", "kept_mix_slide", "kept_mix_slide_asked"
"""Session keys: the scenario and the budget that the grid is about; where the slider stands; the grid asked
for."""
LOOK_S = 2.0
"""How often a grid that is filled in is looked at (chosen)."""


def draw(metric: str, budget: int, words: Words) -> None:
    """Draws the slider, and what the budget at which it stands brings; nothing where no two buy somebody."""
    request = sliding(choice.name(), choice.users(), metric, _about(budget))
    if request is None:
        return
    with st.container(border=True, key="mix_slide"):
        asked = store.found(request) is None and st.session_state.get(ASKED) == request.key()
        st.fragment(_slide, run_every=LOOK_S if asked else None)(request, budget, asked, words)
        if asked:
            watch.answered(request, words)


def _about(budget: int) -> int:
    """The budget that the grid is about: the one before while the page's lies within its reach."""
    state, name = st.session_state, choice.name()
    least, most = grid.SLIDES[0], grid.SLIDES[-1]
    known = [cny for scenario, cny in [state.get(ABOUT, ("", 0))] if scenario == name]
    near = [cny for cny in (*known, mixes.first_budget(choice.plan())) if least * cny <= budget <= most * cny]
    state[ABOUT] = name, (*near, budget)[0]
    return int(state[ABOUT][1])


def _slide(request: Budgeting, budget: int, asked: bool, words: Words) -> None:
    state, whole = st.session_state, store.found(request)
    answer = whole or store.partly(request) or {"steps": []}
    done = {int(step["budget_cny"]): step for step in answer["steps"]}
    if state.get(SLIDE) not in request.budgets:
        state[SLIDE] = min(request.budgets, key=lambda cny: abs(cny - budget))
    called = words("What would this budget bring? (CNY)")
    here = st.select_slider(
        called, request.budgets, format_func=lambda cny: money(words, cny), key=SLIDE, on_change=_touched,
        args=(request,),
    )  # fmt: skip
    if (state.get(ASKED) == request.key() and whole is None) is not asked:
        st.rerun()  # work begins, or its progress goes
    given = Drawing(request, answer, words)
    if here in done:
        look.lines(_told(given, done, here))
    if whole is None:
        look.status(_standing(request, len(done), here in done, words))
    if done:
        with st.expander(words("All of these budgets")):
            curves.against_budget(given, (here, words("here")))
    if here != budget:
        label = words("Compare the mixes for {budget} CNY", budget=money(words, here))
        if st.button(label, key="mix_take_budget", on_click=state.__setitem__, args=(BUDGET, here)):
            st.rerun()


def _touched(request: Budgeting) -> None:
    """Somebody dragged it: a grid that is not there is worked out from now on."""
    st.session_state[ASKED] = request.key()


def _told(given: Drawing, done: Mapping[int, Mapping[str, Any]], here: int) -> list[str]:
    """What a budget brings, and what a thousand more adds."""
    words, step, metric = given.words, done[here], metric_name(given.words, given.request.metric)
    mean, around = given.mean(step)
    counts = tuple(step["mix"]["creators"].values())
    booked = creators(words, counts) if any(counts) else words("nobody")
    said = N_("{budget} CNY: {metric} {mean} ({range}), with the best of the mixes people know: {booked}.")
    facts = {"budget": money(words, here), "metric": metric, "mean": getattr(mean, "text", mean)}
    lines = [words(said, range=around, booked=booked, **facts)]
    above = min((cny for cny in done if cny > here), default=None)
    if above is not None and done[above]["per_yuan"] is not None:
        more, around = given.per_thousand(done[above])
        said = N_("Between here and {above} CNY each 1,000 CNY more adds {more} ({range}).")
        lines.append(words(said, above=money(words, above), more=getattr(more, "text", more), range=around))
    said = N_("On {seeds} rounds of luck of its own: not the same figures as in the comparison below.")
    return [*lines, words(said, seeds=FRESH)]


def _standing(request: Budgeting, done: int, here: bool, words: Words) -> str:
    """How much of the grid is there."""
    if not done and st.session_state.get(ASKED) != request.key():
        said = N_(
            "Drag it, and these {all} budgets are worked out, the smaller ones first ({runs} launches at "
            "most)."
        )
        return words(said, all=len(request.budgets), runs=f"{request.runs:,}")
    said = N_("Partial: {done} of {all} budgets are worked out, the smaller ones first.")
    if not here:
        said = N_(
            "Partial: {done} of {all} budgets are worked out, this one not yet; the smaller ones come first."
        )
    return words(said, done=done, all=len(request.budgets))
