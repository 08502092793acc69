"""What a plan costs, brings in and would need to pay; what its launches warn of (E1)."""

import numpy as np
import pytest

from sim.analysis.money import Money, money_of
from sim.analysis.plan_warnings import shared_by
from sim.analysis.result_warnings import Launched, loss, of_results
from sim.analysis.warned import Warned
from sim.experiment.compare import compare, compare_variants
from sim.experiment.replicate import run
from sim.experiment.variants import variants_of
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.system("E1")

PLAN = Scenario(name="plan").with_values({"audience.users": 5_000, "run.hours": 24})
BRAND = PLAN.with_values({"brand.margin_share": 0.5, "brand.fan_value_cny": 2.0}).brand


def row(orders=2, cost=1_000.0, fans=10, reach=500, plays=4_000) -> dict:
    gmv = 100.0 * orders
    profit = 0.5 * gmv + 2.0 * fans - cost
    counts = {"orders": orders, "new_fans": fans, "reach": reach, "impressions": plays}
    money = {"gmv_cny": gmv, "cost_cny": cost, "profit_cny": profit}
    return counts | money | {"outside_impressions": 1_000}


def test_ratios_are_of_sums_and_not_means_of_ratios():
    found = money_of([row(orders=0), row(orders=4)], BRAND)
    assert found.cost_per_order_cny == 2_000 / 4
    assert found.cost_per_fan_cny == 2_000 / 20
    assert found.cpm_cny == 1000 * 2_000 / 1_000
    assert found.gpm_cny == 1000 * 400 / 10_000
    assert (found.cost_cny, found.gmv_cny, found.orders) == (1_000, 200, 4)
    assert found.return_per_cny == pytest.approx((200 + 40) / 2_000)


def test_money_is_read_back_as_it_was_written():
    found = money_of([row(orders=n) for n in (0, 3, 4)], BRAND)
    assert Money.read(found.as_dict()) == found


def test_a_ratio_over_nothing_is_none():
    found = money_of([row(orders=0, cost=0.0, fans=-3, reach=0, plays=-1_000)], BRAND)
    ratios = (found.cost_per_order_cny, found.cost_per_fan_cny, found.cpm_cny, found.gpm_cny)
    assert (*ratios, found.return_per_cny) == (None,) * 5


def test_at_each_break_even_the_profit_is_0():
    launches = [row(orders=n, fans=n + 3) for n in (10, 20, 15)]
    found = money_of(launches, BRAND)
    cost, fans, orders, plays = (
        sum(r[k] for r in launches) for k in ("cost_cny", "new_fans", "orders", "impressions")
    )
    plays += 3_000
    pays = found.break_even
    assert 0.5 * pays.gpm_cny * plays / 1000 + 2.0 * fans == pytest.approx(cost)
    assert (pays.price_cny - 50.0) * orders + 2.0 * fans == pytest.approx(cost)
    assert 0.5 * 100 * orders + pays.fan_value_cny * fans == pytest.approx(cost)
    for key in pays._fields:
        assert getattr(found.low, key) < getattr(pays, key) < getattr(found.high, key)


def test_where_no_value_would_do_there_is_none_and_where_none_is_needed_0():
    nothing = money_of([row(orders=0, fans=0)] * 2, BRAND)
    assert nothing.break_even.price_cny is nothing.break_even.fan_value_cny is None
    rich = money_of([row(cost=10.0)] * 2, BRAND)
    assert (rich.break_even.gpm_cny, rich.break_even.fan_value_cny) == (0.0, 0.0)


def test_one_launch_gives_no_interval():
    found = money_of([row(orders=2)], BRAND)
    assert found.break_even.gpm_cny is not None
    assert set(found.low) == set(found.high) == {None}


def drawn_launches(n: int, draws: np.random.Generator) -> list[dict]:
    """Launches with orders and fans by chance."""
    counts = zip(draws.poisson(20, n), draws.poisson(40, n), draws.poisson(4_000, n), strict=True)
    return [row(orders=int(o), fans=int(f), plays=int(p), cost=3_000.0) for o, f, p in counts]


TRUE = {
    "gpm_cny": 1000 * (3_000 - 2 * 40) / (0.5 * 5_000),
    "price_cny": 50 + (3_000 - 2 * 40) / 20,
    "fan_value_cny": (3_000 - 0.5 * 100 * 20) / 40,
}


