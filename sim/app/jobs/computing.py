"""What a worker does for each kind of request: what answer.json holds beside its head. Loads numba."""

import shutil
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim import storage
from sim.analysis.flow_matrix import AccountValue, LinkValue
from sim.analysis.repeats import FEWEST, luck_of
from sim.app.jobs import questions as asked
from sim.app.jobs import store
from sim.app.jobs.answer import joined, judged
from sim.app.jobs.measuring import measured
from sim.app.jobs.own_data import calibrating, foretelling, reading
from sim.app.jobs.pages import printing
from sim.app.jobs.replaying import replaying
from sim.app.jobs.request import (
    Adding,
    Asking,
    Comparing,
    Lesson,
    Measuring,
    Repeating,
    Request,
    Running,
    Timing,
    Valuing,
)
from sim.errors import DamagedError, RunError
from sim.experiment import accounts, review
from sim.experiment.beside import Beside
from sim.experiment.compare import Comparison, by_metric, compare_variants
from sim.experiment.forecast import worth
from sim.experiment.replicate import Job, cores, leaves_python, replicate
from sim.experiment.size import refuse_too_large
from sim.experiment.variants import Variant
from sim.experiment.why import why
from sim.hour.run import Run
from sim.language.vocabulary import METRICS
from sim.mechanisms.topics import TopicHeat
from sim.platform.baseline import baseline
from sim.platform.hits import hit_mark
from sim.rules.pools import RATIO_CAP
from sim.scenario.schema import Scenario
from sim.simulation import Simulation
from sim.world.population import topic_names

Tick = Callable[[int, int], None]
REPEATED = ("planned_by", "post_number", "account", "published_hour", "impressions")
"""Of videos, what is kept of each repeat."""
CARRIED = ("visits", "impressions", "follows")
"""What is counted on a link, in the order of the tally's columns."""


def compared(request: Comparing) -> tuple[Variant, ...]:
    """What is compared, each small enough to be run beside others."""
    plan = request.plan()
    scenarios = [variant.of(plan) for variant in request.variants]
    _refuse_large(*scenarios)
    return tuple(
        Variant(v.name, v.label_zh, scenario, structure=v.structure or None)
        for v, scenario in zip(request.variants, scenarios, strict=True)
    )


def _refuse_large(*plans: Scenario) -> None:
    for plan in plans:
        refuse_too_large(plan, alone=False)


def comparing(request: Comparing, folder: Path, tick: Tick) -> dict[str, Any]:
    """Runs a comparison."""
    return judged(_launched(request, compared(request), folder, tick))


def _launched(request: Comparing, variants: tuple[Variant, ...], folder: Path, tick: Tick) -> Comparison:
    """Runs variants of a comparison and writes its files.

    Raises:
        KeyboardInterrupt: it was stopped.
    """
    robust = isinstance(request, asked.Doubting)
    found = compare_variants(variants, seeds=request.seeds, robust=robust, progress=tick)
    if found.stopped:
        raise KeyboardInterrupt
    found.write(folder)
    return found


def adding(request: Adding, folder: Path, tick: Tick) -> dict[str, Any]:
    """Runs what is new in a comparison at hand, which may be shipped; its replications alone are written."""
    answer = store.found(request.without())
    if answer is None:  # no longer kept
        return comparing(request, folder, tick)
    variants = compared(request)
    return joined(answer, _launched(request, variants[-1:], folder, tick), variants)


def explaining(request: asked.Explaining, folder: Path, tick: Tick) -> dict[str, Any]:
    """Shares the lead of the best out over groups of forces."""
    plan = request.plan()
    best = request.variants[0].of(plan)
    _refuse_large(best, *(other for _, other in request.against))
    found = why(best, request.against, plan, request.metric, seeds=request.seeds, progress=tick)
    return {"seeds": request.seeds, "why": [reason._asdict() for reason in found]}


def surveying(request: asked.Surveying, folder: Path, tick: Tick) -> dict[str, Any]:
    """Runs a comparison under the other platform models; the verdict of each, by metric."""
    told: dict[str, dict[str, Any]] = {metric: {} for metric in METRICS}
    ended = 0

    def further(done: int, total: int) -> None:
        tick(ended + done, request.runs)

    for model in request.models:
        variants = tuple(
            v._replace(scenario=v.scenario.with_values({"platform.model": model})) for v in compared(request)
        )
        found = compare_variants(variants, seeds=request.seeds, progress=further)
        for metric in METRICS:
            with suppress(RunError):  # it has no value here
                told[metric][model] = by_metric(found, metric).won()
        ended += request.runs // len(request.models)
    return {"platforms": told}


