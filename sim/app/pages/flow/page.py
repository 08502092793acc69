"""Traffic flow 流量走向: what moves over the links hour by hour, and what an account or a link is worth.

Four controls; one run as an animated account graph and as a Sankey; a click, or the list beside
it, chooses what is looked at. Computes nothing itself.
"""

import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Running
from sim.app.jobs.variants import laid_out
from sim.app.pages.flow import graph, removal, traffic
from sim.app.pages.flow.traffic import ALL, Selected, Traffic
from sim.app.ui import address, choice, look, watch
from sim.app.ui.names import layout_name, market, scenario_name
from sim.charts import carried
from sim.charts.carried import DaysChart, Series
from sim.charts.numbers import amount
from sim.charts.sankey import SankeyWords, channel_chart, origin_chart, sankey_figure
from sim.charts.theme import PALETTES
from sim.language.names import LAYOUT as LAYOUTS
from sim.language.words import Words
from sim.scenario.layouts import link_counts
from sim.scenario.matrix import CHANNELS

LAYOUT, OF, CHOSEN, CHANNEL, SANKEY = (
    f"kept_flow_{name}" for name in ("layout", "of", "selected", "channels", "sankey")
)
SHOWN, MARKED = "flow_shown", "flow_marked"
"""Session keys: the request on screen, and the choice that is drawn into the picture."""
MOST_LINKS = 30_000
"""Links, channels counted, past which there is no picture of them: a mesh of 100 accounts has as many."""
PLAIN = {"displayModeBar": False, "scrollZoom": False}
ORIGIN, ACCOUNT = "origin", "account"
"""The two Sankey diagrams."""


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Traffic flow"), anchor=False)
    look.lead(
        words("Where does traffic move between your accounts, and what is each account and each link worth?")
    )
    _remember()
    removal.remember()
    request = _controls(words)
    counted = link_counts(request.plan())
    if counted.links > MOST_LINKS:
        st.info(words("This layout has {n} links: too many for a picture. Choose another layout.",
                      n=amount(counted.links, "count", words.language)))  # fmt: skip
        return
    if watch.answered(request, words) is not None:
        st.session_state[SHOWN] = request
        _draw(request, words)
        _note_in_address()
        return
    _note_in_address()
    before: Running | None = st.session_state.get(SHOWN)
    if before is not None and before.scenario == request.scenario and store.found(before) is not None:
        st.subheader(words("Previous answer"), anchor=False)
        with st.container(key="flow_previous"):
            shown = traffic.loaded(before, _channels())
            graph.draw(shown, ALL, words, key="flow_graph_before", select=None)


def _remember() -> None:
    """Choices at the start of a session, and for a scenario that was not shown before."""
    state = st.session_state
    if CHANNEL not in state:
        asked = address.read("channels").split(".")
        state[CHANNEL] = [channel for channel in CHANNELS if channel in asked] or list(CHANNELS)
        state[LAYOUT], state[CHOSEN], state[OF] = (
            address.read("layout"),
            address.read("selected"),
            choice.name(),
        )
        state[SANKEY] = ORIGIN
    if state[OF] != choice.name():
        state[OF], state[LAYOUT], state[CHOSEN] = choice.name(), "", ALL.text()
        state.pop(MARKED, None)
    if state[LAYOUT] not in _layouts():
        state[LAYOUT] = _layouts()[0]


def _layouts() -> list[str]:
    """Layouts to choose from, the scenario's own first."""
    own = str(choice.plan().links.layout)
    return [own, *(layout for layout in LAYOUTS if layout not in (own, "custom"))]


def _channels() -> list[str]:
    """Channels to look at; all where none is chosen."""
    chosen = st.session_state[CHANNEL]
    return [channel for channel in CHANNELS if channel in chosen] or list(CHANNELS)


def _controls(words: Words) -> Running:
    """The controls: what to run, and which channels to look at."""
    own = _layouts()[0]
    meanings = (
        f"**{layout_name(words, key)}**: {LAYOUTS[key].definition(words.language)}" for key in _layouts()
    )
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", key="flow_choices"):
            name = choice.scenario_box(words)
            layout = st.selectbox(
                words("Layout"),
                _layouts(),
                format_func=lambda key: (
                    words("{layout}, as planned", layout=layout_name(words, key))
                    if key == own
                    else layout_name(words, key)
                ),
                key=LAYOUT,
                width=190,
                help="\n\n".join(meanings),
            )
            users = choice.audience_box(words)
            seed = choice.seed_box(words)
        with st.expander(words("Channels shown")):
            st.pills(
                words("Channels"),
                CHANNELS,
                selection_mode="multi",
                format_func=traffic.channel_names(words).__getitem__,
                key=CHANNEL,
                help=words(
                    "What is not chosen is left out of the pictures and numbers, not of the simulation."
                ),
            )
    return Running(name, users, seed, "{}" if layout == own else laid_out([layout])[0].settings)


def _note_in_address() -> None:
    """Keeps the address up to date."""
    state = st.session_state
    choice.note_in_address(
        layout=state[LAYOUT],
        seed=str(choice.seed()),
        selected=state[CHOSEN],
        channels=".".join(_channels()),
        without="yes" if state[removal.ASKED] == state[CHOSEN] else "no",
        metric=state[removal.METRIC],
    )