def test_intervals_of_break_evens_hold_the_truth_as_often_as_they_say_and_narrow_with_launches():
    draws, widths, times = np.random.default_rng(1), {key: [] for key in TRUE}, 800
    for n in (4, 8, 16):
        made = [money_of(drawn_launches(n, draws), BRAND) for _ in range(times)]
        for key, truth in TRUE.items():
            ends = [(getattr(found.low, key), getattr(found.high, key)) for found in made]
            limits = [(low, np.inf if high is None else high) for low, high in ends if low is not None]
            assert len(limits) > 0.99 * times  # it is not refused
            held = sum(low <= truth <= high for low, high in limits)
            assert 0.93 * times <= held <= 0.975 * times, (key, n)
            widths[key].append(np.median([high - low for low, high in limits]))
    for few, more, most in widths.values():
        # By √n, and by Student's t: 3.18, 2.36, 2.13.
        assert few / more == pytest.approx(np.sqrt(2) * 3.18 / 2.36, rel=0.15)
        assert more / most == pytest.approx(np.sqrt(2) * 2.36 / 2.13, rel=0.15)


def test_too_few_orders_give_a_break_even_without_an_interval_and_as_many_fans_do_not():
    found = money_of([row(orders=n, fans=10 + n) for n in (1, 2, 2, 3, 5, 2)], BRAND)
    assert found.break_even.price_cny is not None
    assert found.low.price_cny is found.high.price_cny is None
    assert found.low.fan_value_cny < found.break_even.fan_value_cny < found.high.fan_value_cny
    more = money_of([row(orders=n) for n in (1, 2, 2, 3, 6, 2)], BRAND)
    assert more.low.price_cny < more.break_even.price_cny < more.high.price_cny


def test_launches_that_all_gave_the_same_have_not_shown_what_the_next_gives():
    found = money_of([row(orders=20)] * 8, BRAND)
    assert found.break_even.price_cny is not None
    assert set(found.low) == set(found.high) == {None}


def test_where_orders_may_be_next_to_none_no_highest_price_is_in_sight():
    found = money_of([row(orders=n) for n in (0, 0, 0, 40)], BRAND)
    assert found.high.price_cny is None
    assert 50.0 < found.low.price_cny < found.break_even.price_cny


def test_where_nothing_is_missing_no_limit_lies_below_0_nor_a_price_below_what_goods_cost():
    found = money_of([row(orders=n, cost=10.0, fans=n) for n in (20, 30, 25, 22)], BRAND)
    assert found.break_even.price_cny == found.low.price_cny == found.high.price_cny == 50.0
    assert found.low.gpm_cny == found.high.gpm_cny == 0.0


def test_a_fan_is_worth_what_it_is_said_to_be_worth_and_creators_fans_are_not_the_brands():
    busy = PLAN.with_values(
        {"content.rates.follow": 0.02, "seeding.ratio": [0, 0, 0, 0, 5, 20], "seeding.window_h": 10}
    )
    plain, valued = run(busy), run(busy.with_values({"brand.fan_value_cny": 3.0}))
    assert plain.digest == valued.digest
    own = valued.accounts.filter(valued.accounts["role"] != "creator")
    fans = own["follows"].sum() - own["unfollows"].sum()
    assert valued.summary["new_fans"] == fans > 0
    assert valued.accounts["follows"].sum() > own["follows"].sum()
    assert valued.summary["profit_cny"] - plain.summary["profit_cny"] == pytest.approx(3.0 * fans)


def of(name="a", users=1_000_000, launches=4, **values) -> Launched:
    return Launched(name, name, name, users, launches, money_of([row(**values)] * launches, BRAND))


@pytest.mark.parametrize(
    ("variants", "codes"),
    [
        ([of(orders=40, cost=10.0)], []),
        ([of(orders=40, cost=10.0, reach=600_001)], ["saturated"]),
        ([of(orders=40, cost=10.0, users=199_999)], ["small_audience"]),
        ([of(orders=7, cost=10.0)], ["few_orders"]),
        ([of(orders=40, cost=1e5)], ["loses_money"]),
        ([of(orders=40, cost=1e5), of(name="b", orders=40, cost=2e5)], ["loses_money"]),
        ([of(orders=40, cost=10.0), of(name="b", orders=1, cost=2e5)], ["loses_money", "few_orders"]),
    ],
)
def test_warnings_of_results(variants, codes):
    found = of_results(variants)
    assert [w.code for w in found] == codes
    shared = len(variants) == 1 or len({v.money.orders for v in variants}) == 1
    assert all((w.variant is None) == shared for w in found)
    assert all(w.text_zh.endswith("。") and w.text_en.endswith(".") for w in found)


