"""What surrounds every page: title, language switch, navigation. A page is a module, and named in PAGES."""

import contextlib
from functools import partial
from pathlib import Path

import streamlit as st

from sim.app.jobs.jobs import jobs
from sim.app.pages.campaign import page as campaign
from sim.app.pages.compare import page as compare
from sim.app.pages.experiments import page as experiments
from sim.app.pages.flow import page as flow
from sim.app.pages.learn import page as learn
from sim.app.pages.mix import page as mix
from sim.app.pages.mydata import page as mydata
from sim.app.pages.plans import page as plans
from sim.app.pages.pools import page as pools
from sim.app.pages.quickstart import page as quickstart
from sim.app.pages.report import page as report
from sim.app.pages.scenario import page as scenario
from sim.app.ui import address, choice, drafting, going, look, reader, watch
from sim.errors import MatrixsimError
from sim.language.words import LANGUAGES, OWN_NAMES, Language, Words, nearest_language

KEPT = "kept_"
"""Widgets whose key begins like this keep their value while another page or language is shown."""

HELD, SHOWN = "held_choices", "shown_page"
"""Session keys: a copy of these values as the page last shown left them, and the path of that page."""

CHOSEN = "language_chosen"
"""Whether the language was asked for, by the switch or the address: then the address holds it."""
ICON = Path(__file__).with_name("icon.svg")
"""Of our own: streamlit would fetch its material icons from outside."""


PAGES = {
    "compare": compare, "quickstart": quickstart, "plans": plans, "mix": mix, "campaign": campaign,
    "flow": flow, "pools": pools, "scenario": scenario, "mydata": mydata, "experiments": experiments,
    "learn": learn, "report": report,
}  # fmt: skip
"""By path, in the order of the navigation; the first one is shown at the start."""
ROOT = "start"
"""Path that the page at the start gives up for /, so that its own one can lead there."""
OWN_WORDS = ("scenario", "learn", "quickstart")
"""Paths of the pages that say themselves what waits in a draft, or do not use it."""


def show(first: str = next(iter(PAGES))) -> None:
    """Draws the app; the page of the path `first` where the address names none."""
    words = reader.words_of(_language())
    if st.session_state.get(CHOSEN):
        address.write({"lang": words.language})  # going to another page has cleared it
    st.set_page_config(
        page_title=words("matrixsim · account matrix simulator"), page_icon=ICON, layout="wide"
    )
    look.dress(words)
    for key, value in _kept().items():
        st.session_state[key] = value
    pages = {
        path: st.Page(
            partial(_draw, path, words),
            title=words(PAGES[path].TITLE),
            url_path=ROOT if path == first else path,
            default=path == first,
        )
        for path in PAGES
    }

    going.known(pages)

    def by_name() -> None:
        st.switch_page(pages[first], query_params=st.query_params.to_dict())

    named = st.Page(by_name, url_path=first)
    chosen = st.navigation([*pages.values(), named], position="hidden")
    if st.session_state.get(SHOWN, chosen.url_path) != chosen.url_path:
        # On going to another page streamlit drops the values of widgets before this script can keep them,
        # where the last thing that ran was a fragment such as the progress of a computation.
        for key, value in st.session_state.get(HELD, {}).items():
            if key not in st.session_state:
                st.session_state[key] = value
    _head(words)
    with st.container(horizontal=True, gap="small", key="pages"):
        for page in pages.values():
            st.page_link(page, width="content")
    with contextlib.suppress(OSError):  # who asks for work is told
        jobs().ready(watch.visitor())
    try:
        chosen.run()
    finally:  # also where the page asks to be drawn again, or was left before all of it was there
        st.session_state[HELD] = st.session_state.get(HELD, {}) | _kept()
        st.session_state[SHOWN] = chosen.url_path


def _kept() -> dict[str, object]:
    return {str(key): st.session_state[key] for key in st.session_state if str(key).startswith(KEPT)}


def _draw(path: str, words: Words) -> None:
    page = PAGES[path]
    watch.begin()
    try:
        choice.remember()
        if path not in OWN_WORDS:
            look.faults(drafting.waiting_words(words))
        top = st.container()
        st.title(words(page.TITLE), anchor=False)
        look.lead(words(page.LEAD))
        page.page(words)
        with top:  # a page reads its part of the address while it is drawn
            choice.say_mistaken(words)
    except (MatrixsimError, OSError) as error:
        watch.failure(error, words)
    watch.end(path)


def _head(words: Words) -> None:
    other: Language = "en" if words.language == "zh" else "zh"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = words("account matrix simulator")
        st.html(f'<div class="ms-brand">matrixsim<span>{name}</span></div>', width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="medium"):
            reader.switch(words)
            st.button(
                OWN_NAMES[other], key="language_switch", type="tertiary", on_click=_switch, args=(other,)
            )


def _switch(language: Language) -> None:
    st.session_state["language"], st.session_state[CHOSEN] = language, True
    address.write({"lang": language})


def _language() -> Language:
    """The language chosen, else the address's, else the browser's."""
    if "language" not in st.session_state:
        wanted = address.read("lang")
        wishes = st.context.locale or st.context.headers.get("Accept-Language") or ""
        asked = next((language for language in LANGUAGES if language == wanted), None)
        st.session_state["language"] = asked or nearest_language(wishes)
        st.session_state[CHOSEN] = asked is not None
    language: Language = st.session_state["language"]
    return language
