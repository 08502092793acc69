"""Verdicts: by the whole interval, and nothing in our favour."""

import math

import pytest

from sim.validity.facts import fact
from sim.validity.verdicts import bounded, finding, verdict


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((0.85, 0.80, 0.90), "met"),
        ((0.95, 0.93, 0.97), "missed"),
        ((0.70, 0.65, 0.75), "missed"),
        ((0.90, 0.85, 0.95), "cannot tell"),
        ((0.84, 0.50, 1.20), "cannot tell"),
    ],
)
def test_a_verdict_is_that_of_the_whole_interval(interval: tuple[float, float, float], said: str):
    assert verdict(interval, 0.76, 0.92) == said


def test_an_open_side_is_never_missed():
    assert verdict((99.0, 98.0, 100.0), 0.05, math.inf) == "met"


def test_an_interval_over_seeds_is_students():
    mean, low, high = bounded([1.0, 2.0, 3.0])
    assert mean == 2.0
    assert high - mean == pytest.approx(4.303 / math.sqrt(3), rel=1e-3)
    assert mean - low == pytest.approx(high - mean)


def test_seeds_without_anything_to_measure_do_not_count():
    found = finding(fact("like_rate_large"), [2.1, math.nan, 2.3])
    assert found is not None
    assert found.seeds == 2
    assert finding(fact("like_rate_large"), [2.1, math.nan]) is None


def test_a_pooled_figure_has_no_interval():
    found = finding(fact("steps"), [0.01])
    assert found is not None
    assert found[:4] == (0.01, 0.01, 0.01, "missed")
