"""What to do next: the best as the plan, and changes to it, tried under the same luck or made in one click.

What is made the plan is an edit of the draft in hand, and can be undone.
"""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from sim.app.jobs.questions import Later
from sim.app.jobs.request import Adding, Comparing, plan_of
from sim.app.jobs.store import Answer, Judged
from sim.app.jobs.variants import Variation
from sim.app.pages.compare.changes import Best, Change, changes
from sim.app.ui import choice, comparing, drafting, editing, further, look, watch
from sim.app.ui.curves import difference
from sim.app.ui.names import metric_name, sentence_name, variant_name
from sim.errors import MatrixsimError
from sim.language.words import N_, Words, begun
from sim.scenario.structures import read

TAKEN, FAULT = "compare_taken", "compare_fault"
"""Session keys: what was made the plan, the scenario and the choices before; why something could not be."""
SURE = {
    "more": N_("{label}: {metric} {gain} ({range}) against {best}, more for sure."),
    "less": N_("{label}: {metric} {gain} ({range}) against {best}, less for sure."),
    "open": N_("{label}: {metric} {gain} ({range}) against {best}; which way cannot be told yet."),
    "rare": N_("{label}: {metric} {gain} against {best}; too few launches differ to tell."),
}
"""What a change that was tried brings."""
ENDS = ("difference", "difference_low", "difference_high")


def taken(words: Words) -> None:
    """Says what was made the plan last, with a button that undoes it; or why it could not be."""
    if (error := st.session_state.pop(FAULT, None)) is not None:
        watch.failure(error, words)
    title, now, *before = st.session_state.get(TAKEN, ("", "", ""))
    if now != choice.name():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="compare_taken_row"):
        look.status(words("The plan is now: {name}. It is a draft of yours, kept on Plans.", name=title))
        look.button(words("Undo"), _undo, *before, words, key="compare_undo")


def draw(
    request: Comparing,
    comparison: Judged,
    metric: str,
    words: Words,
    others: Mapping[str, Later],
) -> None:
    """Draws the next steps beneath a whole comparison."""
    st.header(words("What to do next"), anchor=False)
    top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
    variant = next(v for v in request.variants if v.name == top)
    name = sentence_name(words, variant)
    label = words("Make this the plan: {name}", name=name)
    look.button(label, _take, request, variant, variant, words, key="take_best", type="primary")
    said = N_("Or one change to {name}: tried under the same luck, or made the plan at once.")
    if comparison["verdict"]["code"] == "cannot_tell_apart":
        said = N_(
            "{name} has the highest mean, but not for sure. Or one change to it: tried under the same luck, "
            "or made the plan at once."
        )
    look.note(begun(words(said, name=name)))
    rows = st.container()
    asked = further.ask(request, comparison, metric, words, others, of=())
    answers = {question.kind: (question, answer) for question, answer in asked.others}
    made = variant.of(request.plan())
    best = Best(request, variant, comparing.chosen(variant), made, metric, answers, words)
    with rows:
        for change in changes(best):
            _row(best, change, words)
    further.draw(asked, metric, words)


def _row(best: Best, change: Change, words: Words) -> None:
    """A change: what it is, what it brings as far as that is known, and its buttons."""
    request, name = best.request, f"try_{change.name}"
    trial = Adding(request.scenario, request.users, (*request.variants, change.variant), request.seeds)
    asked = further.wanted(name, trial)
    with st.container(horizontal=True, vertical_alignment="center", key=f"row_{name}"):
        answer = watch.answered(trial, words) if asked else None
        told = f"{change.label}{words(': ') if change.known else ''}{change.known}"
        if answer is not None:
            told = _brought(best, change, answer, words)
        with st.container(width="stretch"):
            look.lines([told])
        with st.container(horizontal=True, width="content"):
            if not asked:
                label = words("Try it · {time}", time=further.takes(trial, words))
                look.button(label, further.want, name, trial, key=f"ask_{name}")
            label, pair = words("Make it the plan"), (change.variant, best.variant)
            look.button(label, _take, request, *pair, words, key=f"take_{change.name}")


def _brought(best: Best, change: Change, answer: Answer, words: Words) -> str:
    """What a change brought over the best, in words."""
    rows: Mapping[str, Any] = {
        row["name"]: row for row in answer["comparisons"].get(best.metric, {}).get("variants", ())
    }
    if change.variant.name not in rows:
        return words("{label}: it has no value here.", label=change.label)
    new, old = rows[change.variant.name], rows[best.variant.name]
    ahead = new["mean"] > old["mean"]
    gain, low, high = (new[key] for key in ENDS)
    if ahead:  # then the differences are those of the old one
        gain, low, high = (None if old[key] is None else -old[key] for key in (ENDS[0], *ENDS[:0:-1]))
    said, around = difference(best.metric, (gain or 0.0, low, high), words)
    sure = "rare" if low is None or high is None else "more" if low > 0 else "less" if high < 0 else "open"
    return words(
        SURE[sure], label=change.label, metric=metric_name(words, best.metric), gain=said, range=around,
        best=sentence_name(words, best.variant),
    )  # fmt: skip


def _take(request: Comparing, variant: Variation, best: Variation, words: Words) -> None:
    """Makes a variant the plan: an edit of the draft in hand, at the scenario's own size.

    One account alone keeps the plan's links, which join nothing, for when there are more of them again.
    """
    settings = json.loads(variant.settings)
    if variant.structure and read(variant.structure).alone:
        settings = {key: value for key, value in settings.items() if not key.startswith("links.")}
    state, name, chosen = st.session_state, choice.name(), comparing.chosen(best)
    before = {key: list(state[key]) for key in comparing.LISTS.values()}
    try:
        drafting.take(editing.document(plan_of(request.scenario).with_values(settings)), words)
    except (MatrixsimError, OSError) as error:
        state[FAULT] = error
        return
    comparing.settle(chosen, variant.structure)
    state[TAKEN] = variant_name(words, variant), choice.name(), name, before


def _undo(name: str, before: Mapping[str, list[str]], words: Words) -> None:
    """Goes back to what was in hand, and to what was compared."""
    try:
        drafting.go_back(name, words, undo=True)
    except (MatrixsimError, OSError) as error:
        st.session_state[FAULT] = error
        return
    st.session_state.update(before)
    st.session_state.pop(TAKEN)
