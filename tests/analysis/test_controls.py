"""Drawn luck taken out of a comparison."""

import numpy as np
import pytest

from sim.analysis.controls import FEWEST_CONTROLLED, controlled


def world(seeds: int, seed: int, slope: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    """Values that hang on a luck of mean 1, and the luck."""
    rng = np.random.default_rng(seed)
    luck = 10 ** (0.35 * rng.normal(size=seeds) - 0.35**2 * np.log(10) / 2)
    return np.array([20 + slope * luck + rng.normal(size=seeds)]), luck[None]


def test_the_spread_falls_and_the_mean_stays():
    found, raw = [], []
    for seed in range(400):
        values, luck = world(16, seed)
        raw.append(values.mean())
        found.append(controlled(values, luck).mean())
    assert np.std(found) < 0.5 * np.std(raw)
    assert np.mean(found) == pytest.approx(25.0, abs=4 * np.std(found) / 20)


def test_what_is_equal_between_variants_stays_equal():
    values, luck = world(16, 1)
    both = controlled(np.concatenate([values, values]), np.concatenate([luck, luck]))
    assert (both[0] == both[1]).all()


def test_a_variant_without_luck_is_left_alone():
    values, luck = world(16, 2)
    pair = controlled(np.concatenate([values, values]), np.concatenate([luck, np.ones_like(luck)]))
    assert (pair[1] == values[0]).all()
    assert not (pair[0] == values[0]).all()


def test_few_seeds_fit_nothing():
    values, luck = world(FEWEST_CONTROLLED - 1, 3)
    assert (controlled(values, luck) == values).all()
