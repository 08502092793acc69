"""What links are worth: in closed form, an expectation, and by simulating without them when asked to."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Comparing, Valuing
from sim.app.jobs.store import Judged
from sim.app.jobs.variants import variation
from sim.app.pages.flow.traffic import Selected, Traffic, channel_names, link_name, visits_name
from sim.app.ui import address, choice, look, watch
from sim.app.ui.comparison import found as found_by
from sim.app.ui.comparison import intervals
from sim.app.ui.names import KINDS, market, metric_name, metric_unit, variant_names
from sim.charts.theme import PALETTES
from sim.language import plain
from sim.language.numbers import joined, scale
from sim.language.vocabulary import METRICS, PAGE_ORIGINS, QUANTITIES
from sim.language.words import N_, Words
from sim.report.text import level
from sim.scenario.matrix import CHANNELS

SEEDS = 8
TOP = 5
"""Most valuable links named."""
METRIC, ASKED = "kept_flow_metric", "kept_flow_without"
"""Session keys: what to compare by, and the choice whose removal is simulated."""
PLANNED, WITHOUT = N_("As planned"), N_("Without it")


def remember() -> None:
    """The choices at the start of a session."""
    state = st.session_state
    if METRIC not in state:
        state[METRIC] = address.one_of("metric", METRICS) or "follows"
        state[ASKED] = address.read("selected") if address.read("without") == "yes" else None


def without(traffic: Traffic, selected: Selected) -> dict[str, Any]:
    """Settings of the scenario without a link, an account's links or all; others stay, channel by channel."""

    def cut(source: str, target: str) -> bool:
        if selected.kind == "link":
            return (source, target) == (selected.source, selected.target)
        return selected.kind == "all" or selected.source in (source, target)

    rest = [list(edge) for edge in traffic.edges if not cut(edge.source, edge.target)]
    return {"links.layout": "custom" if rest else "none", "links.edges": rest}


def request_of(traffic: Traffic, selected: Selected) -> Comparing:
    """The comparison of the scenario as planned with the one without what is selected."""
    chinese, given = Words("zh"), traffic.request
    settings: Mapping[str, object] = json.loads(given.settings)
    planned = variation(PLANNED, settings, chinese(PLANNED))
    removed = variation(WITHOUT, {**settings, **without(traffic, selected)}, chinese(WITHOUT))
    return Comparing(given.scenario, given.users, (planned, removed), SEEDS)


def draw(traffic: Traffic, selected: Selected, words: Words) -> None:
    """Draws what the removal costs; creators' @ stand outside the layout, which cannot do without them."""
    title = N_("What the links are worth") if selected.kind == "all" else N_("What removing it would cost")
    st.header(words(title), anchor=False)
    rest = without(traffic, selected)["links.edges"]
    if selected.kind != "group" and len(rest) < len(traffic.edges):
        _closed_form(traffic, selected, words)
        _simulated(traffic, selected, words)
        return
    said = N_("There is no link of the layout to cut here.")
    if selected.kind == "group" and traffic.place(selected.source).role == "sub":
        said = N_(
            "These stand for one another in the picture: choose one of their links to see what it is worth."
        )
    elif traffic.places[-1].role == "creator":
        said = N_(
            "There is no link of the layout to cut here. Creators' @ of the main account stand outside the "
            "layout: fewer creators are a question for the seeding mix."
        )
    look.note(words(said))


def _closed_form(traffic: Traffic, selected: Selected, words: Words) -> None:
    given = traffic.request
    request = Valuing(given.scenario, given.users, given.settings)
    if request.plan().platform.model != "pools":
        look.note(words("No expectation in closed form: arithmetic alone knows the ladder of pools only."))
        return
    if watch.answered(request, words) is None:
        return
    links = store.table(request, "link_values")
    if selected.kind == "all":
        _most_valuable(links, traffic, words)
        _left_out(traffic, words)
        return
    if selected.kind == "link":
        rows = links.filter((pl.col("source") == selected.source) & (pl.col("target") == selected.target))
    else:
        rows = store.table(request, "account_values").filter(pl.col("account") == selected.source)
    visits, follows = (-float(rows[name].sum()) for name in ("visits", "follows"))
    said = N_(
        "By arithmetic alone, without it: {visits} home-page visits and {follows} follows on all "
        "accounts together, over the whole run."
    )
    look.lines([words(said, visits=_signed(visits, words), follows=_signed(follows, words))])
    said = N_("An expectation, not a run: luck is averaged out. All links from and to it are cut.")
    if selected.kind == "link":
        said = N_(
            "An expectation, not a run: luck is averaged out. Its attention goes to the rest of each list."
        )
    look.note(words(said))
    _left_out(traffic, words)


def _left_out(traffic: Traffic, words: Words) -> None:
    """Says which of the layout's channels the closed form does not know."""
    used = {edge.channel for edge in traffic.edges}
    names = channel_names(words)
    if found := [names[c] for c in CHANNELS if c in used and c not in PAGE_ORIGINS]:
        said = N_("Left out here, where only lists and @ are counted: {channels}.")
        look.note(words(said, channels=words.listed(found)))


