"""The class on the page: everybody as a dot, one hour at a time, and the record of whom one clicks.

An hour is drawn by itself, from tables at hand. What is clicked can also be chosen with the keyboard.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import streamlit as st
from numpy.typing import NDArray

from sim.app.jobs import store
from sim.app.jobs.request import Lesson
from sim.app.jobs.store import Answer
from sim.app.pages.learn import diary
from sim.app.ui import look, watch
from sim.app.ui.person import Teller
from sim.charts.crowd import ACCOUNT, PERSON, STATES, Chosen, CrowdWords, Mark, crowd_chart, crowd_figure
from sim.charts.places import colour_of
from sim.charts.theme import PALETTES
from sim.language.words import N_, Words, begun

HOUR, WHO, WHOSE = "kept_learn_hour", "kept_learn_person", "kept_learn_account"
"""Session keys: the hour shown, the person and the account pointed out."""
PLAYING, FRESH = "learn_playing", "learn_fresh"
"""Session keys: whether the hours run by themselves; whether the page around was just drawn."""
FIRST_HOUR = 24
"""Hour shown first (chosen): enough has happened to look at."""
PACE_S = 0.9
"""Time between two hours that run by themselves (chosen): a browser draws one in a third of it."""
MOST_CLASSES = 24
"""Classes whose tables are kept in memory, 4 MB each (chosen): a room works on one or two."""
DAY_H, ORDERED = 24, 64
"""Hours of a day; the bit of an impression that led to an order (sim.engines.columns.impress)."""
COUNTS = ("impressions", "stage", "orders")
TABLES = ("people", "states", "events", "fans", "videos")

STATE_NAMES = (
    N_("Not reached"), N_("Reached"), N_("Visited a home page"), N_("Newly follows"), N_("Ordered"),
)  # fmt: skip
"""Names of sim.charts.crowd.STATES."""


class Moment(NamedTuple):
    """Everybody after an hour, columns of shape (U,).

    Attributes:
        states: place in STATES.
        follows: accounts followed, a bit each; reached_by: those whose videos were seen, likewise.
    """

    states: NDArray[np.int64]
    impressions: NDArray[np.int64]
    stage: NDArray[np.int64]
    orders: NDArray[np.int64]
    follows: NDArray[np.uint64]
    reached_by: NDArray[np.uint64]


def moment(states: pl.DataFrame, hour: int, people: int) -> Moment:
    """Everybody after an hour; `states` has one row an hour and person, in this order, from hour 0."""
    rows = states.slice(hour * people, people)
    fan_of = states["follows"].slice(0, people).to_numpy()
    columns = {name: rows[name].to_numpy() for name in rows.columns}
    found = np.zeros(people, np.int64)
    new = (columns["follows"] & ~fan_of) > 0
    steps = columns["reached"] > 0, columns["visits"] > 0, new, columns["orders"] > 0
    for place, happened in enumerate(steps, 1):
        found[happened] = place
    impressions, stage, orders = (columns[name].astype(np.int64) for name in COUNTS)
    return Moment(found, impressions, stage, orders, columns["follows"], columns["reached_by"])


def of_hour(events: pl.DataFrame, hour: int) -> pl.DataFrame:
    """What happened in an hour; the diary is in order, so nothing else is looked at."""
    first, after = np.searchsorted(events["hour"].to_numpy(), (hour, hour + 1)).tolist()
    return events.slice(first, after - first)


def rows_of(table: pl.DataFrame, account: str) -> pl.DataFrame:
    """The rows of an account, without a query, which takes a millisecond where others use the cores."""
    return table[np.flatnonzero((table["account"] == account).to_numpy())]


def members(bits: int) -> list[int]:
    """Numbers of the accounts whose bits are set."""
    return [k for k in range(bits.bit_length()) if bits >> k & 1]


def picked(event: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """What was clicked: PERSON or ACCOUNT and its number; None for nothing of ours."""
    points: Sequence[Mapping[str, Any]] = ((event or {}).get("selection") or {}).get("points") or []
    for point in points:
        data = point.get("customdata")
        if isinstance(data, Mapping):  # a browser may hand rows over by place
            data = [data[key] for key in sorted(data)]
        if isinstance(data, Sequence) and len(data) > 1 and data[0] in (PERSON, ACCOUNT):
            return int(data[0]), int(data[1])
    return None


def draw(request: Lesson, answer: Answer, words: Words) -> None:
    """Draws the class with its controls and records."""
    state = st.session_state
    state.setdefault(HOUR, FIRST_HOUR)
    state[HOUR] = min(state[HOUR], answer["hours"])
    people, accounts = answer["summary"]["users"], answer["accounts"]
    if not 0 <= state.get(WHO, -1) < people:
        state[WHO] = answer["busiest"]
    if state.get(WHOSE) not in accounts:
        state[WHOSE] = accounts[0]
    state[FRESH] = True
    every = PACE_S if state.get(PLAYING) else None
    st.fragment(_steps, run_every=every)(request, answer, words, every is not None)


@st.cache_resource(max_entries=MOST_CLASSES, show_spinner=False)  # frames do not change: nobody needs a copy
def _tables(key: str, _request: Lesson) -> dict[str, pl.DataFrame]:
    """The tables of an answer; the key alone says which."""
    return {name: store.table(_request, name) for name in TABLES}


def _steps(request: Lesson, answer: Answer, words: Words, running: bool) -> None:
    state, last = st.session_state, int(answer["hours"])
    if bool(state.get(PLAYING)) != running:
        st.rerun()
    if running and not state[FRESH]:
        state[HOUR] = min(state[HOUR] + 1, last)
    state[FRESH] = False
    key = request.key()
    try:
        tables = _tables(key, request)
    except OSError as error:
        if store.found(request) is None:  # no longer kept: the page has it made anew
            st.rerun()
        watch.failure(error, words)
        return
    _controls(last, words, running=running)
    now = moment(tables["states"], state[HOUR], tables["people"].height)
    events = of_hour(tables["events"], state[HOUR])
    look.status(told_of_hour(state[HOUR], events, words))
    _picture(key, answer, tables, now, np.unique(events["user"].to_numpy()).tolist(), words)
    _records(answer, tables, now, words)
    if running and state[HOUR] == last:
        state[PLAYING] = False
        st.rerun()


def _controls(last: int, words: Words, *, running: bool) -> None:
    wide, narrow = st.columns([4, 1], vertical_alignment="bottom")
    said = words(
        "How many hours have passed. At hour 0 nothing has been posted; fans are those of the start."
    )
    wide.slider(words("Hour"), 0, last, key=HOUR, help=said)
    with narrow, st.container(horizontal=True):
        look.button(words("Next hour"), _next, last, key="learn_on")
        look.button(words("Pause") if running else words("Play"), _play, last, key="learn_play")


def _next(last: int) -> None:
    st.session_state[PLAYING] = False
    st.session_state[HOUR] = min(st.session_state[HOUR] + 1, last)


def _play(last: int) -> None:
    st.session_state[PLAYING] = not st.session_state.get(PLAYING)
    if st.session_state[HOUR] == last:
        st.session_state[HOUR] = 0


def told_of_hour(hour: int, events: pl.DataFrame, words: Words) -> str:
    """What happened in the last of so many hours, in a sentence."""
    if hour == 0:
        return words("Before the first hour: nothing has been posted yet.")
    happened = Counter(events["what"].to_list())
    counts = {what: happened[what] for what in ("saw", "visited", "followed")}
    days, start = divmod(hour - 1, DAY_H)
    counts["ordered"] = int((events["bits"] & ORDERED > 0).sum())
    said = N_(
        "Day {day}, {start}:00 to {end}:00: {saw} impressions, {visited} home-page visits, {followed} new "
        "follows, {ordered} orders."
    )
    return words(said, day=days + 1, start=start, end=start + 1, **counts)


def _picture(
    key: str,
    answer: Answer,
    tables: Mapping[str, pl.DataFrame],
    now: Moment,
    active: Sequence[int],
    words: Words,
) -> None:
    state, names = st.session_state, answer["accounts"]
    fans = tables["fans"]["fans"].slice(state[HOUR] * len(names), len(names)).to_list()
    marks = [
        Mark(diary.account_name(words, name), colour_of(k), fans[k], words("{n} fans", n=f"{fans[k]:,}"))
        for k, name in enumerate(names)
    ]
    whose = names.index(state[WHOSE])
    fans_of = np.flatnonzero(now.follows >> np.uint64(whose) & np.uint64(1)).tolist()
    follows, seen = (members(int(bits[state[WHO]])) for bits in (now.follows, now.reached_by))
    chosen = Chosen(state[WHO], whose, fans_of, follows, seen, active)
    own = tables["people"]["topic"].to_list()
    called = {topic: diary.topic_name(words, topic) for topic in dict.fromkeys(own)}
    topics = [called[topic] for topic in own]
    chart = crowd_chart(topics, now.states.tolist(), now.impressions.tolist(), marks)
    said = tuple(words(name) for name in STATE_NAMES)
    told = CrowdWords(words("Person"), words("Impressions:"), said)
    counts = np.bincount(now.states, minlength=len(STATES))
    figure, drawn = crowd_figure(chart, marks, chosen, told, look.ground()), f"learn_crowd_{key[:8]}"
    alt = ", ".join(f"{name} {count:,}" for name, count in zip(said, counts, strict=True))
    look.chart(figure, drawn, alt, lambda: _clicked(drawn, names))
    meaning = N_(
        "Each dot is a person and keeps its place; within a topic the more active stand further right. "
        "Large dots: something happened to them in this hour. Rings: fans of the account chosen below. "
        "Lines: accounts that the person chosen below follows (solid) or has only seen (dotted)."
    )
    look.note(words(meaning))


def _clicked(chart_key: str, names: Sequence[str]) -> None:
    kind, number = picked(st.session_state.get(chart_key)) or (None, 0)
    if kind == PERSON:
        st.session_state[WHO] = number
    elif kind == ACCOUNT and number < len(names):
        st.session_state[WHOSE] = names[number]


def _records(answer: Answer, tables: Mapping[str, pl.DataFrame], now: Moment, words: Words) -> None:
    state, names = st.session_state, answer["accounts"]
    colours = {name: colour_of(k) for k, name in enumerate(names)}
    muted = PALETTES[look.ground()].muted
    person, account = st.columns([4, 3], gap="large")
    with person:
        st.header(words("A person"), anchor=False)
        meaning = words("Click a dot, or type a number: in Python this is model.users[number].")
        number = st.number_input(words("Person number"), 0, len(now.states) - 1, key=WHO, help=meaning)
        follows = [names[k] for k in members(int(now.follows[number]))]
        people, counts = tables["people"], (int(now.stage[number]), int(now.orders[number]))
        interest = dict(zip(answer["topics"], people["interest"][number], strict=True))
        who = diary.Person(str(people["topic"][number]), interest, tuple(follows), *counts)
        look.lines(diary.told_of(who, words))
        hours = tables["events"]["hour"].to_numpy()
        so_far = tables["events"].head(int(np.searchsorted(hours, state[HOUR], "right")))
        seen = so_far[np.flatnonzero(so_far["user"].to_numpy() == number)]
        diary.person_table(seen, colours, muted, words)
        if not seen.is_empty():
            with st.expander(words("Read it with why")):
                teller = Teller(0, words)
                why = [begun(teller.tell(event)) for event in seen.to_dicts()]
                look.lines(why[-diary.SHOWN :])
    with account:
        st.header(words("An account"), anchor=False)
        called = {name: diary.account_name(words, name) for name in names}
        name = look.chosen(words("Account"), called, WHOSE)
        fans = tables["fans"]["fans"].to_numpy()[names.index(name) :: len(names)]
        told, videos = (rows_of(table, name) for table in (so_far, tables["videos"]))
        diary.account_table(told, videos, fans, state[HOUR], colours[name], words)
