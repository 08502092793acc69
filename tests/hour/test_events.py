"""Events that cross the barrier: their minutes, and one order."""

import numpy as np
import pytest

from sim.hour.events import EVENT, FOLLOWED, SHARED, crossing, in_order


def test_minutes_are_spread_over_the_hour():
    told = np.tile(np.arange(60_000, dtype=np.uint64), (3, 1)).T.copy()
    told[:, 0] = SHARED
    rows = crossing(told, SHARED)
    counts = np.bincount(rows["minute"], minlength=60)
    assert counts.size == 60
    assert np.abs(counts - 1000).max() < 5 * 1000**0.5


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("kinds", [(SHARED,), (SHARED, FOLLOWED)])
def test_events_have_one_order_however_many_they_are_and_however_they_came(kinds, again):
    draw = np.random.default_rng(1)
    rows = np.zeros(3000, EVENT)
    rows["kind"], rows["what"] = draw.choice(kinds, 3000), draw.integers(0, 9, 3000)
    rows["person"], rows["minute"] = (
        draw.integers(0, 30 if again else 1 << 32, 3000),
        draw.integers(0, 60, 3000),
    )
    whole = in_order([rows])
    assert whole.tolist() == sorted(rows.tolist())
    few = [in_order([part]) for part in np.split(rows[::-1], 30)]
    assert in_order(few).tolist() == whole.tolist()
