"""What users bring: the videos and sources of their exports, as `sim.reading` understands them."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.errors import UsageError


class Exported(NamedTuple):
    """What was read; columns as in `sim.reading.tables`."""

    videos: pl.DataFrame
    sources: pl.DataFrame


def exported(paths: Sequence[Path]) -> Exported:
    """Videos and sources of all files together; rows that name no account are called by their file.

    Raises:
        UsageError: a file cannot be read or understood, or none of them tells of videos.
    """
    from sim.reading.read import read

    found = read([str(path) for path in paths])
    if found.videos.height == 0:
        raise UsageError(
            "{paths}: no table of videos was found; `matrixsim read` says what was understood",
            paths=", ".join(map(str, paths)),
        )
    return Exported(found.videos, found.sources)
