"""Draws with an address: known answers, uniformity, and permutations that can be undone."""

import itertools
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.model import MatrixModel
from sim.rules import addresses
from sim.rules.draws import (
    GOLD,
    ONE_16,
    ONE_32,
    bit_count,
    bit_length,
    child,
    fixed,
    high32,
    low32,
    lowest_bit,
    mix,
    name_key,
    normal,
    permuted,
    root_key,
    subkey,
    threshold,
    unpermuted,
)
from sim.scenario.schema import Scenario

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
SIZES = st.integers(1, 20_000)
PURPOSES = {
    name: int(value)
    for name, value in vars(addresses).items()
    if name.isupper() and isinstance(value, np.int64)
}
NOT_BY_CHANCE = 1e-4  # keys are fixed, so a test passes always or never


def test_mix_is_splitmix64():
    # The first three outputs of the reference generator (Vigna, splitmix64.c) from state 0.
    states = [np.uint64((int(GOLD) * n) % 2**64) for n in (1, 2, 3)]
    assert [int(mix(s)) for s in states] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_first_child_of_key_zero_is_the_generators_first_output():
    assert int(subkey(np.uint64(0), 0)) == 0xE220A8397B1DCDAF


def test_name_keys_are_frozen():
    # Stable over machines, versions and hash randomisation: results depend on them.
    assert [int(name_key(name)) for name in ("main", "主账号", "")] == [
        0xEFD1609ECB636E02,
        0x18971FD5618F0E59,
        0xB4B2797457A0A6E4,
    ]


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), min_size=2, unique=True))
def test_names_have_keys_of_their_own(names):
    assert len({int(name_key(name)) for name in names}) == len(names)


def test_purposes_are_distinct_and_far_above_counters():
    assert len(PURPOSES) >= 16
    assert len(set(PURPOSES.values())) == len(PURPOSES)
    far = sorted(PURPOSES.values())
    assert min(b - a for a, b in itertools.pairwise([0, *far])) >= 1 << 40


@settings(deadline=None)
@given(KEYS, st.lists(st.integers(0, 1 << 39), min_size=1, max_size=8, unique=True))
def test_child_addresses_of_distinct_purposes_differ(key, counters):
    numbers = [*counters, *(purpose + n for purpose in PURPOSES.values() for n in counters)]
    found = {int(subkey(key, n)) for n in numbers}
    assert len(found) == len(set(numbers))


@settings(deadline=None)
@given(KEYS)
def test_child_is_not_its_own_parent_and_not_the_same_at_another_depth(key):
    one, two = subkey(key, 0), subkey(subkey(key, 0), 0)
    assert len({int(key), int(one), int(two), int(subkey(key, 1))}) == 4


def test_seed_zero_is_a_seed():
    keys = {int(root_key(seed, purpose)) for seed in (0, 1, 2**63 - 1) for purpose in PURPOSES.values()}
    assert len(keys) == 3 * len(PURPOSES)


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="drivers run compiled only")
def test_run_of_seed_zero_is_a_run_of_its_own():
    small = Scenario(name="s").with_values({"audience.users": 4000, "run.hours": 6})
    zero, again, one = (MatrixModel(small, rng=seed) for seed in (0, 0, 1))
    assert zero.run_seed == 0
    assert zero.finish().digest == again.finish().digest != one.finish().digest


@pytest.mark.parametrize(
    ("probability", "integer"),
    [(-0.5, 0), (0.0, 0), (0.5, 1 << 31), (1.0, ONE_32), (1.5, ONE_32), (50.0, ONE_32)],
)
def test_thresholds_clip(probability, integer):
    assert threshold(probability) == integer


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_thresholds_rise_with_the_probability(one, other):
    low, high = sorted((one, other))
    assert 0 <= threshold(low) <= threshold(high) <= ONE_32
    assert abs(threshold(low) / ONE_32 - low) <= 1 / ONE_32


def test_certain_event_always_happens_and_impossible_never():
    assert threshold(1.0) > 0xFFFFFFFF  # above the largest 32-bit draw
    assert threshold(0.0) == 0


@settings(deadline=None)
@given(st.floats(0, 1000))
def test_fixed_point_is_the_nearest(number):
    assert abs(fixed(number) - number * ONE_16) <= 0.5
    assert fixed(1.0) == ONE_16


