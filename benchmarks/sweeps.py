"""What a sweep costs beside its runs, and how fast its store answers.

Both sides do the same runs on two processes: the sweep with its store, and two bare processes
that each run half of them in a loop and keep the counts. Digests are taken on both sides,
because the store holds them. Rounds alternate.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

USERS, HOURS, WORKERS = 50_000, 48, 2
QUESTION = 'SELECT "links.layout", avg(reach), stddev(reach), count(*) FROM runs GROUP BY 1 ORDER BY 1'


def plan(runs: int) -> Any:
    """A sweep of so many runs of the beauty scenario, small."""
    from sim.scenario.schema import Scenario
    from sim.sweeps.plan import Design, checked

    scenario = Scenario.load("beauty_matrix").with_values({"audience.users": USERS, "run.hours": HOURS})
    return checked(
        scenario, {"links.layout": ["none", "star", "mesh", "ring"]}, Design(kind="grid"), runs // 4
    )


def bare(runs: int, part: int) -> None:
    """The child: every second run of the sweep, in a loop."""
    from sim.simulation import Simulation

    sweep = plan(runs)
    found = []
    for job in sweep.jobs()[part::WORKERS]:
        simulation = Simulation(sweep.scenario_at(job.values), job.seed)
        found.append(simulation.finish().summary(digest=True))
        simulation.close()
    sys.stdout.write(f"{len(found)}\n")


def efficiency(runs: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Seconds of both sides, by round, and what a run costs on top [s]."""
    from sim import sweep as run_sweep
    from sim.warm import warm

    warm()  # with --only sweep nothing has compiled yet, and the bare side would wait for it
    sides: dict[str, list[float]] = {"bare": [], "sweep": []}

    def by_hand() -> None:
        words = [sys.executable, "-m", "benchmarks.sweeps", str(runs)]
        both = [subprocess.Popen([*words, str(k)], stdout=subprocess.DEVNULL) for k in range(WORKERS)]
        if any(one.wait() for one in both):
            raise RuntimeError("a bare process failed")

    def by_sweep() -> None:
        run_sweep(plan(runs), folder / f"store-{number}", workers=WORKERS)

    for number in range(rounds):
        turn = [("bare", by_hand), ("sweep", by_sweep)]
        for side, work in turn if number % 2 else reversed(turn):  # who comes second finds a warmer machine
            started = time.perf_counter()
            work()
            sides[side].append(time.perf_counter() - started)
    mine, theirs = median(sides["sweep"]), median(sides["bare"])
    return {
        "runs": runs,
        "rounds": rounds,
        "seconds": {side: round(median(found), 3) for side, found in sides.items()},
        "efficiency": round(theirs / mine, 3),
        "overhead_ms_a_run": round(1000 * (mine - theirs) * WORKERS / runs, 2),
    }


def questions(rows: int, folder: Path) -> dict[str, Any]:
    """Seconds of a question over so many recorded runs."""
    from sim.sweeps.query import query
    from sim.sweeps.store import Store
    from sim.sweeps.work import row_of

    sweep = plan(4)
    row = row_of(sweep, sweep.jobs()[0])
    store = Store(folder / "large")
    store.begin(sweep, resume=False)
    luck = np.random.default_rng(1)
    layouts = sweep.axes[0].values
    part = 20_000
    for begin in range(0, rows, part):
        made = [
            row
            | {
                "job": str(k),
                "point": k,
                "links.layout": layouts[int(luck.integers(len(layouts)))],
                "reach": int(luck.integers(USERS)),
            }
            for k in range(begin, min(rows, begin + part))
        ]
        store.add(made, sweep.axes)
    found = query(store.address, QUESTION)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        found = query(store.address, QUESTION)
        times.append(time.perf_counter() - started)
    counted = int(found["count_star()"].sum())
    if counted != rows:
        raise RuntimeError(f"{counted} rows instead of {rows}")
    return {"rows": rows, "query_seconds": round(median(times), 3)}


if __name__ == "__main__":
    bare(int(sys.argv[1]), int(sys.argv[2]))
