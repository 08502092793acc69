import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.app.jobs import store
from sim.app.jobs.jobs import SOON_S, Jobs, State
from sim.app.jobs.limit import VISITOR_JOBS
from sim.app.jobs.request import Comparing, Lesson, Request
from sim.app.jobs.variants import laid_out
from sim.errors import RunError

ONE = Comparing("classroom", 2_000, laid_out(("none", "star")), 4)
TWO = Comparing("classroom", 2_000, laid_out(("none", "mesh")), 4)
THREE = Comparing("classroom", 2_000, laid_out(("none", "chain")), 4)
FOUR = Comparing("classroom", 2_000, laid_out(("none", "tree")), 4)
FIRST_LOOK = Comparing("classroom", 2_000, laid_out(("none", "ring")), 2)
FIRST_LOOK_OF_THREE = Comparing("classroom", 2_000, laid_out(("none", "ring", "star")), 2)
CLASS = Lesson("classroom", 2_000, 1)
WRONG = Comparing("classroom", 2_000, laid_out(("star", "wheel")), 4)
NOTE = """
import json, os, pathlib, shutil, sys, time
def note(**content): (folder / "progress.json").write_text(json.dumps(content))
for line in sys.stdin:
    folder = pathlib.Path(line.strip())
    """
"""The beginning of a worker; what follows is done with each folder."""
FOREVER = NOTE + "note(phase='running', done=2, total=8, left=18.0, message={}); time.sleep(60)"
DROPS = NOTE + "while not (folder / 'stop').exists(): time.sleep(0.02)\n    shutil.rmtree(folder)"
SLOW_TO_DROP = NOTE + (
    "while not (folder / 'stop').exists(): time.sleep(0.02)\n    time.sleep(0.3); shutil.rmtree(folder)"
)
DONE = NOTE + "shutil.rmtree(folder)"
LATE = NOTE + "time.sleep(0.1); shutil.rmtree(folder)"
TOLD = {"en": "no more paper", "zh": "没有纸了"}
NO_PAPER = State("failed", message=TOLD)
FAILS = NOTE + f"note(phase='failed', message={TOLD}); (folder / 'failed').touch()"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "answers"
    folder.mkdir()
    monkeypatch.setattr(store, "folder", lambda: folder)
    return folder


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
    jobs = made(DONE)
    jobs.start(ONE, "me")
    until(jobs, ONE, lambda s: s is None)


def test_a_failure_is_told_until_it_is_tried_again(made: Callable[..., Jobs], folder: Path) -> None:
    jobs = made(FAILS)
    jobs.start(ONE, "me")
    until(jobs, ONE, lambda s: s == NO_PAPER)
    assert jobs.state(ONE, "you") == NO_PAPER
    assert list(folder.iterdir()) == []
    jobs.start(ONE, "me")
    state = jobs.state(ONE, "me")
    assert state is not None
    assert state.phase in ("preparing", "failed")


def test_a_process_that_is_killed_is_a_failure_with_its_status(made: Callable[..., Jobs]) -> None:
    jobs = made(NOTE + "os.kill(os.getpid(), 9)")
    jobs.start(ONE, "me")
    state = until(jobs, ONE, lambda s: s is not None and s.phase == "failed")
    assert state is not None
    assert state.message == {
        "en": "the computation broke off (exit status -9)", "zh": "计算中断（退出码 -9）"
    }  # fmt: skip


def test_two_tabs_share_a_computation_and_one_leaving_does_not_stop_it(
    made: Callable[..., Jobs], folder: Path
) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "me")
    jobs.start(ONE, "you")
    assert len(list(folder.iterdir())) == 1
    assert jobs.watchers() == 2
    jobs.leave(ONE.key(), "me")
    assert jobs.state(ONE, "you") is not None
    jobs.leave(ONE.key(), "you")
    assert jobs.state(ONE, "you") is None


def test_dropped_work_ends_softly_and_its_process_goes_on_with_the_next(
    made: Callable[..., Jobs], folder: Path
) -> None:
    jobs = made(DROPS, slots=1)
    jobs.start(ONE, "me")
    process = jobs._pool.workers[0].process
    jobs.leave(ONE.key(), "me")
    jobs.start(TWO, "me")
    until(jobs, TWO, lambda s: s is not None and s.phase != "waiting")
    assert [worker.process for worker in jobs._pool.workers] == [process]
    assert len(list(folder.iterdir())) == 1


