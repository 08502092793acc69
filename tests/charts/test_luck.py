from hypothesis import given
from hypothesis import strategies as st

from sim.charts.luck import LANES, luck_chart, luck_figure

VALUES = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.lists(st.floats(-1e6, 1e9, allow_nan=False), min_size=1, max_size=20),
    min_size=1,
    max_size=6,
)


@given(VALUES)
def test_every_launch_is_drawn_inside_the_axis_by_falling_mean(values: dict[str, list[float]]) -> None:
    chart = luck_chart(values, {}, dict.fromkeys(values, "#000"), "count", "en")
    assert sorted(v for row in chart.rows for v in row.values) == sorted(
        v for r in values.values() for v in r
    )
    assert all(chart.axis.low <= v <= chart.axis.high for row in chart.rows for v in row.values)
    assert [row.mean for row in chart.rows] == sorted((row.mean for row in chart.rows), reverse=True)
    assert all(len(row.lanes) == len(row.values) and set(row.lanes) <= set(LANES) for row in chart.rows)


def test_equal_launches_stand_beside_each_other() -> None:
    chart = luck_chart({"a": [5.0, 5.0, 5.0, 9.0]}, {}, {"a": "#000"}, "count", "en")
    lanes = chart.rows[0].lanes
    assert len(set(lanes[:3])) == 3
    assert lanes[3] == 0.0


def test_a_dot_tells_its_seed_and_its_number() -> None:
    chart = luck_chart({"<a>": [12_345.0, 20_000.0]}, {}, {"<a>": "#000"}, "people", "zh")
    figure = luck_figure(chart, ["种子 1", "种子 2"], "均值", "people", "zh")
    assert list(figure.data[0].customdata[0]) == ["&lt;a&gt;", "种子 1", "1.23 万"]
    assert figure.layout.yaxis.ticktext == ("&lt;a&gt;",)
