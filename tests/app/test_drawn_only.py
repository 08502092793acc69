"""Pages draw answers and simulate nothing: work has processes of its own."""

from pathlib import Path

import pytest

from sim.app import frame
from sim.app.jobs.request import Running
from sim.app.jobs.worker import Report, compute
from sim.app.ui import watch
from sim.simulation import Simulation
from tests.app.driving import EagerJobs, FakeJobs, opened, settled

ASKED = {"scenario": "classroom", "users": "2000", "seeds": "4", "layouts": "none.star"}
ANSWERED = {"compare": 1, "flow": 2, "pools": 3, "report": 1, "campaign": 1}
"""Pages that show an answer at once, and how many figures at least."""


class RefusedError(Exception):
    """Somebody simulates."""


def _refuse(*given: object) -> None:
    raise RefusedError


def test_every_page_draws_its_answer_where_nothing_can_be_simulated(
    eager: EagerJobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("compare", "flow"):  # a run is every other page's too
        settled(opened(path, **ASKED))
    monkeypatch.setattr(Simulation, "__init__", _refuse)
    with pytest.raises(RefusedError):
        compute(Running("classroom", 2_000, 2), Report(tmp_path))
    waiting = FakeJobs()
    for module in (watch, frame):
        monkeypatch.setattr(module, "jobs", lambda: waiting)
    for path in frame.PAGES:
        app = opened(path, **ASKED)
        assert len(app.get("plotly_chart")) >= ANSWERED.get(path, 0), path
