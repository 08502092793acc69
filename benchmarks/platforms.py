"""The command `python -m benchmarks.platforms`: what an impression costs under each platform model.

Takes nothing; gives a row a workload and model: nanoseconds an impression and milliseconds a run, each with its
ratio to the ladder and the interval of that over rounds; what a run costs beside its impressions; and the ratio
of runs that show as much as the ladder's. The models run in turn within a round, forwards and backwards, because
the machine drifts; each has run once before. Asked is at most 1.3 times the ladder.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy import special

from benchmarks import workloads
from benchmarks.versions import ratio
from sim import MatrixModel
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.schema import Scenario

WORKLOADS: dict[str, Callable[[], Scenario]] = {
    "dense 1e6": lambda: workloads.dense(1_000_000),
    "beauty 1e6": lambda: workloads.sparse(1_000_000, 336),
}
LADDER = PLATFORM_MODELS[0]
Floats = NDArray[np.float64]


def timed(plan: Scenario, threads: int, launches: int, *, busy: bool) -> tuple[Floats, Floats]:
    """Seconds and impressions of each launch; which model shows much hangs on luck."""
    clock = time.process_time if busy else time.perf_counter
    took, shown = np.empty(launches), np.empty(launches)
    for k in range(launches):
        started = clock()
        model = MatrixModel(plan, rng=k + 1, threads=threads)
        while model.simulation.running:
            model.advance()
        shown[k] = model.result().summary["impressions"]
        took[k] = clock() - started
        model.close()
    return took, shown


def beside(
    took: Mapping[str, Floats], shown: Mapping[str, Floats]
) -> dict[str, tuple[float, float, float, float]]:
    """By model, what a run takes beside its impressions, and how much more than the ladder's does: [s], with 95 % half-widths.

    Least squares over launches: a constant of each model, and one cost of an impression for all.
    """
    models = list(took)
    constants = np.repeat(np.eye(len(models)), [took[model].size for model in models], axis=0)
    design = np.column_stack([constants, np.concatenate([shown[model] for model in models])])
    times = np.concatenate([took[model] for model in models])
    found = np.linalg.lstsq(design, times, rcond=None)[0]
    free = times.size - found.size
    spread = ((times - design @ found) ** 2).sum() / free * np.linalg.inv(design.T @ design)
    reach = special.stdtrit(free, 0.975)

    def told(weights: Floats) -> tuple[float, float]:
        return float(weights @ found), float(reach * np.sqrt(weights @ spread @ weights))

    each = np.eye(found.size)
    ladder = each[models.index(LADDER)]
    return {model: (*told(each[k]), *told(each[k] - ladder)) for k, model in enumerate(models)}


def main(
    rounds: Annotated[int, typer.Option(min=2)] = 7,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    launches: Annotated[int, typer.Option(min=2, help="Of each model in a round.")] = 4,
    busy: Annotated[
        bool, typer.Option("--busy", help="Processor time, for a machine that is not idle.")
    ] = False,
) -> None:
    """Time an impression and a run under each platform model."""
    print(
        "| workload | model | impressions | ns | over the ladder | ms a run | over it | beside impressions | showing as much |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, scenario in WORKLOADS.items():
        plans: dict[str, Scenario] = {
            model: scenario().with_values({"platform.model": model}) for model in PLATFORM_MODELS
        }
        shown: dict[str, Floats] = {
            model: timed(plan, threads, launches, busy=busy)[1] for model, plan in plans.items()
        }
        times: defaultdict[str, list[Floats]] = defaultdict(list)
        for turn in range(rounds):
            for model in list(plans)[:: 1 if turn % 2 else -1]:
                times[model].append(timed(plans[model], threads, launches, busy=busy)[0])
        runs = {model: np.array(times[model]).mean(axis=1) for model in plans}
        least = {model: np.array(times[model]).min(axis=0) for model in plans}
        fixed, usual = beside(least, shown), least[LADDER].mean()
        for model in plans:
            mean = shown[model].mean()
            an_impression = spelt(ratio(runs[LADDER] / shown[LADDER].mean(), runs[model] / mean))
            own, half, more, wide = (1e3 * value for value in fixed[model])
            even = spelt(tuple(1.0 + part / 1e3 / usual for part in (more, more - wide, more + wide)))
            print(
                f"| {name} | {model} | {mean:,.0f} | {np.median(runs[model]) / mean * 1e9:.0f} | {an_impression} "
                f"| {np.median(runs[model]) * 1e3:.0f} | {spelt(ratio(runs[LADDER], runs[model]))} "
                f"| {own:.0f} ± {half:.0f} ms | {even} |"
            )


def spelt(found: tuple[float, ...]) -> str:
    """A ratio with its 95 % limits."""
    at, low, high = found
    return f"{at:.2f} ({low:.2f} … {high:.2f})"


if __name__ == "__main__":
    typer.run(main)
