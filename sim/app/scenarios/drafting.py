"""From one draft to the next: an edit taken over, undone, or given up.

Takes changed scenarios; makes each a draft that all pages use (choice.py, drafts.py), and keeps the way back.
An edit's draft takes the place of the one it came from, so that the list of scenarios stays short.
Does not edit.
"""

from typing import NamedTuple

import streamlit as st

from sim.app import choice
from sim.app.names import scenario_name
from sim.app.words import Words
from sim.app.work.request import exists
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped

HISTORY = "scenario_history"
"""Session key: by draft, the steps that led to it."""
MOST_STEPS = 100
"""Edits that can be undone (chosen)."""
LONGEST_NAME = 100


class Step(NamedTuple):
    """A scenario that was in hand, and its audience."""

    name: str
    users: int


def steps() -> tuple[Step, ...]:
    """The way to the scenario in hand, from what it began as; empty where it was not edited."""
    found: tuple[Step, ...] = _history().get(choice.name(), ())
    return found


def take(plan: Scenario, words: Words) -> None:
    """Makes an edited scenario the one in hand.

    Args:
        plan: the scenario in hand, changed.
        words: of the reader; a shipped scenario is renamed in their language, to be told from its origin.
    Raises:
        OSError: it cannot be kept.
    """
    before, way = Step(choice.name(), choice.users()), steps()
    if before.name in shipped() and plan.name == choice.plan().name:
        origin = scenario_name(words, before.name)
        plan = plan.with_values({"name": words("{name} (edited)", name=origin)[:LONGEST_NAME]})
    choice.use(plan.to_toml())
    _history()[choice.name()] = (*way[:1], *(*way[1:], before)[-MOST_STEPS:])
    _drop(before.name)
    choice.remember()


def undo() -> None:
    """Goes back by one edit."""
    *way, last = steps()
    _go(last)
    _history()[last.name] = tuple(way)


def give_up() -> None:
    """Goes back to what the scenario in hand began as; the edited one stays in the list."""
    edited = choice.name()
    _go(steps()[0])
    st.session_state[choice.MADE].append(edited)


def _go(step: Step) -> None:
    if exists(step.name):  # a draft that was not used for long may have been removed
        _drop(choice.name())
        st.session_state[choice.SCENARIO], st.session_state[choice.USERS] = step


def _drop(name: str) -> None:
    """Takes a draft off the list of scenarios."""
    made: list[str] = st.session_state.setdefault(choice.MADE, [])
    if name in made:
        made.remove(name)


def _history() -> dict[str, tuple[Step, ...]]:
    history: dict[str, tuple[Step, ...]] = st.session_state.setdefault(HISTORY, {})
    return history
