"""What was carried: sums over channels and days are the whole."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.carried import Carried, DaysChart, Series, by_channel, by_day, days_figure, days_of, total

CHANNELS = ("follow", "like", "mention")
ROWS = st.lists(st.tuples(st.integers(0, 95), st.sampled_from(CHANNELS), st.integers(0, 50)), max_size=40)


def table(rows: list[tuple[int, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(hour, channel, n, 2 * n, 0) for hour, channel, n in rows],
        schema={"hour": pl.Int64, "channel": pl.String, "visits": pl.Int64, "impressions": pl.Int64,
                "follows": pl.Int64},
        orient="row",
    )  # fmt: skip


@given(ROWS, st.integers(0, 23))
def test_channels_and_days_sum_to_the_whole(rows: list[tuple[int, str, int]], start: int) -> None:
    links = table(rows)
    whole = total(links)
    assert whole.impressions == 2 * whole.visits
    found = by_channel(links, CHANNELS)
    assert list(found) == list(CHANNELS)
    assert Carried(*(sum(parts) for parts in zip(*found.values(), strict=True))) == whole
    assert sum(by_day(links, "visits", days_of(96, start), start)) == whole.visits


def test_a_day_ends_at_midnight() -> None:
    links = table([(0, "like", 1), (3, "like", 10), (4, "like", 100)])
    assert by_day(links, "visits", days_of(24, 20), start_h=20) == (11, 100)


def test_the_small_figure_starts_at_zero_and_marks_whole_numbers() -> None:
    chart = DaysChart((Series("<b>", "#123456", dashed=False, values=(1, 0, 2)),), (1, 2, 3))
    figure = days_figure(chart, {"day": "Day {day}", "axis": "{day}"}, "count", "en")
    assert figure.layout.yaxis.range[0] == 0
    assert all(mark == int(mark) for mark in figure.layout.yaxis.tickvals)
    assert figure.data[0].name == "&lt;b&gt;"
    assert list(figure.data[0].customdata) == ["1", "0", "2"]
