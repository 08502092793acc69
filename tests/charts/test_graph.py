"""The account graph: nothing is lost or counted twice, and the figure stays small."""

import json
import re
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.charts import graph as g
from sim.charts.graph_figure import LINKS, PLACES, Target, clicked, graph_figure
from sim.charts.places import Actor, places
from sim.charts.ribbons import at, bent, outline
from sim.language.words import Words

FIELDS = ("impressions", "visits", "follows")


def actors(subs: int, creators: int = 0) -> list[Actor]:
    return [
        Actor("main", "main", ""),
        *(Actor(f"sub {k:02}", "sub", "") for k in range(subs)),
        *(Actor(f"junior-{k:03}", "creator", "junior") for k in range(creators)),
    ]


def links(rows: list[tuple[int, str, str, int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={"hour": pl.Int64, "from": pl.String, "to": pl.String, **dict.fromkeys(FIELDS, pl.Int64)},
        orient="row",
    )


def hourly(rows: list[tuple[int, str, int, int, int]]) -> pl.DataFrame:
    schema = {"hour": pl.Int64, "account": pl.String, **dict.fromkeys(FIELDS, pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def names(count: int) -> list[str]:
    return [f"<b>{k}</b>" for k in range(count)]


def mesh(subs: int, hours: int, creators: int = 0) -> g.GraphChart:
    """A mesh in which every link carries one visit in each third hour."""
    known = actors(subs, creators)
    ids = [actor.id for actor in known]
    pairs = list(permutations(ids[: subs + 1], 2)) + [(id_, "main") for id_ in ids[subs + 1 :]]
    rows = [(hour, a, b, 1, 1, 0) for hour in range(0, hours, 3) for a, b in pairs]
    had = [(hour, id_, 10, 1, 0) for hour in range(hours) for id_ in ids]
    return g.graph_chart(places(known), ids, pairs, links(rows), hourly(had), hours)


@given(
    st.integers(1, 5),
    st.integers(1, 200),
    st.lists(
        st.tuples(st.integers(0, 199), st.integers(0, 5), st.integers(0, 5), st.integers(0, 9)), max_size=30
    ),
)
@settings(max_examples=40, deadline=None)
def test_the_moments_together_carry_what_the_links_carried(
    subs: int, hours: int, moved: list[tuple[int, int, int, int]]
) -> None:
    ids = [actor.id for actor in actors(subs)]
    pairs = list(permutations(ids, 2))
    rows = [
        (hour, ids[a], ids[b], 2 * n, n, n)
        for hour, a, b, n in moved
        if hour < hours and a != b and max(a, b) <= subs
    ]
    chart = g.graph_chart(places(actors(subs)), ids, pairs, links(rows), hourly([]), hours)
    visits = sum(row[4] for row in rows)
    for moments in (chart.moments[:-1], chart.moments[-1:]):
        assert sum(counts.visits for m in moments for counts in m.carried.values()) == visits
    assert chart.moments[-1].start == 0
    assert chart.moments[-1].end == chart.moments[-2].end == hours


def test_what_an_account_had_only_grows_and_ends_with_its_total() -> None:
    had = [(0, "main", 5, 1, 0), (30, "main", 7, 0, 1), (90, "sub 00", 3, 0, 0)]
    ids = [actor.id for actor in actors(1)]
    chart = g.graph_chart(places(actors(1)), ids, [], links([]), hourly(had), 96)
    seen = [moment.had[0].impressions for moment in chart.moments[:-1]]
    assert seen == sorted(seen)
    assert chart.moments[-1].had == (g.Counts(12, 1, 1), g.Counts(3, 0, 0))


@pytest.mark.parametrize(
    ("hours", "step"), [(24, 1), (48, 1), (49, 1), (96, 2), (168, 3), (240, 4), (10_000, 168)]
)
def test_a_long_run_is_played_in_at_most_sixty_moments(hours: int, step: int) -> None:
    assert g.step_of(hours) == step
    assert -(-hours // step) <= g.MOST_MOMENTS


def test_places_do_not_depend_on_the_layout() -> None:
    one = mesh(8, 24)
    star = g.graph_chart(
        places(actors(8)), [a.id for a in actors(8)], [("main", "sub 00")], links([]), hourly([]), 24
    )
    assert one.places == star.places


def test_past_two_hundred_links_those_among_subs_are_bundled_and_nothing_is_lost() -> None:
    few, many = mesh(13, 24), mesh(15, 24)
    assert (len(few.lines), few.bundled) == (14 * 13, False)
    assert many.bundled
    assert len(many.lines) == 4 * 15 + 1  # to and from main, to and from the ring, and the ring
    whole = many.moments[-1].carried
    ring = next(k for k, line in enumerate(many.lines) if line.source == line.target == g.RING)
    assert whole[ring].visits == 15 * 14 * 8
    on_ramps = sum(
        whole[k].visits for k, line in enumerate(many.lines) if line.target == g.RING != line.source
    )
    assert on_ramps == whole[ring].visits
    direct = sum(
        whole[k].visits for k, line in enumerate(many.lines) if g.RING not in (line.source, line.target)
    )
    assert direct == 2 * 15 * 8


def test_links_of_grouped_creators_are_one_line_and_do_not_bundle_the_rest() -> None:
    chart = mesh(3, 24, creators=300)
    assert not chart.bundled
    group = len(chart.places) - 1
    line = next(k for k, line in enumerate(chart.lines) if line.source == group)
    assert chart.moments[-1].carried[line].visits == 300 * 8


def test_both_ways_of_a_pair_are_drawn_apart() -> None:
    (ax, ay), (bx, by) = (at(bent((0, 0), (0, 1)), 0.5), at(bent((0, 1), (0, 0)), 0.5))
    assert ax > 0.05
    assert bx < -0.05
    assert ay == by


def test_all_polygons_turn_the_same_way() -> None:
    """Overlapping ones would else cancel where plotly fills them together."""

    def area(points: list[tuple[float, float]]) -> float:
        pairs = zip(points, [*points[1:], points[0]], strict=True)
        return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)

    for start, end in permutations([(0, 0), (0, 1), (1, 0), (-0.5, -0.8)], 2):
        shape = outline([(bent(start, end), 0.03, True)])
        gap = shape.x.index(None)
        for part in (slice(0, gap), slice(gap + 1, None)):
            points = [(x or 0.0, y or 0.0) for x, y in zip(shape.x[part], shape.y[part], strict=True)]
            assert area(points) < 0


def test_the_figure_shows_the_whole_run_before_anybody_plays_it() -> None:
    chart = mesh(4, 168)
    figure = graph_figure(chart, names(5), Words("en"))
    assert len(figure.frames) == len(chart.moments)
    assert figure.layout.sliders[0].active == len(chart.moments) - 1
    assert figure.layout.sliders[0].steps[-1].label == "Whole run"
    assert figure.layout.sliders[0].steps[8].label == "day 2, 00:00"
    by_name = {trace.name: trace for trace in figure.data}
    assert list(by_name[PLACES].customdata[0]) == ["1,680", "168", "0"]
    assert len(by_name[LINKS].x) == len(chart.lines)


def test_hours_are_named_from_the_start_of_the_run() -> None:
    figure = graph_figure(mesh(1, 24), names(2), Words("en"), start_h=20)
    assert [figure.layout.sliders[0].steps[k].label for k in (0, 4)] == ["day 1, 20:00", "day 2, 00:00"]


def test_a_wider_ribbon_carried_more() -> None:
    ids = [actor.id for actor in actors(2)]
    rows = [(0, "main", "sub 00", 0, 100, 0), (0, "main", "sub 01", 0, 2, 0)]
    known = places(actors(2))
    pairs = [("main", "sub 00"), ("main", "sub 01")]

    def width(row: tuple[int, str, str, int, int, int]) -> float:
        chart = g.graph_chart(known, ids, pairs, links([row, (1, *rows[0][1:])]), hourly([]), 2)
        ribbon = graph_figure(chart, names(3), Words("en")).frames[0].data[0]
        return float(abs(ribbon.x[0] - ribbon.x[13])) + float(abs(ribbon.y[0] - ribbon.y[13]))

    assert width(rows[0]) > 2 * width(rows[1]) > 0


def test_names_cannot_become_markup() -> None:
    text = graph_figure(mesh(2, 24), names(3), Words("en"), marked=Target(1, None)).to_json()
    shown = re.sub(r"<br>|</?b>%{text}(</b>)?|<extra></extra>", "", json.loads(json.dumps(text)))
    assert "<b>0" not in shown


def test_a_click_names_its_account_or_its_link_and_nothing_else_does() -> None:
    chart = mesh(2, 24)
    assert clicked(chart, PLACES, 1) == Target(1, None)
    assert clicked(chart, LINKS, 3) == Target(None, 3)
    for curve, point in ((PLACES, 3), (LINKS, 6), (PLACES, -1), ("", 0)):
        assert clicked(chart, curve, point) is None


@pytest.mark.parametrize(("subs", "hours", "limit"), [(8, 168, 1.5e6), (59, 168, 3.1e6)])
def test_the_figure_stays_small(subs: int, hours: int, limit: float) -> None:
    chart = mesh(subs, hours)
    assert len(graph_figure(chart, names(subs + 1), Words("en"), "dark").to_json()) < limit


def test_a_run_without_traffic_can_be_drawn() -> None:
    chart = g.graph_chart(places(actors(0)), ["main"], [], links([]), hourly([]), 1)
    assert chart.busiest == 0
    assert len(graph_figure(chart, names(1), Words("zh")).frames) == 2
