from math import log10

import numpy as np
import polars as pl
import pytest

from sim.analysis.cohorts import Cohorts
from sim.charts.bridge import bridge_chart, bridge_figure
from sim.charts.grid import grid_chart, grid_figure
from sim.charts.panels import LEAST, days_figure, funnels_figure, panels
from sim.charts.theme import PALETTES


def test_panels_stand_side_by_side_on_one_scale() -> None:
    shown = panels([("main <b>", "#38A0C4", [1000, 100, 10]), ("sub", "#8B5000", [10, 0, 0])])
    assert shown[0].name == "main &lt;b&gt;"
    figure = funnels_figure(shown, ["a", "b", "c"], "en")
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert list(bars[0].x) == [log10(n / LEAST) for n in (1000, 100, 10)]
    assert bars[1].x[1] == 0.0
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]
    assert bars[0].text[1] == "b 100 · 10%"
    days = days_figure(panels([("main", "#38A0C4", [3, 9]), ("sub", "#8B5000", [0, 1])]), "Day {day}", "en")
    assert [list(bar.y) for bar in days.data] == [[3, 9], [0, 1]]
    assert days.layout.yaxis.range == days.layout.yaxis2.range


def test_a_bridge_leads_from_one_end_to_the_other() -> None:
    parts = [("sales", 40.0, 20.0, 60.0), ("cost", -90.0, None, None)]
    chart = bridge_chart((("A <b>", 100.0), ("B", 50.0)), parts, "money", "en")
    assert [(s.name, s.side, s.start, s.size) for s in chart.steps] == [
        ("A &lt;b&gt;", "end", 0.0, 100.0), ("sales", "more", 100.0, 40.0), ("cost", "less", 140.0, -90.0),
        ("B", "end", 0.0, 50.0),
    ]  # fmt: skip
    assert (chart.axis.low < 50.0, chart.axis.high > 160.0) == (True, True)
    bars, ends, around = bridge_figure(chart, "Interval:", "dark").data
    assert list(bars.base) == [100.0, 140.0]
    assert list(ends.x) == [100.0, 50.0]
    assert (around.x[0], around.error_x.array[0], around.error_x.arrayminus[0]) == (140.0, 20.0, 20.0)
    assert list(bars.marker.color) == [PALETTES["dark"].accent, PALETTES["dark"].behind]
    with pytest.raises(ValueError, match=r"lead from 100\.0 to 50\.0, not to 90\.0"):
        bridge_chart((("A", 100.0), ("B", 90.0)), parts, "money", "en")


@pytest.mark.parametrize("columns", [2, 16])
def test_a_grid_leaves_empty_what_it_was_not_given(columns: int) -> None:
    chart = grid_chart(["<a>", "b"], [str(k) for k in range(columns)], {(0, 1): (0.5, "50%", "<told>")})
    assert (chart.rows[0], chart.told[0][1], chart.most) == ("&lt;a&gt;", "&lt;told&gt;", 0.5)
    figure = grid_figure(chart, "light", "later")
    assert np.isnan(figure.data[0].z[1][0])
    assert len(figure.data) == (3 if columns == 2 else 1)


def bits(*people: set[int]) -> np.ndarray:
    found = np.zeros((len(people), 2), np.uint64)
    for account, own in enumerate(people):
        for person in own:
            found[account, person // 64] |= np.uint64(1) << np.uint64(person % 64)
    return found


def test_cohorts_count_who_still_follows_and_nobody_twice() -> None:
    cohorts = Cohorts(bits({1, 2}, set()))
    cohorts.take(bits({1, 2, 70, 71}, {5}))
    cohorts.take(bits({1, 70, 72}, {5}))
    cohorts.take(bits({1, 70, 71}, {5}))  # 71 is back: a fan of the third day now
    rows = set(cohorts.table(["main", "sub"]).iter_rows())
    assert rows == {
        ("main", 0, 0, 2), ("main", 0, 1, 1), ("main", 0, 2, 1), ("main", 1, 1, 1), ("main", 1, 2, 0),
        ("main", 2, 2, 1), ("sub", 0, 0, 1), ("sub", 0, 1, 1), ("sub", 0, 2, 1),
    }  # fmt: skip
    assert cohorts.table(["main", "sub"]).schema["fans"] == pl.Int64
