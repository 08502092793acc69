"""Enforcement (X6): what gives a matrix away is found out at a rate, and costs health, posts and reach."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.compare import compare
from sim.mechanisms.enforcement import RELATIONS, Enforcement
from sim.platform.protocol import Throughout
from sim.report.comparison import comparison_report
from sim.report.folder import RunFiles, opened
from sim.report.page import html
from sim.report.run import run_report
from sim.rules.enforcement import detection_probability, points_after, rate, shown_share
from sim.simulation import Simulation
from sim.world.board import IMPRESSIONS, JUDGED, TO_FANS
from tests.refresh import result_of
from tests.rules.opened import alone, first_exposures

pytestmark = pytest.mark.system("X6")
SHARES = st.floats(0.0, 1.0)
EVEN = (1.0, 1.0, 1.0)
SMALL = {"platform__pools": (20,), "audience__users": 200}


def matrix(count: int = 3, **account: object) -> list[dict[str, object]]:
    return [
        {"id": f"a{k}", "role": "sub" if k else "main", "posts_per_day": 1.0, **account} for k in range(count)
    ]


@given(SHARES, SHARES, SHARES)
def test_signals_are_weighed(relation: float, similarity: float, synchrony: float):
    found = rate(relation, similarity, synchrony, EVEN)
    assert 0.0 <= found <= 1.0
    assert rate(relation, similarity, synchrony, (2.0, 0.0, 0.0)) == pytest.approx(relation)
    assert rate(1.0, similarity, synchrony, EVEN) >= found


def test_a_month_of_days_finds_what_the_hazard_says():
    assert 30 * detection_probability(2.0, 0.5) == pytest.approx(1.0, rel=0.02)
    assert detection_probability(0.0, 1.0) == detection_probability(5.0, 0.0) == 0.0


def test_points_fall_with_violations_and_come_back_on_clean_days():
    assert points_after(100.0, 1, 10.0, 0.5) == 90.0
    assert points_after(90.0, 0, 10.0, 0.5) == 90.5
    assert points_after(5.0, 2, 10.0, 0.5) == 0.0
    assert points_after(99.8, 0, 10.0, 0.5) == 100.0


def test_each_band_below_seventy_takes_its_part_and_no_points_take_all():
    found = [shown_share(points, 0.3) for points in (100, 70, 69, 50, 49, 20, 19, 1, 0)]
    assert found == pytest.approx([1, 1, 0.7, 0.7, 0.49, 0.49, 0.343, 0.343, 0])


def expected(layout: str, channels: tuple[str, ...] = RELATIONS, **account: object) -> dict:
    scenario = alone(
        "looked at", matrix(**account), **SMALL, links__layout=layout, links__channels=channels,
        enforcement__hazard=1.0, run__hours=96,
    )  # fmt: skip
    return result_of(scenario).summary["violations_expected"]


def test_denser_links_are_found_out_more_and_reposts_are_not():
    none, star, mesh = (expected(layout)["relation"] for layout in ("none", "star", "mesh"))
    assert none == 0.0
    assert none < star < mesh
    assert expected("mesh", ("repost",))["relation"] == 0.0


def test_the_same_content_is_found_out_and_ones_own_is_not():
    assert expected("none")["similarity"] == 0.0
    assert expected("none", material="film")["similarity"] > 0.0


def test_expected_violations_are_what_is_found_on_average():
    plan = alone("often", matrix(), **SMALL, links__layout="mesh", enforcement__hazard=10.0, run__hours=120)
    found, said = [], 0.0
    for seed in range(60):
        result = result_of(plan, seed)
        measures = result.tables.get("measures")
        found.append(0 if measures is None else int(measures["value"].sum()))
        said = sum(result.summary["violations_expected"].values())
    assert said > 1.0
    assert abs(np.mean(found) - said) < 3 * math.sqrt(said / len(found))


CLOSED = alone("closed", matrix(), links__layout="mesh", enforcement__hazard=1000.0,
               enforcement__points=100.0, run__hours=96)  # fmt: skip


def test_an_account_without_health_is_shown_to_nobody_and_its_posts_are_said():
    started, result = first_exposures(CLOSED), result_of(CLOSED)
    assert all(started[f"a{k}", 0] > 0 for k in range(3))
    assert all(started[f"a{k}", 3] == 0 for k in range(3))
    assert set(result.summary["health"].values()) == {0.0}
    assert any(warning["code"] == "posts_capped" for warning in result.summary["warnings"])


def test_below_seventy_points_one_post_a_day_is_shown():
    plan = alone("capped", matrix(posts_per_day=3.0), links__layout="mesh", enforcement__hazard=1000.0,
                 enforcement__points=40.0, enforcement__won_back=0.0, enforcement__cut=0.5,
                 run__hours=48)  # fmt: skip
    simulation, days = Simulation(plan, 1), dict[int, list[int]]()
    try:
        while simulation.running:
            before = simulation.state.videos.size
            simulation.advance()
            run = simulation.state
            new = run.videos.rows[before:], run.platform.state["whole"][before:]
            for video, whole in zip(*new, strict=True):
                if video["hour"] >= 24:
                    days.setdefault(int(video["author"]), []).append(int(whole))
    finally:
        simulation.close()
    assert len(days) == 3
    assert all(sorted(found) == [0, 0, 50_000] for found in days.values())


def test_plans_share_the_luck_of_being_looked_at():
    mesh = alone("shared", matrix(), **SMALL, links__layout="mesh", enforcement__hazard=20.0, run__hours=240)
    star = mesh.with_values({"links.layout": "star"})
    thin, dense = (
        set(result_of(plan, 3).tables["measures"].select("hour", "account").rows()) for plan in (star, mesh)
    )
    assert thin < dense  # whatever is found at a thin matrix is found at a dense one


@pytest.mark.parametrize("model", ["pools", "score"])
def test_an_account_that_was_limited_before_a_post_comes_out_has_its_cut_once(model: str):
    plan = alone("limited", matrix(1), enforcement__hazard=1e-9, enforcement__won_back=0.0,
                 enforcement__cut=0.5, platform__model=model, platform__pools=(400, 4_000),
                 audience__users=20_000, run__hours=36)  # fmt: skip
    shown = {}
    for points in (100.0, 60.0):
        simulation = Simulation(plan, 1)
        (look,) = (m for m in simulation.state.mechanisms if isinstance(m, Enforcement))
        look.points[:] = points
        try:
            while simulation.running:
                simulation.advance()
                opened = simulation.state.videos.rows["hour"][:1]
                if opened.size and simulation.state.hour == opened[0] + 3:
                    tally = simulation.state.tally.videos[:, JUDGED, IMPRESSIONS]
                    shown[points] = int(tally.sum())
        finally:
            simulation.close()
    assert shown[60.0] / shown[100.0] == pytest.approx(0.5, rel=0.05)  # at a quarter it was cut twice


def test_what_was_out_before_its_account_was_limited_is_slowed_by_what_has_changed():
    exposure = Throughout()
    first = exposure.standing(np.array([0.5, 0.0]))
    assert (first.first.tolist(), first.quota_factor.tolist()) == ([0.5, 0.0], [1.0, 0.0])
    later = exposure.standing(np.array([0.25, 1.0, 1.0]))
    assert later.quota_factor.tolist() == [0.5, 0.0, 1.0]
    assert later.first[2] == 1.0


def test_what_was_to_be_expected_is_told_by_kind_of_link_and_by_post():
    plan = alone("whose", matrix(material="film"), **SMALL, links__layout="mesh", run__hours=96,
                 links__channels=("follow", "comment", "cocreation"), enforcement__hazard=5.0)  # fmt: skip
    summary = result_of(plan).summary
    expected, kinds = summary["violations_expected"], summary["relations_expected"]
    assert kinds["follow"] == pytest.approx(kinds["comment"])
    assert sum(kinds.values()) == pytest.approx(expected["relation"], abs=1e-3)
    assert set(kinds) == set(RELATIONS)
    assert kinds["like"] == kinds["mention"] == 0.0
    risky = {post["post"]: post["expected"] for post in summary["riskiest_posts"]}
    assert 0.0 < sum(risky.values()) <= expected["similarity"] + expected["synchrony"] + 1e-3
    posts = {f"{a}#{n}" for a, n in result_of(plan).videos.select("planned_by", "post_number").rows()}
    assert set(risky) <= posts


def test_what_is_withheld_is_what_a_cut_takes():
    plan = alone("withheld", matrix(1), enforcement__hazard=1e-9, enforcement__won_back=0.0,
                 enforcement__cut=0.5, platform__pools=(400,), audience__users=20_000,
                 run__hours=36)  # fmt: skip
    simulation = Simulation(plan, 1)
    (look,) = (m for m in simulation.state.mechanisms if isinstance(m, Enforcement))
    look.points[:] = 60.0
    try:
        while simulation.running:
            simulation.advance()
        summary, tally = simulation.summary(), simulation.state.tally.videos
    finally:
        simulation.close()
    shown = int(tally[:, [JUDGED, TO_FANS], IMPRESSIONS].sum())
    assert summary["impressions_withheld"] == shown > 0  # a half is shown, a half is not
    assert summary["posts_capped"] == 0


def test_a_comparison_tells_what_is_lost_beside_the_same_plan_where_nothing_is_found_out():
    looked = alone("looked at", matrix(), links__layout="mesh", platform__pools=(400,), run__hours=72,
                   enforcement__hazard=300.0, enforcement__points=100.0)  # fmt: skip
    free = looked.with_values({"name": "free", "enforcement.hazard": 0.0})
    found = compare([looked, free], seeds=3, workers=1)
    risky, none = found.risks
    assert none is None
    assert risky is not None
    by_hand = [
        result_of(free, seed).summary["reach"] - result_of(looked, seed).summary["reach"]
        for seed in (1, 2, 3)
    ]
    assert risky.losses["reach"].mean == pytest.approx(np.mean(by_hand))
    assert risky.losses["reach"].mean > 0
    told = found.as_dict()["variants"]
    assert told[0]["risk"]["violations"]["relation"] > 0
    assert "risk" not in told[1]
    alone_ = compare([looked, looked.with_values({"name": "b", "run.hours": 48})], seeds=2, workers=1)
    assert all(risk is not None and not risk.losses for risk in alone_.risks)


def page(folder: Path, language: str) -> str:
    found = opened(folder)
    told = run_report if isinstance(found, RunFiles) else comparison_report
    return html(told(found, language))  # type: ignore[operator]


def test_the_reports_tell_of_it_where_it_is_on(tmp_path):
    looked = alone("looked at", matrix(material="film"), links__layout="mesh", platform__pools=(100,),
                   run__hours=48, enforcement__hazard=30.0)  # fmt: skip
    free = looked.with_values({"name": "free", "enforcement.hazard": 0.0})
    compare([looked, free], seeds=2, workers=1).write(tmp_path / "compared")
    result_of(looked).write(tmp_path / "looked")
    result_of(free).write(tmp_path / "free")
    pages = {
        (name, language): page(tmp_path / name, language)
        for name in ("compared", "looked", "free")
        for language in ("en", "zh")
    }
    for name in ("compared", "looked"):
        assert "Links between sisters" in pages[name, "en"]
        assert "兄弟账号之间的联动" in pages[name, "zh"]
    assert "Lost: Reach" in pages["compared", "en"]
    assert "Links: @ mention" in pages["looked", "en"]
    assert "Links between sisters" not in pages["free", "en"]
