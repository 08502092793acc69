"""Answers on a page while they are computed: asked for, watched, stopped.

Work begins by itself, and stops when a control asks for something else.
"""

import contextlib
import secrets
from collections.abc import Callable
from itertools import cycle
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.jobs import State, jobs
from sim.app.jobs.request import LOOKS, Comparing, Request
from sim.app.jobs.store import Answer
from sim.app.ui import address
from sim.errors import MatrixsimError
from sim.language.words import Words
from sim.scenario.faults import said

POLL_S, POLL_EACH_S = 0.25, 0.1
"""How often a waiting page looks (chosen): at most so often, and for all waiting pages together ten times a
second, so that a class that waits leaves the server time to draw."""
LONG_S = 100
"""From which on the time left is told in minutes."""
UNDER_WAY, WANTED, HELD = "watch_under_way", "watch_wanted", "watch_held"
"""Session keys: jobs watched, by page; those that this drawing asks for; those stopped by hand."""
STOPPED, MARK = "stopped", 12
"""Part of the address that holds what was stopped last, so that it stays so after a refresh; its length."""


T = TypeVar("T")
R = TypeVar("R", bound=Request)


class Look(NamedTuple):
    """An answer on the way to a more exact one."""

    answer: Answer
    request: Any
    """what it answers: the same comparison with as many seeds as are done"""


def begin() -> None:
    """Before a page is drawn."""
    st.session_state[WANTED] = set()
    st.session_state.setdefault(HELD, set())


def end(page: str) -> None:
    """After a page is drawn: lets go of what its controls no longer ask for."""
    wanted: set[str] = st.session_state[WANTED]
    under_way: dict[str, set[str]] = st.session_state.setdefault(UNDER_WAY, {})
    for key in under_way.get(page, set()) - wanted:
        jobs().leave(key, _watcher())
    under_way[page] = wanted


def answered(request: Request, words: Words) -> Answer | None:
    """The answer to a request; if there is none yet, work on it begins and its progress is drawn."""
    return _told(_answered, request, words)


def _told(look: Callable[[R, Words], T], request: R, words: Words) -> T | None:
    """What was looked for; None where it was refused or failed, which the page tells, to be tried again."""
    try:
        return look(request, words)
    except (MatrixsimError, OSError) as error:
        failure(error, words)
        st.button(words("Try again"), key=f"again_{request.key()}")  # which draws the page anew
        return None


def unseen(request: Request) -> Answer | None:
    """The answer to a small request; until it is there, work on it goes on without a word.

    What cannot be answered is left out: the page says what it needs.
    """
    answer = store.found(request)
    with contextlib.suppress(MatrixsimError, OSError):
        state = None if answer is not None else jobs().state(request, _watcher())
        answer = answer or store.found(request)  # it may have ended between the two looks
        if answer is not None or (state is not None and state.phase == "failed"):
            return answer
        if state is None:
            jobs().start(request, _watcher())
        _look_again(_until_done, request)
    return answer


def _look_again(draw: Callable[..., None], request: Request, *more: Any) -> None:
    st.session_state[WANTED].add(request.key())
    st.fragment(draw, run_every=max(POLL_S, POLL_EACH_S * jobs().watchers()))(request, *more)


def _until_done(request: Request) -> None:
    state = jobs().state(request, _watcher())
    if state is None or state.phase == "failed":
        st.rerun()


def latest(request: Comparing, words: Words) -> Look | None:
    """The most exact answer so far to a comparison; work on the next look begins, its progress is drawn."""
    return _told(_latest, request, words)


def early(look: Comparing, wanted: Comparing) -> bool:
    """Whether a look is the first one of several: on too few seeds for an answer."""
    return look != wanted and look.seeds == LOOKS[0]


def before(shown: str) -> Look | None:
    """The answer to the request that was last on screen, by its session key; None if it is gone."""
    request = st.session_state.get(shown)
    answer = store.found(request) if request is not None else None
    return None if answer is None else Look(answer, request)


def failure(error: MatrixsimError | OSError, words: Words) -> None:
    """What went wrong, in place of an answer; the page lives on."""
    _failed(said(error, words), words)


