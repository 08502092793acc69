"""Seeding mix 达人配比: how to split a budget between KOLs, KOCs and amateurs, and how sure that is.

The map from few seeds at first, then from more; an own mix is simulated beside it, and the map stays.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.app.jobs import store
from sim.app.jobs.questions import MOST_CNY, Budgeting, Later
from sim.app.jobs.request import SEEDS, Adding, Comparing
from sim.app.jobs.variants import START_CNY
from sim.app.pages.mix import booking, mixes, results, slider
from sim.app.pages.mix.making import listed
from sim.app.pages.mix.mixes import Offer
from sim.app.pages.mix.results import Shown
from sim.app.pages.mix.slider import BUDGET
from sim.app.ui import address, choice, comparison, further, look, watch
from sim.app.ui.further import Further
from sim.app.ui.names import column, money, tier_name
from sim.language.vocabulary import METRICS
from sim.language.words import N_, Words
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import seeding_cost_cny
from sim.sweeps import grid
from sim.sweeps.money import Counts

TITLE = N_("Seeding mix")
LEAD = N_("How should the money for creators be split between KOLs, KOCs and amateurs?")
METRIC, SEED, OWN, FOR = (f"kept_mix_{name}" for name in ("metric", "seeds", "own", "for"))
"""Session keys; OWN is None while the table is untouched, FOR the scenario they were chosen for."""
BASE, VERSION, TAKE = "mix_base", "mix_version", "mix_take"
"""Session keys: what the table shows before it is edited, how often that was set, the box that sets it."""
SHOWN = "mix_shown"
FEWEST = 3
"""Mixes, nobody one of them, below which there is nothing to compare."""
ROW_PX = 35
"""Height of a row of streamlit's table."""


def page(words: Words) -> None:
    """Draws the page."""
    _remember()
    metric, budget, seeds = _controls(words)
    plan, offer = choice.plan(), mixes.offer(choice.name(), choice.users(), budget)
    slider.draw(metric, budget, words)
    said, (left, right), below = st.container(), st.columns([5, 8], gap="medium"), st.container()
    with left:
        counts = _table(plan, offer, words)
        faults = _bill(plan, counts, budget, words)
        progress = st.container()
    choice.note_in_address(
        metric=metric, budget=str(budget), seeds=str(seeds), mix="-".join(str(n) for n in counts)
    )
    if len(offer.mixes) < FEWEST:
        with said:
            _too_little(plan, offer, words)
        return
    request = Comparing(choice.name(), choice.users(), tuple(mix.variant for mix in offer.mixes), seeds)
    with said:
        found = watch.latest(request, words)
    if found is None:
        _previous(metric, words, said, right)
        return
    own = mixes.own(plan, counts) if any(counts) and not faults else None
    shown = Shown(found.answer, found.request, offer, own)
    if own is not None and offer.of(counts) is None:
        variants, seeds = (*found.request.variants, own.variant), found.request.seeds
        added = Adding(request.scenario, request.users, variants, seeds)
        with progress:
            answer = watch.answered(added, words)
        shown = shown if answer is None else shown._replace(answer=answer, request=added)
    with said:
        if comparison.found(shown.answer, metric, words) is None:
            return
        results.say(shown, metric, words, early=watch.early(found.request, request))
        more = Further()
        if found.request == request:
            known, around = results.known(shown, metric), grid.budgets(plan, budget, MOST_CNY)
            budgets = Budgeting(choice.name(), choice.users(), metric, around)
            others: dict[str, Later] = {further.MONEY: budgets} if around else {}
            more = further.ask(shown.request, known, metric, words, others)
    with right:
        results.draw_map(shown, metric, words)
    with left:
        _starts(shown, metric, words)
    with below:
        results.draw_named(shown, metric, words, more)
    st.session_state[SHOWN] = shown._replace(answer={})  # the store has it


def _previous(metric: str, words: Words, said: DeltaGenerator, right: DeltaGenerator) -> None:
    """The answer that was on screen before, pale, so that the page is not empty meanwhile."""
    shown: Shown | None = st.session_state.get(SHOWN)
    answer = store.found(shown.request) if shown is not None else None
    if shown is None or answer is None or metric not in answer["comparisons"]:
        return
    shown = shown._replace(answer=answer)
    with said, look.previous("mix_said", words):
        results.say(shown, metric, words)
    with right, st.container(key="mix_previous_map"):
        results.draw_map(shown, metric, words)


