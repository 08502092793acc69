"""A Dask cluster gives the tables of one machine: of a sweep, also when a worker dies, and of a large run."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from sim import Scenario, cli, run
from sim import sweep as run_sweep
from sim.cli import main
from sim.errors import RunError, UsageError
from sim.sweeps.plan import load_sweep
from sim.sweeps.store import Store
from tests.sweeps.small import SCENARIO, SWEEP, written
from tests.sweeps.test_sweep import comparable

distributed = pytest.importorskip("distributed")
from sim.sweeps.cluster import run_over  # noqa: E402  needs distributed

MANY = SWEEP.replace("seeds = 2", "seeds = 12")  # 72 runs
SLOWER = SCENARIO.replace("users = 4_000", "users = 30_000").replace("hours = 6", "hours = 60")


@pytest.fixture
def scheduler():
    """A scheduler and two workers by hand, as docs/how-to/use-a-cluster.md starts them."""
    started = []

    def start(*words):
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        return started[-1]

    port = 20_000 + os.getpid() % 20_000
    address = f"tcp://127.0.0.1:{port}"
    start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
    workers = [start(*worker) for _ in range(2)]
    with distributed.Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, workers
    for process in reversed(started):
        process.kill()
        process.wait()


def test_one_worker_killed_midway_loses_nothing(tmp_path, scheduler):
    address, workers = scheduler
    plan = load_sweep(written(tmp_path, MANY, SLOWER))
    alone = run_sweep(plan, tmp_path / "alone", workers=2)
    seen = []

    def kill_one(done, total):
        seen.append(done)
        if workers[0].poll() is None and 0 < done < total:
            workers[0].send_signal(signal.SIGKILL)
            time.sleep(0.1)

    shared = run_sweep(plan, tmp_path / "shared", cluster=address, progress=kill_one)
    assert workers[0].poll() is not None
    assert shared.read().height == 72
    assert comparable(shared).equals(comparable(alone))


@pytest.mark.parametrize(
    "address",
    ["nonsense", "", "tcp://", "tcp://host", "tcp://host:port", "http://host:1", "host:99999", " a:1"],
)
def test_address_that_is_none_is_refused_before_any_work(tmp_path, capsys, address):
    plan = tmp_path / "s.toml"
    plan.write_text('scenario = "classroom"\n[vary]\n"run.hours" = [1, 2]\n')
    for words in (("sweep", str(plan)), ("run", "classroom")):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--cluster", address])
        assert ended.value.code == 2
        assert "is no address of a scheduler; allowed: tcp://host:port" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [plan]


def test_no_scheduler_is_one_message(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.sweeps.cluster.WAIT_S", 1)
    plan = load_sweep(written(tmp_path))
    with pytest.raises(UsageError, match="no scheduler answers"):
        run_sweep(plan, tmp_path / "store", cluster="tcp://127.0.0.1:9")
    assert Store(tmp_path / "store").read().is_empty()


LARGE = """
name = "large"
accounts = [{ id = "main", role = "main", fans = 900 }, { id = "one", fans = 500 }, { id = "two" }]
[audience]
users = 60_000
[platform]
pools = [400, 3_000, 13_500]
[links]
layout = "mesh"
visit_follow_probability = 0.3
[content.rates]
visit = 0.2
share = 0.05
[run]
hours = 24
"""


def command(capsys, *words):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    return stop.value.code, *capsys.readouterr()


def test_a_run_split_over_two_workers_is_that_of_one_machine_unless_one_dies(tmp_path, scheduler, capsys):
    address, workers = scheduler
    file = tmp_path / "large.toml"
    file.write_text(LARGE)
    alone = run(Scenario.load(file), gain=True)
    words = ("run", str(file), "--cluster", address, "--gain", "--lang", "en", "--out", str(tmp_path / "out"))
    code, said, _ = command(capsys, *words)
    assert code == 0
    assert alone.digest in said
    assert (
        json.loads((tmp_path / "out" / "summary.json").read_text())["matrix_gain"]
        == alone.summary["matrix_gain"]
    )
    split = json.loads((tmp_path / "out" / "provenance.json").read_text())["split"]
    assert split["shards"] == [[0, 2], [2, 4]]
    assert f"split over 2 workers: {split['bytes_per_hour']:,} bytes crossed an hour" in said
    assert 24 * 300 < split["bytes_to_workers"] + split["bytes_from_workers"] < 24 * 30_000

    with distributed.Client(address, timeout=60, set_as_default=False) as client:
        for worker, left, noticed in ((workers[0], 1, False), (workers[1], 0, True)):

            def kill(done, total, worker=worker, left=left, noticed=noticed):
                if done == 5:
                    worker.kill()
                    worker.wait()
                while done == 5 and noticed and len(client.nthreads()) > left:  # the scheduler before us
                    time.sleep(0.1)

            with pytest.raises(RunError, match=r"was lost .* start the run again"):
                run_over(address, Scenario.load(file), 1, progress=kill)
            while len(client.nthreads()) > left:
                time.sleep(0.1)
    assert command(capsys, "run", str(file), "--cluster", address)[::2] == (
        2,
        f"--cluster {address}: the scheduler has no workers\n",
    )
