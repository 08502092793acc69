"""K7, K8: who can be booked, at which price, how reliably; and how many of their fans are in the market."""

import math
from statistics import correlation, median, stdev

import polars as pl
import pytest

from sim.errors import ScenarioError
from sim.scenario.market import Market
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import creators, seeding_cost_cny
from sim.world.accounts import build_accounts
from sim.world.reliability import absent, pull_beyond
from tests.market import ALIKE
from tests.refresh import result_of
from tests.systems.worlds import QUIET, paired, seeded

WIDE = {"supply": dict.fromkeys(TIERS, 2_000)}


def market(**keys: object) -> Scenario:
    return Scenario.from_dict({"name": "m", "seeding": {"market": keys}})


# --- K8 ---


@pytest.mark.system("K8")
def test_fans_inside_follow_from_lift_and_the_size_of_the_market_and_a_users_own_figure_wins() -> None:
    plan = Scenario.from_dict({"name": "m", "audience": {"users": 7_000_000}})
    assert [plan.fit(tier) for tier in TIERS] == pytest.approx([0.05, 0.06, 0.08, 0.12, 0.20, 0.30])
    assert plan.with_values({"audience.users": 50_000_000}).fit("amateur") == 0.6  # as much as a market holds
    assert plan.with_values({"seeding.tiers.star.audience_fit": 0.3}).fit("star") == 0.3
    assert plan.with_values({"seeding.market.lift.star": 10.0}).fit("star") == pytest.approx(0.1)
    assert plan.fit("star", 0.7) == 0.7
    assert plan.fit(None) == 1.0


@pytest.mark.system("K8")
def test_a_brand_account_has_no_fit_of_its_own() -> None:
    with pytest.raises(ScenarioError, match="audience_fit"):
        Scenario.from_dict({"name": "m", "accounts": [{"id": "a", "role": "main", "audience_fit": 0.5}]})


@pytest.mark.system("K8")
def test_quality_is_the_same_for_all_tiers_because_tone_is_counted_elsewhere() -> None:
    tiers = Scenario(name="m").seeding.tiers
    assert {row.quality for row in tiers.values()} == {1.0}
    assert len({row.trust for row in tiers.values()}) == len(TIERS)


# --- K7: prices ---


@pytest.mark.system("K7")
def test_prices_grow_with_fans_from_one_anchor_and_a_tiers_own_price_wins() -> None:
    for exponent, slope in (("market", 0.5), ("list", 1.0), (0.79, 0.79)):
        seeding = market(price_exponent=exponent).seeding
        assert seeding.price_cny("waist") == 12_000
        ratio = seeding.price_cny("star") / seeding.price_cny("waist")
        assert math.log(ratio) / math.log(50) == pytest.approx(slope, abs=1e-3)
    own = market().with_values({"seeding.tiers.star.price_cny": 5.0})
    assert own.seeding.price_cny("star") == 5.0


@pytest.mark.system("K7")
def test_price_and_pull_are_drawn_together_as_measured() -> None:
    """By intervention: the joint spread of what is drawn at equal fans, against what was measured."""
    plan = market(**WIDE, estimate_noise_dex=0.0, price_limit_factor=0.0)
    rows = plan.seeding.candidates["junior"]
    price, pull = ([math.log10(row[k]) for row in rows] for k in (3, 4))
    assert stdev(price) == pytest.approx(0.45, rel=0.05)
    assert stdev(pull) == pytest.approx(0.31, rel=0.05)
    assert correlation(price, pull) == pytest.approx(0.44, abs=0.05)
    assert stdev([a - b for a, b in zip(price, pull, strict=True)]) == pytest.approx(0.42, rel=0.05)
    assert 10 ** median(price) == pytest.approx(plan.seeding.price_cny("junior"), rel=0.1)


@pytest.mark.system("K7")
def test_prices_end_where_public_bands_do_and_keep_their_middle_and_most_of_their_spread() -> None:
    """Of a normal's far tail the best value was made: waist creators at 477 CNY, amateurs at 14."""
    plan = market()
    for tier in TIERS:
        own = plan.seeding.price_cny(tier)
        prices = [row.price_cny for row in plan.seeding.candidates[tier]]
        assert own / 5 - 1 <= min(prices) <= max(prices) <= own * 5 + 1
    rows = market(**WIDE).seeding.candidates["junior"]
    assert 10 ** median(math.log10(row.price_cny) for row in rows) == pytest.approx(3_795.0, rel=0.1)
    assert stdev([math.log10(row.price_cny) for row in rows]) == pytest.approx(0.40, rel=0.05)
    per_view = [math.log10(row.price_cny) - math.log10(row.weight) for row in rows]
    endless = market(**WIDE, price_limit_factor=0.0).seeding.candidates["junior"]
    assert stdev(per_view) > 0.85 * stdev(
        [math.log10(row.price_cny) - math.log10(row.weight) for row in endless]
    )
    with pytest.raises(ScenarioError, match=r"price_limit_factor = 0\.5: is neither 0 \(no end\) nor 1"):
        market(price_limit_factor=0.5)