def test_a_process_that_does_not_drop_its_work_is_killed(
    made: Callable[..., Jobs], folder: Path, clock: Clock
) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "me")
    until(jobs, ONE, lambda s: s is not None and s.done > 0)
    process = jobs._pool.workers[0].process
    jobs.leave(ONE.key(), "me")
    clock.now += 3
    assert jobs.state(ONE, "me") is None
    assert process.wait(timeout=10) == -9
    assert list(folder.iterdir()) == []


def test_a_process_serves_one_request_after_another_and_ends_when_idle(
    made: Callable[..., Jobs], clock: Clock
) -> None:
    jobs = made(DONE)
    jobs.ready("me")
    jobs.ready("me")
    (worker,) = jobs._pool.workers
    for request in (ONE, TWO):
        jobs.start(request, "me")
        until(jobs, request, lambda s: s is None)
    assert jobs._pool.workers == [worker]
    clock.now += 1_000
    jobs.state(ONE, "me")
    assert jobs._pool.workers == []
    assert worker.process.wait(timeout=10) == 0


def test_as_many_processes_are_at_hand_as_there_are_slots_once_three_visitors_are_there(
    made: Callable[..., Jobs], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = made(DONE, slots=2)
    for warm, visitor, processes in (
        (True, "me", 1), (True, "you", 1), (False, "they", 1), (True, "they", 2), (True, "we", 2)
    ):  # fmt: skip
        monkeypatch.setattr("sim.app.jobs.jobs.is_warm", lambda warm=warm: warm)  # else one compiles for all
        jobs.ready(visitor)
        assert len(jobs._pool.workers) == processes
    clock.now += 1_000  # the others are gone, and so are both processes
    jobs.state(ONE, "me")
    jobs.ready("me")
    assert len(jobs._pool.workers) == 1


def test_a_first_look_goes_beside_long_work_that_does_not_make_way_but_waits_for_short(
    made: Callable[..., Jobs], clock: Clock
) -> None:
    jobs = made(FOREVER, slots=1)
    jobs.start(CLASS, "me")
    for request, watcher in ((TWO, "you"), (FIRST_LOOK, "them")):
        jobs.start(request, watcher)
        assert jobs.state(request, watcher) == State("waiting", total=request.runs)
    clock.now += SOON_S + 1
    until(jobs, FIRST_LOOK, lambda s: s is not None and s.phase == "running")
    assert jobs.state(TWO, "you") == State("waiting", total=8)


def test_a_refreshed_tab_can_stop_what_it_began(made: Callable[..., Jobs], clock: Clock) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "before the refresh")
    clock.now = 6
    assert jobs.state(ONE, "after it") is not None
    jobs.leave(ONE.key(), "after it")
    assert jobs.state(ONE, "after it") is None


def test_what_is_stopped_right_after_a_refresh_goes_on_only_for_another_tab_that_is_seen(
    made: Callable[..., Jobs], clock: Clock, folder: Path
) -> None:
    jobs = made(DROPS)
    for request in (ONE, TWO):
        jobs.start(request, "before the refresh")
        jobs.state(request, "after it")
        jobs.leave(request.key(), "after it")
    assert len(list(folder.iterdir())) == 2
    clock.now = 6
    assert jobs.state(ONE, "before the refresh") is not None
    for _ in range(100):
        if len(list(folder.iterdir())) == 1:
            break
        time.sleep(0.05)
    assert jobs.state(TWO, "you") is None
    assert jobs.state(ONE, "you") is not None


def test_what_nobody_watches_any_more_is_stopped(
    made: Callable[..., Jobs], clock: Clock, folder: Path
) -> None:
    jobs = made(FOREVER)
    jobs.start(ONE, "me")
    clock.now = 1_000
    for _ in range(100):
        if not list(folder.iterdir()):
            return
        clock.now += 1
        time.sleep(0.05)
    raise AssertionError("still there")


def test_more_than_the_slots_wait_for_their_turn(made: Callable[..., Jobs], clock: Clock) -> None:
    jobs = made(FOREVER, slots=1)
    jobs.start(ONE, "me")
    jobs.start(TWO, "you")
    assert jobs.state(TWO, "you") == State("waiting", total=8)
    jobs.leave(ONE.key(), "me")
    clock.now += 3
    state = jobs.state(TWO, "you")
    assert state is not None
    assert state.phase != "waiting"


