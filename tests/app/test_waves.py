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
    made = editing.checked(waves.three_waves(editing.document(plan), plan, NAMES, waves.usual(plan)))
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


@pytest.mark.parametrize(("creators", "promotion"), [(0, 0), (5_000, 0), (30_000, 2_000), (150_000, 0)])
def test_a_challenge_costs_no_more_than_is_chosen(creators: float, promotion: float) -> None:
    plan, money = plan_of("beauty_matrix"), waves.Money(creators, promotion)
    made = editing.checked(waves.three_waves(editing.document(plan), plan, NAMES, money))
    spent = waves.costs(made)
    assert spent[0] == promotion
    assert 0.9 * creators <= spent[1] <= creators
    assert len(made.campaign.phases) == (3 if promotion else 2)
    opened = [row.tier for row in made.seeding.booked if row.tier in made.campaign.phases[0].accounts]
    assert len(opened) <= 10
