import math
from dataclasses import dataclass
from typing import Any

import pytest

from sim.analysis.response import Cell, Level, Response, Standing
from sim.charts.response import (
    DEEPEST,
    MOST_TEXTS,
    ResponseWords,
    heat_chart,
    heat_figure,
    level_chart,
    level_figure,
)
from sim.charts.theme import PALETTES, Ground, mixed

WORDS = ResponseWords(
    "Fans", "Layout", "Best", "Cannot be told apart", "Behind", "Mean:", "Interval:", "Runs:", "≈", "top"
)


def level(value: Any) -> Level:
    number = isinstance(value, int | float)
    return Level(value, value, value) if number else Level(value)


def one_key(values: list[Any], means: list[float], standings: list[Standing] | None = None) -> Response:
    kinds: list[Standing] = standings or ["unknown"] * len(means)
    cells = [Cell((k,), m, m - 10, m + 20, 8, s) for k, (m, s) in enumerate(zip(means, kinds, strict=True))]
    return Response((tuple(map(level, values)),), tuple(cells), "seeds", None, 8, 0)


def two_keys(columns: int, rows: int) -> Response:
    cells = [
        Cell((x, y), 100.0 * x + y, None, None, 4, "best" if (x, y) == (columns - 1, rows - 1) else "tied")
        for x in range(columns)
        for y in range(rows)
        if (x, y) != (0, 0)
    ]
    levels = (tuple(level(k) for k in range(columns)), tuple(level(k) for k in range(rows)))
    return Response(levels, tuple(cells), "seeds", None, 4, 0)


def test_words_are_rows_and_numbers_a_curve() -> None:
    rows = level_chart(one_key(["none", "star"], [100, 200]), ["None", "Star"], "people", WORDS, "en")
    curve = level_chart(one_key([10, 20], [100, 200]), ["10", "20"], "people", WORDS, "en")
    assert not rows.numbers
    assert curve.numbers
    assert [mark.at for mark in curve.marks] == [10, 20]
    assert [mark.at for mark in rows.marks] == [0, 1]


@pytest.mark.parametrize(("values", "log"), [([1, 10, 100], True), ([1, 2, 4], False), ([0, 10, 100], False)])
def test_numbers_far_apart_stand_on_a_logarithmic_axis(values: list[Any], log: bool) -> None:
    chart = level_chart(one_key(values, [1, 2, 3]), ["a", "b", "c"], "people", WORDS, "en")
    assert chart.log is log
    axis = level_figure(chart, WORDS).layout.xaxis
    assert axis.type == ("log" if log else "linear")
    ends = [math.log10(v) if log else v for v in (values[0], values[-1])]
    assert axis.range[0] < ends[0] < ends[1] < axis.range[1]


def test_a_range_stands_at_its_middle() -> None:
    levels = (Level(None, 1.0, 3.0), Level(None, 3.0, 5.0))
    cells = (Cell((0,), 1.0, None, None, 3, "unknown"), Cell((1,), 2.0, 1.5, 2.5, 3, "unknown"))
    chart = level_chart(
        Response((levels,), cells, "points", None, 1, 0), ["1–3", "3–5"], "ratio", WORDS, "en"
    )
    assert [mark.at for mark in chart.marks] == [2.0, 4.0]
    assert chart.marks[0].low == chart.marks[0].mean == chart.marks[0].high
    assert "Interval" not in chart.marks[0].hover
    assert "Interval: 1.5" in chart.marks[1].hover


def test_the_axis_holds_every_interval() -> None:
    chart = level_chart(
        one_key(["a", "b", "c"], [74_000, 80_000, 83_000]), ["a", "b", "c"], "people", WORDS, "zh"
    )
    assert chart.axis.low < min(mark.low for mark in chart.marks)
    assert chart.axis.high > max(mark.high for mark in chart.marks)
    assert all(chart.axis.low <= tick <= chart.axis.high for tick in chart.axis.marks)
    assert all("万" in label for label in chart.axis.labels)


def test_small_differences_stay_visible() -> None:
    chart = level_chart(one_key(["a", "b"], [80_100, 80_300]), ["a", "b"], "people", WORDS, "zh")
    assert chart.marks[0].label != chart.marks[1].label


def test_equal_means_are_still_a_picture() -> None:
    cells = tuple(Cell((k,), 0.0, 0.0, 0.0, 8, "tied") for k in range(2))
    chart = level_chart(
        Response(((level("a"), level("b")),), cells, "seeds", None, 8, 0), ["a", "b"], "count", WORDS, "en"
    )
    assert chart.axis.low < 0 < chart.axis.high
    assert len(level_figure(chart, WORDS).data) == 1


