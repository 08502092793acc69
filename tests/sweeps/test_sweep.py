"""Sweeps as a user runs them: nothing is lost to Ctrl-C or to killed processes, nothing counts twice."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim import run
from sim import sweep as run_sweep
from sim.sweeps.local import Coordinator, Crew
from sim.sweeps.plan import load_sweep
from sim.sweeps.run import ahead, pilots
from sim.sweeps.store import Store
from sim.sweeps.work import failed_row
from tests.command_line import matrixsim
from tests.sweeps.small import SCENARIO, SWEEP, own_cache, written

TIMINGS = ("seconds", "impressions_per_second")
KILLS = 4
HUNDREDS = SWEEP.replace("seeds = 2", "seeds = 5").replace(
    "levels = 2", "levels = 14"
)  # 3 x 14 x 5 = 210 runs
SLOWER = SCENARIO.replace("users = 4_000", "users = 30_000").replace("hours = 6", "hours = 60")


def comparable(store: Store) -> pl.DataFrame:
    return store.read().drop(*TIMINGS)


def command(folder: Path, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *words],
        env={**os.environ, "MATRIXSIM_CACHE": str(own_cache(folder))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def test_a_sweep_runs_whole_and_again_does_nothing(tmp_path):
    file = written(tmp_path)
    seen = []
    store = run_sweep(
        file, tmp_path / "store", workers=2, progress=lambda done, total: seen.append((done, total))
    )
    runs = store.read()
    assert runs.height == 12
    assert runs["status"].unique().to_list() == ["done"]
    assert seen[-1] == (12, 12)
    assert run_sweep(file, tmp_path / "store", resume=True).read().equals(runs)


def test_runs_of_a_sweep_are_those_of_run(tmp_path):
    store = run_sweep(written(tmp_path), tmp_path / "store", workers=1)
    plan = load_sweep(tmp_path / "sweep.toml")
    row = store.read().filter(pl.col("point") == 5, pl.col("seed") == 2).row(0, named=True)
    assert run(plan.scenario_at(plan.points[5]), 2).digest == row["digest"]


def test_a_failed_run_is_a_row_and_the_sweep_goes_on(tmp_path):
    # With 250 people the 300 fans of the main account do not fit: those runs fail, the others do not.
    text = SWEEP.replace(
        '"platform.targeting" = { low = 0.5, high = 2.0, levels = 2 }', '"accounts.main.fans" = [9, 300]'
    )
    plan = load_sweep(written(tmp_path, text.replace('["none", "star", "mesh"]', '["none"]')))
    small = replace(plan, scenario=plan.scenario.with_values({"audience.users": 250, "accounts.0.fans": 1}))
    runs = run_sweep(small, tmp_path / "store", workers=1).read()
    assert runs["status"].to_list() == ["done", "done", "failed", "failed"]
    assert "300 fans" in runs["error"][2]
    assert runs["reach"][2] is None


def test_failed_runs_are_run_again_only_when_asked_to(tmp_path):
    plan = load_sweep(written(tmp_path))
    store = Store(tmp_path / "store")
    store.begin(plan, resume=False)
    store.add([failed_row(job, "bad luck") for job in plan.jobs()[:3]], plan.axes)
    assert run_sweep(plan, tmp_path / "store", resume=True).read()["status"].to_list().count("failed") == 3
    again = run_sweep(plan, tmp_path / "store", retry_failed=True, workers=1)
    assert again.read()["status"].unique().to_list() == ["done"]
    assert again.read().height == 12


def test_two_coordinators_share_a_folder(tmp_path):
    file = written(tmp_path, SWEEP.replace("seeds = 2", "seeds = 12"), SLOWER)
    words = ("sweep", str(file), "--out", str(tmp_path / "store"), "--resume", "--workers", "1")
    both = [command(tmp_path, *words) for _ in range(2)]
    for one in both:
        _, told = one.communicate(timeout=120)
        assert one.returncode == 0, told
    store = Store(tmp_path / "store")
    assert store.read().height == 72
    parts = pl.concat([pl.read_parquet(part) for part in store.parts()], how="diagonal_relaxed")
    assert parts.height == 72  # no run was done twice


def test_ctrl_c_keeps_what_is_done(tmp_path):
    file = written(tmp_path, HUNDREDS, SLOWER)
    going = command(tmp_path, "sweep", str(file), "--out", str(tmp_path / "store"), "--workers", "2")
    store = Store(tmp_path / "store")
    deadline = time.monotonic() + 60
    while len(store.parts()) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    going.send_signal(signal.SIGINT)
    _, told = going.communicate(timeout=60)
    assert going.returncode == 130, told
    assert "Traceback" not in told
    kept = store.read().height
    assert 0 < kept < 210
    are = "is" if kept == 1 else "are"
    assert f"stopped; {kept} of 210 runs {are} kept in {store.address}; go on with --resume" in told


def test_ctrl_c_that_comes_twice_still_ends_the_workers(tmp_path, monkeypatch):
    plan = load_sweep(written(tmp_path))
    store = Store(tmp_path / "store")
    store.begin(plan, resume=False)
    close, asked = Crew.close, []

    def interrupted(*_):
        raise KeyboardInterrupt

    def closed(crew):
        asked.append(crew)
        if len(asked) == 1:
            raise KeyboardInterrupt
        close(crew)

    monkeypatch.setattr(Crew, "close", closed)
    with pytest.raises(KeyboardInterrupt):
        Coordinator(plan, store, 1, progress=interrupted).run()
    assert asked[0].stop.is_set()


def test_an_interrupted_sweep_goes_on_in_the_same_process(tmp_path):
    plan = load_sweep(written(tmp_path))

    def interrupted(done, _):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as held:  # as a notebook holds the last traceback, and all in it
        run_sweep(plan, tmp_path / "store", workers=1, progress=interrupted)
    again = run_sweep(plan, tmp_path / "store", workers=1, resume=True)
    assert again.read().height == 12
    assert held.tb is not None


def test_a_worker_that_dies_between_two_looks_is_replaced(tmp_path):
    plan = load_sweep(written(tmp_path, HUNDREDS))
    store = Store(tmp_path / "store")
    store.begin(plan, resume=False)
    killed = []

    def kill_once(done, _):
        workers = list((work._crew.pool._processes or {}).values())
        if done and workers and not killed:
            workers[0].kill()
            killed.append(workers[0].pid)
            while not work._crew.pool._broken:  # as where the death falls between the reaping and a submit
                time.sleep(0.01)

    work = Coordinator(plan, store, 2, progress=kill_once)
    work.run()
    assert killed
    assert store.read().height == 210


def test_killed_workers_and_coordinators_lose_and_double_nothing(tmp_path):
    (tmp_path / "calm").mkdir()
    (tmp_path / "wild").mkdir()
    calm = run_sweep(written(tmp_path / "calm", HUNDREDS, SLOWER), tmp_path / "calm" / "store", workers=2)
    file, luck = written(tmp_path / "wild", HUNDREDS, SLOWER), np.random.default_rng(7)
    store = Store(tmp_path / "wild" / "store")
    kills = 0
    for _ in range(40):
        going = command(tmp_path, "sweep", str(file), "--out", store.address, "--workers", "2", "--resume")
        while going.poll() is None and kills < KILLS:
            time.sleep(luck.uniform(0.5, 2.5))
            workers = children(going.pid)
            victim = going.pid if luck.random() < 0.5 or not workers else int(luck.choice(workers))
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            kills += 1
        _, told = going.communicate(timeout=120)
        if going.returncode == 0:
            break
        assert going.returncode == -signal.SIGKILL, told
    assert kills == KILLS
    assert store.read().height == 210
    assert comparable(store).equals(comparable(calm))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sweep", "nowhere.toml"), "nowhere.toml"),
        (("query", "nowhere", "FROM runs"), "manifest"),
    ],
)
def test_wrong_input_is_one_message(tmp_path, words, told):
    done = matrixsim(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_what_lies_ahead_counts_pilots_beside_the_runs(tmp_path):
    """A layout moves no pilot, targeting does; each worker runs its own."""
    plan = load_sweep(written(tmp_path))
    assert (pilots(plan, 1), pilots(plan, 5)) == (2, 5)
    free = replace(plan, scenario=plan.scenario.with_values({"brand.gpm_cny": 0.0}))
    assert pilots(free, 5) == 0
    assert ahead(10, 9, 2, 1.0, 3, 4.0).seconds == (9 + 3 * 4) / 2
    seen = []
    run_sweep(plan, tmp_path / "store", workers=1, forecast=seen.append)
    assert seen[0].pilots == 2
