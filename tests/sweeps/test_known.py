"""What the app is told about sweeps: notes, who is at work, and the wish to stop."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from sim.errors import RunError
from sim.sweeps import known
from sim.sweeps.known import Note, notes, standing, stop, under_way, write
from sim.sweeps.store import Store
from tests.command_line import matrixsim
from tests.sweeps.small import SCENARIO, SWEEP, own_cache, written

NOTE = Note("/runs", "/sweep.toml", "/", "small", ("links.layout",), "one", begun=1.0)
SLOWER = SCENARIO.replace("users = 4_000", "users = 30_000").replace("hours = 6", "hours = 60")


def test_a_note_is_found_again(tmp_path: Path) -> None:
    write(tmp_path, NOTE)
    assert notes(tmp_path) == [NOTE]


def test_the_latest_sweep_comes_first(tmp_path: Path) -> None:
    for begun in (2.0, 3.0, 1.0):
        write(tmp_path, replace(NOTE, folder=f"/runs{begun}", begun=begun))
    assert [note.begun for note in notes(tmp_path)] == [3.0, 2.0, 1.0]


def test_a_sweep_that_goes_on_keeps_who_began_it_and_when(tmp_path: Path) -> None:
    write(tmp_path, replace(NOTE, by="app"))
    write(tmp_path, replace(NOTE, begun=9.0))
    assert notes(tmp_path) == [replace(NOTE, by="app")]


def test_another_sweep_in_the_folder_is_another_sweep(tmp_path: Path) -> None:
    write(tmp_path, replace(NOTE, by="app"))
    other = replace(NOTE, identity="two", begun=9.0)
    write(tmp_path, other)
    assert notes(tmp_path) == [other]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"folder": 1}', "\x00"])
def test_a_broken_note_is_passed_over(tmp_path: Path, content: str) -> None:
    write(tmp_path, NOTE)
    (tmp_path / known.FOLDER / f"{'0' * 16}.json").write_text(content)
    assert notes(tmp_path) == [NOTE]


def test_notes_do_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST_NOTES", 3)
    for k in range(6):
        write(tmp_path, replace(NOTE, folder=f"/{k}", begun=float(k)))
        os.utime(tmp_path / known.FOLDER / f"{replace(NOTE, folder=f'/{k}').key}.json", (k, k))
    assert len(notes(tmp_path)) == 3


def test_it_runs_until_the_block_ends(tmp_path: Path) -> None:
    assert standing(tmp_path, NOTE) == "still"
    with under_way(tmp_path, NOTE):
        assert standing(tmp_path, NOTE) == "running"
        assert standing(tmp_path, replace(NOTE, folder="/other")) == "still"
    assert standing(tmp_path, NOTE) == "still"
    assert [file.suffix for file in (tmp_path / known.FOLDER).iterdir()] == [".json"]


def test_a_failure_is_noted_and_forgotten_when_it_goes_on(tmp_path: Path) -> None:
    with pytest.raises(RunError), under_way(tmp_path, NOTE):
        raise RunError("out of luck")
    assert notes(tmp_path)[0].failure == "out of luck"
    with under_way(tmp_path, NOTE):
        assert notes(tmp_path)[0].failure == ""


def test_the_wish_to_stop_is_as_ctrl_c(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), under_way(tmp_path, NOTE):
        asked(tmp_path)
    assert time.monotonic() - begun < 3
    assert standing(tmp_path, NOTE) == "still"


def asked(base: Path) -> None:
    stop(base, NOTE)
    assert standing(base, NOTE) == "stopping"
    time.sleep(5)


def test_a_process_that_ignores_ctrl_c_is_told_all_the_same(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a script's background
    try:
        with under_way(tmp_path, NOTE) as wanted:
            assert not wanted()
            stop(tmp_path, NOTE)
            deadline = time.monotonic() + 5
            while not wanted() and time.monotonic() < deadline:
                time.sleep(0.05)
            assert wanted()
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_a_dead_process_left_is_cleared_away(tmp_path: Path) -> None:
    write(tmp_path, NOTE)
    sign = tmp_path / known.FOLDER / f"{NOTE.key}.12345678.run"
    sign.touch()
    sign.with_suffix(".stop").touch()
    assert standing(tmp_path, NOTE) == "still"
    assert not sign.exists()
    assert not sign.with_suffix(".stop").exists()


def test_two_who_share_a_sweep_are_both_asked_to_stop(tmp_path: Path) -> None:
    folder = tmp_path / known.FOLDER
    folder.mkdir()
    signs = [folder / f"{NOTE.key}.{k}.run" for k in ("a", "b")]
    locks = [FileLock(sign.with_suffix(".lock")) for sign in signs]
    for lock, sign in zip(locks, signs, strict=True):
        lock.acquire()
        sign.touch()
    signs[0].with_suffix(".stop").touch()
    assert standing(tmp_path, NOTE) == "running"
    stop(tmp_path, NOTE)
    assert standing(tmp_path, NOTE) == "stopping"
    for lock in locks:
        lock.release()


def test_a_sweep_does_not_hang_on_being_noted(tmp_path: Path) -> None:
    (tmp_path / known.FOLDER).write_text("a file where the folder should be")
    before = set(threading.enumerate())  # other tests of this process may have left some
    with under_way(tmp_path, NOTE) as wanted:
        assert not wanted()
    with under_way(tmp_path, None) as wanted:
        assert not wanted()
    assert set(threading.enumerate()) <= before


def test_the_command_line_notes_its_sweep_and_stops_when_asked_to(tmp_path: Path) -> None:
    file = written(tmp_path, SWEEP.replace("seeds = 2", "seeds = 20"), SLOWER)
    cache = own_cache(tmp_path)
    words = [sys.executable, "-m", "sim.cli", "sweep", str(file), "--out", "store", "--workers", "1"]
    going = subprocess.Popen(
        words, cwd=tmp_path, env={**os.environ, "MATRIXSIM_CACHE": str(cache)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    store, deadline = Store(tmp_path / "store"), time.monotonic() + 60
    while not store.parts() and time.monotonic() < deadline:
        time.sleep(0.1)
    [note] = notes(cache)
    assert note.folder == str((tmp_path / "store").resolve())
    assert note.file == str(file.resolve())
    assert note.keys == ("links.layout", "platform.targeting")
    assert note.by == "command"
    assert standing(cache, note) == "running"
    stop(cache, note)
    _, told = going.communicate(timeout=60)
    assert going.returncode == 130, told
    assert standing(cache, note) == "still"
    assert 0 < store.read().height < 120


def test_a_command_that_is_refused_leaves_the_note_as_it_was(tmp_path: Path) -> None:
    cache, file = own_cache(tmp_path), written(tmp_path)
    Store(tmp_path / "store").fs.makedirs(tmp_path / "store" / "parts")
    (tmp_path / "store" / "manifest.json").write_text(json.dumps({"identity": "another"}))
    done = matrixsim("sweep", str(file), "--out", str(tmp_path / "store"), MATRIXSIM_CACHE=str(cache))
    assert done.returncode == 2
    assert notes(cache) == []
