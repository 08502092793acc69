"""The command `python -m benchmarks.platforms`: what an impression costs under each platform model.

Takes nothing; gives a row a workload and model: nanoseconds an impression, and the ratio to the ladder with
its interval over rounds. The models run in turn within a round, forwards and backwards, because the machine
drifts; each has run once before. Asked is at most 1.3 times the ladder.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Annotated

import numpy as np
import typer

from benchmarks import workloads
from benchmarks.versions import ratio
from sim import MatrixModel
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.schema import Scenario

WORKLOADS: dict[str, Callable[[], Scenario]] = {
    "dense 1e6": lambda: workloads.dense(1_000_000),
    "beauty 1e6": lambda: workloads.sparse(1_000_000, 336),
}
SEEDS = range(1, 5)
"""Launches: which model shows much hangs on luck, and an hour costs something whatever is shown in it."""
LADDER = PLATFORM_MODELS[0]


def timed(plan: Scenario, threads: int, *, busy: bool) -> tuple[float, int]:
    """Nanoseconds an impression over a few launches, and their impressions."""
    clock = time.process_time if busy else time.perf_counter
    shown, took = 0, 0.0
    for seed in SEEDS:
        started = clock()
        model = MatrixModel(plan, rng=seed, threads=threads)
        while model.simulation.running:
            model.advance()
        shown += model.result().summary["impressions"]
        took += clock() - started
        model.close()
    return took / shown * 1e9, shown


def main(
    rounds: Annotated[int, typer.Option(min=2)] = 7,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    busy: Annotated[
        bool, typer.Option("--busy", help="Processor time, for a machine that is not idle.")
    ] = False,
) -> None:
    """Time an impression under each platform model."""
    print("| workload | model | impressions | ns | over the ladder (95 %) |")
    print("| --- | --- | --- | --- | --- |")
    for name, scenario in WORKLOADS.items():
        plans = {model: scenario().with_values({"platform.model": model}) for model in PLATFORM_MODELS}
        shown = {model: timed(plan, threads, busy=busy)[1] for model, plan in plans.items()}
        times: defaultdict[str, list[float]] = defaultdict(list)
        for turn in range(rounds):
            for model in list(plans)[:: 1 if turn % 2 else -1]:
                times[model].append(timed(plans[model], threads, busy=busy)[0])
        for model in plans:
            at, low, high = ratio(times[LADDER], times[model])
            print(
                f"| {name} | {model} | {shown[model]:,} | {np.median(times[model]):.1f} | {at:.2f} ({low:.2f} … {high:.2f}) |"
            )


if __name__ == "__main__":
    typer.run(main)
