from typing import Any

import pytest

from sim.charts.intervals import interval_chart, interval_figure, standing_of
from sim.language.words import Words

NAMES = {"none": "无联动", "star": "星形", "mesh": "网状"}
WORDS = Words("en")


def variant(name: str, mean: float, low: float, high: float) -> dict[str, Any]:
    return {
        "name": name,
        "mean": mean,
        "difference": (low + high) / 2,
        "difference_low": low,
        "difference_high": high,
    }


def comparison(code: str, *variants: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": {"code": code}, "variants": list(variants)}


TIED = comparison(
    "cannot_tell_apart",
    variant("none", 70_000, -30_000, -10_000),
    variant("star", 90_000, 0, 0),
    variant("mesh", 89_000, -3_000, 1_000),
)
WON = comparison("winner", variant("star", 90_000, 0, 0), variant("none", 70_000, -30_000, -10_000))
EQUAL = comparison("identical", variant("star", 1.0, 0, 0), variant("none", 1.0, 0, 0))


RARE = comparison(
    "cannot_tell_apart",
    variant("star", 90_000, 0, 0),
    variant("mesh", 89_999, -1, -1) | {"difference_low": None, "difference_high": None},
)


def test_what_is_too_rare_to_tell_is_grey_hollow_and_says_so_without_a_bar() -> None:
    assert standing_of(RARE) == {"star": "tied", "mesh": "tied"}
    for language, said in (("en", "too rare to tell"), ("zh", "出现差异的次数太少，暂无法判断")):
        chart = interval_chart(RARE, NAMES, "people", language)
        assert (chart.rows[1].label, chart.rows[1].interval) == (said, said)
        assert chart.axis.low < -1
        [marks] = interval_figure(chart, WORDS).data
        assert list(marks.marker.symbol) == ["circle", "circle-open"]
        assert list(marks.error_x.array) == list(marks.error_x.arrayminus) == [0.0, 0.0]


def test_nobody_is_best_while_the_best_cannot_be_told_apart() -> None:
    assert standing_of(TIED) == {"none": "worse", "star": "tied", "mesh": "tied"}
    assert standing_of(WON) == {"star": "best", "none": "worse"}
    assert set(standing_of(EQUAL).values()) == {"tied"}


def test_of_several_that_will_do_each_is_best_and_none_is_grey() -> None:
    rows = (variant("none", 70_000, -30_000, -10_000), variant("star", 90_000, 0, 0))
    several = comparison("equivalent", *rows, variant("mesh", 89_000, -3_000, 1_000))
    assert standing_of(several) == {"none": "worse", "star": "best", "mesh": "best"}


def test_variants_stand_by_falling_mean() -> None:
    chart = interval_chart(TIED, NAMES, "people", "zh")
    assert [row.name for row in chart.rows] == ["星形", "网状", "无联动"]


def test_the_axis_holds_every_interval_and_zero() -> None:
    chart = interval_chart(TIED, NAMES, "people", "zh")
    assert chart.axis.low < -30_000
    assert chart.axis.high > 1_000
    assert 0 in chart.axis.marks


def test_numbers_are_those_of_the_language() -> None:
    zh, en = (interval_chart(TIED, NAMES, "people", language) for language in ("zh", "en"))
    assert zh.rows[2].label == "−2.00 万"
    assert zh.rows[2].interval == "−3.00 ～ −1.00 万"
    assert en.rows[2].label == "−20.0K"
    assert zh.axis.labels[-1] == en.axis.labels[-1] == "0"
    assert "−2 万" in zh.axis.labels
    assert "−20K" in en.axis.labels


def test_a_small_gap_is_not_shown_as_none() -> None:
    close = comparison("cannot_tell_apart", variant("star", 4.0, 0, 0), variant("none", 3.98, -0.07, 0.03))
    chart = interval_chart(close, NAMES, "count", "en")
    assert chart.rows[1].label == "−0.020"
    assert chart.rows[1].interval == "−0.070 to +0.030"


def test_chances_differ_in_points() -> None:
    close = comparison("cannot_tell_apart", variant("star", 0.9, 0, 0), variant("none", 0.8, -0.3, 0.1))
    chart = interval_chart(close, NAMES, "share", "en")
    assert chart.rows[1].label == "−10 pts"
    assert chart.axis.labels == ("−20", "0")


def test_no_difference_at_all_is_still_a_picture() -> None:
    chart = interval_chart(EQUAL, NAMES, "ratio", "en")
    assert chart.axis.low < 0 < chart.axis.high
    assert [row.label for row in chart.rows] == ["0", "0"]


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_the_figure_draws_an_interval_for_every_variant(ground: Any) -> None:
    figure = interval_figure(interval_chart(TIED, NAMES, "people", "zh"), WORDS, ground)
    assert [trace.name for trace in figure.data] == ["Cannot be told apart from the best", "Behind the best"]
    assert sum(len(trace.x) for trace in figure.data) == 3
    grey, brown = figure.data
    assert grey.marker.color != brown.marker.color
    assert list(brown.error_x.array) == [10_000]
    assert list(brown.error_x.arrayminus) == [10_000]
    assert list(figure.layout.yaxis.ticktext) == ["星形", "网状", "无联动"]


def test_two_variants_of_one_name_are_both_drawn() -> None:
    figure = interval_figure(interval_chart(WON, {"star": "a", "none": "a"}, "people", "en"), WORDS)
    assert [list(trace.y) for trace in figure.data] == [[1], [0]]


def test_a_name_is_text_not_markup() -> None:
    wild = {"star": "<b>x</b>", "none": "y"}
    figure = interval_figure(interval_chart(WON, wild, "people", "en"), WORDS)
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;x&lt;/b&gt;"
    assert figure.data[0].customdata[0][0] == "&lt;b&gt;x&lt;/b&gt;"
