import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import storage
from sim.app import frame
from sim.app.jobs import drafts, store
from sim.app.jobs.request import Request
from sim.app.pages.experiments import sweeping
from sim.app.ui import watch
from tests.app.driving import EagerJobs, FakeJobs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of pages, which take minutes and run on one Python in .ci/run."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.stem.endswith("_page"):
            item.add_marker(pytest.mark.page)


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Streamlit takes the place of `__main__`, and processes that later tests start would look for it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own for answers, sweeps and drafts."""
    monkeypatch.setattr(drafts, "base", lambda: tmp_path)
    monkeypatch.setenv(storage.DATA, str(tmp_path))
    return tmp_path


def _used(fake: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (watch, frame):
        monkeypatch.setattr(module, "jobs", lambda: fake)


@pytest.fixture
def jobs(cache: Path, monkeypatch: pytest.MonkeyPatch) -> FakeJobs:
    """Computations that never end."""
    fake = FakeJobs()
    _used(fake, monkeypatch)
    return fake


@pytest.fixture
def eager(cache: Path, monkeypatch: pytest.MonkeyPatch) -> EagerJobs:
    """Computations that are done at once."""
    fake = EagerJobs()
    _used(fake, monkeypatch)
    return fake


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[Request, store.Answer]:
    """Answers that are there: to the first view of Seeding mix, and to what a test adds."""
    from tests.app.mixing import answered

    return answered(monkeypatch)


@pytest.fixture
def won(known: dict[Request, store.Answer]) -> None:
    """Of that first view, the cheapest mix is the winner."""
    from tests.app.mixing import FIRST, judged_as, mixes_of

    known[FIRST] = judged_as("winner", [mixes_of("cheapest")])


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Sweeps that would have been launched."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(sweeping, "_launch", lambda *given: calls.append(given))
    return calls
