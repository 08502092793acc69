"""Work that is interrupted as users and schedulers do it, and what is then left of it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tests.command_line import ROOT
from tests.sweeps.small import own_cache, written

PATIENCE_S = 180
"""After which work is taken to hang [s]."""
SWEEP = """
scenario = "beauty_matrix"
seeds = 400
[design]
kind = "grid"
[vary]
"links.layout" = ["none", "star", "mesh"]
"run.hours" = [72]
"""


@dataclass(frozen=True)
class Entry:
    """One way to begin long work on the command line."""

    words: tuple[str, ...]
    """The command line; OUT stands for its folder, SWEEP for a sweep file."""
    kept: Callable[[Path], int]
    """What is finished, counted in the folder."""
    said: str
    """The same count in the last words, as a pattern with one group; '' where they do not count."""
    sign: str = ""
    """Files in the folder once something is finished; '' where nothing shows from outside."""
    text: str = ""
    """What is then in the last of them."""


def _runs(out: Path) -> int:
    """Folders of whole runs; half of one fails."""
    for folder in out.glob("seed-*"):
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        assert pl.read_parquet(folder / "hourly.parquet")["impressions"].sum() == summary["impressions"]
    return len(list(out.glob("seed-*")))


def _stored(out: Path) -> int:
    """Runs in a store; half a file fails."""
    from sim.sweeps.store import Store

    return Store(out).read().height if (out / "manifest.json").exists() else 0


def _tried(out: Path) -> int:
    """Mixes of a study; half a line fails."""
    log = out / "runs.jsonl"
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return len({json.dumps(json.loads(line)[:2]) for line in lines})


ENTRIES = {
    "run": Entry(
        ("run", "beauty_matrix", "--seeds", "4000", "--hours", "72", "--out", "OUT"),
        _runs,
        r"those of ([\d,]+) of 4,000 seeds; go on with --seed",
        "seed-*/summary.json",
    ),
    "compare": Entry(
        ("compare", "beauty_matrix", "--layouts", "none,star,mesh", "--seeds", "4000", "--hours", "72"),
        lambda _: 0,
        r"stopped after (\d+) seeds",
    ),
    "sweep": Entry(
        ("sweep", "SWEEP", "--out", "OUT", "--workers", "2", "--resume"),
        _stored,
        r"stopped; ([\d,]+) of 1,200 runs (?:is|are) kept in .*; go on with --resume",
        "parts/*.parquet",
    ),
    "optimise": Entry(
        (
            *("optimise", "beauty_matrix", "--budget", "300000", "--hours", "72", "--trials", "4000"),
            *("--fresh", "400", "--out", "OUT"),
        ),
        _tried,
        "",
        "runs.jsonl",
        "]",
    ),
    "sensitivity": Entry(
        ("sensitivity", "beauty_matrix", "--points", "40", "--hours", "72", "--out", "OUT"),
        lambda out: _stored(out / "runs"),
        "",
        "runs/parts/*.parquet",
    ),
}


@dataclass(frozen=True)
class Ended:
    """How interrupted work ended."""

    after: float
    """when the signal came [s]"""
    status: int
    told: str
    seconds: float
    """from the signal to the end"""
    kept: int
    counted: int | None
    """what its last words say is kept"""


def begun(entry: Entry, folder: Path) -> "subprocess.Popen[str]":
    """A command of an entry, at work on a folder, in a process group of its own as in a terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    file = written(folder, SWEEP)
    stand = {"OUT": str(folder / "out"), "SWEEP": str(file)}
    environment = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "LC_ALL": "en_US.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *(stand.get(word, word) for word in entry.words)],
        cwd=ROOT,
        env={**os.environ, **environment, "MATRIXSIM_CACHE": str(own_cache(folder))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def interrupted(
    entry: Entry, folder: Path, after: float, number: int, *, all_hear: bool = True, kept: bool = False
) -> Ended:
    """Begins the work of an entry and interrupts it.

    Args:
        entry: what.
        folder: where.
        after: when [s].
        number: the signal.
        all_hear: its workers get the signal too, as Ctrl-C in a terminal does it; else it alone, as `kill`.
        kept: the time counts from when something is finished.
    """
    started = time.monotonic()
    going = begun(entry, folder)
    try:
        while kept and going.poll() is None and not _shows(entry, folder / "out"):
            assert time.monotonic() - started < PATIENCE_S, "nothing shows that anything is finished"
            time.sleep(0.05)
        time.sleep(after)
        sent = time.monotonic()
        (os.killpg if all_hear else os.kill)(going.pid, number)
        _, told = going.communicate(timeout=PATIENCE_S)
        ended = time.monotonic() - sent
    finally:
        if going.poll() is None:
            os.killpg(going.pid, signal.SIGKILL)
    found = re.search(entry.said, told) if entry.said else None
    counted = int(found[1].replace(",", "")) if found else None
    return Ended(sent - started, going.returncode, told, ended, entry.kept(folder / "out"), counted)


def _shows(entry: Entry, out: Path) -> bool:
    """Whether something is finished, as far as it can be seen."""
    files = list(out.glob(entry.sign)) if entry.sign else []
    return bool(files) and entry.text in files[-1].read_text("utf-8", "ignore")


def wrong(entry: Entry, ended: Ended, number: int) -> str:
    """What is not as it should be; '' where all is."""
    if ended.status != 128 + number:
        return f"status {ended.status}"
    if "Traceback" in ended.told or "ignored in" in ended.told:
        return "a traceback"
    if not ended.told.splitlines()[-1].startswith("stopped"):
        return "it does not say that it was stopped"
    if entry.sign and ended.counted not in (None, ended.kept):
        return f"it says that {ended.counted} are kept, and {ended.kept} are"
    return ""


CALM = """
import json, os, random, signal, sys, threading, time
import sim

plan = sim.Scenario.load("beauty_matrix").with_values({"run.hours": 24, "audience.users": 50_000})
right = sim.run(plan, 1).digest
luck = random.Random(int(sys.argv[2]))
wrong = done = caught = 0

def soon():
    time.sleep(luck.uniform(0.0, 0.2))
    os.kill(os.getpid(), signal.SIGINT)

def work():
    global wrong, done
    wrong += sim.run(plan, 1).digest != right
    done += 1

{begin}
for _ in range(int(sys.argv[1])):
    try:
        threading.Thread(target=soon).start()
        while True:
            {body}
    except KeyboardInterrupt:
        caught += 1
{end}
print(json.dumps({"caught": caught, "done": done, "wrong": wrong}))
"""
STEPS = """
if not model.running:
                model = sim.MatrixModel(plan, seed=1)
            else:
                model.step()
            if not model.running:
                wrong += model.result().digest != right
                done += 1
"""
THREAD = """
def forever():
    while not over.is_set():
        work()

over = threading.Event()
other = threading.Thread(target=forever)
other.start()
"""


def _script(body: str, begin: str = "", end: str = "") -> str:
    parts = {"{begin}": begin, "{body}": body.strip(), "{end}": end}
    text = CALM
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


SCRIPTS = {
    "run() in a loop": _script("work()"),
    "MatrixModel.step": _script(STEPS, "model = sim.MatrixModel(plan, seed=1)"),
    "a second thread": _script("time.sleep(0.01)", THREAD, "over.set()\nother.join()"),
}
"""Python that is interrupted again and again, and goes on."""


def survived(script: str, times: int, luck: int) -> dict[str, Any]:
    """What a script says after so many interrupts: how many it caught, runs done, runs with another digest.

    Raises:
        AssertionError: it did not live to say it.
    """
    done = subprocess.run(
        [sys.executable, "-c", script, str(times), str(luck)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8",
        check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return json.loads(done.stdout)
