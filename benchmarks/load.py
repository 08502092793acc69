"""A class of thirty and ten strategists on one server: `python -m benchmarks.load [--seconds 60] [--json FILE]`.

Thirty visitors of Learn predict, look at the reveal and step through the hours; ten of Compare, each with a
plan of their own, change controls to what nobody has asked for. Counted: errors, the wait for each first answer and for each
step, and the memory of the server with its workers before, at its highest, and after all have left: how long
it takes to come back; and that of the server and of the largest worker alone.
"""

import asyncio
import contextlib
import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated, Any

import typer

from benchmarks.app import ENGLISH, NAMES, OPENED, drafted, lay_out, shows, start
from benchmarks.serving import Server, serving, warmed
from benchmarks.visitor import RefusedError, Visitor
from sim.app.pages.learn import classroom
from sim.app.pages.learn.lessons import EXERCISES
from sim.app.pages.learn.page import SAYS
from sim.app.ui import choice, comparing
from sim.app.ui.names import metric_name

STUDENTS, STRATEGISTS = 30, 10
SEEDS = 4
"""Each student takes one of the lessons under one of so many seeds (chosen)."""
AUDIENCES = (50_000, 100_000, 200_000)
"""What strategists change between (chosen): previews. The scenario's own 2M people take longer."""
METRICS = ("reach", "follows", "orders")
PLAN = "beauty_matrix"
"""What the plans of strategists are edited from."""
PAUSE_S = 2.0
"""Mean time that somebody looks at what was drawn (chosen)."""
LEFT_S = 600.0
"""How long memory is given to come back after everybody has left (chosen): sessions are forgotten, and idle
workers end, two minutes after their last work."""
BACK = 1.1
"""Memory is back where it is at most so many times that of before (chosen)."""
WAIT_S = 30.0
"""A first answer later than this is a fault."""


class Told:
    """What the visitors report."""

    def __init__(self) -> None:
        self.waits: dict[str, list[float]] = {"class": [], "step": [], "first answer": [], "drawing": []}
        self.faults: list[str] = []


async def student(address: str, seconds: float, luck: random.Random, told: Told) -> None:
    """Opens a lesson, predicts, and steps through the hours."""
    tab, end = Visitor(address), time.monotonic() + seconds
    try:
        lesson = luck.choice(list(EXERCISES))
        await tab.open("learn", f"lesson={lesson}&seed={luck.randint(1, SEEDS)}")
        await tab.until(lambda tab: tab.has("radio") and not tab.busy)
        tab.refuse_mistaken()
        says = SAYS.format(lesson)
        await tab.choose(says, luck.choice(list(tab.widget("radio", says).options)))
        await tab.until(lambda tab: not tab.busy)
        await tab.press("learn_go")
        told.waits["class"].append(await tab.until(_class_is_there))
        while time.monotonic() < end:
            await asyncio.sleep(luck.expovariate(1 / PAUSE_S))
            if luck.random() < 0.5:
                await tab.press("learn_on")
            else:
                await tab.slide(classroom.HOUR, luck.randint(0, 48))
            told.waits["step"].append(await tab.until(lambda tab: not tab.busy))
    except (RefusedError, OSError) as error:
        told.faults.append(f"student: {error}")
    finally:
        await tab.close()


def _class_is_there(tab: Visitor) -> bool:
    return not tab.busy and not tab.has("progress") and tab.has("slider")


async def strategist(address: str, seconds: float, luck: random.Random, told: Told, plan: str) -> None:
    """Changes layouts, audience and metric of a plan on Compare."""
    tab, end = Visitor(address), time.monotonic() + seconds
    sets, asked, people = list(combinations(NAMES, 4)), OPENED, choice.audience_names(ENGLISH, PLAN)
    try:
        await tab.open(query=start(plan, AUDIENCES[1], 8))
        told.waits["first answer"].append(await tab.until(partial(shows, layouts=OPENED)))
        tab.refuse_mistaken()
        while time.monotonic() < end:
            await asyncio.sleep(luck.expovariate(1 / PAUSE_S))
            if luck.random() < 0.3:
                await tab.select(comparing.METRIC, metric_name(ENGLISH, luck.choice(METRICS)))
                told.waits["drawing"].append(await tab.until(lambda tab: not tab.busy))
            else:
                await tab.select(choice.USERS, people[luck.choice(AUDIENCES)])
                await tab.until(lambda tab: not tab.busy)
                wanted = luck.choice([names for names in sets if names != asked])
                await lay_out(tab, wanted)
                told.waits["first answer"].append(await tab.until(partial(shows, layouts=wanted)))
                asked = wanted
    except (RefusedError, OSError) as error:
        told.faults.append(f"strategist: {error}")
    finally:
        await tab.close()


