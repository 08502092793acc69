import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.axes import round_marks
from sim.language.numbers import Kind, amount, common, scale, short, span


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (74_230, "people", "7.42 万", "74.2K"),
        (9_999, "people", "9,999", "9,999"),
        (1_234_567, "people", "123.46 万", "1.23M"),
        (2.5e8, "money", "2.50 亿", "250.00M"),
        (355.6, "count", "356", "356"),
        (9.5, "count", "9.50", "9.50"),
        (27.94, "count", "27.9", "27.9"),
        (0, "count", "0", "0"),
        (0.0692, "ratio", "0.0692", "0.0692"),
        (0.9375, "share", "94%", "94%"),
        (0.004, "share", "0.4%", "0.4%"),
        (-0.0625, "points", "−6 个百分点", "−6 pts"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(value: float, kind: Kind, zh: str, en: str) -> None:
    assert amount(value, kind, "zh") == zh
    assert amount(value, kind, "en") == en


def test_both_ends_of_an_interval_have_one_scale() -> None:
    assert span(9_740, 100_280, "people", "en") == "9.7K to 100.3K"
    assert span(97_400, 100_280, "people", "zh") == "9.74 ～ 10.03 万"
    assert span(-1_200, 40, "people", "en", signed=True) == "−1,200 to +40"
    assert span(-10_400, -9_999, "money", "zh", signed=True) == "−1.04 ～ −1.00 万"
    assert span(12.5, 250_000, "count", "zh") == "12.5 ～ 250,000"


def test_numbers_that_stand_together_bear_one_sign() -> None:
    column = (-275_100, 9_707, 0, None)
    like = common(column, "zh")
    assert [amount(n, "money", "zh", like) for n in column if n is not None] == ["−27.51 万", "0.97 万", "0"]
    assert amount(275_100, "money", "zh", common((362, 275_100), "zh")) == "275,100"


def test_a_choice_has_no_idle_zeros() -> None:
    assert [short(n, "zh") for n in (2_000, 100_000, 1_000_000)] == ["2,000", "10 万", "100 万"]
    assert [short(n, "en") for n in (2_000, 100_000, 1_000_000)] == ["2,000", "100K", "1M"]


def test_nothing_is_minus_zero() -> None:
    assert scale(1, "count", "en", step=1).text(-0.2) == "0"


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_marks_are_round_and_lie_inside(low: float, width: float) -> None:
    high = low + width
    if not low < high:
        return
    marks = round_marks(low, high)
    assert len(marks) <= 11
    slack = 1e-6 * max(abs(low), abs(high), width)
    assert all(low - slack <= mark <= high + slack for mark in marks)
    assert list(marks) == sorted(marks)
    if low <= 0 <= high:
        assert 0 in marks


def test_an_axis_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        round_marks(1, 1)
