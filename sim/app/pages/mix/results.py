"""A finished comparison of mixes on the page: what may be said, the map, the known mixes, the tables."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Comparing
from sim.app.jobs.store import Answer, Judged
from sim.app.jobs.variants import variation
from sim.app.pages.mix import booking, mixes
from sim.app.pages.mix.making import limits, made
from sim.app.pages.mix.mixes import MixVariant, Offer
from sim.app.ui import address, comparison, economics, further, look, reader, watch
from sim.app.ui.curves import creators_columns, difference
from sim.app.ui.further import Further
from sim.app.ui.names import KINDS, column, creators, facts, metric_name, metric_unit, money
from sim.charts.intervals import standing_of
from sim.charts.ternary import ternary_chart, ternary_figure
from sim.language import plain
from sim.language.numbers import amount
from sim.language.words import N_, Words
from sim.report.comparison import colours
from sim.report.parts import Column
from sim.scenario.apportionment import Shares
from sim.scenario.shipped import shipped
from sim.sweeps import grid

FRESH, FRESH_FROM, FRESH_SEEDS = "kept_mix_fresh", 1000, 16
"""Session key of what was asked again; the first seed then, over the scenario's own; how many (chosen)."""
CROWDED = 0.9
"""Share of the audience reached from which on reach tells mixes apart no longer (chosen)."""

OPEN = N_("None of the {mixes} mixes stands out in {seeds} rounds.")
ALIKE = {
    "equivalent": N_(
        "Any of the {mixes} mixes will do: none is behind by so much that it matters ({seeds} rounds)."
    ),
    "identical": N_("No difference seen: all {mixes} mixes gave the same in each of {seeds} rounds."),
}
"""What is said of all mixes together, by the verdict's code."""


class Shown(NamedTuple):
    """An answer about mixes, and what it is about."""

    answer: Answer
    request: Comparing
    offer: Offer
    own: MixVariant | None
    """the reader's own mix; in the answer or not, or among the offered ones under another name"""

    def mixes(self) -> list[MixVariant]:
        """The mixes that the answer holds, in its order."""
        by_name = {mix.variant.name: mix for mix in (*self.offer.mixes, *((self.own,) if self.own else ()))}
        return [by_name[variant.name] for variant in self.request.variants]

    def title(self, mix: MixVariant, words: Words) -> str:
        """What a mix is called in a figure or table."""
        own = self.own is not None and mix.counts == self.own.counts
        if mix.roles:
            said = " / ".join(mixes.role_name(role, mix.counts, words) for role in mix.roles)
            return words("{mix} (yours)", mix=said) if own else said
        split = grid.ratio(grid.percents(mix.shares or ()))
        return words("Your mix {split}", split=split) if own else words("Mix {split}", split=split)

    def titles(self, words: Words) -> dict[str, str]:
        """What its mixes are called, by variant."""
        return {mix.variant.name: self.title(mix, words) for mix in self.mixes()}


def say(shown: Shown, metric: str, words: Words, *, early: bool = False) -> None:
    """Draws the sentence that answers the page's question, and how the reader's own mix stands."""
    found = shown.answer["comparisons"][metric]
    top = _top(found)
    if early:
        look.note(comparison.so_far(found, shown.titles(words), words))
        return
    look.headline(_verdict(shown, found, words), colours(found, look.ground())[top["name"]])
    look.lines(_own(shown, found, metric, words))
    budget, n = money(words, shown.offer.budget_cny), len(found["variants"])
    spent = words(" · {mixes} mixes for {budget} CNY", mixes=n, budget=budget)
    look.note(facts(words, shown.request, shown.answer["hours"], seeds=found["seeds"]) + spent)
    best = next(mix for mix in shown.mixes() if mix.variant.name == top["name"])
    names = shown.titles(words)
    look.lines(economics.told(found, names, words))
    look.folded(comparison.warnings(found, words, ()), comparison.SHOWN, words)
    if rare := sum(v["difference_low"] is None for v in found["variants"]):
        look.note(words("{rare} mixes differ from the best in too few rounds to tell.", rare=rare))
    if found["verdict"]["code"] == "winner":
        said = N_(
            "Picked from {mixes} mixes, so part of the lead is luck: check it on fresh luck, see below."
        )
        look.note(words(said, mixes=n))
    for row in mixes.warned(shown.request.plan(), best.counts, shown.offer.budget_cny):
        look.note(words("{mix}: ", mix=shown.title(best, words)) + row.text(words.language))
    users = shown.request.plan().audience.users
    if metric == "reach" and top["mean"] > CROWDED * users:
        text = N_(
            "{share} of the audience is reached at best: there is little left to gain. "
            "Another metric or a larger audience tells mixes apart better."
        )
        look.note(words(text, share=amount(top["mean"] / users, "share", words.language)))


