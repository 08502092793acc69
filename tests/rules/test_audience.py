"""Who people are: segments, interests, propensities; and how accounts are aimed at them."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.rules import audience
from sim.rules.audience import (
    ACTIVITY_CLASSES,
    ACTIVITY_WEIGHTS,
    SHARD,
    affinity_level,
    interest,
    interests,
    segment,
    shards,
)
from sim.rules.draws import ONE_16, ONE_32
from sim.scenario.schema import Scenario
from sim.world.accounts import topic_weights
from sim.world.aims import PICKS, aim, alias_table
from sim.world.fields import read
from sim.world.population import (
    CACHE_LINE,
    affinity_multipliers,
    beta_classes,
    last_shard_size,
    matched_share,
    populate,
    records,
    segment_bounds,
)

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
TOPICS = {"food": 0.5, "sport": 0.3, "music": 0.2}


def crowd(users, topics=None, seed=1):
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        pytest.skip("the driver that fills people's records runs compiled only; its rules run either way")
    audience_of = {"users": users, "topics": topics or TOPICS}
    rows = [{"id": "main", "role": "main"}]
    return populate(Scenario.from_dict({"name": "c", "audience": audience_of, "accounts": rows}), seed)


@settings(deadline=None)
@given(KEYS, st.integers(0, 15))
def test_interest_in_the_main_topic_is_strong_and_elsewhere_weaker(key, topic):
    assert 160 <= interest(interests(key, topic), topic, topic) <= 254
    assert 0 <= interest(interests(key, topic), topic, (topic + 1) % 16) <= 126


@settings(deadline=None)
@given(KEYS)
def test_interests_in_other_topics_do_not_depend_on_the_main_one(key):
    draws = [interests(key, t) for t in range(3)]
    assert [interest(word, t, 3) for t, word in enumerate(draws)] == [
        interest(word, t, 7) for t, word in enumerate(draws)
    ]


def test_most_side_interests_are_small():
    side = crowd(20_000).users["interest"][:, :3]
    main = side.max(axis=1)
    rest = np.sort(side, axis=1)[:, :2]
    assert main.min() >= 160
    assert np.median(rest) < 255 / 8
    assert (rest[:, 1] >= 64).mean() > 0.05  # but not nobody's


@settings(deadline=None)
@given(st.integers(0, 256 * 254), st.integers(0, 256 * 254))
def test_affinity_levels_rise_with_interest_from_0_to_7(one, other):
    low, high = sorted((one, other))
    assert 0 <= affinity_level(low) <= affinity_level(high) <= 7


@pytest.mark.parametrize("users", [100, 2_000, SHARD, SHARD + 1, 20_000])
def test_segments_have_their_shares_in_every_shard(users):
    people = crowd(users).users
    for first in range(0, users, SHARD):
        part = people[first : first + SHARD]
        for topic, share in enumerate([0.5, 0.2, 0.3]):  # food, music, sport: code-point order
            for activity in range(ACTIVITY_CLASSES):
                count = int(((part["topic"] == topic) & (part["activity_class"] == activity)).sum())
                assert abs(count - part.size * share / ACTIVITY_CLASSES) <= 1


@settings(deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=16), st.integers(1, SHARD))
def test_every_slot_of_a_shard_lies_in_one_segment_in_order(weights, size):
    topics = {f"t{k:02}": w / sum(weights) for k, w in enumerate(weights)}
    scenario = Scenario.from_dict({"name": "c", "audience": {"topics": topics}})
    bounds = segment_bounds(scenario)
    assert bounds[-1] == ONE_32
    found = [segment(slot, size, bounds) for slot in range(0, size, max(1, size // 50))]
    assert found == sorted(found)
    assert 0 <= found[0] <= found[-1] < 4 * len(weights)


@settings(deadline=None)
@given(st.integers(1, 10**8))
def test_shards_hold_everybody(users):
    count = int(shards(users))
    assert (count - 1) * SHARD < users <= count * SHARD
    assert (count - 1) * SHARD + last_shard_size(users) == users


def test_activity_means_66_and_a_half_impressions_a_day():
    assert np.mean(ACTIVITY_WEIGHTS) == 66.5
    quarters = np.bincount(crowd(20_000).users["activity_class"], minlength=4)
    assert np.average(ACTIVITY_WEIGHTS, weights=quarters) == pytest.approx(66.5, rel=1e-3)


def test_activity_quartiles_lie_between_the_classes():
    # KuaiRec quartiles 19 / 42 / 83 separate the four classes.
    edges = (0, 19, 42, 83, np.inf)
    assert all(a < w < b for a, w, b in zip(edges, ACTIVITY_WEIGHTS, edges[1:], strict=False))


@pytest.mark.parametrize(
    ("beta", "classes"),
    [
        (audience.COMPLETION_BETA, audience.COMPLETION_CLASSES),
        (audience.ENGAGEMENT_BETA, audience.ENGAGEMENT_CLASSES),
    ],
)
def test_class_means_of_a_propensity_average_one(beta, classes):
    means = beta_classes(*beta, classes)
    assert np.mean(means) == pytest.approx(ONE_16, abs=64)
    assert means == sorted(means)
    draws = np.sort(np.random.default_rng(1).beta(*beta, 400_000)).reshape(classes, -1).mean(axis=1)
    expected = draws / (beta[0] / sum(beta))
    assert np.array(means) / ONE_16 == pytest.approx(expected, rel=0.03, abs=0.02)


def test_engagement_differs_more_between_people_than_completion():
    def spread(beta, classes):
        return np.std(beta_classes(*beta, classes)) / ONE_16

    assert spread(audience.ENGAGEMENT_BETA, 16) > 2 * spread(audience.COMPLETION_BETA, 8)


@pytest.mark.parametrize("gain", [0.0, 1.5, 20.0])
@pytest.mark.parametrize("matched", [0.2, 0.5, 1.0])
def test_match_multiplies_rates_with_mean_one_over_the_viewers(gain, matched):
    table = np.array(affinity_multipliers(gain, matched)) / ONE_16
    people = crowd(20_000, {"mine": matched, "other": 1 - matched}).users
    levels = people["interest"][:, 0].astype(int) * 256 >> 13
    assert table[levels].mean() == pytest.approx(1.0, abs=0.01)
    assert (np.diff(table) > 0).all() if gain else (table == 1).all()


@given(st.floats(0, 100), st.lists(st.floats(0.01, 1), min_size=1, max_size=8))
def test_viewers_of_an_aimed_video_are_matched_as_often_as_the_platform_aims(targeting, weights):
    shares = [w / sum(weights) for w in weights]
    topics = {f"t{k}": share for k, share in enumerate(shares)}
    scenario = Scenario.from_dict(
        {"name": "m", "audience": {"topics": topics}, "platform": {"targeting": targeting}}
    )
    expected = []
    for k, share in enumerate(shares):
        mix = topic_weights({f"t{k}": 1.0}, tuple(topics))
        aimed = aim(mix, shares, targeting)
        expected.append(share * sum(aimed[4 * k : 4 * k + 4]) / sum(aimed))
    assert matched_share(scenario) == pytest.approx(sum(expected))


@pytest.mark.parametrize(
    ("field", "values"),
    [("completion_class", 8), ("engagement_class", 16), ("age_band", 6), ("sex", 2), ("city_tier", 5)],
)
def test_classes_are_equally_likely(field, values):
    found = read(crowd(20_000).users, field)
    counts = np.bincount(found - found.min(), minlength=values)
    assert counts.size == values
    assert stats.chisquare(counts).pvalue > 1e-4


def test_propensities_are_independent_of_each_other_and_of_the_topic():
    people = crowd(20_000).users
    names = (
        "completion_class",
        "engagement_class",
        "topic",
        "activity_class",
        "age_band",
        "sex",
        "city_tier",
    )
    found = np.corrcoef([read(people, name).astype(float) for name in names])
    assert np.abs(found - np.eye(len(names))).max() < 4.5 / np.sqrt(people.size)


def test_another_seed_has_other_people():
    one, other = crowd(2_000, seed=1).users, crowd(2_000, seed=2).users
    assert (read(one, "engagement_class") == read(other, "engagement_class")).mean() < 0.12
    assert (one["topic"] == other["topic"]).all()  # the shares are facts, not luck


def test_order_of_topics_does_not_matter():
    turned = dict(reversed(TOPICS.items()))
    assert (crowd(2_000).users == crowd(2_000, turned).users).all()


# --- how the platform aims at segments ---


def alias_shares(weights):
    limit, other = alias_table(weights)
    found = np.zeros(PICKS)
    for slot in range(PICKS):
        found[slot] += limit[slot] / ONE_32 / PICKS
        found[other[slot]] += (ONE_32 - limit[slot]) / ONE_32 / PICKS
    return found


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.floats(0, 1e6) | st.just(0.0), min_size=1, max_size=PICKS).filter(lambda ws: sum(ws) > 1e-3)
)
def test_alias_table_reproduces_its_weights(weights):
    expected = np.array(weights + [0.0] * (PICKS - len(weights))) / sum(weights)
    assert alias_shares(weights) == pytest.approx(expected, abs=1e-6)
    assert alias_shares(weights)[len(weights) :].sum() < 1e-6  # nothing falls on the padding


@pytest.mark.parametrize("topics", range(1, 17))
def test_alias_table_of_an_untargeted_video_is_the_activity_of_the_segments(topics):
    shares = [1 / topics] * topics
    mix = topic_weights({"t00": 1.0}, tuple(f"t{k:02}" for k in range(topics)))
    found = alias_shares(aim(mix, shares, 0.0))[: 4 * topics]
    expected = np.tile(np.array(ACTIVITY_WEIGHTS) / sum(ACTIVITY_WEIGHTS), topics) / topics
    assert found == pytest.approx(expected, abs=1e-6)


@settings(deadline=None)
@given(st.floats(0, 100))
def test_targeting_turns_a_video_to_its_own_topic(targeting):
    found = aim([256, 0], [0.5, 0.5], targeting)
    assert sum(found[:4]) == pytest.approx((1 + targeting) * sum(found[4:]))


@settings(deadline=None)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=16))
def test_topic_mix_sums_to_256_and_is_nearest(shares):
    names = tuple(f"t{k:02}" for k in range(len(shares)))
    found = topic_weights(dict(zip(names, shares, strict=True)), names)
    assert len(found) == 16
    assert sum(found) == 256
    assert all(abs(w - 256 * s / sum(shares)) < 1 for w, s in zip(found, shares, strict=False))


def test_no_record_lies_in_two_cache_lines():
    for users in (1, 1_000, 300_000):
        people = records(users)
        assert people.size == users
        assert not people.view(np.uint8).any()
        assert people.ctypes.data % CACHE_LINE == 0
