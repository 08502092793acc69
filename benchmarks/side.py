"""The command `python -m benchmarks.side`: runs one after the other, two at once, and as `replicate` chooses.

Takes nothing; gives a row a world: the share of a run that leaves Python to other threads, and seconds of all runs
each way, by the clock and of the processor: medians of rounds in which the ways come in turn.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Annotated

import typer

from benchmarks import workloads
from sim.experiment.replicate import APART_KINDS, Job, replicate
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped
from sim.simulation import Simulation
from sim.warm import warm


def ours(name: str, **settings: int) -> Scenario:
    """A shipped scenario, with other keys of its audience."""
    return Scenario.load(shipped()[name]).with_values({f"audience.{key}": n for key, n in settings.items()})


WORLDS: dict[str, Callable[[], Scenario]] = {
    "classroom": lambda: ours("classroom"),
    "beauty_matrix 2e5": lambda: ours("beauty_matrix", users=200_000),
    "beauty_matrix 2e6": lambda: ours("beauty_matrix", users=2_000_000),
    "campaign 1e6": lambda: workloads.campaign(1_000_000),
    "dense 1e5": lambda: workloads.dense(100_000),
    "dense 1e6": lambda: workloads.dense(1_000_000),
}
WAYS: dict[str, int | None] = {"one after the other": 1, "two at once": 2, "left to choose": None}


def timed(plan: Scenario, runs: int, workers: int | None) -> tuple[float, float]:
    """Seconds of all runs, by the clock and of the processor."""
    APART_KINDS.clear()  # what is learned of a world is learned anew
    clock, busy = time.perf_counter(), time.process_time()
    for _ in replicate([Job(0, plan, seed) for seed in range(1, runs + 1)], workers=workers):
        pass
    return time.perf_counter() - clock, time.process_time() - busy


def apart(plan: Scenario) -> float:
    """Share of a run that leaves Python to other threads; compiles what is missing."""
    Simulation(plan, 1).finish().close()
    simulation = Simulation(plan, 2).finish()
    simulation.close()
    return simulation.apart_s / simulation.seconds


def main(
    runs: Annotated[int, typer.Option(help="Runs a way and round.")] = 6,
    rounds: Annotated[int, typer.Option(help="Rounds.")] = 3,
) -> None:
    """Runs beside one another, on threads."""
    warm()
    typer.echo("| world | left to others | " + " | ".join(WAYS) + " |\n| --- |" + " --- |" * (1 + len(WAYS)))
    for name, world in WORLDS.items():
        plan, share = world(), apart(world())
        took = [[timed(plan, runs, workers) for workers in WAYS.values()] for _ in range(rounds)]
        cells = [
            f"{median(clock for clock, _ in rows):.2f} s ({median(busy for _, busy in rows):.2f})"
            for rows in zip(*took, strict=True)
        ]
        typer.echo(f"| {name} | {share:.2f} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    typer.run(main)
