"""What is compared: the choices of Compare layouts, which the report of a comparison reads too."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import streamlit as st

from sim.app.jobs.request import FIRST, SEEDS, Comparing
from sim.app.jobs.variants import STRUCTURES, TIMINGS, Variation, built, laid_out, mixed, timed
from sim.app.ui import address, choice
from sim.language.names import LAYOUT as LAYOUTS
from sim.language.vocabulary import METRICS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import MIXES, NOBODY, WRITTEN
from sim.scenario.structures import is_structure
from sim.scenario.timing import is_timing

FEWEST, MOST = 2, 6
STRUCTURE, LAYOUT, TIMING, CREATORS, METRIC, SEED = (
    f"kept_compare_{name}" for name in ("structures", "layouts", "timing", "creators", "metric", "seeds")
)
LISTS = {"structures": STRUCTURE, "layouts": LAYOUT, "timing": TIMING, "creators": CREATORS}
"""What is tried with one another: session keys by their parts of the address."""
SHOWN = "compare_shown"
"""Session key: the request whose answer was last on screen."""
FIRST_METRIC = "profit"
"""What a brand wants in the end; follows stand beside it."""
TIES_NOTHING = ("single", "custom")
"""Layouts that say who posts, or name single accounts: they do not go with a structure."""


def remember() -> None:
    """Choices at the start of a session: the address's where they are valid, else the first view's."""
    state = st.session_state
    if LAYOUT not in state:
        state[STRUCTURE] = _read("structures", is_structure)
        state[LAYOUT] = _read("layouts", LAYOUTS.__contains__)
        state[TIMING] = _read("timing", is_timing)
        state[CREATORS] = _read("creators", {WRITTEN, *MIXES}.__contains__)
        if not any(state[key] for key in LISTS.values()):
            state[STRUCTURE] = [variant.structure for variant in FIRST.variants]
        state[METRIC] = address.one_of("metric", METRICS) or FIRST_METRIC
        state[SEED] = int(address.one_of("seeds", SEEDS) or FIRST.seeds)
    state[STRUCTURE] = [name for name in structures() if name in state[STRUCTURE]]
    state[LAYOUT] = [layout for layout in layouts() if layout in state[LAYOUT]]
    state[TIMING] = [timing for timing in timings() if timing in state[TIMING]]
    state[CREATORS] = [mix for mix in mixes() if mix in state[CREATORS]]


def choose(structures: Sequence[str], metric: str, seeds: int) -> None:
    """What Compare layouts is to show next, and no answer to something else meanwhile; before it is drawn."""
    state = st.session_state
    state.pop(SHOWN, None)
    state.update({key: [] for key in LISTS.values()} | {STRUCTURE: list(structures)})
    state[METRIC], state[SEED] = metric, seeds


def _read(name: str, allowed: Callable[[str], bool]) -> list[str]:
    """The choices in a part of the address; what is none is told."""
    given = [text for text in address.read(name).split(".") if text]
    if unknown := [text for text in given if not allowed(text)]:
        address.mistaken(name, ".".join(unknown))
    return list(dict.fromkeys(text for text in given if allowed(text)))


def structures() -> list[str]:
    """Account structures to choose from: the usual ones, and those that the address named."""
    return list(dict.fromkeys((*STRUCTURES, *st.session_state[STRUCTURE])))


def layouts() -> list[str]:
    """Layouts to choose from: with structures those that go with any, else the scenario's own list too."""
    if st.session_state[STRUCTURE]:
        return [layout for layout in LAYOUTS if layout not in TIES_NOTHING]
    own = choice.plan().links.layout == "custom"
    return [layout for layout in LAYOUTS if layout != "custom" or own]


def timings() -> list[str]:
    """Posting times to choose from: the usual ones, and those that the address named."""
    return list(dict.fromkeys((*TIMINGS, *st.session_state[TIMING])))


def mixes() -> list[str]:
    """Mixes of creators to choose from: those that are named, nobody, the scenario's own where it has one."""
    return [WRITTEN, *MIXES] if any(choice.plan().seeding.counts) else list(MIXES)


class Chosen(NamedTuple):
    """What a variant has, as the choices name it; empty for the scenario's own. In the order of `LISTS`."""

    structure: str = ""
    layout: str = ""
    timing: str = ""
    mix: str = ""

    def variation(self, plan: Scenario) -> Variation:
        """The variant; with neither it is the scenario itself, which is none."""
        [found] = variants(*([name] if name else [] for name in self), plan=plan)
        return found


def chosen(variant: Variation) -> Chosen:
    """What was chosen of a variant that this tab compares."""
    state, plan = st.session_state, choice.plan()
    every = product(*(state[key] or [""] for key in LISTS.values()))
    return next(found for found in map(Chosen._make, every) if found.variation(plan) == variant)


def settle(best: Chosen, structure: str) -> None:
    """Once the plan has become the best, or a change of it: it stands in for the best among the choices.

    Args:
        best: what was chosen of the best.
        structure: that the plan has now; empty where none was put in.
    """
    state, paid = st.session_state, WRITTEN if any(choice.plan().seeding.counts) else NOBODY
    for key, name, now in zip(LISTS.values(), best, (structure, "", WRITTEN, paid), strict=True):
        if name and now:
            state[key] = list(dict.fromkeys(now if given == name else given for given in state[key]))


def asked() -> tuple[Comparing, str]:
    """What this tab compares, and by which metric; after `remember`."""
    state = st.session_state
    compared = variants(*(state[key] for key in LISTS.values()), plan=choice.plan())
    return Comparing(choice.name(), choice.users(), compared, state[SEED]), state[METRIC]


def variants(
    structures: Sequence[str],
    layouts: Sequence[str],
    timings: Sequence[str] = (),
    mixes: Sequence[str] = (),
    *,
    plan: Scenario,
) -> tuple[Variation, ...]:
    """What is compared; the scenario's own links, where they go with a structure and no layout is chosen."""
    if not (structures or timings or mixes):
        return laid_out(layouts)
    own = bool(structures) and plan.links.layout in TIES_NOTHING
    linked = layouts or (("star",) if own else ())
    return built(structures, linked, mixed(mixes, plan), timed(timings, plan))


def enough(request: Comparing) -> bool:
    """Whether there are neither too few nor too many variants to compare."""
    return FEWEST <= len(request.variants) <= MOST


def note_in_address(**others: str) -> None:
    """Keeps the address up to date, so that a link opens the same comparison."""
    state = st.session_state
    lists = {name: ".".join(state[key]) for name, key in LISTS.items()}
    choice.note_in_address(**lists, metric=state[METRIC], seeds=str(state[SEED]), **others)
