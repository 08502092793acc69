"""Points of a design: as many as promised, inside their ranges, spread as named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.sweeps.design import Axis, points

LAYOUTS = Axis("links.layout", ("none", "star", "mesh"))
USERS = Axis("audience.users", low=1_000, high=100_000, log=True, whole=True, levels=3)
SHARE = Axis("audience.category_share", low=0.1, high=0.9, levels=5)
AXES = (LAYOUTS, USERS, SHARE)


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        ("grid", 7, 3 * 3 * 5),
        ("lhs", 20, 20),
        ("sobol", 16, 16),
        ("saltelli", 8, 8 * 5),
        ("morris", 6, 6 * 4),
    ],
)
def test_designs_have_as_many_points_as_promised_and_stay_in_range(kind, count, expected):
    found = points(AXES, kind, count, seed=3)
    assert len(found) == expected
    for point in found:
        assert point["links.layout"] in LAYOUTS.values
        assert 1_000 <= point["audience.users"] <= 100_000
        assert isinstance(point["audience.users"], int)
        assert 0.1 <= point["audience.category_share"] <= 0.9
    assert found == points(AXES, kind, count, seed=3)
    assert kind == "grid" or found != points(AXES, kind, count, seed=4)


def test_logarithmic_steps_have_equal_ratios():
    assert USERS.steps() == (1_000, 10_000, 100_000)


def test_latin_hypercube_visits_every_stratum_once():
    shares = [p["audience.category_share"] for p in points((SHARE,), "lhs", 40, seed=1)]
    strata = np.floor((np.array(shares) - 0.1) / 0.8 * 40)
    assert sorted(strata) == list(range(40))


def test_morris_moves_one_axis_a_step():
    found = points((USERS, SHARE), "morris", 5, seed=1)
    for k in range(0, len(found), 3):
        for before, after in zip(found[k : k + 2], found[k + 1 : k + 3], strict=True):
            assert sum(before[key] != after[key] for key in before) == 1


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(1, 9))
def test_every_share_of_a_list_is_one_of_its_values(share, many):
    axis = Axis("x", tuple(range(many)))
    assert axis.at(share) in axis.values
    assert axis.at(1.0) == many - 1
