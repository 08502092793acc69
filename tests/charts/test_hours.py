from hypothesis import given
from hypothesis import strategies as st

from sim.charts.hours import MOST_POINTS, STEPS, hours_chart, hours_figure

COUNTS = st.integers(1, 250).flatmap(
    lambda hours: st.lists(st.lists(st.integers(0, 5000), min_size=hours, max_size=hours), max_size=3)
    .map(lambda rows: (hours, rows))
)  # fmt: skip


@given(COUNTS)
def test_no_impression_is_lost_by_summing_hours(given_counts: tuple[int, list[list[int]]]) -> None:
    hours, rows = given_counts
    chart = hours_chart([(str(k), "#000", row) for k, row in enumerate(rows)], hours, "Day {day}", "en")
    assert [sum(band.counts) for band in chart.bands] == [sum(row) for row in rows]
    assert chart.step_h in STEPS
    assert len(chart.starts) <= MOST_POINTS or chart.step_h == STEPS[-1]
    assert all(len(band.counts) == len(chart.starts) == len(chart.spans) for band in chart.bands)
    assert len(chart.up.marks) == len(chart.up.labels)
    assert len(chart.marks) == len(chart.mark_labels) <= 10


def test_points_tell_their_day_and_hours() -> None:
    chart = hours_chart([("a", "#000", [1] * 200)], 200, "第 {day} 天", "zh")
    assert chart.step_h == 3
    assert chart.spans[0] == "第 1 天 00:00–03:00"
    assert chart.spans[7] == "第 1 天 21:00–24:00"
    assert chart.spans[-1] == "第 9 天 06:00–08:00"
    assert chart.marks[1] == 24
    assert chart.mark_labels[:3] == ("第 1 天", "2", "3")


def test_names_are_escaped_and_kept_out_of_templates() -> None:
    name = "<b>%{x}</b>"
    chart = hours_chart([(name, "#000", [5, 7])], 2, "Day {day}", "en")
    figure = hours_figure(chart, "{impressions} impressions", "en")
    assert figure.data[0].name == "&lt;b&gt;%{x}&lt;/b&gt;"
    assert "%{x}" not in figure.data[0].hovertemplate
    assert figure.data[0].customdata[1][2] == "7 impressions"