def test_a_loss_is_said_of_the_mean_and_one_launch_speaks_for_itself_alone():
    several, single = (of_results([of(orders=40, cost=1e5, launches=n)])[0] for n in (3, 1))
    assert "loses money on average: " in several.text_en
    assert "平均每次亏损" in several.text_zh
    assert "in this one launch." in single.text_en
    assert "这一次亏损" in single.text_zh
    assert "average" not in single.text_en


def test_a_verdict_says_that_the_winner_loses_money_and_what_a_yuan_brings_back():
    found = money_of([row(orders=2, cost=600.0)] * 3, BRAND)
    assert (
        loss(found, "en") == " It still loses CNY 480 a launch on average: each yuan spent brings back 0.20."
    )
    assert loss(found, "zh") == "但仍然亏钱：平均每次亏 480 元，每投入 1 元只收回 0.20 元。"
    assert loss(money_of([row(cost=1.0)] * 3, BRAND), "en") == ""


def test_a_comparison_says_all_of_it_and_what_a_boost_could_not_spend():
    boost = {"account": "main", "post": "0", "budget_cny": 90_000.0}
    plans = [
        PLAN.with_values({"name": "plain"}),
        PLAN.with_values({"name": "boosted", "paid.boosts": [boost]}),
    ]
    found = compare(plans, metric="profit", seeds=3)
    told = found.as_dict()
    by_code = {w["code"]: w for w in told["warnings"]}
    assert by_code["budget_unspent"]["variant"] == "boosted"
    assert {"small_audience", "loses_money"} <= set(by_code)
    assert "still loses" in told["verdict"]["text_en"]
    plain = next(v for v in told["variants"] if v["name"] == "plain")
    runs = found.replications.filter(variant="plain")
    assert plain["cost_per_fan_cny"] == pytest.approx(runs["cost_cny"].sum() / runs["new_fans"].sum())
    assert plain["profit_cny"] == pytest.approx(runs["profit_cny"].mean())
    assert set(plain["break_even"]) >= {"gpm_cny", "price_cny", "fan_value_cny", "gpm_cny_high"}
    assert "warnings" not in found.replications.columns


def two_boosts() -> Scenario:
    boosts = [{"account": "main", "post": str(n), "budget_cny": 90_000.0} for n in (0, 1)]
    often = [{"id": "main", "role": "main", "posts_per_day": 6.0}]
    return PLAN.with_values({"name": "boosted", "accounts": often, "paid.boosts": boosts})


def test_every_boost_that_keeps_money_is_told_once_for_all_launches():
    plans = variants_of([PLAN.with_values({"name": "plain"}), two_boosts()])
    first = compare_variants(plans, seeds=2)

    def unspent(found) -> list[tuple[str | None, str]]:
        rows = [w for w in found.as_dict()["warnings"] if w["code"] == "budget_unspent"]
        return [(w["variant"], w["text_en"].split(" of ")[1]) for w in rows]

    assert unspent(first) == [("boosted", "post 1"), ("boosted", "post 2")]
    alone = compare_variants(plans[1:], seeds=2)
    assert [variant for variant, _ in unspent(alone)] == [None, None]
    assert {row.variant for row in alone.told} == {"boosted"}  # whoever adds it to others knows whose it is


def test_what_one_plan_says_twice_is_not_said_of_another():
    same = [Warned("budget_unspent", "boosted", "钱没用完。", "Money was left.")] * 2
    assert [row.variant for row in shared_by(same, 2)] == ["boosted"]


def test_the_gpm_that_makes_a_plan_pay_does_so_when_it_is_set():
    plan = PLAN.with_values(
        {
            "audience.users": 60_000, "run.hours": 72, "brand.gpm_cny": 100.0, "links.layout": "none",
            "accounts": [{"id": "main", "role": "main", "posts_per_day": 5.0, "cost_per_post_cny": 20.0}],
        }
    )  # fmt: skip

    def launches(of: Scenario) -> list[dict]:
        return [run(of, seed).summary for seed in range(1, 9)]

    before = money_of(launches(plan), plan.brand)
    wanted = 100.0 * before.break_even.gpm_cny / before.gpm_cny
    after = money_of(launches(plan.with_values({"brand.gpm_cny": wanted})), plan.brand)
    assert after.profit_cny == pytest.approx(0.0, abs=0.2 * after.cost_cny)
    assert abs(after.profit_cny) < abs(before.profit_cny)
