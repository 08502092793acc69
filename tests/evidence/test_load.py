"""A class of thirty and ten strategists on one server; and what is left when it is killed and started again.

MATRIXSIM_LOAD_S=60 makes the first one shorter, for a try.
"""

import asyncio
import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.load import STRATEGISTS, STUDENTS, WAIT_S, run
from benchmarks.serving import Server, serving, warmed
from benchmarks.visitor import Visitor
from sim import storage
from sim.app.jobs import drafts, exports, store
from sim.app.jobs.request import Comparing, plan_of
from sim.app.jobs.variants import laid_out
from sim.app.jobs.worker import Report, compute
from sim.app.pages.experiments import sweeping
from sim.experiment.replicate import cores
from tests.app.exporting import exports as made
from tests.evidence.page import table

pytestmark = pytest.mark.evidence
SECONDS = float(os.environ.get("MATRIXSIM_LOAD_S", "600"))
LAYOUTS, SEEDS, USERS = ("none", "star", "mesh"), 64, 5_000
PATIENCE_S = 600.0
"""After which the server is taken to hang [s] (chosen)."""


def test_a_class_and_ten_strategists_on_one_server(
    section: Callable[[str, str], None], tmp_path: Path
) -> None:
    found = run(SECONDS, warmed(tmp_path))
    memory, rows = found["memory_mib"], []
    for name, waits in found["waits"].items():
        shown = [f"{waits.get(key, '')}" for key in ("median", "p95", "slowest")]
        rows.append([name, str(waits["count"]), *shown])
    section(
        f"A class of {STUDENTS} and {STRATEGISTS} strategists on one server",
        f"""Thirty pupils of Learn predict, look and step through the hours; ten strategists of Compare change layouts, audience
(previews of 50,000 to 200,000 people) and metric to what nobody has asked for, {found["seconds"]:g} seconds long, each with a pause of two seconds in the mean, on {cores()} cores
that the visitors share. Seconds from a click to what was asked for:

{table(("wait for", "times", "median", "95 %", "slowest"), rows)}

Faults: {len(found["faults"])}. First answers later than {WAIT_S:g} s: {found["first_answers_later_than_30_s"]}. Memory of the server with its
workers: {memory["before"]} MiB before, {memory["highest"]} MiB at its highest, {memory["after"]} MiB {found["memory_back_seconds"]} s after everybody had left; of
the server alone {memory["server"]} MiB at its highest, of the largest worker {memory["worker"]} MiB.""",
    )
    assert not found["faults"]
    assert not found["first_answers_later_than_30_s"]
    assert found["memory_back_seconds"] is not None


def test_a_server_that_is_killed_and_started_again_has_lost_nothing(
    section: Callable[[str, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = warmed(tmp_path / "server")
    for variable in (storage.CACHE, storage.DATA):
        monkeypatch.setenv(variable, str(cache))
    plan = plan_of("classroom").with_values(
        {"name": "Ours", "brand.price_cny": 77.0, "audience.users": USERS}
    )
    draft = drafts.keep(drafts.Version(plan.to_toml(), plan.name))
    data = exports.keep(exports.with_files(exports.Brought(), made()))
    asked = f"scenario={draft}&layouts={'.'.join(LAYOUTS)}"
    with serving(cache) as server:
        asyncio.run(_used(server, asked, data))
        os.kill(server.process, signal.SIGKILL)
        before = _digests(cache)
    with serving(cache) as server:
        waits = asyncio.run(_found_again(server, asked, data))
        runs = _sweep_done()
    after = _digests(cache)
    assert before.items() <= after.items()
    assert runs["done"] == runs["total"]
    request = Comparing(draft, USERS, laid_out(LAYOUTS), SEEDS)
    kept = store.kept_at(request) / "answer.json"
    (tmp_path / "whole").mkdir()
    monkeypatch.setenv(storage.CACHE, str(tmp_path / "empty"))  # with no look to go on from
    compute(request, Report(tmp_path / "whole"))
    assert (tmp_path / "whole" / "answer.json").read_bytes() == kept.read_bytes()
    section(
        "A server that is killed and started again has lost nothing",
        f"""SIGKILL to a server with an answer on screen, a comparison of {SEEDS} seeds under way, an experiment begun on the
page, a draft and files brought to My data. Started again with the same folders: all {len(before)} files of before are there, byte for byte; the
answer stands after {waits["answer"]:.1f} s and what was understood of the files after {waits["data"]:.1f} s; the comparison goes on by itself, and its answer
is to the byte that of one computed in a piece; the experiment, a process of its own, has ended with all {runs["total"]} runs.""",
    )


def _digests(cache: Path) -> dict[str, str]:
    """What nobody may lose: answers, drafts, files brought, by name."""
    places = [*(cache / "scenarios").rglob("*"), *(cache / "exports").rglob("*")]
    places += [
        p
        for p in (cache / "answers").rglob("*")
        if not p.relative_to(cache / "answers").parts[0].startswith("work-")
    ]
    return {
        str(place.relative_to(cache)): hashlib.blake2b(place.read_bytes()).hexdigest()
        for place in places
        if place.is_file() and place.suffix != ".lock"
    }


async def _used(server: Server, asked: str, data: str) -> None:
    """Leaves an answer, what was read of files, an experiment begun, and a comparison under way."""
    tab = Visitor(server.address)
    await tab.open(query=f"{asked}&seeds=8")
    await tab.until(_whole)
    await tab.close()
    tab = Visitor(server.address)
    await tab.open("mydata", f"scenario=classroom&data={data}")
    await tab.until(_read)
    await tab.close()
    tab = Visitor(server.address)
    await tab.open("experiments")
    await tab.until(lambda tab: not tab.busy and tab.has("button"))
    await tab.press("experiments_example")
    await tab.until(lambda tab: not tab.busy)
    await tab.close()
    tab = Visitor(server.address)
    await tab.open(query=f"{asked}&seeds={SEEDS}")
    await tab.until(lambda tab: tab.has("progress") and tab.has_text("launches simulated"))
    await tab.close()


async def _found_again(server: Server, asked: str, data: str) -> dict[str, float]:
    """Seconds from opening each address again to what stood there."""
    waits = {}
    for name, page, query, there in (
        ("answer", "", f"{asked}&seeds=8", _whole),
        ("data", "mydata", f"scenario=classroom&data={data}", _read),
        ("comparison", "", f"{asked}&seeds={SEEDS}", lambda tab: _whole(tab, SEEDS)),
    ):
        tab = Visitor(server.address)
        started = time.monotonic()
        await tab.open(page, query)
        await tab.until(there, PATIENCE_S)
        waits[name] = time.monotonic() - started
        await tab.close()
    return waits


def _whole(tab: Visitor, seeds: int = 8) -> bool:
    return tab.has_text(f"{seeds} rounds ·") and not tab.busy and not tab.has("progress")


def _read(tab: Visitor) -> bool:
    return not tab.busy and not tab.has("progress") and tab.has_text("plays")


def _sweep_done() -> dict[str, int]:
    """Runs of the experiment, once it has ended."""
    (note,) = sweeping.sweeps()
    end = time.monotonic() + PATIENCE_S
    while (found := sweeping.look(note)).state in sweeping.ACTIVE and time.monotonic() < end:
        time.sleep(0.5)
    return {"done": found.done, "total": found.total}
