import json
from pathlib import Path

import pytest

from sim.cli import main
from sim.scenario.schema import Scenario


def run(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(["scenario", *words])
    return stop.value.code


def test_new_writes_a_scenario_that_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "mine.toml")
    assert run("new", file) == 0
    assert run("check", file) == 0
    assert "fine (3 accounts, 12 links" in capsys.readouterr().out


def test_new_does_not_replace_a_file_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("precious")
    assert run("new", str(file)) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "precious"
    assert run("new", str(file), "--force") == 0
    assert Scenario.load(file).name == "My matrix"


def test_new_without_a_name_writes_scenario_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new") == 0
    assert [file.name for file in tmp_path.iterdir()] == ["scenario.toml"]


def test_new_in_a_missing_folder_fails_with_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "no" / "mine.toml")
    assert run("new", file) == 1
    assert capsys.readouterr().err.startswith(f"{file}: no such file")


def test_check_tells_the_mistakes_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text('name = "one"\nrun.hours = 0\nrun.sed = 1\n')
    two.write_text('name = ""\n')
    assert run("check", str(one), "classroom", str(two)) == 2
    captured = capsys.readouterr()
    places = [line.split(": ")[0] for line in captured.err.splitlines()]
    assert places == [f"{one}:2", f"{one}:3", f"{two}:1"]
    assert captured.out.startswith("classroom: fine")


def test_check_says_what_a_budget_buys(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "seeding_pyramid", "--set", "seeding.budget_cny=9999") == 0
    plan = Scenario.load("seeding_pyramid", ["seeding.budget_cny=9999"]).seeding
    said = f"{sum(plan.counts)} creators for {plan.cost_cny(plan.counts):,.0f} of 9,999 CNY"
    assert said in capsys.readouterr().out


def test_schema_is_json_on_the_screen_and_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "schema.json"
    assert run("schema") == 0
    assert run("schema", "-o", str(file)) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(file.read_text(encoding="utf-8"))


def test_explain_speaks_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "classroom") == 0
    assert run("explain", "classroom", "--lang", "zh") == 0
    assert run("explain", "classroom", "--lang", "fr") == 2
    captured = capsys.readouterr()
    assert "2,000 people" in captured.out
    assert "2,000 人" in captured.out


def test_options_are_laid_over_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--users", "3000", "--hours", "24", "--seed", "0", "--set", "links.layout=ring")
    assert run("explain", "classroom", *words) == 0
    said = capsys.readouterr().out
    assert "3,000 people" in said
    assert "24 h (1 day)" in said
    assert "seed 0" in said
    assert "Links: ring" in said


def test_a_wrong_setting_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "classroom", "--users", "5") == 2
    assert capsys.readouterr().err.startswith("--set audience.users=5: audience.users = 5: is too small")


@pytest.mark.parametrize(
    ("asked", "lang"), [(["--lang", "zh"], "en_US"), (["--lang=zh"], "en_US"), ([], "zh_CN.UTF-8")]
)
def test_what_is_wrong_with_a_scenario_is_said_in_the_language_asked_for(
    asked, lang, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("LC_ALL", lang)
    (tmp_path / "a.toml").write_text(
        'name = "a"\n[run]\nhours = 0\n[links]\nlayout = "strar"\n', encoding="utf-8"
    )
    for said, words in (
        (": run.hours = 0: 数值太小。可填：1 到 8,760 的整数。\n", [*asked]),
        ("是不是想填 star？\n", [*asked]),
        ("run.hours = 0: is too small; allowed: a whole number from 1 to 8,760\n", ["--lang", "en"]),
    ):
        with pytest.raises(SystemExit) as end:
            main(["run", str(tmp_path / "a.toml"), *words])
        assert end.value.code == 2
        assert said in capsys.readouterr().err
