"""K, creators: tiers, seeding, and what their impressions move."""

from collections import Counter

import numpy as np
import polars as pl
import pytest

from sim.model import MatrixModel
from sim.rules.brand import AWARE, STAGES, UNAWARE, stage_row
from tests.refresh import busy, result_of
from tests.systems.worlds import FREE, QUIET, TIERS, near, paired, seeded


@pytest.mark.system("K1")
def test_tiers_differ_in_fans_price_and_first_pool():
    # Nobody is promoted and nothing trickles: what is shown is the first pool.
    one_pool = {"platform__pools": (350, 3_000), "platform__pass_share": (0.001,), "platform__trickle": 0.0}
    scenario = seeded((1,) * 6, sharing__open_probability=0.0, run__hours=72, **QUIET, **one_pool)
    result = result_of(scenario)
    rows = {
        row["tier"]: row for row in result.accounts.filter(pl.col("role") == "creator").iter_rows(named=True)
    }
    assert tuple(rows) == TIERS
    for tier, row in rows.items():
        assert row["posts"] == 1
        assert row["cost_cny"] == scenario.seeding.price_cny(tier)
    whole = pl.col("impressions") + pl.col("outside_impressions")
    shown = dict(result.videos.with_columns(whole=whole).select("account", "whole").rows())
    first = [shown[f"{tier}-001"] for tier in TIERS]
    assert first == sorted(first, reverse=True)
    assert first[0] > 50 * first[-1]  # ten thousand times the fans, to the power 0.5


@pytest.mark.system("K1")
@pytest.mark.parametrize(("fans", "fit"), [(10_000_000, 0.005), (1_000_000, 0.1), (10_000_000, 1e-5)])
def test_fans_inside_are_fans_times_fit_and_no_more_than_people(fans, fit):
    tiers = {"amateur": {"fans": fans, "audience_fit": fit}}
    creator = (
        result_of(seeded((0, 0, 0, 0, 0, 1), seeding__tiers=tiers))
        .accounts.filter(role="creator")
        .row(0, named=True)
    )
    assert creator["fans_start"] == round(fans * fit) <= 100_000
    assert creator["fans_end"] == creator["fans_start"] + creator["follows"] - creator["unfollows"]


# Nobody is promoted and nothing trickles: what is shown is the first pool.
FIRST_POOL_ONLY = {
    "platform__pools": (350, 3_000), "platform__pass_share": (0.001,), "platform__trickle": 0.0,
    "sharing__open_probability": 0.0, "run__hours": 72, **QUIET,
}  # fmt: skip


@pytest.mark.system("K8")
@pytest.mark.parametrize("fit", [0.0, 0.02, 1.0])
def test_fit_acts_on_the_fans_part_only(fit):
    tiers = {"head": {"fans": 50_000, "audience_fit": fit}}
    result = result_of(seeded((0, 0, 1, 0, 0, 0), seeding__tiers=tiers, **FIRST_POOL_ONLY))
    video = result.videos.filter(pl.col("account") == "head-001").row(0, named=True)
    by_origin = dict(
        result.hourly.filter(pl.col("account") == "head-001")
        .group_by("origin")
        .agg(pl.sum("impressions"))
        .rows()
    )
    inside = by_origin.get("fans", 0)
    fans_part = video["outside_impressions"] + inside
    assert near(inside, fit * fans_part) or inside == fit * fans_part
    share = seeded((1,) * 6).platform.fan_share
    assert fans_part / (fans_part + by_origin["recommend"]) == pytest.approx(share, rel=0.1)
    assert result.summary["impressions"] == result.hourly["impressions"].sum()


@pytest.mark.system("K8")
@pytest.mark.parametrize("creators", [(), (0, 0, 1, 0, 0, 0)])
def test_recommended_impressions_are_inside_by_one_share_own_or_bought(creators):
    def parts(share: float) -> tuple[int, int]:
        tiers = {"head": {"fans": 50_000, "audience_fit": 1.0}}
        settings = FIRST_POOL_ONLY | {"platform__inside_share": share}
        videos = result_of(seeded(creators, seeding__tiers=tiers, **settings)).videos
        author = "head-001" if creators else "main"
        found = videos.filter(pl.col("account") == author)
        return found["impressions"].sum(), found["outside_impressions"].sum()

    whole, none_outside = parts(1.0)
    inside, outside = parts(0.25)
    assert none_outside == 0
    assert inside + outside == pytest.approx(whole, rel=0.02)
    assert outside == pytest.approx(
        0.75 * 0.7 * whole, rel=0.1
    )  # all but the fans' part, 0.3 where there are as many