def memory_mib(server: Server) -> list[float]:
    """Resident memory of the server, then of each process that it has started, its workers [MiB]."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = place.read_text("utf-8", "replace").rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(place.parent.name)] = int(words[1])
    ours, more = {server.process}, True
    while more:
        found = {child for child, parent in parents.items() if parent in ours} - ours
        ours |= found
        more = bool(found)
    held = []
    for process in (server.process, *sorted(ours - {server.process})):
        with contextlib.suppress(OSError):
            pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
            held.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
    return held


async def crowd(server: Server, seconds: float, plans: Sequence[str]) -> Told:
    """Everybody at once, arriving within five seconds; a strategist for each plan."""
    told, luck = Told(), random.Random(1)

    async def late(visitor: Any, *own: str) -> None:
        await asyncio.sleep(luck.uniform(0, 5))
        await visitor(server.address, seconds, random.Random(luck.random()), told, *own)

    await asyncio.gather(
        *(late(student) for _ in range(STUDENTS)), *(late(strategist, plan) for plan in plans)
    )
    return told


def run(seconds: float, cache: Path) -> dict[str, Any]:
    """The whole load; figures.

    Args:
        seconds: how long everybody stays.
        cache: folder with compiled code and for the answers.
    """
    first, *plans = _plans(cache)
    with serving(cache) as server:
        asyncio.run(
            _one(server, first)
        )  # one visitor first: a server that has been looked at, workers that are warm
        samples, done = [memory_mib(server)], threading.Event()
        before = sum(samples[0])

        def watch() -> None:
            while not done.wait(0.5):
                samples.append(memory_mib(server))

        thread = threading.Thread(target=watch)
        thread.start()
        told = asyncio.run(crowd(server, seconds, plans))
        done.set()
        thread.join()
        left = time.monotonic()
        while (after := sum(memory_mib(server))) > BACK * before and time.monotonic() - left < LEFT_S:
            time.sleep(2.0)
        back = time.monotonic() - left if after <= BACK * before else None
    firsts = told.waits["first answer"] + told.waits["class"]
    late = sum(wait > WAIT_S for wait in firsts)
    return {
        "students": STUDENTS, "strategists": STRATEGISTS, "seconds": seconds, "faults": told.faults,
        "first_answers_later_than_30_s": late,
        "waits": {name: _spread(values) for name, values in told.waits.items()},
        "memory_mib": {
            "before": round(before), "highest": round(max(map(sum, samples))), "after": round(after),
            "server": round(max(of[0] for of in samples)),
            "worker": round(max(worker for of in samples for worker in of[1:])),
            "workers": max(len(of) - 1 for of in samples),
        },
        "memory_back_seconds": None if back is None else round(back),
    }  # fmt: skip


def _plans(cache: Path) -> list[str]:
    """A plan for whoever comes first, and one for each strategist."""
    from sim.app.jobs.request import plan_of

    beauty = plan_of(PLAN)
    return [drafted(beauty, number, cache) for number in range(STRATEGISTS + 1)]


async def _one(server: Server, plan: str) -> None:
    """A visitor of each kind, so that a server is measured that has loaded everything."""
    told, luck = Told(), random.Random(0)
    await strategist(server.address, 8.0, luck, told, plan)
    await student(server.address, 4.0, luck, told)
    if told.faults:
        raise RuntimeError(told.faults[0])


def _spread(values: list[float]) -> dict[str, float]:
    """Number, median, 95th percentile and largest [s]."""
    if len(values) < 2:
        return {"count": len(values)}
    return {
        "count": len(values), "median": round(median(values), 2), "p95": round(quantiles(values, n=20)[-1], 2),
        "slowest": round(max(values), 2),
    }  # fmt: skip


def main(
    seconds: Annotated[float, typer.Option(help="How long everybody stays.")] = 60.0,
    file: Annotated[Path | None, typer.Option("--json", metavar="FILE")] = None,
) -> None:
    """Load one server with a class and ten strategists."""
    with tempfile.TemporaryDirectory() as folder:
        found = run(seconds, warmed(Path(folder)))
    text = json.dumps(found, indent=2, ensure_ascii=False)
    typer.echo(text)
    if file is not None:
        file.write_text(text, "utf-8")
    late = found["first_answers_later_than_30_s"] or found["memory_back_seconds"] is None
    raise typer.Exit(1 if found["faults"] or late else 0)


if __name__ == "__main__":
    typer.run(main)