def _failed(message: str, words: Words) -> None:
    st.error(words("This could not be computed."))
    st.code(message, language=None, wrap_lines=True)


def _latest(request: Comparing, words: Words) -> Look | None:
    looks = ((store.found(look), look) for look in reversed(request.looks()))
    have = next((Look(answer, look) for answer, look in looks if answer is not None), None)
    if have is None or have.request != request:
        done = have.request.seeds if have else 0
        follows = next(look for look in request.looks() if look.seeds > done)
        answer = _answered(follows, words, held=request.key())
        if answer is not None:  # it ended between the two looks
            return Look(answer, follows)
    return have


def _answered(request: Request, words: Words, held: str = "") -> Answer | None:
    """As `answered`; Stop stops `held`, the comparison whose look this is, or the request itself."""
    answer = store.found(request)
    if answer is not None:
        return answer
    key = request.key()
    whole = held or key
    if whole in st.session_state[HELD] or address.read(STOPPED) == whole[:MARK]:
        # Others may still wait for it, and a refreshed tab seems to: that is not this reader's to see.
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(words("Stopped."))
            if st.button(words("Go on"), key=f"go_{whole}"):
                st.session_state[HELD].discard(whole)
                address.write({STOPPED: ""})
                st.rerun()
        return None
    state = jobs().state(request, _watcher())
    if state is None:
        answer = store.found(request)  # it may have ended between the two looks
        if answer is not None:
            return answer
        jobs().start(request, _watcher())
    elif state.phase == "failed":
        _failed(state.message[words.language], words)
        if st.button(words("Try again"), key=f"again_{key}"):
            jobs().start(request, _watcher())
            st.rerun()
        return None
    _look_again(_progress, request, whole, words)
    return None


def _progress(request: Request, whole: str, words: Words) -> None:
    """How far the computation is, looked at again and again; the page is drawn anew once it ends."""
    if whole in st.session_state[HELD]:
        st.rerun()  # without a look at the work, which would count as watching it
    state = jobs().state(request, _watcher())
    if state is None or state.phase == "failed":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(state.done / max(state.total, 1), 1.0), text=_said(request, state, words))
        # A callback: the click counts even if the work has just ended and this is not drawn again.
        st.button(words("Stop"), key=f"stop_{whole}", on_click=_stop, args=(request, whole))


def _stop(request: Request, whole: str) -> None:
    jobs().leave(request.key(), _watcher())
    st.session_state[HELD].add(whole)
    address.write({STOPPED: whole[:MARK]})


def _said(request: Request, state: State, words: Words) -> str:
    if state.phase == "waiting":
        return words("Waiting for other computations to end …")
    if state.phase == "compiling":
        return words("Preparing the simulator, half a minute on the first run after an install …")
    if not state.done:
        return words("Starting …")
    if isinstance(request, Comparing):
        said = words("{done} of {total} launches simulated", done=state.done, total=state.total)
    else:
        said = words("{percent} % simulated", percent=round(100 * state.done / state.total))
    if state.seconds_left is None:
        return said
    if state.seconds_left < LONG_S:
        return said + words(", about {seconds} s left", seconds=round(state.seconds_left))
    return said + words(", about {minutes} min left", minutes=round(state.seconds_left / 60))


def _watcher() -> str:
    """This tab, behind its visitor's name: all tabs of a browser have one."""
    if "watcher" not in st.session_state:
        tab = secrets.token_hex(8)
        st.session_state["watcher"] = f"{_browser() or tab}/{tab}"
    return str(st.session_state["watcher"])


def visitor() -> str:
    """Whoever reads this tab, by a name that all tabs of the browser have."""
    return _watcher().partition("/")[0]


def _browser() -> str:
    """The random token that the server has given this browser against forged requests; '' where it has none.

    Its cookie has it masked, each time with another mask: `2|mask|masked token|time`.
    """
    with contextlib.suppress(ValueError):
        _, mask, token, _ = st.context.cookies.get("_streamlit_xsrf", "").strip('"').split("|")
        signs = zip(bytes.fromhex(token), cycle(bytes.fromhex(mask)), strict=False)
        return bytes(sign ^ over for sign, over in signs).hex()
    return ""
