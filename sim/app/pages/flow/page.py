"""Traffic flow 流量走向: what moves over the links hour by hour, and what an account or a link is worth."""

import streamlit as st

from sim.app.jobs.request import Running
from sim.app.jobs.variants import laid_out
from sim.app.pages.flow import fans, graph, removal, traffic
from sim.app.pages.flow.traffic import ALL, Selected, Traffic, visits_name
from sim.app.ui import address, asking, choice, look, watch
from sim.app.ui.fields import labels
from sim.app.ui.names import facts, layout_name
from sim.charts import carried
from sim.charts.carried import DaysChart, Series
from sim.charts.sankey import SankeyWords, channel_chart, origin_chart, sankey_figure
from sim.charts.theme import PALETTES
from sim.language.names import LAYOUT as LAYOUTS
from sim.language.numbers import amount
from sim.language.vocabulary import ORIGIN as ORIGINS
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, Words
from sim.scenario.layouts import link_counts
from sim.scenario.matrix import CHANNELS

TITLE = N_("Traffic flow")
LEAD = N_("Where does traffic move between your accounts, and what is each account and each link worth?")
LAYOUT, OF, CHOSEN, CHANNEL, SANKEY = (
    f"kept_flow_{name}" for name in ("layout", "of", "selected", "channels", "sankey")
)
SHOWN, MARKED = "flow_shown", "flow_marked"
"""Session keys: the request on screen, and the choice that is drawn into the picture."""
MOST_LINKS = 30_000
"""Links, channels counted, past which there is no picture of them: a mesh of 100 accounts has as many."""
ORIGIN, ACCOUNT = "origin", "account"
"""The two Sankey diagrams."""


def page(words: Words) -> None:
    """Draws the page."""
    _remember()
    removal.remember()
    request = _controls(words)
    counted = link_counts(request.plan())
    if counted.links > MOST_LINKS:
        said = N_("This layout has {n} links: too many for a picture. Choose another layout.")
        st.info(words(said, n=amount(counted.links, "count", words.language)))
        return
    if watch.answered(request, words) is not None:
        st.session_state[SHOWN], st.session_state[choice.REPORTED] = request, "run"
        _draw(request, words)
    elif (before := watch.before(SHOWN)) is not None and before.request.scenario == request.scenario:
        with look.previous("flow", words):
            graph.draw(traffic.loaded(before.request, _channels()), ALL, words, key="flow_graph_before")
    _note_in_address()


def _remember() -> None:
    state = st.session_state
    if CHANNEL not in state:
        asked = address.read("channels").split(".")
        state[CHANNEL] = [channel for channel in CHANNELS if channel in asked] or list(CHANNELS)
        state[LAYOUT], state[CHOSEN] = address.read("layout"), address.read("selected")
        state[OF] = choice.name()
        state[SANKEY] = ORIGIN
    if state[OF] != choice.name():
        state[OF], state[LAYOUT], state[CHOSEN] = choice.name(), "", ALL.text()
        state.pop(MARKED, None)
    if state[LAYOUT] not in _layouts():
        state[LAYOUT] = _layouts()[0]


def _layouts() -> list[str]:
    own = str(choice.plan().links.layout)
    return [own, *(layout for layout in LAYOUTS if layout not in (own, "custom"))]


def _channels() -> list[str]:
    chosen = st.session_state[CHANNEL]
    return [channel for channel in CHANNELS if channel in chosen] or list(CHANNELS)


def _controls(words: Words) -> Running:
    own = _layouts()[0]
    names = {key: layout_name(words, key) for key in _layouts()}
    meanings = look.meanings((names[key], LAYOUTS[key].definition(words.language)) for key in names)
    planned = {own: words("{layout}, as planned", layout=names[own])}
    with st.container(border=True):
        with look.row("flow"):
            name = choice.scenario_box(words)
            layout = look.chosen(words("Layout"), names | planned, LAYOUT, width=190, help=meanings)
            users = choice.audience_box(words)
            seed = choice.seed_box(words)
        with st.expander(words("Channels shown")):
            meaning = words(
                "What is not chosen is left out of the pictures and numbers, not of the simulation."
            )
            look.pills(words("Channels"), traffic.channel_names(words), CHANNEL, meaning)
    return Running(name, users, seed, "{}" if layout == own else laid_out([layout])[0].settings)


def _note_in_address() -> None:
    state = st.session_state
    without = "yes" if state[removal.ASKED] == state[CHOSEN] else "no"
    kept = {"layout": LAYOUT, "selected": CHOSEN, "metric": removal.METRIC}
    now = {name: state[key] for name, key in kept.items()} | asking.in_address()
    choice.note_in_address(**now, seed=str(choice.seed()), channels=".".join(_channels()), without=without)