def test_a_share_stays_between_0_and_1() -> None:
    cells = (Cell((0,), 0.9, 0.5, 1.3, 8, "tied"), Cell((1,), 0.1, -0.3, 0.5, 8, "tied"))
    chart = level_chart(
        Response(((level("a"), level("b")),), cells, "seeds", None, 8, 0), ["a", "b"], "share", WORDS, "en"
    )
    assert chart.marks[0].high == 1.0
    assert chart.marks[1].low == 0.0
    assert "90%" in chart.marks[0].label


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_grey_is_what_cannot_be_told_apart_and_each_interval_is_drawn(ground: Ground) -> None:
    answer = one_key(["a", "b", "c"], [100, 200, 210], ["worse", "tied", "best"])
    figure = level_figure(level_chart(answer, ["a", "b", "c"], "people", WORDS, "en"), WORDS, ground)
    by_name = {trace.name: trace for trace in figure.data}
    assert by_name["Cannot be told apart"].marker.color == PALETTES[ground].muted
    assert by_name["Best"].marker.color == PALETTES[ground].accent
    assert all(list(trace.error_x.array) == [20] for trace in figure.data)
    assert all(list(trace.error_x.arrayminus) == [10] for trace in figure.data)
    assert list(figure.layout.yaxis.ticktext) == ["a", "b", "c"]
    assert list(figure.layout.yaxis.tickvals) == [0, -1, -2]  # the first level on top


def test_nothing_is_called_best_where_it_may_not_be_said() -> None:
    figure = level_figure(level_chart(one_key([1, 2], [1, 2]), ["1", "2"], "people", WORDS, "en"), WORDS)
    assert not any(trace.showlegend for trace in figure.data)


def test_a_level_without_a_point_leaves_its_place_empty() -> None:
    answer = one_key(["a", "b", "c"], [1, 2, 3])._replace()
    holed = answer._replace(cells=(answer.cells[0], answer.cells[2]))
    figure = level_figure(level_chart(holed, ["a", "b", "c"], "people", WORDS, "en"), WORDS)
    assert list(figure.layout.yaxis.ticktext) == ["a", "c"]


def test_a_heat_map_has_a_cell_for_each_pair_and_a_hole_where_nothing_is_whole() -> None:
    chart = heat_chart(two_keys(3, 2), ["x", "y", "z"], ["a", "b"], "people", WORDS, "en")
    assert chart.means == ((None, 100.0, 200.0), (1.0, 101.0, 201.0))
    assert chart.texts[0][0] == chart.hovers[0][0] == ""
    assert chart.texts[1][2].endswith("<br>top")
    assert chart.texts[0][1].endswith("<br>≈")
    figure = heat_figure(chart, WORDS)
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.xaxis.title.text == "Fans"


def test_a_full_heat_map_leaves_its_numbers_to_the_hover() -> None:
    names = [str(k) for k in range(8)]
    assert MOST_TEXTS < 63
    chart = heat_chart(two_keys(8, 8), names, names, "people", WORDS, "en")
    assert chart.texts[0][1] == "≈"
    assert "Mean: 100" in chart.hovers[0][1]


def test_names_are_text_not_markup() -> None:
    wild = "<b>x</b>"
    rows = level_chart(one_key(["p", "q"], [1, 2]), [wild, "y"], "people", WORDS, "en")
    assert rows.marks[0].name == "&lt;b&gt;x&lt;/b&gt;"
    heat = heat_chart(two_keys(2, 2), [wild, "y"], [wild, "y"], "people", WORDS, "en")
    assert heat.columns[0] == heat.rows[0] == "&lt;b&gt;x&lt;/b&gt;"
    assert heat_figure(heat, WORDS._replace(key=wild)).layout.xaxis.title.text == "&lt;b&gt;x&lt;/b&gt;"


@dataclass
class Colour:
    text: str

    @property
    def luminance(self) -> float:
        parts = [int(self.text[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        line = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_text_is_readable_on_the_deepest_cell(ground: Ground) -> None:
    palette = PALETTES[ground]
    deepest = Colour(mixed(palette.accent, palette.panel, DEEPEST)).luminance
    text = Colour(palette.text).luminance
    assert (max(deepest, text) + 0.05) / (min(deepest, text) + 0.05) >= 4.5
