"""Replications: one scenario under many seeds, several scenarios under the same seeds.

Takes scenarios and seeds; gives results as they come. Kernels release the GIL, so the workers are threads:
nothing is pickled, and people of one seed and the fans among them are made once and handed to every variant.
Small worlds are mostly Python, which one thread runs at a time: two of them at once would only take turns, at
a price, so they go one after the other. Seeds are numbered from the scenario's own. Inside a block of
`elsewhere` the runs are done by whoever it names, such as a cluster, with the same results.
"""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Lock, Semaphore
from typing import Any, Literal, NamedTuple

from sim.experiment.beside import Beside
from sim.interrupts import deferred
from sim.results import Result
from sim.scenario.layouts import with_layout
from sim.scenario.schema import Scenario
from sim.simulation import Engine, Simulation
from sim.world.population import Population, for_variant, populate

Watcher = Callable[[Simulation, Callable[[], bool]], Any]
"""Runs a simulation from its first hour until it ends or the second argument says that it is not wanted."""
Wanted = Literal["summary", "result"]
"""What is kept of a run: counts and warnings alone, or the tables too."""
APART = 1 / 3
"""Share of a run that leaves Python to other threads, above which two runs at once are quicker than one after
the other: on two cores 1.4 times as long at 0.2, 1.1 at 0.3, 0.8 at 0.4, 0.65 at 0.5, half at 0.8."""
APART_KINDS: set[tuple[float, ...]] = set()
"""Kinds of runs that were found above it in this process."""
LOOK_S = 0.1
"""How long interrupts wait at most while runs are waited for, beside the hour under way [s] (chosen)."""


class Job(NamedTuple):
    """One run to do."""

    variant: int
    scenario: Scenario
    seed: int


Elsewhere = Callable[[Sequence[Job], Wanted], Iterator[tuple[Job, Any]]]
"""Runs jobs where there is room for them; gives what `replicate` gives."""
_elsewhere: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)


@contextmanager
def elsewhere(runs: Elsewhere) -> Iterator[None]:
    """A block whose replications are done by `runs`; those that are watched hour by hour stay here."""
    before = _elsewhere.set(runs)
    try:
        yield
    finally:
        _elsewhere.reset(before)


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    scenario: Scenario,
    seed: int | None = None,
    *,
    engine: Engine = "columns",
    threads: int | None = None,
    gain: bool = False,
    beside: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """One run of a scenario.

    Args:
        scenario: what to simulate.
        seed: of the run; the scenario's own when left out.
        engine: 'columns' or 'agents'.
        threads: threads of the columns engine; all cores when left out. Results do not depend on it.
        gain: also runs with links cut, and fills `matrix_gain`.
        beside: also gives the tables of `Beside`, `overlap` and `retention`; by columns only.
        progress: called with (hours done, hours in all).
    Returns:
        The result.
    Raises:
        ScenarioError: the scenario cannot be run.
    Example:
        >>> run(Scenario(name="small").with_values({"audience.users": 5000, "run.hours": 2})).summary["hours"]
        2
    """
    seed = scenario.run.seed if seed is None else seed
    simulation, close = _started(scenario, seed, engine, threads or cores())
    total = scenario.run.hours
    more = Beside(simulation) if beside else None
    try:
        while simulation.running:
            simulation.advance()
            if more:
                more.take()
            if progress:
                progress(simulation.state.hour, total)
        result = simulation.result()
        if more:
            result.tables.update(more.tables())
    finally:
        close()
    if gain:
        cut = run(with_layout(scenario, "none"), seed, engine=engine, threads=threads)
        result.summary["matrix_gain"] = gain_of(result.summary["reach"], cut.summary["reach"])
    return result


def _started(
    scenario: Scenario, seed: int, engine: Engine, threads: int
) -> tuple[Simulation, Callable[[], None]]:
    """A run before its first hour, and what lets go of it; mesa is imported only where people are agents."""
    if engine == "columns":
        simulation = Simulation(scenario, seed, threads)
        return simulation, simulation.close
    from sim.model import MatrixModel

    model = MatrixModel(scenario, rng=seed, engine=engine)
    return model.simulation, model.close


def gain_of(reach: float, reach_without: float) -> float | None:
    """Reach with links over reach without, less 1; None where there is nothing to compare with."""
    return reach / reach_without - 1 if reach_without else None


