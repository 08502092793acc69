"""Learn 课堂: 2,000 people one hour at a time, and seven lessons that ask before they tell.

Lesson and seed stand in the address, so that a whole room opens one class and shares its computations.
"""

import streamlit as st

from sim.app.jobs import rooms
from sim.app.jobs.store import Answer
from sim.app.pages.learn import classroom, reveal, together
from sim.app.pages.learn.lessons import (
    EXERCISES,
    FREE,
    MEASURES,
    SEEDS,
    Exercise,
    class_request,
    measure_name,
)
from sim.app.pages.learn.reveal import Standing
from sim.app.pages.learn.together import Joined
from sim.app.ui import address, choice, look, watch
from sim.app.ui.fields import space
from sim.app.ui.names import variant_names
from sim.charts.seeds import SeedsWords, seeds_chart, seeds_figure, strips_chart, strips_figure
from sim.charts.theme import PALETTES
from sim.language import plain
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, Words
from sim.scenario.explain import explain

TITLE = N_("Learn")
LEAD = N_(
    "What becomes of 2,000 people, hour by hour? Look around, or say first what you expect and see whether "
    "it comes true."
)
LESSON, SEED = "kept_learn_lesson", "kept_learn_seed"
SAYS, TOLD, VARIANT = "kept_learn_says_{}", "kept_learn_told_{}", "kept_learn_variant_{}"
"""Session keys of a lesson: what was predicted, whether it was revealed, whose class is shown."""
OFFERED = range(1, SEEDS + 1)
"""Seeds to choose from: those that the lessons' runs have."""
LOOK_AROUND = N_("Look around")


def page(words: Words) -> None:
    """Draws the page."""
    joined = together.joined(words)
    _remember(joined)
    lesson, seed = _controls(joined, words)
    if lesson == FREE:
        _class(FREE, seed, words)
        return
    exercise = EXERCISES[lesson]
    if joined is None:
        said = _prediction(exercise, words)
        shown = said is not None
    elif joined.teaches:
        said, shown = None, together.lead(joined, exercise, words)
    else:
        said = together.ask(joined, exercise, words)
        shown = said is not None
    if not shown or (answer := watch.answered(exercise.request(), words)) is None:
        return
    _reveal(exercise, answer, said, seed, words)
    if joined is not None and not joined.teaches:
        together.ask_again(joined, exercise, words)
    _class(lesson, seed, words)


def _remember(joined: Joined | None) -> None:
    state = st.session_state
    if joined is not None and not joined.teaches:
        state[LESSON], state[SEED] = joined.room.lesson, joined.room.seed  # what its teacher is at
    if LESSON not in state:
        asked = address.read("lesson")
        state[LESSON] = asked if asked in EXERCISES else FREE
        state[SEED] = int(address.one_of("seed", OFFERED) or OFFERED[0])
    if state[LESSON] not in (FREE, *EXERCISES):
        state[LESSON] = FREE


def _controls(joined: Joined | None, words: Words) -> tuple[str, int]:
    """Lesson and seed: chosen; for a pupil those of its class."""
    if joined is not None and not joined.teaches:
        together.head(joined, "", 0, words)
        together.follow(joined)
        choice.note_in_address(lesson="", seed="")
        return str(st.session_state[LESSON]), int(st.session_state[SEED])
    labels = {FREE: LOOK_AROUND} | {key: exercise.label for key, exercise in EXERCISES.items()}
    frame = st.container(border=True)
    with frame.container(horizontal=True, vertical_alignment="bottom", key="learn_top"):
        names = {key: words(label) for key, label in labels.items()}
        lesson = look.switch(words("Lesson"), names, LESSON, label_visibility="visible", wrap=True)
        meaning = words("Which course of luck. Whoever chooses the same seed sees the same class.")
        seed = st.selectbox(words("Seed"), OFFERED, key=SEED, width=90, help=meaning)
    chosen = str(lesson or FREE)
    choice.note_in_address(lesson=chosen, seed=str(seed))
    if joined is not None:
        rooms.go_to(joined.code, chosen, int(seed))
    together.head(joined, chosen, int(seed), words)
    return chosen, int(seed)


