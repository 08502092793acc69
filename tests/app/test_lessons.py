import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.app.jobs.measuring import MEASURES as MEASURED
from sim.app.jobs.measuring import judged_by, measured, sources_of
from sim.app.jobs.questions import KINDS, request_of
from sim.app.jobs.request import Measuring
from sim.app.jobs.variants import variation
from sim.app.pages.learn import lessons, reveal, setups
from sim.app.pages.learn.lessons import (
    EXERCISES,
    FREE,
    LARGE,
    MEASURES,
    ONE_LINK,
    SAME,
    SMALL,
    Exercise,
    class_request,
)
from sim.app.ui.names import variant_name
from sim.hour.tables import overlap_of, tables_of
from sim.language.words import LANGUAGES, Words
from sim.scenario.layouts import canonical_accounts, edges
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import seeding_cost_cny
from sim.simulation import Simulation
from sim.world.accounts import build_accounts
from sim.world.posts import plan_posts

LATIN = re.compile(r"[A-Za-z]{2,}")
THEIRS = {"KOL", "KOC", "CNY", "Jaccard"}
each_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


def plans(exercise: Exercise) -> dict[str, Scenario]:
    base = exercise.request().plan()
    return {variant.name: variant.of(base) for variant in exercise.variants}


def answer(
    exercise: Exercise, means: Sequence[float], *, spread: float = 0.01, others: Mapping[str, Any] = {}
) -> dict[str, Any]:
    """An answer whose deciding measure has these means."""
    names = [variant.name for variant in exercise.variants]
    luck = np.random.default_rng(5).normal(size=(len(names), 16))
    tables = {name: np.abs(luck) + 1.0 for name in MEASURED} | dict(others)
    tables[exercise.measures[0]] = np.array(means)[:, None] + spread * luck
    return {
        "seeds": 16,
        "confidence": 0.95,
        "measures": {name: judged_by(table, names) for name, table in tables.items()},
        "sources": {},
    }


def test_there_are_seven_lessons_in_the_order_of_their_labels() -> None:
    assert [int(exercise.label.split()[0]) for exercise in EXERCISES.values()] == [1, 2, 3, 4, 5, 6, 7]
    assert FREE not in EXERCISES


@each_exercise
def test_a_lesson_asks_with_three_or_four_choices_about_measures_that_are_taken(exercise: Exercise) -> None:
    assert 3 <= len(exercise.choices) <= 4
    assert 1 <= len(exercise.measures) <= 2
    assert set(exercise.measures) <= MEASURED.keys() & MEASURES.keys()
    names = [variant.name for variant in exercise.variants]
    assert len(set(names)) == len(names)
    assert set(exercise.pair) <= set(names)


@each_exercise
def test_choices_leave_no_result_out_and_do_not_overlap(exercise: Exercise) -> None:
    if exercise.asks == "which":
        names = {variant.name for variant in exercise.variants}
        assert {choice.key for choice in exercise.choices} - {SAME} <= names
        assert exercise.choices[-1].key == SAME
    else:
        ranges = sorted((choice.low, choice.high) for choice in exercise.choices)
        assert ranges[0][0] == -inf
        assert ranges[-1][1] == inf
        assert all(one[1] == other[0] for one, other in pairwise(ranges))


@each_exercise
def test_every_variant_is_a_class_of_2000_that_can_be_shown(exercise: Exercise) -> None:
    for name, plan in plans(exercise).items():
        assert plan.audience.users == 2_000
        assert len(build_accounts(plan).rows) <= 64
        assert class_request(exercise.key, 3, name).plan() == plan
    assert class_request(exercise.key, 3, "no such").plan() == plans(exercise)[exercise.variants[0].name]


def test_the_class_without_a_lesson_is_the_shipped_one() -> None:
    assert class_request(FREE, 5).plan() == Scenario.load("classroom")


