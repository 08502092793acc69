"""What is best where in the box of the assumptions."""

import numpy as np

from sim.analysis.box import CELLS, FEWEST_DRAWS, UNKNOWN, mapped


def draws(count: int, seed: int, noise: float = 0.05, effect: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Variant 1 is better by how far assumption 2 lies above its middle; five others change nothing."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(size=(count, 6))
    shared = rng.normal(size=count)
    ahead = effect * (points[:, 2] - 0.5) + noise * rng.normal(size=count)
    return points, np.array([shared, shared + ahead])


def test_the_axis_that_decides_is_found_and_the_map_shows_its_border():
    found = mapped(*draws(96, 1))
    assert found is not None
    assert found.axes[0] == 2
    assert found.effects[0] > 0.9
    assert (found.best[0] == 0).all()
    assert (found.best[-1] == 1).all()
    assert found.shares.sum() == 1.0
    assert abs(found.shares[0] - found.shares[1]) < 0.2


def test_cannot_tell_is_a_class_of_its_own():
    found = mapped(*draws(96, 2, noise=3.0, effect=0.0))
    assert found is not None
    assert found.shares[2] > 0.6


def test_one_that_is_always_ahead_has_the_whole_box():
    points, values = draws(64, 3, effect=0.0)
    found = mapped(points, np.array([values[0] + 1.0, values[1]]))
    assert found is not None
    assert found.shares.tolist() == [1.0, 0.0, 0.0]
    assert found.best.shape == (CELLS, CELLS)
    assert UNKNOWN not in found.best


def test_few_draws_draw_nothing():
    assert mapped(*draws(FEWEST_DRAWS - 1, 4)) is None