@pytest.mark.system("P3")
def test_own_fans_lift_the_first_pool_by_the_causal_power_and_creators_by_their_own():
    keys = seeded((0, 0, 1, 0, 0, 0)).platform
    assert (keys.fan_power("main"), keys.fan_power("sub")) == (keys.own_fan_power,) * 2
    assert keys.fan_power("creator") == keys.creator_fan_power
    many, few = 30_000, 300

    def shown(role: str, fans: int, **powers: float) -> int:
        tiers = {"head": {"fans": fans, "audience_fit": 1.0}}
        accounts = (
            {"id": "main", "role": "main", "fans": fans if role == "main" else 0, "posts_per_day": 1.0},
        )
        settings = FIRST_POOL_ONLY | {f"platform__{key}": power for key, power in powers.items()}
        creators = (0, 0, 1, 0, 0, 0) if role == "creator" else ()
        scenario = seeded(creators, seeding__tiers=tiers, accounts=accounts, **settings)
        author = "head-001" if role == "creator" else "main"
        return result_of(scenario).videos.filter(pl.col("account") == author)["impressions"].sum()

    for role in ("main", "creator"):
        key = "creator_fan_power" if role == "creator" else "own_fan_power"
        other = "own_fan_power" if role == "creator" else "creator_fan_power"
        assert shown(role, many, **{key: 0.5}) / shown(role, few, **{key: 0.5}) == pytest.approx(
            50.5**0.5, rel=0.05
        )
        assert shown(role, many, **{other: 0.9}) == shown(role, many)


@pytest.mark.system("K1")
def test_first_pool_is_as_large_whatever_share_of_it_goes_to_fans():
    def shown(share: float) -> int:
        tiers = {"amateur": {"audience_fit": 0.1}}
        one_pool = {
            "platform__pools": (350, 3_000),
            "platform__pass_share": (0.001,),
            "platform__trickle": 0.0,
        }
        scenario = seeded(
            (0, 0, 0, 0, 0, 1),
            seeding__tiers=tiers,
            platform__fan_share=share,
            run__hours=72,
            sharing__open_probability=0.0,
            **QUIET,
            **one_pool,
        )
        row = result_of(scenario).videos.filter(pl.col("account") == "amateur-001").row(0, named=True)
        return row["impressions"] + row["outside_impressions"]

    assert shown(0.5) == pytest.approx(shown(0.0), rel=0.1)


@pytest.mark.system("K1")
def test_tiers_carry_awareness_and_trust_of_their_own():
    model = MatrixModel(seeded((1, 0, 0, 0, 0, 1)), rng=1)
    run_state, table = model.run_state, model.plan.seeding.tiers
    accounts = run_state.accounts
    number = {row.tier: k for k, row in enumerate(accounts.rows)}
    star, amateur, own = number["star"], number["amateur"], number[None]
    moves = accounts.moves[:, [int(stage_row(stage, 0)) for stage in range(4)]]
    assert moves[star, UNAWARE] / moves[own, UNAWARE] == pytest.approx(table["star"].awareness)
    assert moves[amateur, AWARE:] / moves[own, AWARE:] == pytest.approx(table["amateur"].trust)
    gained = accounts.trust_gain
    assert gained[star] < gained[own] < gained[amateur]


@pytest.mark.system("K2")
def test_larger_ratio_contains_the_smaller():
    small, large = (
        {
            row["account"]: row
            for row in result_of(seeded(ratio), 3).videos.iter_rows(named=True)
            if "-0" in row["account"]
        }
        for ratio in ((0, 0, 1, 0, 2, 3), (0, 0, 1, 1, 4, 6))
    )
    assert set(small) < set(large)
    assert all(large[name]["published_hour"] == row["published_hour"] for name, row in small.items())
    tiers = Counter(name.rpartition("-")[0] for name in large)
    assert tiers == {"head": 1, "waist": 1, "junior": 4, "amateur": 6}


