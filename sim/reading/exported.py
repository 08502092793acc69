"""What users bring: the videos and sources of their exports, as `sim.reading` understands them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from sim.errors import Listing, UsageError
from sim.reading.read import Read, read


class Exported(NamedTuple):
    """What was read; columns as in `sim.reading.tables`."""

    videos: pl.DataFrame
    sources: pl.DataFrame
    read: Read
    """and what was left out"""


def exported(
    paths: Sequence[Path], progress: Callable[[int, int], None] = lambda _done, _total: None, **said: Any
) -> Exported:
    """Videos and sources of all files together; rows that name no account are called by their file.

    Args:
        paths: of the files.
        progress: called with (bytes done, in all).
        said: how they are to be read, as `read` takes it.
    Raises:
        UsageError: a file cannot be read or understood, or none of them tells of videos.
    """
    found = read([str(path) for path in paths], progress=progress, **said)
    if found.videos.height == 0:
        raise UsageError(
            "{paths}: no table of videos was found; `matrixsim read` says what was understood",
            paths=Listing(paths),
        )
    return Exported(videos_of(found), found.frames["sources"], found)


def videos_of(found: Read) -> pl.DataFrame:
    """The videos; where they do not say their author's fans, the newest number that a table of days has."""
    fans = (
        found.frames["days"]
        .filter(pl.col("metric") == "fans", pl.col("value").is_not_null())
        .sort("date")
        .group_by("account")
        .agg(pl.col("value").last().cast(pl.Int64).alias("by_day"))
    )
    joined = found.videos.join(fans, on="account", how="left", maintain_order="left")
    return joined.with_columns(fans=pl.coalesce("fans", "by_day")).drop("by_day")
