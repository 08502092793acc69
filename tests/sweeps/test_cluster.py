"""A Dask cluster gives the tables that one machine gives, also when a worker dies midway."""

import os
import signal
import subprocess
import sys
import time

import pytest

from sim import sweep as run_sweep
from sim.errors import UsageError
from sim.sweeps.plan import load_sweep
from sim.sweeps.store import Store
from tests.sweeps.small import SCENARIO, SWEEP, written
from tests.sweeps.test_sweep import comparable

distributed = pytest.importorskip("distributed")
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


def test_no_scheduler_is_one_message(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.sweeps.cluster.WAIT_S", 1)
    plan = load_sweep(written(tmp_path))
    with pytest.raises(UsageError, match="no scheduler answers"):
        run_sweep(plan, tmp_path / "store", cluster="tcp://127.0.0.1:9")
    assert Store(tmp_path / "store").read().is_empty()
