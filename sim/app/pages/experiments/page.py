"""Experiments 实验: sweeps begun here or on the command line; watched, stopped, gone on with, opened."""

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from sim.app.jobs.limit import limit
from sim.app.pages.experiments import form, results, start, sweeping
from sim.app.pages.experiments.start import attempt
from sim.app.pages.experiments.sweeping import ACTIVE, Progress
from sim.app.ui import address, choice, look
from sim.app.ui.fields import named
from sim.app.ui.names import lasting
from sim.errors import DamagedError
from sim.language.words import N_, Words
from sim.scenario.key_names import key_name
from sim.sweeps.known import Note

TITLE = N_("Experiments")
LEAD = N_("How does the result change with the numbers of a scenario? Many runs, in the background.")
VIEW, SWEEP = "kept_experiments_view", "kept_experiments_sweep"
VIEWS = {"results": N_("Results"), "new": N_("New experiment")}
LOOK_S = 1.0
"""How often a sweep under way is looked at [s] (chosen)."""
MOST_NAMED = 3
"""Keys that the name of a sweep tells (chosen)."""


def page(words: Words) -> None:
    """Draws the page."""
    notes = sweeping.sweeps()
    _remember(notes)
    view = (look.switch(words("Show"), named(words, VIEWS), VIEW) or "results") if notes else "new"
    start.fault(words)
    if view == "results":
        _results(notes, words)
        return
    choice.note_in_address(view=view)
    if not notes:
        form.invitation(words)
    form.draw(words, foremost=bool(notes))


def _remember(notes: list[Note]) -> None:
    state, known = st.session_state, [note.key for note in notes]
    if VIEW not in state:
        state[VIEW] = address.one_of("view", VIEWS) or "results"
        state[SWEEP] = address.read("sweep")
    begun = state.pop(start.BEGUN, None)
    if begun is not None:
        state[VIEW], state[SWEEP] = "results", begun
    if state.get(SWEEP) not in known:
        state[SWEEP] = known[0] if known else None


def _results(notes: list[Note], words: Words) -> None:
    by_key = {note.key: note for note in notes}
    said = words("Begun here or by `matrixsim sweep` on this computer, latest first.")
    names = {key: _name(note, words) for key, note in by_key.items()}
    key = look.chosen(words("Experiment"), names, SWEEP, help=said)
    choice.note_in_address(view="results", sweep=key)
    note = by_key[key]
    try:
        _result(note, words)
    except DamagedError as error:
        _damaged(note, error, words)


def _damaged(note: Note, error: DamagedError, words: Words) -> None:
    """A file of a sweep that cannot be read, and the ways on; the rest of the page lives."""
    st.error(words("A file of this experiment is damaged."))
    file = error.file if limit() is None else Path(error.file).name
    st.code(f"{file}\n{error.why}", language=None, wrap_lines=True)
    with st.container(horizontal=True):
        aside = words("Sets the damaged file aside, not away, and does the runs it held again.")
        redo = partial(sweeping.go_on, note, "--redo-damaged")
        _button(words("Redo its runs"), "redo", redo, type="primary", help=aside)
        if limit() is None:
            off, kept = partial(sweeping.remove, note, files=False), words("Its files stay where they are.")
            _button(words("Take it off the list"), "off", off, help=kept)


def _result(note: Note, words: Words) -> None:
    progress = sweeping.look(note)
    live = progress.state in ACTIVE
    begun = progress.done + progress.failed > 0
    if live:
        _watch(note, words, drawn=begun)
    else:
        _ended(note, progress, words)
    if begun:
        results.draw(note, words, live=live)
    with st.expander(words("Files and log")):
        _files(note, words, live=live)


def _name(note: Note, words: Words) -> str:
    keys = [key_name(words, key) for key in note.keys[:MOST_NAMED]]
    more = " × …" if len(note.keys) > MOST_NAMED else ""
    return f"{note.scenario} · {' × '.join(keys)}{more} · {look.moment(note.begun)}"


@st.fragment(run_every=LOOK_S)
def _watch(note: Note, words: Words, *, drawn: bool) -> None:
    """How far a sweep under way is, looked at again and again.

    The page is drawn anew once there is something to draw that is not `drawn` yet, and once the sweep ends.
    """
    try:
        progress = sweeping.look(note)
    except DamagedError:  # told by the page
        st.rerun()
    ended = progress.done + progress.failed
    if progress.state not in ACTIVE or (ended and not drawn):
        st.rerun()
    share = ended / progress.total if progress.total else 0.0
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(share, 1.0), text=_said(progress, words))
        kept, idle = words("Keeps what is done; you can go on later."), progress.state != "running"
        _button(words("Stop"), "stop", lambda: sweeping.stop(note), disabled=idle, help=kept)
    look.note(words("Goes on when you leave this page or the server ends."))


def _said(progress: Progress, words: Words) -> str:
    if progress.state == "stopping":
        return words("Stopping: the runs under way are finished first …")
    ended = progress.done + progress.failed
    if progress.state == "starting" or not ended:
        return words("Starting; half a minute on the first run after an install …")
    said = words("{done} of {total} runs", done=f"{ended:,}", total=f"{progress.total:,}")
    if progress.failed:
        said += words(", {n} failed", n=f"{progress.failed:,}")
    if progress.per_second is not None:
        said += words(", {n} a second", n=f"{progress.per_second:.3g}")
    if progress.left_s is not None:
        said += words(", about {time} left", time=lasting(progress.left_s, words))
    return said


def _ended(note: Note, progress: Progress, words: Words) -> None:
    done = words("{done} of {total} runs done", done=f"{progress.done:,}", total=f"{progress.total:,}")
    begun = words("begun here") if note.by == "app" else words("begun on the command line")
    if progress.state == "done":
        kind = (sweeping.manifest(note) or {}).get("design", {}).get("kind")
        design = [words(form.DESIGNS[kind][0])] if kind in form.DESIGNS else []
        look.note(" · ".join([done, *design, begun]))
        return
    if progress.state == "failed":
        st.error(words("It broke off by itself."))
        st.code(progress.message, language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        told = words("Stopped: {done}.", done=done)
        st.text(told if progress.total else words("Stopped before its first run."))
        _button(words("Go on"), "go_on", lambda: sweeping.go_on(note), type="primary")


def _files(note: Note, words: Words, *, live: bool) -> None:
    """Where a sweep lies, how to go on with it elsewhere, what it printed; and its removal.

    A server with a limit has many visitors: they see no folders and remove nothing.
    """
    if limit() is None:
        look.note(words("The same on the command line:"))
        line = shlex.join(["matrixsim", "sweep", note.file, "--out", note.folder, "--resume"])
        st.code(line, language=None, wrap_lines=True)
    file = Path(note.file)
    if file.is_file():
        look.download(words("Sweep file"), file.read_bytes(), file.name, "experiments_file")
    printed = sweeping.log(note)
    if printed:
        look.note(words("What it printed last:"))
        st.code(printed, language=None, wrap_lines=True)
    if limit() is None:
        _removal(note, words, live=live)


def _removal(note: Note, words: Words, *, live: bool) -> None:
    said = N_("Takes it off this list; its files stay where they are.")
    if sweeping.own(note):
        said = N_("Removes the runs and the files of this experiment for good.")
    with st.popover(words("Remove"), disabled=live):
        st.text(words(said))
        _button(words("Remove it"), "remove", lambda: sweeping.remove(note))


def _button(label: str, key: str, act: Callable[[], object], **more: Any) -> None:
    """A button whose failure the page tells."""
    st.button(label, key=f"experiments_{key}", on_click=lambda: attempt(act), **more)
