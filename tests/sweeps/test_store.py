"""The store: each run once, whatever was merged or came twice; questions in SQL."""

import json

import polars as pl
import pytest

from sim.cli import main
from sim.errors import RunError, UsageError
from sim.sweeps import work
from sim.sweeps.plan import load_sweep
from sim.sweeps.query import query
from sim.sweeps.store import Store
from sim.sweeps.work import failed_row, row_of
from tests.sweeps.small import SWEEP, written


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return load_sweep(written(tmp_path_factory.mktemp("sweep")))


@pytest.fixture(scope="module")
def rows(sweep):
    return [row_of(sweep, job) for job in sweep.jobs()[:4]]


@pytest.fixture(params=["folder", "memory"])
def store(request, tmp_path, sweep):
    found = Store(tmp_path / "store" if request.param == "folder" else f"memory://{tmp_path.name}")
    found.begin(sweep, resume=False)
    return found


def test_rows_come_back_once_with_the_values_that_were_varied(store, sweep, rows):
    store.add(rows[:3], sweep.axes)
    store.add(rows[2:], sweep.axes)
    found = store.read()
    assert found.height == 4
    assert found["links.layout"].to_list() == ["none"] * 4
    assert found["platform.targeting"].to_list() == [0.5, 0.5, 2.0, 2.0]
    assert found["seed"].to_list() == [1, 2, 1, 2]
    assert found["reach"].to_list() == [row["reach"] for row in rows]
    assert found["digest"].n_unique() == 2  # one topic: there is nothing to aim at
    assert store.finished() == {row["job"] for row in rows}


def test_a_worker_that_is_stopped_early_counts_what_it_did(tmp_path, sweep, monkeypatch):
    asked = iter([False, True])
    monkeypatch.setattr(work, "stopping", lambda: next(asked, True))
    monkeypatch.setattr(work, "row_of", lambda _, job: failed_row(job, "x"))
    Store(tmp_path / "store").begin(sweep, resume=False)
    assert work.work(str(tmp_path / "store"), sweep, sweep.jobs()[:4]) == 1
    assert Store(tmp_path / "store").read().height == 1


def test_merging_parts_loses_and_doubles_nothing(store, sweep, rows):
    for row in rows:
        store.add([row], sweep.axes)
    before = store.read()
    store.compact(at=5)
    assert len(store.parts()) == 4
    store.compact(at=2)
    assert len(store.parts()) == 1
    assert store.read().equals(before)
    assert store.finished() == {row["job"] for row in rows}


def test_done_beats_failed_wherever_it_stands(store, sweep, rows):
    job = sweep.jobs()[0]
    failed = failed_row(job, "out of luck")
    assert failed["status"] == "failed"
    store.add([failed], sweep.axes)
    assert store.finished(failed_too=False) == set()
    assert store.finished() == {job.job}
    store.add([rows[0]], sweep.axes)
    store.add([failed], sweep.axes)
    assert store.finished(failed_too=False) == {job.job}
    done = store.read()
    assert done["status"].to_list() == ["done"]


def test_only_one_coordinator_holds_a_chunk(tmp_path, sweep):
    stores = [Store(tmp_path / "store") for _ in range(2)]
    stores[0].begin(sweep, resume=False)
    stores[1].begin(sweep, resume=True)
    first = stores[0].claim(0)
    assert first is not None
    assert stores[1].claim(0) is None
    other = stores[1].claim(1)
    assert other is not None
    first.release()
    again = stores[1].claim(0)
    assert again is not None
    again.release()
    other.release()