@pytest.mark.system("K2")
def test_creators_of_a_smaller_ratio_keep_their_luck_in_a_larger():
    # Where people do not tire and gain nothing but what they see (see invariant 4).
    calm = {
        "brand__order_probability": 0.0,
        "links__mention_probability": 0.0,
        "sharing__open_probability": 0.0,
        **FREE,
    }
    small, large = (
        result_of(seeded(ratio, **calm), 3).videos for ratio in ((0, 0, 1, 0, 2, 3), (0, 0, 1, 1, 4, 6))
    )
    kept = large.filter(pl.col("account").is_in(small["account"].implode()))
    assert kept.sort("account", "post_number").equals(small.sort("account", "post_number"))


@pytest.mark.system("K2")
@pytest.mark.parametrize("budget", [0.0, 150.0, 9_999.0, 77_777.0])
def test_budget_wins_over_the_scale(budget):
    result = result_of(seeded((0, 0, 1, 2, 10, 20), seeding__scale=50.0, seeding__budget_cny=budget))
    spent = result.accounts.filter(pl.col("role") == "creator")["cost_cny"].sum()
    assert spent <= budget
    assert (spent > 0) == (budget > 200)


@pytest.mark.system("K2")
def test_each_creator_points_to_the_main_account():
    result = result_of(seeded((0, 0, 0, 2, 6, 6)))
    flows = result.flows
    assert set(flows["channel"]) == {"mention"}
    assert set(flows["to"]) == {"main"}
    assert flows.height == 14
    assert flows["visits"].sum() > 0


@pytest.mark.system("K3")
def test_people_move_through_the_stages():
    model = MatrixModel(busy(brand__order_probability=0.3, brand__repeat_probability=0.3, **FREE), rng=1)
    shares = []
    while model.running:
        model.advance()
        model.running = model.run_state.hour < 72
        counts = np.bincount(model.users.array("stage"), minlength=5)
        shares.append(counts[::-1].cumsum()[::-1])  # people at a stage or beyond
    shares = np.array(shares)
    assert len(STAGES) == 5
    assert (np.diff(shares, axis=0) >= 0).all()  # nobody goes back
    assert (np.diff(shares, axis=1) <= 0).all()
    assert (shares[-1] > 0).all()


@pytest.mark.system("K3")
def test_trust_lifts_interest_and_orders():
    none, plenty = (
        busy(links__layout="none", brand__trust_gain=0.5, brand__trust_lift=lift, **FREE)
        for lift in (0.0, 6.0)
    )
    mean, error = paired(none, plenty, "orders", range(16))
    assert mean > 3 * error


@pytest.mark.system("K3")
def test_trust_fades_without_a_touch():
    lasting, fleeting = (
        MatrixModel(
            busy(links__layout="none", brand__trust_gain=0.5, brand__trust_half_life_days=days), rng=1
        )
        for days in (500.0, 0.3)
    )
    for model in (lasting, fleeting):
        model.finish()
    assert fleeting.users.agg("trust", np.mean) < 0.8 * lasting.users.agg("trust", np.mean)


@pytest.mark.system("K3")
@pytest.mark.parametrize(("key", "moved"), [("awareness", 1), ("trust", 2)])
def test_sources_differ_in_what_they_move(key, moved):
    def people(value: float) -> float:
        tiers = {"junior": {"trust": 1.0, "awareness": 1.0, key: value, "audience_fit": 1.0, "fans": 1_000}}
        found = []
        for seed in range(6):
            model = MatrixModel(
                seeded(
                    (0, 0, 0, 0, 12, 0), audience__users=5_000, seeding__tiers=tiers, seeding__window_h=12
                ),
                rng=seed,
            )
            model.finish()
            stage = model.users.array("stage")
            found.append((stage >= moved).sum() / max(1, (stage >= moved - 1).sum()))
        return float(np.mean(found))

    assert people(3.0) > 1.15 * people(0.5)
