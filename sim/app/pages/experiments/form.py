"""The form for a new sweep: what varies, over which levels, how often; or a sweep file."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Timing, plan_of
from sim.app.pages.experiments import planning, varying
from sim.app.pages.experiments.start import ahead, begin
from sim.app.ui import address, choice, faults, look, watch
from sim.errors import ScenarioError
from sim.language.words import N_, NC_, Words
from sim.scenario.key_names import key_name

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
TEXT, UPLOAD = "kept_experiments_text", "experiments_upload"
"""Session keys: the text of the file; an uploaded one."""
LONGEST_TEXT = 200_000
SAMPLE = """scenario = "classroom"
seeds = 8
[design]
kind = "grid"
[vary]
"links.layout" = ["star", "mesh"]
"""


def invitation(words: Words) -> None:
    """What there is to see where nothing was begun yet: an example that takes seconds."""
    plan = planning.planned(FIRST_SCENARIO, None, "grid", POINT_COUNTS[0], FIRST_SEEDS, FIRST)
    with st.container(border=True, key="experiments_invitation"):
        st.header(words("Nothing here yet: begin with an example"), anchor=False)
        runs = words("{runs} runs of the classroom with 2,000 people; takes seconds.", runs=plan.runs)
        look.lines([words("What lifts reach more: more videos a day, or more fans at the start?"), runs])
        label, key = words("Run the example"), "experiments_example"
        look.button(label, begin, plan, FIRST_SCENARIO, key=key, type="primary")


def draw(words: Words, *, foremost: bool = True) -> None:
    """Draws the form; whether its button is the first one to press."""
    state, keys = st.session_state, varying.keys_of(plan_of(choice.name()))
    _remember(keys)
    with st.container(border=True):
        _controls(words)
        chosen = _keys(keys, words)
        vary, slots = _levels(chosen, words)
        plan = None
        if vary is not None:
            try:
                plan = planning.planned(choice.name(), None, state[DESIGN], state[POINTS], state[SEEDS], vary)
            except ScenarioError as error:
                _beside(error, slots, words)
        timing = Timing(choice.name(), None)
        if plan is not None:
            timed = watch.answered(timing, words)
            ahead(plan, choice.name(), timed, "form" if foremost else "second", words)
    with st.expander(words("From a sweep file (TOML)")):
        _file(plan, timing, words)


def _remember(keys: Mapping[str, varying.Key]) -> None:
    state = st.session_state
    if KEYS not in state:
        asked = [key for key in address.read("keys").split("~") if key in keys]
        state[KEYS] = asked[:MOST_KEYS] or [varying.LAYOUT]
        state[DESIGN] = address.one_of("design", DESIGNS) or "grid"
        state[POINTS] = int(address.one_of("points", POINT_COUNTS) or 32)
        state[SEEDS] = int(address.one_of("seeds", SEED_COUNTS) or 8)
    state[KEYS] = [key for key in state[KEYS] if key in keys]


def _controls(words: Words) -> None:
    meanings = look.meanings((words(name), words(meaning)) for name, meaning in DESIGNS.values())
    with look.row("experiments"):
        choice.scenario_box(words)
        choice.audience_box(words)
        names = {kind: words(name) for kind, (name, _) in DESIGNS.items()}
        design = look.chosen(words("Design"), names, DESIGN, width=190, help=meanings)
        if design != "grid":
            label = words("Paths") if design == "morris" else words("Points")
            meaning = words("Points that the design visits; each is run once for every seed.")
            st.selectbox(label, POINT_COUNTS, key=POINTS, width=110, help=meaning)
        meaning = words(
            "Each seed is one course of luck, the same at every point. "
            "More seeds give narrower intervals; with one there is none."
        )
        choice.seeds_box(words, SEED_COUNTS, SEEDS, meaning)


def _keys(keys: Mapping[str, varying.Key], words: Words) -> list[varying.Key]:
    chosen = st.multiselect(
        words("What varies"),
        list(keys),
        format_func=lambda key: key_name(words, key),
        key=KEYS,
        max_selections=MOST_KEYS,
        placeholder=words("Type to search"),
        help=words("Any number, switch or layout of the scenario; lists and more accounts in a sweep file."),
    )
    noted = {"design": DESIGN, "points": POINTS, "seeds": SEEDS}
    kept = {name: str(st.session_state[key]) for name, key in noted.items()}
    choice.note_in_address(keys="~".join(chosen), **kept)
    return [keys[key] for key in chosen]


def _levels(
    chosen: list[varying.Key], words: Words
) -> tuple[dict[str, Any] | None, dict[str, "DeltaGenerator"]]:
    """The controls for the levels: what they say, None where one is wrong; and room for errors by key."""
    vary: dict[str, Any] = {}
    slots: dict[str, DeltaGenerator] = {}
    right = True
    for key in chosen:
        try:
            vary[key.key] = _level(key, words)
        except ValueError as error:
            right = False
            said = N_('"{part}" is not a number.')
            if key.kind == "whole":
                said = N_('"{part}" is not a whole number.')
            look.faults([words(said, part=error)])
        slots[key.key] = st.empty()
    return (vary if right else None), slots


def _level(key: varying.Key, words: Words) -> Any:
    """The control for the levels of one key; what it says, as a sweep file has it.

    Raises:
        ValueError: with the part that is no number.
    """
    name = f"{choice.name()}_{key.key}"
    title, meaning = look.plain(key_name(words, key.key)), varying.explained(words, key)
    levels = words("{key}: levels", key=title)
    if key.kind in ("layout", "switch"):
        options = list(varying.LEVELS) if key.kind == "layout" else [False, True]
        at, called = f"kept_experiments_words_{name}", partial(varying.value_name, words, key.key)
        kept = _first(at, list(varying.first_levels(key)))
        return st.multiselect(levels, options, format_func=called, key=kept, help=meaning)
    if st.session_state[DESIGN] == "grid":
        kept = _first(f"kept_experiments_levels_{name}", varying.written(varying.first_levels(key)))
        text = st.text_input(levels, key=kept, placeholder="0.2, 0.5, 0.8", help=meaning)
        return list(varying.read_numbers(text, key.kind))
    low, high = varying.first_ends(key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        least = _first(f"kept_experiments_low_{name}", varying.written([low]))
        start = st.text_input(words("{key}: from", key=title), key=least, help=meaning)
        most = _first(f"kept_experiments_high_{name}", varying.written([high]))
        end = st.text_input(words(NC_("range", "to")), key=most)
    ends = [varying.read_numbers(text, key.kind) for text in (start, end)]
    for text, numbers in zip((start, end), ends, strict=True):
        if len(numbers) != 1:
            raise ValueError(text)
    return {"low": ends[0][0], "high": ends[1][0]}


def _beside(error: ScenarioError, slots: Mapping[str, "DeltaGenerator"], words: Words) -> None:
    for problem in error.problems:
        slot = slots.get(problem.key.removeprefix("vary."))
        with slot.container() if slot is not None else st.container():
            look.faults(faults.told(words, [problem]))


def _first(key: str, value: object) -> str:
    """The key of a control, given its first value."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _file(plan: "Sweep | None", asked: Timing, words: Words) -> None:
    said = N_("The same file as for `matrixsim sweep`; its scenario is named: {names}, or a draft.")
    look.note(words(said, names=", ".join(_names())).replace("`", ""))
    st.file_uploader(
        words("Upload a sweep file"), type=["toml"], key=UPLOAD, on_change=_uploaded, max_upload_size=1
    )
    with st.container(horizontal=True):
        label = words("Write what the form says")
        written = partial(st.session_state.__setitem__, TEXT, plan.to_toml(choice.name()) if plan else "")
        look.button(label, written, key="experiments_fill", disabled=plan is None)
    text = st.text_area(words("Sweep file"), key=TEXT, height=240, max_chars=LONGEST_TEXT, placeholder=SAMPLE)
    if not (text or "").strip():
        return
    try:
        read, name = planning.parsed(text)
    except ScenarioError as error:
        look.faults(faults.told(words, error.problems))
        return
    timing = Timing(name, None)
    same = plan is not None and timing == asked
    timed = store.found(timing) if same else watch.answered(timing, words)
    ahead(read, name, timed, "file", words)


def _names() -> list[str]:
    from sim.scenario.shipped import shipped

    return [*shipped(), *([choice.name()] if choice.name() not in shipped() else [])]


def _uploaded() -> None:
    file = st.session_state.get(UPLOAD)
    if file is not None:
        st.session_state[TEXT] = file.getvalue().decode("utf-8-sig", errors="replace")[:LONGEST_TEXT]
