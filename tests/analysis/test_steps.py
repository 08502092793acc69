"""Smooth view counts pass the test for steps, piled ones do not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.steps import BIN_DEX, steps

SIZES = [350, 3_000, 13_500]
REPEATS = 60


def smooth(rng: np.random.Generator, videos: int = 5_000, middle: float = 3.5) -> NDArray[np.float64]:
    return np.round(10.0 ** rng.normal(middle, 1.1, videos))


def piled(rng: np.random.Generator, share: float = 0.15) -> NDArray[np.float64]:
    """A share of the videos within 0.05 dex of a pool size."""
    views = smooth(rng)
    count = round(share * views.size)
    views[:count] = np.round(rng.choice(SIZES, count) * 10.0 ** rng.uniform(-0.05, 0.05, count))
    return views


def rejected(samples: list[NDArray[np.float64]], sizes: list[int]) -> float:
    return float(np.mean([steps(sample, sizes, resamples=99).p_value <= 0.05 for sample in samples]))


@pytest.mark.parametrize(("middle", "sizes"), [(3.5, SIZES), (1.5, [3, 10, 30])])
def test_smooth_counts_are_flagged_no_more_than_they_should(middle, sizes):
    rng = np.random.default_rng(1)
    # 60 repeats at 5 %: more than 8 in 1 % of cases. Small counts are tied all over.
    assert rejected([smooth(rng, middle=middle) for _ in range(REPEATS)], sizes) <= 8 / REPEATS


def test_counts_piled_at_pool_sizes_are_flagged():
    rng = np.random.default_rng(2)
    assert rejected([piled(rng) for _ in range(10)], SIZES) == 1.0


def test_a_small_pile_is_found_in_five_thousand_videos():
    rng = np.random.default_rng(3)
    assert rejected([piled(rng, 0.05) for _ in range(10)], SIZES) >= 0.9


def test_a_pile_elsewhere_is_not_looked_for():
    rng = np.random.default_rng(4)
    assert steps(piled(rng), [100_000], resamples=99).p_value > 0.05


def test_location_names_the_size_where_videos_pile_up():
    views = smooth(np.random.default_rng(5))
    views[:400] = 3_000
    found = steps(views, SIZES, resamples=99)
    assert abs(np.log10(found.location / 3_000)) < BIN_DEX
    assert found.p_value == 0.01  # 1 in 99 + 1: none of the smooth samples came near


def test_histogram_holds_every_video_and_so_does_its_expectation():
    found = steps(smooth(np.random.default_rng(6)), SIZES, resamples=9)
    assert found.observed.sum() == 5_000
    assert found.expected.sum() == pytest.approx(5_000, rel=1e-3)
    assert len(found.bins) == len(found.observed) + 1 == len(found.expected) + 1
    assert np.diff(found.bins) == pytest.approx(BIN_DEX)


def test_expectation_of_a_lognormal_is_the_lognormal():
    found = steps(smooth(np.random.default_rng(7), videos=50_000), SIZES, resamples=9)
    at = (found.bins[:-1] + BIN_DEX / 2 - 3.5) / 1.1
    density = 50_000 * BIN_DEX / 1.1 * np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
    assert np.abs(found.expected - density).max() < 0.03 * density.max()


def test_a_count_on_an_edge_belongs_to_the_bin_above():
    views = [1_000] * 50 + [10, 100_000]
    found = steps(views, [1_000], resamples=9)
    assert found.observed[np.searchsorted(found.bins, 3.0 + BIN_DEX / 2) - 1] == 50
    assert found.location == pytest.approx(10 ** (3.0 + BIN_DEX / 2))


def test_same_sample_gives_the_same_p_value():
    views = smooth(np.random.default_rng(8), videos=300)
    assert steps(views, SIZES, resamples=49)[:3] == steps(views[::-1], SIZES, resamples=49)[:3]


def test_zeros_are_left_out():
    views = smooth(np.random.default_rng(9), videos=300)
    views = views[views >= 1]
    assert steps([*views, 0, 0], SIZES, resamples=9).statistic == steps(views, SIZES, resamples=9).statistic


def test_two_neighbouring_counts_are_enough():
    assert 0.0 < steps([1_000, 1_001], [1_000], resamples=9).p_value <= 1.0


@pytest.mark.parametrize(
    ("views", "sizes", "words"),
    [
        ([5, 5, 5], [300], "at least 2 different"),
        ([], [300], "at least 2 different"),
        ([0, 0], [300], "at least 2 different"),
        ([1, -2], [300], "not negative"),
        ([1, np.nan], [300], "finite"),
        ([1, 2], [], "at least one"),
        ([1, 2], [0.5], "at least one"),
    ],
)
def test_input_without_an_answer_is_refused(views, sizes, words):
    with pytest.raises(ValueError, match=words):
        steps(views, sizes)
