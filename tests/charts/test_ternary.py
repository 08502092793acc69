from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.ternary import NUMBERED, TernaryChart, ternary_chart, ternary_figure
from sim.charts.theme import PALETTES
from sim.language.words import Words
from sim.scenario.apportionment import Shares

WORDS = Words("en")
KOL, KOC, AMATEURS = Shares(1, 0, 0), Shares(0, 1, 0), Shares(0, 0, 1)
MIDDLE = Shares(0.5, 0.25, 0.25)


def variant(name: str, mean: float, low: float, high: float) -> dict[str, Any]:
    return {
        "name": name, "mean": mean, "low": mean - 5, "high": mean + 5,
        "difference": (low + high) / 2, "difference_low": low, "difference_high": high,
    }  # fmt: skip


def comparison(code: str, *variants: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": {"code": code}, "variants": list(variants)}


BEST, TIED, WORSE = variant("a", 300, 0, 0), variant("b", 298, -10, 6), variant("c", 33, -300, -234)
OPEN = comparison("cannot_tell_apart", WORSE, BEST, TIED)
WON = comparison("winner", BEST, WORSE)
PLACES = {"a": AMATEURS, "b": MIDDLE, "c": KOL}


def charted(found: dict[str, Any] = OPEN, **others: Any) -> TernaryChart:
    given = {"names": {}, "facts": {}, "kind": "count", "language": "en"} | others
    return ternary_chart(
        found, others.pop("places", PLACES), *(given[k] for k in ("names", "facts", "kind", "language"))
    )


def named(figure: Any, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def discs(figure: Any) -> Any:
    return next(trace for trace in figure.data if trace.customdata is not None)


def place(trace: Any) -> list[tuple[float, ...]]:
    return list(zip(trace.a, trace.b, trace.c, strict=True))


def test_mixes_stand_by_falling_mean_each_at_its_place() -> None:
    chart = charted()
    assert [(p.name, p.shares, p.standing) for p in chart.points] == [
        ("a", AMATEURS, "tied"), ("b", MIDDLE, "tied"), ("c", KOL, "worse"),
    ]  # fmt: skip


def test_a_best_mix_is_called_so_only_where_the_verdict_names_a_winner() -> None:
    assert (charted().lead, charted(WON).lead) == ("highest", "best")
    assert named(ternary_figure(charted(), "Orders", WORDS), "Highest mean").marker.symbol == "circle-open"
    assert place(named(ternary_figure(charted(WON), "Orders", WORDS), "Best")) == [AMATEURS]


def test_equal_mixes_have_no_best_and_one_colour() -> None:
    same = comparison("identical", variant("a", 5, 0, 0), variant("c", 5, 0, 0))
    chart = charted(same)
    assert chart.lead == "none"
    assert chart.scale.low < 5 < chart.scale.high
    names = [trace.name for trace in ternary_figure(chart, "Orders", WORDS).data]
    assert "Best" not in names
    assert "Highest mean" not in names


def test_a_grey_ring_is_round_every_mix_that_cannot_be_told_apart() -> None:
    for ground in ("light", "dark"):
        ring = named(ternary_figure(charted(), "Orders", WORDS, ground), "Cannot be told apart from the best")
        assert place(ring) == [AMATEURS, MIDDLE]
        assert ring.marker.color == PALETTES[ground].muted
    assert "Cannot be told apart from the best" not in [
        trace.name for trace in ternary_figure(charted(WON), "Orders", WORDS).data
    ]


def test_of_several_mixes_that_will_do_each_has_a_ring_in_the_accent() -> None:
    figure = ternary_figure(charted(comparison("equivalent", BEST, TIED, WORSE)), "Orders", WORDS)
    [ring] = [trace for trace in figure.data if trace.name == "Any of these will do"]
    assert len(ring.a) == 2
    assert ring.marker.color == PALETTES["light"].accent
    assert not [
        trace for trace in figure.data if trace.name in ("Cannot be told apart from the best", "Best")
    ]


def test_own_and_published_mix_are_marked_where_they_lie_whether_computed_or_not() -> None:
    figure = ternary_figure(charted(), "Orders", WORDS, own=KOC, published=MIDDLE)
    assert place(named(figure, "Your mix")) == [KOC]
    assert place(named(figure, "Published structure")) == [MIDDLE]
    symbols = [
        named(figure, name).marker.symbol for name in ("Your mix", "Published structure", "Highest mean")
    ]
    assert len(set(symbols)) == 3
    assert "Your mix" not in [trace.name for trace in ternary_figure(charted(), "Orders", WORDS).data]


def test_a_mix_that_differs_too_rarely_says_so() -> None:
    rare = variant("c", 9.0, -1, 0) | {"low": None, "high": None} | dict.fromkeys(
        ("difference_low", "difference_high")
    )  # fmt: skip
    point = charted(comparison("cannot_tell_apart", variant("a", 10.0, 0, 0), rare)).points[1]
    assert (point.standing, point.interval, point.gap_interval) == (
        "tied", "too rare to tell", "too rare to tell",
    )  # fmt: skip


def test_every_mix_has_mean_interval_and_gap_on_hover() -> None:
    best, tied, worse = discs(
        ternary_figure(charted(facts={"c": ["waist 15", "Cost: 180K"]}), "Orders", WORDS)
    ).customdata
    assert "Gap" not in best
    assert "Mean: 300" in best
    assert "Interval: 295 to 305" in best
    assert "Gap to the best: −2 (−10 to +6)" in tied
    assert "waist 15<br>Cost: 180K" in worse
    assert "Gap to the best: −267 (−300 to −234)" in worse


def test_the_colours_span_the_means() -> None:
    figure = ternary_figure(charted(), "Orders", WORDS)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (33, 300)
    assert list(discs(figure).marker.color) == [300, 298, 33]
    low, high = (colour for _, colour in figure.layout.coloraxis.colorscale)
    assert low != high == PALETTES["light"].accent


def test_numbers_are_those_of_the_language_and_chances_in_per_cent() -> None:
    large = comparison("winner", variant("a", 74_230, 0, 0), variant("c", 20_000, -60_000, -50_000))
    assert charted(large, kind="people", language="zh").points[0].label == "7.4 万"
    chances = comparison(
        "winner", variant("a", 0.9, 0, 0) | {"low": 0.8, "high": 1.0}, variant("c", 0.5, -0.5, -0.3)
    )
    chart = charted(chances, kind="share")
    assert chart.points[0].label == "90%"
    assert chart.points[0].interval == "80% to 100%"
    assert chart.points[1].gap == "−40 pts"


def test_a_close_lead_is_seen_in_the_numbers() -> None:
    close = comparison("winner", variant("a", 97_410, 0, 0), variant("c", 96_900, -600, -400))
    labels = [p.label for p in charted(close, kind="people").points]
    assert labels[0] != labels[1]


def test_a_name_is_text_not_markup() -> None:
    chart = charted(names={"a": "<b>x</b>"}, facts={"a": ["<i>y</i>"]})
    assert (chart.points[0].name, chart.points[0].facts) == ("&lt;b&gt;x&lt;/b&gt;", "&lt;i&gt;y&lt;/i&gt;")


shares = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(
    lambda row: Shares(*(x / sum(row) for x in row))
)


@given(st.lists(shares, min_size=1, max_size=20))
def test_no_two_numbers_run_into_one_another_and_the_best_has_its_own(spots: Sequence[Shares]) -> None:
    found = comparison("winner", *(variant(str(k), 100 - k, -k, -k) for k in range(len(spots))))
    points = charted(found, places={str(k): spot for k, spot in enumerate(spots)}).points
    assert points[0].numbered
    written = [point.shares for point in points if point.numbered]
    for k, one in enumerate(written):
        for other in written[:k]:
            assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > NUMBERED


@pytest.mark.parametrize("own", [None, AMATEURS])
def test_a_corner_says_what_it_stands_for_clear_of_a_mark(own: Shares | None) -> None:
    low = comparison("winner", variant("c", 9, 0, 0), variant("a", 5, -4, -4))
    corners = next(t for t in ternary_figure(charted(low), "Orders", WORDS, own=own).data if t.mode == "text")
    assert place(corners) == [KOL, KOC, AMATEURS]
    assert corners.text[2].count("<br>") == (3 if own else 2)
