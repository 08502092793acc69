"""Every command in the docs runs as written, page by page, in the order of the page, each as a process.

Long ones are reduced by further arguments. What cannot run here is skipped with its reason, and what is in no
line of the table fails.
"""

import os
import re
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import pytest

from sim.scenario.schema import Scenario
from sim.scenario.starter import STARTER
from sim.sweeps.plan import load_sweep
from tests.blocks import PAGES, ROOT, blocks_in, commands_in
from tests.sweeps.small import own_cache


class Rule(NamedTuple):
    """What is done with commands that a pattern is found in; the first that fits counts."""

    pattern: str
    extra: str = ""
    """Arguments put behind those of each `matrixsim`: of options given twice the last counts."""
    skip: str = ""
    """Why it does not run here."""
    serves: bool = False
    """Runs until it is stopped."""


FEW = "--users 60000"
"""As few as have room for the fans of the shipped scenarios."""
RULES = (
    Rule("address 0.0.0.0", skip="opens this machine to its network"),
    Rule("docker compose", skip="needs a daemon; tests/app/test_serve.py holds its options"),
    Rule("matrixsim app", serves=True),
    Rule("uv run pytest", skip="we are in it"),
    Rule("tests.refresh", skip="rewrites the frozen digests"),
    Rule("uv lock|uv venv", skip="asks registries"),
    Rule("tests.evidence.stale"),
    Rule("-m benchmarks", skip="takes minutes; tests/benchmarks holds its parts"),
    Rule(
        "dask (scheduler|worker)|--cluster",
        skip="tests/sweeps/test_cluster.py does it with a scheduler of its own",
    ),
    Rule("matrixsim scenario"),
    Rule("matrixsim run", "--hours 24"),
    Rule("matrixsim compare .*--seeds auto", f"--hours 6 {FEW}"),
    Rule("matrixsim compare", f"--hours 24 --seeds 2 {FEW}"),
    Rule("matrixsim (forecast score|luck)", skip="tests/commands/test_forecast.py makes its export"),
    Rule("matrixsim forecast show"),
    Rule("matrixsim forecast", "--hours 24 --seeds 2 --workers 1"),
    Rule("matrixsim accounts .*--review", f"--hours 24 --seeds 2 --workers 1 {FEW}"),
    Rule("matrixsim accounts", f"--hours 24 --seeds 2 --counts 0,3 --workers 1 {FEW}"),
    Rule(r"matrixsim report .*\.(pdf|png)", skip="needs a browser; tests/report/test_boss.py prints one"),
    Rule("matrixsim report"),
    Rule("matrixsim sweep", "--workers 1"),
    Rule("matrixsim query"),
    Rule("matrixsim optimise", f"--hours 24 --trials 2 --seeds 2 --fresh 2 --workers 1 {FEW}"),
    Rule("matrixsim budget", f"--hours 24 --trials 1 --seeds 2 --fresh 2 --workers 1 {FEW}"),
    Rule(
        "matrixsim sensitivity",
        f"--hours 24 --points 2 --seeds 2 --workers 1 {FEW} --keys links.list_decay,platform.targeting",
    ),
    Rule("matrixsim read", skip="needs exports of one's own; tests/reading has made-up ones"),
    Rule("matrixsim calibrate", skip="needs an export; tests/commands/test_calibrate.py makes one"),
    Rule("matrixsim plugins"),
    Rule("uv pip install", skip="tests/test_plugins.py does it in a folder of its own"),
    Rule("^pip install uv$"),
)
SMALLER = {"points = 64": "points = 3", "seeds = 8": "seeds = 2", "hours = 168": "hours = 24"}
"""What is made smaller in the files that a page speaks of."""
NO_CODE = ("12  what people touch", "split over 2 workers: ")
"""How indented blocks begin that are neither code nor commands."""
HANGS_S = 900
"""After this long a command is taken to hang."""
ENDS_S = 60
"""After this long a server that was told to end is taken not to."""
SHELL = """
pip() { :; }
uv() { shift; "$@"; }  # uv run COMMAND: the environment is this one
python() { "$PYTHON" "$@"; }
matrixsim() { "$PYTHON" -m sim.cli "$@" $EXTRA; }
"""
SHOWN = {page: commands for page, text in PAGES.items() if (commands := commands_in(text))}


def rule_of(command: str) -> Rule | None:
    return next((rule for rule in RULES if re.search(rule.pattern, command)), None)


