"""A class of thirty and ten strategists on one server: `python -m benchmarks.load [--seconds 60] [--json FILE]`.

Thirty visitors of Learn predict, look at the reveal and step through the hours; ten of Compare, each with a
plan of their own, change controls to what nobody has asked for. Counted: errors, the wait for each first answer and for each
step, and the memory of the server with its workers before, at its highest, and after all have left: how long
it takes to come back.
"""

import asyncio
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

from benchmarks.app import NAMES, OPENED, START, drafted, shows
from benchmarks.serving import Server, serving, warmed
from benchmarks.visitor import RefusedError, Visitor
from sim.app.pages.learn.lessons import EXERCISES

STUDENTS, STRATEGISTS = 30, 10
SEEDS = 4
"""Each student takes one of the lessons under one of so many seeds (chosen)."""
AUDIENCES = [f"{people}K people · preview" for people in (50, 100, 200)]
"""What strategists change between (chosen): previews. The scenario's own 2M people take longer."""
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
        await tab.open("learn", f"lesson={luck.choice(list(EXERCISES))}&seed={luck.randint(1, SEEDS)}")
        await tab.until(lambda tab: tab.has("radio") and not tab.busy)
        radio = next(e.radio for e in tab.elements.values() if e.WhichOneof("type") == "radio")
        await tab.choose(radio.label, luck.choice(list(radio.options)))
        await tab.until(lambda tab: not tab.busy)
        await tab.press("See what happens")
        told.waits["class"].append(await tab.until(_class_is_there))
        while time.monotonic() < end:
            await asyncio.sleep(luck.expovariate(1 / PAUSE_S))
            if luck.random() < 0.5:
                await tab.press("Next hour")
            else:
                await tab.slide("Hour", luck.randint(0, 48))
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
    sets, asked = list(combinations(NAMES, 4)), OPENED
    try:
        await tab.open(query=START.format(scenario=plan, users=100_000, seeds=8))
        told.waits["first answer"].append(await tab.until(partial(shows, layouts=OPENED)))
        while time.monotonic() < end:
            await asyncio.sleep(luck.expovariate(1 / PAUSE_S))
            if luck.random() < 0.3:
                await tab.select("Metric", luck.choice(["Reach", "New fans, net", "Orders"]))
                told.waits["drawing"].append(await tab.until(lambda tab: not tab.busy))
            else:
                await tab.select("Audience", luck.choice(AUDIENCES))
                await tab.until(lambda tab: not tab.busy)
                wanted = luck.choice([names for names in sets if names != asked])
                await tab.pick("Layouts", list(wanted))
                told.waits["first answer"].append(await tab.until(partial(shows, layouts=wanted)))
                asked = wanted
    except (RefusedError, OSError) as error:
        told.faults.append(f"strategist: {error}")
    finally:
        await tab.close()


def memory_mib(server: Server) -> float:
    """Resident memory of the server and of all processes that it has started [MiB]."""
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
    pages = 0
    for process in ours:
        try:
            pages += int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


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
        before = memory_mib(server)
        samples, done = [before], threading.Event()

        def watch() -> None:
            while not done.wait(0.5):
                samples.append(memory_mib(server))

        thread = threading.Thread(target=watch)
        thread.start()
        told = asyncio.run(crowd(server, seconds, plans))
        done.set()
        thread.join()
        left = time.monotonic()
        while (after := memory_mib(server)) > BACK * before and time.monotonic() - left < LEFT_S:
            time.sleep(2.0)
        back = time.monotonic() - left if after <= BACK * before else None
    firsts = told.waits["first answer"] + told.waits["class"]
    late = sum(wait > WAIT_S for wait in firsts)
    return {
        "students": STUDENTS, "strategists": STRATEGISTS, "seconds": seconds, "faults": told.faults,
        "first_answers_later_than_30_s": late,
        "waits": {name: _spread(values) for name, values in told.waits.items()},
        "memory_mib": {"before": round(before), "highest": round(max(samples)), "after": round(after)},
        "memory_back_seconds": None if back is None else round(back),
    }  # fmt: skip


def _plans(cache: Path) -> list[str]:
    """A plan for whoever comes first, and one for each strategist."""
    from sim.app.jobs.request import plan_of

    beauty = plan_of("beauty_matrix")
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
