"""Sankey diagrams: what flows in flows out, nothing is lost when accounts are summed up."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.charts.places import Actor, places
from sim.charts.sankey import (
    MOST_ACCOUNTS,
    SankeyChart,
    SankeyWords,
    channel_chart,
    origin_chart,
    sankey_figure,
)

CHANNELS = ("follow", "like", "mention")


def actors(subs: int) -> list[Actor]:
    return [Actor("main", "main", ""), *(Actor(f"sub {k:02}", "sub", "") for k in range(subs))]


def words(count: int) -> SankeyWords:
    return SankeyWords(
        tuple(f"<i>account {k}</i>" for k in range(count)), "Others",
        {key: key.title() for key in ("recommend", "fans", *CHANNELS)},
        {"visits": "Visit", "follows": "Follow"}, "Visits:",
    )  # fmt: skip


def table(names: tuple[str, ...], texts: int, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    schema = {name: pl.String if k < texts else pl.Int64 for k, name in enumerate(names)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def balanced(chart: SankeyChart) -> None:
    """Every bar is as long as what flows into it and out of it."""
    for k, node in enumerate(chart.nodes):
        into = sum(ribbon.value for ribbon in chart.ribbons if ribbon.target == k)
        out = sum(ribbon.value for ribbon in chart.ribbons if ribbon.source == k)
        assert node.value > 0
        assert into in (node.value, 0)
        assert out in (node.value, 0)
        assert (into == 0) is (node.column == 0)
        assert (out == 0) is (node.column == 2)


@given(
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["recommend", "like"]), st.integers(0, 9),
                       st.integers(0, 9)), max_size=60),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_every_event_flows_from_its_origin_through_an_account(
    subs: int, moved: list[tuple[int, str, int, int]]
) -> None:
    known = actors(subs)
    rows = [(known[k].id, origin, visits, follows) for k, origin, visits, follows in moved if k <= subs]
    hourly = table(("account", "origin", "visits", "follows"), 2, rows)
    chart = origin_chart(hourly, places(known), [a.id for a in known], words(subs + 1))
    balanced(chart)
    for column in range(3):
        assert sum(node.value for node in chart.nodes if node.column == column) == sum(
            visits + follows for *_, visits, follows in rows
        )
    assert sum(node.column == 1 for node in chart.nodes) <= MOST_ACCOUNTS
    sankey_figure(chart, words(subs + 1), "zh", "dark")


@given(
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(CHANNELS), st.integers(0, 9)),
             max_size=80),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_every_visit_flows_through_its_channel(subs: int, moved: list[tuple[int, int, str, int]]) -> None:
    known = actors(subs)
    rows = [
        (known[a].id, known[b].id, channel, n) for a, b, channel, n in moved if max(a, b) <= subs and a != b
    ]
    links = table(("from", "to", "channel", "visits"), 3, rows)
    chart = channel_chart(links, places(known), [a.id for a in known], words(subs + 1))
    balanced(chart)
    by_channel = {node.name: node.value for node in chart.nodes if node.column == 1}
    for channel in CHANNELS:
        assert by_channel.get(channel.title(), 0) == sum(row[3] for row in rows if row[2] == channel)


def test_the_main_account_is_never_summed_up() -> None:
    known = actors(40)
    rows = [("main", "recommend", 1, 0), *((a.id, "recommend", 10, 1) for a in known[1:])]
    hourly = table(("account", "origin", "visits", "follows"), 2, rows)
    chart = origin_chart(hourly, places(known), [a.id for a in known], words(41))
    names = [node.name for node in chart.nodes if node.column == 1]
    assert "&lt;i&gt;account 0&lt;/i&gt;" in names
    assert "Others" in names
    assert len(names) == MOST_ACCOUNTS


def test_visitors_keep_the_colour_of_the_account_they_come_from() -> None:
    known = actors(2)
    links = table(
        ("from", "to", "channel", "visits"), 3,
        [("main", "sub 00", "like", 3), ("sub 01", "sub 00", "like", 4)],
    )  # fmt: skip
    chart = channel_chart(links, places(known), [a.id for a in known], words(3))
    on = {ribbon.colour: ribbon.value for ribbon in chart.ribbons if chart.nodes[ribbon.target].column == 2}
    first, _, third = places(known)
    assert on == {first.colour: 3, third.colour: 4}
