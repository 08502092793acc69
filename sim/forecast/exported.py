"""What users bring: the tables of their exports, as far as forecasts ask.

Takes paths of tables with the columns of this house (CSV or Parquet); gives videos and sources. Null is
'not known'.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from sim.errors import UsageError

VIDEOS: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "account": pl.String, "video_id": pl.String, "title": pl.String, "published_at": pl.Datetime("us"),
    "duration_s": pl.Float64, "plays": pl.Int64, "finish_rate": pl.Float64, "likes": pl.Int64,
    "comments": pl.Int64, "shares": pl.Int64, "follower_delta": pl.Int64, "fans": pl.Int64,
}  # fmt: skip
"""Columns of videos that are looked at; those that a table lacks are all null."""
SOURCES: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "account": pl.String,
    "video_id": pl.String,
    "source": pl.String,
    "share": pl.Float64,
}


class Exported(NamedTuple):
    """What was read."""

    videos: pl.DataFrame
    sources: pl.DataFrame


def exported(paths: Sequence[Path]) -> Exported:
    """Videos and sources of all files together.

    Raises:
        UsageError: a file cannot be read, or is neither.
    """
    videos, sources = [pl.DataFrame(schema=dict(VIDEOS))], [pl.DataFrame(schema=dict(SOURCES))]
    for path in paths:
        try:
            frame = (
                pl.read_parquet(path)
                if path.suffix == ".parquet"
                else pl.read_csv(path, try_parse_dates=True)
            )
        except (OSError, pl.exceptions.PolarsError) as error:
            raise UsageError(
                "{path}: cannot be read ({error})", path=path, error=str(error).split("\n")[0]
            ) from None
        if {"source", "share"} <= set(frame.columns):
            sources.append(_shaped(path, frame, SOURCES))
        elif {"account", "plays"} <= set(frame.columns):
            videos.append(_shaped(path, frame, VIDEOS))
        else:
            raise UsageError(
                "{path}: is no table of videos (account, plays, …) or of sources (account, source, share)",
                path=path,
            )  # fmt: skip
    return Exported(pl.concat(videos), pl.concat(sources))


def _shaped(
    path: Path, frame: pl.DataFrame, schema: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """A table with exactly those columns."""
    try:
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in schema.items()
        )
    except pl.exceptions.PolarsError as error:
        raise UsageError(
            "{path}: cannot be read ({error})", path=path, error=str(error).split("\n")[0]
        ) from None
