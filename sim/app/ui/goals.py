"""Several goals of a finished comparison in one picture, folded: the front, weights, one to pick."""

import streamlit as st

from sim.analysis.goals import GOALS, front, placed, reached, scores
from sim.app.jobs.request import Comparing
from sim.app.jobs.store import Answer
from sim.app.ui import address, look
from sim.app.ui.fields import sentence
from sim.app.ui.names import KINDS, metric_name, variant_hues, variant_names
from sim.charts.goals import Line, goals_chart, goals_figure
from sim.language.numbers import amount
from sim.language.words import N_, Words

WEIGHT, PICKED, ADDRESS = "kept_goals_{}", "kept_goals_picked", "weights"
MOST_WEIGHT = 5
FEWEST = 2
"""Goals and variants, below which there is nothing to weigh."""
LONGEST = 40
"""Of the weights in the address [characters]."""
CALLED = {"bad_launch": N_("Bad-launch profit")}
"""Goals that are not called like their metric."""


def draw(answer: Answer, request: Comparing, words: Words) -> None:
    """Draws the goals of a comparison's variants; nothing where there is but one variant or goal."""
    names = variant_names(words, request.variants)
    given = reached(answer["comparisons"], list(names))
    if min(len(given), len(names)) < FEWEST:
        return
    _remember()
    with st.expander(words("Several goals at once"), expanded=bool(address.read(ADDRESS))):
        said = N_(
            "An axis a goal, from the worst of these to the best. Whoever is dotted is beaten by another in "
            "every goal, or equal and beaten in one. The dots are means: how sure each is stands above."
        )
        look.note(words(said))
        weights = _weights(list(given), words)
        total, open_ = scores(given, weights), front(given)
        order = sorted(range(len(names)), key=lambda k: -total[k])
        variants = list(names)
        on_front = {variants[k]: names[variants[k]] for k in order if open_[k]}
        if st.session_state.get(PICKED) not in on_front:
            st.session_state[PICKED] = next(iter(on_front))
        picked = str(look.switch(words("Look at"), on_front, PICKED))
        hues, places = variant_hues(request.variants), placed(given)
        told = {goal: [_amount(goal, value, words) for value in values] for goal, values in given.items()}
        lines = [
            Line(
                names[name], hues[name], open_[k], name == picked,
                tuple(places[goal][k] for goal in given), tuple(told[goal][k] for goal in given),
            )
            for k, name in enumerate(variants)
        ]  # fmt: skip
        titles = [_called(goal, words) for goal in given]
        look.legend([look.Mark(line.name, line.hue, "line") for line in lines if line.front])
        alt = words("Several goals at once")
        look.chart(goals_figure(goals_chart(titles, lines), look.ground()), f"goals_{request.key()[:8]}", alt)
        look.lines(_given_up(variants.index(picked), names[picked], given, words))
        if any(weights.values()):
            first = words.listed(names[variants[k]] for k in order if total[k] == total[order[0]])
            look.lines([words("First by these weights: {name}.", name=first)])


def _given_up(k: int, name: str, given: dict[str, list[float]], words: Words) -> list[str]:
    """Where the picked one is best, and what it gives up elsewhere."""
    best = [_called(goal, words) for goal, values in given.items() if values[k] == max(values)]
    told = [words("best of these by {goals}", goals=words.listed(best))] if best else []
    for goal, values in given.items():
        if values[k] < max(values):
            of = {"value": _amount(goal, values[k], words), "most": _amount(goal, max(values), words)}
            told.append(words("{goal} {value} where the best has {most}", goal=_called(goal, words), **of))
    return [sentence(words, name, "；".join(told) if words.language == "zh" else "; ".join(told))]


def _weights(goals: list[str], words: Words) -> dict[str, int]:
    with look.row("goals"):
        for goal in goals:
            title = words("{goal}: weight", goal=_called(goal, words))
            st.slider(title, 0, MOST_WEIGHT, key=WEIGHT.format(goal), width=190)
    weights = {goal: int(st.session_state[WEIGHT.format(goal)]) for goal in GOALS}
    usual = all(weight == 1 for weight in weights.values())
    address.write({ADDRESS: "" if usual else ".".join(map(str, weights.values()))})
    return weights


def _remember() -> None:
    """Weights at the start of a session: the address's where they are valid, else one for all."""
    keys = [WEIGHT.format(goal) for goal in GOALS]
    if all(key in st.session_state for key in keys):
        return
    asked = address.read(ADDRESS)
    given = asked[:LONGEST].split(".")
    usable = len(given) == len(keys) and all(text in map(str, range(MOST_WEIGHT + 1)) for text in given)
    if asked and not usable:
        address.mistaken(ADDRESS, asked)
    for key, text in zip(keys, given if usable else ["1"] * len(keys), strict=True):
        st.session_state[key] = int(text)


def _called(goal: str, words: Words) -> str:
    return words(CALLED[goal]) if goal in CALLED else metric_name(words, goal)


def _amount(goal: str, value: float, words: Words) -> str:
    return amount(value, KINDS[GOALS[goal][0]], words.language)
