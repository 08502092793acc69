"""What an assumption is worth knowing: closed forms, and that noise alone is worth nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.box import FEWEST_DRAWS
from sim.analysis.worth_knowing import BY_CHANCE, Worth, worth_knowing

Floats = NDArray[np.float64]


def draws(
    count: int, seed: int, ahead: float, slope: float, noise: float = 1.0, assumptions: int = 12
) -> tuple[Floats, Floats]:
    """Variant 1 is ahead by `ahead` on average, and by `slope` more from end to end of assumption 3."""
    rng = np.random.default_rng(seed)
    points = rng.random((count, assumptions))
    shared = rng.normal(0, 3, count)  # luck of the seed, which both have
    gap = ahead + slope * (points[:, 3] - 0.5) + noise * rng.normal(size=count)
    return points, np.array([shared, shared + gap])


def worth_of_line(ahead: float, slope: float) -> float:
    """E max(0, ahead + slope (θ - 1/2)) - max(0, ahead), θ uniform: what a line that crosses 0 saves."""
    behind = max(0.0, slope / 2 - abs(ahead))  # how far the best falls behind at its worst end
    return behind**2 / (2 * slope)


def of(found: tuple[Worth, ...], assumption: int) -> Worth:
    return next(row for row in found if row.assumption == assumption)


@pytest.mark.parametrize(("ahead", "slope"), [(0.0, 4.0), (0.5, 3.0), (-0.5, 3.0), (1.0, 6.0)])
def test_a_line_that_crosses_is_worth_its_closed_form(ahead: float, slope: float) -> None:
    found = worth_knowing(*draws(4_000, 1, ahead, slope, noise=0.1, assumptions=5))
    best = found[0]
    assert best.assumption == 3
    assert best.gain == pytest.approx(worth_of_line(ahead, slope), rel=0.05)
    assert best.low <= worth_of_line(ahead, slope) <= best.high
    assert best.changes == pytest.approx(0.5 - abs(ahead) / slope, abs=0.02)


def test_a_parabola_between_three_variants_is_worth_its_closed_form() -> None:
    """0, (θ - 1/2)² - 1/12 and a hopeless third: the integral of the second where it is above 0."""
    rng = np.random.default_rng(2)
    points = rng.random((20_000, 2))
    bend = (points[:, 1] - 0.5) ** 2 - 1 / 12
    found = worth_knowing(points, np.array([np.zeros(20_000), bend, np.full(20_000, -1.0)]))
    root = 1 / np.sqrt(12)
    exact = 2 * ((0.5**3 - root**3) / 3 - (0.5 - root) / 12)
    assert found[0].assumption == 1
    assert found[0].gain == pytest.approx(exact, rel=0.05)


def test_knowing_what_never_changes_the_choice_is_worth_nothing() -> None:
    found = worth_knowing(*draws(256, 3, ahead=3.0, slope=2.0, noise=0.5))
    assert of(found, 3).gain == 0.0
    assert of(found, 3).changes == 0.0


def test_noise_alone_is_worth_about_nothing_and_is_seldom_told() -> None:
    """Where nothing can be known a plug-in maximum promises a gain each time: this one hardly ever."""
    promised, told, worlds = [], 0, 40
    for seed in range(worlds):
        found = worth_knowing(*draws(64, 100 + seed, ahead=0.2, slope=0.0))
        promised += [row.gain for row in found]
        told += min(row.by_chance for row in found) <= BY_CHANCE
    assert np.mean(promised) < 0.015
    assert np.median(promised) < 0.003
    assert told <= 6  # of 40 at 5 % each: more than 6 has a chance below 2 %


def test_few_draws_tell_what_is_worth_much_without_bias() -> None:
    gains, held, worlds = [], 0, 40
    exact = worth_of_line(0.2, 3.0)
    for seed in range(worlds):
        own = of(worth_knowing(*draws(96, 200 + seed, 0.2, 3.0)), 3)
        assert own.by_chance <= BY_CHANCE
        gains.append(own.gain)
        held += own.low <= exact <= own.high
    assert np.mean(gains) == pytest.approx(exact, abs=3 * np.std(gains) / np.sqrt(worlds))
    assert held >= 30  # 90 % promised


def test_the_unit_is_that_of_the_values_and_the_scale_changes_nothing_else() -> None:
    points, values = draws(64, 4, 0.2, 3.0)
    one, thousand = worth_knowing(points, values), worth_knowing(points, 1_000 * values)
    assert [row.assumption for row in one] == [row.assumption for row in thousand]
    assert [1_000 * row.gain for row in one] == pytest.approx([row.gain for row in thousand])
    assert [row.by_chance for row in one] == [row.by_chance for row in thousand]


def test_the_same_draws_always_say_the_same() -> None:
    assert worth_knowing(*draws(64, 5, 0.2, 1.0)) == worth_knowing(*draws(64, 5, 0.2, 1.0))


def test_few_draws_or_one_variant_say_nothing() -> None:
    points, values = draws(FEWEST_DRAWS, 6, 0.2, 1.0)
    assert worth_knowing(points, values)
    assert worth_knowing(points[:-1], values[:, :-1]) == ()
    assert worth_knowing(points, values[:1]) == ()


def test_variants_that_are_the_same_are_worth_nothing() -> None:
    points, values = draws(64, 7, 0.0, 0.0, noise=0.0)
    assert all(row.gain == 0.0 and row.by_chance == 1.0 for row in worth_knowing(points, values))
