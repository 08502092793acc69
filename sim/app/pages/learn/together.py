"""A class that answers together: one link, what everybody says before and after the runs, no names.

The teacher's page leads: the class follows it from lesson to lesson, and sees the runs once the teacher shows
them. What was said is kept by rooms.py; here it is drawn, and asked for.
"""

import secrets
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

import streamlit as st

from sim.app.jobs import rooms
from sim.app.jobs.rooms import Room, Stage
from sim.app.pages.learn.lessons import Exercise
from sim.app.ui import address, look, watch
from sim.charts.theme import PALETTES
from sim.errors import MatrixsimError
from sim.language.words import N_, Words

CLASS, KEY, PUPIL = "class", "teacher", "pupil"
"""Parts of the address: the class, the teacher's key, the number that a pupil's page drew."""
KEPT = "kept_learn_class"
"""Session key of these: going to another page clears the address."""
LOOK_S = 2.0
"""How often a page of the class looks whether the class went on (chosen)."""
SAYS = "learn_class_says_{}_{}_{}"
"""Key of a pupil's choice, by class, lesson and stage."""
ASKED: Mapping[Stage, str] = {
    "before": N_("Send my answer"), "after": N_("Send what I say now"),
}  # fmt: skip


class Joined(NamedTuple):
    """The class whose page this is.

    Attributes:
        pupil: its number; empty for the teacher.
    """

    code: str
    room: Room
    pupil: str

    @property
    def teaches(self) -> bool:
        """Whether this is the teacher's page."""
        return not self.pupil

    def shown(self, lesson: str) -> bool:
        """Whether the teacher has shown the runs of a lesson."""
        return lesson in self.room.shown


def joined(words: Words) -> Joined | None:
    """The class that the address names; None, and why, where there is none or no longer."""
    state, nobody = st.session_state, dict.fromkeys((CLASS, KEY, PUPIL), "")
    given: dict[str, str] = state.get(KEPT) or {part: address.read(part) for part in nobody}
    code = given[CLASS]
    room = rooms.found(code)
    if room is None:
        state[KEPT] = None
        address.write(nobody)
        if code:
            st.info(words("This class has ended. You can go on by yourself."))
        return None
    teaches = rooms.teaches(room, given[KEY])
    if not teaches and not rooms.PUPIL.fullmatch(given[PUPIL]):
        given[PUPIL] = secrets.token_hex(6)
    state[KEPT] = given
    address.write(given)
    return Joined(code, room, "" if teaches else given[PUPIL])


def head(given: Joined | None, lesson: str, seed: int, words: Words) -> None:
    """Draws how a class is begun; the teacher's link and end; what a pupil has to know."""
    if given is None:
        with st.expander(words("Answer together with a class")):
            said = N_(
                "The class opens one link and follows your page from lesson to lesson. You see what "
                "everybody expects, show the runs when you like, and see what everybody says then. Nobody "
                "gives a name; the answers are kept on this server until you end the class."
            )
            look.lines([words(said)])
            look.button(words("Begin a class"), _tried, words, _begin, lesson, seed, key="learn_begin")
    elif given.teaches:
        with st.container(border=True, key="learn_class"):
            look.lines([words("Link for the class:")])
            st.code(f"{(st.context.url or '').partition('?')[0]}?{CLASS}={given.code}", language=None)
            said = N_("Whoever has the address of your own page is the teacher: keep it to yourself.")
            look.note(words(said))
            with st.popover(words("End the class")):
                look.lines([words("Every answer of the class is deleted.")])
                look.button(words("End it now"), _tried, words, rooms.end, given.code, key="learn_end")
    else:
        said = N_("You are in a class. Your answers carry no name; your teacher sees how many said what.")
        look.note(words(said))


def follow(given: Joined) -> None:
    """Looks again and again whether the class has gone on, and draws the page anew then."""
    st.fragment(_followed, run_every=LOOK_S)(given.code, given.room)


def _followed(code: str, room: Room) -> None:
    if rooms.found(code) != room:
        st.rerun()


