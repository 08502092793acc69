"""The plan in hand with its versions and notes, the list of all, and all of them as one file."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from sim.app.jobs import drafts, packing
from sim.app.jobs.limit import limit
from sim.app.jobs.request import FIRST
from sim.app.ui import choice, drafting, look
from sim.app.ui.editors import editor, looked, typed
from sim.app.ui.names import scenario_name
from sim.errors import MatrixsimError
from sim.language.words import N_, Words
from sim.scenario.faults import said
from sim.scenario.shipped import shipped

HAPPENED, REFUSED, BROUGHT = (f"plans_{name}" for name in ("happened", "refused", "brought"))
"""Session keys: the last thing that happened, what could not be done, files brought so far."""
SEARCH = "kept_plans_search"
LISTED = 8
"""Plans that the list shows at a time (chosen): the search finds the others."""
MEGABYTES = 50
"""Largest file of plans that is taken (chosen)."""
NO_NOTE = "–"
Told = tuple[str, Mapping[str, object]]
"""What happened: a sentence, and the facts in it."""


def draw(words: Words) -> None:
    """Draws the plan in hand, what can be done with it, and the list."""
    _take_over()
    with look.row("plans", bordered=True):
        choice.scenario_box(words, width=300)
        own = choice.name() not in shipped()
        meaning = words("A plan of its own with the same content, to change without losing this one.")
        look.button(words("Duplicate"), _duplicated, words, help=meaning)
        with st.popover(words("Name and note")):
            _note(words)
        if own:
            with st.popover(words("Versions")):
                _versions(words)
        with st.popover(words("Share by link")):
            _link(own, words)
        with st.popover(words("All as one file")):
            _file(words)
    if (refused := st.session_state.pop(REFUSED, None)) is not None:
        look.faults([said(refused, words)])
    text, facts = st.session_state.get(HAPPENED) or (N_("Every edit on any page is kept as a version."), {})
    look.status(words(text, **facts))
    _list(words)


def _list(words: Words) -> None:
    kept = sorted(drafts.listed().items(), key=lambda item: -drafts.moment(item[0]))
    if not kept:
        said = N_("No plan of your own is kept yet: duplicate one, or change one on Scenario.")
        st.info(words(said))
        return
    if len(kept) > LISTED or st.session_state.get(SEARCH):
        asked = st.text_input(words("Search"), key=SEARCH, width=320).lower().split()
        kept = [item for item in kept if all(word in item[1].lower() for word in asked)]
    if shown := dict(kept[:LISTED]):
        _table(shown, words)
    if len(kept) > LISTED:
        look.note(words("{n} more: search for a part of the name.", n=len(kept) - LISTED))
    elif not kept:
        look.note(words("No plan is called so."))


def _table(kept: Mapping[str, str], words: Words) -> None:
    """Plans, each renamed where its name stands."""
    found = editor("plans", (kept, words.language), lambda: list(kept))
    notes = [next(iter(drafts.notes(name).values()), NO_NOTE) for name in kept]
    text, meaning = st.column_config.TextColumn, words("Click a name to change it.")
    columns = {
        "name": text(words("Plan"), help=meaning, required=True, max_chars=drafting.LONGEST_NAME),
        "changed": text(words("Last changed")),
        "version": text(words("Version"), width="small"),
        "note": text(words("Last note")),
    }
    st.data_editor(
        {
            "name": list(kept.values()),
            "changed": [look.moment(drafts.moment(name)) for name in kept],
            "version": [str(drafts.number_of(name)) for name in kept],
            "note": notes,
        },
        key=found.key, column_config=columns, disabled=["changed", "version", "note"], hide_index=True,
        height="content",
    )  # fmt: skip
    looked(found)


def _take_over() -> None:
    """Takes over the name that was typed in the list; before any control is drawn."""
    for part, found, _, now in typed():
        for row, cells in now["edited_rows"].items() if part == "plans" else ():
            title = str(cells.get("name") or "").strip()
            if title:
                _tried(partial(_renamed, found.base[int(row)], title))


def _renamed(name: str, title: str) -> Told:
    return N_("The plan is now called “{name}”."), {"name": drafting.rename(name, title)}


def _note(words: Words) -> None:
    name, note = (f"plans_{part}_{choice.name()}" for part in ("name", "note"))
    title = scenario_name(words, choice.name())
    st.text_input(words("Name"), title, max_chars=drafting.LONGEST_NAME, key=name)
    meaning = words("A version with a note is never dropped, however many follow.")
    st.text_area(words("Note"), key=note, max_chars=500, help=meaning)
    look.button(words("Keep as a version"), _put_down, name, note, words)


def _versions(words: Words) -> None:
    made, notes = drafts.versions(choice.name()), drafts.notes(choice.name())
    key = f"plans_version_{choice.name()}"
    st.session_state.setdefault(key, choice.name())
    told = {
        name: " · ".join(filter(None, (str(drafts.number_of(name)), look.moment(moment), notes.get(name))))
        for name, moment in made.items()
    }
    look.chosen(
        words("Version"),
        told,
        key,
        on_change=lambda: _gone_back(st.session_state[key], words),
        help=words("Each edit is a version. An earlier one comes back as the newest; nothing is lost."),
    )
    meaning = words("Deletes all its versions for good, for everybody on this server.")
    many = limit() is not None  # a server with a limit has many visitors
    look.button(words("Delete this plan"), _deleted, disabled=many, help=meaning)


def _link(own: bool, words: Words) -> None:
    base = (st.context.url or "").partition("?")[0].removesuffix("plans")
    if own:
        look.note(words("Opens the newest version, whoever has it:"))
        st.code(f"{base}scenario?scenario={choice.name().partition('.')[0]}", language=None, wrap_lines=True)
    look.note(words("Opens exactly what is in hand now:"))
    st.code(f"{base}scenario?scenario={choice.name()}", language=None, wrap_lines=True)


def _file(words: Words) -> None:
    meaning = words(
        "Every plan with all its versions and notes, to keep elsewhere or bring to another server."
    )
    look.download(
        words("Download all plans"), packing.packed, "matrixsim-plans.zip", "plans_file", help=meaning
    )
    said = N_("Adds the plans of such a file. What is here stays; what differs from it becomes another plan.")
    key = f"plans_file_{st.session_state.get(BROUGHT, 0)}"
    st.file_uploader(
        words("Bring plans from a file"), key=key, help=words(said), max_upload_size=MEGABYTES,
        on_change=partial(_brought, key, words),
    )  # fmt: skip


def _brought(key: str, words: Words) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[BROUGHT] = st.session_state.get(BROUGHT, 0) + 1

    def act() -> Told:
        came = packing.unpacked(str(file.name), file.getvalue())
        said, names = N_("{n} plans came in; what was here already stays."), drafting.told_apart(came)
        if names:
            said = N_(
                "{n} plans came in; what was here already stays. Where a name was taken, a number follows: "
                "{names}."
            )
        return said, {"n": len(came), "names": words.listed(names)}

    _tried(act)


def _duplicated(words: Words) -> None:
    def act() -> Told:
        drafting.duplicate(words)
        return N_("The copy is in hand; every page uses it."), {}

    _tried(act)


def _put_down(name: str, note: str, words: Words) -> None:
    title, said = (str(st.session_state[key]).strip() for key in (name, note))

    def act() -> Told:
        drafting.put_down(title or scenario_name(words, choice.name()), said, words)
        if drafting.is_copy():
            return drafting.COPIED, {}
        return N_("Kept as version {n}."), {"n": drafts.number_of(choice.name())}

    _tried(act)


def _gone_back(to: str, words: Words) -> None:
    def act() -> Told:
        drafting.go_back(to, words)
        return drafting.COPIED if drafting.is_copy() else N_("An earlier version is back."), {}

    _tried(act)


def _deleted() -> None:
    def act() -> Told:
        name, origin = choice.name(), drafting.origin()
        drafts.delete(name)
        choice.use(origin if origin in shipped() else FIRST.scenario)
        return N_("The plan is deleted."), {}

    _tried(act)


def _tried(act: Callable[[], Told]) -> None:
    """Does what a button asks for, and notes what happened; where it could not be done, the page says why."""
    st.session_state.pop(HAPPENED, None)
    try:
        st.session_state[HAPPENED] = act()
    except (MatrixsimError, OSError) as error:
        st.session_state[REFUSED] = error
