"""What a worker does to show luck alone: the same posts under one seed after another.

Takes a request, a folder for its files and a callback for the progress; gives what answer.json holds
beside its head. Imported by workers alone: it loads numba.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim import storage
from sim.analysis.repeats import FEWEST, Bounded, luck_of
from sim.app.jobs.request import Repeating
from sim.experiment.replicate import Job, replicate
from sim.experiment.size import refuse_too_large

KEPT = ("planned_by", "post_number", "account", "published_hour", "impressions")


def repeating(request: Repeating, folder: Path, tick: Callable[[int, int], None]) -> dict[str, Any]:
    """Runs the same posts again and again; keeps every post's views each time.

    The spread is that of posts from the first half of the run, which all had time to climb.
    """
    plan = request.plan()
    refuse_too_large(plan, alone=False)
    jobs = [Job(0, plan, request.seed + k) for k in range(request.repeats)]
    frames: list[pl.DataFrame] = []
    for job, result in replicate(jobs, want="result"):
        frames.append(result.videos.select(*KEPT, pl.lit(job.seed, pl.Int64).alias("seed")))
        tick(len(frames), len(jobs))
    found = pl.concat(frames).sort("planned_by", "post_number", "seed")
    storage.write_parquet(folder / "repeats.parquet", found)
    early = found.filter(2 * pl.col("published_hour") <= plan.run.hours)["impressions"].to_numpy()
    answer: dict[str, Any] = {"hours": plan.run.hours, "luck": None}
    if early.size and request.repeats >= FEWEST:
        luck = luck_of(early.reshape(-1, request.repeats).T)
        answer["luck"] = {
            "sd": _finite(luck.sd),
            "factor": _finite(luck.factor),
            "share": luck.share,
            "videos": luck.videos,
        }
    return answer


def _finite(number: Bounded) -> list[float | None]:
    """A number and its interval for JSON, which knows no infinity."""
    return [limit if np.isfinite(limit) else None for limit in number]
