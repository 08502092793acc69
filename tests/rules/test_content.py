"""What a video's rates are: length, ingredients, and two nearly independent axes of quality."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules import content
from sim.rules.addresses import CONTENT
from sim.rules.draws import root_key, subkey
from sim.rules.engagement import ACTIONS
from sim.scenario.matrix import INGREDIENTS, Account
from sim.scenario.schema import Scenario
from sim.world.posts import content_rates, draw_luck, rate_spreads, usual_rates

pytestmark = pytest.mark.system("P7")

PLAIN = Scenario(name="c")
LENGTHS = st.floats(0.1, 3600)
MANY = 3000


def rates(scenario=PLAIN, many=MANY, **account):
    usual = usual_rates(scenario, Account(id="a", **account))
    key = root_key(1, CONTENT)
    luck = np.empty((many, 1 + len(ACTIONS)))
    draw_luck(np.array([subkey(key, n) for n in range(many)], np.uint64), luck)
    return np.array([content_rates(usual, rate_spreads(scenario), row) for row in luck.tolist()])


def without_spread():
    return PLAIN.with_values({f"content.spread.{a}": 0.0 for a in ACTIONS})


@pytest.mark.parametrize("table", [content.COMPLETION_BY_LENGTH, content.LIKE_BY_LENGTH])
def test_rates_by_length_pass_through_the_measured_points(table):
    reference = table[content.REFERENCE_LENGTH]
    found = [content.by_length(length, table) for length in content.LENGTHS_S]
    assert found == pytest.approx([rate / reference for rate in table])


@settings(deadline=None)
@given(LENGTHS, LENGTHS)
def test_completion_and_likes_fall_as_length_grows(one, other):
    short, long = sorted((one, other))
    for table in (content.COMPLETION_BY_LENGTH, content.LIKE_BY_LENGTH):
        assert content.by_length(short, table) >= content.by_length(long, table) > 0


def test_rates_are_flat_beyond_the_measured_lengths():
    table = content.COMPLETION_BY_LENGTH
    assert content.by_length(0.5, table) == content.by_length(5.0, table)
    assert content.by_length(3600.0, table) == content.by_length(600.0, table)


@settings(deadline=None)
@given(st.floats(-6, 6), st.floats(-6, 6), st.floats(0, 1), st.floats(0, 1))
def test_quality_is_log_normal_with_median_one(common, own, correlation, spread):
    factor = content.quality_factor(common, own, correlation, spread)
    weighted = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    assert np.log10(factor) == pytest.approx(spread * weighted, abs=1e-9)
    assert content.quality_factor(0.0, 0.0, correlation, spread) == 1


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(INGREDIENTS), st.floats(0, 1)), st.floats(0, 5))
def test_ingredients_never_lower_a_rate(strengths, gain):
    for action in ACTIONS:
        assert content.ingredient_factor(action, strengths, gain) >= 1


@pytest.mark.parametrize("ingredient", INGREDIENTS)
def test_ingredient_lifts_its_own_rates_by_its_gain_and_no_others(ingredient):
    plain = rates(many=20)
    lifted = rates(many=20, ingredients={ingredient: 0.5})
    gain = PLAIN.content.ingredient_gain
    expected = [1 + 0.5 * gain if a in content.INGREDIENT_RATES[ingredient] else 1.0 for a in ACTIONS]
    assert pytest.approx(np.tile(np.array(expected)[:, None], 20)) == (lifted / plain).T


def test_every_ingredient_of_the_schema_lifts_something():
    assert set(content.INGREDIENT_RATES) == set(INGREDIENTS)
    assert {a for lifted in content.INGREDIENT_RATES.values() for a in lifted} == set(ACTIONS)


def test_opening_seconds_set_completion_and_nothing_else():
    assert (
        pytest.approx(np.tile(np.array([2.0, 1, 1, 1, 1, 1])[:, None], 20))
        == (rates(many=20, opening=2.0) / rates(many=20)).T
    )


def test_length_sets_completion_and_likes():
    ratio = rates(many=20, length_s=90.0) / rates(many=20, length_s=30.0)
    expected = [0.112 / 0.217, 0.0154 / 0.0207, 1, 1, 1, 1]
    assert pytest.approx(np.tile(np.array(expected)[:, None], 20)) == ratio.T


def test_quality_multiplies_both_axes():
    assert rates(many=20, quality=1.5) / rates(many=20) == pytest.approx(np.full((20, 6), 1.5))


def test_rates_without_spread_are_the_category_medians():
    found = rates(without_spread(), many=2)
    expected = [getattr(PLAIN.content.rates, a) for a in ACTIONS]
    assert found == pytest.approx(np.tile(expected, (2, 1)))


def test_rates_never_reach_one():
    assert rates(many=50, quality=20.0).max() == 0.98


def test_spread_over_the_videos_of_an_account_is_what_the_scenario_says():
    found = np.log10(rates())
    whole = np.array([getattr(PLAIN.content.spread, a) for a in ACTIONS])
    within = np.sqrt(PLAIN.content.spread.within_account)  # the rest lies between accounts
    assert found.std(axis=0) == pytest.approx(whole * within, rel=0.06)
    medians = [np.log10(getattr(PLAIN.content.rates, a)) for a in ACTIONS]
    assert np.abs(found.mean(axis=0) - medians).max() < 4 * 0.41 / np.sqrt(MANY)


def test_quality_has_two_nearly_independent_axes():
    found = np.corrcoef(np.log(rates()).T)
    rho = PLAIN.content.spread.engagement_correlation
    sure = 4 / np.sqrt(MANY)
    assert np.abs(found[0, 1:]).max() < sure  # completion against the rest
    inner = found[1:, 1:][~np.eye(5, dtype=bool)]
    assert np.abs(inner - rho).max() < sure