@pytest.mark.parametrize("key", ["links", "layouts"])
def test_lessons_on_links_change_nothing_but_the_links(key: str) -> None:
    found = [
        plan.with_values({"links.layout": "none", "links.edges": []})
        for plan in plans(EXERCISES[key]).values()
    ]
    assert all(plan == found[0] for plan in found)


def test_each_page_leads_to_as_many_others_as_the_lesson_says() -> None:
    for (_, plan), each in zip(plans(EXERCISES["links"]).items(), (0, 1, 2, 4), strict=True):
        pairs = {(edge.source, edge.target) for edge in edges(plan)}
        for account in plan.accounts:
            assert sum(source == account.id for source, _ in pairs) == each
            assert sum(target == account.id for _, target in pairs) == each


def test_copies_are_the_same_video_in_the_same_hour() -> None:
    for plan in plans(EXERCISES["luck"]).values():
        posts = plan_posts(plan, build_accounts(plan), 9)
        assert posts.hour.tolist() == [posts.hour[0]] * setups.COPIES
        assert (posts.rates == posts.rates[0]).all()
        assert len(set(posts.keys.tolist())) == setups.COPIES


def test_creators_cost_the_same_and_have_the_same_fans_in_all_variants() -> None:
    found = set()
    for plan in plans(EXERCISES["creators"]).values():
        tiers = plan.seeding.tiers
        fans = sum(tiers[tier].fans * count for tier, count in zip(TIERS, plan.seeding.counts, strict=True))
        found.add((seeding_cost_cny(plan), fans))
    assert found == {(6_000.0, 1_200)}


def test_same_content_and_own_topics_differ_in_content_alone() -> None:
    alike, own = plans(EXERCISES["content"]).values()
    assert {frozenset(account.topics or {}) for account in alike.accounts} == {frozenset({"food"})}
    assert {topic for account in own.accounts for topic in account.topics or {}} == {"food", "sport", "music"}
    bare = [
        [a.model_copy(update={"topics": None, "material": None}) for a in p.accounts] for p in (alike, own)
    ]
    assert bare[0] == bare[1]


def test_changed_numbers_stay_within_their_plausible_ranges() -> None:
    from sim.scenario.reference import parameters

    known = {row.key: row for row in parameters() if row.range}
    for changed in (setups.LIVELY, setups.KEEN, setups.BUYING):
        for key, value in changed.items():
            low, high = known[key].range or (0.0, 0.0)
            assert isinstance(value, float)
            assert low <= value <= high or value == known[key].neutral, key


@each_exercise
def test_texts_are_short_and_in_the_readers_language(exercise: Exercise) -> None:
    zh, en = Words("zh"), Words("en")
    texts = [
        exercise.label,
        exercise.setup,
        exercise.question,
        exercise.rule,
        exercise.changed,
    ]
    texts += [choice.text for choice in exercise.choices]
    for text in texts:
        assert set(LATIN.findall(zh(text))) <= THEIRS, text
        assert len(zh(text)) <= 90, text
        assert len(en(text)) <= 230, text
    for variant in exercise.variants:
        assert set(LATIN.findall(variant_name(zh, variant))) <= THEIRS
    for measure in exercise.measures:
        assert not LATIN.search(lessons.measure_name(zh, measure))
        assert set(LATIN.findall(zh(MEASURES[measure].meaning))) <= THEIRS


@pytest.mark.parametrize("key", ["layouts", "content", "creators"])
@pytest.mark.parametrize("best", [0, 1])
def test_the_variant_that_is_ahead_decides(key: str, best: int) -> None:
    exercise = EXERCISES[key]
    names = [variant.name for variant in exercise.variants]
    means = [9.0 if k == best else 5.0 for k in range(len(names))]
    found = answer(exercise, means)
    assert reveal.possible(exercise, found) == (names[best],)
    for choice in exercise.choices:
        wanted = "holds" if choice.key == names[best] else "fails"
        assert reveal.standing(exercise, found, choice.key) == wanted
    first = reveal.reveal(exercise, found, SAME, Words("en")).lines[0]
    assert first.index(variant_name(Words("en"), exercise.variants[best])) < first.index("the gap is 4")


