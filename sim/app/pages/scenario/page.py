"""Scenario 方案: what is simulated, edited in tables; files brought and taken away.

Every edit is kept at once, in a draft. A valid one every page uses from then on; one that is not valid stays
in its field with what is wrong beside it. Simulates nothing.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.analysis.plan_warnings import plan_warnings
from sim.analysis.warned import each_once
from sim.app.jobs import drafts
from sim.app.jobs.request import exists, plan_of
from sim.app.pages.scenario import sections, uploads
from sim.app.ui import (
    address,
    changes,
    choice,
    drafting,
    editing,
    editors,
    faults,
    fields,
    look,
    watch,
)
from sim.app.ui.names import scenario_name
from sim.errors import Problem, RunError, ScenarioError, file_error
from sim.language import plain
from sim.language.names import ROLE
from sim.language.words import N_, NC_, Words
from sim.scenario.explain import explain
from sim.scenario.faults import said
from sim.scenario.schema import Scenario
from sim.scenario.source import MAX_BYTES

TITLE = N_("Scenario")
LEAD = N_("What is simulated? Change it here, and every page uses it from then on.")
SECTION = "kept_scenario_section"
SECTIONS = {
    "accounts": (N_("Accounts"), sections.accounts),
    "links": (N_("Links"), sections.links),
    "creators": (NC_("section", "Creators"), sections.creators),
    "audience": (N_("Audience and time"), sections.audience),
    "parameters": (N_("All parameters"), sections.parameters),
}
BROUGHT, HAPPENED, REFUSED, AT = (f"scenario_{name}" for name in ("brought", "happened", "refused", "at"))
UPLOAD = "scenario_file_{}"
"""Session keys: files brought so far, the last thing that happened, what is wrong with a file, the scenario
in hand when the page was last drawn; the control for files, another one after each, to bring one again."""
TAKEN = N_("Taken over: every page now uses this draft.")
KEPT = N_("Every edit is kept at once in a draft and can be undone; shipped scenarios stay as they are.")
STARTER = (N_("My matrix"), N_("beauty"), N_("food"), N_("skincare tips"), N_("kitchen"))
"""Names of the scenario to begin with that are put in the reader's words."""
SAFE_NAME = "-_"
MEGABYTE = 1_000_000


class Refused(NamedTuple):
    """A file that was not taken: what is wrong, and the names of its accounts."""

    problems: tuple[Problem, ...]
    accounts: tuple[str, ...] = ()


def page(words: Words) -> None:
    """Draws the page."""
    _take_over(words)
    sheet = drafting.sheet()
    said = _controls(sheet, words)
    section = _section(words)
    left, right = st.columns([0.73, 0.27], gap="medium")
    with left:
        SECTIONS[section][1](sheet, words)
    with right:
        _in_words(words)
    with said:
        _say(sheet, words)


def _take_over(words: Words) -> None:
    if st.session_state.get(AT, choice.name()) != choice.name():
        _anew()
    try:
        for name, found, before, now in editors.typed():
            sheet = drafting.sheet()
            document = sections.typed(sheet, name, found, before, now, words)
            if document != sheet.document:
                drafting.take(document, words)
                st.session_state[HAPPENED] = TAKEN
                st.session_state.pop(REFUSED, None)
            if found.shown is not None:
                found.shown = sections.shown_of(name, drafting.sheet(), words)
        _take_file(words)
    except (OSError, RunError) as error:
        watch.failure(error, words)
    st.session_state[AT] = choice.name()


def _take_file(words: Words) -> None:
    file = st.session_state.get(UPLOAD.format(st.session_state.get(BROUGHT, 0)))
    if file is None:
        return
    name, raw = str(file.name), file.getvalue()
    st.session_state[BROUGHT] = st.session_state.get(BROUGHT, 0) + 1
    rows: list[editing.Row] = []
    try:
        if name.lower().endswith((".csv", ".xlsx", ".xls")):
            rows = uploads.account_table(name, raw)
            sheet = drafting.sheet()
            names = fields.called(words, sheet.document)
            numbers = {name: k for k, id_ in enumerate(sheet.ids) for name in (names["id"][id_], id_)}
            whole = [editing.Edited(numbers.get(row.get("id") or ""), row) for row in rows]
            document = editing.with_accounts(sheet.document, whole, sheet.ids, names, words("New account"))
            editing.checked(document)
            drafting.take(document, words)
        elif name.lower().endswith(".toml"):
            drafting.begin(uploads.scenario_text(name, raw))
            choice.remember()
        else:
            raise file_error(name, "is not a TOML, CSV or Excel file")
    except ScenarioError as error:
        ids = tuple(str(row.get("id") or "") for row in rows)
        st.session_state[REFUSED] = Refused(error.named(name).problems, ids)
        st.session_state.pop(HAPPENED, None)
        return
    editors.forget()
    st.session_state.pop(REFUSED, None)
    st.session_state[HAPPENED] = N_("The file was taken over: every page now uses it.")