def test_a_store_belongs_to_one_sweep(tmp_path, sweep):
    Store(tmp_path / "store").begin(sweep, resume=False)
    with pytest.raises(UsageError, match="--resume"):
        Store(tmp_path / "store").begin(sweep, resume=False)
    (tmp_path / "x").mkdir()
    other = load_sweep(written(tmp_path / "x", SWEEP.replace("seeds = 2", "seeds = 3")))
    with pytest.raises(UsageError, match="another sweep"):
        Store(tmp_path / "store").begin(other, resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("precious")
    with pytest.raises(UsageError, match="other files"):
        Store(tmp_path / "mine").begin(sweep, resume=True)


def test_other_rules_do_not_mix(tmp_path, sweep):
    store = Store(tmp_path / "store")
    store.begin(sweep, resume=False)
    manifest = tmp_path / "store" / "manifest.json"
    manifest.write_text(json.dumps(store.manifest() | {"rules_version": "0"}))
    with pytest.raises(UsageError, match="other rules"):
        store.begin(sweep, resume=True)


def test_questions_in_sql(tmp_path, sweep, rows):
    store = Store(tmp_path / "store")
    store.begin(sweep, resume=False)
    with pytest.raises(RunError, match="no run"):
        query(store.address, "FROM runs")
    store.add(rows, sweep.axes)
    found = query(
        store.address, 'SELECT "platform.targeting" t, max(reach) AS most FROM runs GROUP BY t ORDER BY t'
    )
    assert found["most"].to_list() == [max(r["reach"] for r in rows[k : k + 2]) for k in (0, 2)]
    with pytest.raises(UsageError, match="query"):
        query(store.address, "SELECT nothing FROM runs")
    with pytest.raises(UsageError):
        query(store.address, "COPY runs TO '/tmp/elsewhere.csv'")
    with pytest.raises(UsageError, match="manifest"):
        query(tmp_path, "FROM runs")
    for nothing in ("", "  ", ";", "-- all of it"):
        with pytest.raises(UsageError, match="the question is empty"):
            query(store.address, nothing)
    with pytest.raises(UsageError, match="holds 2 statements"):
        query(store.address, "SELECT 1; SELECT 2")
    assert query(store.address, "SELECT ';' AS a;")["a"].to_list() == [";"]


def test_an_answer_in_a_file_holds_no_formula(tmp_path, sweep, rows, capsys):
    store = Store(tmp_path / "store")
    store.begin(sweep, resume=False)
    store.add(rows, sweep.axes)
    for sql, status in (("SELECT '=1+1' AS a, ['=2'] AS b", 0), ("", 2), ("SELECT 1; SELECT 2", 2)):
        out = tmp_path / f"{status}.csv"
        with pytest.raises(SystemExit) as ended:
            main(["query", store.address, sql, "--out", str(out)])
        assert ended.value.code == status
        assert out.exists() == (status == 0)
    with pytest.raises(SystemExit):
        main(["query", store.address, "FROM runs", "--out", str(tmp_path / "x.ods")])
    assert "allowed: .csv, .xlsx, .parquet" in capsys.readouterr().err
    assert (tmp_path / "0.csv").read_text("utf-8-sig").splitlines()[1].startswith("'=1+1,")


def test_done_and_failed_runs_are_counted(store, sweep, rows):
    assert store.counted() == (0, 0)
    store.add([failed_row(sweep.jobs()[0], "no"), failed_row(sweep.jobs()[5], "no"), *rows[1:]], sweep.axes)
    assert store.counted() == (3, 2)
    store.add(rows[:1], sweep.axes)  # the failed run was run once more
    assert store.counted() == (4, 1)


def test_a_question_may_be_held_to_rows_and_time(tmp_path, sweep, rows):
    store = Store(tmp_path / "store")
    store.begin(sweep, resume=False)
    store.add(rows, sweep.axes)
    assert query(store.address, "FROM range(1000)", most_rows=7).height == 7
    assert query(store.address, "CREATE TABLE t (x INT)", most_rows=7).is_empty()
    with pytest.raises(UsageError, match=r"longer than 0\.1 s"):
        query(store.address, "SELECT sum(a.range) FROM range(1000000) a, range(1000000) b", most_s=0.1)
    with pytest.raises(UsageError, match="query"):
        query(store.address, "SELECT list(range) FROM range(100000000)", most_bytes=20_000_000)


def test_columns_have_the_same_types_in_every_part(tmp_path, sweep, rows):
    store = Store(tmp_path / "store")
    store.begin(sweep, resume=False)
    store.add([failed_row(sweep.jobs()[5], "no")], sweep.axes)
    store.add(rows, sweep.axes)
    found = store.read()
    assert found.schema["reach"] == pl.Int64
    assert found.schema["roi"] == pl.Float64
    assert found.schema["error"] == pl.String
    assert found.height == 5
