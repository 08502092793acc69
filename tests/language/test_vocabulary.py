"""Large numbers are shortened where readers of the language shorten them."""

import re
from typing import get_args

import pytest
from babel.numbers import format_compact_decimal

from sim.charts.scores import RATES
from sim.language.names import DECISION, LAYOUT, MODEL, RATE, REASON, ROLE, STRUCTURE, TIER
from sim.language.numbers import percent, shortening
from sim.language.vocabulary import COSTS, METRIC, ORIGIN, QUANTITIES, MetricName
from sim.make_words import PACKAGE
from sim.platform.protocol import DECISIONS, REASONS
from sim.scenario.matrix import LAYOUTS, TIERS
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.structures import KINDS


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


def test_numbers_are_shortened_in_one_place():
    named = re.compile(r"shortening|SHORTENED|log10\(abs")
    found = {file.name for file in PACKAGE.rglob("*.py") if named.search(file.read_text("utf-8"))}
    assert found == {"numbers.py"}


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0000012, "0.00012%"), (0.2, "20%"), (1 / 3, "33.3%"), (250.0, "25,000%"), (0.0, "0%")],
)
def test_a_share_is_never_written_with_an_exponent(share, said):
    assert percent(share) == said


def test_what_the_cost_is_made_of_names_every_kind_that_is_paid():
    kinds = {
        "posts": ("post", "发布"),
        "creators": ("creators", "达人"),
        "link_actions": ("link actions", "联动操作"),
        "boosts": ("boosts", "加热"),
        "accounts": ("accounts", "账号"),
    }
    assert set(kinds) == set(COSTS)
    for en, zh in kinds.values():
        assert en in QUANTITIES["cost_cny"].definition("en").lower()
        assert zh in QUANTITIES["cost_cny"].definition("zh")


@pytest.mark.parametrize(
    "entry", [*ORIGIN.values(), *QUANTITIES.values(), *METRIC.values(), *TIER.values(), *LAYOUT.values(),
              *STRUCTURE.values(), *ROLE.values(), *MODEL.values(), *RATE.values(), *DECISION.values(),
              *REASON.values()], ids=lambda entry: f"{type(entry).__name__} {entry.key}",
)  # fmt: skip
def test_every_entry_speaks_both_languages(entry):
    same = entry.key == "roi"
    assert entry.label("en")
    assert entry.label("zh") != entry.label("en") or same
    assert bool(entry.definition("en")) == bool(entry.definition("zh"))
    assert entry.said("en")
    assert entry.said("zh") != entry.said("en") or same


def test_a_scenario_chooses_among_what_has_a_name():
    assert tuple(TIER) == TIERS
    assert tuple(LAYOUT) == LAYOUTS
    assert tuple(STRUCTURE) == KINDS
    assert tuple(METRIC) == get_args(MetricName)
    assert tuple(MODEL) == PLATFORM_MODELS


def test_what_a_run_can_write_has_a_name():
    assert tuple(RATE) == RATES
    assert set(DECISION) == set(DECISIONS)
    assert set(REASON) == {*REASONS, "running"}
    assert {"main", "sub", "creator"} < set(ROLE)
