import tomllib
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import shipped
from sim.scenario.layouts import edges
from sim.scenario.schema import Scenario
from sim.scenario.seeding import tier_counts

NAMES = (
    "beauty_matrix", "classroom", "creator_launch", "food", "local_services", "same_content",
    "seeding_pyramid", "three_lines",
)  # fmt: skip


def test_eight_scenarios_ship() -> None:
    assert set(NAMES) <= set(shipped.shipped())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_valid_and_under_60_lines(name: str) -> None:
    lines = shipped.resolve(name).read_text(encoding="utf-8").splitlines()
    assert Scenario.load(name).name
    assert len(lines) < 60
    assert lines[0].startswith("# ")


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_writes_only_what_differs_from_the_defaults(name: str) -> None:
    data = tomllib.loads(shipped.resolve(name).read_text(encoding="utf-8"))
    defaults = Scenario(name="defaults").model_dump()
    account = Scenario(name="defaults").accounts[1].model_dump()
    for row in data.pop("accounts"):
        assert {key: value for key, value in row.items() if value == account.get(key)} == {}
    for section, values in data.items():
        if isinstance(values, dict):
            assert [key for key, value in values.items() if value == defaults[section][key]] == []


def test_the_beauty_matrix_fits_a_world_of_100_000() -> None:
    scenario = Scenario.load("beauty_matrix", ["audience.users=100000"])
    assert [account.fans for account in scenario.accounts if account.role == "main"] == [30_000]
    assert len(scenario.accounts) == 9


def test_the_pyramid_has_the_published_counts() -> None:
    assert tier_counts(Scenario.load("seeding_pyramid")).counts == (1, 1, 3, 46, 100, 150)


def test_accounts_of_the_same_content_are_identical_but_for_the_name() -> None:
    scenario = Scenario.load("same_content")
    kinds = {
        account.model_copy(update={"id": "", "role": "sub"}).model_dump_json()
        for account in scenario.accounts
    }
    assert len(kinds) == 1
    assert len(scenario.accounts) == 12
    assert edges(scenario) == ()


def test_three_lines_are_sixty_accounts() -> None:
    assert len(Scenario.load("three_lines").accounts) == 60


def test_a_name_works_with_and_without_folder_and_ending() -> None:
    for name in ("classroom", "classroom.toml", "scenarios/classroom.toml", "scenarios/classroom"):
        assert shipped.resolve(name).name == "classroom.toml"


def test_a_file_wins_over_a_shipped_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("classroom.toml").write_text('name = "mine"\n')
    assert Scenario.load("classroom.toml").name == "mine"
    assert Scenario.load("classroom").name != "mine"


def test_an_installed_wheel_finds_them_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_scenarios").mkdir()
    (tmp_path / "_scenarios" / "packed.toml").write_text('name = "packed"\n')
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path)
    assert list(shipped.shipped()) == ["packed"]
    assert Scenario.load("packed").name == "packed"


@pytest.mark.parametrize(
    "name", ["beauty_matrx", "scenarios/beauty_matrix.tml", "", "a\0b", "x" * 5000, "other/classroom"]
)
def test_an_unknown_name_lists_what_there_is(name: str) -> None:
    with pytest.raises(
        ScenarioError, match="beauty_matrix, challenge, challenge_spread, classroom, creator_launch, food"
    ):
        shipped.resolve(name)


def test_a_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean beauty_matrix\?"):
        shipped.resolve("beauty_matrx")
