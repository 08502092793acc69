import json
import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.peers import apart
from benchmarks.plan import FULL, QUICK


@pytest.mark.parametrize("peer", apart.SCRIPTS)
def test_every_release_of_a_peer_s_environment_is_pinned(peer: str) -> None:
    folder = Path(apart.__file__).parent
    assert (folder / f"{apart.SCRIPTS[peer]}.py").exists()
    lines = (folder / f"{apart.SCRIPTS[peer]}.txt").read_text("utf-8").splitlines()
    assert all("==" in line for line in lines if not line.startswith("#"))


def test_quick_asks_for_none_of_them() -> None:
    assert not set(apart.SCRIPTS) & set(QUICK.peers)


def test_peer_is_absent_without_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(apart.AbsentError, match="uv"):
        apart.environment("T-RECS", tmp_path)


def test_peer_is_absent_where_its_environment_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'no such Python' >&2\nexit 2\n")
    uv.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(uv))
    with pytest.raises(apart.AbsentError, match="status 2: no such Python"):
        apart.environment("mesa-frames", tmp_path / "peers")
    assert not list((tmp_path / "peers").rglob("complete"))  # what was begun does not count as made


def test_last_line_of_a_peer_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"impressions": 50, "seconds": 0.5, "rates": {"like": 0.1}, "version": "1", "work": "some"}
    monkeypatch.setattr(apart, "environment", lambda *given: Path(sys.executable))
    monkeypatch.setattr(apart, "_run", lambda words, folder: f"hello\n{json.dumps(told)}\n")
    run = apart.runner("RecSim", folder=tmp_path)
    assert apart.done(run(10, 1, 1)).impressions == 50


def test_the_full_plan_asks_for_all_of_them() -> None:
    assert set(apart.SCRIPTS) <= set(FULL.peers)
