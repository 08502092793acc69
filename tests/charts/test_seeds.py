import json
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.app.jobs.measuring import judged_by
from sim.charts.seeds import SeedsWords, seeds_chart, seeds_figure, strips_chart, strips_figure
from sim.charts.theme import PALETTES

WORDS = SeedsWords("Mean", "Mean, tied", "Interval:", "One run each", "Seed 1")
APART = [[1.0, 2.0, 1.5, 1.2], [9.0, 9.5, 9.2, 9.9]]
ALIKE = [[1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.1]]


def measure(table: list[list[float]]) -> dict[str, Any]:
    return judged_by(np.array(table), ["one", "<b>two"][: len(table)])


def chart(table: list[list[float]], **others: Any) -> Any:
    return seeds_chart(measure(table), {}, others.get("kind", "count"), "en", others.get("own", 0))


def test_what_cannot_be_told_apart_is_grey_and_a_winner_is_not() -> None:
    for table, colour in ((ALIKE, PALETTES["light"].muted), (APART, PALETTES["light"].accent)):
        means = [t for t in seeds_figure(chart(table), WORDS).data if t.mode == "markers+text"]
        assert [(t.marker.color, len(t.x)) for t in means] == [(colour, 2)]


def test_every_seed_has_a_line_through_all_variants() -> None:
    found = chart(APART)
    assert found.lines == tuple(zip(*APART, strict=True))
    figure = seeds_figure(found, WORDS)
    thin, own = figure.data[0], figure.data[1]
    assert len(thin.x) == 3 * (len(found.lines) - 1)
    assert tuple(own.y) == found.lines[0]


def test_a_seed_outside_the_runs_leaves_only_thin_lines() -> None:
    figure = seeds_figure(chart(APART, own=9), WORDS)
    assert len(figure.data[0].x) == 3 * 4
    assert WORDS.own not in [trace.name for trace in figure.data]


def test_every_mean_has_its_interval() -> None:
    figure = seeds_figure(chart(APART), WORDS)
    bars = next(t for t in figure.data if t.mode == "markers+text").error_y
    assert all(size > 0 for size in (*bars.array, *bars.arrayminus))


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=2, max_size=2))
def test_the_axis_begins_at_0_and_holds_everything(table: list[list[float]]) -> None:
    found = chart(table)
    assert found.axis.marks[0] == 0
    assert found.axis.high > max(*(p.high or 0.0 for p in found.points), *map(max, found.lines))
    assert all(p.low is None or 0 <= p.low <= p.mean + 1e-6 for p in found.points)


def test_names_are_shown_as_text_and_never_as_markup() -> None:
    assert (
        "<b>two" not in json.loads(seeds_figure(chart(APART), WORDS).to_json())["layout"]["xaxis"]["ticktext"]
    )
    strips = strips_chart({"<b>two": [[5]]}, {}, "en", 0)
    assert strips.strips[0].name == "&lt;b&gt;two"


def test_a_strip_has_a_dot_for_each_copy_and_a_row_for_each_run() -> None:
    found = strips_chart({"a": [[10, 20], [30, 40], [50, 60]]}, {}, "en", 1)
    strip = found.strips[0]
    assert sorted(count for count, _, _ in strip.views) == [10, 20, 30, 40, 50, 60]
    assert len({height for _, height, _ in strip.views}) == 3
    assert strip.middle == 35
    figure = strips_figure(found, WORDS, "Impressions", "Middle")
    mine = next(trace for trace in figure.data if trace.name == WORDS.own)
    assert list(mine.x) == [30, 40]


def test_marks_of_the_strips_reach_beyond_the_largest() -> None:
    found = strips_chart({"a": [[7, 1_400]]}, {}, "en", 0)
    assert found.marks[0] == 1
    assert found.marks[-1] >= 1_000
    assert len(found.marks) == len(found.mark_labels)
