"""One run over two worker processes and in one: the same digest, what crosses, what each process holds.

    python -m benchmarks.split [dense|sparse] [PEOPLE] [HOURS] [ROUNDS]

starts a Dask scheduler and two workers of one thread on this machine, and runs the workload in
one process (on one thread and on two) and over the workers, in turn. Needs the cluster extra.
Bytes are those of our letters; those on the wire are counted at the loopback interface, so
whatever else uses it meanwhile counts too. Not a part of `python -m benchmarks`.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.processes import ROOT, WARMING_USERS, memory_line

WORKERS = 2


def client_of(address: str) -> Any:
    """A Dask client of the scheduler at an address."""
    import distributed

    known: Any = distributed  # half of it is untyped
    return known.Client(address, timeout=60, set_as_default=False)


@contextmanager
def cluster() -> Iterator[str]:
    """A scheduler and its workers; the address."""
    address = f"tcp://127.0.0.1:{20_000 + os.getpid() % 20_000}"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    host, port = address.removeprefix("tcp://").split(":")
    listen = ("--host", host, "--port", port, "--no-dashboard")
    words = [sys.executable, "-m", "distributed.cli.dask_scheduler", *listen]
    started = [subprocess.Popen(words, **quiet)]
    for _ in range(WORKERS):
        words = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
        started.append(subprocess.Popen([*words, "--no-dashboard", "--no-nanny"], **quiet))
    try:
        with client_of(address) as client:
            client.wait_for_workers(WORKERS, timeout=60)
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def held(address: str) -> list[int]:
    """What each worker has held at its peak [bytes]."""
    with client_of(address) as client:
        return sorted(client.run(memory_line, "VmHWM").values())


def worked(side: str) -> list[float]:
    """Processor seconds so far: of this process, then of each worker on the cluster at an address."""
    if ":" not in side:
        return [time.process_time()]
    with client_of(side) as client:
        return [time.process_time(), *dict(sorted(client.run(time.process_time).items())).values()]


def on_the_wire() -> int:
    """Bytes over the loopback interface so far; 0 where the system does not tell."""
    try:
        lines = Path("/proc/net/dev").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.strip().startswith("lo:")), 0)


def child(side: str, workload: str, users: int, hours: int) -> None:
    """One run in this process: over the cluster at an address, or here on so many threads."""
    from benchmarks import workloads
    from sim.experiment.replicate import run
    from sim.sweeps.cluster import run_over

    def once(people: int, length: int) -> Any:
        scenario = getattr(workloads, workload)(people, length)
        return run_over(side, scenario, 1) if ":" in side else run(scenario, 1, threads=int(side))

    once(WARMING_USERS, 2)
    before = worked(side)
    wire, started = on_the_wire(), time.perf_counter()
    result = once(users, hours)
    found = {
        "seconds": time.perf_counter() - started,
        "wire": on_the_wire() - wire,
        "processor": [round(end - begin, 2) for begin, end in zip(before, worked(side), strict=True)],
        "peak_bytes": memory_line("VmHWM"),
        "digest": result.digest,
        "impressions": result.summary["impressions"],
        "split": result.provenance.get("split"),
    }
    sys.stdout.write(json.dumps(found))


def alone(*words: str) -> dict[str, Any]:
    """What a process of its own found."""
    run = [sys.executable, "-m", "benchmarks.split", "child", *words]
    done = subprocess.run(run, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(workload: str, users: int, hours: int, rounds: int) -> dict[str, Any]:
    """Both sides, round by round, each round with a fresh cluster."""
    sides: dict[str, list[dict[str, Any]]] = {"1 thread": [], "2 threads": [], "2 workers": []}
    peaks: list[int] = []
    size = (workload, str(users), str(hours))
    for _ in range(rounds):
        sides["1 thread"].append(alone("1", *size))
        sides["2 threads"].append(alone("2", *size))
        with cluster() as address:
            sides["2 workers"].append(alone(address, *size))
            peaks = held(address)
    runs = [run for found in sides.values() for run in found]
    one, over = sides["1 thread"][0], sides["2 workers"][0]
    return {
        "workload": workload,
        "users": users,
        "hours": hours,
        "impressions": one["impressions"],
        "equal_digests": len({run["digest"] for run in runs}) == 1,
        "load": round(os.getloadavg()[0], 1),
        "seconds": {side: round(median(run["seconds"] for run in found), 2) for side, found in sides.items()},
        "processor_seconds": {side: found[-1]["processor"] for side, found in sides.items()},
        "mib": {
            "one process": one["peak_bytes"] >> 20,
            "coordinator": over["peak_bytes"] >> 20,
            "workers": [peak >> 20 for peak in peaks],
        },
        "bytes_per_hour": over["split"]["bytes_per_hour"],
        "wire_bytes_per_hour": round(min(run["wire"] for run in sides["2 workers"]) / hours),
        "split": over["split"],
    }


def main(workload: str = "dense", users: str = "4000000", hours: str = "24", rounds: str = "1") -> None:
    """Prints what was found, as JSON."""
    print(json.dumps(measured(workload, int(users), int(hours), int(rounds)), indent=2))


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main(*sys.argv[1:])