def lead(given: Joined, exercise: Exercise, words: Words) -> bool:
    """Draws a lesson for its teacher: question, answers so far, the button; whether the runs are shown."""
    shown = given.shown(exercise.key)
    with st.container(border=True, key="learn_question"):
        st.header(words(exercise.label), anchor=False)
        look.lines([words(exercise.setup), words(exercise.question)])
        st.fragment(answers, run_every=LOOK_S)(given.code, exercise, shown, words)
        if not shown:
            label, do = words("Show the runs to the class"), (rooms.show, given.code, exercise.key)
            look.button(label, _tried, words, *do, key="learn_show", type="primary")
    return shown


def ask(given: Joined, exercise: Exercise, words: Words) -> str | None:
    """Asks a pupil what it expects; what it said, once the runs are shown."""
    with st.container(border=True, key="learn_question"):
        st.header(words(exercise.label), anchor=False)
        look.lines([words(exercise.setup)])
        said = _question(given, exercise, "before", words)
        if said is not None and not given.shown(exercise.key):
            look.status(words("Your answer is in. The runs come up when your teacher shows them."))
    return said if given.shown(exercise.key) else None


def ask_again(given: Joined, exercise: Exercise, words: Words) -> None:
    """Asks a pupil once more, under the runs, and draws what the class said."""
    with st.container(border=True, key="learn_again"):
        st.header(words("Having seen the runs: what do you say now?"), anchor=False)
        if _question(given, exercise, "after", words) is not None:
            st.fragment(answers, run_every=LOOK_S)(given.code, exercise, True, words)


def answers(code: str, exercise: Exercise, shown: bool, words: Words) -> None:
    """Draws how many said what, before the runs and after."""
    stages: dict[Stage, str] = {"before": words(N_("Before the runs"))}
    if shown:
        stages["after"] = words(N_("After the runs"))
    counts = {stage: rooms.counts(code, exercise.key, stage) for stage in stages}
    colours = {"before": PALETTES[look.ground()].muted, "after": PALETTES[look.ground()].accent}
    most = max((n for found in counts.values() for n in found.values()), default=0)
    title = words("Answers of the class")
    cells = "".join(
        f'<tr><th scope="row">{escape(words(choice.text))}</th>'
        + "".join(_bar(counts[stage].get(choice.key, 0), most, colours[stage]) for stage in stages)
        + "</tr>"
        for choice in exercise.choices
    )
    sums = "".join(
        f'<th scope="col">{escape(name)} ({sum(counts[stage].values())})</th>'
        for stage, name in stages.items()
    )
    top = f'<thead><tr><th scope="col">{escape(title)}</th>{sums}</tr></thead>'
    st.html(f'<table class="ms-table" aria-label="{escape(title)}">{top}<tbody>{cells}</tbody></table>')


def _bar(n: int, most: int, colour: str) -> str:
    width = round(100 * n / most) if most else 0
    look_ = f"display:block;height:0.55em;margin-left:auto;width:{width}%;background:{escape(colour)}"
    return f'<td style="width:30%">{n}<span style="{look_}"></span></td>'


def _question(given: Joined, exercise: Exercise, stage: Stage, words: Words) -> str | None:
    """A question with its button; what was said to it. What is expected stands once the runs are shown."""
    said = rooms.said(given.code, exercise.key, stage, given.pupil)
    texts = {choice.key: choice.text for choice in exercise.choices}
    key, done = SAYS.format(given.code, exercise.key, stage), stage == "before" and given.shown(exercise.key)
    fixed = done and said is not None
    if key not in st.session_state or fixed:
        st.session_state[key] = said
    now = st.radio(
        words(exercise.question), texts, format_func=lambda choice: words(texts[choice]), key=key,
        index=None, disabled=fixed,
    )  # fmt: skip
    if not fixed:
        do = rooms.say, given.code, exercise.key, stage, given.pupil, now
        label = words(ASKED[stage]) if said is None else words("Change my answer")
        look.button(label, _tried, words, *do, disabled=now in (None, said), key=f"learn_say_{stage}")
    return said


def _begin(lesson: str, seed: int) -> None:
    code, room = rooms.begin(lesson, seed)
    st.session_state[KEPT] = {CLASS: code, KEY: room.key, PUPIL: ""}


def _tried(words: Words, act: Callable[..., None], *given: object) -> None:
    """Does what a button is for; a failure is told."""
    try:
        act(*given)
    except (MatrixsimError, OSError) as error:
        watch.failure(error, words)
