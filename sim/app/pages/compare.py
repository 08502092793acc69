"""Compare layouts 矩阵对比: which way of linking the accounts is best, and how sure that is.

Five controls; the answer from few seeds at first, then from more. Computes nothing itself.
"""

import streamlit as st

from sim.app import address, choice, comparison, look, watch
from sim.app.names import LAYOUTS, layout_name
from sim.app.words import Words
from sim.app.work import store
from sim.app.work.request import FIRST, SEEDS, Comparing, laid_out
from sim.vocabulary import METRICS

LEAST_LAYOUTS, MOST_LAYOUTS = 2, 6
LAYOUT, METRIC, SEED = (f"kept_compare_{name}" for name in ("layouts", "metric", "seeds"))
SHOWN = "compare_shown"
FIRST_METRIC = "follows"
"""A small world is nearly all reached by whatever is done; followers tell layouts apart (chosen)."""


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Compare layouts"), anchor=False)
    look.lead(words("Which way of linking your accounts works best, and is its lead more than luck?"))
    _remember()
    request, metric = _controls(words)
    if not LEAST_LAYOUTS <= len(request.variants) <= MOST_LAYOUTS:
        st.info(words("Choose two to six layouts."))
        return
    found = watch.latest(request, words)
    if found is not None:
        comparison.draw(found.answer, found.request, metric, words)
        st.session_state[SHOWN] = found.request
    else:
        _previous(metric, words)


def _previous(metric: str, words: Words) -> None:
    """The answer that was on screen before, pale, so that the page is not empty meanwhile."""
    request: Comparing | None = st.session_state.get(SHOWN)
    answer = store.found(request) if request is not None else None
    if request is not None and answer is not None:
        st.subheader(words("Previous answer"), anchor=False)
        with st.container(key="compare_previous"):
            comparison.draw(answer, request, metric, words)


def _remember() -> None:
    """Choices at the start of a session: the address's where they are valid, else the first view's."""
    state = st.session_state
    if LAYOUT not in state:
        layouts = address.read("layouts").split(".")
        state[LAYOUT] = [layout for layout in _layouts() if layout in layouts] or [
            variant.name for variant in FIRST.variants
        ]
        state[METRIC] = address.read("metric") if address.read("metric") in METRICS else FIRST_METRIC
        state[SEED] = next((n for n in SEEDS if str(n) == address.read("seeds")), FIRST.seeds)
    state[LAYOUT] = [layout for layout in state[LAYOUT] if layout in _layouts()]


def _layouts() -> list[str]:
    """Layouts to choose from; the scenario's own links where it has a list of them."""
    own = choice.plan().links.layout == "custom"
    return [layout for layout in LAYOUTS if layout != "custom" or own]


def _controls(words: Words) -> tuple[Comparing, str]:
    """The five controls: what to compare, and by which metric."""
    meanings = (f"**{layout_name(words, key)}**: {words(LAYOUTS[key].meaning)}" for key in _layouts())
    with st.container(border=True):
        chosen = st.pills(
            words("Layouts"),
            _layouts(),
            selection_mode="multi",
            format_func=lambda layout: layout_name(words, layout),
            key=LAYOUT,
            help="\n\n".join(meanings),
        )
        with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choices"):
            name = choice.scenario_box(words)
            metric = choice.metric_box(words, METRIC)
            users = choice.audience_box(words)
            seeds = choice.seeds_box(
                words,
                SEEDS,
                SEED,
                words(
                    "Each seed is one course of luck, the same for all layouts. "
                    "More seeds give narrower intervals."
                ),
            )
    layouts = [layout for layout in _layouts() if layout in chosen]
    choice.note_in_address(layouts=".".join(layouts), metric=metric, seeds=str(seeds))
    return Comparing(name, users, laid_out(layouts), seeds), metric