def _most_valuable(links: pl.DataFrame, traffic: Traffic, words: Words) -> None:
    known = {edge for edge in traffic.edges if edge.channel in traffic.channels}
    rows = [row for row in links.iter_rows(named=True) if tuple(row.values())[:3] in known]
    names = channel_names(words)
    colour = {traffic.ids[rank]: place.colour for place in traffic.places for rank in place.members}
    top = rows[:TOP]
    said = N_("Expected change if this one link were cut, in closed form; the {n} largest.")
    look.note(words(said, n=len(top)))
    visits = words("Home-page visits on all accounts together, over the whole run.")
    follows = words("New follows on all accounts together, over the whole run.")
    columns = (
        look.Column(words("Link")),
        look.Column(words("Channel"), words("Through which kind of link."), wide=True),
        look.Column(visits_name(words), visits),
        look.Column(QUANTITIES["follows"].label(words.language), follows),
    )
    cells = []
    for row in top:
        name, channel = link_name(traffic, row["source"], row["target"], words), names[row["channel"]]
        moved = look.Cell(_signed(-row["visits"], words), channel), _signed(-row["follows"], words)
        cells.append((name, channel, *moved))
    look.table(columns, cells, words("Most valuable links"), [colour[row["source"]] for row in top])


def _simulated(traffic: Traffic, selected: Selected, words: Words) -> None:
    state = st.session_state
    if state.get(ASKED) != selected.text():
        label = N_("Simulate without any links") if selected.kind == "all" else N_("Simulate without it")
        meaning = N_(
            "Runs the scenario with and without it, {seeds} rounds each, the same luck for both. The "
            "accounts go on posting; only their links are cut."
        )
        ask, said = partial(state.__setitem__, ASKED, selected.text()), words(meaning, seeds=SEEDS)
        look.button(words(label), ask, key="flow_simulate", help=said)
        return
    meaning = words(
        "Links bring visits and follows. They hardly move reach: most visitors have met the brand in the "
        "feed before. So follows are compared first."
    )
    metric = choice.metric_box(words, METRIC, meaning)
    found = watch.latest(request_of(traffic, selected), words)
    if found is not None:
        _result(found, metric, words)


def _result(found: watch.Look, metric: str, words: Words) -> None:
    comparison = found_by(found.answer, metric, words)
    if comparison is None:
        return
    label = metric_name(words, metric)
    middle, low, high = change(comparison)
    palette = PALETTES[look.ground()]
    kind = "points" if KINDS[metric] == "share" else KINDS[metric]
    fitting = scale(max(abs(part or 0.0) for part in (middle, low, high)), kind, words.language)
    facts = {"metric": label, "change": fitting.text(middle, signed=True)}
    if low is None or high is None:
        said = N_("{metric}: with and without it cannot be told apart.")
        if comparison["verdict"]["code"] == "identical":
            said = N_("{metric}: exactly the same with and without it.")
        look.headline(words(said, **facts), palette.muted)
        look.lines([plain.told(w[f"text_{words.language}"], words) for w in comparison["warnings"]])
    else:
        facts["interval"] = joined(fitting, low, high, words.language, signed=True)
        said, colour = N_("{metric} without it: {change} ({interval})."), palette.accent
        if comparison["verdict"]["code"] == "equivalent":
            said = N_("{metric}: with or without it makes no difference that matters ({interval}).")
        elif low <= 0 <= high:
            said = N_("{metric}: with and without it cannot be told apart ({interval}).")
            colour = palette.muted
        elif high < 0:
            colour = palette.behind
        look.headline(words(said, **facts), colour)
    request, text = found.request, N_("{seeds} rounds, {users}, the same luck for both; {level} % interval.")
    look.note(words(text, seeds=comparison["seeds"], users=market(words, request), level=level(comparison)))
    if unit := metric_unit(words, metric):
        look.note(words("Gap to the better one. Unit: {unit}.", unit=unit))
    figure = intervals(comparison, variant_names(words, request.variants), metric, words)
    title = words("{metric} with and without it", metric=label)
    look.chart(figure, f"flow_without_{request.key()[:8]}_{metric}", title)


def change(comparison: Judged) -> tuple[float, float | None, float | None]:
    """What the removal changes: without less planned, and its interval; none where too rare to tell."""
    rows = {row["name"]: row for row in comparison["variants"]}
    fields = ("difference", "difference_low", "difference_high")
    planned, removed = ([rows[name][field] for field in fields] for name in (PLANNED, WITHOUT))
    if removed != [0, 0, 0]:
        return removed[0], removed[1], removed[2]
    # Without it is the best: the difference turned round.
    low, high = (None if planned[k] is None else -planned[k] + 0.0 for k in (2, 1))
    return -planned[0] + 0.0, low, high


def _signed(value: float, words: Words) -> str:
    return scale(abs(value), "count", words.language).text(value, signed=True)
