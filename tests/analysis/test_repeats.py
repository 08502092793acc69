from math import inf, log10, sqrt

import numpy as np
import pytest
from scipy import stats

from sim.analysis.repeats import luck_of


def drawn(seed: int, repeats: int, videos: int, sd: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = rng.uniform(2, 6, videos)  # videos of very different size
    return np.rint(10 ** rng.normal(middles, sd, (repeats, videos))).astype(np.int64)


def test_the_sizes_of_the_videos_do_not_matter_only_their_spread() -> None:
    found = luck_of(drawn(1, 40, 400, 0.5))
    assert found.sd.value == pytest.approx(0.5, rel=0.03)
    apart = stats.norm.ppf(0.9) * sqrt(2) * 0.5  # 80 % quantile of |x − y|
    assert log10(found.factor.value) == pytest.approx(apart, rel=0.03)
    assert (found.videos, found.repeats, found.share) == (400, 40, 0.8)


def test_the_sd_is_that_of_the_evidence() -> None:
    views = drawn(2, 30, 1, 0.4)
    assert luck_of(views).sd.value == pytest.approx(np.log10(views[:, 0]).std(ddof=1))


def test_the_factor_of_two_known_values_is_known() -> None:
    views = np.array([[10], [10], [1000], [1000]])  # 4 of 6 pairs are 100 apart
    assert luck_of(views, share=0.5).factor.value == pytest.approx(100)


@pytest.mark.parametrize("videos", [1, 20])
def test_the_intervals_cover_as_often_as_they_say(videos: int) -> None:
    apart = 10 ** (stats.norm.ppf(0.9) * sqrt(2) * 0.5)
    held = np.array(
        [
            (found.sd.low <= 0.5 <= found.sd.high, found.factor.low <= apart <= found.factor.high)
            for found in (luck_of(drawn(seed, 20, videos, 0.5)) for seed in range(200))
        ]
    )
    assert (held.mean(axis=0) > 0.89).all()  # 95 % less three standard errors, and what a jackknife owes
    assert (held.mean(axis=0) < 1).all()


def test_luck_that_all_videos_of_a_repeat_share_is_not_taken_for_many_cases() -> None:
    rng = np.random.default_rng(3)
    shared = np.rint(10 ** np.repeat(rng.normal(4, 0.5, (20, 1)), 100, axis=1)).astype(np.int64)
    alone, together = luck_of(shared[:, :1]).sd, luck_of(shared).sd
    assert together.high - together.low == pytest.approx(alone.high - alone.low)


def test_without_luck_there_is_no_spread() -> None:
    found = luck_of(np.full((5, 3), 700))
    assert found.sd == (0, 0, 0)
    assert found.factor == (1, 1, 1)


def test_a_spread_that_hangs_on_one_repeat_has_no_upper_end() -> None:
    found = luck_of(np.array([[10], [10], [10], [90]]))
    assert found.sd.low == 0
    assert found.sd.high == inf


def test_a_video_that_nobody_saw_counts_as_one_view() -> None:
    assert luck_of(np.array([[0], [1], [1]])).sd.value == 0


@pytest.mark.parametrize("shape", [(2, 5), (5, 0), (0, 0)])
def test_too_little_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least 3 repeats"):
        luck_of(np.ones(shape, np.int64))
