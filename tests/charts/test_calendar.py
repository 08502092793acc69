"""The picture of a campaign: waves, posts and heat."""

import json

import pytest

from sim.charts.calendar import Bar, Line, Marks, calendar_chart, calendar_figure

WAVES = (Bar("<b>open", 6, 18, True, "opening"), Bar("push", 90, 130, False, "promotion"))
POSTS = {5: 3, 6: 1, 7: 2, 99: 4}


def chart(hours: int = 100, start_h: int = 18, lines: tuple[Line, ...] = ()):
    times = [f"hour {h}" for h in range(hours)]
    marks = (Marks("posts", POSTS, "{n} posts"), Marks("none", {}, "{n}"))
    return calendar_chart(
        WAVES, marks, lines, 50, hours=hours, start_h=start_h, day="day {day}", times=times, language="en"
    )


def test_a_wave_ends_with_the_run_and_a_row_without_marks_is_left_out():
    assert [(bar.start, bar.end) for bar in chart().bars] == [(6, 18), (90, 100)]
    assert [row.name for row in chart().marks] == ["posts"]


@pytest.mark.parametrize(("hours", "step"), [(100, 1), (500, 4), (2000, 24)])
def test_no_post_is_lost_by_steps(hours: int, step: int):
    made = chart(hours)
    assert made.step_h == step
    [row] = made.marks
    assert sum(row.counts.values()) == sum(POSTS.values())
    assert all(hour % step == 0 for hour in row.counts)


def test_days_begin_at_midnight_of_the_runs_own_clock():
    made = chart(hours=60, start_h=18)
    assert made.days == (0, 6, 30, 54)
    assert made.labels == ("day 1", "2", "3", "4")


def test_names_are_no_markup_and_heat_has_a_panel_of_its_own():
    line = Line("dance", "#123456", (10, 80, *[0] * 98))
    spec = json.loads(calendar_figure(chart(lines=(line,)), "hot from 50", "en").to_json())
    texts = [note["text"] for note in spec["layout"]["annotations"]]
    assert texts == ["&lt;b&gt;open", "push", "posts", "hot from 50"]
    heat = spec["data"][-1]
    assert (heat["yaxis"], heat["type"]) == ("y2", "scatter")
    assert spec["layout"]["shapes"][0]["y0"] == 50
    assert spec["layout"]["yaxis2"]["domain"][1] < spec["layout"]["yaxis"]["domain"][0]
    bare = json.loads(calendar_figure(chart(), "", "en").to_json())
    assert bare["layout"]["yaxis"]["domain"][0] == 0
    assert [trace["type"] for trace in bare["data"]] == ["bar", "bar", "bar"]
