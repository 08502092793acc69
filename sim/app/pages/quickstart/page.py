"""Quick start 快速开始: three questions, then a first answer on one's own numbers on Compare layouts."""

import streamlit as st

from sim.app.jobs.request import FIRST, SEEDS
from sim.app.pages.quickstart.plan import Told, plan, structures, usual
from sim.app.ui import choice, comparing, drafting, going, look, watch
from sim.app.ui.drafting import LONGEST_NAME
from sim.app.ui.names import metric_name, scenario_name
from sim.errors import MatrixsimError
from sim.language.words import N_, Words

TITLE = N_("Quick start")
LEAD = N_("Three questions, and within a minute a first answer on your own numbers.")
OWN = "own"
WAYS = {
    "beauty_matrix": (N_("Beauty"), N_("skincare and make-up, several accounts of one brand")),
    "food": (N_("Food"), N_("snacks and recipes, low prices")),
    "local_services": (N_("Local services"), N_("shops in one city, vouchers, creators of the place")),
    "creator_launch": (N_("Launch with creators"), N_("a new brand that opens with paid creators")),
    OWN: (N_("My own data"), N_("exports of your accounts: the plan is fitted to them")),
}
"""Each way to begin, an industry or one's own data, and what it is for."""
GOALS = ("profit", "orders", "follows", "reach")
FEW_SEEDS = SEEDS[0]
"""Repeats of the first answer (chosen): within a minute on two cores."""
MOST_ACCOUNTS, MOST_FANS, MOST_BUDGET = 60, 10_000_000, 100_000_000
KEPT = "kept_quickstart_{}"


def page(words: Words) -> None:
    """Draws the page."""
    names = {way: words(name) for way, (name, _) in WAYS.items()}
    st.header(words("1. What is it for?"), anchor=False)
    template = str(
        st.radio(
            words("What is it for?"), list(names), key=KEPT.format("template"), format_func=names.__getitem__,
            captions=[words(about) for _, about in WAYS.values()], label_visibility="collapsed",
        )
    )  # fmt: skip
    if template == OWN:
        look.note(words("My data reads the files, tells what it understood, and makes a plan of them."))
        if st.button(words("To My data"), type="primary"):
            going.go("mydata")
    else:
        _asked(template, words)
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(words("Only looking?"))
        if st.button(words("Open a sample plan")):
            choice.use(FIRST.scenario)
            comparing.choose([v.structure for v in FIRST.variants], comparing.FIRST_METRIC, FIRST.seeds)
            going.go("compare")


def _asked(template: str, words: Words) -> None:
    """Draws the two other questions; numbers begin with the template's."""
    own = usual(template)
    st.header(words("2. Which accounts?"), anchor=False)
    with look.row("quick_accounts"):
        accounts = _number(words("Accounts, the main one too"), "accounts", own.accounts, 1, MOST_ACCOUNTS)
        main = _number(words("Fans of the main account"), "main", own.main_fans, 0, MOST_FANS, 1000)
        others = _number(words("Fans of every other account"), "others", own.other_fans, 0, MOST_FANS, 100)
    st.header(words("3. What is spent, and for what?"), anchor=False)
    with look.row("quick_money"):
        title = words("For creators, in four weeks (CNY)")
        budget = _number(title, "budget", own.budget_cny, 0, MOST_BUDGET, 10_000)
        goals = {metric: metric_name(words, metric) for metric in GOALS}
        goal = str(look.chosen(words("Goal"), goals, KEPT.format("goal"), width=200))
    if st.button(words("Show the answer"), type="primary"):
        title = words("{name} (mine)", name=scenario_name(words, template))[:LONGEST_NAME]
        try:
            made = plan(Told(template, accounts, main, others, budget), title, words("New account"))
            drafting.begin(made.to_toml())
        except (MatrixsimError, OSError) as error:
            watch.failure(error, words)
            return
        comparing.choose(structures(accounts), goal, FEW_SEEDS)
        going.go("compare")
    look.note(
        words(
            "Everything else is the template's: a market, prices and rates that are assumed or published, "
            "each with its source on Scenario. What comes out is a plan of yours, kept on Plans."
        )
    )


def _number(title: str, name: str, value: int, least: int, most: int, step: int = 1) -> int:
    key = KEPT.format(f"{name}_{value}")
    st.session_state.setdefault(key, value)
    return int(st.number_input(title, least, most, step=step, key=key, width=220))
