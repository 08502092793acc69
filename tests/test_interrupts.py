import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

import pytest

from sim import MatrixModel, Scenario, interrupts
from sim.experiment import replicate
from sim.experiment.replicate import Job
from sim.interrupts import SIGNALS, act, deferred, terminable
from sim.simulation import Simulation

Heard = list[int]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Signals that a handler of ours has heard; it raises nothing."""
    found: Heard = []

    def hear(number: int, frame: FrameType | None) -> None:
        assert frame is not None
        found.append(number)

    before = {number: signal.signal(number, hear) for number in SIGNALS}
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


@deferred()
def struck(numbers: Iterable[int], then: Callable[[], object] = bool) -> None:
    """Work during which signals come, and which ends somehow."""
    for number in numbers:
        signal.raise_signal(number)
    then()


def fail() -> None:
    raise ValueError("odd")


def test_a_signal_waits_until_the_block_ends(heard: Heard) -> None:
    own = signal.getsignal(signal.SIGINT)
    with deferred():
        signal.raise_signal(signal.SIGINT)
        assert heard == []
    assert heard == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is own


def test_a_function_waits_too(heard: Heard) -> None:
    @deferred()
    def work(number: int) -> list[int]:
        signal.raise_signal(number)
        return list(heard)

    assert [work(number) for number in SIGNALS] == [list(SIGNALS[:k]) for k in range(len(SIGNALS))]


def test_of_blocks_within_blocks_the_outermost_counts(heard: Heard) -> None:
    with deferred():
        mine = signal.getsignal(signal.SIGINT)
        with deferred():
            assert signal.getsignal(signal.SIGINT) is mine
            signal.raise_signal(signal.SIGINT)
        assert heard == []
        with pytest.raises(ValueError, match="odd"):
            struck([], fail)
        signal.raise_signal(SIGNALS[1])
    assert heard == [signal.SIGINT, SIGNALS[1]]


def test_a_signal_that_comes_often_is_heard_once(heard: Heard) -> None:
    with deferred():
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
    assert heard == [signal.SIGINT]


def test_ctrl_c_comes_after_the_block_and_is_gone_then() -> None:
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        struck([signal.SIGINT], lambda: done.append(1))
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with deferred():
        pass


def test_an_exception_of_the_block_is_the_context_of_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt) as raised:
        struck([signal.SIGINT], fail)
    assert isinstance(raised.value.__context__, ValueError)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_exception_of_the_block_stays_itself_without_an_interrupt(heard: Heard) -> None:
    own = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="odd"):
        struck([], fail)
    assert signal.getsignal(signal.SIGINT) is own


def test_a_handler_that_raises_does_not_silence_the_others(heard: Heard) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the fixture puts back what there was
    with pytest.raises(KeyboardInterrupt):
        struck([signal.SIGINT, SIGNALS[1]])
    assert heard == [SIGNALS[1]]


def test_a_handler_that_the_block_sets_stays(heard: Heard) -> None:
    with deferred():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_default_and_what_is_ignored_are_left_alone(heard: Heard) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(SIGNALS[1], signal.SIG_DFL)
    with deferred():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert signal.getsignal(SIGNALS[1]) is signal.SIG_DFL


def test_a_handler_set_from_c_is_left_alone(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts._signal, "getsignal", lambda number: None)  # what Python says of one
    with deferred():
        signal.raise_signal(signal.SIGINT)
        assert heard == [signal.SIGINT]
    assert heard == [signal.SIGINT]


def test_other_threads_do_nothing(heard: Heard) -> None:
    found: list[object] = []

    def work() -> None:
        with deferred():
            found.append(signal.getsignal(signal.SIGINT))
            act()

    own = signal.getsignal(signal.SIGINT)
    other = threading.Thread(target=work)
    other.start()
    other.join()
    assert found == [own]


def test_another_thread_does_not_end_the_main_threads_block(heard: Heard) -> None:
    with deferred():
        other = threading.Thread(target=deferred()(act))
        signal.raise_signal(signal.SIGINT)
        other.start()
        other.join()
        assert heard == []
    assert heard == [signal.SIGINT]


def test_a_block_that_waits_may_let_signals_act(heard: Heard) -> None:
    with deferred():
        act()
        signal.raise_signal(signal.SIGINT)
        act()
        assert heard == [signal.SIGINT]
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))
        signal.raise_signal(SIGNALS[1])
        assert heard == [signal.SIGINT]
    assert heard == [signal.SIGINT, SIGNALS[1]]
    act()
    assert heard == [signal.SIGINT, SIGNALS[1]]


def test_a_handler_that_raises_while_others_are_put_back_leaves_all_of_them_back(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [signal.getsignal(number) for number in SIGNALS]
    put = interrupts._signal.signal
    again = iter([True])

    def slow(number: int, handler: object) -> None:
        put(number, handler)
        if handler is own[0] and next(again, False):
            raise KeyboardInterrupt  # SIGINT is back, the others are not yet

    with pytest.raises(KeyboardInterrupt):
        struck([SIGNALS[1]], lambda: monkeypatch.setattr(interrupts._signal, "signal", slow))
    monkeypatch.undo()
    assert [signal.getsignal(number) for number in SIGNALS] == own
    assert heard == [SIGNALS[1]]


@pytest.mark.skipif(sys.platform == "win32", reason="processes get no SIGTERM there")
def test_sigterm_ends_work_as_ctrl_c_does_and_is_told_apart() -> None:
    with terminable() as status:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert status() == 130
        with pytest.raises(KeyboardInterrupt), deferred():
            signal.raise_signal(signal.SIGTERM)
        assert status() == 143
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_who_listens_to_sigterm_goes_on_listening(heard: Heard) -> None:
    with terminable():
        signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]


DROPPED = """
import signal, time
from sim.interrupts import terminable

