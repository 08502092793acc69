"""What surrounds every page: title, language switch, navigation. A page is one entry of PAGES."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from sim.app.jobs.jobs import jobs
from sim.app.pages.campaign import page as campaign
from sim.app.pages.compare import page as compare
from sim.app.pages.experiments import page as experiments
from sim.app.pages.flow import page as flow
from sim.app.pages.learn import page as learn
from sim.app.pages.mix import page as mix
from sim.app.pages.pools import page as pools
from sim.app.pages.report import page as report
from sim.app.pages.scenario import page as scenario
from sim.app.ui import address, choice, drafting, look, watch
from sim.errors import MatrixsimError
from sim.language.words import LANGUAGES, N_, OWN_NAMES, Language, Words, nearest_language

KEPT = "kept_"
"""Widgets whose key begins like this keep their value while another page or language is shown."""

HELD, SHOWN = "held_choices", "shown_page"
"""Session keys: a copy of these values as the page last shown left them, and the path of that page."""

CHOSEN = "language_chosen"
"""Whether the language was asked for, by the switch or the address: then the address holds it."""
ICON = Path(__file__).with_name("icon.svg")
"""Of our own: streamlit would fetch its material icons from outside."""


class Page(NamedTuple):
    """A page: its name in the address, its title, what draws it, and what it answers."""

    path: str
    title: str
    draw: Callable[[Words], None]
    lead: str


PAGES = (
    Page(
        "compare", N_("Compare layouts"), compare.page,
        N_("How many accounts, who posts what, linked in which way: what works best, and is its "
           "lead more than luck?"),
    ),
    Page(
        "mix", N_("Seeding mix"), mix.page,
        N_("How should the money for creators be split between KOLs, KOCs and amateurs?"),
    ),
    Page("campaign", campaign.TITLE, campaign.page, campaign.LEAD),
    Page(
        "flow", N_("Traffic flow"), flow.page,
        N_("Where does traffic move between your accounts, and what is each account and each link worth?"),
    ),
    Page(
        "pools", N_("Pools"), pools.page,
        N_("How far do the videos climb from pool to pool, why do they stop, and how much of it is luck?"),
    ),
    Page(
        "scenario", N_("Scenario"), scenario.page,
        N_("What is simulated? Change it here, and every page uses it from then on."),
    ),
    Page(
        "experiments", N_("Experiments"), experiments.page,
        N_("How does the result change with the numbers of a scenario? Many runs, in the background."),
    ),
    Page(
        "learn", N_("Learn"), learn.page,
        N_("What becomes of 2,000 people, hour by hour? Look around, or say first what you expect "
           "and see whether it comes true."),
    ),
    Page(
        "report", N_("Report"), report.page,
        N_("What came of it, in one file that opens anywhere: to send, to print, to keep."),
    ),
)  # fmt: skip
"""In the order of the navigation; the first one is shown at the start."""
OWN_WORDS = ("scenario", "learn")
"""Paths of the pages that say themselves what waits in a draft, or do not use it."""


def show(first: str = PAGES[0].path) -> None:
    """Draws the app; the page of the path `first` where the address names none."""
    words = Words(_language())
    if st.session_state.get(CHOSEN):
        address.write({"lang": words.language})  # going to another page has cleared it
    st.set_page_config(
        page_title=words("matrixsim · account matrix simulator"), page_icon=ICON, layout="wide"
    )
    st.html(look.css())
    for key, value in _kept().items():
        st.session_state[key] = value
    pages = [
        st.Page(
            _drawing(page, words), title=words(page.title), url_path=page.path, default=page.path == first
        )
        for page in PAGES
    ]
    chosen = st.navigation(pages, position="hidden")
    if st.session_state.get(SHOWN, chosen.url_path) != chosen.url_path:
        # On going to another page streamlit drops the values of widgets before this script can keep them,
        # where the last thing that ran was a fragment such as the progress of a computation.
        for key, value in st.session_state.get(HELD, {}).items():
            if key not in st.session_state:
                st.session_state[key] = value
    st.session_state[SHOWN] = chosen.url_path
    _head(words)
    with st.container(horizontal=True, gap="small", key="pages"):
        for page in pages:
            st.page_link(page, width="content")
    with contextlib.suppress(OSError):  # who asks for work is told
        jobs().ready()
    try:
        chosen.run()
    finally:  # also where the page asks to be drawn again
        st.session_state[HELD] = _kept()


def _kept() -> dict[str, object]:
    """The values that outlive their widgets."""
    return {str(key): st.session_state[key] for key in st.session_state if str(key).startswith(KEPT)}


def _drawing(page: Page, words: Words) -> Callable[[], None]:
    def draw() -> None:
        watch.begin()
        try:
            choice.remember()
            choice.say_gone(words)
            if page.path not in OWN_WORDS:
                drafting.say_waiting(words)
            top = st.container()
            st.title(words(page.title), anchor=False)
            look.lead(words(page.lead))
            page.draw(words)
            with top:  # a page reads its part of the address while it is drawn
                choice.say_mistaken(words)
        except (MatrixsimError, OSError) as error:
            watch.failure(str(error), words)
        watch.end(page.path)

    return draw


def _head(words: Words) -> None:
    other: Language = "en" if words.language == "zh" else "zh"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = words("account matrix simulator")
        st.html(f'<div class="ms-brand">matrixsim<span>{name}</span></div>', width="content")
        st.button(OWN_NAMES[other], key="language_switch", type="tertiary", on_click=_switch, args=(other,))


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
