import re
from pathlib import Path

import pytest

from sim import cli
from tests.report.conftest import comparison_folder, result, run_folder

__all__ = ["comparison_folder", "result", "run_folder"]
CHINESE = re.compile("[\u4e00-\u9fff]")


def status(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        cli.main(("report", *words))
    return stop.value.code


@pytest.mark.parametrize(("language", "chinese"), [("zh", True), ("en", False)])
def test_the_language_is_that_asked_for(
    run_folder: Path, tmp_path: Path, language: str, chinese: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "brief.html"
    assert status(str(run_folder), "--lang", language, "-o", str(file)) == 0
    assert capsys.readouterr().out.strip() == str(file)
    heading = re.search("<h1>(.*?)</h1>", file.read_text("utf-8"))
    assert heading is not None
    assert bool(CHINESE.search(heading[1])) is chinese


def test_left_out_the_language_is_the_terminals_and_the_file_lies_in_the_folder(
    comparison_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    for file in comparison_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert status(str(folder)) == 0
    assert '<html lang="zh-CN">' in (folder / "report.html").read_text("utf-8")


def test_a_wrong_folder_ends_with_status_2_and_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "summary.json").write_text("{}", "utf-8")
    assert status(str(tmp_path)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "missing hourly.parquet" in said.err
    assert not (tmp_path / "report.html").exists()


def test_a_folder_is_no_file_to_write(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(str(run_folder), "-o", str(tmp_path)) == 2
    assert "is a folder; name a file" in capsys.readouterr().err


def test_an_unknown_language_is_refused(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(str(run_folder), "--lang", "fr") == 2
    assert "Traceback" not in capsys.readouterr().err
