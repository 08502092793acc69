from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.funnel import funnel_chart, funnel_figure
from sim.language.words import Words

SIZES = (350, 3_000, 13_500, 125_000)
WORDS = Words("en")
REASONS = ("running", "score below mark", "audience exhausted", "top of the ladder")
VIDEOS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(REASONS)))


def table(rows: list[tuple[int, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"pool": pl.Int64, "stop_reason": pl.String}, orient="row")


BEAUTY = table([(1, "score below mark")] * 41 + [(1, "running")] + [(2, "score below mark")] * 14
               + [(3, "score below mark")] * 2 + [(3, "running")])  # fmt: skip


def test_the_counts_are_those_of_the_table() -> None:
    first, second, third, fourth = funnel_chart(BEAUTY, SIZES)
    assert (first.entered, first.promoted, first.stopped, first.running) == (59, 17, 41, 1)
    assert (second.entered, second.promoted, second.stopped, second.running) == (17, 3, 14, 0)
    assert (third.entered, third.promoted, third.stopped, third.running) == (3, 0, 2, 1)
    assert (fourth.entered, fourth.share) == (0, None)
    assert first.share == 17 / 58  # the one still in it has not been judged


@given(VIDEOS)
def test_no_video_is_lost_between_two_pools(rows: list[tuple[int, str]]) -> None:
    rungs = funnel_chart(table(rows), SIZES)
    assert rungs[0].entered == len(rows)
    for rung in rungs:
        assert rung.entered == rung.promoted + rung.stopped + rung.running
        assert min(rung.entered, rung.promoted, rung.stopped, rung.running) >= 0
    for above, below in pairwise(rungs):
        assert above.promoted == below.entered


@given(VIDEOS)
def test_it_ends_with_the_first_pool_that_nobody_entered(rows: list[tuple[int, str]]) -> None:
    rungs = funnel_chart(table(rows), SIZES)
    assert all(rung.entered for rung in rungs[:-1])
    assert not rungs[-1].entered or len(rungs) == len(SIZES)


@given(VIDEOS)
def test_every_share_has_an_interval_that_holds_it(rows: list[tuple[int, str]]) -> None:
    for rung in funnel_chart(table(rows), SIZES):
        if rung.share is None:
            assert (rung.low, rung.high) == (0, 1)
        else:
            assert rung.low <= rung.share <= rung.high
            assert rung.low < rung.high


def test_bars_are_to_scale_and_shares_carry_their_intervals() -> None:
    rungs = funnel_chart(BEAUTY, SIZES)
    figure = funnel_figure(rungs, WORDS, "light")
    *bars, dots = figure.data
    for k, rung in enumerate(rungs):
        assert sum(bar.x[k] for bar in bars) == rung.entered
    assert figure.layout.barmode == "stack"
    assert figure.layout.xaxis.type is None  # a log scale would make 3 look like half of 60
    assert list(dots.x) == [rung.share for rung in rungs if rung.judged]
    assert dots.error_x.array[0] == pytest.approx(rungs[0].high - 17 / 58)
    assert dots.error_x.arrayminus[0] == pytest.approx(17 / 58 - rungs[0].low)


def test_each_row_says_its_counts() -> None:
    figure = funnel_figure(funnel_chart(BEAUTY, SIZES), Words("zh"), "dark")
    texts = [note.text for note in figure.layout.annotations]
    assert texts[0] == (
        "<b>第1级流量池 · 零粉账号约 350 次曝光</b><br>进入 59 条：晋级 17，止步 41，推荐中 1"
    )
    assert texts[2].endswith("约 1.35 万次曝光</b><br>进入 3 条：晋级 0，止步 2，推荐中 1")
    assert "晋级率" not in texts[0]
    assert "58 条中 17 条" in figure.data[-1].customdata[0]
