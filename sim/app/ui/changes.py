"""What differs between scenarios, in words: one against another as lines, several side by side as a table."""

from collections.abc import Mapping, Sequence

import streamlit as st

from sim.app.ui import fields, look
from sim.language.entry import Entry
from sim.language.names import LAYOUT, ROLE, TIER
from sim.language.words import Words
from sim.scenario import key_names
from sim.scenario.differences import Difference, differences
from sim.scenario.names import account_name, topic_name
from sim.scenario.schema import Scenario
from sim.scenario.wording import KeyPath

MOST_LINES = 12
"""Differences from the origin that are told (chosen)."""
MOST_ROWS = 40
"""Differences between several that are told (chosen)."""
MOST_NAMED = 6
"""Accounts that are named in a cell (chosen)."""
NONE = "–"
NAMES: Mapping[str, Mapping[str, Entry]] = {"layout": LAYOUT, "role": ROLE, "tier": TIER}
"""Keys whose values have names."""


def lines(before: Scenario, after: Scenario, words: Words) -> list[str]:
    """What was changed, a line each."""
    found, ids = _of(before, after), [account.id for account in after.accounts]
    told = []
    for change in found[:MOST_LINES]:
        was, now = (_read(change.place, value, words) for value in (change.before, change.after))
        said = f"{was} → {now}"
        if _whole(change.place):
            said = words("removed") if change.after is None else words("added")
        told.append(fields.sentence(words, fields.place(words, change.place, ids), said))
    return _with_rest(told, len(found) - MOST_LINES, words) or [words("Nothing differs.")]


def draw(plans: Mapping[str, Scenario], words: Words) -> None:
    """Draws what differs between plans, one row a place, one column a plan; they go by their names."""
    first, *others = plans.values()
    found = [{_at(change, plan): change for change in _of(first, plan)} for plan in others]
    places = list(dict.fromkeys(place for changes in found for place in changes if not _whole(place)))
    rows = _accounts(list(plans.values()), words)
    for place in places[:MOST_ROWS]:
        known = next(changes[place] for changes in found if place in changes)
        told = [_read(place, known.before, words)]
        told += [_value(place, changes, known, words) for changes in found]
        rows.append([fields.place(words, place, ()), *told])
    if not rows:
        look.lines([words("Nothing differs.")])
        return
    columns = [look.Column(words("Differs")), *(look.Column(name) for name in plans)]
    with st.container(key="ms_differs"):  # on a phone its cells wrap, so that every plan can be seen
        look.table(columns, rows, words("What differs"))
    look.lines(_with_rest([], len(places) - MOST_ROWS, words))


def _accounts(plans: Sequence[Scenario], words: Words) -> list[list[str]]:
    """How many accounts each plan has, and those that are not in all; no row where they are the same."""
    ids = [dict.fromkeys(account.id for account in plan.accounts) for plan in plans]
    shared = set[str].intersection(*map(set, ids))
    if all(len(own) == len(shared) for own in ids):
        return []
    called = [[account_name(name, words.language) for name in own if name not in shared] for own in ids]
    told = [_with_rest(names[:MOST_NAMED], len(names) - MOST_NAMED, words) for names in called]
    section = key_names.section_name(words, "accounts")
    return [
        [section, *(str(len(own)) for own in ids)],
        [words("{section} not in all", section=section), *(words.listed(names) or NONE for names in told)],
    ]


def _of(before: Scenario, after: Scenario) -> list[Difference]:
    return [change for change in differences(before, after) if change.place != ("name",)]


def _whole(place: KeyPath) -> bool:
    """Whether it is an account that came or went."""
    return place[0] == "accounts" and not place[2:]


def _at(change: Difference, plan: Scenario) -> KeyPath:
    """Where that is, accounts told by their ids: their numbers differ from plan to plan."""
    match change.place:
        case ("accounts", int(k), *below):
            return "accounts", plan.accounts[k].id, *below
    return change.place


def _value(place: KeyPath, changes: Mapping[KeyPath, Difference], known: Difference, words: Words) -> str:
    if place in changes:
        return _read(place, changes[place].after, words)
    if place[0] == "accounts" and place[:2] in changes:  # an account that this plan has not
        return NONE
    return _read(place, known.before, words)


def _read(place: KeyPath, value: object, words: Words) -> str:
    """A value in words; what has a name by that."""
    entries = NAMES.get(str(place[-1]), {})
    if isinstance(value, str) and value in entries:
        return entries[value].label(words.language)
    if isinstance(value, str) and value and place[-1] == "topic":
        return topic_name(value, words.language)
    return fields.read(words, value)


def _with_rest(told: Sequence[str], rest: int, words: Words) -> list[str]:
    return [*told, words("… and {n} more.", n=rest)] if rest > 0 else list(told)