def _controls(sheet: drafting.Sheet, words: Words) -> DeltaGenerator:
    way, origin = drafting.way(), drafting.origin()
    with st.container(border=True):
        with look.row("scenario"):
            choice.scenario_box(words, width=260)
            undo = partial(_gone_back, way.before, N_("The last edit is taken back."), words, undo=True)
            none, meaning = not exists(way.before), words("Takes the last edit back.")
            look.button(words("Undo"), undo, disabled=none, help=meaning)
            meaning = words("Nothing was edited.")
            if origin:
                name = look.plain(scenario_name(words, origin))
                meaning = words("Back to {name} as it was; the draft with its edits stays.", name=name)
            back = partial(_gone_back, origin, N_("Back to the scenario as it was."), words)
            look.button(words("Discard edits"), back, disabled=not origin, help=meaning)
            with st.popover(words(NC_("scenario", "Files"))):
                _files(sheet.plan, words)
        return st.container()


def _say(sheet: drafting.Sheet, words: Words) -> None:
    refused: Refused | RunError | OSError | None = st.session_state.get(REFUSED)
    if isinstance(refused, RunError | OSError):
        look.faults([said(refused, words)])
    elif refused is not None:
        told = faults.told(words, refused.problems, refused.accounts)
        look.faults([words("The file was not taken over."), *told])
    _elsewhere(words)
    if sheet.problems:
        look.status(
            words("Kept, but not used yet: the pages go on with the scenario as it was until this is right.")
        )
        look.faults(faults.told(words, [p for p in sheet.problems if p not in sheet.told], sheet.ids))
    elif refused is None:
        look.status(words(st.session_state.get(HAPPENED) or KEPT))


def _elsewhere(words: Words) -> None:
    theirs, ours = st.session_state.get(drafting.CONFLICT, ("", ""))
    if ours and ours.partition(".")[0] == choice.name().partition(".")[0] and exists(theirs):
        st.warning(words(drafting.COPIED))
        with st.container(horizontal=True):
            look.button(words("Load theirs"), _gone_to, theirs)
            look.button(words("Keep mine as a copy"), st.session_state.pop, drafting.CONFLICT, None)
    elif newer := drafting.newer():
        st.info(words("There is a newer version of this draft: {n}.", n=drafts.number_of(newer)))
        look.button(words("Load it"), _gone_to, newer)


def _gone_to(name: str) -> None:
    """Takes the latest version of a draft in hand; the one that was in hand stays in the list."""
    st.session_state.pop(drafting.CONFLICT, None)
    choice.use(drafts.latest(name) or name)
    _anew()


def _tried(act: Callable[[], None]) -> bool:
    """Whether what a button asks for could be done; where it could not, the page says why."""
    try:
        act()
    except (OSError, RunError) as error:
        st.session_state[REFUSED] = error
        return False
    return True


def _files(plan: Scenario, words: Words) -> None:
    explained = words(
        "A TOML file replaces the whole scenario. A CSV or Excel file replaces the accounts: its first row "
        "names the columns as in the table, one row an account."
    )
    st.file_uploader(
        words("Scenario (TOML) or accounts (CSV or Excel)"),
        key=UPLOAD.format(st.session_state.get(BROUGHT, 0)),
        help=explained,
    )
    look.note(words("At most {n} MB.", n=MAX_BYTES // MEGABYTE))
    name = "".join(sign if sign.isalnum() or sign in SAFE_NAME else "_" for sign in plan.name)
    meaning = words(
        "The complete scenario with its audience: every key, for the command line or a colleague."
    )
    label, file = words("Download as TOML"), f"{name}.toml"
    look.download(label, plan.to_toml(), file, "scenario_download", help=meaning)
    meaning = words("Begins with three accounts; the one in hand stays in the list if it is a draft.")
    look.button(words("New scenario"), _begun, words, help=meaning)


def _gone_back(to: str, happened: str, words: Words, undo: bool = False) -> None:
    if _tried(lambda: drafting.go_back(to, words, undo=undo)):
        _anew(happened)


def _begun(words: Words) -> None:
    names = {text: words(text) for text in STARTER}
    names["main"] = ROLE["main"].label(words.language).lower()
    if _tried(lambda: drafting.begin(editing.starter(names).to_toml())):
        _anew(N_("A new scenario to begin with."))


def _anew(happened: str = "") -> None:
    """The widgets begin anew, with another scenario in hand."""
    editors.forget()
    st.session_state[HAPPENED] = happened
    st.session_state.pop(REFUSED, None)
    st.session_state[AT] = choice.name()


def _section(words: Words) -> str:
    first = next(iter(SECTIONS))
    if st.session_state.get(SECTION) not in SECTIONS:  # also where the one chosen was clicked again
        asked = address.read("section")
        st.session_state[SECTION] = asked if asked in SECTIONS else first
    names = {key: words(name) for key, (name, _) in SECTIONS.items()}
    section = str(look.switch(words("What to edit"), names, SECTION, required=False) or first)
    choice.note_in_address(section=section)
    return section


def _in_words(words: Words) -> None:
    plan, origin = plan_of(choice.name()), drafting.origin()
    with st.container(key="scenario_words"):
        if origin:
            name = look.plain(scenario_name(words, origin))
            st.header(words("Changed against {name}", name=name), anchor=False)
            look.lines(changes.lines(plan_of(origin), plan, words))
        st.header(words("In words"), anchor=False)
        look.lines(plain.told(explain(plan, words.language), words).splitlines()[1:])  # the name stands above
        if warned := each_once(plan_warnings(plan), words.language):
            st.header(words("To be noted"), anchor=False)
            look.lines(warned)
