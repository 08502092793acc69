import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.ranks import rank_chart, rank_figure
from sim.language.words import Words

COLOURS = {"main": "#38A0C4", "<b>sub": "#8B5000"}
WORDS = Words("zh")
ROWS = st.lists(
    st.tuples(st.sampled_from(["main", "<b>sub", "creator 1"]), st.integers(0, 10**7), st.booleans()),
    min_size=1,
    max_size=60,
)


def table(rows: list[tuple[str, int, bool]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(account, views, "running" if on else "score below mark") for account, views, on in rows],
        schema={"account": pl.String, "impressions": pl.Int64, "stop_reason": pl.String},
        orient="row",
    )


def names(rows: list[tuple[str, int, bool]]) -> list[str]:
    return [f"{account} {k}" for k, (account, _, _) in enumerate(rows)]


@given(ROWS)
def test_ranks_fall_with_views_and_leave_out_only_what_nobody_saw(rows: list[tuple[str, int, bool]]) -> None:
    chart = rank_chart(table(rows), names(rows), names(rows), COLOURS, 10_000)
    points = sorted((p for group in chart.groups for p in group.points), key=lambda p: p.rank)
    assert [p.rank for p in points] == list(range(1, len(points) + 1))
    assert [p.views for p in points] == sorted((views for _, views, _ in rows if views), reverse=True)
    assert len(points) + chart.unseen == len(rows)


@given(ROWS)
def test_the_axes_hold_every_point_and_the_hit_mark(rows: list[tuple[str, int, bool]]) -> None:
    chart = rank_chart(table(rows), names(rows), names(rows), COLOURS, 10_000)
    for group in chart.groups:
        for point in group.points:
            assert 10**chart.low <= point.views <= 10**chart.high
            assert point.rank <= chart.last
    assert 10**chart.low <= chart.hit < 10**chart.high


def test_an_account_has_its_colour_and_the_others_share_one() -> None:
    rows = [("creator 1", 5, False), ("main", 9, False), ("creator 2", 7, True), ("<b>sub", 1, False)]
    groups = rank_chart(table(rows), names(rows), names(rows), COLOURS, 100).groups
    assert [(group.account, group.colour) for group in groups] == [*COLOURS.items(), ("", "")]
    assert [point.views for point in groups[2].points] == [7, 5]
    assert [point.running for point in groups[2].points] == [True, False]


def test_the_band_is_the_spread_of_repeats_at_each_rank() -> None:
    repeats = np.array([[10, 300, 20], [1000, 30, 40]])
    rows = [("main", views, False) for views in (5, 6, 7)]
    band = rank_chart(table(rows), names(rows), names(rows), COLOURS, 100, repeats).band
    assert band is not None
    assert band.middle == (650, 30, 20)  # means of two, by rank: 300 and 1000, 20 and 40, 10 and 30
    assert all(low <= middle <= high for low, middle, high in zip(*band, strict=True))
    assert sorted(band.middle, reverse=True) == list(band.middle)


@pytest.mark.parametrize("repeats", [None, np.zeros((4, 2), np.int64), np.full((4, 2), 50)])
def test_the_figure_rings_the_chosen_video_and_hands_its_key_to_the_page(repeats: np.ndarray | None) -> None:
    rows = [("main", 30_000, False), ("<b>sub", 12, True)]
    chart = rank_chart(table(rows), ["main.0", "<b>sub.4"], ["main", "<b>sub"], COLOURS, 10_000, repeats)
    figure = rank_figure(chart, WORDS, "light", "<b>sub.4")
    points = [trace for trace in figure.data if trace.customdata is not None]
    assert [trace.customdata[0][0] for trace in points] == ["main.0", "<b>sub.4"]
    assert points[1].customdata[0][1] == "&lt;b&gt;sub"  # plotly reads markup
    assert points[0].customdata[0][2] == "3.00 万"
    ring = figure.data[-1]
    assert (list(ring.x), list(ring.y)) == ([2], [12])
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert figure.layout.annotations[-1].text == "爆款标准 1 万"
    filled = points[0].marker.color[0], points[1].marker.color[0]
    assert filled == (COLOURS["main"], "#FFFFFF")  # hollow: still in a pool
    assert "10 万" in figure.layout.yaxis.ticktext
