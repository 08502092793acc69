"""Damaged files of a store are named, never a traceback; what they held can be done again."""

import json
import pickle
from pathlib import Path

import pytest

from sim.errors import DamagedError, UsageError
from sim.sweeps.plan import load_sweep
from sim.sweeps.query import query
from sim.sweeps.run import sweep as run_sweep
from sim.sweeps.store import ASIDE, Store
from sim.sweeps.work import row_of
from tests.command_line import matrixsim
from tests.sweeps.small import SWEEP, own_cache, written


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return load_sweep(written(tmp_path_factory.mktemp("sweep")))


@pytest.fixture(scope="module")
def rows(sweep):
    return [row_of(sweep, job) for job in sweep.jobs()]


@pytest.fixture(params=["folder", "memory"])
def store(request, tmp_path, sweep, rows):
    """A store of two parts."""
    found = Store(tmp_path / "store" if request.param == "folder" else f"memory://{tmp_path.name}")
    found.begin(sweep, resume=False)
    found.add(rows[:4], sweep.axes)
    found.add(rows[4:], sweep.axes)
    return found


def spoil(store, path, how):
    content = bytearray(store.fs.cat_file(path))
    if how == "cut":
        content = content[: len(content) // 2]
    elif how == "empty":
        content = bytearray()
    elif how == "text":
        content = bytearray(b"not a table")
    else:  # one bit, of which a reader of Parquet may notice nothing
        content[len(content) // 3] ^= 1
    store.fs.pipe_file(path, bytes(content))


@pytest.mark.parametrize("how", ["cut", "empty", "text", "bit"])
def test_a_damaged_part_is_named_and_its_runs_are_done_again(store, sweep, rows, how):
    whole = store.read()
    first, second = store.parts()
    spoil(store, first, how)
    fresh = Store(store.address)
    assert [Path(path).name for path in fresh.damaged()] == [Path(first).name]
    for ask in (fresh.read, fresh.finished, fresh.counted, lambda: query(store.address, "FROM runs")):
        with pytest.raises(DamagedError, match=Path(first).name) as told:
            ask()
        assert "--redo-damaged" in str(told.value)
    fresh.set_aside()
    assert fresh.parts() == [second]
    assert store.fs.exists(f"{first}{ASIDE}")
    assert fresh.damaged() == []
    fresh.begin(sweep, resume=True)
    assert len(fresh.finished()) == len(rows) - 4
    fresh.add(rows[:4], sweep.axes)
    assert fresh.read().equals(whole)


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_broken_manifest_is_not_called_missing_and_is_written_anew(store, sweep, content):
    manifest = f"{store.root}/manifest.json"
    before = store.manifest()
    store.fs.pipe_file(manifest, content.encode())
    with pytest.raises(DamagedError, match=r"manifest\.json: is damaged"):
        store.begin(sweep, resume=True)
    store.set_aside()
    store.begin(sweep, resume=True)
    assert store.manifest() == before
    assert len(store.finished()) == len(sweep.jobs())


def test_runs_without_a_manifest_are_not_taken_for_another_sweeps(store, tmp_path):
    store.fs.rm_file(f"{store.root}/manifest.json")
    other = load_sweep(written(tmp_path, SWEEP.replace("high = 2.0", "high = 1.5")))
    with pytest.raises(UsageError, match="runs of another sweep"):
        store.begin(other, resume=True)


def test_the_error_survives_the_way_between_processes():
    error = DamagedError("a.parquet", "why", "do this")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  our own bytes


def test_the_commands_name_the_file_and_go_on(tmp_path):
    file = written(tmp_path, SWEEP.replace("seeds = 2", "seeds = 1"))
    cache = {"MATRIXSIM_CACHE": str(own_cache(tmp_path))}
    store = run_sweep(load_sweep(file), tmp_path / "sweep", workers=1)
    whole = store.read().drop("seconds", "impressions_per_second")
    [part] = store.parts()
    spoil(store, part, "cut")
    for words in (["query", str(tmp_path / "sweep"), "FROM runs"], ["sweep", str(file), "--resume"]):
        done = matrixsim(*words, **cache)
        assert done.returncode == 2
        assert done.stderr.startswith(part)
        assert "Traceback" not in done.stderr
    done = matrixsim("sweep", str(file), "--redo-damaged", "--workers", "1", "--json", **cache)
    assert done.returncode == 0, done.stderr
    assert "set aside" in done.stderr
    assert json.loads(done.stdout)["runs"] == whole.height
    assert Path(f"{part}{ASIDE}").exists()
    assert Store(store.address).read().drop("seconds", "impressions_per_second").equals(whole)
