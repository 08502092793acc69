import pytest

from sim.app.jobs.request import Adding, Comparing
from sim.app.pages.mix import mixes
from sim.app.pages.mix import page as mix
from sim.scenario.schema import Scenario
from sim.sweeps import grid
from tests.app.driving import EagerJobs, FakeJobs, address, alive, button, choice, markup, settled
from tests.app.mixing import (
    CLASS,
    FIRST,
    OFFER,
    PUBLISHED,
    budget,
    dashed,
    page,
    table,
    typed,
    warnings,
    with_waist,
)

pytestmark = pytest.mark.usefixtures("known")


def test_the_table_shows_six_tiers_with_number_price_and_fans(jobs: FakeJobs) -> None:
    shown = table(page()).value
    assert list(shown["tier"]) == ["star", "famous KOL", "head", "waist", "junior/KOC", "amateur"]
    assert tuple(shown["count"]) == PUBLISHED
    seeding = FIRST.plan().seeding
    assert list(shown["price"]) == [
        f"{seeding.price_cny(tier) / 1e3:.1f}".removesuffix(".0") + "K" for tier in mixes.TIERS
    ]
    assert list(shown["fans"]) == ["10,000K", "3,000K", "1,000K", "200K", "20K", "1K"]


def test_a_mix_typed_in_is_simulated_alone_beside_the_map(jobs: FakeJobs) -> None:
    app = typed(page(), star=0, famous=0, head=0, waist=2, junior=3, amateur=50)
    counts = (0, 0, 0, 2, 3, 50)
    own = mixes.own(FIRST.plan(), counts)
    assert jobs.started == [Adding(FIRST.scenario, FIRST.users, (*FIRST.variants, own.variant), FIRST.seeds)]
    assert jobs.started[0].runs == FIRST.seeds
    assert len(app.get("plotly_chart")) == 3  # the slider's curve is one
    assert f"{len(OFFER.mixes)} mixes for 200K CNY" in markup(app)
    cost = FIRST.plan().seeding.cost_cny(counts)
    assert f"Costs {cost:,.0f} of 200,000 CNY; {200_000 - cost:,.0f} left." in markup(app)
    assert address(app)["mix"] == dashed(counts)


def test_a_mix_over_the_budget_is_said_and_not_simulated(jobs: FakeJobs) -> None:
    app = typed(page(), star=3)
    cost = FIRST.plan().seeding.cost_cny((3, *PUBLISHED[1:]))
    assert f"Costs {cost:,.0f} CNY: {cost - 200_000:,.0f} over the budget of 200,000." in warnings(app)
    assert jobs.started == []
    assert "Your mix" not in markup(app)
    app = alive(budget(app).set_value(600_000).run())
    assert not app.warning
    assert f"Costs {cost:,.0f} of 600,000 CNY" in markup(app)


def test_an_empty_mix_is_said_and_not_simulated(jobs: FakeJobs) -> None:
    app = typed(page(), **dict.fromkeys(mixes.TIERS, 0))
    assert "No creators yet" in markup(app)
    assert jobs.started == []


@pytest.mark.usefixtures("won")
def test_an_own_mix_that_is_on_the_map_already_is_not_simulated_again(jobs: FakeJobs) -> None:
    cheapest = OFFER.named("cheapest")
    assert cheapest is not None
    app = typed(page(), **dict(zip(mixes.TIERS, cheapest.counts, strict=True)))
    assert jobs.started == []
    assert "Your mix has the highest mean." in markup(app)
    assert "Cheapest only (yours)" in markup(app)


def test_an_untouched_mix_follows_the_budget_and_a_typed_one_stays(jobs: FakeJobs) -> None:
    app = alive(budget(page()).set_value(400_000).run())
    more = mixes.offer(FIRST.scenario, FIRST.users, 400_000).named("published")
    assert more is not None
    assert tuple(table(app).value["count"]) == more.counts
    before = typed(page(), waist=3)
    after = alive(budget(before).set_value(400_000).run())
    assert address(after)["mix"] == dashed(with_waist(3))


def test_what_was_typed_outlives_the_language_switch(jobs: FakeJobs) -> None:
    app = typed(page(lang="en"), waist=1)
    app = alive(button(app, "中文").click().run())
    assert tuple(table(app).value["count"]) == with_waist(1)
    assert address(app)["mix"] == dashed(with_waist(1))
    app = typed(app, amateur=7)
    assert address(app)["mix"] == dashed((*with_waist(1)[:-1], 7))


@pytest.mark.usefixtures("won")
def test_a_known_mix_fills_the_table(jobs: FakeJobs) -> None:
    cheapest = OFFER.named("cheapest")
    assert cheapest is not None
    app = typed(page(), waist=1)
    app = alive(choice(app, mix.TAKE).set_value("best").run())
    assert tuple(table(app).value["count"]) == cheapest.counts
    app = alive(choice(typed(app, amateur=1), mix.TAKE).set_value("best").run())
    assert tuple(table(app).value["count"]) == cheapest.counts


def test_first_few_seeds_then_all_and_the_own_mix_with_each(eager: EagerJobs) -> None:
    app = settled(page(**CLASS, mix="0-0-0-0-1-40"))
    asked = [(type(request), request.seeds) for request in eager.started if isinstance(request, Comparing)]
    assert asked == [(Comparing, 2), (Comparing, 4), (Adding, 4)]
    told = markup(app)
    assert "4 rounds" in told
    assert f"{len(mixes.offer('classroom', 2_000, 20_000).mixes) + 1} mixes for 20K CNY" in told
    own = mixes.own(Scenario.load("classroom"), (0, 0, 0, 0, 1, 40))
    assert f"Your mix {grid.ratio(grid.percents(own.shares))}" in told
