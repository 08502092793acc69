"""`matrixsim calibrate` as its users meet it."""

import json
from pathlib import Path

import pytest

from sim.scenario.schema import Scenario
from tests.calibration.made import blank, videos
from tests.command_line import Done, here


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "videos.csv"
    videos(Scenario(name="plain"), blank(12, 5)).write_csv(file)
    return file


def calibrate(data: Path, *words: str) -> Done:
    return here("calibrate", "classroom", str(data), "--budget-seconds", "1", *words)


def test_it_prints_what_was_fitted_and_writes_a_scenario(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "fitted.toml"
    done = calibrate(data, "--out", str(out), "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "content.rates.like" in done.stdout
    assert "已识别" in done.stdout
    fitted = Scenario.load(out)
    assert fitted.content.rates.completion != Scenario.load("classroom").content.rates.completion
    assert "根据你的数据拟合" in out.read_text(encoding="utf-8")


def test_json_is_the_whole_document(data: Path) -> None:
    data = data.with_name("with a total.csv")
    text = data.with_name("videos.csv").read_text()
    data.write_text(f"{text}Total{',' * text.partition(chr(10))[0].count(',')}\n")
    done = calibrate(data, "--json", "--pseudonyms")
    content = json.loads(done.stdout)
    assert content["videos"] == 60
    assert {"key", "before", "value", "low", "high", "identified", "columns"} <= set(content["keys"][0])
    assert "account 00" not in done.stdout
    assert "with a total.csv: 1 of 61 rows skipped, the first is row 62: a row of totals" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account,title,plays,likes\na,x,5,1\n", "1 video with plays: too few"),
        ("account,plays\na,5\n", "no row has headers that are known"),
    ],
)
def test_data_that_cannot_be_used_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    done = calibrate(tmp_path / "bad.csv", "--out", str(tmp_path / "x.toml"))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.toml").exists()


def test_an_output_that_is_no_scenario_is_refused_before_any_work(data: Path, tmp_path: Path) -> None:
    done = calibrate(data, "--out", str(tmp_path))
    assert done.returncode == 2
    assert "names no file that ends in .toml" in done.stderr


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('# mine\nname = "plan"\n')
    (tmp_path / "data.csv").write_text("account,title,plays,likes\na,x,5,1\n")
    for out, said in (
        (plan, "is the scenario that is fitted"),
        (tmp_path / "no" / "x.toml", "there is no folder"),
    ):
        done = here("calibrate", str(plan), str(tmp_path / "data.csv"), "--out", str(out))
        assert done.returncode == 2
        assert said in done.stderr
    assert plan.read_text().startswith("# mine")
