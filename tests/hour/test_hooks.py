"""Which mechanisms an hour asks for what."""

from pathlib import Path

import numpy as np
import pytest

from sim.hour.run import Hooks, Mechanism, hooks_of
from sim.mechanisms import MECHANISMS
from sim.model import MatrixModel
from sim.platform.protocol import Standing, standing_of
from sim.scenario.schema import Scenario

V0_OFF = Path(__file__).parents[1] / "mechanisms" / "v0-off.toml"
"""Nearly all mechanisms are off in it."""


class Weighing(Mechanism):
    """Has one hook."""

    def standing(self, run):
        return None


class Heavier(Weighing):
    """Has another, and one by inheritance."""

    def act(self, run, published):
        pass


def test_a_mechanism_is_asked_only_for_hooks_that_it_has_in_order():
    first, idle, second = Weighing(None), Mechanism(None), Heavier(None)
    hooks = hooks_of((first, idle, second))
    assert hooks == Hooks(*[()] * len(Hooks._fields))._replace(standing=(first, second), act=(second,))


def test_every_mechanism_has_a_hook_or_a_local_part():
    for kind in MECHANISMS:
        own = {name for name in vars(kind) if hasattr(Mechanism, name) and not name.startswith("_")}
        assert own & {*Hooks._fields, "local", "layers"}, kind


def test_factors_on_a_videos_chances_multiply_and_leave_what_gave_them_alone():
    half, thrice = np.full(2, 0.5), np.full(2, 3.0)
    ones = np.ones(2)
    whole = standing_of((Standing(half, ones, thrice), None, Standing(thrice, ones, half)), 2)
    assert [factors.tolist() for factors in whole] == [[1.5, 1.5], [1.0, 1.0], [1.5, 1.5]]
    assert (half.tolist(), thrice.tolist(), ones.tolist()) == ([0.5] * 2, [3.0] * 2, [1.0] * 2)


def a_run():
    return MatrixModel(Scenario.load(V0_OFF), rng=1)


def hook(name, asked):
    def act(self, *given):
        asked.add(name)
        return getattr(Mechanism, name)(self, *given)

    return act


@pytest.mark.parametrize("at_work", [True, False])
def test_an_hour_asks_a_mechanism_for_its_hooks_only_if_it_is_at_work(at_work):
    asked = set()
    kind = type(
        "Asked", (Mechanism,), {"at_work": at_work} | {name: hook(name, asked) for name in Hooks._fields}
    )
    model = a_run()
    run = model.run_state
    run.mechanisms = (*run.mechanisms, kind(run))
    while not run.videos.size:
        model.advance()
    run.retired = [0]  # of a stopped video they are asked whether anybody awaits or keeps it
    model.advance()
    assert asked == (set(Hooks._fields) if at_work else set())


def test_of_the_projects_own_mechanisms_those_that_are_off_are_asked_for_nothing():
    def refuse(*_):
        raise AssertionError("a mechanism that is not at work was asked")

    model = a_run()
    off = [m for m in model.run_state.mechanisms if not m.at_work]
    assert len(off) > 2
    for mechanism in off:
        vars(mechanism).update(dict.fromkeys(Hooks._fields, refuse))
    for _ in range(4):
        model.advance()
