"""Mixes run under seeds, each pair once; how many runs are done.

Takes a scenario and mixes; gives what counts by mix and seed. Keeps its runs in a file where it is told
to, so that stopped work goes on. Chooses nothing.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import storage
from sim.analysis.money import Money, money_of
from sim.experiment.replicate import Job, replicate
from sim.interrupts import deferred
from sim.results import check_metric, metric_value
from sim.scenario.layouts import with_layout
from sim.scenario.schema import Scenario
from sim.sweeps.money import Counts

LAUNCH = (
    "cost_cny", "gmv_cny", "orders", "new_fans", "profit_cny", "reach", "impressions", "outside_impressions",
)  # fmt: skip
"""Fields of a run's summary that its money is worked out from (analysis/money.py)."""
Floats = NDArray[np.float64]


class Mix(NamedTuple):
    """A layout and numbers of creators by tier, star to amateur."""

    layout: str
    counts: Counts


class Scorer:
    """Runs mixes under seeds, each pair once.

    Args:
        scenario: what is run.
        metric: what counts.
        workers: runs at a time.
    """

    def __init__(self, scenario: Scenario, metric: str, workers: int | None = None) -> None:
        check_metric(metric)
        self.scenario, self.metric, self.workers = scenario, metric, workers
        self.ran: Callable[[], None] = lambda: None
        """Called after each run."""
        self._known: dict[tuple[Mix, int], float] = {}
        self._launches: dict[tuple[Mix, int], dict[str, float]] = {}
        self._file: Path | None = None

    def keep(self, file: Path) -> None:
        """Takes the runs that a file has of the same study, and adds to it whatever is run from now on.

        A line that makes no sense, such as one that was cut off, is run again.
        """
        self._file, lines = file, list[str]()
        for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
            try:
                layout, counts, seed, value, launch = json.loads(line)
                run = Mix(str(layout), tuple(map(int, counts))), int(seed)
                self._known[run], self._launches[run] = (
                    float(value),
                    {key: float(n) for key, n in dict(launch).items()},
                )
            except (ValueError, TypeError):
                continue
            lines.append(f"{line}\n")
        storage.write_text(file, "".join(lines))

    def plan(self, mix: Mix) -> Scenario:
        """The scenario with a mix in place of its own layout and seeding."""
        values = {"seeding.ratio": mix.counts, "seeding.scale": 1.0, "seeding.budget_cny": None}
        return with_layout(self.scenario, mix.layout).with_values(values)

    def names(self, mix: Mix) -> tuple[str, ...]:
        """Whom a mix books, by name, of a price list of one's own; nobody in particular of a drawn market."""
        return (
            tuple(row.id for row in self.plan(mix).seeding.booked) if self.scenario.seeding.creators else ()
        )

    def table(self, mixes: Sequence[Mix], seeds: Sequence[int]) -> Floats:
        """The metric by mix and seed, shape (mixes, seeds)."""
        plans = [self.plan(mix) for mix in mixes]
        jobs = [
            Job(k, plans[k], seed)
            for seed in seeds
            for k in range(len(mixes))
            if (mixes[k], seed) not in self._known
        ]
        for job, summary in replicate(jobs, workers=self.workers):
            mix, value = mixes[job.variant], metric_value(self.metric, summary)
            launch = {key: summary[key] for key in LAUNCH if key in summary}
            self._known[mix, job.seed], self._launches[mix, job.seed] = value, launch
            if self._file is not None:
                with deferred(), self._file.open("a", encoding="utf-8") as file:
                    file.write(f"{json.dumps([*mix, job.seed, value, launch])}\n")
            self.ran()
        return np.array([[self._known[mix, seed] for seed in seeds] for mix in mixes])

    def money(self, mix: Mix, seeds: Sequence[int]) -> Money | None:
        """What a mix costs and brings in over seeds that it was run on; None where its runs do not say."""
        launches = [self._launches.get((mix, seed), {}) for seed in seeds]
        if not all(len(launch) == len(LAUNCH) for launch in launches):
            return None
        return money_of(launches, self.scenario.brand)


class Counter:
    """Counts runs towards the most that there can be; a search that ends early jumps ahead.

    Args:
        total: most runs.
        progress: called with (runs done, runs at most).
    """

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def one(self) -> None:
        """A run is done."""
        self.to(self.done + 1)

    def to(self, done: int) -> None:
        """So many are done, or no longer needed."""
        self.done = min(max(done, self.done), self.total)
        if self.progress:
            self.progress(self.done, self.total)
