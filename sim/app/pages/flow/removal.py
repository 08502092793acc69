"""What an account's links, or a single link, are worth: in closed form, and by simulating without them.

Takes traffic and a choice; draws. The closed form is an expectation and comes with the page; the
simulation is asked for by a button. Computes nothing itself.
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Comparing, Valuing
from sim.app.jobs.variants import variation
from sim.app.pages.flow.traffic import Selected, Traffic, channel_names, link_name
from sim.app.ui import address, look, watch
from sim.app.ui.comparison import will_do
from sim.app.ui.names import KINDS, market, metric_name, metric_unit, variant_name
from sim.charts.intervals import IntervalWords, interval_chart, interval_figure
from sim.charts.numbers import joined, scale
from sim.charts.theme import PALETTES
from sim.language.vocabulary import METRICS, PAGE_ORIGINS
from sim.language.words import N_, Words
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


def can(selected: Selected) -> bool:
    """Whether the layout can do without what is selected: creators' @ stand outside it."""
    return selected.kind != "group"


def without(traffic: Traffic, selected: Selected) -> dict[str, object]:
    """Settings of the scenario without what is selected; the other links stay, channel by channel.

    Args:
        traffic: of the scenario.
        selected: a link, an account (all its links are cut) or everything.
    """

    def cut(source: str, target: str) -> bool:
        if selected.kind == "link":
            return (source, target) == (selected.source, selected.target)
        return selected.kind == "all" or selected.source in (source, target)

    rest = [list(edge) for edge in traffic.edges if not cut(edge.source, edge.target)]
    return {"links.layout": "custom" if rest else "none", "links.edges": rest}


def request_of(traffic: Traffic, selected: Selected) -> Comparing:
    """The comparison of the scenario as planned with the one without what is selected."""
    chinese = Words("zh")
    settings: Mapping[str, object] = json.loads(traffic.request.settings)
    return Comparing(
        traffic.request.scenario,
        traffic.request.users,
        (
            variation(PLANNED, settings, chinese(PLANNED)),
            variation(WITHOUT, {**settings, **without(traffic, selected)}, chinese(WITHOUT)),
        ),
        SEEDS,
    )


def draw(traffic: Traffic, selected: Selected, words: Words) -> None:
    """Draws what the removal costs."""
    if selected.kind == "all":
        st.subheader(words("What the links are worth"), anchor=False)
    else:
        st.subheader(words("What removing it would cost"), anchor=False)
    if not can(selected) or not _touched(traffic, selected):
        look.note(
            words(
                "There is no link of the layout to cut here. Creators' @ of the main account stand outside "
                "the layout: fewer creators are a question for the seeding mix."
            )
            if traffic.places[-1].role == "creator"
            else words("There is no link of the layout to cut here.")
        )
        return
    _closed_form(traffic, selected, words)
    _simulated(traffic, selected, words)


def _touched(traffic: Traffic, selected: Selected) -> bool:
    """Whether anything would be cut."""
    rest = without(traffic, selected)["links.edges"]
    return isinstance(rest, list) and len(rest) < len(traffic.edges)


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
    look.lines(
        [
            words(
                "By arithmetic alone, without it: {visits} home-page visits and {follows} follows on all "
                "accounts together, over the whole run.",
                visits=_signed(visits, words),
                follows=_signed(follows, words),
            )
        ]
    )
    look.note(
        words("An expectation, not a run: luck is averaged out. Its attention goes to the rest of each list.")
        if selected.kind == "link"
        else words("An expectation, not a run: luck is averaged out. All links from and to it are cut.")
    )
    _left_out(traffic, words)


def _left_out(traffic: Traffic, words: Words) -> None:
    """Says which of the layout's channels the closed form does not know."""
    used = {edge.channel for edge in traffic.edges}
    names = channel_names(words)
    if found := [names[c] for c in CHANNELS if c in used and c not in PAGE_ORIGINS]:
        look.note(
            words(
                "Left out of this arithmetic, because it brings videos into the feed and not visitors to a "
                "page: {channels}.",
                channels=words.listed(found),
            )
        )


def _most_valuable(links: pl.DataFrame, traffic: Traffic, words: Words) -> None:
    known = {edge for edge in traffic.edges if edge.channel in traffic.channels}
    rows = [row for row in links.iter_rows(named=True) if tuple(row.values())[:3] in known]
    names = channel_names(words)
    colour = {traffic.ids[rank]: place.colour for place in traffic.places for rank in place.members}
    top = rows[:TOP]
    look.note(
        words("Expected change if this one link were cut, in closed form; the {n} largest.", n=len(top))
    )
    look.table(
        (
            look.Column(words("Link"), ""),
            look.Column(words("Channel"), words("Through which kind of link."), wide=True),
            look.Column(
                words("Visits"), words("Home-page visits on all accounts together, over the whole run.")
            ),
            look.Column(words("Follows"), words("New follows on all accounts together, over the whole run.")),
        ),
        [
            (
                look.Cell(link_name(traffic, row["source"], row["target"], words)),
                look.Cell(names[row["channel"]]),
                look.Cell(_signed(-row["visits"], words), names[row["channel"]]),
                look.Cell(_signed(-row["follows"], words)),
            )
            for row in top
        ],
        [colour[row["source"]] for row in top],
        words("Most valuable links"),
    )


