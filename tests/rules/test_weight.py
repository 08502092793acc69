"""Account weight (P5): it follows past rates, and a matrix softens one account's fall (M11)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.weight import kept, log_weight, shrunk
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("P5", "M11")
SCORES = st.floats(0.05, 4.0)


def test_weight_is_a_power_of_the_score_and_fades_to_a_third():
    assert math.exp(log_weight(2.0, 0.5, 10.0)) == pytest.approx(math.sqrt(2.0))
    assert log_weight(2.0, 0.0, 10.0) == 0.0
    assert kept(7.0) ** 7 == pytest.approx(math.exp(-1))


@given(SCORES, SCORES, st.floats(0.0, 3.0), st.floats(1.0, 10.0))
def test_a_better_score_never_lowers_the_weight_which_keeps_its_limits(one, other, gain, limit):
    low, high = (log_weight(score, gain, limit) for score in sorted((one, other)))
    assert -math.log(limit) <= low <= high <= math.log(limit)


def test_an_account_that_was_not_seen_is_a_usual_one():
    assert shrunk(0.0, 0.0, 500.0) == 1.0
    assert shrunk(3.0, 1e12, 500.0) == pytest.approx(3.0)
    assert shrunk(3.0, 500.0, 500.0) == pytest.approx(2.0)


def test_the_better_an_account_does_the_more_it_weighs():
    plan = busy(account_weight__gain=1.0, run__hours=120, account_weight__evidence=10.0)
    found = [
        result_of(plan.with_values({"accounts.0.quality": quality})).summary["account_weights"]["main"]
        for quality in (0.3, 1.0, 2.5)
    ]
    assert found[0] < 0.8 * found[1] < 0.64 * found[2]


def test_a_matrix_softens_the_fall_of_one_account():
    # The main account turns poor: what the moving weight takes from the posts, on one account and on four.
    poor = {"accounts.0.quality": 0.3, "run.hours": 168, "account_weight.evidence": 10.0}
    lost = {}
    for layout in ("single", "none"):
        plan = busy(links__layout=layout).with_values(poor)
        still, moving = (
            result_of(plan.with_values({"account_weight.gain": gain})).summary["impressions"]
            for gain in (0.0, 1.0)
        )
        lost[layout] = 1 - moving / still
    assert lost["single"] > max(0.0, lost["none"])
