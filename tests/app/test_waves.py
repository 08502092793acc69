"""A campaign in three waves, as a button fills it in."""

import pytest

from sim.app.jobs.request import plan_of
from sim.app.pages.campaign import waves
from sim.app.ui import editing
from sim.scenario.campaign import ACCOUNTS
from sim.scenario.shipped import shipped

NAMES = ("open", "all", "push")


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
