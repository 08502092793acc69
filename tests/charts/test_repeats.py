from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.repeats import repeat_chart, repeat_figure
from sim.language.words import Words

WORDS = Words("zh")
VIEWS = st.lists(st.integers(0, 10**8), min_size=1, max_size=40)


@given(VIEWS, st.integers(0, 10**8))
def test_the_axis_holds_every_repeat_and_this_run(views: list[int], own: int) -> None:
    chart = repeat_chart(views, own, 10_000)
    assert 10**chart.left < min(*chart.views, chart.own)
    assert max(*chart.views, chart.own) < 10**chart.right
    assert all(chart.left <= log10(mark) <= chart.right for mark in chart.marks)
    assert len(chart.marks) <= 9
    assert chart.views[0] <= chart.low <= chart.middle <= chart.high <= chart.views[-1]


def test_hits_are_repeats_past_the_mark() -> None:
    chart = repeat_chart([5, 10_000, 9_999, 20_000], 700, 10_000)
    assert chart.hits == 2
    assert chart.own == 700


def test_no_dot_covers_another() -> None:
    chart = repeat_chart([100] * 5 + [90_000], 100, 10_000)
    dots = repeat_figure(chart, WORDS, "light").data[1]
    assert len(set(zip(dots.x, dots.y, strict=True))) == len(chart.views)


def test_the_hit_mark_is_drawn_only_where_it_is_on_the_axis() -> None:
    near, far = (repeat_figure(repeat_chart([500], own, 10_000), WORDS, "dark") for own in (20_000, 500))
    assert [note.text for note in near.layout.annotations] == ["爆款标准（播放量）"]
    assert not far.layout.annotations


def test_without_repeats_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no repeats"):
        repeat_chart([], 5, 10)