def test_without_a_gap_no_difference_holds_and_the_rest_is_open() -> None:
    exercise = EXERCISES["layouts"]
    found = answer(exercise, [2.0, 9.0, 9.0], spread=1.0)
    assert [reveal.standing(exercise, found, c.key) for c in exercise.choices] == ["open", "open", "holds"]
    told = reveal.reveal(exercise, found, "star", Words("en"))
    assert told.said == "These runs cannot settle your prediction."
    assert "cannot be told apart" in told.lines[0]
    row = next(
        row for row in found["measures"][exercise.measures[0]]["variants"] if row["name"] == "No links"
    )
    assert f"Behind: No links ({row['mean']:.1f})" in told.lines[0]


@settings(deadline=None, max_examples=25)
@given(st.floats(0.05, 20))
def test_a_ratio_settles_the_choice_whose_range_holds_it(ratio: float) -> None:
    exercise = EXERCISES["luck"]
    found = answer(exercise, [ratio, 1.0], spread=1e-6)
    holds = [c for c in exercise.choices if reveal.standing(exercise, found, c.key) == "holds"]
    if all(abs(ratio - edge) > 1e-3 for edge in (1.5, 3, 10)):
        assert [c.low < ratio < c.high for c in holds] == [True]


def test_an_interval_over_two_ranges_leaves_both_open() -> None:
    exercise = EXERCISES["luck"]
    found = answer(exercise, [3.0, 1.0], spread=1.0)
    stands = {c.key: reveal.standing(exercise, found, c.key) for c in exercise.choices}
    assert stands == {"alike": "fails", "some": "open", "much": "open", "huge": "fails"}


@pytest.mark.parametrize(
    ("small", "large", "said"),
    [(9.0, 2.0, "less is left"), (2.0, 9.0, "more is left"), (5.0, 5.0, "too close")],
)
def test_what_a_larger_pool_does_is_read_from_the_runs(small: float, large: float, said: str) -> None:
    exercise = EXERCISES["luck"]
    lines = reveal.reveal(exercise, answer(exercise, [small, large], spread=0.5), "much", Words("en")).lines
    assert said in lines[1]


@pytest.mark.parametrize(
    ("visits", "said", "key"),
    [
        ([0, 100, 100, 100], "1.00 times", "alike"),
        ([0, 100, 200, 400], "4.00 times", "many"),
        ([0, 100, 60, 50], "0.500 times", "fewer"),
        ([0, 100, 150, 200], "2.00 times", "more"),
    ],
)
def test_what_links_do_is_read_from_the_runs(visits: list[float], said: str, key: str) -> None:
    exercise = EXERCISES["links"]
    found = answer(exercise, visits)
    assert reveal.possible(exercise, found) == (key,)
    told = reveal.reveal(exercise, found, key, Words("en"))
    assert told.said == "Your prediction holds."
    assert said in told.lines[0]


def test_links_that_change_no_visits_are_not_said_to_multiply() -> None:
    exercise = EXERCISES["links"]
    visits = np.full((4, 16), 100.0) + np.random.default_rng(2).normal(size=(4, 16))
    lines = reveal.reveal(
        exercise, answer(exercise, [0, 9, 9, 9], others={"visits": visits}), "alike", Words("en")
    ).lines
    assert "do not change" in lines[-1]


def test_a_class_in_which_nobody_visits_is_said_so() -> None:
    exercise = EXERCISES["links"]
    found = answer(exercise, [0, 0, 0, 0], spread=0.0)
    assert reveal.possible(exercise, found) == ()
    assert reveal.reveal(exercise, found, "alike", Words("en")).lines == (
        "Nobody visited a home page in these runs.",
    )


def test_where_orders_come_from_is_told_in_shares() -> None:
    exercise = EXERCISES["creators"]
    found = answer(exercise, [1.0, 9.0, 5.0])
    rows = {"own": (10, 1), "KOL": (30, 4), "KOC": (60, 5)}
    shares = {who: {"impressions": i, "orders": o} for who, (i, o) in rows.items()}
    line = reveal.reveal(exercise, found | {"sources": {lessons.HALVES: shares}}, "x", Words("en")).lines[-1]
    for share in ("30%", "40%", "60%", "50%"):
        assert share in line


