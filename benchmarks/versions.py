"""The command `python -m benchmarks.versions`: this checkout beside an older one, run in turn.

Takes the folder of another checkout with an environment of its own (`.venv`); gives a row a workload and
number of threads: nanoseconds an impression of both, and the ratio new over old with its interval over the
pairs. Each side is one process that has compiled before; sides alternate, and which goes first as well,
because the machine drifts. A change costs nothing where the interval's lower end is at most 1.03.

The forces that bound choices are off on both sides, as far as a version has them: without that, a version
from before them would do less. `--forces apart` leaves them on in the older one: with this checkout as
its own elder, that says what they cost.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer
from scipy import special

from benchmarks import workloads
from sim.scenario.schema import Scenario

ROOT = Path(__file__).parents[1]
ROUNDS = 11
LARGEST = 1.03
"""Lower end of the ratio's interval above which a version counts as slower."""
PLATFORM: dict[str, Any] = {
    "pools": [200, 3_000, 13_500, 125_000, 600_000, 2_500_000, 9_000_000, 30_000_000],
    "pass_share": [0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.15, 0.15],
    "weights": {"completion": 0.4, "like": 0.2, "comment": 0.15, "share": 0.15, "follow": 0.1},
}
"""What a workload leaves open, on both sides as it was before measured facts set it: else they would show different things."""
SHORT_S = 1.0
"""Shorter runs are done twice in each turn, and the second counts: the first meets caches that the other side,
or a neighbour of the machine while this one waited, has filled [s] (chosen)."""
SERVER = """
import json, sys, time
from sim import MatrixModel, Scenario
from sim.errors import ScenarioError

for line in sys.stdin:
    asked = json.loads(line)
    plan = Scenario.from_dict(asked["scenario"])
    for key, value in asked["values"].items():
        try:
            plan = plan.with_values({key: value})
        except ScenarioError:
            pass  # a version from before the key
    for _ in range(asked["times"]):
        started, busy = time.perf_counter(), time.process_time()
        model = MatrixModel(plan, rng=1, threads=asked["threads"])
        while model.simulation.running:
            model.advance()
        result = model.result()
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        model.close()
    counted = {"impressions": result.summary["impressions"], "digest": result.digest}
    print(json.dumps(counted | {"seconds": seconds, "busy": busy}), flush=True)
"""


class Workload(NamedTuple):
    """What is timed, and how often."""

    scenario: Callable[[], Scenario]
    rounds: int = ROUNDS


WORKLOADS = {
    "dense 1e5": Workload(lambda: workloads.dense(100_000)),
    "dense 1e6": Workload(lambda: workloads.dense(1_000_000)),
    "dense 1e7": Workload(lambda: workloads.dense(10_000_000)),
    "campaign 1e6": Workload(lambda: workloads.campaign(1_000_000)),
    "beauty 2e5": Workload(lambda: workloads.sparse(200_000, 168)),
    "beauty 1e6": Workload(lambda: workloads.sparse(1_000_000, 168)),
    "beauty 5e6": Workload(lambda: workloads.sparse(5_000_000, 168)),
}


class Side:
    """A checkout at work.

    Args:
        folder: of the checkout.
        cache: for its machine code.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        python = folder / ".venv" / "bin" / "python"
        if not python.exists():
            raise typer.BadParameter(f"{folder} has no environment: there is no {python}")
        self._process = subprocess.Popen(
            [str(python), "-c", SERVER],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder), "MATRIXSIM_CACHE": str(cache)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def run(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One run of a `scenario` with `values` on `threads`: wall and processor seconds, impressions, digest."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a side ended with status {self._process.wait()}")
        return dict(json.loads(line))

    def end(self) -> None:
        """Lets it go."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


class Row(NamedTuple):
    """A workload on so many threads [ns an impression, medians], and new over old."""

    workload: str
    threads: int
    old: float
    new: float
    ratio: float
    low: float
    high: float
    same: bool
    """whether both gave the same digest"""


