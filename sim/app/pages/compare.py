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
    remember()
    _controls(words)
    request, metric = asked()
    note_in_address()
    if not enough(request):
        st.info(words("Choose two to six layouts."))
        return
    found = watch.latest(request, words)
    if found is not None:
        comparison.draw(found.answer, found.request, metric, words, whole=found.request == request)
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


def remember() -> None:
    """Choices at the start of a session: the address's where they are valid, else the first view's."""
    state = st.session_state
    if LAYOUT not in state:
        layouts = address.read("layouts").split(".")
        if unknown := [name for name in layouts if name and name not in _layouts()]:
            address.mistaken("layouts", ".".join(unknown))
        state[LAYOUT] = [layout for layout in _layouts() if layout in layouts] or [
            variant.name for variant in FIRST.variants
        ]
        state[METRIC] = address.one_of("metric", METRICS) or FIRST_METRIC
        state[SEED] = int(address.one_of("seeds", SEEDS) or FIRST.seeds)
    state[LAYOUT] = [layout for layout in state[LAYOUT] if layout in _layouts()]


def _layouts() -> list[str]:
    """Layouts to choose from; the scenario's own links where it has a list of them."""
    own = choice.plan().links.layout == "custom"
    return [layout for layout in LAYOUTS if layout != "custom" or own]


def asked() -> tuple[Comparing, str]:
    """What this tab compares, and by which metric; after `remember`."""
    state = st.session_state
    layouts = laid_out([layout for layout in _layouts() if layout in state[LAYOUT]])
    return Comparing(choice.name(), choice.users(), layouts, state[SEED]), state[METRIC]


def enough(request: Comparing) -> bool:
    """Whether there are neither too few nor too many layouts to compare."""
    return LEAST_LAYOUTS <= len(request.variants) <= MOST_LAYOUTS


def note_in_address(**others: str) -> None:
    """Keeps the address up to date, so that a link opens the same comparison."""
    request, metric = asked()
    layouts = ".".join(variant.name for variant in request.variants)
    choice.note_in_address(layouts=layouts, metric=metric, seeds=str(request.seeds), **others)


def _controls(words: Words) -> None:
    """The five controls: what to compare, and by which metric."""
    meanings = (f"**{layout_name(words, key)}**: {words(LAYOUTS[key].meaning)}" for key in _layouts())
    with st.container(border=True):
        st.pills(
            words("Layouts"),
            _layouts(),
            selection_mode="multi",
            format_func=lambda layout: layout_name(words, layout),
            key=LAYOUT,
            help="\n\n".join(meanings),
        )
        with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choices"):
            choice.scenario_box(words)
            choice.metric_box(words, METRIC)
            choice.audience_box(words)
            choice.seeds_box(
                words,
                SEEDS,
                SEED,
                words(
                    "Each seed is one course of luck, the same for all layouts. "
                    "More seeds give narrower intervals."
                ),
            )
