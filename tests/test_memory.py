"""Too little memory, and a cache that is closed: one clear sentence, never a traceback or silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import memory
from sim.cli import main
from sim.commands import run as runs

COMMAND = "from sim.cli import main; main(['run', 'classroom', '--hours', '1', '--json', {words}])"


def limited(kilobytes: int, *words: str) -> subprocess.CompletedProcess[str]:
    """A run under `ulimit -v`."""
    code = COMMAND.format(words=", ".join(map(repr, words)))
    script = f'ulimit -v {kilobytes}; exec "$0" -c "$1"'
    return subprocess.run(
        ["bash", "-c", script, sys.executable, code], capture_output=True, text=True, check=False, timeout=300
    )


linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds processes to ulimit -v")


@linux
@pytest.mark.parametrize("kilobytes", [500_000, 800_000])
def test_too_few_addresses_to_load_are_refused_and_not_waited_for(kilobytes: int) -> None:
    done = limited(kilobytes)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("not enough memory: a limit of addresses (ulimit -v) leaves 0.")
    assert "raise the limit" in line


@linux
def test_run_that_does_not_fit_under_a_limit_is_refused_with_both_figures() -> None:
    done = limited(3_000_000, "--users", "100000000")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "this run needs about 3.5 GiB and" in line
    assert "lower audience.users (100,000,000)" in line


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            MemoryError("Unable to allocate 3.2 GiB for an array"),
            "not enough memory: Unable to allocate 3.2 GiB",
        ),
        (MemoryError(), "not enough memory: the system gave no more"),
        (RuntimeError("can't start new thread"), "not enough memory: can't start new thread"),
    ],
)
def test_memory_that_runs_out_in_mid_work_is_one_sentence(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(runs, "compiled_ahead", full)
    with pytest.raises(SystemExit) as ended:
        main(["run", "classroom", "--hours", "1"])
    assert ended.value.code == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(said)
    assert line.endswith(str(memory.HELP))


def test_free_memory_is_the_least_of_what_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < memory.free_bytes() < 1 << 50
    monkeypatch.setattr(memory, "free_addresses", lambda: 7)
    assert memory.free_bytes() == 7


def test_closed_cache_is_said_once_and_replaced_while_the_work_lasts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code = (
        "import os\nfrom sim.kernels import cache_folder\nfrom sim.storage import cache_base\n"
        "print(cache_folder(), os.environ['MATRIXSIM_CACHE'])\n"
        "assert cache_folder().parent == cache_base()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "MATRIXSIM_CACHE": str(tmp_path / "file" / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    folder, base = map(Path, done.stdout.split())
    assert folder.parent == base
    assert not base.exists()  # it went with the process
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{tmp_path / 'file' / 'cache'}: not a directory; ")
    assert str(base) in line


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to the superuser")
def test_read_only_folder_of_machine_code_is_replaced_too(tmp_path: Path) -> None:
    code = "from sim.kernels import cache_folder; print(cache_folder())"

    def folder() -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "MATRIXSIM_CACHE": str(tmp_path)}
        words = [sys.executable, "-c", code]
        return subprocess.run(words, env=given, capture_output=True, text=True, check=True)

    Path(folder().stdout.strip()).chmod(0o500)
    done = folder()
    assert not done.stdout.startswith(str(tmp_path))
    assert "permission denied" in done.stderr
