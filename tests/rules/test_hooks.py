"""Hooks and prompts (P11): each moves one rate and no other, and wears out on the account that uses it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.hour.run import Run
from sim.rules.draws import ONE_16
from sim.rules.engagement import ACTIONS
from sim.rules.hooks import HOOKS, worn
from sim.scenario.schema import Scenario
from sim.simulation import Simulation
from tests.refresh import busy, result_of
from tests.rules.opened import alone

pytestmark = pytest.mark.system("P11")
COUNTED = ("completions", "likes", "comments", "shares", "follows", "visits")


@given(st.floats(0, 5), st.floats(0.5, 1), st.floats(0, 1), st.integers(0, 60))
def test_a_hook_comes_down_to_a_worn_out_one_and_no_further(
    lift: float, floor: float, left: float, uses: int
):
    now, later = worn(lift, floor, left, uses), worn(lift, floor, left, uses + 1)
    assert worn(lift, floor, left, 0) == pytest.approx(lift)
    assert abs(later - floor) <= abs(now - floor) + 1e-12
    assert worn(lift, floor, 0.5, 60) == pytest.approx(floor)


def lifts(scenario: Scenario) -> Run:
    """A finished run, to read the lifts of its videos from."""
    simulation = Simulation(scenario, 1)
    try:
        while simulation.running:
            simulation.advance()
        return simulation.state
    finally:
        simulation.close()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_raises_the_rate_of_its_place_and_no_threshold_of_others(hook: str):
    plan = busy(run__hours=24).with_values(
        {f"hooks.{hook}": 1.0, f"hooks.lift.{hook}": 2.0, "hooks.left": 1.0, "dilution.rates": False}
    )
    run = lifts(plan)
    assert run.lifted is not None
    base = run.videos.rows["appeal"].astype(float)
    change = run.lifted[: len(base)] / base
    for k in range(len(ACTIONS)):
        assert change[:, k] == pytest.approx(2.0 if HOOKS[k] == hook else 1.0, rel=0.01)


@pytest.mark.parametrize(("hook", "counted"), list(zip(HOOKS, COUNTED, strict=True)))
def test_what_a_hook_asks_for_is_done_more(hook: str, counted: str):
    none, asked = (
        result_of(
            busy(run__hours=24, hooks__left=1.0, dilution__rates=False).with_values(
                {f"hooks.{hook}": share, f"hooks.lift.{hook}": 3.0}
            )
        ).summary
        for share in (0.0, 1.0)
    )
    assert asked[counted] / asked["impressions"] > 1.2 * none[counted] / none["impressions"]


def test_a_hook_wears_out_on_the_account_that_uses_it_and_comes_back_when_it_rests():
    accounts = [
        {"id": "a", "role": "main", "posts_per_day": 2.0, "first_post_h": 0},
        {"id": "b", "posts_per_day": 1.0, "first_post_h": 0},
    ]
    on = {"hooks__opening": 1.0, "hooks__lift__opening": 1.5, "hooks__left": 0.5, "hooks__worn_out": 1.0}
    run = lifts(alone("worn", accounts, **on, hooks__window_d=1))
    assert run.lifted is not None
    rows = run.videos.rows
    factor = run.lifted[: rows.size, 0] / rows["appeal"][:, 0]
    mine = [factor[rows["planner"] == k].tolist() for k in (0, 1)]
    assert mine[0] == pytest.approx([1.5, 1.25, 1.25, 1.25], rel=1 / ONE_16)
    assert mine[1] == pytest.approx([1.5, 1.5], rel=1 / ONE_16)


def test_a_larger_share_of_posts_holds_the_smaller():
    def hooked(share: float) -> set[int]:
        run = lifts(busy(run__hours=72, hooks__follow_call=share))
        assert run.lifted is not None
        return set((run.lifted[:, 4] != run.videos.rows["appeal"][:, 4]).nonzero()[0].tolist())

    less, more = hooked(0.3), hooked(0.7)
    assert less < more
