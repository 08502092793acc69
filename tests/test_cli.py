import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim import Scenario, cli
from sim.commands import scenario
from sim.errors import MatrixsimError, RunError, StoppedError, UsageError
from sim.experiment.replicate import run
from sim.results import Result

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
    ("words", "said"),
    [
        (("compare", "classroom", "--metric", "profits"), "'profits'; allowed: reach, follows, orders, "),
        (("compare", "classroom", "--metric", "profits"), "hit; did you mean profit?"),
        (("accounts", "classroom", "--metric", "it's"), """"it's"; allowed: reach, """),
        (("scenario", "explain", "classroom", "--lang", "de"), "'--lang': 'de'; allowed: zh, en"),
        (("optimise", "classroom", "--budget", "viel"), "'--budget': 'viel' should be a valid number\n"),
        (
            ("optimise", "classroom", "--budget", "9", "--trials", "0"),
            "'0' should be greater than or equal to 1",
        ),
    ],
)
def test_a_value_that_an_option_does_not_take_is_named_with_what_is_allowed(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*words) == 2
    captured = capsys.readouterr().err
    assert said in captured
    assert "Value error" not in captured
    assert "Input" not in captured


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


@pytest.mark.skipif(sys.platform == "win32", reason="processes get no SIGTERM there")
@pytest.mark.parametrize(
    ("words", "place", "said"),
    [
        (("scenario", "check", "classroom"), "sim.commands.scenario.opened", "stopped"),
        (("theory", "classroom"), "sim.commands.theory.closed_forms", "nothing of them is kept"),
        (("report", "FOLDER"), "sim.report.folder.opened", "report.html was not written"),
        (("run", "classroom"), "sim.experiment.replicate.run", "nothing is kept"),
        (("verify", "classroom"), "sim.experiment.replicate.run", "nothing is known"),
        (
            ("compare", "classroom", "--layouts", "none,star"),
            "sim.experiment.compare.compare",
            "nothing is kept",
        ),
        (
            ("optimise", "classroom", "--budget", "9e4"),
            "sim.sweeps.optimise.optimise",
            "the study would go on",
        ),
        (("sensitivity", "classroom"), "sim.sweeps.sensitivity.sensitivity", "--out DIR would keep the runs"),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_every_command_says_how_it_ended(
    words: tuple[str, ...],
    place: str,
    said: str,
    number: signal.Signals,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(place, lambda *_, **__: signal.raise_signal(number))
    assert status(*(word.replace("FOLDER", str(tmp_path)) for word in words)) == 128 + number
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("stopped")
    assert said in last
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_an_interrupt_inside_code_run_from_text_is_no_death_by_signal() -> None:
    text = "import signal; signal.raise_signal(signal.SIGINT)"
    code = f"""
from sim import cli
from sim.commands import scenario
scenario.opened = lambda *_, **__: exec({text!r})
cli.main(["scenario", "check", "classroom"])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (130, "stopped\n")


def test_the_runs_that_ended_are_told_and_the_rest_has_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = iter(range(3))

    def run_some(plan: Scenario, seed: int, **options: object) -> Result:
        if next(runs) == 2:
            signal.raise_signal(signal.SIGINT)
        return run(plan, seed)

    monkeypatch.setattr("sim.experiment.replicate.run", run_some)
    words = ("run", "classroom", "--hours", "2", "--seed", "7", "--out", str(tmp_path / "out"), "--json")
    assert status(*words, "--seeds", "9") == 130
    out, err = capsys.readouterr()
    assert [summary["seed"] for summary in json.loads(out)] == [7, 8]
    assert sorted(folder.name for folder in (tmp_path / "out").iterdir()) == ["seed-7", "seed-8"]
    assert err.splitlines()[-1].endswith("are those of 2 of 9 seeds; go on with --seed 9 --seeds 7")


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
