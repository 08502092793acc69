import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from sim.app import store, worker
from sim.app.answer import answers
from sim.app.request import Request
from sim.vocabulary import METRICS

ROOT = Path(__file__).parents[2]
SMALL = Request("classroom", 2_000, ("none", "star", "mesh"), 4)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    return tmp_path


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
    monkeypatch.setattr(worker, "note", lambda _, phase, **facts: told.append((phase, facts.get("done", 0))))
    assert worker.main(asked(folder, SMALL)) == 0
    assert told[0][0] == "preparing"
    assert told[-1] == ("running", SMALL.runs)
    assert [done for _, done in told] == sorted(done for _, done in told)

    answer = store.found(SMALL)
    assert answers(answer, SMALL)
    assert answer is not None
    assert set(answer["comparisons"]) == set(METRICS)
    place = store.kept_at(SMALL)
    written = json.loads((place / "comparison.json").read_text(encoding="utf-8"))
    assert answer["comparisons"]["reach"] == written
    replications = pl.read_parquet(place / "replications.parquet")
    first = replications.filter(variant="star").sort("seed")
    assert answer["values"]["reach"][1] == first["reach"].to_list()
    assert answer["values"]["hit"][1] == [float(n > 0) for n in first["hit_videos"]]


def test_wrong_input_is_a_note_and_a_status(folder: Path) -> None:
    work = asked(folder, Request("classroom", 2_000, ("star",), 4))
    assert worker.main(work) == 2
    assert "at least two" in json.loads((work / "progress.json").read_text(encoding="utf-8"))["message"]


def test_a_bug_is_a_note_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(worker, "compute", broken)
    work = asked(folder, SMALL)
    assert worker.main(work) == 1
    told = json.loads((work / "progress.json").read_text(encoding="utf-8"))
    assert told["phase"] == "failed"
    assert told["message"] == "ZeroDivisionError: oh"


def test_a_worker_ends_when_its_server_dies() -> None:
    code = (
        "import threading, time; from sim.app import worker;"
        "threading.Thread(target=worker._end_with_the_server, daemon=True).start(); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 1