def _remember() -> None:
    state, plan = st.session_state, choice.plan()
    fresh = METRIC not in state
    if fresh:
        state[METRIC] = address.one_of("metric", METRICS) or mixes.FIRST_METRIC
        state[SEED] = int(address.one_of("seeds", SEEDS) or mixes.FIRST_SEEDS)
    if fresh or state[FOR] != choice.name():
        state[FOR], state[OWN] = choice.name(), None
        if fresh or not plan.seeding.creators:  # whoever brings a price list keeps the budget
            state[BUDGET] = mixes.first_budget(plan)
    if fresh:
        given = address.read("budget")
        if given.isascii() and given.isdecimal() and int(given) <= MOST_CNY:
            state[BUDGET] = int(given)
        counts = mixes.counts_of(address.read("mix"))
        if counts != _start(plan, mixes.offer(choice.name(), choice.users(), state[BUDGET])):
            state[OWN] = counts


def _controls(words: Words) -> tuple[str, int, int]:
    """Metric, budget [CNY] and seeds; the scenario and its audience are in hand."""
    with st.container(border=True):
        with look.row("mix"):
            choice.scenario_box(words)
            metric = choice.metric_box(words, METRIC)
            label, meaning = words("Budget (CNY)"), _budget_help(words)
            budget = st.number_input(label, 0, MOST_CNY, step=50_000, key=BUDGET, width=190, help=meaning)
            meaning = words(
                "Each round is one course of luck, the same for all mixes. The more rounds, the "
                "surer the answer."
            )
            seeds = choice.seeds_box(words, SEEDS, SEED, meaning)
        with st.expander(words("Audience")):
            choice.audience_box(words)
        booking.draw(words)
    return metric, int(budget or 0), seeds


def _budget_help(words: Words) -> str:
    plan = choice.plan()
    told = words("Money for creators; each mix spends as much of it as whole creators cost.")
    if plan.seeding.budget_cny is None:
        said = N_(" The scenario names no budget: {start} CNY is our choice to begin with.")
        told += words(said, start=money(words, START_CNY))
    if any(plan.seeding.counts):
        told += words(" Its own creators cost {cost} CNY.", cost=money(words, seeding_cost_cny(plan)))
    return told


def _start(plan: Scenario, offer: Offer) -> Counts:
    """The table before it is touched: the scenario's creators within the budget, else the published mix."""
    own = plan.seeding.counts
    published = offer.named("published")
    if any(own) and plan.seeding.cost_cny(own) <= offer.budget_cny:
        return own
    return published.counts if published else (0,) * len(TIERS)


def _table(plan: Scenario, offer: Offer, words: Words) -> Counts:
    state = st.session_state
    want: Counts = state[OWN] or _start(plan, offer)
    if state[OWN] is None and state.get(BASE) != want:
        state[VERSION] = state.get(VERSION, 0) + 1
    key = f"mix_table_{words.language}_{state.get(VERSION, 0)}_{choice.name()}"
    if key not in state:  # first drawn, or back from another page or language: the table has what was edited
        state[BASE] = want
    typical = [grid.typical(plan, tier) for tier in TIERS]
    prices, fans = (column(words, [found[k] if found else 0.0 for found in typical]) for k in range(2))
    st.header(words("Your mix"), anchor=False)
    text = st.column_config.TextColumn
    how_many = words("How many of this tier post once each; click a number to change it.")
    price = words(
        "What one post of a creator of this tier typically costs. The best value is booked first, so the "
        "first ones cost less; what yours cost stands below."
    )
    meant = words("Fans of one creator on the whole platform; a part of them is in the audience.")
    whole: Any = {"min_value": 0, "max_value": MOST_CREATORS, "step": 1, "required": True}
    shown = st.data_editor(
        {
            "tier": [tier_name(words, tier) for tier in TIERS],
            "count": list(state[BASE]),
            "price": [cny if found else "–" for cny, found in zip(prices, typical, strict=True)],
            "fans": [n if found else "–" for n, found in zip(fans, typical, strict=True)],
        },
        key=key,
        hide_index=True,
        num_rows="fixed",
        height=(len(TIERS) + 1) * ROW_PX + 3,
        disabled=["tier", "price", "fans"],
        column_config={
            "tier": text(words("Tier")),
            "count": st.column_config.NumberColumn(words("Creators"), help=how_many, **whole),
            "price": text(words("Typical price (CNY)"), help=price),
            "fans": text(words("Fans"), help=meant),
        },
    )
    counts = tuple(_whole(n) for n in shown["count"])
    if counts != want:
        state[OWN] = counts
    return counts


