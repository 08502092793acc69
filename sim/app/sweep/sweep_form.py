"""The form for a new sweep: what varies, over which levels, how often; or a sweep file.

Draws controls; begins the sweep that they describe (sweeping.py). Errors stand beside what they
are about. Says before the start how many runs lie ahead, how long they take and how much disk.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.app import address, choice, look, watch
from sim.app.scenarios import faults
from sim.app.sweep import sweeping
from sim.app.sweep.varying import (
    LAYOUT,
    LEVELS,
    Key,
    explained,
    first_ends,
    first_levels,
    key_name,
    keys_of,
    read_numbers,
    value_name,
    written,
)
from sim.app.words import N_, NC_, Words
from sim.app.work import store
from sim.app.work.request import Timing, plan_of
from sim.errors import MatrixsimError, RunError, ScenarioError

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.sweeps.plan import Sweep

KEYS, DESIGN, POINTS, SEEDS, TEXT = (
    f"kept_experiments_{name}" for name in ("keys", "design", "points", "seeds", "text")
)
BEGUN, FAULT, UPLOAD = "experiments_begun", "experiments_fault", "experiments_upload"
"""Session keys: the sweep just begun; why one could not be; an uploaded file."""
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
LONGEST_TEXT = 200_000
FIRST = {"accounts.school.posts_per_day": [0.5, 1.0, 2.0, 4.0], "accounts.school.fans": [30, 120, 480]}
"""The example: what the main account gains by more videos, and by more fans at the start."""
FIRST_SCENARIO, FIRST_SEEDS = "classroom", 8
SAMPLE = """scenario = "classroom"
seeds = 8
[design]
kind = "grid"
[vary]
"links.layout" = ["star", "mesh"]
"""
MINUTES_FROM, HOURS_FROM = 90, 5400
"""From which on a time is told in minutes, in hours [s]."""
LEAST_MB = 0.1
REFUSED = (
    N_("{runs} runs; the page begins at most {most}: choose fewer points or seeds, or use the command line"),
    N_(
        "up to {users} people × {hours} h × {runs} runs = {asked}; this server allows {most}: "
        "choose a smaller audience, fewer points or fewer seeds"
    ),
    N_("{n} experiments are under way already: wait for one to end, or stop one"),
    N_("{file}: the sweep file is gone; the runs that are done stay"),
)
"""Why sweeping.py refuses."""


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
            on_click=_begin,
            args=(plan, FIRST_SCENARIO),
        )


def example() -> "Sweep":
    """The example."""
    return sweeping.planned(FIRST_SCENARIO, None, "grid", POINT_COUNTS[0], FIRST_SEEDS, FIRST)


def fault(words: Words) -> None:
    """Why the last sweep could not be begun."""
    error = st.session_state.pop(FAULT, None)
    if error is not None:
        refused(error, words)


def refused(error: Exception, words: Words) -> None:
    """An error of sweeping.py in the reader's language."""
    if isinstance(error, ScenarioError):
        look.faults(faults.told(words, error.problems))
    else:
        look.faults([faults.translated(words, str(error), REFUSED)])


def draw(words: Words, *, foremost: bool = True) -> None:
    """Draws the form.

    Args:
        words: of the reader.
        foremost: whether its button is the first one to press.
    """
    keys = keys_of(choice.plan())
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
        timing = Timing(choice.name(), choice.users())
        if plan is not None:
            seconds = _seconds(watch.answered(timing, words))
            _ahead(plan, choice.name(), seconds, "form" if foremost else "second", words)
    with st.expander(words("From a sweep file (TOML)")):
        _file(plan, timing, words)