def _draw(request: Running, words: Words) -> None:
    shown = traffic.loaded(request, _channels())
    selected = traffic.chosen(shown, st.session_state[CHOSEN] or "")
    st.session_state[CHOSEN] = selected.text()
    look.note(facts(words, request, shown.plan.run.hours, seed=request.seed))
    if not shown.edges:
        said = N_(
            "Layout {layout}: no account links to another, so nothing moves between them. The picture "
            "shows each account's impressions."
        )
        st.info(words(said, layout=layout_name(words, shown.plan.links.layout)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        marked = traffic.chosen(shown, st.session_state.setdefault(MARKED, selected.text()))
        graph.draw(shown, marked, words, key=f"flow_graph_{request.key()[:8]}", select=_select)
    with right:
        _details(shown, selected, words)
    removal.draw(shown, selected, words)
    _sankey(shown, words)
    fans.draw(request, words)
    asking.draw(request, words)


def _select(selected: Selected) -> None:
    """Takes what was clicked as the choice.

    The picture shows by itself what was clicked; drawn anew it would lose the hour at which it stands.
    """
    state = st.session_state
    state[CHOSEN] = selected.text()
    if state[MARKED] != ALL.text():
        state[MARKED] = selected.text()


def _mark() -> None:
    st.session_state[MARKED] = st.session_state[CHOSEN]


def _details(shown: Traffic, selected: Selected, words: Words) -> None:
    options = traffic.choices(shown, selected)
    names = {text: traffic.name_of(shown, option, words) for text, option in options.items()}
    meaning = words("By falling visits. A click on a circle or an arrow in the picture chooses too.")
    look.chosen(words("Account or link"), names, CHOSEN, on_change=_mark, help=meaning)
    towards, away = traffic.over(shown, selected)
    ids, called = shown.ids, labels(words, QUANTITIES)
    if selected.kind in ("all", "link"):
        channels, found = traffic.channel_names(words), carried.by_channel(towards, shown.used(selected))
        rows = {channels[channel]: counts for channel, counts in found.items()}
    else:
        ids = tuple(shown.members(selected.source))
        over = carried.total(towards), carried.total(away)
        rows = dict(zip((words("Came over links"), words("Went on over links")), over, strict=True))
    if selected.kind != "link":
        whole = words("All its traffic") if selected.kind != "all" else words("All traffic")
        rows[whole] = carried.total(shown.hourly.filter(shown.hourly["account"].is_in(ids)))
    look.table(
        (
            look.Column(words("What it carried")),
            look.Column(visits_name(words), words("Visits to a home page.")),
            look.Column(
                called["impressions"], words("Videos shown; over a link: to people who came over it.")
            ),
            look.Column(called["follows"], words("New follows; over a link: by people who came over it.")),
        ),
        [(name, *(amount(n, "count", words.language) for n in counts)) for name, counts in rows.items()],
        words("What it carried"),
        _colour(shown, selected),
    )
    _days(shown, selected, words)


def _colour(shown: Traffic, selected: Selected) -> str:
    own = "" if selected.kind == "all" else shown.place(selected.source).colour
    return own or PALETTES[look.ground()].muted


def _days(shown: Traffic, selected: Selected, words: Words) -> None:
    towards, away = traffic.over(shown, selected)
    if not shown.pairs:
        return
    start = shown.plan.run.first_hour
    days = carried.days_of(shown.plan.run.hours, start)
    parts = [(visits_name(words), towards, False)]
    if selected.kind in ("account", "group"):
        parts = [(words("Came over links"), towards, False), (words("Went on over links"), away, True)]
    colour, title = _colour(shown, selected), words("Home-page visits over links, day by day")
    series = [
        Series(name, colour, dashed, carried.by_day(table, "visits", days, start))
        for name, table, dashed in parts
    ]
    look.note(title)
    chart = DaysChart(tuple(series), tuple(range(1, days + 1)))
    texts = {"day": words("Day {day}"), "axis": words("day {day}")}
    figure = carried.days_figure(chart, texts, "count", words.language, look.ground())
    look.chart(figure, f"flow_days_{shown.request.key()[:8]}", title)


def _sankey(shown: Traffic, words: Words) -> None:
    st.header(words("The whole run"), anchor=False)
    titles = {
        ORIGIN: words("Origin → account → what came of it"),
        ACCOUNT: words("Account → channel → account"),
    }
    kinds = list(titles) if shown.links["visits"].sum() else [ORIGIN]
    if st.session_state[SANKEY] not in kinds:
        st.session_state[SANKEY] = ORIGIN
    kind = look.switch(words("Diagram"), {kind: titles[kind] for kind in kinds}, SANKEY) or ORIGIN
    texts = SankeyWords(
        names=tuple(traffic.place_name(shown, place, words) for place in shown.places),
        others=words("Others"),
        origins=labels(words, ORIGINS),
        events={"visits": visits_name(words), "follows": QUANTITIES["follows"].label(words.language)},
        width=words("Visits and follows:") if kind == ORIGIN else words("Home-page visits:"),
    )
    if kind == ORIGIN:
        chart = origin_chart(shown.hourly, shown.places, shown.ids, texts)
        said = N_("Width: home-page visits and new follows, by where they came from and on which account.")
    else:
        chart = channel_chart(shown.links, shown.places, shown.ids, texts)
        said = N_("Width: home-page visits over links, in the colour of the account they come from.")
    look.note(words(said))
    figure = sankey_figure(chart, texts, words.language, look.ground())
    look.chart(figure, f"flow_sankey_{shown.request.key()[:8]}_{kind}", titles[kind])