@each_exercise
def test_reveals_are_said_in_both_languages_with_their_certainty(exercise: Exercise) -> None:
    means = [9.0, 4.0, 5.0, 6.0][: len(exercise.variants)]
    for words in map(Words, LANGUAGES):
        told = reveal.reveal(exercise, answer(exercise, means), exercise.choices[0].key, words)
        assert "16" in told.lines[0]
        assert "95" in told.lines[0]
        if words.language == "zh":
            for text in (told.said, *told.lines):
                assert set(LATIN.findall(text)) <= THEIRS, text


def test_the_gap_of_two_variants_does_not_depend_on_their_order() -> None:
    found = answer(EXERCISES["links"], [0, 100, 150, 200])
    one, other = (
        reveal.gap(found, "link_visits", *pair) for pair in ((ONE_LINK, "4 links"), ("4 links", ONE_LINK))
    )
    assert one.mean == -other.mean
    assert (one.low, one.high) == (-other.high, -other.low)
    assert one.sign == -other.sign == 1


SMALL_CLASS = {"run.hours": 20, "content.rates.visit": 0.3, "links.following_list_probability": 0.3}


@pytest.fixture(scope="module")
def small() -> Measuring:
    layouts = [variation(name, {**SMALL_CLASS, "links.layout": name}) for name in ("none", "star")]
    return Measuring("classroom", None, tuple(layouts), 3)


def test_measures_are_those_of_the_runs_tables(small: Measuring, tmp_path: Path) -> None:
    ticks: list[tuple[int, int]] = []
    found = measured(small, tmp_path, lambda done, total: ticks.append((done, total)))
    assert ticks == [(k, 6) for k in range(1, 7)]
    star = small.variants[1].of(small.plan())
    for place, seed in enumerate((1, 2, 3)):
        run = Simulation(star, seed).finish()
        tables, summary = tables_of(run.state), run.summary()
        wanted = {key: summary[key] for key in ("reach", "visits", "follows", "orders")}
        wanted["link_visits"] = tables["flows"]["visits"].sum()
        wanted["visits_per_link"] = wanted["link_visits"] / 8
        main = canonical_accounts(star)[0].id
        wanted["main_follows"] = tables["accounts"].filter(account=main)["follows"].item()
        pairs = overlap_of(run.state).drop("account").to_numpy()
        wanted["overlap"] = pairs[np.triu_indices(5, 1)].mean()
        for name, value in wanted.items():
            assert found["measures"][name]["values"][1][place] == pytest.approx(value), name
        run.close()
    assert found["measures"]["link_visits"]["values"][0] == [0, 0, 0]
    assert sum(found["measures"]["link_visits"]["values"][1]) > 0


def test_a_measuring_comes_back_from_its_file(small: Measuring) -> None:
    assert request_of(small.as_dict()) == small
    assert KINDS["measure"] is Measuring
    assert small.urgent
    assert small.runs == 6


def test_sources_are_told_apart_by_tier() -> None:
    import polars as pl

    rows = [("a", "", 10, 1), ("a", "head", 20, 2), ("a", "junior", 30, 3), ("a", "amateur", 30, 0)]
    frame = pl.DataFrame(rows, schema=["variant", "tier", "impressions", "orders"], orient="row")
    assert sources_of(frame, 2) == {
        "a": {
            "own": {"impressions": 5, "orders": 0.5},
            "KOL": {"impressions": 10, "orders": 1},
            "KOC": {"impressions": 30, "orders": 1.5},
        }
    }


def test_small_and_large_pools_are_the_variants_of_the_first_lesson() -> None:
    first = {name: plan.platform.pools[0] for name, plan in plans(EXERCISES["luck"]).items()}
    assert first == {SMALL: 50, LARGE: 500}
