"""The command line as its users meet it: a process of its own, or, quicker, this one."""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]


def matrixsim(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a command line said, and its exit status; in English unless told otherwise."""
    spoken = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "LC_ALL": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words],
        cwd=cwd,
        env={**os.environ, **spoken, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


class Done(NamedTuple):
    """What a command line came to."""

    returncode: int | str | None
    stdout: str
    stderr: str


def here(*words: str, cwd: Path = ROOT, **environment: str) -> Done:
    """As `matrixsim`, in this process: without the seconds in which another one begins."""
    from sim.cli import main

    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(cwd)
        for name, value in {"LC_ALL": "en_US.UTF-8", **environment}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as stop:
            main(words)
    return Done(stop.value.code, out.getvalue(), err.getvalue())
