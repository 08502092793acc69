import dataclasses
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from sim.app.jobs import store, worker
from sim.app.jobs.computing import COMPUTE
from sim.app.jobs.launched import file as launched_file
from sim.app.jobs.questions import Counting
from sim.app.jobs.request import Adding, Comparing, Request, Running
from sim.app.jobs.variants import laid_out
from sim.errors import RunError
from sim.experiment import launches, size
from sim.experiment.replicate import cores
from sim.language.vocabulary import METRICS
from sim.results import TABLES
from sim.scenario.seeding import varied
from sim.simulation import Simulation
from tests.sweeps.small import own_cache

ROOT = Path(__file__).parents[2]
SMALL = Comparing("classroom", 2_000, laid_out(("none", "star", "mesh")), 4)
WRONG = Comparing("classroom", 2_000, laid_out(("star", "wheel")), 4)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "answers")
    (tmp_path / "answers").mkdir()
    return tmp_path


def test_a_number_of_accounts_that_memory_does_not_hold_is_refused_before_anything_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan as written fits; the one with sixteen accounts beside the main one does not."""
    counting = Counting("classroom", 2_000, "follows", '{"links.layout": "star"}')
    plan = counting.plan()
    small, large = (
        size.needed_bytes(p, "columns", cores(), kept=cores())
        for p in (plan, varied(plan, None, None, "1+16"))
    )
    assert small < large
    monkeypatch.setattr(size, "free_bytes", lambda: large - 1)
    monkeypatch.setattr(launches, "replicate", None)
    with pytest.raises(RunError, match="this run needs about"):
        COMPUTE[Counting](counting, folder, lambda *_: None)


def asked(folder: Path, request: Request) -> Path:
    work = folder / "work-1"
    work.mkdir()
    (work / "request.json").write_text(json.dumps(request.as_dict()), encoding="utf-8")
    return work


def test_the_worker_leaves_an_answer_and_the_files_of_a_comparison(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    monkeypatch.setattr(worker, "TICK_S", 0.0)
    monkeypatch.setattr(
        worker.Report, "note", lambda _, phase, **facts: told.append((phase, facts.get("done", 0)))
    )
    assert worker.work(asked(folder, SMALL)) == 0
    assert told[0][0] == "preparing"
    assert told[-1] == ("running", SMALL.runs)
    assert [done for _, done in told] == sorted(done for _, done in told)

    answer = store.found(SMALL)
    assert answer is not None
    assert set(answer["comparisons"]) == set(METRICS)
    place = store.kept_at(SMALL)
    written = json.loads((place / "comparison.json").read_text(encoding="utf-8"))
    assert answer["comparisons"]["reach"] == written
    replications = pl.read_parquet(place / "replications.parquet")
    first = replications.filter(variant="star").sort("seed")
    assert answer["runs"]["star"]["reach"] == first["reach"].to_list()
    assert answer["runs"]["star"]["hit_videos"] == first["hit_videos"].to_list()


def test_a_later_look_and_a_variant_more_keep_what_launches_warned_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boosts = [{"account": "school", "post": "0", "budget_cny": 90_000.0}]
    plan = SMALL.plan().with_values({"run.hours": 24, "paid.boosts": boosts})
    monkeypatch.setattr(Request, "plan", lambda _: plan)
    looks = dataclasses.replace(SMALL, variants=laid_out(("none", "star")), seeds=8).looks()
    more = Adding(SMALL.scenario, SMALL.users, laid_out(("none", "star", "mesh")), 8)
    for k, request in enumerate((*looks, *more.looks())):
        work = folder / f"work-{k}"
        work.mkdir()
        (work / "request.json").write_text(json.dumps(request.as_dict()), encoding="utf-8")
        assert worker.work(work) == 0
        answer = store.found(request)
        assert answer is not None
        told = [row["variant"] for row in answer["told"]]
        assert told == [variant.name for variant in request.variants]
    rows = [row for row in answer["comparisons"]["reach"]["warnings"] if row["code"] == "budget_unspent"]
    assert {row["variant"] for row in rows} <= {None, *told}
    assert len({row["text_en"] for row in rows}) == len(rows)


def test_wrong_input_is_a_note_and_a_status(folder: Path) -> None:
    work = asked(folder, WRONG)
    assert worker.work(work) == 2
    told = json.loads((work / "progress.json").read_text(encoding="utf-8"))["message"]
    assert "links.layout" in told["en"]
    assert "不在可选项中" in told["zh"]
    assert (work / "failed").exists()


def test_a_run_leaves_its_tables_and_what_each_link_carried_in_each_hour(folder: Path) -> None:
    request = Running("classroom", 2_000, 3, '{"links.layout": "mesh"}')
    assert worker.work(asked(folder, request)) == 0
    answer = store.found(request)
    assert answer is not None
    assert answer["summary"]["seed"] == 3
    tables = {name: store.table(request, name) for name in (*TABLES, "links")}
    totals = ("visits", "impressions", "follows")
    by_link = tables["links"].group_by("from", "to", "channel").agg(pl.col(*totals).sum())
    ends = ["from", "to", "channel"]
    flows = tables["flows"].select(*ends, *totals).filter(pl.sum_horizontal(totals) > 0)
    assert by_link.sort(ends).equals(flows.sort(ends))
    assert tables["links"]["hour"].max() < answer["hours"]


def test_work_that_nobody_wants_any_more_is_dropped(folder: Path) -> None:
    work = asked(folder, SMALL)
    (work / "stop").touch()
    assert worker.work(work) == 0
    assert not work.exists()
    assert store.found(SMALL) is None


def test_a_comparison_that_is_stopped_goes_on_from_the_seeds_that_are_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dataclasses.replace(SMALL, variants=laid_out(("none", "star")))
    advance, tick, hours, launched = Simulation.advance, worker.Report.tick, list[int](), list[int]()

    def counted(self: Simulation) -> None:
        advance(self)
        hours.append(0)

    def stopped(self: worker.Report, done: int, total: int) -> None:
        tick(self, done, total)
        launched.append(done)
        if len(launched) == 6:  # three seeds of two variants, or two where one ended out of turn
            (self.folder / "stop").touch()
            hours.clear()

    monkeypatch.setattr(Simulation, "advance", counted)
    monkeypatch.setattr(worker.Report, "tick", stopped)
    assert worker.work(asked(folder, whole)) == 0
    assert len(launched) == 6
    assert len(hours) < SMALL.plan().run.hours  # those under way end, not their runs
    assert store.found(whole) is None
    hours.clear()
    assert worker.work(asked(folder, whole)) == 0
    assert launched[6:] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len(hours) <= 2 * SMALL.plan().run.hours  # what was done is kept
    in_two = store.found(whole)
    shutil.rmtree(store.kept_at(whole))
    launched_file().unlink()
    assert worker.work(asked(folder, whole)) == 0
    assert store.found(whole) == in_two


def test_a_bug_is_a_note_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(worker, "compute", broken)
    work = asked(folder, SMALL)
    assert worker.work(work) == 1
    told = json.loads((work / "progress.json").read_text(encoding="utf-8"))
    assert told["phase"] == "failed"
    assert told["message"] == {
        "en": "a fault in the program: ZeroDivisionError: oh", "zh": "程序内部出错：ZeroDivisionError：oh"
    }  # fmt: skip


def test_a_worker_computes_one_request_after_another_and_ends_with_its_server(folder: Path) -> None:
    requests = [dataclasses.replace(SMALL, seeds=n) for n in (2, 3)]
    cache, works = own_cache(folder), []
    (cache / "answers").mkdir()
    for k, request in enumerate(requests):
        works.append(folder / f"work-{k}")
        works[-1].mkdir()
        (works[-1] / "request.json").write_text(json.dumps(request.as_dict()), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.app.jobs.worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        env={**os.environ, "MATRIXSIM_CACHE": str(cache)},
    )
    assert process.stdin is not None
    process.stdin.write("".join(f"{work}\n" for work in works).encode())
    process.stdin.flush()
    deadline = time.monotonic() + 120
    while any(work.exists() for work in works) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.stdin.close()
    assert process.wait(timeout=30) == 1
    assert sorted(place.name for place in (cache / "answers").iterdir()) == sorted(r.key() for r in requests)
