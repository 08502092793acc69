"""Drawn luck taken out of a comparison."""

import numpy as np
import pytest

from sim.analysis.controls import FEWEST_CONTROLLED, controlled
from sim.analysis.estimate import settled


def world(seeds: int, seed: int, slope: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    """Values that hang on a luck of mean 1, and the luck."""
    rng = np.random.default_rng(seed)
    luck = 10 ** (0.35 * rng.normal(size=seeds) - 0.35**2 * np.log(10) / 2)
    return np.array([20 + slope * luck + rng.normal(size=seeds)]), luck[None]


def test_the_spread_falls_and_the_mean_stays():
    found, raw = [], []
    for seed in range(400):
        values, luck = world(32, seed)
        raw.append(values.mean())
        found.append(controlled(values, luck).mean())
    assert np.std(found) < 0.5 * np.std(raw)
    assert np.mean(found) == pytest.approx(25.0, abs=4 * np.std(found) / 20)


def test_what_is_equal_between_variants_stays_equal():
    values, luck = world(32, 1)
    both = controlled(np.concatenate([values, values]), np.concatenate([luck, luck]))
    assert (both[0] == both[1]).all()


def test_a_variant_without_luck_is_left_alone():
    values, luck = world(32, 2)
    pair = controlled(np.concatenate([values, values]), np.concatenate([luck, np.ones_like(luck)]))
    assert (pair[1] == values[0]).all()
    assert not (pair[0] == values[0]).all()


def test_false_winners_stay_as_rare_as_promised():
    """Equal means, luck of each variant's own."""
    wrong = 0
    for seed in range(600):
        pair = [world(32, 10_000 * k + seed) for k in range(2)]
        values, luck = (np.concatenate(rows) for rows in zip(*pair, strict=True))
        wrong += settled(controlled(values, luck)).code == "winner"
    assert wrong <= 600 * 0.05 + 3 * np.sqrt(600 * 0.05 * 0.95)


def test_few_seeds_fit_nothing():
    values, luck = world(FEWEST_CONTROLLED - 1, 3)
    assert (controlled(values, luck) == values).all()
