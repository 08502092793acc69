import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.serving import ROOT, serving, warmed
from tests.browser.driving import browsing, chromium

AXE = ROOT / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = os.environ.get("MATRIXSIM_BROWSER") == "required"
"""Set by .ci/run, which installs a browser: there a missing one is a failure, elsewhere a skip."""


def _missing(what: str) -> None:
    (pytest.fail if REQUIRED else pytest.skip)(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        chromium()
    except FileNotFoundError as error:
        _missing(str(error))
    with browsing() as running:
        yield running


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the app, with the machine code that other tests have made and answers of its own."""
    with serving(warmed(tmp_path_factory.mktemp("app"))) as server:
        yield server.address


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, axe-core from npm."""
    if not AXE.is_file():
        _missing("no axe-core: npm install --prefix .axe axe-core@4.14.1")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where a journey leaves its pictures."""
    given = os.environ.get("MATRIXSIM_PICTURES")
    folder = Path(given) if given else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
