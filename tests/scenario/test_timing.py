import pytest

from sim.errors import UsageError
from sim.scenario.schema import Scenario
from sim.scenario.seeding import MIXES, mix_values, varied
from sim.scenario.timing import hour_of, is_timing, timing_values
from sim.world.posts import post_hours


def paced(*paces: float, start: str = "Monday 00:00") -> Scenario:
    """A plan whose accounts post so often a day."""
    rows = [{"id": str(k), "role": "sub" if k else "main", "posts_per_day": n} for k, n in enumerate(paces)]
    return Scenario.from_dict({"name": "s", "accounts": rows, "run": {"start": start}})


def hours(plan: Scenario) -> list[list[int]]:
    """By account, hours of its posts over four weeks."""
    return [post_hours(account, False, 168, 672) for account in plan.accounts]


def test_at_an_hour_daily_posts_come_at_it_and_none_is_lost() -> None:
    plan = paced(1.0, 2.0, 0.5, 0.0, start="Monday 06:00")
    daily, twice, half, none = hours(varied(plan, None, None, None, "20:00"))
    assert {(6 + hour) % 24 for hour in (*daily, *half)} == {20}
    assert {(6 + hour) % 24 for hour in twice} == {8, 20}
    assert [len(found) for found in (daily, twice, half, none)] == [28, 56, 14, 0]


def test_spread_out_daily_posts_have_hours_of_their_own_as_far_apart_as_can_be() -> None:
    found = hours(varied(paced(1.0, 1.0, 1.0, 1.0), None, None, None, "spread"))
    assert [each[0] for each in found] == [0, 6, 12, 18]


def test_as_written_nothing_is_set_and_what_is_no_timing_is_refused() -> None:
    assert timing_values(paced(1.0), "written") == {}
    assert (hour_of("8:00"), hour_of("08:00"), hour_of("spread")) == (8, 8, None)
    assert not any(map(is_timing, ("", "8", "24:00", "20:30", "<b>")))


@pytest.mark.system("K2")
def test_a_named_mix_spends_the_money_that_the_plan_spends_on_creators() -> None:
    plan = paced(1.0).with_values({"seeding.ratio": (0, 0, 0, 1, 5, 20), "seeding.budget_cny": 50_000.0})
    for mix in ("kol", "koc", "amateurs", "published"):
        seeding = varied(plan, None, mix).seeding
        assert 45_000 < seeding.cost_cny(seeding.counts) <= 50_000
        assert all(not n for n, wanted in zip(seeding.counts, MIXES[mix], strict=True) if not wanted)
    assert not any(varied(plan, None, "nobody").seeding.counts)
    assert varied(plan, None, "written") == plan
    with pytest.raises(UsageError, match="nothing on creators"):
        mix_values(paced(1.0), "koc")
    assert mix_values(paced(1.0), "koc", 9_000.0)["seeding.budget_cny"] == 9_000.0
