import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.app import store
from sim.app.jobs import Jobs, State
from sim.app.request import Request

ONE = Request("classroom", 2_000, ("none", "star"), 4)
TWO = Request("classroom", 2_000, ("none", "mesh"), 4)
NOTE = """
import json, pathlib, sys, time
folder = pathlib.Path(sys.argv[-1])
def note(**content): (folder / "progress.json").write_text(json.dumps(content))
"""
FOREVER = NOTE + "note(phase='running', done=2, total=8, left=18.0, message='')\ntime.sleep(60)"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(clock: Clock) -> Iterator[Callable[..., Jobs]]:
    living = []

    def make(code: str, slots: int = 2) -> Jobs:
        living.append(Jobs((sys.executable, "-c", code), slots=slots, clock=clock))
        return living[-1]

    yield make
    for jobs in living:
        jobs.close()


def until(jobs: Jobs, request: Request, wanted: Callable[[State | None], bool]) -> State | None:
    for _ in range(600):
        state = jobs.state(request, "me")
        if wanted(state):
            return state
        time.sleep(0.05)
    raise AssertionError(f"still {state}")


def test_nothing_is_under_way_before_it_is_started(made: Callable[..., Jobs]) -> None:
    assert made(FOREVER).state(ONE, "me") is None


def test_progress_is_told_with_the_time_left(made: Callable[..., Jobs]) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "me")
    state = until(jobs, ONE, lambda s: s is not None and s.done > 0)
    assert state == State("running", 2, 8, 18.0)


def test_a_computation_that_ends_well_is_no_longer_under_way(made: Callable[..., Jobs]) -> None:
    jobs = made("")
    jobs.start(ONE, "me")
    until(jobs, ONE, lambda s: s is None)


def test_a_failure_is_told_until_it_is_tried_again(made: Callable[..., Jobs], folder: Path) -> None:
    jobs = made(NOTE + "note(phase='failed', message='no more paper')\nsys.exit(1)")
    jobs.start(ONE, "me")
    until(jobs, ONE, lambda s: s == State("failed", message="no more paper"))
    assert jobs.state(ONE, "you") == State("failed", message="no more paper")
    assert list(folder.iterdir()) == []
    jobs.start(ONE, "me")
    state = jobs.state(ONE, "me")
    assert state is not None
    assert state.phase in ("preparing", "failed")


def test_a_process_that_is_killed_is_a_failure_with_its_status(made: Callable[..., Jobs]) -> None:
    jobs = made("import os; os.kill(os.getpid(), 9)")
    jobs.start(ONE, "me")
    state = until(jobs, ONE, lambda s: s is not None and s.phase == "failed")
    assert state is not None
    assert "-9" in state.message


def test_two_tabs_share_a_computation_and_one_leaving_does_not_stop_it(
    made: Callable[..., Jobs], folder: Path
) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "me")
    jobs.start(ONE, "you")
    assert len(list(folder.iterdir())) == 1
    jobs.leave(ONE.key(), "me")
    assert jobs.state(ONE, "you") is not None
    jobs.leave(ONE.key(), "you")
    assert jobs.state(ONE, "you") is None
    assert list(folder.iterdir()) == []


def test_a_refreshed_tab_can_stop_what_it_began(made: Callable[..., Jobs], clock: Clock) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "before the refresh")
    clock.now = 6
    assert jobs.state(ONE, "after it") is not None
    jobs.leave(ONE.key(), "after it")
    assert jobs.state(ONE, "after it") is None


def test_what_nobody_watches_any_more_is_stopped(
    made: Callable[..., Jobs], clock: Clock, folder: Path
) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "me")
    clock.now = 1_000
    for _ in range(100):
        if not list(folder.iterdir()):
            return
        time.sleep(0.05)
    raise AssertionError("still there")


def test_more_than_the_slots_wait_for_their_turn(made: Callable[..., Jobs]) -> None:
    jobs = made(FOREVER, slots=1)
    jobs.start(ONE, "me")
    jobs.start(TWO, "you")
    assert jobs.state(TWO, "you") == State("waiting", total=8)
    jobs.leave(ONE.key(), "me")
    state = jobs.state(TWO, "you")
    assert state is not None
    assert state.phase != "waiting"


def test_the_real_worker_tells_what_is_wrong(clock: Clock) -> None:
    jobs = Jobs(clock=clock)
    try:
        wrong = Request("classroom", 2_000, ("star",), 4)
        jobs.start(wrong, "me")
        state = until(jobs, wrong, lambda s: s is not None and s.phase == "failed")
    finally:
        jobs.close()
    assert state is not None
    assert "at least two" in state.message
