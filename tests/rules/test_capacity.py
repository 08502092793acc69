"""What a team can make (M14): what is beyond it is late, thinner or dearer, and never lost unsaid."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.results import Result
from sim.rules.capacity import LEAST_WORK, made, overtime_cost, thinner
from sim.world.accounts import build_accounts
from sim.world.posts import plan_posts
from tests.refresh import result_of
from tests.rules.opened import alone

pytestmark = pytest.mark.system("M14")
DAILY = [{"id": "a", "role": "main", "posts_per_day": 1.0, "first_post_h": 0, "cost_per_post_cny": 100.0}]
HALF = {"production__staff": 1.0, "production__posts_per_person_day": 0.5, "production__ahead_d": 1.0}
"""A team for every other of the daily posts."""
THIN, OVERTIME = {"production__beyond": "thin"}, {"production__beyond": "overtime"}


def outcome(accounts: Sequence[Mapping[str, object]] = DAILY, **values: object) -> Result:
    usual = {"run__hours": 240, "production__variant_cost_share": 0.5, "structure__cost_per_account_cny": 0.0}
    return result_of(alone("made", [dict(row) for row in accounts], **{**usual, **values}))


def told(result: Result) -> list[str]:
    """What is said about the team."""
    warnings = result.summary.get("warnings", ())
    return [row["text_en"] for row in warnings if row["code"] == "beyond_capacity"]


@given(st.floats(0, 500), st.floats(0, 500), st.floats(0.1, 100), st.floats(0, 100), st.booleans())
def test_a_post_is_finished_after_its_work_and_never_before_it(hour, free, work, ahead, waits):
    post = made(hour, free, work, ahead, waits)
    assert 0 <= post.done <= 1
    assert post.hour >= free
    if waits or post.done == 1:
        assert post.hour == pytest.approx(max(free, hour - ahead) + work)
    assert (post.hour > hour + 1e-9) <= (post.done < 1 or free > hour)


def test_less_work_is_thinner_and_overtime_dearer():
    assert thinner(1.0, 0.5) == overtime_cost(1.0, 3.0) == 1.0
    assert thinner(0.25, 0.5) == pytest.approx(0.5)
    assert thinner(0.0, 0.5) == thinner(LEAST_WORK, 0.5)
    assert overtime_cost(0.5, 3.0) == pytest.approx(2.0)


def test_a_team_that_makes_half_of_the_plan_comes_later_and_later_and_says_so():
    result = outcome(**HALF)
    hours = result.videos.sort("post_number")["published_hour"].to_list()
    assert hours == [24, 72, 120, 168, 216]  # one every other day, from the day before the first
    (said,) = told(result)
    assert "5 posts came out late, by 72 h on average, and 5 not before the end" in said


def test_a_large_team_changes_nothing():
    plain, large = outcome(), outcome(production__staff=100.0)
    assert plain.digest == large.digest
    assert told(plain) == told(large) == []


def test_a_plan_without_posts_is_no_fault_whatever_becomes_of_those_beyond_the_team():
    idle = [{**DAILY[0], "posts_per_day": 0.0}]
    for beyond in ("late", "thin", "overtime"):
        result = outcome(idle, **HALF, production__beyond=beyond, run__hours=24)
        assert result.videos.height == 0
        assert told(result) == []


def test_a_team_may_work_ahead_of_a_campaign():
    early, later = (
        outcome(**{**HALF, "production__ahead_d": ahead})
        .videos.filter(post_number=3)["published_hour"]
        .item()
        for ahead in (4.0, 1.0)
    )
    assert (early, later) == (96, 168)


def test_the_same_material_takes_less_of_the_team():
    two = [{**DAILY[0], "material": "film"}, {**DAILY[0], "id": "b", "role": "sub", "material": "film"}]
    apart = [DAILY[0], {**DAILY[0], "id": "b", "role": "sub"}]
    together = outcome(two, **HALF).videos.height, outcome(apart, **HALF).videos.height
    assert together[0] > together[1]


def test_thinner_posts_are_on_time_and_please_less_and_overtime_ones_cost_more():
    whole, thin, over = (outcome(**own) for own in ({}, {**HALF, **THIN}, {**HALF, **OVERTIME}))
    for each in (thin, over):
        assert each.videos["published_hour"].to_list() == whole.videos["published_hour"].to_list()
    accounts = build_accounts(alone("made", DAILY))
    usual, less = (
        plan_posts(alone("made", DAILY, run__hours=240, **own), accounts, 1).rates
        for own in ({}, {**HALF, **THIN})
    )
    assert less == pytest.approx(usual * 0.5**0.5)  # a day's work of two, on each
    assert [each.summary["cost_cny"] for each in (whole, thin, over)] == [1000.0, 1000.0, 1250.0]
    assert "10 posts went out thinner" in told(thin)[0]
    assert "10 posts were finished overtime" in told(over)[0]


def test_a_copy_that_costs_nothing_waits_for_its_original_and_is_said_to_be_late():
    copies = [{**DAILY[0], "material": "film"}, {**DAILY[0], "id": "b", "role": "sub", "material": "film"}]
    result = outcome(copies, **{**HALF, "production__variant_cost_share": 0.0})
    hours = result.videos.sort("post_number")["published_hour"].to_list()
    assert hours == [hour for hour in (24, 72, 120, 168, 216) for _ in copies]
    (said,) = told(result)
    assert "10 posts came out late, by 72 h on average, and 10 not before the end" in said