def budgeting(request: asked.Budgeting, folder: Path, tick: Tick) -> dict[str, Any]:
    """The best mix of each budget; its searches are kept, so that a stopped one goes on."""
    from sim.sweeps.budget import BudgetCurve, as_dict, curve  # optuna: nothing else here needs it

    plan, kept = request.plan(), store.begun_at(request)
    refuse_too_large(plan, alone=False)

    def partly(found: BudgetCurve) -> None:
        storage.write_json(kept / store.PARTIAL, as_dict(found))

    try:
        found = curve(
            plan, request.budgets, metric=request.metric, trials=request.trials, seeds=asked.SEARCH,
            fresh=asked.FRESH, out=kept, progress=tick, so_far=partly,
        )  # fmt: skip
    except DamagedError:
        shutil.rmtree(kept, ignore_errors=True)  # to ask again begins anew
        raise
    shutil.rmtree(kept, ignore_errors=True)
    return dict(as_dict(found))


def counting(request: asked.Counting, folder: Path, tick: Tick) -> dict[str, Any]:
    """How many accounts, for each way of sharing the posts out."""
    plan = request.plan()
    _refuse_large(*(v.scenario for v in accounts.variants(plan, asked.WAYS, asked.ACCOUNTS)))
    how: Any = {"ways": asked.WAYS, "counts": asked.ACCOUNTS, "seeds": asked.ACCOUNT_SEEDS}
    return dict(accounts.curves(plan, metric=request.metric, progress=tick, **how).as_dict())


def reviewing(request: asked.Reviewing, folder: Path, tick: Tick) -> dict[str, Any]:
    """What the plan would be without each of its accounts."""
    plan = request.plan()
    _refuse_large(*(v.scenario for v in review.variants(plan, request.accounts)))
    found = review.review(
        plan, accounts=request.accounts, metric=request.metric, seeds=asked.ACCOUNT_SEEDS, progress=tick
    )
    return dict(found.as_dict())


def running(request: Running, folder: Path, tick: Tick) -> dict[str, Any]:
    """Runs one scenario; keeps more beside its tables.

    What each link carried, and how hot topics were, by hour; how long fans stay; who saw two accounts.
    """
    plan = request.plan()
    refuse_too_large(plan, alone=True)
    simulation = Simulation(plan, request.seed, cores())
    edges = simulation.state.accounts.edges
    carried = np.zeros((len(edges), len(CARRIED)), np.int64)
    hours: list[pl.DataFrame] = []
    topics = [m for m in simulation.state.mechanisms if isinstance(m, TopicHeat) and m.at_work]
    beside = Beside(simulation)
    heat = [pl.DataFrame(schema={"hour": pl.Int64, "topic": pl.String, "heat": pl.Int64})]
    try:
        while simulation.running:
            simulation.advance()
            now = simulation.state.responder.tally().flows[: len(edges), : len(CARRIED)].copy()
            moved = np.flatnonzero((now != carried).any(axis=1))
            counts = dict(zip(CARRIED, (now - carried)[moved].T, strict=True))
            hour = np.full(moved.size, simulation.state.hour - 1, np.int64)
            hours.append(pl.DataFrame({"hour": hour, "edge": moved, **counts}))
            carried = now
            for mechanism in topics:
                warm = {"topic": topic_names(plan), "heat": mechanism.warmth}
                heat.append(
                    pl.DataFrame(warm).with_columns(hour=simulation.state.hour - 1).select(heat[0].columns)
                )
            beside.take()
            tick(simulation.state.hour, plan.run.hours)
        result, repeated = simulation.result(), _repeated(simulation.state)
        result.tables.update(beside.tables())
    finally:
        simulation.close()
    result.write(folder)
    schema = {"edge": pl.Int64, "from": pl.String, "to": pl.String, "channel": pl.String}
    ends = [(k, edge.source, edge.target, edge.channel) for k, edge in enumerate(edges)]
    names = pl.DataFrame(ends, schema=schema, orient="row")
    links = pl.concat(hours).join(names, on="edge", how="left", maintain_order="left")
    storage.write_parquet(folder / "links.parquet", links.drop("edge"))
    storage.write_parquet(folder / "heat.parquet", pl.concat(heat, how="vertical_relaxed"))
    scale = baseline(plan)
    return {
        "repeated": repeated,
        "summary": result.summary | {"hit_mark": hit_mark(plan)},
        "baseline": {"usual": scale.usual.tolist(), "weights": scale.weights.tolist(), "cap": RATIO_CAP},
    }


