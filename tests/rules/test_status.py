"""Offers across a gap in status (K5): the further above, the fewer accept; who refuses costs the asking."""

import pytest

from sim.rules.status import accepts
from sim.world.accounts import build_accounts
from sim.world.reliability import absent
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("K5")
MANY = {"seeding__ratio": (0, 0, 0, 0, 0, 300), "audience__users": 50_000, "run__hours": 6}


def test_a_larger_gap_or_power_never_raises_the_chance_and_nobody_below_refuses():
    chances = [accepts(1_000, fans, 0.5) for fans in (0, 500, 1_000, 10_000, 1_000_000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[:3] == [1.0] * 3
    assert [accepts(100, 10_000, power) for power in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.1, 0.01])
    assert accepts(0, 10_000, 0.5) == accepts(1, 10_000, 0.5)


def test_as_many_accept_as_the_chance_says_and_a_smaller_gap_loses_none_of_them():
    def missing(power: float, own: int = 100) -> set[int]:
        plan = busy(**MANY, seeding__market__status_power=power, seeding__market__no_show_share=0.0)
        plan = plan.with_values({"accounts.0.fans": own, "accounts.2.fans": own})
        return set(absent(plan, build_accounts(plan), 1).nonzero()[0].tolist())

    none, some, more = (missing(power) for power in (0.0, 0.15, 0.3))
    assert none == set()
    assert some < more
    expected = 1 - accepts(100, 1_000, 0.3)  # of amateurs, who have a thousand fans
    assert len(more) / 300 == pytest.approx(expected, abs=0.1)
    assert missing(0.3, own=1_000) == set()


def test_who_refuses_is_not_paid_and_the_handling_is_lost():
    plan = busy(**MANY, seeding__market__status_power=3.0, seeding__window_h=6)
    plan = plan.with_values({"accounts.0.fans": 1, "accounts.1.fans": 1, "accounts.2.fans": 1})
    result = result_of(plan)
    assert result.accounts.filter(role="creator")["posts"].sum() == 0
    handling = plan.seeding.market.handling_cny
    assert result.money.filter(kind="creators")["cny"].sum() == pytest.approx(300 * handling)
