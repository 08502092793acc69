import subprocess
import sys
from pathlib import Path

import pytest

from sim import cli
from sim.commands import scenario
from sim.errors import MatrixsimError, RunError, StoppedError, UsageError

ROOT = Path(__file__).parents[1]


def status(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    return stop.value.code


def test_a_command_that_works_ends_with_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("scenario", "check", "classroom") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "words", [("nonsense",), ("scenario", "nonsense"), ("scenario", "check"), ("scenario", "explain", "--no")]
)
def test_a_wrong_command_line_ends_with_status_2(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*words) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("failure", "expected", "said"),
    [
        (RunError("the disk is on fire"), 1, "the disk is on fire"),
        (MatrixsimError("odd"), 1, "odd"),
        (UsageError("twice --out"), 2, "twice --out"),
        (PermissionError(13, "Permission denied", "out.json"), 1, "out.json: permission denied"),
        (KeyboardInterrupt(), 130, "stopped"),
        (StoppedError("stopped; 3 are kept"), 130, "stopped; 3 are kept"),
    ],
)
def test_a_failure_is_a_message_and_a_status(
    failure: BaseException,
    expected: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(scenario, "opened", fail)
    assert status("scenario", "check", "classroom") == expected
    assert capsys.readouterr().err.strip() == said


def test_a_stream_that_knows_no_chinese_still_gets_its_text() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "scenario", "explain", "classroom", "--lang", "zh"],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        encoding="latin-1",
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("Classroom \\u8bfe\\u5802")


def test_the_command_line_loads_nothing_heavy() -> None:
    heavy = ("mesa", "numba", "numpy", "polars", "pydantic", "rich.markdown", "streamlit", "tree_sitter")
    code = f"import sim.cli, sys; sys.exit(' '.join(m for m in {heavy} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr.strip() == ""
