"""Between the table of waves and a scenario."""

import pytest

from sim.app.jobs.request import plan_of
from sim.app.pages.campaign import waves
from sim.app.ui import editing
from sim.app.ui.editing import Edited
from sim.scenario.campaign import ACCOUNTS
from sim.scenario.shipped import shipped

NAMES = ("open", "all", "push")
CHALLENGE = editing.document(plan_of("challenge"))


@pytest.mark.parametrize("start_h", [0, 18])
def test_a_table_that_nobody_touched_is_the_scenario(start_h: int) -> None:
    rows = waves.rows_of(CHALLENGE, start_h)
    kept = [Edited(k, row) for k, row in enumerate(rows)]
    assert waves.with_waves(CHALLENGE, kept, start_h, "Wave") == CHALLENGE


def test_days_and_hours_are_those_of_the_clock() -> None:
    first = waves.rows_of(CHALLENGE, 18)[0]
    assert (first["day"], first["time"]) == (5, 18)  # hour 96 of a run that begins at 18:00
    moved = waves.with_waves(CHALLENGE, [Edited(0, {**first, "day": 6, "time": 3})], 18, "Wave")
    assert moved["campaign"]["phases"][0]["start_hour"] == 96 + 9


def test_what_cannot_stand_in_the_table_is_an_empty_cell() -> None:
    """Anything can be typed among all parameters."""
    typed = editing.with_setting(CHALLENGE, "campaign.phases.*.start_hour", "soon")
    typed = editing.with_setting(typed, "campaign.phases.*.accounts", "everybody")
    assert {(row["day"], row["time"], row["accounts"]) for row in waves.rows_of(typed, 0)} == {(None,) * 3}
    assert waves.rows_of(editing.put(CHALLENGE, "campaign.phases", "none"), 0) == []


def test_a_new_row_is_a_wave_of_its_own_name() -> None:
    rows = [Edited(None, {"name": "Wave 1"}), Edited(None, {}), Edited(None, {"hours": 5})]
    found = waves.with_waves(CHALLENGE, rows, 0, "Wave")["campaign"]["phases"]
    assert [phase["name"] for phase in found] == ["Wave 1", "Wave 2", "Wave 3"]
    plan = editing.checked(editing.put(CHALLENGE, "campaign.phases", found))
    assert [(phase.start_hour, phase.hours, phase.accounts) for phase in plan.campaign.phases] == [
        (0, 24, (ACCOUNTS,)), (0, 24, (ACCOUNTS,)), (0, 5, (ACCOUNTS,)),
    ]  # fmt: skip


@pytest.mark.parametrize("name", shipped())
def test_three_waves_are_a_challenge_in_any_scenario(name: str) -> None:
    """K4: three to five creators where there are so few, then everybody, then money alone."""
    plan = plan_of(name)
    made = editing.checked(waves.three_waves(editing.document(plan), plan, NAMES))
    opening, everybody, promotion = made.campaign.phases
    assert made.topics.heat
    assert (promotion.accounts, promotion.budget_cny) == ((), waves.PROMOTION_CNY)
    assert made.campaign.promoted_by(2) == [0, 1]
    assert ACCOUNTS in everybody.accounts
    booked = {row.tier for row in made.seeding.booked}
    assert booked == {*opening.accounts, *everybody.accounts} - {ACCOUNTS}
    opened = sum(row.tier in opening.accounts for row in made.seeding.booked)
    assert opened >= waves.OPENERS
    assert len({phase.topic for phase in made.campaign.phases}) == 1
