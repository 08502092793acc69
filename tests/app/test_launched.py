"""Launches that are kept, and what finds them."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.app.jobs import launched, store, worker
from sim.app.jobs.launched import file, remembered
from sim.app.jobs.request import plan_of
from sim.app.jobs.variants import laid_out
from sim.experiment.compare import compare_variants
from sim.experiment.replicate import Job, Wanted, elsewhere, replicate
from sim.experiment.variants import Variant
from sim.scenario.schema import Scenario

PLAN = plan_of("classroom", 2_000).with_values({"run.hours": 12})
AWKWARD = {"warnings": [], "third": 1 / 3, "none": None, "whole": 2**60, "by": {"甲": [0.1, 1e-300]}}


@pytest.fixture(autouse=True)
def folder(cache: Path) -> Path:
    return cache


class Runs:
    """Who runs launches, and what was run."""

    def __init__(self, summary: Callable[[Job], Any] = lambda job: AWKWARD | {"seed": job.seed}) -> None:
        self.run: list[int] = []
        self.found: list[int] = []
        self.summary = summary

    def __call__(self, jobs: Sequence[Job], want: Wanted) -> Iterator[tuple[Job, Any]]:
        for job in jobs:
            self.run.append(job.seed)
            yield job, self.summary(job)

    def of(self, *seeds: int, plan: Scenario = PLAN, want: Wanted = "summary") -> list[Any]:
        """Asks for launches, of which some may be kept."""
        self.run, self.found = [], []
        jobs = [Job(k, plan, seed) for k, seed in enumerate(seeds)]
        found = {job.variant: kept for job, kept in remembered(self, self.found.append)(jobs, want)}
        return [found[k] for k in range(len(jobs))]


def test_a_launch_is_run_once_and_comes_back_as_it_was() -> None:
    runs = Runs()
    first = runs.of(1, 2)
    assert (runs.run, runs.found) == ([1, 2], [0])
    again = runs.of(2, 3, 1)
    assert (runs.run, runs.found) == ([3], [2])
    assert [repr(summary) for summary in again] == [
        repr(first[1]),
        repr(AWKWARD | {"seed": 3}),
        repr(first[0]),
    ]
    twice = runs.of(1, 1)
    assert runs.run == []
    twice[0].pop("warnings")  # as `extend` does
    assert twice[1] == first[0]


def test_another_scenario_seed_or_version_is_another_launch_and_tables_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = Runs()
    runs.of(1)
    runs.of(1, plan=PLAN.with_values({"run.hours": 11}))
    assert runs.run == [1]
    runs.of(1, want="result")
    assert (runs.run, runs.found) == ([1], [])
    runs.of(1, plan=Scenario.from_dict(PLAN.model_dump() | {"name": "copy"}))
    assert runs.run == []
    monkeypatch.setattr(launched, "rules_version", lambda: "another")
    runs.of(1)
    assert runs.run == [1]


def test_the_longest_unused_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launched, "MOST_KEPT", 2)
    runs = Runs()
    for seeds in (1,), (2,), (1,), (3,):
        runs.of(*seeds)
    runs.of(1, 3)
    assert runs.run == []
    runs.of(2)
    assert runs.run == [2]


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1_000, None])
def test_a_damaged_file_means_running_anew_and_is_replaced(content: bytes | None) -> None:
    runs = Runs()
    whole = runs.of(1)
    if content is None:  # one summary alone
        with sqlite3.connect(file()) as db:
            db.execute("UPDATE launches SET summary = substr(summary, 1, 20)")
    else:
        file().write_bytes(content)
    assert runs.of(1) == whole
    assert runs.run == [1]
    assert runs.of(1) == whole
    assert runs.run == []


def test_where_nothing_can_be_kept_launches_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Runs(lambda job: AWKWARD | {"of_a_plug_in": (1, 2) if job.seed else object()})
    odd.of(0, 1)
    odd.of(0, 1)
    assert odd.run == [0, 1]
    monkeypatch.setattr(store, "folder", lambda: Path("/nowhere/answers"))
    runs = Runs()
    assert runs.of(1) == runs.of(1)
    assert runs.run == [1]


def test_two_processes_keep_launches_at_the_same_time() -> None:
    """The other one says the same to the file, without a second for our imports."""
    lines = json.dumps([launched.BEGIN, launched.KEEP])
    code = (
        "import json, sqlite3, sys\nbegin, keep = json.loads(sys.argv[2])\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "for line in begin: db.execute(line)\n"
        "print('go', flush=True)\n"
        "for k in range(300): db.execute(keep, (k, f'{k}', '{}'))"
    )
    command = [sys.executable, "-c", code, str(file()), lines]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        Runs().of(*range(300))
    assert other.returncode == 0
    with sqlite3.connect(file()) as db:
        assert db.execute("SELECT count(*) FROM launches").fetchone() == (600,)


def test_a_comparison_of_kept_launches_is_the_one_computed(cache: Path) -> None:
    """Launches with every kind of field: enforcement, weight, luck, a boost that warns."""
    boosts = [{"account": "school", "post": "0", "budget_cny": 90_000.0}]
    much = PLAN.with_values({"enforcement.hazard": 40.0, "paid.boosts": boosts, "brand.gpm_cny": 15.0})
    variants = tuple(Variant(v.name, v.label_zh, v.of(much)) for v in laid_out(("none", "mesh")))
    written = []

    def here(jobs: Sequence[Job], want: Wanted) -> Iterator[tuple[Job, Any]]:
        return replicate(jobs, want=lambda run, _: run.finish().summary(warned=True))

    for k in range(2):
        counted: list[int] = []
        with elsewhere(remembered(here, counted.append)):
            found = compare_variants(variants, seeds=2)
        found.write(cache / str(k))
        text = (cache / f"{k}/comparison.json").read_text(encoding="utf-8")
        written.append((found.told, text, found.replications))
        assert counted == [4 * k]
    assert written[0][:2] == written[1][:2]
    assert found.told
    assert written[0][2].equals(written[1][2])


def test_what_was_kept_says_nothing_of_the_time_left(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    report, now, told = worker.Report(cache), [100.0], list[tuple[int, float | None]]()
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(report, "note", lambda _, *, done, total, left: told.append((done, left)))
    report.kept(16)
    for done in range(1, 17):
        report.tick(done, 24)
    assert told[-1] == (16, None)
    for done in (17, 18, 19):
        now[0] += 10.0
        report.tick(done, 24)
    assert told[-3:] == [(17, None), (18, 60.0), (19, 50.0)]
