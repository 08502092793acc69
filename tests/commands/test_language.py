"""Every command that says something in sentences says it in the reader's language."""

import re
from pathlib import Path

import pytest

from tests.command_line import here
from tests.commands.test_reference import COMMANDS
from tests.sweeps.small import own_cache

SILENT = {"app", "scenario schema"}
"""Say nothing in sentences: the app is told in its own pages, the schema is a document."""
SWEEP = """
scenario = "classroom"
seeds = 1
[design]
kind = "grid"
[vary]
"run.hours" = [2, 3]
"""
SAID = {
    "scenario new mine.toml": "检查：",
    "scenario check classroom": "classroom：没有问题（5 个账号，24 条联动，0 位达人）",
    "scenario explain classroom": "个子账号",
    "verify classroom --hours 2": "1 个线程",
    "plugins": "插件",
    "sweep sweep.toml --workers 1 --out store": "共 2 次模拟",
}


def test_every_command_that_says_something_has_a_language() -> None:
    assert {name for name, options in COMMANDS.items() if "--lang" not in options} == SILENT


@pytest.mark.parametrize("command", SAID)
def test_what_a_command_says_is_said_in_the_language_asked_for(command: str, tmp_path: Path) -> None:
    (tmp_path / "sweep.toml").write_text(SWEEP, encoding="utf-8")
    cache = str(own_cache(tmp_path))
    done = here(*command.split(), "--lang", "zh", cwd=tmp_path, MATRIXSIM_CACHE=cache)
    said = re.sub(r"matrixsim [a-z].*", "", done.stdout + done.stderr)
    assert (done.returncode, SAID[command] in said) == (0, True), said
    assert not re.search("[a-z]{3,} [a-z]{3,}", said), said


def test_without_a_language_it_is_the_terminals(tmp_path: Path) -> None:
    for locale, said in (("zh_CN.UTF-8", "没有问题"), ("en_US.UTF-8", "fine")):
        assert said in here("scenario", "check", "classroom", LC_ALL=locale).stdout


def test_enforcement_is_said_in_one_line_and_stands_in_the_table(tmp_path: Path) -> None:
    hazard = "--set", "enforcement.hazard=1000", "--set", "enforcement.points=100"
    words = "run", "classroom", "--hours", "48", *hazard
    said = here(*words).stdout
    (line,) = [line for line in said.splitlines() if line.startswith("Enforcement: ")]
    assert re.match(
        r"Enforcement: \d+ violations \([\d.]+ to be expected\), health at the end 0 of 100", line
    )
    assert re.search(r"^Violations +[1-9]", said, re.MULTILINE)
    assert "矩阵治理：发现 " in here(*words, "--lang", "zh").stdout
    off = here("run", "classroom", "--hours", "48").stdout
    assert "Enforcement" not in off
    assert "Violations" not in off
