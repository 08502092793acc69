"""Compare layouts 矩阵对比: which way of linking the accounts is best, and how sure that is.

Reads choices from the address and five controls; shows the answer if there is one, else how far
it is, else offers to compute it. Computes nothing itself.
"""

import secrets
from typing import NamedTuple

import streamlit as st

from sim.app import address, comparison, look, store
from sim.app.answer import Answer
from sim.app.jobs import State, jobs
from sim.app.names import LAYOUTS, SCENARIOS, layout_name, metric_name, people, scenario_name
from sim.app.request import FIRST, LEAST_LAYOUTS, MOST_LAYOUTS, SEEDS, Request, audiences, first_audience
from sim.app.words import Words
from sim.errors import MatrixsimError
from sim.scenario.shipped import shipped
from sim.vocabulary import METRICS

POLL_S = 0.4
LONG_S = 100
"""From which on the time left is told in minutes."""
SCENARIO, LAYOUT, METRIC, USERS, SEED = (
    f"kept_compare_{name}" for name in ("scenario", "layouts", "metric", "users", "seeds")
)
SHOWN, UNDER_WAY = "compare_shown", "compare_under_way"


class _Asked(NamedTuple):
    """What the controls say, and what is known about it."""

    request: Request
    metric: str
    valid: bool
    answer: Answer | None
    state: State | None
    """of the computation; None if none is under way"""
    pressed: bool


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Compare layouts"), anchor=False)
    look.lead(words("Which way of linking your accounts works best, and is its lead more than luck?"))
    try:
        _remember()
        asked = _controls(words)
        _let_go(asked)
        _outcome(asked, words)
    except (MatrixsimError, OSError) as error:
        _failure(str(error), words)


def _outcome(asked: _Asked, words: Words) -> None:
    """The answer, or how far it is, or the offer to compute it."""
    if not asked.valid:
        st.info(words("Choose two to six layouts."))
    elif asked.answer is not None:
        comparison.draw(asked.answer, asked.request, asked.metric, words)
        st.session_state[SHOWN] = asked.request
        return
    elif asked.pressed:
        jobs().start(asked.request, _watcher())
        st.session_state[UNDER_WAY] = asked.request.key()
        st.rerun()
    elif asked.state is None:
        _offer(asked.request, words)
    elif asked.state.phase == "failed":
        _failure(asked.state.message, words)
    else:
        st.session_state[UNDER_WAY] = asked.request.key()
        _progress(asked.request, words)
    _previous(asked.metric, words)


def _previous(metric: str, words: Words) -> None:
    """The answer that was on screen before, pale, so that the page is not empty meanwhile."""
    request: Request | None = st.session_state.get(SHOWN)
    if request is None:
        return
    answer = store.found(request)
    if answer is not None:
        st.subheader(words("Previous answer"), anchor=False)
        with st.container(key="compare_previous"):
            comparison.draw(answer, request, metric, words)


def _remember() -> None:
    """Choices at the start of a session: the address's where they are valid, else the first view's."""
    state = st.session_state
    if SCENARIO not in state:
        asked, layouts = address.read("scenario"), address.read("layouts").split(".")
        state[SCENARIO] = asked if asked in shipped() else FIRST.scenario
        state[LAYOUT] = [layout for layout in LAYOUTS if layout in layouts] or list(FIRST.layouts)
        state[METRIC] = address.read("metric") if address.read("metric") in METRICS else "reach"
        state[SEED] = next((n for n in SEEDS if str(n) == address.read("seeds")), FIRST.seeds)
        users = (n for n in audiences(state[SCENARIO]) if str(n) == address.read("users"))
        state[USERS] = next(users, first_audience(state[SCENARIO]))


def _other_scenario() -> None:
    """Another scenario has another audience."""
    st.session_state[USERS] = first_audience(st.session_state[SCENARIO])


