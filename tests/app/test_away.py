"""Work of the app on a Dask cluster: the answers of this machine to the bit, or a failure that says so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.app.jobs import store, worker
from sim.app.jobs.request import Comparing, Repeating, Request
from sim.app.jobs.variants import laid_out
from sim.app.serve import Hosting, serve
from sim.errors import RunError, UsageError
from sim.sources import rules_version
from tests.sweeps.test_sweep import TIMINGS

distributed: Any = pytest.importorskip("distributed")
from sim.sweeps import cluster  # noqa: E402  needs distributed
from sim.sweeps.local import chunked  # noqa: E402

LAYOUTS = laid_out(("none", "star", "mesh"))
ASKED = (Comparing("classroom", 2_000, LAYOUTS, 4), Repeating("classroom", 2_000, 1, 6))
NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler and two workers in this process, spoken to over tcp."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
    ) as found:
        yield found.scheduler_address


def worked(request: Request, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a worker tells last; its answer, if there is one, is kept below the folder."""
    monkeypatch.setattr(store, "folder", lambda: folder / "answers")
    work = store.folder() / "work-1"
    work.mkdir(parents=True)
    (work / "request.json").write_text(json.dumps(request.as_dict()), encoding="utf-8")
    worker.work(work)
    place = work if work.exists() else store.kept_at(request)
    return dict(json.loads((place / "progress.json").read_text(encoding="utf-8")))


def tables(request: Request) -> dict[str, Any]:
    return {
        file.stem: pl.read_parquet(file).drop(TIMINGS, strict=False).to_dicts()
        for file in store.kept_at(request).glob("*.parquet")
    }


@pytest.mark.parametrize("request_", ASKED, ids=lambda request: request.kind)
def test_an_answer_of_the_cluster_is_that_of_this_machine(
    request_: Request, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, sent = [], []
    monkeypatch.setattr(worker, "HERE", 0)
    monkeypatch.setattr(cluster, "chunked", lambda jobs: sent.extend(chunked(jobs)) or chunked(jobs))
    for address in ("", scheduler):
        monkeypatch.setenv(worker.CLUSTER, address)
        worked(request_, tmp_path / (address and "away"), monkeypatch)
        found.append((store.found(request_), tables(request_)))
    assert found[0][0] is not None
    assert found[0] == found[1]
    assert len(sent) > 2
    assert sum(map(len, sent)) == request_.runs


def test_few_runs_stay_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(worker.CLUSTER, NOBODY)
    first = Comparing("classroom", 2_000, LAYOUTS, 2)
    assert worked(first, tmp_path, monkeypatch)["phase"] == "running"
    assert store.found(first) is not None


def test_a_cluster_that_is_lost_or_other_is_told_and_nothing_is_done_here_instead(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "WAIT_S", 1)
    monkeypatch.setattr(worker, "HERE", 0)
    monkeypatch.setenv(worker.CLUSTER, NOBODY)
    told = worked(ASKED[0], tmp_path / "nobody", monkeypatch)
    assert (told["phase"], store.found(ASKED[0])) == ("failed", None)
    assert told["message"]["en"] == f"--cluster {NOBODY}: no scheduler answers there within 1 s"
    with pytest.raises(UsageError, match="no scheduler answers there"):
        serve(Hosting(cluster=NOBODY), lambda _: None)
    with pytest.raises(RunError, match="plays by other rules"):
        cluster._done([], rules="others", want="summary")
    assert cluster._done([], rules=rules_version(), want="summary") == []
    monkeypatch.setenv(worker.CLUSTER, scheduler)
    monkeypatch.setattr(cluster, "_done", lambda jobs, **_: 1 / 0)
    told = worked(ASKED[0], tmp_path / "broken", monkeypatch)
    assert told["phase"] == "failed"
    assert f"the work on the cluster {scheduler} was lost (ZeroDivisionError" in told["message"]["en"]
