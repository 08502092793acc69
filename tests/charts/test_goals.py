"""Several goals in one picture."""

from sim.analysis.goals import front, reached, scores
from sim.charts.goals import Line, goals_chart, goals_figure


def line(name: str, *places: float, front: bool = True, picked: bool = False) -> Line:
    return Line(name, "#123456", front, picked, places, tuple(f"{place:g}" for place in places))


def test_a_variant_is_off_the_front_only_where_another_beats_it_everywhere() -> None:
    given = {"reach": [3.0, 2.0, 2.0, 3.0], "profit": [-5.0, 1.0, 0.5, -5.0]}
    assert front(given) == [True, True, False, True]  # equals beat one another nowhere
    assert scores(given, {"reach": 0, "profit": 0}) == [0.0] * 4


def test_goals_come_from_the_comparisons_and_one_without_a_value_is_left_out() -> None:
    rows = [{"name": "a", "mean": 1.0, "lower_tail": -2.0}, {"name": "b", "mean": 3.0, "lower_tail": -9.0}]
    given = {"profit": {"variants": rows}, "reach": {"variants": rows}}
    assert reached(given, ["b", "a"]) == {
        "reach": [3.0, 1.0],
        "profit": [3.0, 1.0],
        "bad_launch": [-9.0, -2.0],
    }


def test_the_picked_line_is_drawn_last_and_a_beaten_one_is_dotted() -> None:
    lines = [line("<b>", 0.0, 1.0, picked=True), line("x", 1.0, 0.5), line("y", 0.0, 0.4, front=False)]
    chart = goals_chart(["Reach", "Profit"], lines)
    assert [shown.name for shown in chart.lines] == ["y", "x", "&lt;b&gt;"]
    assert chart.ends == (("0", "1"), ("0.4", "1"))
    figure = goals_figure(chart)
    assert [trace.line.dash for trace in figure.data] == ["dot", "solid", "solid"]
    assert [note.text for note in figure.layout.annotations] == ["1", "0", "1", "0.4"]
