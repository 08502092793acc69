"""Where visitors go next: one list at most, one entry at most, and who is named in a caption."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.rules import links as rule
from sim.rules.draws import ONE_16, ONE_32, fixed, high32, low32, subkey, threshold
from sim.world.doors import DOOR

DRAWS = st.integers(0, ONE_32 - 1).map(np.uint64)
MANY = 20_000


@pytest.mark.system("M4")
def opened_list(draw, following, liked):
    """Of a page whose lists are opened so often."""
    doors = np.array([(0, rule.FOLLOWING_LIST, following), (0, rule.LIKED_LIST, following + liked)], DOOR)
    return rule.opened(np.uint64(draw), doors, 0, 2)


@pytest.mark.parametrize(
    ("following", "liked", "draw", "choice"),
    [
        (100, 50, 0, rule.FOLLOWING_LIST),
        (100, 50, 99, rule.FOLLOWING_LIST),
        (100, 50, 100, rule.LIKED_LIST),
        (100, 50, 149, rule.LIKED_LIST),
        (100, 50, 150, rule.LEAVE),
        (0, 50, 0, rule.LIKED_LIST),
        (0, 0, 0, rule.LEAVE),
        (ONE_32, 0, ONE_32 - 1, rule.FOLLOWING_LIST),
        (0, ONE_32, ONE_32 - 1, rule.LIKED_LIST),
    ],
)
def test_visitor_opens_one_list_or_none(following, liked, draw, choice):
    assert opened_list(draw, following, liked) == choice


def test_lists_are_opened_as_often_as_their_shares():
    limits = threshold(0.2), threshold(0.3)
    found = Counter(opened_list(low32(subkey(np.uint64(1), n)), *limits) for n in range(MANY))
    counts = [found[c] for c in (rule.LEAVE, rule.FOLLOWING_LIST, rule.LIKED_LIST)]
    assert stats.chisquare(counts, [0.5 * MANY, 0.2 * MANY, 0.3 * MANY]).pvalue > 1e-4


def test_more_of_one_list_never_opens_the_other():
    draws = [low32(subkey(np.uint64(2), n)) for n in range(2000)]
    narrow = [opened_list(d, threshold(0.1), threshold(0.3)) for d in draws]
    wide = [opened_list(d, threshold(0.2), threshold(0.2)) for d in draws]
    changed = {(a, b) for a, b in zip(narrow, wide, strict=True) if a != b}
    assert changed == {(rule.LIKED_LIST, rule.FOLLOWING_LIST)}


@pytest.mark.parametrize(
    ("position", "match", "attention"),
    [(1.0, 1.0, 1.0), (0.5, 3.0, 1.5), (0.25, 0.5, 0.125), (0.0, 9.0, 0.0)],
)
def test_attention_of_an_entry_is_position_times_match(position, match, attention):
    assert int(rule.entry_weight(np.uint64(fixed(position)), np.uint64(fixed(match)))) == fixed(attention)


@settings(deadline=None)
@given(st.integers(0, ONE_16), st.integers(0, ONE_16), st.integers(0, 40 * ONE_16))
def test_lower_places_of_a_list_never_draw_more_attention(one, other, match):
    low, high = sorted((one, other))
    assert rule.entry_weight(np.uint64(low), np.uint64(match)) <= rule.entry_weight(
        np.uint64(high), np.uint64(match)
    )


@settings(deadline=None)
@given(DRAWS, st.integers(1, 2**28))
def test_point_on_the_stacked_weights_lies_on_them(draw, total):
    assert 0 <= int(rule.picked_weight(draw, np.uint64(total))) < total


def test_entries_are_picked_in_proportion_to_their_weights():
    weights = np.array([40_000, 20_000, 5_000])
    points = [
        int(rule.picked_weight(high32(subkey(np.uint64(3), n)), np.uint64(weights.sum())))
        for n in range(MANY)
    ]
    counts = np.bincount(np.searchsorted(np.cumsum(weights), points, side="right"), minlength=3)
    assert stats.chisquare(counts, MANY * weights / weights.sum()).pvalue > 1e-4


@pytest.mark.system("M6")
@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 200), st.integers(1, 8))
def test_caption_names_different_accounts(post, links, most):
    names = [rule.mentioned(post, place, links) for place in range(min(links, most))]
    assert len(set(names)) == len(names)
    assert all(0 <= name < links for name in names)


@pytest.mark.system("M6")
@pytest.mark.parametrize(("links", "most"), [(1, 2), (3, 2), (7, 2), (8, 3)])
def test_captions_take_turns_through_all_links(links, most):
    named = Counter(
        rule.mentioned(post, place, links) for post in range(links) for place in range(min(links, most))
    )
    assert set(named) == set(range(links))
    assert len(set(named.values())) == 1


@pytest.mark.system("M6")
@settings(deadline=None)
@given(DRAWS, st.integers(1, 8), st.integers(1, ONE_32))
def test_jump_goes_to_a_name_in_the_caption(draw, names, limit):
    assume(draw < limit)  # only such a viewer jumps at all
    assert 0 <= rule.jump_place(draw, names, np.uint64(limit)) < names


@pytest.mark.system("M6")
@pytest.mark.parametrize("names", [1, 2, 3, 8])
def test_names_of_a_caption_share_the_jumps_alike(names):
    limit = threshold(0.003)
    draws = np.linspace(0, limit - 1, 4000).astype(np.uint64)
    counts = np.bincount([rule.jump_place(d, names, np.uint64(limit)) for d in draws], minlength=names)
    assert counts.size == names
    assert counts.max() - counts.min() <= 1


@settings(deadline=None)
@given(DRAWS, st.integers(1, 2000))
def test_follow_is_taken_back_within_twice_the_mean(draw, mean):
    assert 1 <= rule.unfollow_delay(np.uint64(draw), mean) <= 2 * mean - 1


@pytest.mark.parametrize("mean", [1, 2, 72])
def test_mean_delay_of_an_unfollow_is_the_mean(mean):
    found = [rule.unfollow_delay(low32(subkey(np.uint64(4), n)), mean) for n in range(MANY)]
    sd = np.sqrt(((2 * mean - 1) ** 2 - 1) / 12)
    assert abs(np.mean(found) - mean) <= 4 * sd / np.sqrt(MANY)
