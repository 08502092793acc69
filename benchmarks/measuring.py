"""The parts of the benchmark: each takes a plan and gives keys of the result and details.

What is compared runs in turn, several rounds, because the machine drifts; a ratio is one of
medians.
"""

import os
import platform
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.beside import Found, Say, cascade, installed, peers
from benchmarks.plan import Plan
from benchmarks.processes import alone, start_times


def start(plan: Plan, cache: Path, say: Say) -> Found:
    """Time to import, to help, to the first result and to the second."""
    say("start: first run with an empty cache, then a second, then imports")
    times = start_times(plan.start_rounds, cache)
    return {
        "import_seconds": round(times["import"], 3),
        "first_run_seconds": round(times["first_run"], 2),
        "second_run_seconds": round(times["second_run"], 2),
        "details": {"start": {name: round(value, 3) for name, value in times.items()}},
    }


def dense(plan: Plan, say: Say) -> Found:
    """Throughput of the whole model by people and threads, beside the ceiling."""
    from benchmarks import ceiling, workloads
    from sim.world.fields import words_of
    from sim.world.population import populate

    thresholds = ceiling.table()
    rates: dict[str, dict[str, float]] = {}
    rounds: dict[str, dict[str, list[float]]] = {}
    stages: dict[str, dict[str, dict[str, float]]] = {str(threads): {} for threads in plan.threads}
    impressions: dict[str, int] = {}
    for users, repeats in plan.dense.items():
        scenario = workloads.dense(users)
        words = words_of(populate(scenario, 1).users)
        ceiling.bare(words, thresholds, 1000, np.uint64(1))
        sides: dict[str, list[float]] = {}
        runs: dict[int, list[Any]] = {threads: [] for threads in plan.threads}
        for number in range(repeats):
            say(f"dense, {users:,} people, round {number + 1} of {repeats}")
            for threads, done in runs.items():
                done.append(workloads.measure(scenario, threads))
                sides.setdefault(str(threads), []).append(done[-1].impressions / done[-1].seconds)
            sides.setdefault("ceiling", []).append(_ceiling_rate(words, thresholds, done[-1].impressions))
        name = str(users)
        rounds[name] = {side: [round(x) for x in found] for side, found in sides.items()}
        rates[name] = {side: round(median(found)) for side, found in sides.items()}
        for threads, done in runs.items():
            middle = sorted(done, key=lambda run: run.seconds)[len(done) // 2]
            stages[str(threads)][name], impressions[name] = _rounded(middle.stages), middle.impressions
    skipped, peaks = {}, {}
    for users in plan.alone_users:
        for threads in plan.threads:
            say(f"dense, {users:,} people on {threads} thread(s), alone")
            done_alone = alone("dense", users, workloads.DENSE_HOURS, threads)
            if "skipped" in done_alone:
                skipped[f"{users} x {threads}"] = done_alone["skipped"]
                continue
            name = str(users)
            rates.setdefault(name, {})[str(threads)] = round(
                done_alone["impressions"] / done_alone["seconds"]
            )
            peaks[f"{users} x {threads}"] = done_alone["peak_bytes"]
            stages[str(threads)][name] = _rounded(done_alone["stages"])
            impressions[name] = done_alone["impressions"]
    at = rates[str(plan.ceiling_users)]
    return {
        "impressions_per_second": {
            users: {side: rate for side, rate in found.items() if side != "ceiling"}
            for users, found in rates.items()
        },
        "ceiling_share": round(at["1"] / at["ceiling"], 4),
        "thread_speedup": round(at["2"] / at["1"], 3) if "2" in at else None,
        "flatness_1e7": _flatness(rates, "10000000"),
        "flatness_1e8": _flatness(rates, "100000000"),
        "details": {
            "dense": {
                "ceiling": {users: found["ceiling"] for users, found in rates.items() if "ceiling" in found},
                "ceiling_work": ceiling.WORK,
                "hours": workloads.DENSE_HOURS,
                "accounts": workloads.DENSE_ACCOUNTS,
                "rounds": rounds,
                "stages": stages,
                "impressions": impressions,
                "peak_bytes": peaks,
                "skipped": skipped,
            }
        },
    }


def _ceiling_rate(words: Any, thresholds: Any, impressions: int) -> float:
    from time import perf_counter

    from benchmarks.ceiling import bare

    started = perf_counter()
    bare(words, thresholds, impressions, np.uint64(1))
    return impressions / (perf_counter() - started)


def _flatness(rates: dict[str, dict[str, float]], users: str) -> float | None:
    if "1" in rates.get(users, {}) and "1" in rates.get("100000", {}):
        return round(rates[users]["1"] / rates["100000"]["1"], 3)
    return None


def _rounded(stages: dict[str, float]) -> dict[str, float]:
    return {name: round(seconds, 4) for name, seconds in stages.items()}


def growth(plan: Plan, say: Say) -> Found:
    """What a run costs as its hours, accounts and posts are doubled, each alone: one thread, in turn."""
    from benchmarks import workloads

    first = {
        "hours": workloads.DENSE_HOURS,
        "accounts": workloads.DENSE_ACCOUNTS,
        "posts": workloads.DENSE_POSTS,
    }
    sizes = [first, *(first | {name: more * first[name]} for name in first for more in (2, 4))]
    runs: list[list[Any]] = [[] for _ in sizes]
    for number in range(plan.growth_rounds):
        say(f"growth, {plan.growth_users:,} people, round {number + 1} of {plan.growth_rounds}")
        turn = list(zip(sizes, runs, strict=True))
        for size, done in turn if number % 2 else reversed(turn):  # the machine drifts
            done.append(workloads.measure(workloads.dense(plan.growth_users, **size), threads=1))
    rows = [
        size
        | {
            "impressions": done[0].impressions,
            "seconds": round(median(run.seconds for run in done), 4),
            "stages": _rounded(sorted(done, key=lambda run: run.seconds)[len(done) // 2].stages),
        }
        for size, done in zip(sizes, runs, strict=True)
    ]
    return {"details": {"growth": {"users": plan.growth_users, "rows": rows}}}


def campaign(plan: Plan, say: Say) -> Found:
    """What an impression costs where a video meets few people in a shard, beside the dense world."""
    from benchmarks import workloads

    users, last = plan.campaign_users, plan.campaign_rounds
    sides = {f"campaign, {n} thread(s)": (workloads.campaign(users), n) for n in plan.threads}
    sides["dense, 1 thread(s)"] = workloads.dense(users), 1
    runs: dict[str, list[Any]] = {side: [] for side in sides}
    workloads.measure(workloads.campaign(users // 50, 3), 1)  # loads the machine code
    for number in range(last):
        say(f"campaign, {users:,} people, round {number + 1} of {last}")
        for side, (scenario, threads) in sides.items():
            runs[side].append(workloads.measure(scenario, threads))
    rows, stages = {}, {}
    for side, done in runs.items():
        middle = sorted(done, key=lambda run: run.seconds)[len(done) // 2]
        each = [run.seconds / run.impressions * 1e9 for run in done]
        rows[side] = {"impressions": middle.impressions, "ns": [round(x, 1) for x in each]}
        stages[side] = _rounded(middle.stages)
    first, *_, beside = (median(row["ns"]) for row in rows.values())
    return {
        "campaign_over_dense": round(first / beside, 2),
        "details": {"campaign": {"users": users, "rows": rows, "stages": stages}},
    }


def sparse(plan: Plan, say: Say) -> Found:
    """Seconds of the beauty scenario on two threads, by people."""
    from benchmarks import workloads

    seconds, stages, impressions, hours, skipped = {}, {}, {}, {}, {}
    threads = max(plan.threads)
    for users, repeats in plan.sparse.items():
        say(f"sparse, {users:,} people, {plan.sparse_hours} hours")
        runs = [
            workloads.measure(workloads.sparse(users, plan.sparse_hours), threads) for _ in range(repeats)
        ]
        middle = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
        name = str(users)
        seconds[name], stages[name] = round(middle.seconds, 3), _rounded(middle.stages)
        impressions[name], hours[name] = middle.impressions, plan.sparse_hours
    peaks = {}
    for users, length in plan.sparse_alone:
        say(f"sparse, {users:,} people, {length} hours, alone")
        done, name = alone("sparse", users, length, threads), str(users)
        if "skipped" in done:
            skipped[name] = done["skipped"]
            continue
        seconds[name], stages[name] = round(done["seconds"], 3), _rounded(done["stages"])
        impressions[name], hours[name], peaks[name] = done["impressions"], length, done["peak_bytes"]
    return {
        "sparse_seconds": seconds,
        "details": {
            "sparse": {
                "threads": threads,
                "hours": hours,
                "stages": stages,
                "impressions": impressions,
                "peak_bytes": peaks,
                "skipped": skipped,
            }
        },
    }


def memory(plan: Plan, say: Say) -> Found:
    """Peak memory of the beauty scenario over its number of people."""
    from benchmarks import workloads
    from sim.world.fields import PERSON

    say(f"memory, beauty scenario, {plan.memory_users:,} people, {plan.memory_hours} hours")
    done = alone("sparse", plan.memory_users, plan.memory_hours, max(plan.threads))
    if "skipped" in done:
        return {"bytes_per_user": None, "details": {"memory": done}}
    accounts = len(workloads.sparse(plan.memory_users, 1).accounts)
    each = (done["peak_bytes"] - done["base_bytes"]) / plan.memory_users
    bits = 2 * accounts / 8
    return {
        "bytes_per_user": round(each, 1),
        "details": {
            "memory": {
                "users": plan.memory_users,
                "hours": plan.memory_hours,
                "base_bytes": done["base_bytes"],
                "peak_bytes": done["peak_bytes"],
                "record_bytes": PERSON.itemsize,
                "bit_bytes": bits,
                "beyond_bits": round(each - bits, 1),
            }
        },
    }


def sweep(plan: Plan, folder: Path, say: Say) -> Found:
    """What a sweep costs beside its runs, and how fast its store answers."""
    from benchmarks import sweeps

    say(f"sweep of {plan.sweep_runs} runs against two bare processes")
    found = sweeps.efficiency(plan.sweep_runs, plan.sweep_rounds, folder)
    say(f"question over {plan.sweep_rows:,} runs")
    return {"details": {"sweep": found | sweeps.questions(plan.sweep_rows, folder)}}


def app(plan: Plan, folder: Path, say: Say) -> Found:
    """How long a strategist waits after changing one control."""
    from benchmarks import app as pages

    say(f"app, {plan.app_changes} changes of a control")
    changed = pages.changes(plan.app_changes, folder, *plan.app_worlds["changed"])
    users, seeds = plan.app_worlds["edited"]
    say(f"app, {plan.app_edits} edited plans of {users:,} people")
    return {"details": {"app": {**changed, "edited": pages.edits(plan.app_edits, folder, users, seeds)}}}


def machine() -> Found:
    """What the figures were taken on."""
    from sim.experiment.replicate import cores
    from sim.memory import free_bytes

    names = ("numba", "numpy", "polars", "mesa")
    return {
        "processor": _processor(),
        "cores": cores(),
        "free_gib": round(free_bytes() / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: installed(name) for name in names},
        "load_before": [round(x, 2) for x in os.getloadavg()],
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return platform.processor()
    found = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return found[0] if found else platform.processor()


def part(name: str, plan: Plan, cache: Path, say: Say) -> Found:
    """One of PARTS."""
    return {
        "start": partial(start, plan, cache),
        "dense": partial(dense, plan),
        "campaign": partial(campaign, plan),
        "growth": partial(growth, plan),
        "sparse": partial(sparse, plan),
        "memory": partial(memory, plan),
        "peers": partial(peers, plan),
        "cascade": partial(cascade, plan),
        "sweep": partial(sweep, plan, cache / "sweeps"),
        "app": partial(app, plan, cache),
    }[name](say)
