"""The study: every world of a small one, and what is kept of a run is what its tables say."""

from contextlib import closing

import polars as pl
import pytest

from sim.experiment.replicate import run
from sim.simulation import Simulation
from sim.validity.facts import facts
from sim.validity.study import study, tasks
from sim.validity.watch import watched
from sim.validity.worlds import WORLDS, Size, mixed

TINY = Size(seeds=2, accounts=12, users=20_000, days=18)


def test_every_fact_is_measured_once_under_each_model():
    work = [task for task in tasks(TINY, ["pools", "score"]) if task.model]
    found = [(fact.id, task.model) for task in work for fact in task.facts]
    assert sorted(found) == sorted((fact.id, model) for fact in facts() for model in ("pools", "score"))
    assert all(plan.platform.model == task.model for task in work for plan in task.scenarios)


def test_a_pair_differs_in_one_thing():
    fans, more = WORLDS["fans"](TINY)
    assert {a.fans for a in fans.accounts} == {1_000}
    assert {a.fans for a in more.accounts} == {8_000}
    posts, busier = WORLDS["posts"](TINY)
    assert posts.accounts[0].posts_per_day * 4 == busier.accounts[0].posts_per_day


def test_a_small_study_gives_every_fact_a_finding_or_says_that_there_was_nothing():
    told: list[tuple[int, int]] = []
    found = study(TINY, ["score"], lambda done, whole: told.append((done, whole)))
    assert set(found.plain) == {(fact.id, "score") for fact in facts()}
    assert told[-1] == (len(told), len(told))
    assert all(cell is None or cell.low <= cell.mean <= cell.high for cell in found.plain.values())
    for name in ("sd", "gini", "recommended", "peak", "twins", "crowding"):
        assert found.plain[name, "score"] is not None
    assert set(found.controls) == {"uniform", "log_uniform", "ladder", "version_0"}


@pytest.fixture(scope="module")
def plan():
    return mixed(12, 20_000, 18).with_values({"sharing.open_probability": 0.3, "content.rates.share": 0.05})


@pytest.fixture(scope="module")
def sample(plan):
    with closing(Simulation(plan, 1)) as simulation:
        return watched(simulation, lambda: False)


def test_what_is_kept_of_a_run_is_what_its_tables_say(plan, sample):
    result = run(plan, 1)
    assert sample.videos["impressions"].sum() == result.summary["impressions"]
    assert sample.videos["shares"].sum() == result.summary["shares"]
    by_origin = dict(zip(sample.origins, sample.flow[:, :, 0].sum(axis=0).tolist(), strict=True))
    hourly = result.hourly.group_by("origin").agg(pl.col("impressions").sum())
    told = dict(hourly.filter(pl.col("impressions") > 0).iter_rows())
    assert {name: n for name, n in by_origin.items() if n} == told
    looked = sample.videos.filter(pl.col("published_hour") < plan.run.hours - 261)
    assert (looked["first_look"] <= looked["impressions"]).all()
    assert (sample.videos["day"] <= sample.videos["week"]).all() or sample.videos["week"].min() == 0


def test_shares_that_friends_passed_on_are_those_that_came_under_their_origin(sample):
    friends = sample.origins.index("friends")
    under = int(sample.flow[:, friends, 4].sum())
    assert under > 20
    assert sample.videos["passed_on"].sum() == pytest.approx(under, rel=0.05)
    assert (sample.videos["passed_on"] <= sample.videos["shares"]).all()
