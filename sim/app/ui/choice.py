"""The scenario in hand and its audience: chosen once, the same on every page; controls that several have."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sim.app.jobs import drafts
from sim.app.jobs.request import FIRST, audiences, exists, plan_of
from sim.app.ui import address, look, reader
from sim.app.ui.fields import labels
from sim.app.ui.names import SCENARIOS, people, scenario_name
from sim.errors import ScenarioError, UsageError
from sim.language.vocabulary import METRIC
from sim.language.words import N_, Words
from sim.scenario.faults import said
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped

SCENARIO, USERS, SEED, GONE = "kept_scenario", "kept_users", "kept_seed", "gone_scenario"
"""Session keys: the scenario's name, its audience, the seed of a single run; why one cannot be opened."""
REPORTED = "kept_report_what"
"""Session key: what was looked at last and the report is about: `run` or `comparison`."""
MOST_SEED = 9_999
"""Largest seed that the control takes (chosen)."""


def remember() -> None:
    """The choices at the start of a session: the address's where they are valid, else the first view's."""
    state = st.session_state
    if SCENARIO not in state:
        state[SCENARIO] = _opened(address.read("scenario") or FIRST.scenario)
        users = address.one_of("users", audiences(state[SCENARIO]))
        state[USERS] = int(users or plan_of(state[SCENARIO]).audience.users)
    state[SCENARIO] = _opened(state[SCENARIO])
    if state.get(USERS) not in audiences(state[SCENARIO]):
        state[USERS] = plan_of(state[SCENARIO]).audience.users
    if SEED not in state:
        asked = address.read("seed")
        usable = asked.isascii() and asked.isdigit() and len(asked) <= len(str(MOST_SEED))
        if asked and not usable:
            address.mistaken("seed", asked)
        state[SEED] = int(asked) if usable else min(plan().run.seed, MOST_SEED)


def _opened(asked: str) -> str:
    """The scenario asked for, or the latest version of its draft; else the first one, and why is kept."""
    given = asked if exists(asked) else drafts.latest(asked)
    if given is None:
        st.session_state[GONE] = UsageError("scenario {name!r} is unknown", name=asked)
        return FIRST.scenario
    try:
        plan_of(given)
    except (ScenarioError, UsageError) as error:  # or it was made under other rules
        st.session_state[GONE] = error
        return FIRST.scenario
    return given


def say_mistaken(words: Words) -> None:
    """Says once that the scenario asked for cannot be opened, and what was not understood of the address."""
    gone = st.session_state.pop(GONE, None)
    told = {
        N_("The scenario asked for cannot be opened; this is another one."): gone and said(gone, words),
        N_("Not understood in the address, and left out:"): "\n".join(address.told_mistakes()),
    }
    for title, what in told.items():
        if what:
            st.warning(words(title))
            st.code(what, language=None, wrap_lines=True)


def use(given: str) -> None:
    """Takes a scenario in hand by its name, with its own audience; before the controls are drawn."""
    st.session_state[SCENARIO] = given
    st.session_state[USERS] = plan_of(given).audience.users


def name() -> str:
    """Name of the scenario in hand."""
    return str(st.session_state[SCENARIO])


def users() -> int:
    """Its audience."""
    return int(st.session_state[USERS])


def seed() -> int:
    """The seed of a page that shows a single run."""
    return int(st.session_state[SEED])


def plan() -> Scenario:
    """The scenario in hand with its audience."""
    return plan_of(name(), users())


def note_in_address(**others: str) -> None:
    """Keeps the address up to date: the scenario in hand, another audience than its own, a page's choices."""
    own = plan_of(name()).audience.users
    address.write({"scenario": name(), "users": "" if users() == own else str(users()), **others})


def scenario_box(words: Words, width: int = 210) -> str:
    """The control for the scenario; its value."""
    own_audience = partial(st.session_state.pop, USERS, None)
    return str(look.chosen(words("Scenario"), names(words), SCENARIO, on_change=own_audience, width=width))


def names(words: Words, *more: str) -> dict[str, str]:
    """What there is to choose from, each by another title: shipped ones, drafts, the one in hand, more."""
    found = {n: scenario_name(words, n) for n in [*SCENARIOS, *(n for n in shipped() if n not in SCENARIOS)]}
    found |= drafts.listed()
    for older in (name(), *more):
        if older not in found:  # an older version, which a link or another tab holds
            found[older] = words("{name} · version {n}", name=plan_of(older).name, n=drafts.number_of(older))
    taken: dict[str, int] = {}
    for key, title in found.items():
        taken[title] = taken.get(title, 0) + 1
        if taken[title] > 1:
            found[key] = f"{title} · {taken[title]}"
    return found


def audience_names(words: Words, scenario: str) -> dict[int, str]:
    """Audiences that a scenario can be shown with, as the control calls them."""
    own, counted = plan_of(scenario).audience.users, {n: people(words, n) for n in audiences(scenario)}
    return {n: said if n >= own else words("{n} · preview", n=said) for n, said in counted.items()}


def audience_box(words: Words, width: int = 215) -> int:
    """The control for the audience; its value [people]."""
    meaning = words(
        "Everybody who could be shown a video, simulated one to one. Fewer people are another, smaller "
        "world, not a rougher picture of a large one."
    )
    names_ = audience_names(words, name())
    return int(look.chosen(words("Audience"), names_, USERS, width=width, help=meaning))


def seed_box(words: Words) -> int:
    """The control for the seed of a single run; its value. The page notes it in the address itself.

    A strategist has a button for another one.
    """
    if reader.researcher():
        meaning = N_(
            "One course of luck. The same seed always gives the same run; another one shows another."
        )
        return st.number_input(words("Seed"), 0, MOST_SEED, step=1, key=SEED, width=130, help=words(meaning))
    meaning = N_("One run is one course of luck: another one gives other numbers, and other hits.")
    look.button(words("Other luck"), _another, key="seed_another", help=words(meaning))
    return seed()


def _another() -> None:
    st.session_state[SEED] = (seed() + 1) % (MOST_SEED + 1)


def metric_box(words: Words, key: str, meaning: str = "", width: int = 200) -> str:
    """A page's control for what counts; its value."""
    return str(look.chosen(words("Metric"), labels(words, METRIC), key, width=width, help=meaning or None))


def seeds_box(words: Words, counts: Sequence[int], key: str, meaning: str) -> int:
    """A page's control for how many rounds; its value."""
    names = {n: words("{n} rounds", n=n) for n in counts}
    return int(look.chosen(words("Repeats"), names, key, width=130, help=meaning))
