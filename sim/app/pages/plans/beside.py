"""Two to six plans side by side: what differs, in words; then result, money and risk under the same luck."""

import streamlit as st

from sim.app.jobs import drafts
from sim.app.jobs.request import SEEDS, Comparing, exists, plan_of
from sim.app.jobs.variants import plans as variants_of
from sim.app.ui import address, changes, choice, comparison, look, watch
from sim.app.ui.comparing import FEWEST, FIRST_METRIC, MOST
from sim.language.vocabulary import METRICS
from sim.language.words import N_, Words

CHOSEN, METRIC, SEED = (f"kept_plans_{name}" for name in ("chosen", "metric", "seeds"))
SHOWN = "plans_shown"
FIRST_SEEDS = SEEDS[1]
"""Repeats at first (chosen): plans of one's own often differ by more than layouts do."""


def draw(words: Words) -> None:
    """Draws the choice of plans, what differs between them, and their comparison."""
    _remember()
    st.header(words("Side by side"), anchor=False)
    state = st.session_state
    own = list(drafts.versions(choice.name())) if drafts.NAME.fullmatch(choice.name()) else []
    names = choice.names(words, *own, *state[CHOSEN])
    with st.container(border=True):
        meaning = words("The first one is what the others are told from.")
        chosen = st.multiselect(
            words("Plans to compare"), list(names), key=CHOSEN, help=meaning,
            format_func=lambda name: names.get(name, name), placeholder=words("Two to six plans"),
            select_all=False,
        )  # fmt: skip
        with look.row("beside"):
            choice.metric_box(words, METRIC)
            meaning = words("The same luck for every plan; the more rounds, the surer the answer.")
            choice.seeds_box(words, SEEDS, SEED, meaning)
    choice.note_in_address(plans=",".join(chosen), metric=state[METRIC], seeds=str(state[SEED]))
    if not FEWEST <= len(chosen) <= MOST:
        st.info(words("Choose two to six plans, versions of the one in hand among them."))
        return
    found = {names[name]: plan_of(name) for name in chosen}
    changes.draw(found, words)
    _compared(chosen, words)


def _compared(chosen: list[str], words: Words) -> None:
    en, zh = choice.names(Words("en"), *chosen), choice.names(Words("zh"), *chosen)
    variants = variants_of({en[n]: plan_of(n) for n in chosen}, {en[n]: zh[n] for n in chosen})
    state = st.session_state
    request, metric = Comparing(chosen[0], None, variants, state[SEED]), state[METRIC]
    found = watch.latest(request, words) or watch.before(SHOWN)
    if found is None:
        return
    whole, early = found.request == request, watch.early(found.request, request)
    if not early and found.request.looks()[-1].variants == request.variants:
        state[SHOWN] = found.request
    said = N_("{n} rounds · the same luck for every plan · each with its own people and time")
    comparison.draw(
        found.answer, found.request, metric, words, whole=whole, early=early,
        about=words(said, n=found.request.seeds),
    )  # fmt: skip


def _remember() -> None:
    """Choices at the start of a session: the address's where they are valid."""
    state = st.session_state
    if METRIC not in state:
        given = [name for name in address.read("plans").split(",") if name]
        if lost := [name for name in given if not exists(name)]:
            address.mistaken("plans", ",".join(lost))
        state[CHOSEN] = given
        state[METRIC] = address.one_of("metric", METRICS) or FIRST_METRIC
        state[SEED] = int(address.one_of("seeds", SEEDS) or FIRST_SEEDS)
    state[CHOSEN] = [name for name in dict.fromkeys(state[CHOSEN]) if exists(name)]
