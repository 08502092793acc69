from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.apportionment import creator_counts

RATIOS = st.lists(st.integers(0, 200), min_size=6, max_size=6)
PRICES = st.lists(st.floats(0, 1e6), min_size=6, max_size=6)


def cost(counts: tuple[int, ...], prices: list[float]) -> Fraction:
    return sum((n * Fraction(str(p)) for n, p in zip(counts, prices, strict=True)), Fraction(0))


@pytest.mark.system("K2")
@given(RATIOS, PRICES, st.floats(0, 1e9))
def test_creators_never_cost_more_than_the_budget(
    ratio: list[int], prices: list[float], budget: float
) -> None:
    assert cost(creator_counts(ratio, prices, 1.0, budget), prices) <= Fraction(str(budget)) or not any(
        n * p for n, p in zip(ratio, prices, strict=True)
    )


@given(RATIOS, PRICES, st.floats(0, 1e9))
def test_a_budget_gives_no_tier_a_whole_creator_less_than_its_share(
    ratio: list[int], prices: list[float], budget: float
) -> None:
    full = cost(tuple(ratio), prices)
    if not full:
        return
    shares = [n * Fraction(str(budget)) / full for n in ratio]
    counts = creator_counts(ratio, prices, 1.0, budget)
    assert all(count > share - 1 for count, share in zip(counts, shares, strict=True))


@given(RATIOS, PRICES, st.floats(0, 1e9))
def test_what_is_left_of_a_budget_buys_nobody_more(
    ratio: list[int], prices: list[float], budget: float
) -> None:
    counts = creator_counts(ratio, prices, 1.0, budget)
    left = Fraction(str(budget)) - cost(counts, prices)
    paid = [Fraction(str(p)) for n, p in zip(ratio, prices, strict=True) if n and p]
    assert not paid or left < min(paid)


def test_where_all_tiers_are_cheap_enough_the_ratio_is_kept() -> None:
    assert creator_counts([1, 2, 4], [40.0, 20.0, 10.0], 1.0, 120.0 * 5) == (5, 10, 20)


def test_a_tier_that_is_too_dear_leaves_its_money_to_the_others_in_their_ratio() -> None:
    assert creator_counts([1, 2, 4], [10_000.0, 20.0, 10.0], 1.0, 800.0) == (0, 20, 40)


def test_left_over_money_makes_no_crowd() -> None:
    assert creator_counts([1, 1], [1000.0, 0.5], 1.0, 1999.0, most=500) == (1, 2)


@given(RATIOS, st.floats(0, 100), st.floats(0, 100))
def test_a_larger_scale_has_no_tier_smaller(ratio: list[int], one: float, other: float) -> None:
    low, high = (creator_counts(ratio, [1.0] * 6, scale, None) for scale in sorted((one, other)))
    assert all(few <= many for few, many in zip(low, high, strict=True))


@pytest.mark.parametrize(
    ("ratio", "scale", "expected"),
    [((1, 3, 46), 0.5, (1, 2, 23)), ((50,), 0.29, (15,)), ((1,), 0.4999, (0,)), ((7,), 0.0, (0,))],
)
def test_halves_are_rounded_up_as_written(
    ratio: tuple[int, ...], scale: float, expected: tuple[int, ...]
) -> None:
    assert creator_counts(ratio, [1.0] * len(ratio), scale, None) == expected


def test_the_largest_remainder_is_served_first() -> None:
    assert creator_counts([1, 1, 1], [10.0, 10.0, 10.0], 1.0, 25.0) == (1, 1, 0)
    assert creator_counts([3, 5], [10.0, 10.0], 1.0, 30.0) == (1, 2)


def test_a_budget_may_be_larger_than_the_ratio_costs() -> None:
    assert creator_counts([1, 2], [10.0, 5.0], 1.0, 200.0) == (10, 20)


def test_creators_without_a_price_go_by_the_scale() -> None:
    assert creator_counts([1, 2], [0.0, 0.0], 2.0, 5.0) == (2, 4)