def _draw(request: Running, words: Words) -> None:
    shown = traffic.loaded(request, _channels())
    selected = traffic.chosen(shown, st.session_state[CHOSEN] or "")
    st.session_state[CHOSEN] = selected.text()
    look.note(
        words(
            "Seed {seed} · {users} · {hours} h · {scenario}",
            seed=request.seed,
            users=market(words, request),
            hours=shown.plan.run.hours,
            scenario=scenario_name(words, request.scenario),
        )
    )
    if not shown.edges:
        st.info(
            words(
                "Layout {layout}: no account links to another, so nothing moves between them. The picture "
                "shows each account's impressions.",
                layout=layout_name(words, shown.plan.links.layout),
            )
        )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        marked = traffic.chosen(shown, st.session_state.setdefault(MARKED, selected.text()))
        graph.draw(shown, marked, words, key=f"flow_graph_{request.key()[:8]}", select=_select)
    with right:
        _details(shown, selected, words)
    removal.draw(shown, selected, words)
    _sankey(shown, words)


def _select(selected: Selected) -> None:
    """Takes what was clicked as the choice.

    The picture shows by itself what was clicked; drawn anew it would lose the hour at which it stands.
    """
    state = st.session_state
    state[CHOSEN] = selected.text()
    if state[MARKED] != ALL.text():
        state[MARKED] = selected.text()


def _mark() -> None:
    """Marks what was chosen from the list in the picture."""
    st.session_state[MARKED] = st.session_state[CHOSEN]


def _details(shown: Traffic, selected: Selected, words: Words) -> None:
    """What is selected, and what it carried."""
    options = traffic.choices(shown, selected)
    names = {text: traffic.name_of(shown, option, words) for text, option in options.items()}
    st.selectbox(
        words("Account or link"),
        list(names),
        format_func=names.__getitem__,
        key=CHOSEN,
        on_change=_mark,
        help=words("By falling visits. A click on a circle or an arrow in the picture chooses too."),
    )
    towards, away = traffic.over(shown, selected)
    language = words.language
    palette = PALETTES[look.ground()]
    rows: dict[str, carried.Carried] = {}
    if selected.kind in ("all", "link"):
        names_of = traffic.channel_names(words)
        rows = {
            names_of[channel]: found for channel, found in carried.by_channel(towards, _channels()).items()
        }
        ids = shown.ids
    else:
        ids = tuple(shown.members(selected.source))
        rows = {
            words("Came over links"): carried.total(towards),
            words("Went on over links"): carried.total(away),
        }
    if selected.kind != "link":
        rows[words("All its traffic") if selected.kind != "all" else words("All traffic")] = carried.total(
            shown.hourly.filter(shown.hourly["account"].is_in(ids))
        )
    look.table(
        (
            look.Column(words("What it carried"), ""),
            look.Column(words("Visits"), words("Visits to a home page.")),
            look.Column(
                words("Impressions"), words("Videos shown; over a link: to people who came over it.")
            ),
            look.Column(words("Follows"), words("New follows; over a link: by people who came over it.")),
        ),
        [
            (look.Cell(name), *(look.Cell(amount(count, "count", language)) for count in found))
            for name, found in rows.items()
        ],
        [_colour(shown, selected) or palette.muted] * len(rows),
        words("What it carried"),
    )
    _days(shown, selected, words)


def _colour(shown: Traffic, selected: Selected) -> str:
    return "" if selected.kind == "all" else shown.place(selected.source).colour


def _days(shown: Traffic, selected: Selected, words: Words) -> None:
    """Home-page visits over links day by day."""
    towards, away = traffic.over(shown, selected)
    if not shown.pairs:
        return
    palette, start = PALETTES[look.ground()], shown.start_h
    days = carried.days_of(shown.plan.run.hours, start)
    parts = [(words("Visits"), towards, False)]
    if selected.kind in ("account", "group"):
        parts = [(words("Came over links"), towards, False), (words("Went on over links"), away, True)]
    colour = _colour(shown, selected) or palette.muted
    series = [
        Series(name, colour, dashed, carried.by_day(table, "visits", days, start))
        for name, table, dashed in parts
    ]
    look.note(words("Home-page visits over links, day by day"))
    figure = carried.days_figure(
        DaysChart(tuple(series), tuple(range(1, days + 1))),
        {"day": words("Day {day}"), "axis": words("day {day}")},
        "count",
        words.language,
        look.ground(),
    )
    st.plotly_chart(
        figure, key=f"flow_days_{shown.request.key()[:8]}", config=PLAIN,
        alt=words("Home-page visits over links, day by day"),
    )  # fmt: skip


def _sankey(shown: Traffic, words: Words) -> None:
    """The whole run as a Sankey diagram."""
    st.subheader(words("The whole run"), anchor=False)
    labels = {
        ORIGIN: words("Origin → account → what came of it"),
        ACCOUNT: words("Account → channel → account"),
    }
    kinds = list(labels) if shown.links["visits"].sum() else [ORIGIN]
    if st.session_state[SANKEY] not in kinds:
        st.session_state[SANKEY] = ORIGIN
    asked = st.segmented_control(
        words("Diagram"),
        kinds,
        format_func=labels.__getitem__,
        key=SANKEY,
        required=True,
        label_visibility="collapsed",
    )
    kind = asked or ORIGIN
    texts = SankeyWords(
        names=traffic.place_names(shown, words),
        others=words("Others"),
        origins=traffic.origin_names(words),
        events={"visits": words("Visits"), "follows": words("Follows")},
        width=words("Visits and follows:") if kind == ORIGIN else words("Home-page visits:"),
    )
    if kind == ORIGIN:
        chart = origin_chart(shown.hourly, shown.places, shown.ids, texts)
        look.note(
            words("Width: home-page visits and new follows, by where they came from and on which account.")
        )
    else:
        chart = channel_chart(shown.links, shown.places, shown.ids, texts)
        look.note(words("Width: home-page visits over links, in the colour of the account they come from."))
    st.plotly_chart(
        sankey_figure(chart, texts, words.language, look.ground()),
        key=f"flow_sankey_{shown.request.key()[:8]}_{kind}",
        config=PLAIN,
        alt=labels[kind],
    )
