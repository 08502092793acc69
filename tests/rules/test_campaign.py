"""Waves of a campaign (M9, K4): they move posts and make none; who is late is luck of the run."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.rules.campaign import dealt, hour_in_wave
from sim.scenario.explain import explain
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("M9", "K4")
WAVES = (
    {"name": "teaser", "start_hour": 6, "hours": 12, "accounts": ["main"], "topic": "food"},
    {"name": "all in", "start_hour": 30, "hours": 6},
)
HOURS = st.lists(st.integers(1, 500), min_size=1, max_size=5)


def posts(**values: object) -> list[tuple[str, int, int]]:
    rows = result_of(busy(run__hours=60, **values)).videos
    return sorted(rows.select("planned_by", "post_number", "published_hour").rows())


@given(st.integers(0, 200), HOURS)
def test_every_post_falls_into_a_wave_in_proportion_to_its_hours(count: int, hours: list[int]):
    found = dealt(count, hours)
    assert sum(found) == count
    assert all(abs(own - count * h / sum(hours)) < 1 for own, h in zip(found, hours, strict=True))


@given(st.integers(1, 50), st.floats(0, 1, exclude_max=True), st.integers(0, 100), st.integers(1, 100))
def test_posts_stay_within_their_wave_and_in_order(count: int, phase: float, start: int, hours: int):
    found = [hour_in_wave(k, count, phase, start, hours) for k in range(count)]
    assert found == sorted(found)
    assert start <= found[0] <= found[-1] < start + hours


def test_a_campaign_moves_posts_and_makes_none():
    before, moved = posts(), posts(campaign__phases=WAVES)
    assert Counter(name for name, _, _ in moved) == Counter(name for name, _, _ in before)
    for name, _, hour in moved:
        assert 30 <= hour < 36 or (name == "main" and 6 <= hour < 18)
    assert any(hour < 30 for _, _, hour in moved)


def test_who_takes_part_in_no_wave_posts_as_planned():
    moved = posts(campaign__phases=WAVES[:1])
    assert [row for row in moved if row[0] != "main"] == [row for row in posts() if row[0] != "main"]


def test_creators_post_in_their_wave():
    wave = {"name": "push", "start_hour": 20, "hours": 4, "accounts": ["junior"]}
    plan = {
        "seeding__ratio": (0, 0, 0, 0, 3, 5),
        "seeding__scale": 1.0,
        "seeding__market__no_show_share": 0.0,
    }
    rows = result_of(busy(run__hours=60, campaign__phases=(wave,), **plan)).videos
    hours = rows.filter(pl.col("planned_by").str.starts_with("junior"))["published_hour"].to_list()
    assert len(hours) == 3
    assert all(20 <= hour < 24 for hour in hours)


def test_a_wave_may_name_a_creator_whom_a_mix_does_not_book():
    wave = {"name": "push", "start_hour": 20, "hours": 4, "accounts": ["junior-001", "main"]}
    plan = {"run__hours": 60, "seeding__market__no_show_share": 0.0, "campaign__phases": (wave,)}
    booked, without = (
        set(result_of(busy(seeding__ratio=(0, 0, 0, 0, count, 0), **plan)).videos["planned_by"])
        for count in (1, 0)
    )
    assert "junior-001" in booked - without


def test_the_late_are_late_by_as_much_as_the_plan_says_and_the_same_in_every_plan():
    late = {"campaign__on_time": 0.0, "campaign__late_h": 10}
    on_time, delayed = posts(campaign__phases=WAVES[1:]), posts(campaign__phases=WAVES[1:], **late)
    assert [(name, n, hour + 10) for name, n, hour in on_time] == delayed
    some = posts(campaign__phases=WAVES[1:], **late | {"campaign__on_time": 0.5})
    assert set(some) <= set(on_time) | set(delayed)


def test_a_wave_joins_its_topic():
    # Hot from nine tenths of all posts: everybody on one topic gets there, each on his own does not.
    count = len(posts())
    heat = {"heat": True, "post_weight": 1_000, "threshold": 900 * count, "page_share": 0.1, "window_h": 60}
    wave = {"name": "challenge", "start_hour": 10, "hours": 4}
    plan = {
        "run__hours": 60,
        "links__layout": "none",
        **{f"topics__{key}": value for key, value in heat.items()},
    }
    seen = [
        result_of(busy(campaign__phases=(wave | more,), **plan))
        .hourly.filter(pl.col("origin") == "topic")
        .height
        for more in ({"topic": "music"}, {})
    ]
    assert seen[0] > seen[1] == 0


def money(*waves: dict[str, object], **values: object) -> tuple[int, set[str]]:
    """Fen spent on promotion, and who is shown for it."""
    result = result_of(busy(run__hours=60, links__layout="none", campaign__phases=waves, **values))
    spent = int(result.money.filter(pl.col("kind") == "boosts")["cny"].sum() * 100 + 0.5)
    paid = result.hourly.filter((pl.col("origin") == "paid") & (pl.col("impressions") > 0))
    return spent, set(paid["account"])


def test_a_wave_promotes_its_own_posts():
    teaser = WAVES[0] | {"budget_cny": 20.0}
    assert money(teaser, WAVES[1]) == (2000, {"main"})
    assert money(teaser | {"budget_cny": 0.0}, WAVES[1]) == (0, set())


def test_a_wave_without_posts_promotes_the_earlier_ones_with_its_topic():
    push = {"name": "push", "start_hour": 40, "hours": 6, "accounts": [], "budget_cny": 20.0}
    assert money(*WAVES, push | {"topic": "food"}) == (2000, {"main"})
    spent, shown = money(*WAVES, push)
    assert 1960 <= spent <= 2000  # each post's part is whole impressions
    assert len(shown) > 1


def test_what_a_wave_does_not_spend_is_said_in_one_sum():
    late = {"campaign__on_time": 0.0, "campaign__late_h": 10}
    wave = WAVES[1] | {"budget_cny": 20.0}
    assert money(wave, **late) == (0, set())
    result = result_of(busy(run__hours=60, links__layout="none", campaign__phases=(wave,), **late))
    [said] = [row for row in result.summary["warnings"] if row["code"] == "budget_unspent"]
    assert "20 of 20 CNY were not spent" in said["text_en"]


def test_a_wave_spends_no_fen_more_than_its_budget_however_many_posts_share_it():
    # Cheap enough that each fen buys whole impressions; 0.05 CNY are less than a fen for each of them.
    for budget in (0.05, 2.0):
        wave = WAVES[1] | {"budget_cny": budget}
        spent, _ = money(wave, campaign__cpm_cny=0.01)
        assert 0 < spent <= 100 * budget


def test_a_budget_for_no_post_is_said_not_to_be_charged():
    wave = {"name": "stars", "start_hour": 6, "hours": 12, "accounts": ["star"], "budget_cny": 50.0}
    assert money(wave) == (0, set())
    result = result_of(busy(run__hours=60, links__layout="none", campaign__phases=(wave,)))
    [said] = [row for row in result.summary["warnings"] if row["code"] == "budget_unspent"]
    assert said["text_en"].startswith("Promotion of the wave stars: there is no post")


def test_waves_do_without_an_account_that_stops():
    push = {"name": "push", "start_hour": 40, "hours": 6, "accounts": [], "budget_cny": 20.0, "topic": "food"}
    campaign = busy(run__hours=60, campaign__phases=(*WAVES, push)).campaign
    assert [phase.name for phase in campaign.without("main")] == ["all in"]
    assert campaign.without("nobody") == campaign.phases


@pytest.mark.parametrize(
    ("wave", "said"),
    [
        ({"accounts": ["nobody"]}, "campaign.phases.0.accounts = [\"nobody\"]: 'nobody' is nobody"),
        ({"topic": "chess"}, "campaign.phases.0.topic = \"chess\": 'chess' is no topic"),
        ({"start_hour": 60}, "campaign.phases.0.start_hour = 60: the run is over by then"),
        ({"hours": 0}, "hours"),
        ({"accounts": []}, "campaign.phases.0.accounts = []: nobody posts in it; then it needs a budget_cny"),
        ({"accounts": [], "budget_cny": 9.0}, "another wave that it promotes"),
    ],
)
def test_what_is_wrong_is_said(wave: dict[str, object], said: str):
    with pytest.raises(ScenarioError, match="campaign") as error:
        busy(run__hours=60, campaign__phases=({"name": "x", "start_hour": 0} | wave,))
    assert said in str(error.value)


def test_a_campaign_is_told():
    told = explain(busy(run__hours=60, campaign__phases=WAVES), "en")
    assert "teaser from hour 6 for 12 h" in told


def test_a_wave_whose_budget_buys_nothing_is_noted():
    waves = ({"name": "a", "start_hour": 0}, {"name": "b", "start_hour": 1, "budget_cny": 0.019})
    idle = busy(campaign__phases=waves)
    assert "so it promotes nothing in these waves: campaign.phases.1." in explain(idle)
    assert "以下波次的预算（budget_cny）不够购买一次曝光，不起作用：campaign.phases.1。" in explain(
        idle, "zh"
    )
    waves[1]["budget_cny"] = 0.02
    assert "promotes nothing" not in explain(busy(campaign__phases=waves))


@pytest.mark.parametrize(
    ("hours", "per_day", "waves", "most"),
    [
        (168, 1.0, [(24 * k + 4, 1) for k in range(7)], None),  # a wave a day
        (168, 1.0, [(0, 1)], 7),
        (168, 2.0, [(0, 24)], 14),
        (168, 2.0, [(0, 84)], 4),
        (168, 2.0, [(0, 130)], None),
        (168, 1.0, [(0, 168)] + [(0, 24)] * 20, 6),
        (168, 1.0, [(144, 720)], None),  # one of seven comes out
        (48, 3.0, [(24, 48)], None),
    ],
)
def test_waves_that_crowd_the_posts_of_an_account_are_noted(hours, per_day, waves, most):
    phases = [{"name": str(k), "start_hour": at, "hours": n} for k, (at, n) in enumerate(waves)]
    accounts = [
        {"id": "main", "role": "main", "posts_per_day": per_day},
        {"id": "idle", "role": "sub", "posts_per_day": 0.0},
    ]
    told = explain(busy(run__hours=hours, accounts=accounts, campaign__phases=phases))
    said = f"main posts only in its waves: up to {most} within 24 h in place of {per_day:g} a day."
    assert (said in told) is (most is not None)
    assert ("posts only in its waves" in told) is (most is not None)
    long = any(at + n > hours for at, n in waves)
    assert ("these waves go on beyond it: 0." in told) is long
