"""The form for a new sweep: what varies, over which levels, how often; or a sweep file.

Draws controls; the sweep that they describe is begun below them (start.py). Errors stand beside
what they are about.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.app.jobs.request import Timing, plan_of
from sim.app.pages.experiments import file, planning
from sim.app.pages.experiments.start import ahead, begin, seconds_of
from sim.app.pages.experiments.varying import (
    LAYOUT,
    LEVELS,
    Key,
    explained,
    first_ends,
    first_levels,
    keys_of,
    read_numbers,
    value_name,
    written,
)
from sim.app.ui import address, choice, faults, look, watch
from sim.app.ui.fields import key_name
from sim.errors import ScenarioError
from sim.language.words import N_, NC_, Words

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.sweeps.plan import Sweep

KEYS, DESIGN, POINTS, SEEDS = (f"kept_experiments_{name}" for name in ("keys", "design", "points", "seeds"))
DESIGNS = {
    "grid": (N_("Full grid"), N_("each level of each key with each of the others")),
    "lhs": (N_("Latin hypercube"), N_("points spread evenly over each range; good for three keys and more")),
    "sobol": (N_("Sobol sequence"), N_("points that fill the space evenly")),
    "saltelli": (N_("Saltelli"), N_("for shares of variance: the chosen number times the keys plus 2")),
    "morris": (N_("Morris"), N_("for screening: the chosen number of paths through all keys")),
}
"""By their names in a sweep file: what they are called, and what they do."""
POINT_COUNTS = (8, 16, 32, 64, 128, 256, 512, 1024)
"""Powers of two, as Sobol wants them (chosen)."""
SEED_COUNTS = (1, 2, 4, 8, 16, 32)
MOST_KEYS = 6
"""Keys that the form varies; more are for the sweep file (chosen)."""
FIRST = {"accounts.school.posts_per_day": [0.5, 1.0, 2.0, 4.0], "accounts.school.fans": [30, 120, 480]}
"""The example: what the main account gains by more videos, and by more fans at the start."""
FIRST_SCENARIO, FIRST_SEEDS = "classroom", 8


def invitation(words: Words) -> None:
    """What there is to see where nothing was begun yet: an example that takes seconds."""
    plan = example()
    with st.container(border=True, key="experiments_invitation"):
        st.subheader(words("Nothing here yet: begin with an example"), anchor=False)
        look.lines(
            [
                words("What lifts reach more: more videos a day, or more fans at the start?"),
                words("{runs} runs of the classroom with 2,000 people; takes seconds.", runs=plan.runs),
            ]
        )
        st.button(
            words("Run the example"),
            key="experiments_example",
            type="primary",
            on_click=begin,
            args=(plan, FIRST_SCENARIO),
        )


def example() -> "Sweep":
    """The example."""
    return planning.planned(FIRST_SCENARIO, None, "grid", POINT_COUNTS[0], FIRST_SEEDS, FIRST)


def draw(words: Words, *, foremost: bool = True) -> None:
    """Draws the form.

    Args:
        words: of the reader.
        foremost: whether its button is the first one to press.
    """
    keys = keys_of(plan_of(choice.name()))
    _remember(keys)
    with st.container(border=True):
        _controls(words)
        chosen = _keys(keys, words)
        vary, slots = _levels(chosen, words)
        plan = None
        if vary is not None:
            try:
                plan = _planned(vary)
            except ScenarioError as error:
                _beside(error, slots, words)
        timing = Timing(choice.name(), None)
        if plan is not None:
            seconds = seconds_of(watch.answered(timing, words))
            ahead(plan, choice.name(), seconds, "form" if foremost else "second", words)
    with st.expander(words("From a sweep file (TOML)")):
        file.draw(plan, timing, words)


def _remember(keys: Mapping[str, Key]) -> None:
    """Choices at the start of a session: the address's where they are valid."""
    state = st.session_state
    if KEYS not in state:
        asked = [key for key in address.read("keys").split("~") if key in keys]
        state[KEYS] = asked[:MOST_KEYS] or [LAYOUT]
        state[DESIGN] = address.one_of("design", DESIGNS) or "grid"
        state[POINTS] = int(address.one_of("points", POINT_COUNTS) or 32)
        state[SEEDS] = int(address.one_of("seeds", SEED_COUNTS) or 8)
    state[KEYS] = [key for key in state[KEYS] if key in keys]


