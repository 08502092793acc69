import dataclasses
import json
from pathlib import Path

import pytest

from sim.analysis.reasons import WHY_SEEDS
from sim.app.jobs.limit import LIMIT, refuse_beyond_limit
from sim.app.jobs.questions import (
    ACCOUNT_SEEDS,
    ACCOUNTS,
    DRAWS,
    WAYS,
    Budgeting,
    Counting,
    Doubting,
    Explaining,
    Reviewing,
    request_of,
)
from sim.app.jobs.request import FIRST, Request, Running, audiences, plan_of
from sim.app.jobs.variants import laid_out
from sim.errors import RunError, ScenarioError, UsageError
from sim.experiment.accounts import structures_of
from sim.experiment.review import variants
from sim.experiment.why import runs_of
from sim.scenario.shipped import shipped


def test_what_changes_an_answer_changes_its_key() -> None:
    others = [
        dataclasses.replace(FIRST, scenario="same_content"),
        dataclasses.replace(FIRST, users=100_000),
        dataclasses.replace(FIRST, variants=laid_out(("none", "star"))),
        dataclasses.replace(FIRST, seeds=8),
    ]
    assert len({request.key() for request in (FIRST, *others)}) == 5
    assert dataclasses.replace(FIRST).key() == FIRST.key()


@pytest.mark.parametrize(
    "request_",
    [
        FIRST,
        Running("classroom", None, 3, '{"links.layout": "ring"}'),
        Explaining("classroom", None, laid_out(("star", "none")), WHY_SEEDS, "orders"),
        Doubting("classroom", None, laid_out(("star", "none")), DRAWS),
        Budgeting("classroom", None, "orders", (5_000, 10_000)),
        Counting("classroom", None, "profit", '{"links.layout": "star"}'),
        Reviewing("classroom", None, "profit", ("one", "two")),
    ],
)
def test_a_request_survives_a_json_file(request_: Request) -> None:
    assert request_of(json.loads(json.dumps(request_.as_dict()))) == request_


def test_looks_end_with_what_was_asked() -> None:
    assert [look.seeds for look in FIRST.looks()] == [2, 8, 16]
    assert FIRST.looks()[-1] is FIRST
    assert [look.seeds for look in dataclasses.replace(FIRST, seeds=2).looks()] == [2]
    assert [look.urgent for look in FIRST.looks()] == [True, False, False]


@pytest.mark.parametrize(("layouts", "baselines"), [(("star", "none"), 1), (("mesh", "none"), 2)])
def test_an_explanation_knows_its_runs_beforehand(layouts: tuple[str, str], baselines: int) -> None:
    """The classroom is written as a star: a comparison without it is held against the plan as written too."""
    asked = Explaining("classroom", None, laid_out(layouts), WHY_SEEDS, "reach")
    assert [name for name, _ in asked.against] == ["runner_up", "written"][:baselines]
    assert asked.runs == runs_of(baselines)


def test_a_curve_of_budgets_and_one_of_accounts_know_their_most_runs_beforehand() -> None:
    asked = Budgeting("classroom", None, "orders", (5_000, 10_000))
    assert asked.runs == 2 * ((12 + 1) * 4 + 29 * 8) + 8
    assert not asked.urgent
    counting, plan = Counting("classroom", None, "profit"), plan_of("classroom")
    structures = {name for way in WAYS for name in structures_of(plan, way, ACCOUNTS).values()}
    assert len(structures) * ACCOUNT_SEEDS <= counting.runs
    subs = tuple(account.id for account in plan.accounts if account.role == "sub")
    assert Reviewing("classroom", None, "profit", subs).runs == len(variants(plan)) * ACCOUNT_SEEDS


def test_a_host_can_limit_what_one_computation_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    small = dataclasses.replace(FIRST, scenario="classroom", users=2_000, seeds=2)
    size = 2_000 * small.plan().run.hours * small.runs
    monkeypatch.setenv(LIMIT, str(size))
    refuse_beyond_limit(small)
    monkeypatch.setenv(LIMIT, str(size - 1))
    with pytest.raises(RunError, match=f"this server allows {size - 1:,}"):
        refuse_beyond_limit(small)
    monkeypatch.setenv(LIMIT, "much")
    with pytest.raises(RunError, match="no whole number"):
        refuse_beyond_limit(small)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "scenarios/classroom.toml",
        "nothing",
        "my-../../etc/passwd",
        "my-0",
    ],
)
def test_no_path_can_be_named(name: str) -> None:
    with pytest.raises(UsageError, match="unknown"):
        plan_of(name)


def test_a_file_in_the_working_folder_is_not_taken_for_a_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classroom").write_text('name = "mine"', encoding="utf-8")
    plan_of.cache_clear()
    assert plan_of("classroom").name != "mine"


def test_an_audience_smaller_than_the_fans_is_refused_and_not_offered() -> None:
    with pytest.raises(ScenarioError):
        plan_of("beauty_matrix", 10_000)
    assert 10_000 not in audiences("beauty_matrix")
    assert 100_000 in audiences("beauty_matrix")


@pytest.mark.parametrize("name", list(shipped()))
def test_every_shipped_scenario_opens_with_an_audience_that_it_can_have(name: str) -> None:
    assert plan_of(name).audience.users in audiences(name)
