"""Shares of a difference over its causes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.analysis.shapley import shapley

WORTH = arrays(np.float64, 16, elements=st.floats(-1e6, 1e6))


def test_causes_that_add_up_get_what_each_brings():
    own = np.array([3.0, -1.0, 0.0, 10.0])
    worth = np.array([sum(own[k] for k in range(4) if subset >> k & 1) for subset in range(16)])
    assert shapley(worth).tolist() == pytest.approx(own.tolist())


def test_causes_that_replace_one_another_share():
    worth = np.array([7.0 if subset & 0b11 else 0.0 for subset in range(16)])
    assert shapley(worth).tolist() == pytest.approx([3.5, 3.5, 0.0, 0.0])


@given(WORTH)
def test_the_shares_sum_to_what_all_bring(worth):
    assert shapley(worth).sum() == pytest.approx(worth[-1] - worth[0], abs=1e-6)


def test_each_seed_is_shared_out_by_itself():
    worth = np.arange(8.0).reshape(4, 2)
    assert shapley(worth)[:, 1].tolist() == shapley(worth[:, 1]).tolist()


def test_other_numbers_of_subsets_are_refused():
    with pytest.raises(ValueError, match="power of two"):
        shapley(np.zeros(6))
