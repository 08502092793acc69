"""How people respond: monotone, frequent as promised, and more often after a completion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules import engagement as e
from sim.rules.content import without_completion
from sim.rules.draws import ONE_16, ONE_32, fixed, high32, low32, subkey, threshold

pytestmark = pytest.mark.system("P2")

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
THRESHOLDS = st.integers(0, ONE_32)
MULTIPLIERS = st.integers(0, 20 * ONE_16)
APPEALS = st.builds(e.Appeal, *[THRESHOLDS.map(np.uint64)] * 6)
ONE = np.uint64(ONE_16)
MANY = 40_000


def appeal(*rates):
    return e.Appeal(*(np.uint64(threshold(rate)) for rate in rates))


def respond(key, video, finish=ONE, engage=ONE, boost=ONE):
    drawn = e.Draws(*map(np.uint64, e.draws(key)))
    return int(e.response(drawn, video, np.uint64(finish), np.uint64(engage), np.uint64(boost)))


def responses(video, finish=ONE, engage=ONE, boost=ONE):
    keys = (e.impression_key(np.uint64(5), user) for user in range(MANY))
    return np.array([respond(np.uint64(key), video, finish, engage, boost) for key in keys])


@settings(deadline=None)
@given(KEYS, APPEALS, MULTIPLIERS, MULTIPLIERS, st.integers(ONE_16, 5 * ONE_16))
def test_nothing_happens_without_appeal_and_everything_with_all_of_it(key, video, finish, engage, boost):
    assert respond(key, appeal(0, 0, 0, 0, 0, 0), finish, engage, boost) == 0
    assert respond(key, appeal(1, 1, 1, 1, 1, 1)) == 63
    assert 0 <= respond(key, video, finish, engage, boost) < 64


@settings(deadline=None)
@given(KEYS, APPEALS, st.tuples(MULTIPLIERS, MULTIPLIERS), st.tuples(MULTIPLIERS, MULTIPLIERS), MULTIPLIERS)
def test_response_grows_with_both_multipliers(key, video, finish, engage, boost):
    boost += ONE_16
    less = respond(key, video, min(finish), min(engage), boost)
    more = respond(key, video, max(finish), max(engage), boost)
    assert less & more == less  # whoever did something still does it


@settings(deadline=None)
@given(KEYS, APPEALS, MULTIPLIERS, MULTIPLIERS)
def test_boost_never_takes_a_response_away(key, video, finish, engage):
    less, more = (respond(key, video, finish, engage, boost) for boost in (ONE_16, 4 * ONE_16))
    assert less & more == less
    assert (less ^ more) & e.COMPLETE == 0
    if not less & e.COMPLETE:
        assert less == more


@settings(deadline=None)
@given(KEYS, APPEALS, APPEALS)
def test_one_action_does_not_hear_of_the_appeal_of_another(key, one, other):
    mixed = e.Appeal(one.completion, other.like, one.comment, one.share, one.follow, one.visit)
    assert (respond(key, one) ^ respond(key, mixed)) & ~e.LIKE == 0


@settings(deadline=None)
@given(KEYS, st.sampled_from((0.5, 0.02, 0.001)), MULTIPLIERS)
def test_nobody_engages_whom_the_least_of_the_draws_rules_out(key, rate, multiplier):
    video = appeal(1, rate, rate / 2, rate / 9, rate / 5, rate / 3)
    drawn = e.Draws(*map(np.uint64, e.draws(key)))
    smallest, threshold_ = np.uint64(e.least(drawn)), np.uint64(e.largest(video))
    if not e.may_engage(smallest, threshold_, np.uint64(multiplier)):
        assert e.engagement(drawn, video, np.uint64(multiplier)) == 0
    assert e.may_engage(np.uint64(0), threshold_, ONE)


@settings(deadline=None)
@given(THRESHOLDS)
def test_multiplier_one_leaves_a_threshold_as_it_is(limit):
    assert int(e.chance(np.uint64(limit), ONE)) == limit


@pytest.mark.parametrize(
    ("probability", "factor", "product"),
    [
        (0.25, 2.0, 0.5),
        (0.5, 0.5, 0.25),
        (0.5, 3.0, 1.5),
        (0.0, 9.0, 0.0),
        (1.0, 0.0, 0.0),
        (2**-32, 0.5, 0.0),
    ],
)
def test_chance_is_the_product(probability, factor, product):
    assert int(e.chance(np.uint64(threshold(probability)), np.uint64(fixed(factor)))) == product * ONE_32


@settings(deadline=None)
@given(THRESHOLDS, MULTIPLIERS, MULTIPLIERS)
def test_chances_add_up_with_their_multipliers(limit, one, other):
    parts = [int(e.chance(np.uint64(limit), np.uint64(m))) for m in (one, other, one + other)]
    assert parts[2] - parts[0] - parts[1] in (0, 1)  # rounded down, each


def test_actions_are_as_frequent_as_their_thresholds():
    rates = (0.5, 0.3, 0.2, 0.1, 0.05, 0.02)
    found = responses(appeal(*rates))
    for k, rate in enumerate(rates):
        assert abs((found >> k & 1).mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / MANY)


def test_viewer_who_finished_engages_boost_times_as_often():
    found = responses(appeal(0.4, 0.1, 0.1, 0.1, 0.1, 0.1), boost=fixed(3.2))
    finished = found & 1 == 1
    for k in range(1, 6):
        did = found >> k & 1
        after, before = did[finished].mean(), did[~finished].mean()
        assert after / before == pytest.approx(3.2, rel=0.1)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 20))
def test_completion_boost_leaves_the_mean_rate_alone(rate, completion, boost):
    base = without_completion(rate, completion, boost)
    assert completion * boost * base + (1 - completion) * base == pytest.approx(rate)


def test_mean_like_rate_is_the_videos_own_whatever_the_boost():
    rates = [
        (
            responses(appeal(0.3, without_completion(0.1, 0.3, boost), 0, 0, 0, 0), boost=fixed(boost)) >> 1
            & 1
        ).mean()
        for boost in (1.0, 3.2, 5.0)
    ]
    assert rates == pytest.approx([0.1] * 3, abs=4 * np.sqrt(0.1 * 0.9 / MANY))


def test_actions_of_a_viewer_are_independent_without_a_boost():
    found = responses(appeal(0.5, 0.5, 0.5, 0.5, 0.5, 0.5))
    bits = np.array([found >> k & 1 for k in range(6)])
    assert np.abs(np.corrcoef(bits) - np.eye(6)).max() < 4.5 / np.sqrt(MANY)


@settings(deadline=None)
@given(KEYS, st.integers(0, 10**8), st.integers(0, 10**8))
def test_address_of_an_impression_is_video_and_person(video, one, other):
    same = e.impression_key(video, one) == e.impression_key(video, other)
    assert same == (one == other)
    assert e.impression_key(video, one) != e.impression_key(subkey(video, 1), one)


def test_side_draws_are_independent_of_the_responses():
    keys = [np.uint64(e.impression_key(np.uint64(5), user)) for user in range(MANY)]
    found = np.array([respond(key, appeal(0.5, 0.5, 0.5, 0.5, 0.5, 0.5)) for key in keys])
    side = [np.uint64(e.side_draws(key)) for key in keys]
    for half in (low32, high32):
        draws = np.array([int(half(word)) for word in side], float)
        assert max(abs(np.corrcoef(draws, found >> k & 1)[0, 1]) for k in range(6)) < 4.5 / np.sqrt(MANY)


def test_exposures_are_counted_up_to_what_is_told_apart():
    counted = [0]
    for _ in range(20):
        counted.append(e.exposed_once_more(counted[-1]))
    assert counted == [*range(16), 15, 15, 15, 15, 15]


@pytest.mark.parametrize(("day", "today", "left"), [(4, 4, 7), (3, 4, 0), (0, 4, 0), (0, 0, 7)])
def test_exposures_of_yesterday_are_forgotten(day, today, left):
    assert e.exposures_today(7, day, today) == left
