import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.app.jobs.limit import LIMIT
from sim.app.pages.experiments import planning, sweeping
from sim.errors import RunError, ScenarioError, UsageError
from sim.kernels import cache_folder
from sim.sweeps import known
from sim.sweeps.plan import load_sweep
from sim.sweeps.store import Store
from tests.app.sweeps import failed, find, row, small, stored

FILE = """
scenario = "classroom"
seeds = 2
[design]
kind = "grid"
[vary]
"links.layout" = ["star", "mesh"]
"""
WAIT_S = 600
"""After so long a sweep hangs: compiling alone takes a minute or two where the machine is busy."""


@pytest.fixture(autouse=True)
def no_processes() -> Any:
    """What a test has begun is over when it ends."""
    yield
    for begun in sweeping._begun.values():
        if begun.process.poll() is None:
            os.killpg(begun.process.pid, signal.SIGKILL)
            begun.process.wait()
    sweeping._begun.clear()


def until(wanted: Any, note: known.Note) -> sweeping.Progress:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        progress = sweeping.look(note)
        if wanted(progress):
            return progress
        if progress.state not in sweeping.ACTIVE:
            break
        time.sleep(0.05)
    raise AssertionError(f"{progress}\n{sweeping.log(note)}")


def test_a_sweep_runs_in_a_process_of_its_own_stops_and_goes_on(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / cache_folder().name).symlink_to(cache_folder())
    monkeypatch.setattr(sweeping, "NICENESS", 1)  # other tests run beside this one
    monkeypatch.setattr(sweeping, "Note", partial(known.Note, workers=1))
    plan = planning.planned("classroom", None, "lhs", 80, 2, {"links.density": {"low": 0.1, "high": 1.0}})
    note = find(sweeping.begin(plan, "classroom"))
    assert note is not None
    assert sweeping.look(note).state == "starting"
    under_way = until(lambda p: p.done > 0, note)
    assert under_way.state == "running"
    assert under_way.total == 160
    process = sweeping._begun[note.key].process
    assert os.getsid(process.pid) == process.pid  # Ctrl-C for the server is not for it
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == sweeping.NICENESS
    sweeping.stop(note)
    stopped = until(lambda p: p.state not in sweeping.ACTIVE, note)
    assert stopped.state == "stopped", sweeping.log(note)
    assert 0 < stopped.done < 160
    sweeping.go_on(note)
    done = until(lambda p: p.state not in sweeping.ACTIVE, note)
    assert done.state == "done", sweeping.log(note)
    runs = sweeping.runs(note)
    assert runs.height == runs["job"].n_unique() == done.done == 160
    assert "160 runs" in sweeping.log(note)
    assert [n.key for n in sweeping.sweeps()] == [note.key]


def test_what_cannot_run_says_why(cache: Path) -> None:
    (cache / cache_folder().name).symlink_to(cache_folder())
    note = stored(cache, small(), ended=2)
    Path(note.file).write_text("scenario = 3")
    sweeping.go_on(note)
    broken = until(lambda p: p.state not in sweeping.ACTIVE, note)
    assert broken.state == "failed"
    assert "scenario" in broken.message
    assert broken.done == 2


def test_the_files_of_a_sweep_say_the_same_as_the_page(cache: Path, launched: list[Any]) -> None:
    plan = small()
    note = find(sweeping.begin(plan, "classroom"))
    assert note is not None
    assert load_sweep(note.file).identity() == plan.identity()
    assert note.by == "app"
    assert Path(note.folder).parent == (cache / "sweeps").resolve()
    assert [call[0] for call in launched] == [note]


def test_two_sweeps_of_one_moment_have_folders_of_their_own(cache: Path, launched: list[Any]) -> None:
    assert len({sweeping.begin(small(), "classroom") for _ in range(3)}) == 3


def test_a_sweep_of_the_command_line_appears_and_one_whose_folder_is_gone_does_not(cache: Path) -> None:
    note = stored(cache, small())
    assert sweeping.sweeps() == [note]
    shutil.rmtree(note.folder)
    assert sweeping.sweeps() == []


@pytest.mark.parametrize(("ended", "state"), [(24, "done"), (5, "stopped"), (0, "stopped")])
def test_how_far_a_sweep_is_comes_from_its_store(cache: Path, ended: int, state: str) -> None:
    progress = sweeping.look(stored(cache, small(), ended=ended))
    assert (progress.state, progress.done, progress.failed, progress.total) == (state, ended, 0, 24)


