import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

import pytest

from sim.app import serve
from sim.cli import main

ROOT = Path(__file__).parents[2]


def test_the_entry_of_a_checkout_is_at_its_top() -> None:
    assert serve.entry() == ROOT / "app.py"


def test_a_wheel_brings_entry_and_theme_to_one_place() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    brought = build["targets"]["wheel"]["force-include"]
    package = ROOT / "sim"
    assert brought["app.py"] == serve.PACKAGED.relative_to(package.parent).as_posix()
    assert ROOT / brought[".streamlit/config.toml"] == serve.PACKAGED.parent / ".streamlit" / "config.toml"


def test_a_port_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["app", "--port", "70000"])
    assert stop.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_the_pages_load_nothing_heavy() -> None:
    heavy = ("mesa", "numba", "scipy", "sim.experiment", "sim.simulation")
    code = f"import sim.app.frame, sys; sys.exit(' '.join(m for m in {heavy} if m in sys.modules) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


def free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_a_server_that_nobody_listens_to_can_still_be_stopped(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "app", "--port", str(port)],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_HEADLESS": "true"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert answered(f"http://localhost:{port}/_stcore/health", process) == b"ok"
        assert process.stdout is not None
        process.stdout.close()
        process.terminate()
        assert process.wait(timeout=30) is not None
    finally:
        process.kill()
        process.wait()


def test_the_app_answers_on_loopback_from_any_folder(tmp_path: Path) -> None:
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sim.cli", "app", "--port", str(port)],
            cwd=tmp_path,
            env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_HEADLESS": "true"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            assert answered(f"http://localhost:{port}/_stcore/health", process) == b"ok"
            process.terminate()
            process.wait(timeout=30)
        finally:
            process.kill()
            process.wait()
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert f"http://localhost:{port}" in said
    assert "Network URL" not in said
    assert "Traceback" not in said


def answered(address: str, process: "subprocess.Popen[bytes]") -> bytes:
    for _ in range(150):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  our own server
                return bytes(answer.read())
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")
