"""Who is whose friend: symmetric, nobody their own, 16 in the median."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.rules.addresses import FRIENDS
from sim.rules.draws import ONE_32, root_key, subkey
from sim.rules.sharing import NOBODY, RINGS, edge_threshold, friend, open_draw

pytestmark = pytest.mark.system("U1")

KEY = root_key(1, FRIENDS)
SIXTEEN = np.uint64(edge_threshold(16))


def friends_of(user, users, key=KEY, exists=SIXTEEN):
    found = (friend(user, ring, users, key, exists) for ring in range(RINGS))
    return {other for other in found if other != NOBODY}


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 100_000), st.integers(0, 2**63), st.integers(0, 48), st.data())
def test_friendship_is_mutual_and_nobody_is_their_own_friend(users, seed, median, data):
    key, exists = root_key(seed, FRIENDS), np.uint64(edge_threshold(median))
    user = data.draw(st.integers(0, users - 1))
    for ring in range(RINGS):
        other = friend(user, ring, users, key, exists)
        if other != NOBODY:
            assert 0 <= other < users
            assert other != user
            assert friend(other, ring, users, key, exists) == user


def test_median_number_of_friends_is_16():
    degrees = [len(friends_of(user, 20_000)) for user in range(0, 20_000, 10)]
    assert np.median(degrees) == 16
    assert np.mean(degrees) == pytest.approx(16, abs=4 * np.sqrt(RINGS * 0.25 * 0.75 / len(degrees)))
    assert max(degrees) <= RINGS


@pytest.mark.parametrize("median", [0, 1, 8, 40, 48])
def test_median_number_of_friends_is_what_was_asked_for(median):
    exists = np.uint64(edge_threshold(median))
    degrees = [len(friends_of(user, 50_000, exists=exists)) for user in range(0, 50_000, 100)]
    assert np.median(degrees) == pytest.approx(median, abs=0 if median in {0, 1} else 1)


def test_graph_of_everybody_has_no_structure_by_number():
    # Friends of neighbours are spread over the whole population, not over neighbouring numbers.
    found = [other / 20_000 for user in range(200) for other in friends_of(user, 20_000)]
    assert stats.kstest(found, "uniform").pvalue > 1e-4


def test_certain_edges_match_everybody_in_an_even_population():
    certain = np.uint64(ONE_32)
    for ring in range(RINGS):
        partners = [friend(user, ring, 100, KEY, certain) for user in range(100)]
        assert sorted(partners) == list(range(100))


def test_one_person_is_left_over_in_an_odd_population():
    certain = np.uint64(ONE_32)
    for ring in range(RINGS):
        partners = [friend(user, ring, 101, KEY, certain) for user in range(101)]
        assert partners.count(NOBODY) == 1


def test_another_seed_has_other_friends():
    other = root_key(2, FRIENDS)
    common = [len(friends_of(u, 20_000) & friends_of(u, 20_000, other)) for u in range(100)]
    assert np.mean(common) < 0.2


def test_opening_is_drawn_for_video_sharer_and_receiver():
    video = subkey(np.uint64(1), 1)
    draws = {
        int(open_draw(key, sharer, receiver))
        for key in (video, subkey(video, 1))
        for sharer in range(20)
        for receiver in range(20)
        if sharer != receiver
    }
    assert len(draws) == 2 * 20 * 19


def test_openings_are_as_frequent_as_their_probability():
    draws = [int(open_draw(np.uint64(9), s, r)) / ONE_32 for s in range(100) for r in range(100)]
    assert stats.kstest(draws, "uniform").pvalue > 1e-4