def _repeated(run: Run) -> dict[str, float]:
    """Share of the videos of each of the brand's accounts whose content another account had shown before."""
    authors = run.videos.rows["author"].tolist()
    shown: defaultdict[int, set[int]] = defaultdict(set)
    found: defaultdict[int, list[bool]] = defaultdict(list)
    for author, content in zip(authors, run.posts.contents[: len(authors)].tolist(), strict=True):
        found[author].append(bool(shown[content] - {author}))
        shown[content].add(author)
    own = np.flatnonzero(run.accounts.own).tolist()
    return {run.accounts.rows[k].id: float(np.mean(found[k])) for k in own if k in found}


def repeating(request: Repeating, folder: Path, tick: Tick) -> dict[str, Any]:
    """Runs the same posts again and again; keeps every post's views each time.

    The spread is that of posts from the first half of the run, which all had time to climb.
    """
    plan = request.plan()
    refuse_too_large(plan, alone=False)
    jobs = [Job(0, plan, request.seed + k) for k in range(request.repeats)]
    frames: list[pl.DataFrame] = []
    for job, result in replicate(jobs, want="result"):
        frames.append(result.videos.select(*REPEATED, pl.lit(job.seed, pl.Int64).alias("seed")))
        tick(len(frames), len(jobs))
    found = pl.concat(frames).sort("planned_by", "post_number", "seed")
    storage.write_parquet(folder / "repeats.parquet", found)
    early = found.filter(2 * pl.col("published_hour") <= plan.run.hours)["impressions"].to_numpy()
    answer: dict[str, Any] = {"luck": None}
    if early.size and request.repeats >= FEWEST:
        luck = luck_of(early.reshape(-1, request.repeats).T)
        bounded = {  # JSON knows no infinity
            name: [limit if np.isfinite(limit) else None for limit in getattr(luck, name)]
            for name in ("sd", "factor")
        }
        answer["luck"] = {**bounded, "share": luck.share, "videos": luck.videos}
    return answer


def timing(request: Timing, folder: Path, tick: Tick) -> dict[str, Any]:
    """Runs one scenario on one thread, as a sweep does, and takes the time."""
    plan = request.plan()
    refuse_too_large(plan, alone=True)
    simulation = Simulation(plan, plan.run.seed)
    try:
        while simulation.running:
            simulation.advance()
            tick(simulation.state.hour, plan.run.hours)
        summary = simulation.summary(digest=True)
    finally:
        simulation.close()
    return {"seconds": summary["seconds"], "workers": cores() if leaves_python(simulation) else 1}


def valuing(request: Valuing, folder: Path, tick: Tick) -> dict[str, Any]:
    """Reckons what each link, and all links of each account, are worth."""
    plan = request.plan()
    found = worth(plan, tick)
    for name, rows, kind in (
        ("link_values", found.links, LinkValue),
        ("account_values", found.accounts, AccountValue),
    ):
        numbers = {field: "visits" in field or "follows" in field for field in kind._fields}
        schema = {field: pl.Float64 if number else pl.String for field, number in numbers.items()}
        storage.write_parquet(folder / f"{name}.parquet", pl.DataFrame(rows, schema=schema, orient="row"))
    return {}


def lesson(request: Lesson, folder: Path, tick: Tick) -> dict[str, Any]:
    """Follows a class hour by hour; mesa is loaded by the first one that asks for it."""
    from sim.experiment.followed import followed

    return followed(request.plan(), request.seed, folder, tick)


def asking(request: Asking, folder: Path, tick: Tick) -> dict[str, Any]:
    """Follows the people of a shard through a run; mesa is loaded by the first one that asks for it."""
    from sim.experiment.replayed import replayed

    refuse_too_large(request.plan(), alone=True)
    return replayed(request.plan(), request.seed, request.shard, folder, tick)


COMPUTE: dict[type[Request], Callable[[Any, Path, Tick], dict[str, Any]]] = {
    Comparing: comparing, Adding: adding, Running: running, Repeating: repeating, Timing: timing,
    Valuing: valuing, Lesson: lesson, Measuring: measured, Asking: asking,
    asked.Explaining: explaining,
    asked.Doubting: comparing, asked.Surveying: surveying, asked.Budgeting: budgeting,
    asked.Counting: counting, asked.Reviewing: reviewing, asked.Reading: reading,
    asked.Calibrating: calibrating, asked.Foretelling: foretelling, asked.Replaying: replaying,
    asked.Printing: printing,
}  # fmt: skip
