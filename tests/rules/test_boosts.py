"""Boosts (A1): what money buys, when it is shown, what it costs, and what it leaves as it was."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.rules.boosts import bought, cost_fen, due
from sim.scenario.explain import explain
from sim.scenario.schema import Scenario
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("A1")
PRICE = 20.0


def boosted(*boosts, **values):
    entries = [{"account": "main", "start_hour": 24, "cpm_cny": PRICE} | boost for boost in boosts]
    return busy(**{"run__hours": 48, "paid__boosts": entries} | values)


def paid(result, *by):
    found = result.hourly.filter(origin="paid")
    return found.group_by(*by).agg(pl.sum("impressions")).sort(*by) if by else found["impressions"].sum()


def money(result):
    return result.money.filter(kind="boosts")


@given(st.integers(0, 10**11), st.integers(1, 10**7))
def test_no_budget_is_ever_overrun_and_less_than_one_impression_is_left(budget, cpm):
    whole = bought(budget, cpm)
    assert 0 <= cost_fen(whole, cpm) <= budget
    assert (whole + 1) * cpm > budget * 1000


@given(st.integers(0, 10**9), st.integers(1, 200))
def test_all_that_was_bought_is_due_evenly_by_the_last_hour(whole, hours):
    by_hour = [due(whole, age, hours) for age in range(hours)]
    steps = [b - a for a, b in zip([0, *by_hour], by_hour, strict=False)]
    assert sum(steps) == whole == by_hour[-1]
    assert max(steps) - min(steps) <= 1


def test_the_known_yield_of_a_hundred_yuan():
    assert bought(100_00, 20_00) == 5_000


def test_money_becomes_impressions_of_the_post_in_its_hours_and_is_booked_as_they_are_shown():
    result = result_of(boosted({"budget_cny": 10.0, "hours": 5}))
    assert paid(result, "hour").rows() == [(hour, 100) for hour in range(24, 29)]
    assert set(result.hourly.filter(origin="paid")["account"]) == {"main"}
    assert money(result).rows() == [(hour, "main", "boosts", 2.0) for hour in range(24, 29)]
    without = result_of(boosted())
    posts = result.videos.join(without.videos, on=["planned_by", "post_number"], suffix="_without")
    more = posts.filter(pl.col("impressions") - pl.col("impressions_without") > 250)
    assert more.select("planned_by", "post_number").rows() == [("main", 0)]
    assert result.summary["warnings"] == []


def test_who_was_reached_by_money_responds_and_is_not_shown_the_video_again():
    result = result_of(boosted({"budget_cny": 30.0}, links__layout="none"))
    rows = result.hourly.filter(origin="paid")
    for count in ("completions", "likes", "visits"):
        assert rows[count].sum() > 0
    assert result.videos["impressions"].max() <= result.summary["users"]


def test_the_platform_does_not_judge_the_video_on_it():
    result, without = result_of(boosted({"budget_cny": 10.0})), result_of(boosted())
    judged = result.promotions.filter(planned_by="main", post_number=0)
    counted = without.promotions.filter(planned_by="main", post_number=0)
    assert judged["impressions"].sum() <= counted["impressions"].sum()


def test_impressions_outside_the_audience_are_paid_and_never_reach():
    # Nothing is promoted: who was reached by money and who not would decide otherwise in a pool or two.
    half = {"platform__inside_share": 0.4, "platform__pass_share": (0.001,), "platform__trickle": 0.0}
    whole = result_of(boosted({"budget_cny": 10.0}, **half))
    without = result_of(boosted(**half))
    assert paid(whole) == pytest.approx(200, abs=1)
    outside = whole.summary["outside_impressions"] - without.summary["outside_impressions"]
    assert outside == pytest.approx(300, abs=5)  # the rest is the platform's own
    assert whole.videos["outside_impressions"].sum() == whole.summary["outside_impressions"]
    assert money(whole)["cny"].sum() == pytest.approx(10.0)


@pytest.mark.parametrize("boost", [{}, {"budget_cny": 0.0}, {"budget_cny": 0.01}])
def test_a_boost_without_money_for_one_impression_changes_nothing(boost):
    assert result_of(boosted(boost)).digest == result_of(boosted()).digest


def test_what_nobody_is_left_to_see_is_not_charged_and_said():
    result = result_of(boosted({"budget_cny": 100.0}))  # 5,000 impressions among 2,000 people
    shown = paid(result)
    assert 500 < shown < 2_000
    assert money(result)["cny"].sum() == pytest.approx(shown * PRICE / 1000)
    (warned,) = result.summary["warnings"]
    assert warned["code"] == "budget_unspent"
    left = 100 - shown * PRICE / 1000
    assert f"post 1 of main: {left:,.2f}".removesuffix(".00") in warned["text_en"]
    assert "nobody" in warned["text_en"]
    assert "「主号」第 1 条视频" in warned["text_zh"]
    assert "不计费用" in warned["text_zh"]


def test_a_run_that_ends_first_is_said():
    result = result_of(boosted({"budget_cny": 10.0, "start_hour": 46, "hours": 10}))
    assert paid(result) == 100
    assert "the run ended" in result.summary["warnings"][0]["text_en"]
    assert money(result)["cny"].sum() == pytest.approx(2.0)


def test_a_boost_waits_for_its_post():
    result = result_of(boosted({"budget_cny": 5.0, "start_hour": 0, "post": 1, "hours": 1}))
    hour = result.videos.filter(planned_by="main", post_number=1)["published_hour"].item()
    assert hour > 0
    assert paid(result, "hour").rows() == [(hour, 250)]


def test_several_boosts_of_an_account_spend_their_own_budgets():
    boosts = [
        {"budget_cny": 4.0},
        {"budget_cny": 6.0, "post": "一号#1"},
        {"budget_cny": 2.0, "post": "main#0"},
    ]
    result = result_of(boosted(*boosts, links__layout="single"))
    assert paid(result) == 600
    assert money(result)["cny"].sum() == pytest.approx(12.0)
    assert set(money(result)["account"]) == {"main"}


def test_creators_can_be_boosted_too():
    values = {"seeding__ratio": (0, 0, 0, 0, 0, 1), "seeding__window_h": 1, "audience__users": 20_000}
    result = result_of(boosted({"budget_cny": 2.0, "post": "amateur-001#0"}, **values))
    assert paid(result, "account").rows() == [("amateur-001", 100)]
    assert set(money(result)["account"]) == {"main"}


def test_a_creator_out_of_the_last_hour_is_said():
    values = {"seeding__ratio": (0, 0, 0, 0, 0, 1), "seeding__window_h": 9_999, "audience__users": 20_000}
    result = result_of(boosted({"budget_cny": 2.0, "post": "amateur-001#0"}, **values))
    assert paid(result) == 0
    assert "not out before the end" in result.summary["warnings"][0]["text_en"]


def test_hours_before_the_start_stay_though_the_platform_had_stopped_the_video():
    values = {
        "platform__pools": (60,),
        "platform__trickle": 0.0,
        "run__hours": 60,
        "content__rates__share": 0.3,
    }
    late = boosted({"account": "一号", "start_hour": 50, "budget_cny": 10.0}, **values)
    result, without = result_of(late), result_of(boosted(**values))
    before = pl.col("hour") < 50
    assert result.hourly.filter(before).equals(without.hourly.filter(before))
    assert without.videos.filter(planned_by="一号", post_number=0)["still_shown"].item() == 0
    assert paid(result) > 300


@pytest.mark.parametrize(
    ("boost", "said"),
    [
        ({"account": "nobody"}, "boosts.0.account = \"nobody\": 'nobody' is not an account; allowed: main"),
        ({"post": "nobody#0"}, "boosts.0.post = \"nobody#0\": 'nobody' is not an account; allowed: main"),
        ({"post": 2}, "post = 2: 'main' publishes at most 2 posts in 48 hours; allowed: from 0 to 1"),
        ({"post": "x"}, 'has the wrong form; allowed: text such as "3" or "main#3"'),
        ({"start_hour": 48}, "start_hour = 48: the run is over by then, run.hours = 48; allowed: a"),
        ({"budget_cny": -1.0}, "budget_cny = -1.0: is too small; allowed: a number from 0"),
        ({"cpm_cny": 0.0}, "cpm_cny = 0.0: is too small"),
        ({"hours": 0}, "hours = 0: is too small"),
        ({"budget": 3.0}, "did you mean budget_cny"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_key(boost, said):
    with pytest.raises(ScenarioError) as refused:
        boosted(boost)
    assert said in str(refused.value)


def test_ads_are_not_built_yet():
    with pytest.raises(ScenarioError, match=r"paid\.ads: not yet supported: feed ads"):
        Scenario.loads('name = "x"\n[[paid.ads]]\nbudget_cny = 5.0')


def test_a_post_may_be_written_as_a_number_and_reads_back():
    scenario = boosted({"post": 1, "budget_cny": 1.0})
    assert Scenario.loads(scenario.to_toml()) == scenario
    assert boosted({"post": "1", "budget_cny": 1.0}) == scenario


def test_a_scenario_tells_of_its_boosts():
    scenario = boosted({"budget_cny": 10.0}, {"budget_cny": 20.0}, {})
    assert "Boosts: 2 for 30 CNY in all, which buys 1,500 paid impressions." in explain(scenario)
    assert "付费加热：2 笔，合计 30 元，可购买 1,500 次付费曝光。" in explain(scenario, "zh")
    assert "Boosts" not in explain(boosted({}))


def test_a_boost_that_buys_nothing_is_noted():
    idle = boosted({}, {"budget_cny": 30.0}, {"budget_cny": PRICE / 2000})
    assert "so these boosts do nothing: paid.boosts.0, paid.boosts.2." in explain(idle)
    assert "不起作用：paid.boosts.0、paid.boosts.2。" in explain(idle, "zh")
    assert "do nothing" not in explain(boosted({"budget_cny": PRICE / 1000}))
    many = boosted(*({} for _ in range(7)))
    assert ", paid.boosts.4 and 2 more." in explain(many)
    assert "、paid.boosts.4等，另有 2 个。" in explain(many, "zh")
