"""The figure of sources: the scenario's shares, and the export's beside them."""

from typing import Any

from sim.charts.sources import source_chart, source_figure
from sim.language.words import Words

ROWS: list[dict[str, Any]] = [
    {"place": "recommend", "share": 0.8, "low": 0.7, "high": 0.9, "seen": 0.75, "within": True},
    {"place": "follow", "share": 0.2, "low": 0.1, "high": 0.3, "seen": 0.05, "within": False},
    {"place": "home", "share": 0.001, "low": 0.0, "high": 0.004, "seen": 0.0, "within": True},
]


def test_places_stand_in_their_order_in_the_readers_language() -> None:
    chart = source_chart(ROWS, "zh")
    assert [row.name for row in chart.rows] == ["推荐", "关注", "个人主页"]
    assert chart.rows[0].told == "80% (70 ～ 90%)"
    assert chart.rows[1].seen_told == "5%"
    assert [row.name for row in source_chart(ROWS, "en").rows] == ["Recommended", "Following", "Home page"]


def test_the_axis_begins_at_0_and_holds_every_number() -> None:
    chart = source_chart(ROWS, "en")
    assert chart.axis.low == 0.0
    assert 0.9 < chart.axis.high <= 1.0
    far = source_chart([{**ROWS[2], "seen": 0.6, "within": False}], "en")
    assert 0.6 < far.axis.high < 0.7


def test_what_lies_outside_is_hollow_and_named() -> None:
    figure = source_figure(source_chart(ROWS, "en"), Words("en"))
    bar, within, outside = figure.data
    assert list(bar.x) == [0.8, 0.2, 0.001]
    assert [round(end, 6) for end in bar.error_x.array] == [0.1, 0.1, 0.003]
    assert (list(within.x), within.marker.symbol) == ([0.75, 0.0], "diamond")
    assert (list(outside.x), list(outside.y), outside.marker.symbol) == ([0.05], [1], "diamond-open")
    assert "outside" in outside.name


def test_without_an_export_there_are_bars_alone() -> None:
    rows = [{**row, "seen": None, "within": None} for row in ROWS]
    figure = source_figure(source_chart(rows, "en"), Words("en"), "dark")
    assert [trace.type for trace in figure.data] == ["bar"]


def test_nothing_to_show_is_an_empty_figure() -> None:
    assert len(source_figure(source_chart([], "en"), Words("en")).data) == 1
