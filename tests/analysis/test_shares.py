import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.shares import wilson

COUNTS = st.integers(0, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS.filter(lambda counts: counts[1] > 0), st.floats(0.5, 0.999))
def test_the_interval_is_scipys(counts: tuple[int, int], confidence: float) -> None:
    count, of = counts
    known = stats.binomtest(count, of).proportion_ci(confidence, method="wilson")
    assert wilson(count, of, confidence) == pytest.approx((known.low, known.high), abs=1e-9)


def test_no_hit_in_all_seeds_leaves_a_chance_of_a_hit() -> None:
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    low, high = wilson(0, 16)
    assert low == 0.0
    assert 0.1 < high < 0.25


@given(COUNTS)
def test_the_interval_holds_the_share_and_lies_between_0_and_1(counts: tuple[int, int]) -> None:
    count, of = counts
    low, high = wilson(count, of)
    assert 0 <= low <= (count / of if of else 0.5) <= high <= 1


@given(st.integers(1, 200), st.integers(2, 5))
def test_more_cases_of_the_same_share_narrow_it(count: int, times: int) -> None:
    few, many = wilson(count, 2 * count), wilson(times * count, 2 * times * count)
    assert many[1] - many[0] < few[1] - few[0]


def test_without_cases_the_share_can_be_anything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("count", "of", "confidence"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0), (1, 2, 0.0)]
)
def test_what_is_no_share_is_refused(count: int, of: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"share|confidence"):
        wilson(count, of, confidence)
