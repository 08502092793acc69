"""What long work says of itself before it ends."""

import pytest

from sim.commands.progress import Lines


def told(
    capsys: pytest.CaptureFixture[str], seconds: float, runs: int, *, seen: bool = False, pilot: float = 0.0
) -> list[str]:
    """What is said of runs that take so long each, after a pilot."""
    now = [100.0]
    lines = Lines(seen=seen, clock=lambda: now[0])
    now[0] += pilot
    for done in range(1, runs + 1):
        now[0] += seconds
        lines(done, runs)
    out = capsys.readouterr()
    assert out.out == ""
    return out.err.splitlines()


def test_long_work_says_before_it_is_done_how_long_it_will_last(capsys: pytest.CaptureFixture[str]) -> None:
    first, *rest = told(capsys, 0.34, 384)
    assert first == "384 runs at most, about 131 s"
    assert len(rest) == 4
    assert all(line.endswith(" s left") for line in rest)
    assert rest[0].startswith("93 of 384 runs, about 99 s")


def test_a_pilot_is_counted_once_and_not_with_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    """384 runs of 0.1 s after a pilot of 6 s were announced as 614 s."""
    assert told(capsys, 0.1, 384, seen=True, pilot=6.0) == ["384 runs at most, about 44 s"]


def test_short_work_says_nothing_and_a_bar_tells_the_rest_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, 0.01, 384) == []
    assert told(capsys, 0.34, 384, seen=True) == ["384 runs at most, about 131 s"]


def test_progress_before_any_run_has_ended_divides_by_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(seen=False, clock=lambda: 5.0)
    lines(0, 0)
    lines(0, 10)
    assert capsys.readouterr().err == ""
