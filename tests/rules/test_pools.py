"""The ladder's arithmetic: score, noise, sizes, pace, decay; and the marks of the category."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.platform.baseline import baseline, stretched
from sim.rules import pools
from sim.rules.draws import ONE_32, subkey
from sim.scenario.matrix import Account
from sim.scenario.schema import Scenario

COUNTS = st.integers(0, 10**9)
RATES = st.floats(1e-6, 1)
SIZES = st.integers(1, 10**7)
FACTORS = st.floats(0.05, 20)
MANY = 5000


def keys():
    return (subkey(np.uint64(3), n) for n in range(MANY))


# --- score (P2) ---


@pytest.mark.system("P2")
@settings(deadline=None)
@given(COUNTS, st.integers(1, 10**9), RATES, st.floats(0, 1))
def test_rate_counts_for_four_times_the_usual_at_most(count, impressions, usual, weight):
    assert 0 <= pools.rate_score(count, impressions, usual, weight) <= 4.0 * weight


@pytest.mark.system("P2")
@pytest.mark.parametrize(
    ("count", "score"), [(0, 0.0), (5, 0.125), (20, 0.5), (40, 1.0), (80, 2.0), (81, 2.0), (1000, 2.0)]
)
def test_rate_counts_in_proportion_to_the_usual_one_until_it_is_capped(count, score):
    # 20 in 1,000 are usual; the rate weighs a half.
    assert pools.rate_score(count, 1000, 0.02, 0.5) == pytest.approx(score)


@pytest.mark.system("P2")
@settings(deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 10**9), RATES)
def test_score_rises_with_the_count(one, other, impressions, usual):
    low, high = sorted((one, other))
    assert pools.rate_score(low, impressions, usual, 1.0) <= pools.rate_score(high, impressions, usual, 1.0)


@settings(deadline=None)
@given(COUNTS, RATES)
def test_score_of_nothing_is_nothing(count, usual):
    assert pools.rate_score(count, 0, usual, 1.0) == 0
    assert pools.rate_score(count, 100, 0.0, 1.0) == 0


def test_usual_video_scores_one():
    assert pools.rate_score(20, 1000, 0.02, 1.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("score", "mark", "passed"),
    [(0.0, 0.0, False), (0.01, 0.0, True), (0.0, 0.5, False), (0.5, 0.5, True), (0.49, 0.5, False)],
)
def test_equal_at_nothing_is_not_a_pass(score, mark, passed):
    assert pools.passes(score, mark) is passed


@pytest.mark.parametrize(("gain", "grant"), [(0.0, 2000), (0.8, 5000)])
def test_over_a_mark_of_nothing_the_margin_is_past_all_bounds_and_the_grant_is_not(gain, grant):
    assert pools.margin(3.0, 1.5) == 2.0
    assert pools.next_grant(1000, 5.0, pools.margin(0.1, 0.0), gain, 1.0, 1.0) == grant


# --- noise (P4) ---


@pytest.mark.system("P4")
@pytest.mark.parametrize("rule", [pools.competition, pools.size_factor])
@pytest.mark.parametrize("spread", [0.2, 0.5])
def test_noise_is_log_normal_with_median_one(rule, spread):
    logs = np.log([rule(key, 0, spread) for key in keys()])
    assert abs(logs.mean()) < 4 * spread / math.sqrt(MANY)
    assert logs.std() == pytest.approx(spread, rel=4 / math.sqrt(2 * MANY))
    assert stats.kstest(logs / spread, "norm").pvalue > 1e-4


@pytest.mark.parametrize("rule", [pools.competition, pools.size_factor])
def test_noise_switched_off_is_one(rule):
    assert {rule(key, pool, 0.0) for key in list(keys())[:50] for pool in range(8)} == {1.0}


def test_noise_of_pools_and_kinds_is_independent():
    kinds = [(rule, pool) for rule in (pools.size_factor, pools.competition) for pool in (0, 1)]
    rows = np.array([[rule(key, pool, 1.0) for rule, pool in kinds] for key in keys()])
    found = np.corrcoef(np.log(rows).T)
    assert np.abs(found - np.eye(4)).max() < 4.5 / math.sqrt(MANY)


# --- sizes (P1, P3) ---


@pytest.mark.system("P3")
@settings(deadline=None)
@given(SIZES, COUNTS, COUNTS, st.floats(0, 1), FACTORS)
def test_first_pool_grows_with_fans(size, one, other, power, weight):
    low, high = sorted((one, other))
    assert pools.first_pool(size, low, power, weight, 1.0) <= pools.first_pool(size, high, power, weight, 1.0)
    assert pools.first_pool(size, 0, power, 1.0, 1.0) == size


def test_a_hundred_times_the_fans_is_ten_times_the_first_pool():
    few, many = (pools.first_pool(1000, fans, 0.5, 1.0, 1.0) for fans in (10**7, 10**9))
    assert many / few == pytest.approx(10, rel=1e-3)


GROWTHS = st.floats(1, 20)


@pytest.mark.system("P1")
@settings(deadline=None)
@given(SIZES, GROWTHS, st.floats(1, 100), st.floats(0, 10), st.floats(0, 1))
def test_grant_lies_between_a_quarter_of_the_way_and_the_whole_growth(granted, growth, margin, gain, fresh):
    found = pools.next_grant(granted, growth, margin, gain, fresh, 1.0)
    least, most = granted * (1 + (growth - 1) / 4) * fresh, granted * growth * fresh
    assert max(1, math.floor(least * (1 - 1e-12))) <= found <= max(1, most * (1 + 1e-12))


@pytest.mark.system("P1")
@settings(deadline=None)
@given(SIZES, GROWTHS, st.tuples(st.floats(1, 10), st.floats(1, 10)), st.floats(0, 10))
def test_grant_opens_with_the_margin(granted, growth, margins, gain):
    less, most = (pools.next_grant(granted, growth, m, gain, 1.0, 1.0) for m in sorted(margins))
    assert less <= most


@pytest.mark.system("P1")
def test_bare_pass_opens_a_quarter():
    assert pools.next_grant(1000, 5.0, 1.0, 0.8, 1.0, 1.0) == 2000


@pytest.mark.system("P1")
def test_margin_of_two_opens_the_whole_growth():
    assert pools.next_grant(1000, 5.0, 2.0, 0.8, 1.0, 1.0) == 5000


@pytest.mark.system("P8")
@settings(deadline=None)
@given(SIZES, GROWTHS, st.floats(0, 1), st.floats(0, 1))
def test_older_videos_are_granted_less(granted, growth, one, other):
    old, young = sorted((one, other))
    grants = [pools.next_grant(granted, growth, 1.5, 0.8, fresh, 1.0) for fresh in (old, young)]
    assert grants[0] <= grants[1]


# --- time (P8) ---


@pytest.mark.system("P8")
@settings(deadline=None)
@given(st.floats(0, 1000), st.floats(1, 1000))
def test_freshness_halves_with_every_half_life(age, half_life):
    assert pools.freshness(0.0, half_life) == 1
    assert pools.freshness(age + half_life, half_life) == pytest.approx(pools.freshness(age, half_life) / 2)


@pytest.mark.parametrize(
    ("granted", "pace", "weight", "due"),
    [(300, 3, 1.0, 100), (300, 3, 0.5, 50), (100, 8, 1.0, 12), (2, 8, 0.1, 1)],
)
def test_pool_is_given_out_at_its_pace_and_never_stands_still(granted, pace, weight, due):
    assert pools.hourly_share(granted, pace, weight) == due


@settings(deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 100), st.integers(0, 23))
def test_pool_is_given_out_in_its_hours_of_mean_activity(granted, pace, start):
    given_out = sum(pools.hourly_share(granted, pace, 1.0) for _ in range(pace))
    assert granted - pace <= given_out <= max(granted, pace)
    day = sum(pools.hourly_share(granted, 24, pools.hour_weight(start + hour)) for hour in range(24))
    assert granted - 24 <= day <= max(granted, 24) + 24


@pytest.mark.system("P8")
@settings(deadline=None)
@given(st.floats(0, 1), st.integers(0, 10), st.floats(0, 1e6), st.floats(1, 1e4), st.floats(1, 1e4))
def test_trickle_falls_as_one_over_age(trickle, pool, views, one, other):
    young, old = sorted((one, other))
    early, late = (pools.trickle_rate(views, trickle, pool, age) for age in (young, old))
    assert late <= early
    assert early * young == pytest.approx(late * old)


@pytest.mark.system("P8")
def test_trickle_adds_its_share_of_the_views_with_every_e_fold_of_age():
    ages = np.arange(100, round(100 * math.e))
    added = sum(pools.trickle_rate(1000.0, 0.6, 3, float(age)) for age in ages)
    assert added == pytest.approx(600, rel=0.01)


def test_trickle_is_smaller_for_videos_stopped_in_the_first_pools():
    rates = [pools.trickle_rate(1000.0, 0.6, pool, 100.0) for pool in range(6)]
    assert rates == pytest.approx([1.5, 3.0, 4.5, 6.0, 6.0, 6.0])


@pytest.mark.system("P3")
def test_hours_of_a_day_share_its_impressions():
    weights = [pools.hour_weight(hour) for hour in range(24)]
    assert np.mean(weights) == pytest.approx(1.0, abs=1e-12)
    assert (max(weights), min(weights)) == (weights[22], weights[4])  # before sleep, and in it
    assert pools.hour_weight(25) == weights[1]
    slots = [pools.hourly_slots(1000, 60.0, 0.05, weight) for weight in weights]
    assert 3000 - 24 < sum(slots) <= 3000


@pytest.mark.system("P8")
def test_stopped_video_is_tried_again_once_a_day_at_most_and_as_often_as_its_chance():
    videos, tenth = list(keys()), np.uint64(ONE_32 // 10)
    assert not any(
        pools.revives(key, age, np.uint64(ONE_32)) for key in videos[:9] for age in (1, 23, 25, 47)
    )
    assert all(pools.revives(key, age, np.uint64(ONE_32)) for key in videos[:9] for age in (24, 48))
    days = [[pools.revives(key, age, tenth) for key in videos] for age in (24, 48)]
    assert np.mean(days) == pytest.approx(0.1, abs=4 * math.sqrt(0.1 * 0.9 / 2 / MANY))
    assert abs(np.corrcoef(days)[0, 1]) < 4 / math.sqrt(MANY)


@pytest.mark.parametrize(
    ("quota", "impressions", "before", "found"),
    [(5, 900, 900, True), (5, 899, 899, False), (5, 950, 949, False), (0, 950, 950, False)],
)
def test_audience_is_exhausted_when_nobody_is_found_though_nine_in_ten_have_seen_it(
    quota, impressions, before, found
):
    assert pools.exhausted(quota, impressions, before, 1000) is found


def test_trickle_ends_below_one_impression_a_day():
    assert pools.trickles(1 / 24)
    assert not pools.trickles(0.99 / 24)


# --- marks (P1, P2) ---


def test_marks_of_a_category_without_responses_are_nothing():
    silent = {
        f"content.rates.{action}": 0.0 for action in ("completion", "like", "comment", "share", "follow")
    }
    assert (baseline(Scenario(name="y").with_values(silent)).marks == 0).all()


def test_last_entry_stands_for_all_further_pools():
    assert stretched((1, 2), 4) == [1, 2, 2, 2]
    assert stretched((1, 2, 3), 2) == [1, 2]


def test_usual_rates_are_the_means_over_the_category():
    # Medians times exp(sd²/2): the pooled rates of KuaiRand-Pure, completion about 17 %, likes about 1.9 %.
    found = baseline(Scenario(name="y")).usual
    assert found == pytest.approx([0.167, 0.0194, 0.0029, 0.00099, 0.00139], rel=0.06)


@pytest.mark.system("P2")
def test_weights_of_the_score_sum_to_one():
    doubled = {f"platform.weights.{a}": 1.0 for a in ("completion", "like", "comment", "share", "follow")}
    assert baseline(Scenario(name="y").with_values(doubled)).weights == pytest.approx([0.2] * 5)


@pytest.mark.system("P1")
def test_fewer_promotions_need_higher_marks():
    marks = [
        baseline(Scenario(name="y").with_values({"platform.pass_share": [s]})).marks for s in (0.6, 0.4, 0.1)
    ]
    assert (marks[0] < marks[1]).all()
    assert (marks[1] < marks[2]).all()


@pytest.mark.system("P1")
def test_marks_rise_up_the_ladder_because_survivors_are_better():
    # At an equal share of promotions each pool asks more than the one before.
    marks = baseline(Scenario(name="y").with_values({"platform.pass_share": [0.3]})).marks[:5]
    assert (np.diff(marks) > 0).all()


def test_marks_do_not_depend_on_the_scenarios_own_accounts():
    plain = Scenario(name="y")
    other = plain.with_values(
        {"accounts": [Account(id="m", role="main", quality=5.0, posts_per_day=24.0)], "run.seed": 9}
    )
    assert (baseline(plain).marks == baseline(other).marks).all()
