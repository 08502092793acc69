"""Compare layouts 矩阵对比: how many accounts, who posts what, how they are linked; and how sure that is."""

import json
from functools import partial

import streamlit as st

from sim.analysis.named import mix_name, timing_name
from sim.app.jobs.questions import MOST_CNY, Budgeting, Counting, Later, Reviewing
from sim.app.jobs.request import SEEDS, Comparing
from sim.app.jobs.variants import START_CNY
from sim.app.pages.compare import onward
from sim.app.ui import choice, comparing, comparison, further, going, look, watch
from sim.app.ui.comparing import CREATORS, LAYOUT, METRIC, SEED, SHOWN, STRUCTURE, TIES_NOTHING, TIMING
from sim.app.ui.names import layout_name, money, structure_name
from sim.language.names import LAYOUT as LAYOUTS
from sim.language.words import N_, Words, begun
from sim.scenario.seeding import budget_cny
from sim.scenario.shipped import shipped
from sim.scenario.structures import read, subs_of
from sim.sweeps import grid

TITLE = N_("Compare layouts")
LEAD = N_(
    "How many accounts, who posts what, linked in which way: what works best, and is its lead more than luck?"
)
MOST_REVIEWED = 24
"""Accounts that are looked at one by one (chosen); of more, `accounts --review --only` takes some."""
MEANINGS = {
    "written": N_("the accounts as the scenario lists them"),
    "one": N_("everything is posted on the main account"),
    "one_plus": N_("the main account and so many more, which share the other posts evenly"),
    "split": N_("so many accounts beside the main one, each post on the one whose topic it fits best"),
    "same": N_("so many accounts beside the main one post the same material"),
    "race": N_("so many accounts start; after a trial the best ones get the posts of the others"),
}
"""What a kind of structure does."""
HOURS = N_(
    "When the brand's accounts post. The hour is that of an account's first video: with one a day, of all; "
    "with two a day the other one comes twelve hours later; at other paces the hour moves on. Waves keep "
    "their hours."
)
PAID = N_(
    "Who is paid to post, each mix for {money} CNY: the plan's own money for creators, or where it has none "
    "a sum of our choice."
)


def page(words: Words) -> None:
    """Draws the page."""
    comparing.remember()
    if choice.name() in shipped():
        going.link("quickstart", words("Your own numbers in a minute →"))
    _controls(words)
    request, metric = comparing.asked()
    comparing.note_in_address()
    onward.taken(words)
    enough = comparing.enough(request)
    if not enough:
        said = N_(
            "Choose two to six variants: ways to split accounts, layouts, posting times, creators; each of "
            "one kind is tried with each of the others."
        )
        st.info(words(said))
    found = watch.latest(request, words) if enough else None
    if found is not None:
        whole, early = found.request == request, watch.early(found.request, request)
        next_ = partial(
            onward.draw, found.request, metric=metric, words=words, others=_others(found.request, metric)
        )
        comparison.draw(found.answer, found.request, metric, words, whole=whole, early=early, following=next_)
        if not early:
            st.session_state[SHOWN], st.session_state[choice.REPORTED] = found.request, "comparison"
    elif (before := watch.before(SHOWN)) is not None:
        with look.previous("compare", words):
            comparison.draw(before.answer, before.request, metric, words)


def _others(request: Comparing, metric: str) -> dict[str, Later]:
    """What else can be asked about the plan as written: accounts, and money for creators."""
    plan, given = choice.plan(), (choice.name(), choice.users(), metric)
    links = {"links.layout": "star", "links.edges": []} if plan.links.layout in TIES_NOTHING else {}
    found: dict[str, Later] = {further.ACCOUNTS: Counting(*given, json.dumps(links))}
    subs = tuple(account.id for account in subs_of(plan))
    if plan.structure.kind == "written" and 0 < len(subs) <= MOST_REVIEWED:
        found[further.REVIEW] = Reviewing(*given, subs)
    around = grid.budgets(plan, round(budget_cny(plan) or START_CNY), MOST_CNY)
    if around:
        found[further.MONEY] = Budgeting(*given, around)
    return found


def _controls(words: Words) -> None:
    shapes = {name: structure_name(words, name) for name in comparing.structures()}
    layouts = {name: layout_name(words, name) for name in comparing.layouts()}
    with st.container(border=True):
        kinds = look.meanings((shape, words(MEANINGS[read(name).kind])) for name, shape in shapes.items())
        look.pills(words("Accounts"), shapes, STRUCTURE, kinds)
        with look.row("compare"):
            choice.scenario_box(words)
            choice.metric_box(words, METRIC)
            meaning = N_(
                "Each round is one course of luck, the same for everything compared. The more rounds, "
                "the surer the answer."
            )
            choice.seeds_box(words, SEEDS, SEED, words(meaning))
        title = words("Layouts, hours, creators and audience")
        with st.expander(title, expanded=not st.session_state[STRUCTURE]):
            kinds = look.meanings((layouts[key], LAYOUTS[key].definition(words.language)) for key in layouts)
            look.pills(words("Layouts"), layouts, LAYOUT, kinds)
            hours = {name: begun(timing_name(name, words.language)) for name in comparing.timings()}
            look.pills(words("Posting times"), hours, TIMING, words(HOURS))
            paid = {name: begun(mix_name(name, words.language)) for name in comparing.mixes()}
            money_ = money(words, budget_cny(choice.plan()) or START_CNY)
            look.pills(words("Creators"), paid, CREATORS, words(PAID, money=money_))
            choice.audience_box(words)
