"""Rank against the category."""

import numpy as np
import pytest

from sim.platform.percentile import ranked
from sim.platform.score import rivals
from sim.rules.percentile import between, rarity
from sim.rules.score import competing, flow
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.system("P10")


def test_rarity_is_one_over_the_share_that_is_as_good():
    assert rarity(999, 1_000) == pytest.approx(1.0, rel=1e-3)
    assert rarity(99, 1_000) == pytest.approx(10.0, rel=0.01)
    assert rarity(0, 1_000) == 2_000.0
    found = [rarity(above, 1_000) for above in range(1_001)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 1.0


def test_between_is_geometric():
    assert between(2.0, 8.0, 0.5) == pytest.approx(4.0)
    assert between(2.0, 8.0, 0.0) == 2.0
    assert between(2.0, 8.0, 1.0) == 8.0


def test_reach_follows_a_rank_size_law():
    # A video stops growing where it is as rare as what competes: at first * (p0 / p) ^ power.
    first, outranked, power = 200.0, 0.2, 2.0
    level = 1.0 / (1.0 - outranked)
    for top in (0.1, 0.01):
        reach = first * ((1.0 - outranked) / top) ** power
        value = 1.0 / top
        assert competing(reach, first, level, power) == pytest.approx(value)
        assert flow(0.9 * reach, value, competing(0.9 * reach, first, level, power), power, 5.0, 1.0) > 0.0
        assert flow(1.1 * reach, value, competing(1.1 * reach, first, level, power), power, 5.0, 1.0) == 0.0


def test_the_category_differs_less_the_more_it_was_shown():
    scenario = Scenario(name="x")
    found = ranked(scenario.platform, scenario.content)
    assert (np.diff(found.exposures) > 0).all()
    assert (np.diff(found.scores, axis=1) >= 0).all()
    spread = np.quantile(found.scores, 0.9, axis=1) - np.quantile(found.scores, 0.1, axis=1)
    assert spread[0] > spread[-1]  # luck of small samples comes on top of quality
    assert found.scores[-1].mean() == pytest.approx(
        rivals(scenario.platform, scenario.content).usual, rel=0.05
    )
