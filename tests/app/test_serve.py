import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

import pytest
from typer.main import get_command

from benchmarks.serving import serving
from benchmarks.visitor import Visitor, apart
from sim import storage
from sim.app import serve
from sim.app.jobs import drafts
from sim.cli import app, main
from sim.scenario.schema import Scenario
from tests.sweeps.small import own_cache

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


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--base-path", "/a b", "is no prefix of addresses; allowed: letters"),
        ("--base-path", "https://a.example/b", "is no prefix of addresses; allowed: letters"),
        ("--address", "192.0.2.1", "is no address of this machine ("),
        ("--address", "no such host", "is no address of this machine ("),
        ("--cluster", "host", "is no address of a scheduler; allowed: tcp://host:port"),
    ],
)
def test_what_cannot_be_served_is_refused_before_anything_starts(
    option: str, value: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(SystemExit) as stop:
        main(["app", option, value])
    assert stop.value.code == 2
    assert f"{option} {value!r}: {said}" in capsys.readouterr().err


def test_a_server_for_others_opens_no_browser_of_its_own() -> None:
    assert "--server.headless" not in serve.arguments(serve.Hosting(address="127.0.0.1"))
    words = serve.arguments(serve.Hosting(8080, "0.0.0.0", "/sim", upload_mb=9))  # noqa: S104  not served
    assert dict(zip(words[2::2], words[3::2], strict=True)) == {
        "--logger.level": "warning", "--server.fileWatcherType": "none", "--server.port": "8080",
        "--server.address": "0.0.0.0", "--server.baseUrlPath": "/sim",  # noqa: S104
        "--server.maxUploadSize": "9", "--server.headless": "true",
    }  # fmt: skip


def test_the_compose_file_starts_the_app_with_options_that_there_are() -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    options = {name for word in get_command(app).commands["app"].params for name in word.opts}
    words = services["app"]["command"].split()
    assert words[:2] == ["matrixsim", "app"]
    assert {word for word in words if word.startswith("--")} <= options
    ready = int(services["app"]["stop_grace_period"].removesuffix("s"))
    assert ready > int(words[words.index("--grace") + 1])


def test_the_app_serves_below_a_prefix_from_any_folder_and_logs_nothing_of_who_visits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = "Moonlit Teahouse"
    plan = Scenario.load("classroom").with_values({"name": brand})
    cache = own_cache(tmp_path)
    monkeypatch.setenv(storage.DATA, str(cache))
    draft = drafts.keep(drafts.Version(plan.to_toml(), brand))
    with serving(cache, "--base-path", "/team/matrixsim") as server:
        assert server.address.endswith("/team/matrixsim")
        shown = apart(visited(server.address, "scenario", f"scenario={draft}", brand))
        assert "exception" not in shown
    said = (cache / "server.log").read_text(encoding="utf-8")
    assert server.address.replace("127.0.0.1", "localhost") in said
    assert "Network URL" not in said
    visits = "\n".join(line for line in said.splitlines() if "URL: http" not in line)
    for told in ("Traceback", "127.0.0.1", brand, draft, "scenario="):
        assert told not in visits


async def visited(address: str, page: str, query: str, sign: str) -> set[str]:
    """The kinds of element on a page once it shows a sign."""
    tab = Visitor(address)
    await tab.open(page, query)
    await tab.until(lambda tab: not tab.busy and any(sign in str(e) for e in tab.elements.values()))
    await tab.close()
    return {str(element.WhichOneof("type")) for element in tab.elements.values()}


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
