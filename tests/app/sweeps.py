"""Sweeps for the tests of the page, written into a store without running anything."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from sim.app.pages.experiments import planning, sweeping
from sim.sweeps import known
from sim.sweeps.known import Note
from sim.sweeps.plan import RunJob, Sweep
from sim.sweeps.store import DONE, FAILED, Store
from tests.app.driving import markup

KEYS = "kept_experiments_keys"

VARY = {"links.layout": ["none", "star", "mesh"], "accounts.school.fans": [30, 120]}
LIFT = {"none": 0, "star": 5, "mesh": 300}


def small(vary: dict[str, Any] | None = None, seeds: int = 4) -> Sweep:
    """Three layouts by two numbers of fans, in the classroom."""
    return planning.planned("classroom", None, "grid", 8, seeds, vary or VARY)


def find(key: str) -> Note | None:
    """The sweep of this key, if the page lists one."""
    return next((note for note in sweeping.sweeps() if note.key == key), None)


def row(job: RunJob) -> dict[str, Any]:
    """A run that ended well: mesh reaches 300 people more, each seed brings its own luck."""
    luck = (job.seed * 37 + job.point * 11) % 17 + job.seed * 50
    reach = 1000 + LIFT[job.values.get("links.layout", "none")] + luck
    counts = dict.fromkeys(
        ("impressions", "follows", "new_fans", "visits", "orders", "hit_videos"), reach // 100
    )
    money = {"gmv_cny": 99.0, "cost_cny": 50.0, "roi": 1.98}
    own = {"job": job.job, "key": job.job, "point": job.point, "seed": job.seed, "error": None}
    return {**job.values, **own, "status": DONE, "reach": reach, **counts, **money}


def failed(job: RunJob, error: str) -> dict[str, Any]:
    """A run that failed."""
    own = {"job": job.job, "key": job.job, "point": job.point, "seed": job.seed}
    return {**job.values, **own, "status": FAILED, "error": error}


def stored(
    base: Path, plan: Sweep, *, ended: int | None = None, errors: dict[int, str] | None = None, **facts: Any
) -> Note:
    """A sweep with so many runs, noted as one of the command line.

    Args:
        base: the cache folder.
        plan: what it is.
        ended: runs; all of them when left out.
        errors: of failed runs, by number.
        facts: of its note.
    """
    folder = base / "elsewhere" / facts.pop("name", "runs")
    folder.parent.mkdir(exist_ok=True)
    store = Store(folder)
    store.begin(plan, resume=False)
    jobs = plan.jobs()[:ended]
    store.add(
        [failed(j, errors[k]) if errors and k in errors else row(j) for k, j in enumerate(jobs)], plan.axes
    )
    file = folder.with_suffix(".toml")
    file.write_text(plan.to_toml("classroom"), encoding="utf-8")
    given = {
        "scenario": plan.scenario.name,
        "keys": tuple(axis.key for axis in plan.axes),
        "identity": plan.identity(),
        "begun": 1.8e9,
        **facts,
    }
    note = Note(str(folder.resolve()), str(file.resolve()), str(base), **given)
    known.write(base, note)
    return note


def rewritten(note: Note, **facts: Any) -> None:
    """Changes a store's manifest."""
    file = Path(note.folder) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | facts))


def keyed(app: AppTest, key: str) -> Any:
    """The button of a key."""
    return next(found for found in app.button if found.key == key)


def said(app: AppTest) -> str:
    """All that the page says."""
    return "\n".join([markup(app), *(text.value for text in (*app.text, *app.markdown, *app.header))])
