"""Which mechanisms an hour asks for what."""

import numpy as np

from sim.hour.run import Hooks, Mechanism, hooks_of
from sim.mechanisms import MECHANISMS
from sim.platform.protocol import Standing, standing_of


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