def _whole(given: Any) -> int:
    try:
        return min(max(int(given), 0), MOST_CREATORS)
    except (TypeError, ValueError):
        return 0


def _bill(plan: Scenario, counts: Counts, budget: int, words: Words) -> bool:
    """Says what the reader's own mix costs, and why it is not simulated if so; whether it is not."""
    cost = plan.seeding.cost_cny(counts)
    facts = {"cost": f"{cost:,.0f}", "budget": f"{budget:,}", "left": f"{abs(budget - cost):,.0f}"}
    if not any(counts):
        look.note(words("No creators yet: type a number into the table."))
        return True
    faults = []
    if cost > budget:
        said = N_("Costs {cost} CNY: {left} over the budget of {budget}. It is not simulated until it fits.")
        faults.append(words(said, **facts))
    if closed := grid.closed(plan, counts):
        said = N_(
            "Not simulated: one {tiers} has more fans inside the audience than the audience has people."
        )
        faults.append(words(said, tiers=listed(words, closed)))
    if lacking := grid.lacking(plan, counts):
        said = N_("Not simulated: there are fewer {tiers} to be booked.")
        faults.append(words(said, tiers=listed(words, lacking)))
    if sum(counts) > MOST_CREATORS:
        faults.append(words("Not simulated: more than {most} creators.", most=f"{MOST_CREATORS:,}"))
    if cost <= budget:
        look.note(words("Costs {cost} of {budget} CNY; {left} left.", **facts))
        for row in [] if faults else mixes.warned(plan, counts, budget):
            look.note(row.text(words.language))
    for text in faults:
        st.warning(text)
    return bool(faults)


def _too_little(plan: Scenario, offer: Offer, words: Words) -> None:
    each = zip(TIERS, plan.seeding.costs_cny, strict=True)
    prices = [costs[0] for tier, costs in each if costs and tier not in offer.closed]
    if not prices:
        said = N_("Every creator has more fans inside the audience than it has people: choose a larger one.")
    elif plan.seeding.creators and plan.seeding.cost_cny((MOST_CREATORS,) * len(TIERS)) <= offer.budget_cny:
        said = N_("This budget books everybody on the list: a smaller one leaves a choice.")
    else:
        said = N_("This budget does not buy two different mixes: the cheapest creator costs {price} CNY.")
    st.info(words(said, price=money(words, min(prices)) if prices else ""))


def _starts(shown: Shown, metric: str, words: Words) -> None:
    """A box that fills the table with a known mix, to go on from there."""
    known = {role: mix.counts for role in mixes.ROLES if (mix := shown.offer.named(role)) is not None}
    names = {role: mixes.role_name(role, known[role], words) for role in known}
    rows = shown.answer["comparisons"][metric]["variants"]
    top = max(range(len(shown.offer.mixes)), key=lambda k: rows[k]["mean"])
    known["best"], names["best"] = shown.offer.mixes[top].counts, words("Highest mean")
    with st.expander(words("Start from another mix")):
        given = {"index": None, "placeholder": words("choose"), "on_change": partial(_take, known)}
        look.chosen(words("Fill the table with"), names, TAKE, **given)


def _take(known: Mapping[str, Counts]) -> None:
    state = st.session_state
    if state[TAKE] in known:
        state[OWN] = known[state[TAKE]]
        state[VERSION] = state.get(VERSION, 0) + 1
    state[TAKE] = None
