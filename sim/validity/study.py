"""All facts under all platform models, and the controls: the runs, and what is found in them.

Takes a size and platform models; gives a `Study`. Runs of one seed stand together, so that they share people;
what a run leaves is measured when all of its world's are there, and then let go.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.experiment.replicate import Job, replicate
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.schema import Scenario
from sim.validity.controls import INVENTED, SIMULATED, invented, simulated
from sim.validity.facts import Fact, facts
from sim.validity.measures import MEASURES
from sim.validity.verdicts import Finding, finding
from sim.validity.watch import Sample, watched
from sim.validity.worlds import SAMPLED_AS, WORLDS, Size

Progress = Callable[[int, int], None]
Values = Mapping[str, Any]


class Task(NamedTuple):
    """Runs that are measured together."""

    facts: tuple[Fact, ...]
    model: str
    """a platform model; '' for a control"""
    control: str
    """its name; '' for a platform model"""
    scenarios: tuple[Scenario, ...]


class Study(NamedTuple):
    """What was found."""

    size: Size
    models: tuple[str, ...]
    plain: Mapping[tuple[str, str], Finding | None]
    """by fact and model"""
    controls: Mapping[str, Mapping[str, Finding | None]]
    """by control and fact"""


def study(size: Size, models: Sequence[str] = PLATFORM_MODELS, progress: Progress | None = None) -> Study:
    """Runs everything and measures it.

    Args:
        size: how large.
        models: platform models.
        progress: called with (runs done, in all).
    """
    work = tasks(size, models)
    values = _measured(work, size.seeds, progress)
    found = {
        (task.model or task.control, fact.id): finding(fact, values[k, fact.id])
        for k, task in enumerate(work)
        for fact in task.facts
    }
    plain = {(fact, name): own for (name, fact), own in found.items() if name in models}
    controls = {
        name: {fact: own for (told, fact), own in found.items() if told == name} for name in SIMULATED
    }
    return Study(size, tuple(models), plain, {**invented_controls(size.seeds), **controls})


def tasks(size: Size, models: Sequence[str]) -> list[Task]:
    """What is run: each world under each model, and the controls."""
    by_world: dict[str, list[Fact]] = {name: [] for name in WORLDS}
    for fact in facts():
        by_world[SAMPLED_AS.get(fact.world, fact.world)].append(fact)
    found = []
    for model in models:
        for name, made in WORLDS.items():
            plans = tuple(plan.with_values({"platform.model": model}) for plan in made(size))
            found.append(Task(tuple(by_world[name]), model, "", plans))
    mixed = tuple(by_world["mixed"])
    return [*found, *(Task(mixed, "", name, (simulated(name, size),)) for name in SIMULATED)]


def invented_controls(seeds: int) -> dict[str, dict[str, Finding | None]]:
    """What invented view counts give of the facts that view counts alone give."""
    pools = Scenario(name="any").platform.pools
    found: dict[str, dict[str, Finding | None]] = {}
    for name in INVENTED:
        samples = [invented(name, seed, pools) for seed in range(1, seeds + 1)]
        found[name] = {
            fact.id: finding(fact, measured(fact, [(sample,) for sample in samples]))
            for fact in facts()
            if fact.of_views
        }
    return found


def measured(fact: Fact, samples: Sequence[tuple[Sample, ...]]) -> list[float]:
    """A fact's values, one a seed; one for all seeds where it is pooled.

    Args:
        fact: which.
        samples: of its world, a tuple a seed.
    """
    measure = MEASURES[fact.id]
    if fact.pooled:
        return [measure([sample for own in samples for sample in own])]
    return [measure(own) for own in samples]


def _measured(
    work: Sequence[Task], seeds: int, progress: Progress | None
) -> dict[tuple[int, str], list[float]]:
    """Values by place of the task and fact; a task's samples are let go once they are measured."""
    jobs = [
        Job(k, plan, seed)
        for seed in range(1, seeds + 1)
        for k, task in enumerate(work)
        for plan in task.scenarios
    ]
    samples: dict[int, dict[tuple[int, int], Sample]] = {k: {} for k in range(len(work))}
    values: dict[tuple[int, str], list[float]] = {}
    for done, (job, sample) in enumerate(_runs(jobs), 1):
        place = next(n for n, plan in enumerate(work[job.variant].scenarios) if plan is job.scenario)
        own = samples[job.variant]
        own[job.seed, place] = sample
        if len(own) == seeds * len(work[job.variant].scenarios):
            parts = len(work[job.variant].scenarios)
            whole = [tuple(own[seed, n] for n in range(parts)) for seed in range(1, seeds + 1)]
            values |= {(job.variant, fact.id): measured(fact, whole) for fact in work[job.variant].facts}
            own.clear()
        if progress:
            progress(done, len(jobs))
    return values


def _runs(jobs: Sequence[Job]) -> Iterator[tuple[Job, Sample]]:
    yield from replicate(jobs, want=watched)
