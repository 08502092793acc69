"""`matrixsim validate`: a page, rows for a program, and refusals before any work."""

import json
from pathlib import Path

import pytest

from sim.cli import main
from sim.validity import worlds
from sim.validity.facts import facts
from tests.command_line import here

TINY = worlds.Size(seeds=2, accounts=12, users=20_000, days=18)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "QUICK", TINY)


def run(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(["validate", "--quick", "--platform", "score", *words])
    return stop.value.code


@pytest.mark.usefixtures("_small")
def test_the_page_is_written_whole_and_its_counts_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "validity.md"
    assert run("-o", str(file), "--seeds", "3", "--lang", "zh") == 0
    said = capsys.readouterr().out
    assert "score" in said
    assert str(file) in said
    page = file.read_text("utf-8")
    assert page.startswith("# 符合事实吗？\n")
    assert "`matrixsim validate --platform score --quick --seeds 3 --lang zh`" in page
    assert "3 个随机种子" in page
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.usefixtures("_small")
def test_json_is_all_there_is_on_stdout(capsys: pytest.CaptureFixture[str]):
    assert run("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in found["facts"]] == [row.id for row in facts()]
    assert all(set(row["models"]) == {"score"} for row in found["facts"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "{folder}"), "is a folder"),
        (("-o", "{folder}/none/page.md"), "there is no folder"),
        (("--platform", "douyin"), "allowed: pools, percentile, score, published, all"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(tmp_path: Path, words: tuple[str, ...], said: str):
    ended = here("validate", *(word.format(folder=tmp_path) for word in words))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not list(tmp_path.iterdir())
