"""The drawn price list is what it says; cheap, so not evidence itself."""

from pathlib import Path
from statistics import correlation, median, stdev

import numpy as np
import pytest

from sim.reading.price_list import read
from sim.scenario.creators import FAN_POWER
from sim.scenario.market import PRESETS, Market
from sim.scenario.schema import Scenario
from tests.evidence.price_list import CREATORS, FANS, INTERACTION_DEX, drawn, write


def test_the_list_has_the_measured_joint_spread() -> None:
    rows, market = drawn(creators=4_000), Market()
    fans, price, plays, rate = (np.log10([row[k] for row in rows]) for k in (1, 2, 3, 5))
    dear, seen = price - market.price_exponent * fans, plays - FAN_POWER * fans
    sd = np.hypot(market.pull_spread_dex, market.estimate_noise_dex)
    assert stdev(dear) == pytest.approx(market.price_spread_dex, rel=0.05)
    assert stdev(seen) == pytest.approx(sd, rel=0.05)
    share = market.pull_spread_dex / sd  # expected plays tell less of the price than the pull itself does
    assert correlation(dear, seen) == pytest.approx(market.pull_price_correlation * share, abs=0.04)
    assert stdev(rate) == pytest.approx(INTERACTION_DEX, rel=0.05)
    assert 10 ** median(fans) == pytest.approx(FANS, rel=0.15)


def test_the_reader_understands_all_of_it(tmp_path: Path) -> None:
    found = read(str(write(tmp_path / "list.csv", drawn())), Scenario(name="plain"))
    assert (len(found.creators), found.skipped, found.estimated) == (CREATORS, (), {})
    assert len({row.weight for row in found.creators}) > CREATORS / 2
    assert {row.price_cny for row in found.creators} == {row.price_cny for row in drawn()}


def test_another_preset_prices_the_same_people_and_another_draw_is_another_list() -> None:
    cheap, dear = (drawn(1, power) for power in PRESETS.values())
    assert [row[:2] + row[3:] for row in cheap] == [row[:2] + row[3:] for row in dear]
    assert [row.price_cny for row in cheap] != [row.price_cny for row in dear]
    assert drawn(1) == drawn(1) != drawn(2)