def test_failed_runs_count_as_ended(cache: Path) -> None:
    progress = sweeping.look(stored(cache, small(), errors={3: "bad luck"}))
    assert (progress.state, progress.done, progress.failed) == ("done", 23, 1)


def test_a_sweep_that_runs_elsewhere_is_watched_and_stopped(cache: Path) -> None:
    plan = small()
    note = stored(cache, plan, ended=3)
    with pytest.raises(KeyboardInterrupt), known.under_way(cache, note):
        watched_and_stopped(note, plan)
    assert sweeping.look(note).state == "stopped"


def watched_and_stopped(note: known.Note, plan: Any) -> None:
    assert sweeping.look(note).state == "running"
    Store(note.folder).add([row(job) for job in plan.jobs()[3:10]], plan.axes)
    assert sweeping.look(note).done == 10
    sweeping.stop(note)
    assert sweeping.look(note).state == "stopping"
    time.sleep(5)


def test_runs_that_were_counted_are_not_read_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = small()
    note = stored(cache, plan, ended=4)
    sweeping.look(note)
    Store(note.folder).add([failed(plan.jobs()[4], "bad luck")], plan.axes)
    read: list[Any] = []
    real = pl.read_parquet
    monkeypatch.setattr(pl, "read_parquet", lambda *a, **k: read.append(k) or real(*a, **k))
    for _ in range(3):
        assert (sweeping.look(note).done, sweeping.look(note).failed) == (4, 1)
    assert read == [{"columns": ["job", "status"]}]


def test_a_folder_that_was_begun_anew_is_counted_anew(cache: Path) -> None:
    note = stored(cache, small())
    assert sweeping.look(note).done == 24
    shutil.rmtree(note.folder)
    again = stored(cache, small(), ended=1)
    assert again.folder == note.folder
    assert sweeping.look(again).done == 1


def test_the_speed_is_told_once_workers_are_at_work() -> None:
    assert sweeping._speed(deque([(0.0, 0), (1.0, 1)])) is None
    assert sweeping._speed(deque([(0.0, 0), (1.0, 1), (9.0, 3)])) is None
    assert sweeping._speed(deque([(0.0, 0), (1.0, 1), (9.0, 3), (10.0, 13)])) == 10.0
    slow = deque([(0.0, 0), (1.0, 1), (9.0, 3), (1000.0, 13), (2000.0, 23)])
    assert sweeping._speed(slow) == 0.01  # the last two moments, however far apart


