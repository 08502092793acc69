"""Peers that do not run with our numpy: each in an environment of its own, as a process.

Takes a peer; makes its environment once, from the pins beside its script, in the user's cache
folder, and runs the script there. Gives its line of JSON, or why there is none. Nothing
else of this project depends on these packages, and nothing has to be installed by hand but uv.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from benchmarks.peers import feed
from benchmarks.processes import ROOT

SCRIPTS = {"mesa-frames": "with_mesa_frames", "RecSim": "with_recsim", "T-RECS": "with_trecs"}
"""Peer → its script, and the name of its list of pins."""
PYTHON = "3.11"
"""The newest Python for which all of them have wheels of what they need."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
"""Settings under which none of them uses a second core: the table is one of single threads."""
_PATIENCE_S = 600


class AbsentError(Exception):
    """A peer does not run here; the message says why."""


def environment(peer: str, folder: Path) -> Path:
    """The interpreter of a peer's environment.

    Args:
        peer: one of SCRIPTS.
        folder: where environments lie; one for each state of the pins.
    Raises:
        AbsentError: there is none, and it could not be made.
    """
    pins = Path(__file__).with_name(f"{SCRIPTS[peer]}.txt")
    digest = hashlib.blake2b(pins.read_bytes(), digest_size=6).hexdigest()
    home = folder / f"{SCRIPTS[peer]}-{digest}"
    found = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    complete = home / "complete"
    if complete.exists():
        return found
    uv = shutil.which("uv")
    if uv is None:
        raise AbsentError("uv, which would make its environment, is missing")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(home, ignore_errors=True)
    _run([uv, "venv", "--quiet", "--python", PYTHON, str(home)], folder)
    # The list is whole: what these packages say of each other's releases is years old.
    _run([uv, "pip", "install", "--quiet", "--python", str(found), "--no-deps", "-r", str(pins)], folder)
    complete.touch()
    return found


def _run(words: list[str], folder: Path) -> str:
    """What a process prints; it runs outside of the project, whose settings of uv are not for it."""
    settings = {**os.environ, **ONE_THREAD, "UV_PYTHON_DOWNLOADS": "never", "PYTHONPATH": str(ROOT)}
    settings.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(
            words, cwd=folder, env=settings, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise AbsentError(f"not done after {_PATIENCE_S} s") from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise AbsentError(f"ended with status {done.returncode}: {last[0][:160]}")
    return done.stdout


def runner(peer: str, folder: Path | None = None) -> Callable[[int, int, int], dict[str, Any]]:
    """What runs a round of a peer: (users, hours, seed) → fields of feed.Done, `version` and `work`.

    Raises:
        AbsentError: it does not run here.
    """
    folder = folder or user_cache_path("matrixsim", appauthor=False) / "peers"
    python = environment(peer, folder)

    def run(users: int, hours: int, seed: int) -> dict[str, Any]:
        words = [str(python), "-m", f"benchmarks.peers.{SCRIPTS[peer]}", *map(str, (users, hours, seed))]
        told: dict[str, Any] = json.loads(_run(words, python.parents[1]).splitlines()[-1])
        return told

    return run


def done(told: dict[str, Any]) -> feed.Done:
    """The round that a peer told of."""
    return feed.Done(told["impressions"], told["seconds"], told["rates"])
