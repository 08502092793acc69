"""Compare layouts 矩阵对比: how many accounts, who posts what, how they are linked; and how sure that is.

Four controls and more in a fold; the answer from few seeds at first, then from more. Computes nothing itself.
"""

import json
from collections.abc import Callable, Sequence

import streamlit as st

from sim.app import address, choice, comparison, further, look, watch
from sim.app.names import layout_name, structure_name
from sim.app.work import store
from sim.app.work.questions import Counting, Later, Reviewing
from sim.app.work.request import FIRST, SEEDS, Comparing
from sim.app.work.variants import STRUCTURES, Variation, built, is_structure, laid_out
from sim.language.names import LAYOUT as LAYOUTS
from sim.language.vocabulary import METRICS
from sim.language.words import N_, Words
from sim.scenario.schema import Scenario
from sim.scenario.structures import read, subs_of

FEWEST, MOST = 2, 6
MOST_REVIEWED = 24
"""Accounts that are looked at one by one (chosen); of more, `accounts --review --only` takes some."""
STRUCTURE, LAYOUT, METRIC, SEED = (
    f"kept_compare_{name}" for name in ("structures", "layouts", "metric", "seeds")
)
SHOWN = "compare_shown"
FIRST_METRIC = "profit"
"""What a brand wants in the end; follows stand beside it."""
MEANINGS = {
    "written": N_("the accounts as the scenario lists them"),
    "one": N_("everything is posted on the main account"),
    "one_plus": N_("the main account and so many more, which share the other posts evenly"),
    "split": N_("so many accounts beside the main one, each post on the one whose topic it fits best"),
    "same": N_("so many accounts beside the main one post the same material"),
    "race": N_("so many accounts start; after a trial the best ones get the posts of the others"),
}
"""What a kind of structure does."""
TIES_NOTHING = ("single", "custom")
"""Layouts that say who posts, or name single accounts: they do not go with a structure."""


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Compare layouts"), anchor=False)
    look.lead(
        words(
            "How many accounts, who posts what, linked in which way: what works best, "
            "and is its lead more than luck?"
        )
    )
    remember()
    _controls(words)
    request, metric = asked()
    note_in_address()
    if not enough(request):
        st.info(
            words(
                "Choose two to six variants: ways to split accounts, layouts, or both; "
                "each of the first is tried with each of the second."
            )
        )
        return
    found = watch.latest(request, words)
    if found is not None:
        whole = found.request == request
        comparison.draw(found.answer, found.request, metric, words, whole=whole, others=_accounts(metric))
        st.session_state[SHOWN] = found.request
    else:
        _previous(metric, words)


def _accounts(metric: str) -> dict[str, Later]:
    """What can be asked about the number of accounts, and about each of them."""
    plan, given = choice.plan(), (choice.name(), choice.users(), metric)
    links = {"links.layout": "star", "links.edges": []} if plan.links.layout in TIES_NOTHING else {}
    found: dict[str, Later] = {further.ACCOUNTS: Counting(*given, json.dumps(links))}
    subs = tuple(account.id for account in subs_of(plan))
    if plan.structure.kind == "written" and 0 < len(subs) <= MOST_REVIEWED:
        found[further.REVIEW] = Reviewing(*given, subs)
    return found


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
        structures, layouts = _read("structures", is_structure), _read("layouts", LAYOUTS.__contains__)
        if not structures and not layouts:
            structures = [variant.structure for variant in FIRST.variants]
        state[STRUCTURE], state[LAYOUT] = structures, layouts
        state[METRIC] = address.one_of("metric", METRICS) or FIRST_METRIC
        state[SEED] = int(address.one_of("seeds", SEEDS) or FIRST.seeds)
    state[STRUCTURE] = [name for name in _structures() if name in state[STRUCTURE]]
    state[LAYOUT] = [layout for layout in _layouts() if layout in state[LAYOUT]]


def _read(name: str, allowed: Callable[[str], bool]) -> list[str]:
    """The choices in a part of the address; what is none is told."""
    given = [text for text in address.read(name).split(".") if text]
    if unknown := [text for text in given if not allowed(text)]:
        address.mistaken(name, ".".join(unknown))
    return list(dict.fromkeys(text for text in given if allowed(text)))


def _structures() -> list[str]:
    """Account structures to choose from: the usual ones, and those that the address named."""
    return list(dict.fromkeys((*STRUCTURES, *st.session_state[STRUCTURE])))


def _layouts() -> list[str]:
    """Layouts to choose from: with structures those that go with any, else the scenario's own list too."""
    if st.session_state[STRUCTURE]:
        return [layout for layout in LAYOUTS if layout not in TIES_NOTHING]
    own = choice.plan().links.layout == "custom"
    return [layout for layout in LAYOUTS if layout != "custom" or own]


def asked() -> tuple[Comparing, str]:
    """What this tab compares, and by which metric; after `remember`."""
    state = st.session_state
    chosen = variants(state[STRUCTURE], state[LAYOUT], choice.plan())
    return Comparing(choice.name(), choice.users(), chosen, state[SEED]), state[METRIC]


def variants(structures: Sequence[str], layouts: Sequence[str], plan: Scenario) -> tuple[Variation, ...]:
    """What is compared; the scenario's own links, where they go with a structure and no layout is chosen."""
    if not structures:
        return laid_out(layouts)
    own = plan.links.layout in TIES_NOTHING
    return built(structures, layouts or (("star",) if own else ()))


def enough(request: Comparing) -> bool:
    """Whether there are neither too few nor too many variants to compare."""
    return FEWEST <= len(request.variants) <= MOST


def note_in_address(**others: str) -> None:
    """Keeps the address up to date, so that a link opens the same comparison."""
    request, metric = asked()
    state = st.session_state
    choice.note_in_address(
        structures=".".join(state[STRUCTURE]),
        layouts=".".join(state[LAYOUT]),
        metric=metric,
        seeds=str(request.seeds),
        **others,
    )


def _controls(words: Words) -> None:
    """The controls: what to compare, and by which metric; layouts are the second question."""
    shapes = (
        f"**{structure_name(words, name)}**: {words(MEANINGS[read(name).kind])}" for name in _structures()
    )
    meanings = (
        f"**{layout_name(words, key)}**: {LAYOUTS[key].definition(words.language)}" for key in _layouts()
    )
    with st.container(border=True):
        st.pills(
            words("Accounts"),
            _structures(),
            selection_mode="multi",
            format_func=lambda structure: structure_name(words, structure),
            key=STRUCTURE,
            help="\n\n".join(shapes),
        )
        with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choices"):
            choice.scenario_box(words)
            choice.metric_box(words, METRIC)
            choice.seeds_box(
                words,
                SEEDS,
                SEED,
                words(
                    "Each seed is one course of luck, the same for all variants. "
                    "More seeds give narrower intervals."
                ),
            )
        with st.expander(words("Layouts and audience"), expanded=not st.session_state[STRUCTURE]):
            st.pills(
                words("Layouts"),
                _layouts(),
                selection_mode="multi",
                format_func=lambda layout: layout_name(words, layout),
                key=LAYOUT,
                help="\n\n".join(meanings),
            )
            choice.audience_box(words)