def test_a_text_names_no_file(cache: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('name = "secret"')
    for name in (str(secret), "../secret.toml", "/etc/passwd", ""):
        with pytest.raises(ScenarioError) as refused:
            planning.parsed(FILE.replace('"classroom"', f'"{name}"'))
        assert refused.value.problems[0].line == 2
    assert (
        planning.parsed(FILE)[1] == planning.parsed(FILE.replace("classroom", "scenarios/classroom.toml"))[1]
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "key"),
    [
        ('"links.layout"', '"links.laiout"', 7, "vary.links.laiout"),
        ("seeds = 2", "seeds = 0", 3, "seeds"),
        ('kind = "grid"', 'kind = "gird"', 5, "design.kind"),
        ('["star", "mesh"]', "[]", 7, "vary.links.layout"),
    ],
)
def test_what_is_wrong_in_a_text_has_its_line_and_key(before: str, after: str, line: int, key: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        planning.parsed(FILE.replace(before, after))
    problem = refused.value.problems[0]
    assert (problem.line, problem.key) == (line, key)


def test_own_links_give_way_where_the_layout_varies(cache: Path) -> None:
    from sim.app.jobs import drafts
    from sim.app.jobs.request import plan_of

    edges = {"links.layout": "custom", "links.edges": [("school", "team", "follow")]}
    name = drafts.keep(drafts.Version(plan_of("classroom").with_values(edges).to_toml()))
    assert len(planning.planned(name, None, "grid", 8, 1, {"links.layout": ["none", "star"]}).points) == 2


@pytest.mark.parametrize(
    ("vary", "allowed"),
    [
        ({"links.density": [0.5, 1.0]}, 2_000 * 96 * 4),
        ({"audience.users": [2_000, 8_000]}, 8_000 * 96 * 4),
        ({'audience."users"': [2_000, 8_000]}, 8_000 * 96 * 4),
        ({"run.hours": {"low": 50, "high": 200, "levels": 2}}, 2_000 * 200 * 4),
    ],
)
def test_a_shared_server_holds_sweeps_to_its_limit(
    vary: dict[str, Any], allowed: int, monkeypatch: pytest.MonkeyPatch, cache: Path, launched: list[Any]
) -> None:
    plan = small(vary, seeds=2)
    monkeypatch.setenv(LIMIT, str(allowed))
    sweeping.begin(plan, "classroom")
    monkeypatch.setenv(LIMIT, str(allowed - 1))
    with pytest.raises(RunError, match="this server allows"):
        sweeping.begin(plan, "classroom")
    with pytest.raises(RunError, match="this server allows"):
        sweeping.go_on(stored(cache, plan, ended=0))
    assert len(launched) == 1


def test_a_sweep_too_large_for_the_page_is_refused(cache: Path, launched: list[Any]) -> None:
    plan = planning.planned(
        "classroom", None, "lhs", 1_000_000, 2, {"links.density": {"low": 0.1, "high": 1}}
    )
    with pytest.raises(RunError, match="at most 100,000"):
        sweeping.begin(plan, "classroom")
    assert launched == []


def test_only_so_many_run_at_a_time(cache: Path, launched: list[Any]) -> None:
    for k in range(sweeping.MOST_BEGUN):
        process = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
        )
        sweeping._begun[str(k)] = sweeping._Begun(process)
    with pytest.raises(RunError, match="under way already"):
        sweeping.begin(small(), "classroom")
    for begun in sweeping._begun.values():
        begun.process.communicate(b"\n")
    sweeping.begin(small(), "classroom")


def test_a_sweep_whose_file_is_gone_cannot_go_on(cache: Path) -> None:
    note = stored(cache, small(), ended=3)
    Path(note.file).unlink()
    with pytest.raises(UsageError, match="gone"):
        sweeping.go_on(note)


def test_removing_takes_away_what_the_page_made_and_nothing_else(cache: Path, launched: list[Any]) -> None:
    foreign = stored(cache, small())
    sweeping.remove(foreign)
    assert sweeping.sweeps() == []
    assert Path(foreign.folder).is_dir()
    assert Path(foreign.file).is_file()
    note = find(sweeping.begin(small(), "classroom"))
    assert note is not None
    Store(note.folder).begin(small(), resume=False)
    sweeping.remove(note)
    assert list((cache / "sweeps").iterdir()) == []
    pretender = stored(cache, small(), name="pretender", by="app")
    sweeping.remove(pretender)
    assert Path(pretender.folder).is_dir()


def test_a_sweep_at_work_is_not_removed(cache: Path) -> None:
    note = stored(cache, small(), ended=3)
    with known.under_way(cache, note):
        sweeping.remove(note)
    assert sweeping.sweeps() == [note]


def test_a_question_sees_the_runs_and_nothing_else(cache: Path) -> None:
    note = stored(cache, small())
    assert sweeping.ask(note, "SELECT count(*) AS n FROM runs")["n"].to_list() == [24]
    for wild in (f"FROM read_text('{note.file}')", "COPY runs TO '/tmp/x.csv'", "SELEC", "INSTALL httpfs"):
        with pytest.raises(UsageError):
            sweeping.ask(note, wild)


def test_a_question_is_held_to_a_size_and_a_time(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = stored(cache, small())
    assert sweeping.ask(note, "SELECT * FROM range(1000000)").height == sweeping.MOST_ROWS
    monkeypatch.setattr(sweeping, "MOST_S", 0.2)
    begun = time.monotonic()
    with pytest.raises(UsageError, match="took longer"):
        sweeping.ask(note, "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")
    assert time.monotonic() - begun < 10


def test_a_forecast_grows_with_people_and_hours() -> None:
    plain = planning.forecast(small({"links.density": [0.5, 1.0]}, seeds=1), 1.0)
    large = planning.forecast(small({"audience.users": [2_000, 6_000]}, seeds=1), 1.0)
    assert plain.runs == large.runs == 2
    assert large.seconds == pytest.approx(2 * plain.seconds)
    assert plain.disk_bytes > 0
