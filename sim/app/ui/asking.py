"""Ask a simulated person 问问这个人: what one person of a run saw, did and became, and why, from a replay.

People are followed by thousands (a shard), so whoever is chosen next is mostly at hand already.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Asking, Running
from sim.app.ui import address, look, watch
from sim.app.ui.person import COMPLETE, FOLLOWED, LEFT, ORDER, SAW, VISITED, Teller
from sim.language.words import N_, Words, begun
from sim.scenario.names import topic_name

WHO = "kept_asked_person"
"""Session key: number of the person, None while nobody is asked."""
FIRST = "asked_first"
"""Session key: whether anybody will do, so that it should be somebody with something to tell."""
TOGETHER = 16_384
"""People who are followed together: sim.rules.audience.SHARD, which would load the compiler."""
SHOWN = 12
"""Events that are told at first (chosen); the others are folded."""
KINDS = {
    "followed": N_("A new follower"), "left": N_("One who left"),
    "ordered": N_("A buyer"), "nothing": N_("One who did nothing"),
}  # fmt: skip
NOBODY = N_(
    "Of the {n} people around this one nobody did: type the number of another person, a few thousand on."
)


def in_address() -> dict[str, str]:
    """Who is asked, for the address."""
    who = _who()
    return {"person": "" if who is None else str(who)}


def _who() -> int | None:
    """Who is asked: the session's, else the address's."""
    state = st.session_state
    if WHO not in state:
        asked = address.read("person")
        state[WHO] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None  # noqa: PLR2004  digits
    found: int | None = state[WHO]
    return found


def draw(request: Running, words: Words) -> None:
    """Draws the section for a run that is on the page."""
    st.header(words("Ask a simulated person"), anchor=False)
    said = N_(
        "Every decision was drawn at an address of its own, so one person's time can be played again, draw "
        "by draw: nothing here is invented."
    )
    look.note(words(said))
    people = request.plan().audience.users
    who = _who()
    if who is None:
        look.button(words("Ask somebody"), st.session_state.update, {WHO: 0, FIRST: True}, key="asked_begin")
        return
    who = min(who, people - 1)
    asking = Asking(request.scenario, request.users, request.seed, request.settings, who // TOGETHER)
    if (answer := watch.answered(asking, words)) is None:
        return
    events = store.table(asking, "events")
    if st.session_state.pop(FIRST, False):
        who = st.session_state[WHO] = _next(events, "followed", who) or who
    with st.container(horizontal=True, vertical_alignment="bottom", key="asked_choices"):
        _number(who, people, words)
        for kind, label in KINDS.items():
            near = _next(events, kind, who)
            act = st.session_state.__setitem__, WHO, near
            nobody = words(NOBODY, n=f"{answer['last'] - answer['first']:,}") if near is None else None
            look.button(words(label), *act, key=f"asked_{kind}", disabled=near is None, help=nobody)
    _record(asking, answer, events.filter(user=who), who, words)


def _number(who: int, people: int, words: Words) -> None:
    box = "asked_number"
    st.session_state[box] = who

    def taken() -> None:
        st.session_state[WHO] = st.session_state[box]

    st.number_input(words("Person number"), 0, people - 1, key=box, on_change=taken, width=160)


def _next(events: pl.DataFrame, kind: str, who: int) -> int | None:
    """The next person of a kind after one, in a circle; None where there is none."""
    mine = pl.col("what")
    if kind == "nothing":
        idle = (mine == SAW) & ((pl.col("bits") & ~COMPLETE) == 0)
        found = events.group_by("user").agg(idle.all().alias("idle")).filter("idle")["user"]
    elif kind == "ordered":
        found = events.filter((mine == SAW) & (pl.col("bits") & ORDER > 0))["user"]
    else:
        found = events.filter(mine == {"followed": FOLLOWED, "left": LEFT}[kind])["user"]
    numbers = sorted(set(found.to_list()))
    return next((number for number in numbers if number > who), numbers[0] if numbers else None)


def _record(asking: Asking, answer: Mapping[str, Any], events: pl.DataFrame, who: int, words: Words) -> None:
    """Who it is, what happened in all, and every event with why."""
    row = store.table(asking, "people").row(who - answer["first"], named=True)
    interest = zip(answer["topics"], row["interest"], strict=True)
    liked = (
        f"{begun(topic_name(topic, words.language))} {round(level / 2.55)}"
        for topic, level in sorted(interest, key=lambda item: -item[1])
    )
    counts = {what: events.filter(what=what).height for what in (SAW, VISITED, FOLLOWED, LEFT)}
    finished, ordered = (int((events.filter(what=SAW)["bits"] & bit > 0).sum()) for bit in (COMPLETE, ORDER))
    summed = N_(
        "Person {who}: saw {saw} videos, finished {finished}, made {visited} visits to home pages, followed "
        "{followed} accounts, left {left}, placed {ordered} orders."
    )
    look.lines(
        [
            words(summed, who=f"{who:,}", **counts, finished=finished, ordered=ordered),
            words("Interest by topic, from 0 to 100 each: {interests}", interests=words.listed(liked)),
        ]
    )
    if events.is_empty():
        look.note(words("The plan never reached this person: no video of it was shown to them."))
        return
    teller = Teller(asking.plan().run.first_hour, words)
    look.folded([begun(teller.tell(event)) for event in events.to_dicts()], SHOWN, words)