def known(shown: Shown, metric: str) -> dict[str, Any]:
    """The part of the answer about the mixes that people know, the reader's own and the best."""
    found = shown.answer["comparisons"][metric]
    own = shown.own.counts if shown.own else None
    chosen = {mix.variant.name for mix in shown.mixes() if mix.roles or mix.counts == own}
    chosen.add(_top(found)["name"])
    return {**found, "variants": [v for v in found["variants"] if v["name"] in chosen]}


def draw_map(shown: Shown, metric: str, words: Words) -> None:
    """Draws the map."""
    found = shown.answer["comparisons"][metric]
    held, label, unit = shown.mixes(), metric_name(words, metric), metric_unit(words, metric)
    places = {mix.variant.name: mix.shares for mix in held if mix.shares}
    told = {mix.variant.name: _facts(mix, mix.shares, words) for mix in held if mix.shares}
    chart = ternary_chart(found, places, shown.titles(words), told, KINDS[metric], words.language)
    shown_as = words("{metric}, mean", metric=label) + (f" ({unit})" if KINDS[metric] == "money" else "")
    own, known_as = (mix.shares if mix else None for mix in (shown.own, shown.offer.named("published")))
    figure = ternary_figure(chart, shown_as, words, look.ground(), own=own, published=known_as)
    alt = words("Map of {mixes} mixes by {metric}", mixes=len(held), metric=label)
    look.chart(figure, f"map_{shown.request.key()[:8]}_{metric}", alt)
    said = N_(
        "The nearer to a corner, the more of the money goes to KOLs (star to waist), KOCs (junior) or "
        "amateurs. Mix 25:50:25 gives them 25%, 50% and 25%."
    )
    for line in (words(said), *limits(shown.offer, words)):
        look.note(line)


def draw_named(shown: Shown, metric: str, words: Words, more: Further) -> None:
    """Draws the known mixes, the reader's own and the best, with intervals; then what is folded."""
    found = shown.answer["comparisons"][metric]
    held = shown.mixes()
    part = known(shown, metric)
    names, columns = shown.titles(words), _columns(held, words)
    comparison.picture(part, names, metric, words, f"{shown.request.key()[:8]}_{metric}_mix")
    comparison.table(part, names, words, columns)
    economics.draw(part, names, words)
    further.draw(more, metric, words)
    plan, top = shown.request.plan(), _top(found)["name"]
    for mix in held:
        if mix.variant.name == top or (shown.own and mix.counts == shown.own.counts):
            booking.names(plan, mix, names[mix.variant.name], words)
    with st.expander(words("All mixes")):
        comparison.table(found, names, words, columns)
    _fresh(shown, part, metric, words)
    with st.expander(words("How the mixes are made")):
        look.lines(made(shown.request.plan(), shown.offer, words))
    with st.expander(words("What this rests on")):
        few = Comparing(shown.request.scenario, shown.request.users, shown.request.variants[:2], 2)
        look.lines(comparison.shared(few, words))


def _fresh(shown: Shown, part: Judged, metric: str, words: Words) -> None:
    """The mixes in question once more, on seeds that nothing was chosen on; and how to search further."""
    st.header(words("Check the best on fresh luck"), anchor=False)
    said = N_("The highest of {mixes} means owes part of its lead to luck, so expect less of it.")
    look.note(words(said, mixes=len(shown.mixes())))
    seed = shown.request.plan().run.seed + FRESH_FROM
    names = {row["name"] for row in part["variants"]}
    again = tuple(
        variation(v.name, {**json.loads(v.settings), "run.seed": seed}, v.label_zh)
        for v in shown.request.variants
        if v.name in names
    )
    request = Comparing(shown.request.scenario, shown.request.users, again, FRESH_SEEDS)
    state, mark = st.session_state, request.key()[: further.MARK]
    if state.setdefault(FRESH, address.read("fresh")) != mark and store.found(request) is None:
        label, meaning = N_("Check on fresh luck · {n} launches"), N_("The mixes above, {seeds} rounds each.")
        ask = partial(state.__setitem__, FRESH, mark)
        told = words(meaning, seeds=FRESH_SEEDS)
        look.button(words(label, n=request.runs), ask, key="mix_fresh", help=told)
    else:
        address.write({"fresh": mark})
        if (found := watch.latest(request, words)) is not None:
            comparison_ = found.answer["comparisons"][metric]
            look.lines([plain.told(comparison_["verdict"][f"text_{words.language}"], words)])
            comparison.picture(comparison_, shown.titles(words), metric, words, f"{mark}_{metric}_fresh")
    if reader.researcher():
        with st.expander(words("Search further on the command line")):
            st.code(_command(shown, metric), language=None, wrap_lines=True)