def _controls(words: Words) -> None:
    meanings = (f"**{words(name)}**: {words(meaning)}" for name, meaning in DESIGNS.values())
    with st.container(horizontal=True, vertical_alignment="bottom", key="experiments_choices"):
        choice.scenario_box(words)
        choice.audience_box(words)
        design = st.selectbox(
            words("Design"),
            list(DESIGNS),
            format_func=lambda kind: words(DESIGNS[kind][0]),
            key=DESIGN,
            width=190,
            help="\n\n".join(meanings),
        )
        if design != "grid":
            st.selectbox(
                words("Paths") if design == "morris" else words("Points"),
                POINT_COUNTS,
                key=POINTS,
                width=110,
                help=words("Points that the design visits; each is run once for every seed."),
            )
        choice.seeds_box(
            words,
            SEED_COUNTS,
            SEEDS,
            words(
                "Each seed is one course of luck, the same at every point. "
                "More seeds give narrower intervals; with one there is none."
            ),
        )


def _keys(keys: Mapping[str, Key], words: Words) -> list[Key]:
    """The control for the keys that vary."""
    chosen = st.multiselect(
        words("What varies"),
        list(keys),
        format_func=lambda key: key_name(words, key),
        key=KEYS,
        max_selections=MOST_KEYS,
        placeholder=words("Type to search"),
        help=words("Any number, switch or layout of the scenario; lists and more accounts in a sweep file."),
    )
    choice.note_in_address(
        keys="~".join(chosen),
        design=st.session_state[DESIGN],
        points=str(st.session_state[POINTS]),
        seeds=str(st.session_state[SEEDS]),
    )
    return [keys[key] for key in chosen]


def _levels(chosen: list[Key], words: Words) -> tuple[dict[str, Any] | None, dict[str, "DeltaGenerator"]]:
    """The controls for the levels: what they say, None where one is wrong; and room for errors by key."""
    vary: dict[str, Any] = {}
    slots: dict[str, DeltaGenerator] = {}
    right = True
    for key in chosen:
        try:
            vary[key.key] = _level(key, words)
        except ValueError as error:
            right = False
            said = words('"{part}" is not a whole number.', part=error) if key.kind == "whole" else words(
                '"{part}" is not a number.', part=error
            )  # fmt: skip
            look.faults([said])
        slots[key.key] = st.empty()
    return (vary if right else None), slots


def _level(key: Key, words: Words) -> Any:
    """The control for the levels of one key; what it says, as a sweep file has it.

    Raises:
        ValueError: with the part that is no number.
    """
    name = f"{choice.name()}_{key.key}"
    title, meaning = look.plain(key_name(words, key.key)), explained(words, key)
    if key.kind in ("layout", "switch"):
        options = list(LEVELS) if key.kind == "layout" else [False, True]
        return st.multiselect(
            words("{key}: levels", key=title),
            options,
            format_func=lambda value: value_name(words, key.key, value),
            key=_first(f"kept_experiments_words_{name}", list(first_levels(key))),
            help=meaning,
        )
    if st.session_state[DESIGN] == "grid":
        text = st.text_input(
            words("{key}: levels", key=title),
            key=_first(f"kept_experiments_levels_{name}", written(first_levels(key))),
            placeholder="0.2, 0.5, 0.8",
            help=meaning,
        )
        return list(read_numbers(text, key.kind))
    low, high = first_ends(key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.text_input(
            words("{key}: from", key=title),
            key=_first(f"kept_experiments_low_{name}", written([low])),
            help=meaning,
        )
        end = st.text_input(
            words(NC_("range", "to")), key=_first(f"kept_experiments_high_{name}", written([high]))
        )
    return {"low": _single(start, key), "high": _single(end, key)}


def _single(text: str, key: Key) -> float:
    numbers = read_numbers(text, key.kind)
    if len(numbers) != 1:
        raise ValueError(text)
    return numbers[0]


def _planned(vary: Mapping[str, Any]) -> "Sweep":
    state = st.session_state
    return planning.planned(choice.name(), None, state[DESIGN], state[POINTS], state[SEEDS], vary)


def _beside(error: ScenarioError, slots: Mapping[str, "DeltaGenerator"], words: Words) -> None:
    """What is wrong, each beside the key that it is about."""
    for problem in error.problems:
        slot = slots.get(problem.key.removeprefix("vary."))
        with slot.container() if slot is not None else st.container():
            look.faults(faults.told(words, [problem]))


def _first(key: str, value: object) -> str:
    """The key of a control, given its first value."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key