class Forces(StrEnum):
    """On which sides the forces that bound choices are at work."""

    off = "off"
    on = "on"
    apart = "apart"


def paired(
    sides: tuple[Side, Side], name: str, threads: int, rounds: int, measure: str, forces: Forces = Forces.off
) -> Row:
    """Old and new in turn."""
    scenario = json.loads(WORKLOADS[name].scenario().model_dump_json(exclude_defaults=True))
    scenario["platform"] = PLATFORM | scenario.get("platform", {})
    at_work = (forces is not Forces.off, forces is Forces.on)
    asked = [
        {
            "scenario": scenario,
            "threads": threads,
            "times": 1,
            "values": {} if on else workloads.FORCES_OFF,
        }
        for on in at_work
    ]
    for which in (0, 1):
        sides[which].run(asked[which])  # first touch of memory, and what is compiled at first use
    longest = max(sides[which].run(asked[which])["seconds"] for which in (0, 1))
    for one in asked:
        one["times"] = 2 if longest < SHORT_S else 1
    times: list[list[float]] = [[], []]
    last: list[dict[str, Any]] = [{}, {}]
    for turn in range(rounds):
        for which in (0, 1) if turn % 2 else (1, 0):
            last[which] = sides[which].run(asked[which])
            times[which].append(last[which][measure] / last[which]["impressions"] * 1e9)
    old, new = (float(np.median(side)) for side in times)
    return Row(name, threads, old, new, *ratio(*times), last[0]["digest"] == last[1]["digest"])


def ratio(old: Sequence[float], new: Sequence[float]) -> tuple[float, float, float]:
    """New over old of paired times, with its 95 % limits.

    Source: Student's interval of the mean of log ratios.
    """
    logs = np.log(np.array(new) / np.array(old))
    half = special.stdtrit(logs.size - 1, 0.975) * logs.std(ddof=1) / np.sqrt(logs.size)
    at, low, high = (float(np.exp(logs.mean() + way * half)) for way in (0, -1, 1))
    return at, low, high


def main(
    old: Annotated[Path, typer.Argument(help="Folder of the older checkout, with its .venv.")],
    only: Annotated[str, typer.Option(help=f"Some of: {', '.join(WORKLOADS)}.")] = ",".join(WORKLOADS),
    threads: Annotated[str, typer.Option(help="Numbers of threads.")] = "1,2",
    rounds: Annotated[int, typer.Option(min=2, help="Pairs.")] = ROUNDS,
    busy: Annotated[
        bool, typer.Option("--busy", help="Processor time, for a machine that is not idle.")
    ] = False,
    forces: Annotated[
        Forces, typer.Option(help="Where the forces that bound choices are at work: apart: in the old only.")
    ] = Forces.off,
) -> None:
    """Time this checkout beside an older one."""
    names = [name.strip() for name in only.split(",")]
    if unknown := [name for name in names if name not in WORKLOADS]:
        raise typer.BadParameter(f"{unknown[0]!r} is no workload; allowed: {', '.join(WORKLOADS)}")
    with tempfile.TemporaryDirectory() as caches:
        sides = tuple(
            Side(folder, Path(caches) / kind) for kind, folder in (("old", old.resolve()), ("new", ROOT))
        )
        print("| workload | threads | old ns | new ns | new / old (95 %) | slower | same digest |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for name in names:
            for count in map(int, threads.split(",")):
                row = paired((sides[0], sides[1]), name, count, rounds, "busy" if busy else "seconds", forces)
                print(
                    f"| {name} | {count} | {row.old:.1f} | {row.new:.1f} | {row.ratio:.3f} "
                    f"({row.low:.3f} … {row.high:.3f}) | {'yes' if row.low > LARGEST else 'no'} "
                    f"| {'yes' if row.same else 'no'} |",
                    flush=True,
                )
        for side in sides:
            side.end()


if __name__ == "__main__":
    typer.run(main)
