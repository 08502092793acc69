"""What has to be measured in a process of its own: memory at its peak, and the time to start.

`python -m benchmarks.processes WORKLOAD USERS HOURS THREADS` runs one workload and prints a line
of JSON; `alone` starts that and reads it. Peak memory is the kernel's VmHWM, because the
figure of getrusage is inherited from the parent.
"""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
WARMING_USERS = 40_000  # room for the fans of the beauty scenario
LIMIT_BYTES = 20 << 30
"""What a run of 10⁸ people may take: the promise, also on a larger machine."""


def memory_line(key: str) -> int:
    """A line of this process's status file [bytes]: VmRSS now, VmHWM at the peak."""
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) << 10
    return 0


def _timed(words: Sequence[str], cache: Path) -> float:
    """Seconds of a process whose machine code and byte code lie in `cache`, whatever this one's settings are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**kept, "MATRIXSIM_CACHE": str(cache), "PYTHONPYCACHEPREFIX": str(cache / "bytecode")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def start_times(rounds: int, cache: Path) -> dict[str, float]:
    """Seconds of the interpreter alone, and beyond it of `import sim` and of `matrixsim --help`; first and second run.

    The empty folder `cache` holds machine code and byte code afterwards; the first run makes both, as after an install.
    """
    runs = ("-m", "sim.cli", "run", "classroom", "--json")
    first = _timed(runs, cache)
    second = median(_timed(runs, cache) for _ in range(max(1, rounds // 3)))
    sides = {"nothing": ("-c", "pass"), "import": ("-c", "import sim"), "help": ("-m", "sim.cli", "--help")}
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, words in sides.items():
            times[side].append(_timed(words, cache))
    base = median(times["nothing"])
    return {
        "interpreter": base,
        "import": median(times["import"]) - base,
        "help": median(times["help"]) - base,
        "first_run": first,
        "second_run": second,
    }


def alone(workload: str, users: int, hours: int, threads: int) -> dict[str, Any]:
    """One run in a fresh process; {"skipped": why} where it cannot fit or did not end well."""
    from benchmarks import workloads
    from sim.experiment.size import needed_bytes
    from sim.memory import free_bytes

    need = needed_bytes(getattr(workloads, workload)(users, hours), "columns")
    room = min(free_bytes(), LIMIT_BYTES)
    if need > room:
        return {"skipped": f"needs about {need / 2**30:.1f} GiB, {room / 2**30:.1f} GiB may be taken"}
    words = (workload, str(users), str(hours), str(threads))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.processes", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        return {"skipped": f"ended with status {done.returncode}: {last[0]}"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(workload: str, users: int, hours: int, threads: int) -> None:
    """The child: warms up on a small world, then runs the one asked for."""
    from benchmarks import workloads

    scenario = getattr(workloads, workload)
    workloads.measure(scenario(WARMING_USERS, 2), threads)
    gc.collect()
    base = memory_line("VmRSS")
    done = workloads.measure(scenario(users, hours), threads)
    print(json.dumps({**done._asdict(), "base_bytes": base, "peak_bytes": memory_line("VmHWM")}))


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:]))