def test_a_visitor_has_no_more_computations_than_the_host_allows_whatever_the_tab(
    made: Callable[..., Jobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VISITOR_JOBS, "2")
    jobs = made(FOREVER)
    jobs.start(ONE, "me/a tab")
    jobs.start(TWO, "me/another")
    with pytest.raises(RunError, match="2 computations are under way for you already"):
        jobs.start(FIRST_LOOK, "me/a third")
    jobs.start(ONE, "me/a third")  # is under way
    jobs.start(FIRST_LOOK, "you/a tab")
    assert jobs.watchers() == 4


def test_who_has_less_under_way_comes_first(made: Callable[..., Jobs], clock: Clock) -> None:
    jobs = made(FOREVER, slots=2)
    for request, watcher in ((ONE, "me/1"), (TWO, "me/2"), (THREE, "me/3"), (FOUR, "you/1")):
        jobs.start(request, watcher)
    jobs.leave(ONE.key(), "me/1")
    clock.now += 3
    state = jobs.state(FOUR, "you/1")
    assert state is not None
    assert state.phase != "waiting"
    assert jobs.state(THREE, "me/3") == State("waiting", total=8)


def test_of_those_who_have_as_much_under_way_the_shorter_work_comes_first(
    made: Callable[..., Jobs],
) -> None:
    jobs = made(DROPS, slots=1)
    for request, watcher in ((FIRST_LOOK, "me"), (FIRST_LOOK_OF_THREE, "you"), (CLASS, "them")):
        jobs.start(request, watcher)
    jobs.leave(FIRST_LOOK.key(), "me")
    state = until(jobs, CLASS, lambda s: s is None or s.phase != "waiting")
    assert state is not None
    assert jobs.state(FIRST_LOOK_OF_THREE, "you") == State("waiting", total=6)


def test_a_further_look_makes_way_for_each_first_look_and_waits_again(made: Callable[..., Jobs]) -> None:
    jobs = made(DROPS, slots=2)
    for request, watcher in ((ONE, "me"), (TWO, "me"), (FIRST_LOOK, "you")):
        jobs.start(request, watcher)
    until(jobs, FIRST_LOOK, lambda s: s is not None and s.phase != "waiting")
    waiting = State("waiting", total=8)
    assert sorted(jobs.state(request, "me") == waiting for request in (ONE, TWO)) == [False, True]
    jobs.start(CLASS, "them")
    until(jobs, CLASS, lambda s: s is not None and s.phase != "waiting")
    assert [jobs.state(request, "me") for request in (ONE, TWO)] == [waiting, waiting]
    for request, watcher in ((FIRST_LOOK, "you"), (CLASS, "them")):
        jobs.leave(request.key(), watcher)
        jobs.leave(request.key(), "me")
    for request in (ONE, TWO):
        until(jobs, request, lambda s: s is not None and s.phase != "waiting")


def test_what_makes_way_is_waited_for_before_a_process_more_is_started(
    made: Callable[..., Jobs], clock: Clock
) -> None:
    jobs = made(SLOW_TO_DROP, slots=2)
    jobs.start(CLASS, "me")
    clock.now += SOON_S + 1  # long by now
    jobs.start(ONE, "you")
    jobs.start(FIRST_LOOK, "them")
    until(jobs, FIRST_LOOK, lambda s: s is not None and s.phase != "waiting")
    assert len(jobs._pool.workers) == 2


def test_a_server_that_ends_lets_work_under_way_end_for_a_while_and_begins_no_more(
    made: Callable[..., Jobs], folder: Path
) -> None:
    for code, within_s, cut in ((LATE, 20.0, 0), (FOREVER, 0.1, 1)):
        jobs = made(code, slots=1)
        jobs.start(ONE, "me")
        jobs.start(TWO, "you")
        assert jobs.running() == 1
        assert jobs.finish(within_s) == cut
        assert (jobs.running(), jobs._pool.workers, list(folder.iterdir())) == (0, [], [])


def test_the_real_worker_tells_what_is_wrong(clock: Clock) -> None:
    jobs = Jobs(clock=clock)
    try:
        jobs.start(WRONG, "me")
        state = until(jobs, WRONG, lambda s: s is not None and s.phase == "failed")
    finally:
        jobs.close()
    assert state is not None
    assert "allowed: none" in state.message["en"]
    assert "可填：none" in state.message["zh"]