class Closing:
    def __del__(self):
        signal.raise_signal(signal.{name})

with terminable() as status:
    try:
        Closing()
        print("dropped", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        print(status())
"""


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_interrupt_that_python_drops_comes_again(name: str, status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DROPPED.format(name=name)],
        capture_output=True, encoding="utf-8", timeout=50, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["dropped", str(status)], "")


def test_what_else_python_drops_is_still_told() -> None:
    class Closing:
        def __del__(self) -> None:
            raise ValueError("odd")

    before, told = sys.unraisablehook, []
    sys.unraisablehook = told.append
    try:
        with terminable():
            Closing()
            assert [type(dropped.exc_value) for dropped in told] == [ValueError]
        assert sys.unraisablehook == told.append
    finally:
        sys.unraisablehook = before


def test_an_interrupted_hour_is_a_whole_one() -> None:
    plan = Scenario.load("classroom")
    calm, model = MatrixModel(plan, seed=1), MatrixModel(plan, seed=1)
    respond, times = model.run_state.responder.respond, iter(range(1000))

    def interrupted(*given: Any) -> Any:
        if next(times) % 3 == 0:
            signal.raise_signal(signal.SIGINT)
        return respond(*given)

    model.run_state.responder.respond = interrupted  # type: ignore[method-assign]
    caught = 0
    for _ in range(plan.run.hours):
        try:
            model.step()
        except KeyboardInterrupt:
            caught += 1
    assert caught == plan.run.hours // 3
    assert model.result().digest == calm.finish().digest


def test_runs_in_threads_end_with_their_hour_when_nobody_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in a comparison does not wait for runs that are under way."""
    plan = Scenario.load("classroom").with_values({"run.hours": 2000})
    begun = threading.Event()
    hours: list[int] = []

    class Watched(Simulation):
        def advance(self) -> None:
            super().advance()
            hours.append(self.state.hour)
            begun.set()

    def interrupt() -> None:
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    other = threading.Thread(target=interrupt)
    other.start()
    monkeypatch.setattr(replicate, "Simulation", Watched)
    with pytest.raises(KeyboardInterrupt):
        list(replicate.replicate([Job(0, plan, seed) for seed in range(400)], workers=2))
    other.join()
    assert max(hours) < plan.run.hours
