"""Large numbers are shortened where readers of the language shorten them."""

import pytest
from babel.numbers import format_compact_decimal

from sim.vocabulary import shortening


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "value", [10_000, 74_230, 250_000, 999_000, 1_500_000, 99_990_000, 320_000_000, 4_100_000_000]
)
def test_signs_of_large_numbers_are_those_of_unicode(language, value):
    divisor, sign = shortening(value, language)
    assert f"{value / divisor:.10g}{sign}" == format_compact_decimal(
        value, locale=language, fraction_digits=9
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_four_digits_are_written_out(language):
    assert shortening(9_999, language) == (1.0, "")
