"""The account graph on the page: drawn, explained in words, and clicked."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from sim.app.pages.flow.traffic import ALL, Selected, Traffic, place_name
from sim.app.ui import look
from sim.charts.graph import MOST_LINES, GraphChart, graph_chart
from sim.charts.graph_figure import Target, clicked, graph_figure
from sim.charts.places import MOST_SUBS
from sim.charts.theme import Ground
from sim.language.numbers import amount
from sim.language.words import N_, Words


def draw(
    shown: Traffic,
    selected: Selected,
    words: Words,
    key: str,
    select: Callable[[Selected], None] | None = None,
) -> None:
    """Draws the picture; `select` is called with what is clicked, None for a picture that only shows."""
    chart = _chart(shown)
    figure = _figure(
        shown.request.key(), shown.channels, selected, words.language, look.ground(), shown, words
    )
    visits = int(shown.links["visits"].sum())
    alt = words("Account graph: {visits} home-page visits over links", visits=visits)
    look.chart(figure, key, alt, select and (lambda: _clicked(key, chart, figure, shown, select)))
    look.note(_legend(chart, words))
    if any(place.group and place.role == "sub" for place in shown.places):
        said = N_(
            "More than {n} sub-accounts: the largest stand alone, the others in one circle a main topic."
        )
        look.note(words(said, n=MOST_SUBS))
    if chart.bundled:
        said = N_(
            "More than {n} links: those among sub-accounts are bundled into one ring road, with a ramp "
            "from and to each sub-account."
        )
        look.note(words(said, n=MOST_LINES))


def _legend(chart: GraphChart, words: Words) -> str:
    account = words("Area of a circle: impressions so far.")
    if not chart.busiest:
        return account
    return account + words(
        " Ribbon: home-page visits over a link, in the whole run or in the {hours} h that are played, in the "
        "colour of the account they come from; its width grows with their logarithm, the widest is {most}. "
        "Faint line: a link that carried nothing.",
        hours=chart.step_h,
        most=amount(chart.busiest, "count", words.language),
    )


def _chart(shown: Traffic) -> GraphChart:
    return graph_chart(shown.places, shown.ids, shown.pairs, shown.links, shown.hourly, shown.plan.run.hours)


@st.cache_resource(max_entries=12, show_spinner=False)
def _figure(
    key: str,
    channels: tuple[str, ...],
    selected: Selected,
    language: str,
    ground: Ground,
    _shown: Traffic,
    _words: Words,
) -> Any:
    """The figure of the graph; it takes a second for large matrices, so the last ones are kept."""
    names = [place_name(_shown, place, _words) for place in _shown.places]
    chart = _chart(_shown)
    return graph_figure(
        chart,
        names,
        _words,
        ground,
        marked=_marked(chart, selected),
        start_h=_shown.plan.run.first_hour,
    )


def _marked(chart: GraphChart, selected: Selected) -> Target | None:
    numbers = {place.key: k for k, place in enumerate(chart.places)}
    if selected.kind in ("account", "group"):
        return Target(numbers[selected.source], None)
    if selected.kind == "link":
        ends = numbers[selected.source], numbers[selected.target]
        lines = (k for k, line in enumerate(chart.lines) if (line.source, line.target) == ends)
        return next((Target(None, k) for k in lines), None)
    return None


def _clicked(
    key: str, chart: GraphChart, figure: Any, shown: Traffic, select: Callable[[Selected], None]
) -> None:
    """Takes what was clicked as the choice; a click beside everything changes nothing."""
    points: list[Mapping[str, Any]] = st.session_state[key]["selection"]["points"]
    for point in points:
        curve = str(figure.data[point["curve_number"]].name)
        target = clicked(chart, curve, int(point["point_index"]))
        if target is not None:
            select(_choice(chart, target))


def _choice(chart: GraphChart, target: Target) -> Selected:
    """The choice that a part of the figure stands for; a ramp, or a creator's @, for its account."""
    if target.line is not None:
        line = chart.lines[target.line]
        ends = [chart.places[number] for number in (line.source, line.target) if number >= 0]
        if len(ends) == 0:
            return ALL
        if len(ends) == len((line.source, line.target)) and ends[0].role != "creator":
            return Selected("link", ends[0].key, ends[1].key)
        place = ends[0]
    else:
        assert target.place is not None
        place = chart.places[target.place]
    return Selected("group" if place.group else "account", place.key)