@settings(deadline=None)
@given(KEYS)
def test_two_halves_make_the_word(key):
    assert int(high32(key)) << 32 | int(low32(key)) == int(key)


@settings(deadline=None)
@given(st.integers(0, 2**62))
def test_lowest_bit_is_found(number):
    word = np.uint64(number << 1 | 1)
    for shift in (0, 1, 31, 63):
        assert lowest_bit(np.uint64((int(word) << shift) & (2**64 - 1))) == shift


def test_no_bit_is_lowest_behind_all():
    assert lowest_bit(np.uint64(0)) == 64


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_bit_count_is_pythons(number):
    assert bit_count(np.uint64(number)) == number.bit_count()


@settings(deadline=None)
@given(st.integers(0, 2**62))
def test_bit_length_is_pythons(number):
    assert bit_length(number) == number.bit_length()


@settings(max_examples=40, deadline=None)
@given(SIZES, KEYS)
def test_permuted_is_a_bijection_and_unpermuted_undoes_it(size, key):
    places = [permuted(index, size, key) for index in range(size)]
    assert sorted(places) == list(range(size))
    assert [unpermuted(place, size, key) for place in places] == list(range(size))


@pytest.mark.parametrize("size", [*range(1, 20), 255, 256, 257, 16_383, 16_384, 16_385, 20_000])
def test_permuted_is_a_bijection_at_the_edges_of_powers_of_two(size):
    key = subkey(np.uint64(7), size)
    assert {permuted(index, size, key) for index in range(size)} == set(range(size))
    assert all(permuted(unpermuted(place, size, key), size, key) == place for place in range(size))


@pytest.mark.parametrize("size", [3, 8, 100, 1000])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_first_picks_are_uniform(size, index):
    keys = [subkey(np.uint64(11), n) for n in range(max(20_000, 30 * size))]
    counts = np.bincount([permuted(index, size, key) for key in keys], minlength=size)
    assert stats.chisquare(counts).pvalue > NOT_BY_CHANCE


def test_first_two_picks_are_uniform_over_pairs():
    size, keys = 12, [subkey(np.uint64(13), n) for n in range(40_000)]
    pairs = [permuted(0, size, key) * size + permuted(1, size, key) for key in keys]
    counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
    assert np.diag(counts).sum() == 0
    assert stats.chisquare(counts[~np.eye(size, dtype=bool)]).pvalue > NOT_BY_CHANCE


def test_permutations_under_two_keys_are_unrelated():
    size = 5000
    one, other = (
        np.array([permuted(index, size, subkey(np.uint64(17), key)) for index in range(size)])
        for key in (0, 1)
    )
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(size)
    assert (one == other).sum() < 10  # a random pair of permutations agrees in about one place


@pytest.mark.parametrize("half", [low32, high32])
def test_draws_are_uniform(half):
    found = [int(half(subkey(np.uint64(19), n))) / 2**32 for n in range(20_000)]
    assert stats.kstest(found, "uniform").pvalue > NOT_BY_CHANCE


def test_two_halves_of_a_draw_are_independent():
    words = [subkey(np.uint64(23), n) for n in range(20_000)]
    low, high = ([int(half(w)) for w in words] for half in (low32, high32))
    assert abs(stats.spearmanr(low, high).statistic) < 4 / np.sqrt(len(words))


def test_neighbouring_addresses_are_independent():
    found = np.array([int(low32(subkey(np.uint64(29), n))) for n in range(20_001)])
    assert abs(stats.spearmanr(found[1:], found[:-1]).statistic) < 4 / np.sqrt(20_000)


def test_normal_draws_have_mean_zero_variance_one_and_end_at_six():
    found = np.array([normal(subkey(np.uint64(31), n)) for n in range(20_000)])
    assert abs(found.mean()) < 4 / np.sqrt(found.size)
    assert abs(found.var() - 1) < 4 * np.sqrt(2 / found.size)
    assert np.abs(found).max() < 6
    assert stats.kstest(found, "norm").pvalue > NOT_BY_CHANCE


@settings(deadline=None)
@given(KEYS)
def test_normal_draws_are_exact_multiples_of_one_65536th(key):
    assert (normal(key) * 65536).is_integer()


@settings(deadline=None)
@given(KEYS, st.integers(0, 2**32))
def test_child_hears_the_whole_key(key, number):
    flipped = np.uint64(int(key) ^ 1 << 63)
    assert child(key, number) != child(flipped, number)