@pytest.mark.system("K7")
def test_what_a_buyer_sees_and_luck_are_the_whole_pull() -> None:
    slope, seen, luck = Market().pull()
    assert slope**2 + seen**2 + luck**2 == pytest.approx(0.31**2)
    assert Market(estimate_noise_dex=0.0).pull()[2] == 0.0
    assert Market(pull_spread_dex=0.0).pull() == (0.0, 0.0, 0.0)
    assert Market(estimate_noise_dex=0.6).pull()[2] > luck


@pytest.mark.system("K7")
def test_the_best_value_is_booked_first_so_that_the_next_one_is_worse() -> None:
    seeding = market().seeding
    for tier in TIERS:
        rows = seeding.candidates[tier]
        worth = [row.weight / (row.price_cny + seeding.market.handling_cny) for row in rows]
        assert worth == sorted(worth, reverse=True)
        assert worth[0] > 2 * worth[-1]
        assert [row.id for row in rows[:2]] == [f"{tier}-001", f"{tier}-002"]


@pytest.mark.system("K7")
def test_a_plan_is_the_same_whatever_the_seed_and_another_market_is_another_plan() -> None:
    plan = market().with_values({"seeding.ratio": [0, 0, 0, 2, 3, 4]})
    assert creators(plan.with_values({"run.seed": 99})) == creators(plan)
    assert creators(plan.with_values({"seeding.market.draw": 2})) != creators(plan)


@pytest.mark.system("K7")
def test_supply_is_finite_and_more_is_refused_with_the_figure() -> None:
    plan = market()
    with pytest.raises(ScenarioError, match=r"asks for 6 star .* there are 5 .*supply\.star.*most 5"):
        plan.with_values({"seeding.ratio": [6, 0, 0, 0, 0, 0]})
    rich = plan.with_values({"seeding.ratio": [1, 0, 0, 0, 0, 1], "seeding.budget_cny": 1e9})
    assert rich.seeding.counts == (5, 0, 0, 0, 0, 2_000)  # the budget buys everybody, and no more


