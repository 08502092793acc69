import dataclasses
from pathlib import Path

import pytest

from sim.app.request import FIRST, Request, audiences, first_audience, plan_of
from sim.errors import ScenarioError, UsageError
from sim.scenario.shipped import shipped


def test_what_changes_an_answer_changes_its_key() -> None:
    others = [
        dataclasses.replace(FIRST, scenario="same_content"),
        dataclasses.replace(FIRST, users=200_000),
        dataclasses.replace(FIRST, layouts=("none", "star")),
        dataclasses.replace(FIRST, seeds=8),
    ]
    assert len({request.key() for request in (FIRST, *others)}) == 5
    assert dataclasses.replace(FIRST).key() == FIRST.key()


def test_a_request_survives_a_json_file() -> None:
    assert Request.from_dict(FIRST.as_dict()) == FIRST


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "/etc/passwd", "scenarios/classroom.toml", "nothing"]
)
def test_only_shipped_scenarios_can_be_named(name: str) -> None:
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
    assert first_audience(name) in audiences(name)
    assert plan_of(name).audience.users in audiences(name)
    assert first_audience(name) <= plan_of(name).audience.users