class _Lending:
    """Populations and the fans among them, by audience and seed, kept until the last job that needs them."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._lock = Lock()
        self._wanted: dict[Any, int] = defaultdict(int)
        self._made: dict[Any, Population] = {}
        self._making: dict[Any, Lock] = defaultdict(Lock)
        for job in jobs:
            self._wanted[self._key(job)] += 1

    @staticmethod
    def _key(job: Job) -> Any:
        people, brand = job.scenario.audience, job.scenario.brand
        return job.seed, people.users, tuple(sorted(people.topics.items())), brand.interested_share

    def lend(self, job: Job) -> Population:
        """People of the job in their first state, its own to change."""
        key = self._key(job)
        with self._lock:
            making = self._making[key]
        with making:
            with self._lock:
                self._wanted[key] -= 1
                last = self._wanted[key] == 0
                made = self._made.pop(key, None) if last else self._made.get(key)
            if made is None:
                made = populate(job.scenario, job.seed)
                if not last:
                    made = made._replace(fans={})
                    with self._lock:
                        self._made[key] = made
            return for_variant(made, job.scenario, copy=not last)


def leaves_python(simulation: Simulation) -> bool:
    """Whether a run leaves Python to others for so long that two at once are quicker."""
    return 0 < APART * simulation.seconds < simulation.apart_s


def at_once(scenarios: Iterable[Scenario], workers: int | None) -> int | None:
    """How many runs of scenarios went on at a time, at most; None where they are done elsewhere.

    Asked after `replicate`, which looks while it runs.
    """
    if _elsewhere.get() is not None:
        return None
    return workers or (cores() if any(_kind(scenario) in APART_KINDS for scenario in scenarios) else 1)


def _seen_apart(simulation: Simulation) -> bool:
    """The same; noted for later runs if so."""
    if found := leaves_python(simulation):
        APART_KINDS.add(_kind(simulation.scenario))
    return found


def _kind(scenario: Scenario) -> tuple[float, ...]:
    """What runs that cost alike have in common: people, hours, accounts, posts a day."""
    accounts = scenario.accounts
    return scenario.audience.users, scenario.run.hours, len(accounts), sum(a.posts_per_day for a in accounts)


def replicate(
    jobs: Sequence[Job],
    *,
    workers: int | None = None,
    want: Wanted | Watcher = "summary",
) -> Iterator[tuple[Job, Any]]:
    """Runs jobs; gives (job, summary or result) as they end.

    Args:
        jobs: what to run; those of one seed should stand together, so that they share people.
        workers: runs at a time; when left out all cores, but one where runs are mostly Python.
        want: 'summary' for the counts and warnings alone, 'result' for the tables too; or who runs each job
            to its end and says what is kept of it.
    Yields:
        In order of ending. Closing the iterator stops what has not begun, and runs at the end of their hour.
    """
    away = _elsewhere.get()
    if away is not None and not callable(want):
        yield from away(jobs, want)
        return
    lending, unwanted = _Lending(jobs), Event()
    threads = workers or cores()
    begun = deque[Simulation](maxlen=threads)
    alone = workers is None and threads > 1 and not (jobs and _kind(jobs[0].scenario) in APART_KINDS)
    turns = Semaphore(1 if alone else threads)
    queue, taking = iter(jobs), Lock()

    def work() -> tuple[Job, Any] | None:
        with turns:  # whose turn it is takes the next job: one that was taken before could wait for ever
            with taking:
                job = next(queue)
            return None if unwanted.is_set() else (job, run_of(job))

    def run_of(job: Job) -> Any:
        simulation = Simulation(job.scenario, job.seed, population=lending.lend(job))
        begun.append(simulation)
        try:
            if callable(want):
                return want(simulation, unwanted.is_set)
            while simulation.running and not unwanted.is_set():
                simulation.advance()
            return simulation.result() if want == "result" else simulation.summary(warned=True)
        finally:
            simulation.close()

    with ThreadPoolExecutor(threads) as pool:
        waiting: set[Future[tuple[Job, Any] | None]] = set()
        left = len(jobs)
        try:
            while True:
                if alone and any(map(_seen_apart, tuple(begun))):
                    alone = False
                    turns.release(threads - 1)
                with deferred():  # the pool's own locks do not outlive an interrupt
                    for _ in range(min(left, 2 * threads - len(waiting))):
                        waiting.add(pool.submit(work))
                        left -= 1
                    done, _ = wait(waiting, LOOK_S, FIRST_COMPLETED)
                if not waiting:
                    return
                for future in done:
                    waiting.remove(future)
                    if (ended := future.result()) is not None:
                        yield ended
        finally:
            unwanted.set()
            for future in waiting:
                future.cancel()