def _remember(keys: Mapping[str, Key]) -> None:
    """Choices at the start of a session: the address's where they are valid."""
    state = st.session_state
    if KEYS not in state:
        asked = [key for key in address.read("keys").split("~") if key in keys]
        state[KEYS] = asked[:MOST_KEYS] or [LAYOUT]
        state[DESIGN] = address.read("design") if address.read("design") in DESIGNS else "grid"
        state[POINTS] = next((n for n in POINT_COUNTS if str(n) == address.read("points")), 32)
        state[SEEDS] = next((n for n in SEED_COUNTS if str(n) == address.read("seeds")), 8)
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
        st.selectbox(
            words("Repeats"),
            SEED_COUNTS,
            format_func=lambda n: words("{n} seeds", n=n),
            key=SEEDS,
            width=130,
            help=words(
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
    title, meaning = plain(key_name(words, key.key)), explained(words, key)
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


def plain(text: str) -> str:
    """A text that says itself where streamlit reads Markdown: ids of accounts are anybody's."""
    return re.sub(r"([\\`*_{}\[\]<>#$:~|!])", r"\\\1", text)


def _first(key: str, value: object) -> str:
    """The key of a control, given its first value."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _planned(vary: Mapping[str, Any]) -> "Sweep":
    state = st.session_state
    return sweeping.planned(choice.name(), choice.users(), state[DESIGN], state[POINTS], state[SEEDS], vary)


def _beside(error: ScenarioError, slots: Mapping[str, "DeltaGenerator"], words: Words) -> None:
    """What is wrong, each beside the key that it is about."""
    for problem in error.problems:
        slot = slots.get(problem.key.removeprefix("vary."))
        with slot.container() if slot is not None else st.container():
            look.faults(faults.told(words, [problem]))


def _seconds(answer: store.Answer | None) -> float | None:
    return None if answer is None else float(answer["seconds"])


def _ahead(plan: "Sweep", name: str, seconds: float | None, kind: str, words: Words) -> None:
    """What lies ahead, and the button that begins it; the time only once one run has been timed [s]."""
    try:
        sweeping.refuse(plan)
    except RunError as error:
        refused(error, words)
        return
    count = words(
        "{runs} runs: {points} points × {seeds} seeds",
        runs=f"{plan.runs:,}",
        points=f"{plan.runs // plan.seeds:,}",
        seeds=plan.seeds,
    )
    found = sweeping.forecast(plan, seconds or 0.0)
    size = found.disk_bytes / 2**20
    disk = words("{n} MB of disk", n=f"{size:,.1f}") if size >= LEAST_MB else words("under 0.1 MB of disk")
    parts = [count, disk]
    if seconds is not None:
        parts.insert(
            1, words("about {time} on {n} processes", time=span(found.seconds, words), n=found.workers)
        )
    st.markdown(" · ".join(parts))
    look.note(
        words(
            "It runs in the background and goes on when you leave this page or the server ends; "
            "you can stop it and go on at any time."
        )
    )
    st.button(
        words("Start"),
        key=f"experiments_start_{kind}",
        type="primary" if kind == "form" else "secondary",
        on_click=_begin,
        args=(plan, name),
    )


def span(seconds: float, words: Words) -> str:
    """A length of time in words."""
    if seconds < MINUTES_FROM:
        return words("{n} s", n=max(1, round(seconds)))
    if seconds < HOURS_FROM:
        return words("{n} min", n=round(seconds / 60))
    return words("{n} h", n=f"{seconds / 3600:.1f}")


def _file(plan: "Sweep | None", asked: Timing, words: Words) -> None:
    """A sweep file, uploaded or written here.

    Args:
        plan: what the form says, if it is right.
        asked: what the form has timed: its progress is on the page already.
        words: of the reader.
    """
    look.note(
        words(
            "The same file as for `matrixsim sweep`; its scenario is named: {names}, or a draft.",
            names=", ".join(_names()),
        ).replace("`", "")
    )
    st.file_uploader(
        words("Upload a sweep file"), type=["toml"], key=UPLOAD, on_change=_uploaded, max_upload_size=1
    )
    with st.container(horizontal=True):
        st.button(
            words("Write what the form says"),
            key="experiments_fill",
            disabled=plan is None,
            on_click=_fill,
            args=(plan,),
        )
    text = st.text_area(
        words("Sweep file"),
        key=_first(TEXT, ""),
        height=240,
        max_chars=LONGEST_TEXT,
        placeholder=SAMPLE,
    )
    if not (text or "").strip():
        return
    try:
        read, name = sweeping.parsed(text)
    except ScenarioError as error:
        look.faults(faults.told(words, error.problems))
        return
    timing = Timing(name, plan_of(name).audience.users)
    same = plan is not None and timing == asked
    seconds = _seconds(store.found(timing) if same else watch.answered(timing, words))
    _ahead(read, name, seconds, "file", words)


def _names() -> list[str]:
    """Names that a sweep file can give its scenario: the shipped ones, and the draft in hand."""
    from sim.scenario.shipped import shipped

    return [*shipped(), *([choice.name()] if choice.name() not in shipped() else [])]


def _fill(plan: "Sweep") -> None:
    """Writes the form's sweep as a file; another audience than the scenario's own becomes a level."""
    text, users = plan.to_toml(choice.name()), plan.scenario.audience.users
    varied = [axis.key for axis in plan.axes]
    if users != plan_of(choice.name()).audience.users and "audience.users" not in varied:
        text += f'"audience.users" = [{users}]\n'
    st.session_state[TEXT] = text


def _uploaded() -> None:
    file = st.session_state.get(UPLOAD)
    if file is not None:
        st.session_state[TEXT] = file.getvalue().decode("utf-8-sig", errors="replace")[:LONGEST_TEXT]


def _begin(plan: "Sweep", name: str) -> None:
    """Begins a sweep; the page opens it."""
    attempt(lambda: st.session_state.update({BEGUN: sweeping.begin(plan, name)}))


def attempt(act: Callable[[], object]) -> None:
    """Does what a button asks for; keeps the reason where it cannot be done."""
    try:
        act()
    except (MatrixsimError, OSError) as error:
        st.session_state[FAULT] = error