def _controls(words: Words) -> _Asked:
    """The five controls and the button."""
    known = [*SCENARIOS, *(name for name in shipped() if name not in SCENARIOS)]
    meanings = (f"**{layout_name(words, key)}**: {words(layout.meaning)}" for key, layout in LAYOUTS.items())
    with st.container(border=True):
        chosen = st.pills(
            words("Layouts"),
            list(LAYOUTS),
            selection_mode="multi",
            format_func=lambda layout: layout_name(words, layout),
            key=LAYOUT,
            help="\n\n".join(meanings),
        )
        with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choices"):
            name = st.selectbox(
                words("Scenario"),
                known,
                format_func=lambda n: scenario_name(words, n),
                key=SCENARIO,
                on_change=_other_scenario,
                width=210,
            )
            metric = st.selectbox(
                words("Metric"),
                list(METRICS),
                format_func=lambda m: metric_name(words, m),
                key=METRIC,
                width=160,
            )
            users = st.selectbox(
                words("Audience"),
                audiences(name),
                format_func=lambda n: people(words, n),
                key=USERS,
                width=150,
                help=words(
                    "Everybody who could be shown a video, simulated one to one. Fewer people are another, "
                    "smaller world, not a rougher picture of a large one."
                ),
            )
            seeds = st.selectbox(
                words("Repeats"),
                SEEDS,
                format_func=lambda n: words("{n} seeds", n=n),
                key=SEED,
                width=130,
                help=words(
                    "Each seed is one course of luck, the same for all layouts. "
                    "More seeds give narrower intervals."
                ),
            )
            request = Request(name, users, tuple(layout for layout in LAYOUTS if layout in chosen), seeds)
            valid = LEAST_LAYOUTS <= len(request.layouts) <= MOST_LAYOUTS
            answer, state = _known(request) if valid else (None, None)
            idle = valid and answer is None and (state is None or state.phase == "failed")
            done = words("Already computed: change a setting to compare something else.")
            pressed = st.button(
                words("Run"), type="primary", disabled=not idle, help=done if answer else None
            )
    address.write(
        {
            "scenario": name,
            "layouts": ".".join(request.layouts),
            "metric": metric,
            "users": str(users),
            "seeds": str(seeds),
        }
    )
    return _Asked(request, metric, valid, answer, state, pressed)


def _known(request: Request) -> tuple[Answer | None, State | None]:
    """The answer to a request, else how far its computation is."""
    answer = store.found(request)
    if answer is not None:
        return answer, None
    state = jobs().state(request, _watcher())
    if state is None:
        answer = store.found(request)  # it may have ended between the two looks
    return answer, state


def _offer(request: Request, words: Words) -> None:
    """Says that this choice has no answer yet, and what it would take."""
    st.info(
        words(
            "Not computed yet. Run simulates {layouts} layouts × {seeds} seeds = {runs} launches, "
            "{users} each.",
            layouts=len(request.layouts),
            seeds=request.seeds,
            runs=request.runs,
            users=people(words, request.users),
        )
    )


@st.fragment(run_every=POLL_S)
def _progress(request: Request, words: Words) -> None:
    """How far the computation is, looked at again and again; the page is drawn anew once it ends."""
    state = jobs().state(request, _watcher())
    if state is None or state.phase == "failed":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(state.done / max(state.total, 1), 1.0), text=_said(state, words))
        if st.button(words("Stop")):
            jobs().leave(request.key(), _watcher())
            st.session_state.pop(UNDER_WAY, None)
            st.rerun()


def _said(state: State, words: Words) -> str:
    """A line about the progress."""
    if state.phase == "waiting":
        return words("Waiting for other computations to end …")
    if state.phase == "compiling":
        return words("Preparing the simulator, half a minute on the first run after an install …")
    if not state.done:
        return words("Starting …")
    said = words("{done} of {total} launches simulated", done=state.done, total=state.total)
    if state.seconds_left is None:
        return said
    if state.seconds_left < LONG_S:
        return said + words(", about {seconds} s left", seconds=round(state.seconds_left))
    return said + words(", about {minutes} min left", minutes=round(state.seconds_left / 60))


def _failure(message: str, words: Words) -> None:
    """A message in place of the answer; the page lives on."""
    st.error(words("This comparison could not be computed."))
    st.code(message, language=None, wrap_lines=True)


def _let_go(asked: _Asked) -> None:
    """Stops watching a computation that the controls no longer ask for."""
    under_way = st.session_state.get(UNDER_WAY)
    if under_way is not None and not (asked.valid and under_way == asked.request.key()):
        jobs().leave(under_way, _watcher())
        del st.session_state[UNDER_WAY]


def _watcher() -> str:
    """A name for this tab's session."""
    if "watcher" not in st.session_state:
        st.session_state["watcher"] = secrets.token_hex(8)
    return str(st.session_state["watcher"])