def _prediction(exercise: Exercise, words: Words) -> str | None:
    """Asks what one expects; what was said, once the runs are asked for."""
    state = st.session_state
    says, told = SAYS.format(exercise.key), TOLD.format(exercise.key)
    texts = {c.key: c.text for c in exercise.choices}
    if state.get(says) not in texts:
        state[says], state[told] = None, False
    done = bool(state.get(told))
    with st.container(border=True, key="learn_question"):
        st.header(words(exercise.label), anchor=False)
        look.lines([words(exercise.setup)])
        question, called = words(exercise.question), lambda key: words(texts[key])
        said = st.radio(question, texts, index=None, format_func=called, key=says, disabled=done)
        with st.container(horizontal=True, vertical_alignment="center"):
            if done:
                again = {says: None, told: False}
                look.button(words("Predict again"), state.update, again, key="learn_again")
            else:
                go, label = {"key": "learn_go", "type": "primary"}, words("See what happens")
                look.button(label, state.__setitem__, told, True, disabled=said is None, **go)
                if said is None:
                    look.note(words("Choose what you expect; then the runs are shown."))
    return said if done else None


def _reveal(exercise: Exercise, answer: Answer, said: str | None, seed: int, words: Words) -> None:
    """Draws what the runs say, and of a prediction whether it holds."""
    palette = PALETTES[look.ground()]
    found = reveal.reveal(exercise, answer, said, words)
    colours: dict[Standing, str] = {"holds": palette.accent, "open": palette.muted, "fails": palette.behind}
    first, *further = found.lines
    look.headline(f"{found.said}{space(words)}{first}".strip(), colours[found.standing])
    look.lines(further)
    means = words("Mean"), words("Mean, cannot be told apart"), words("Interval:")
    texts = SeedsWords(*means, words("One run each"), words("Seed {n}", n=seed))
    if exercise.measures == ("luck",):
        _copies(exercise, answer, seed, texts, words)
    else:
        for place, measure in zip(st.columns(len(exercise.measures)), exercise.measures, strict=True):
            with place:
                _measure(exercise, answer, measure, seed, texts, words)
    look.note(words("The rule behind it: {rule}", rule=words(exercise.rule)))


def _measure(
    exercise: Exercise, answer: Answer, measure: str, seed: int, texts: SeedsWords, words: Words
) -> None:
    kind, names = MEASURES[measure].kind, variant_names(words, exercise.variants)
    st.header(measure_name(words, measure), anchor=False)
    look.note(words(MEASURES[measure].meaning))
    values, place = answer["measures"][measure], OFFERED.index(seed)
    figure = seeds_figure(seeds_chart(values, names, kind, words.language, place), texts, look.ground())
    look.chart(figure, f"learn_{exercise.key}_{measure}")


def _copies(exercise: Exercise, answer: Answer, seed: int, texts: SeedsWords, words: Words) -> None:
    st.header(measure_name(words, "luck"), anchor=False)
    said = N_(
        "A dot is one copy, a row of dots one run. The scale is logarithmic: every second mark is ten times "
        "as much."
    )
    look.note(words(said))
    names = variant_names(words, exercise.variants)
    chart = strips_chart(answer["views"], names, words.language, OFFERED.index(seed))
    impressions = QUANTITIES["impressions"].label(words.language)
    figure = strips_figure(chart, texts, impressions, words("Middle copy"), look.ground())
    look.chart(figure, "learn_luck")


def _class(lesson: str, seed: int, words: Words) -> None:
    variant = ""
    if lesson in EXERCISES:
        exercise = EXERCISES[lesson]
        st.header(words("One of these runs, person by person"), anchor=False)
        names = variant_names(words, exercise.variants)
        key = VARIANT.format(lesson)
        if st.session_state.get(key) not in names:
            st.session_state[key] = exercise.variants[-1].name
        variant = str(look.switch(words("Variant"), names, key, label_visibility="visible", wrap=True))
    request = class_request(lesson, seed, variant)
    answer = watch.answered(request, words)
    if answer is None:
        return
    classroom.draw(request, answer, words)
    with st.expander(words("What this rests on")):
        first = []
        if variant:
            first = [words("Changed here: {changes}", changes=words(EXERCISES[lesson].changed))]
        said = N_("Simulated twice, as compiled columns and as {people} agents: both give {digest}.")
        users, digest = f"{answer['summary']['users']:,}", answer["digests"]["columns"][:12]
        plan = request.plan().with_values({"run.seed": seed})
        twice = words(said, people=users, digest=digest)
        look.lines([*first, *plain.told(explain(plan, words.language), words).splitlines(), twice])
