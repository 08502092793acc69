from typing import Any

from sim.charts.lead import lead_chart, lead_figure
from sim.charts.theme import PALETTES
from sim.language.words import Words

NAMES = {"followers": "粉丝", "luck": "运气 <b>", "crowding": "拥挤", "rest": "其他"}
TITLES = {"runner_up": "比第二名领先", "written": "比原方案领先"}
WORDS = Words("en")


def part(group: str, baseline: str, share: float, low: float | None, high: float | None) -> dict[str, Any]:
    return {"group": group, "baseline": baseline, "share": share, "low": low, "high": high}


ROWS = [
    part("followers", "runner_up", 120.0, 80.0, 160.0),
    part("luck", "runner_up", -300.0, -420.0, -180.0),
    part("crowding", "runner_up", 40.0, -10.0, 90.0),
    part("rest", "runner_up", 0.0, 0.0, 0.0),
    part("followers", "written", 15.0, None, None),
]


def test_parts_stand_by_size_and_what_is_exactly_nothing_is_left_out() -> None:
    chart = lead_chart(ROWS, NAMES, TITLES, "count", "en")
    assert [part.name for part in chart.parts] == ["运气 &lt;b&gt;", "粉丝", "拥挤", "粉丝"]
    assert [part.at for part in chart.parts] == sorted(part.at for part in chart.parts)
    assert [title for _, title in chart.titles] == list(TITLES.values())


def test_a_part_whose_interval_holds_nothing_or_is_unknown_is_grey() -> None:
    chart = lead_chart(ROWS, NAMES, TITLES, "count", "en")
    assert [part.side for part in chart.parts] == ["against", "for", "open", "open"]
    colours = {bar.name: bar.marker.color for bar in lead_figure(chart, WORDS).data}
    palette = PALETTES["light"]
    assert colours == {"Helps": palette.accent, "Hinders": palette.behind, "May be nothing": palette.muted}


def test_intervals_are_drawn_to_their_ends() -> None:
    chart = lead_chart(ROWS, NAMES, TITLES, "count", "zh")
    for bar in lead_figure(chart, WORDS).data:
        parts = [part for part in chart.parts if part.share in bar.x]
        for x, more, less, own in zip(bar.x, bar.error_x.array, bar.error_x.arrayminus, parts, strict=False):
            assert (x + more, x - less) == (own.high, own.low)
    assert chart.axis.low < -420 < 160 < chart.axis.high


def test_a_chance_is_told_in_points() -> None:
    chart = lead_chart([part("luck", "runner_up", 0.12, 0.05, 0.2)], NAMES, TITLES, "share", "zh")
    assert chart.parts[0].label == "+12 个百分点"