def _top(found: Judged) -> Mapping[str, Any]:
    top: Mapping[str, Any] = max(found["variants"], key=lambda v: v["mean"])
    return top


def _verdict(shown: Shown, found: Judged, words: Words) -> str:
    """What may be said: a winner only where the verdict names one, else what the mixes in question share."""
    code, seeds = found["verdict"]["code"], found["seeds"]
    if code in ("winner", "alone"):
        return plain.told(found["verdict"][f"text_{words.language}"], words)
    standings = standing_of(found)
    tied = [mix for mix in shown.mixes() if standings[mix.variant.name] != "worse"]
    everybody = len(found["variants"])
    counted: dict[str, object] = {"tied": len(tied), "mixes": everybody, "seeds": seeds}
    if len(tied) == everybody:
        return words(ALIKE.get(code, OPEN), **counted)
    shares = zip(*(grid.percents(mix.shares) for mix in tied if mix.shares), strict=True)
    spent = [(min(part), max(part)) for part in shares]
    between = (f"{low}%" if low == high else f"{low}–{high}%" for low, high in spent)
    counted |= dict(zip(("kol", "koc", "amateurs"), between, strict=True))
    said = N_(
        "{tied} of {mixes} mixes share the lead and cannot be told apart in {seeds} rounds. "
        "They spend {kol} on KOLs, {koc} on KOCs, {amateurs} on amateurs."
    )
    if code == "equivalent":
        said = N_(
            "Any of {tied} of the {mixes} mixes will do: none is behind the best by so much that it matters "
            "({seeds} rounds). They spend {kol} on KOLs, {koc} on KOCs, {amateurs} on amateurs."
        )
    idle = "" if all(mix.shares for mix in tied) else words(" To book nobody is among them.")
    return words(said, **counted) + idle


def _own(shown: Shown, found: Judged, metric: str, words: Words) -> list[str]:
    """How the reader's own mix stands; nothing where the answer does not hold it."""
    counts = shown.own.counts if shown.own else None
    name = next((mix.variant.name for mix in shown.mixes() if mix.counts == counts), None)
    row = next((v for v in found["variants"] if v["name"] == name), None)
    if row is None or found["verdict"]["code"] == "identical":
        return []
    if row["name"] == _top(found)["name"]:
        return [words("Your mix has the highest mean.")]
    if row["difference_low"] is None:
        return [words("Your mix differs from the best in too few rounds to tell.")]
    unit = "" if metric == "hit" else metric_unit(words, metric)
    standing, sign = standing_of(found)[row["name"]], -1 if standing_of(found)[row["name"]] == "worse" else 1
    signed = sign > 0
    low, high = sorted((sign * row["difference_low"], sign * row["difference_high"]))
    gap, around = difference(metric, (sign * row["difference"], low, high), words, signed=signed)
    said = {
        "best": N_("Your mix will do as well as the best: gap {gap} (likely range {interval})."),
        "tied": N_("Your mix cannot be told apart from the best: gap {gap} (likely range {interval})."),
        "worse": N_("Your mix is {gap} below the best ({interval})."),
    }
    facts = {"gap": f"{gap} {unit}".strip(), "interval": around}
    return [words(said[standing], **facts)]


def _facts(mix: MixVariant, shares: Shares, words: Words) -> list[str]:
    kol, koc, amateurs = grid.percents(shares)
    said = N_("KOL {kol}% · KOC {koc}% · amateurs {amateurs}% of the money")
    return [
        words(said, kol=kol, koc=koc, amateurs=amateurs),
        creators(words, mix.counts),
        words("Creators' cost: {cost} CNY", cost=money(words, mix.cost_cny)),
    ]


def _columns(held: Sequence[MixVariant], words: Words) -> list[comparison.Beside]:
    booked, cost = (Column(title.title, title.meaning) for title in creators_columns(words))
    names, spent = [mix.variant.name for mix in held], column(words, [mix.cost_cny for mix in held])
    return [
        (booked, {mix.variant.name: grid.ratio(mix.counts) for mix in held}),
        (cost, dict(zip(names, spent, strict=True))),
    ]


def _command(shown: Shown, metric: str) -> str:
    name = shown.request.scenario if shown.request.scenario in shipped() else "scenario.toml"
    users = f" --users {shown.request.users}" if shown.request.elsewhere else ""
    return f"matrixsim optimise {name} --budget {shown.offer.budget_cny:.0f} --objective {metric}{users}"