@pytest.mark.system("K7")
def test_handling_is_paid_for_each_creator_and_counts_in_a_budget() -> None:
    free, dear = (
        market(**ALIKE | {"handling_cny": cost}).with_values({"seeding.ratio": [0, 0, 0, 0, 0, 10]})
        for cost in (0.0, 150.0)
    )
    assert seeding_cost_cny(dear) - seeding_cost_cny(free) == pytest.approx(1_500)
    bought = [plan.with_values({"seeding.budget_cny": 9_999.0}).seeding.counts[5] for plan in (free, dear)]
    assert bought == [(9_999 // 849), (9_999 // 999)]


@pytest.mark.system("K7")
def test_without_spread_all_of_a_tier_are_alike() -> None:
    rows = market(**ALIKE).seeding.candidates["junior"]
    assert {(row.price_cny, row.weight) for row in rows} == {(3_795.0, 1.0)}


# --- K7: reliability ---


@pytest.mark.system("K7")
def test_some_never_post_their_fee_comes_back_and_the_handling_is_lost() -> None:
    keys = ALIKE | {"no_show_share": 0.3, "handling_cny": 100.0}
    plan = seeded((0, 0, 0, 0, 0, 400), seeding__market=keys, run__hours=24)
    missing = absent(plan, build_accounts(plan), 1)
    assert missing.sum() == pytest.approx(120, abs=40)
    rows = result_of(plan).accounts.filter(role="creator")
    assert (rows["posts"] == 0).to_list() == missing[-400:].tolist()
    fee = plan.seeding.price_cny("amateur")
    assert set(rows.filter(pl.col("posts") == 0)["cost_cny"]) == {100.0}
    assert set(rows.filter(pl.col("posts") == 1)["cost_cny"]) == {100.0 + fee}
    other = absent(plan, build_accounts(plan), 2)
    assert (other != missing).any()  # luck of the launch
    more = plan.with_values({"seeding.market.no_show_share": 0.5})
    assert (absent(more, build_accounts(more), 1) | ~missing).all()  # who was missing is still


@pytest.mark.system("K7")
def test_pull_beyond_the_estimate_is_luck_with_mean_1() -> None:
    plan = market(**WIDE).with_values({"seeding.ratio": [0, 0, 0, 0, 0, 2_000]})
    accounts = build_accounts(plan)
    factors = pull_beyond(plan, accounts, 1)[accounts.seeded]
    assert factors.mean() == pytest.approx(1.0, abs=0.05)
    assert stdev(map(math.log10, factors)) == pytest.approx(Market().pull()[2], rel=0.05)
    assert (pull_beyond(plan, accounts, 1)[~accounts.seeded] == 1).all()


POOL = {
    "platform__pools": (2_000, 9_000), "platform__pass_share": (0.001,), "platform__trickle": 0.0,
    "sharing__open_probability": 0.0, "run__hours": 60, "audience__users": 50_000, "dilution__rates": False,
    **QUIET,
}  # fmt: skip


def whole(**keys: object) -> pl.DataFrame:
    plan = seeded((0, 0, 0, 0, 0, 40), seeding__market=ALIKE | keys, audience__category_share=1.0, **POOL)
    rows = result_of(plan).videos.filter(pl.col("account").str.starts_with("amateur"))
    return rows.with_columns(whole=pl.col("impressions") + pl.col("outside_impressions"))


@pytest.mark.system("K7")
def test_paid_posts_draw_and_please_less_by_the_commercial_factors() -> None:
    plain, paid = whole(), whole(commercial_factor=0.76, commercial_like_factor=0.66)
    assert paid["whole"].sum() / plain["whole"].sum() == pytest.approx(0.76, rel=0.02)
    rates = [table["likes"].sum() / table["impressions"].sum() for table in (paid, plain)]
    assert rates[0] / rates[1] == pytest.approx(0.66, rel=0.1)


@pytest.mark.system("K7")
def test_views_of_a_paid_post_in_all_are_the_measured_share_of_an_unpaid_ones() -> None:
    """By intervention: fewer likes cost promotions too, and both together are the measured 0.76."""

    def views(keys: dict[str, object]) -> int:
        plan = seeded(
            (0, 0, 0, 0, 60, 60), seeding__market=keys, audience__users=400_000, run__hours=96,
            audience__category_share=1.0, content__rates__share=0.004, sharing__open_probability=0.0,
        )  # fmt: skip
        tables = [result_of(plan, seed).videos for seed in range(1, 5)]
        rows = pl.concat(tables).filter(pl.col("account").str.contains("junior|amateur"))
        return int((rows["impressions"] + rows["outside_impressions"]).sum())

    market = Market()
    paid = {key: getattr(market, key) for key in ("commercial_factor", "commercial_like_factor")}
    assert views(ALIKE | paid) / views(ALIKE) == pytest.approx(0.76, rel=0.06)


FEW = {"pull_spread_dex": 0.3, "estimate_noise_dex": 0.0, "supply": {"amateur": 80}}


@pytest.mark.system("K7")
def test_a_creators_pull_multiplies_the_first_pool() -> None:
    luck = whole(**FEW)
    alike = whole()
    weights = [row.weight for row in market(**ALIKE | FEW)
               .with_values({"seeding.ratio": [0, 0, 0, 0, 0, 40]}).seeding.booked]  # fmt: skip
    found = luck.sort("account")["whole"] / alike.sort("account")["whole"]
    assert found.to_list() == pytest.approx(weights, rel=0.03)


@pytest.mark.system("K7")
def test_a_list_of_ones_own_takes_the_place_of_the_market() -> None:
    rows = (
        {"name": "dear", "fans": 20_000, "price_cny": 9_000.0},
        {"name": "good", "fans": 25_000, "price_cny": 800.0, "weight": 2.0, "audience_fit": 0.5},
        {"name": "small", "fans": 900, "price_cny": 100.0},
    )
    plan = Scenario.from_dict({"name": "m", "seeding": {"creators": rows}})
    made = creators(plan)
    assert [row.id for row in made] == ["good", "dear", "small"]
    assert [row.tier for row in made] == ["junior", "junior", "amateur"]
    assert [row.audience_fit for row in made] == [0.5, None, None]
    assert seeding_cost_cny(plan) == 9_900 + 3 * 150
    assert [row.id for row in creators(plan.with_values({"seeding.ratio": [0, 0, 0, 0, 1, 0]}))] == ["good"]
    kept = plan.with_values({"seeding.creators.0.keep": True, "seeding.ratio": [0, 0, 0, 0, 1, 0]})
    assert [row.id for row in creators(kept)] == ["dear"]
    assert Scenario.loads(plan.to_toml()) == plan
    with pytest.raises(ScenarioError, match=r"creators\.3\.name"):
        Scenario.from_dict({"name": "m", "seeding": {"creators": (*rows, rows[0])}})


@pytest.mark.system("K7")
def test_a_stronger_pull_reaches_more() -> None:
    less, more = (
        seeded((0, 0, 0, 0, 4, 0)).with_values({"seeding.creators": [
            {"name": f"c{k}", "fans": 20_000, "price_cny": 1.0, "weight": weight, "audience_fit": 0.1}
            for k in range(4)]})
        for weight in (0.5, 3.0)
    )  # fmt: skip
    mean, error = paired(less, more, "reach", range(6))
    assert mean > 3 * error
