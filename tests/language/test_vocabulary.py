"""Large numbers are shortened where readers of the language shorten them."""

import pytest
from babel.numbers import format_compact_decimal

from sim.app.sweep.sweep_answer import SHOWN
from sim.language.numbers import shortening
from sim.language.vocabulary import COSTS, QUANTITIES
from sim.language.words import Words
from sim.report.terms import MEANINGS


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


def test_what_the_cost_is_made_of_names_every_kind_that_is_paid():
    kinds = {
        "posts": ("post", "发布"),
        "creators": ("creators", "达人"),
        "link_actions": ("link actions", "联动操作"),
        "boosts": ("boosts", "加热"),
        "accounts": ("accounts", "账号"),
    }
    assert set(kinds) == set(COSTS)
    english = [QUANTITIES["cost_cny"].definition, MEANINGS["cost_cny"].en, SHOWN["cost_cny"]]
    chinese = [MEANINGS["cost_cny"].zh, Words("zh")(SHOWN["cost_cny"])]
    for en, zh in kinds.values():
        assert all(en in said.lower() for said in english)
        assert all(zh in said for said in chinese)