def test_commands_are_told_from_other_blocks() -> None:
    page = (
        "Text\n\n    uv run a \\\n        --b    # c\n    X=1 matrixsim d\n\n"
        "    for e in f; do\n        g\n    done\n\n"
        "and\n\n    h = 1\n\n```console\n$ i\n```\n\nand\n\n    j k\n\n```\nl\n```\n\n    import m\n"
    )
    assert commands_in(page) == [
        "uv run a \\\n    --b    # c",
        "X=1 matrixsim d",
        "for e in f; do\n    g\ndone",
        "i",
    ]
    assert [kind for kind, _ in blocks_in(page)] == ["shell", "toml", "console", "unknown", "", "python"]


def test_each_command_and_each_block_is_known() -> None:
    unknown = [f"{page}: {command}" for page in SHOWN for command in SHOWN[page] if not rule_of(command)]
    unknown += [
        f"{page}: {block}"
        for page, text in PAGES.items()
        for kind, block in blocks_in(text)
        if kind == "unknown" and not block.startswith(NO_CODE)
    ]
    assert not unknown
    used = {rule_of(command) for commands in SHOWN.values() for command in commands}
    assert [rule for rule in RULES if rule not in used] == []


def test_modules_and_paths_in_commands_of_any_form_are_there() -> None:
    text = "\n".join(PAGES.values())
    named = {name.replace(".", "/") for name in re.findall(r"-m ((?:tests|benchmarks|sim)\b[.\w]*)", text)}
    named |= set(re.findall(r"\btests/[\w/.-]*\w\b(?![\w<])", text))
    assert {"tests/refresh", "benchmarks/load", "tests/rules"} <= named
    assert [name for name in named if not any((ROOT / f"{name}{end}").exists() for end in ("", ".py"))] == []


def test_contributing_lists_what_ci_runs() -> None:
    table = PAGES["CONTRIBUTING.md"].split("| command | holds |")[1].split("\n\n")[0]
    listed = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    run = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert len(listed) > 5
    for command in listed:  # with further arguments in between
        words = re.compile(r"\b.*\s".join(re.escape(word) for word in command.split()))
        assert any(words.search(line) for line in run), command


@pytest.mark.parametrize(
    ("page", "block"),
    [(page, block) for page, text in PAGES.items() for kind, block in blocks_in(text) if kind == "toml"],
)
def test_blocks_of_toml_are_sweeps_whose_points_can_all_run_or_parts_of_a_scenario(
    page: str, block: str, tmp_path: Path
) -> None:
    if "[vary]" not in block:
        Scenario.from_dict(tomllib.loads(STARTER) | tomllib.loads(block))
        return
    for name, text in {"my_brand.toml": STARTER, "my_sweep.toml": block}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    plan = load_sweep(tmp_path / "my_sweep.toml")
    assert len([plan.scenario_at(point) for point in plan.points]) >= 64


@contextmanager
def started(command: str, folder: Path, extra: str) -> Iterator["subprocess.Popen[str]"]:
    """The command in a shell of its own; what runs on, or hangs, is ended with all its children."""
    own = {
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "EXTRA": extra,
        "LC_ALL": "en_US.UTF-8",
        "MATRIXSIM_CACHE": str(own_cache(folder)),
        "STREAMLIT_SERVER_HEADLESS": "true",  # opens no browser
    }
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", f"{SHELL}\n{command}"],
        cwd=folder,
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    alarm = Timer(HANGS_S, os.killpg, (process.pid, signal.SIGKILL))
    alarm.start()
    try:
        yield process
    finally:
        alarm.cancel()
        try:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.communicate(timeout=ENDS_S)  # until the last of its children has nothing to say
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            with process:  # closes what it said through, and waits
                pass


def answers(process: "subprocess.Popen[str]") -> bool:
    """Whether a server says where it is, and is there."""
    for line in process.stdout:
        if found := re.search(r"http://localhost:\d+", line):
            health = f"{found[0]}/_stcore/health"
            with urllib.request.urlopen(health, timeout=60) as answer:  # noqa: S310  our own server
                return answer.read() == b"ok"
    return False


@pytest.mark.parametrize("page", SHOWN)
def test_commands_of_a_page_run(page: str, tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    files = {"plan_a.toml": STARTER, "plan_b.toml": STARTER.replace('"My matrix"', '"Another"')}
    if not any("scenario new my_brand.toml" in command for command in SHOWN[page]):
        files["my_brand.toml"] = STARTER
    for kind, block in blocks_in(PAGES[page]):
        if kind == "toml" and "[vary]" in block:
            files["my_sweep.toml"] = block
    for name, text in files.items():
        for long, short in SMALLER.items():
            text = text.replace(long, short)  # noqa: PLW2901
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command in SHOWN[page]:
        rule = rule_of(command)
        if rule is None or rule.skip:
            continue
        with started(command, tmp_path, rule.extra) as process:
            if rule.serves:
                assert answers(process), command
            else:
                said, _ = process.communicate()
                assert process.returncode == 0, f"{command}\n{said}"