def _simulated(traffic: Traffic, selected: Selected, words: Words) -> None:
    state = st.session_state
    if state.get(ASKED) != selected.text():
        st.button(
            words("Simulate without any links") if selected.kind == "all" else words("Simulate without it"),
            key="flow_simulate",
            on_click=state.__setitem__,
            args=(ASKED, selected.text()),
            help=words(
                "Runs the scenario with and without it, {seeds} seeds each, the same luck for both. The "
                "accounts go on posting; only their links are cut.",
                seeds=SEEDS,
            ),
        )
        return
    metric = st.selectbox(
        words("Metric"),
        list(METRICS),
        format_func=lambda key: metric_name(words, key),
        key=METRIC,
        width=160,
        help=words(
            "Links bring visits and follows. They hardly move reach: most visitors have met the brand in the "
            "feed before. So follows are compared first."
        ),
    )
    found = watch.latest(request_of(traffic, selected), words)
    if found is not None:
        _result(found, metric, words)


def _result(found: watch.Look, metric: str, words: Words) -> None:
    comparison = found.answer["comparisons"].get(metric)
    label = metric_name(words, metric)
    if comparison is None:
        st.info(words("{metric} has no value here: nothing was spent in this scenario.", metric=label))
        return
    middle, low, high = change(comparison)
    palette = PALETTES[look.ground()]
    kind = "points" if KINDS[metric] == "share" else KINDS[metric]
    fitting = scale(max(abs(part or 0.0) for part in (middle, low, high)), kind, words.language)
    facts = {"metric": label, "change": fitting.text(middle, signed=True)}
    if low is None or high is None:
        same = comparison["verdict"]["code"] == "identical"
        said = (
            words("{metric}: exactly the same with and without it.", **facts)
            if same
            else words("{metric}: with and without it cannot be told apart.", **facts)
        )
        look.headline(said, palette.muted)
        look.lines([warning[f"text_{words.language}"] for warning in comparison["warnings"]])
    else:
        facts["interval"] = joined(fitting, low, high, words.language, signed=True)
        if comparison["verdict"]["code"] == "equivalent":
            said, colour = (
                N_("{metric}: with or without it makes no difference that matters ({interval})."),
                palette.accent,
            )
        elif low <= 0 <= high:
            said, colour = (
                N_("{metric}: with and without it cannot be told apart ({interval})."),
                palette.muted,
            )
        else:
            said = N_("{metric} without it: {change} ({interval}).")
            colour = palette.behind if high < 0 else palette.accent
        look.headline(words(said, **facts), colour)
    request = found.request
    look.note(
        words(
            "{seeds} seeds, {users}, the same luck for both; {level} % interval.",
            seeds=comparison["seeds"],
            users=market(words, request),
            level=f"{100 * comparison['interval']['confidence']:.4g}",
        )
    )
    unit = metric_unit(words, metric)
    if unit:
        look.note(words("Gap to the better one. Unit: {unit}.", unit=unit))
    names = {variant.name: variant_name(words, variant) for variant in request.variants}
    texts = IntervalWords(
        best=words("Any of these will do") if will_do(comparison) else words("Best"),
        tied=words("Cannot be told apart from the best"),
        worse=words("Behind the best"),
        reference=words("highest mean"),
        difference=words("Gap to the best:"),
        interval=words("Interval:"),
    )
    figure = interval_figure(
        interval_chart(comparison, names, KINDS[metric], words.language), texts, look.ground()
    )
    st.plotly_chart(
        figure, key=f"flow_without_{request.key()[:8]}_{metric}", config={"displayModeBar": False},
        alt=words("{metric} with and without it", metric=label),
    )  # fmt: skip


def change(comparison: Mapping[str, Any]) -> tuple[float, float | None, float | None]:
    """What the removal changes: without less planned, with the interval's ends; none where too rare to tell.

    Args:
        comparison: content of comparison.json, whose differences are to the best.
    """
    rows = {row["name"]: row for row in comparison["variants"]}
    fields = ("difference", "difference_low", "difference_high")
    planned, removed = ([rows[name][field] for field in fields] for name in (PLANNED, WITHOUT))
    if removed != [0, 0, 0]:
        return removed[0], removed[1], removed[2]
    # Without it is the best: the difference turned round.
    low, high = (None if planned[k] is None else -planned[k] + 0.0 for k in (2, 1))
    return -planned[0] + 0.0, low, high


def _signed(value: float, words: Words) -> str:
    fitting = scale(abs(value), "count", words.language)
    return fitting.text(value, signed=True)
