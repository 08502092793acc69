"""A run's result: its tables, its summary, its digest, and its files.

Takes polars frames and a summary; gives a result that can be written whole and compared by
digest. Does not know how tables come about.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sim import storage
from sim.errors import RunError, UsageError
from sim.interrupts import deferred
from sim.language.vocabulary import METRICS
from sim.scenario.canonical import DEFAULTS_EPOCH, canonical
from sim.scenario.schema import Scenario

TABLES = ("hourly", "videos", "accounts", "flows", "promotions")
"""Tables that the digest covers, and `measures` where there is one; `money` stands beside them, whose sums
are in the summary."""
SOMETIMES = ("measures", "overlap", "retention")
"""Tables that a run need not have."""
WRITTEN = (*TABLES, "money", *SOMETIMES)
"""Every table that a run may have."""
LONG = {
    "hour": pl.Int64, "account": pl.String, "origin": pl.String, "measure": pl.String, "value": pl.Int64,
}  # fmt: skip
"""Columns of `measures`: what is counted beside the columns of `hourly`, if anything is."""
SORTED_BY = {
    "hourly": ["hour", "account", "origin"],
    "videos": ["planned_by", "post_number"],
    "accounts": ["account"],
    "flows": ["from", "to", "channel"],
    "promotions": ["planned_by", "post_number", "hour"],
    "measures": ["hour", "account", "origin", "measure"],
}
"""Stable ids by which a table's rows are ordered before they are hashed."""
SUMMED = ("impressions", "completions", "likes", "comments", "shares", "follows", "visits", "orders")
DIGESTED = ("outside_impressions", "reach", *SUMMED, "unfollows", "hit_videos", "users", "hours", "seed")
"""Integer fields of the summary that the digest covers."""


@dataclass(frozen=True)
class Result:
    """What one run gives.

    Attributes:
        summary: the fields of summary.json.
        tables: a polars frame for each of TABLES, `money`, and `measures` where anything stands in it; whom
            accounts share and how long fans stay (`overlap`, `retention`) where that was asked for.
        scenario: that was run.
        provenance: versions, platform, timings, input hash.
    """

    summary: dict[str, Any]
    tables: dict[str, pl.DataFrame]
    scenario: Scenario
    provenance: dict[str, Any]

    def __getattr__(self, name: str) -> pl.DataFrame:
        """A table by its name: `result.videos`."""
        if name in (*TABLES, "money"):
            return self.tables[name]
        if name == "measures":
            return self.tables.get(name, pl.DataFrame(schema=LONG))
        raise AttributeError(name)

    @property
    def scenario_toml(self) -> str:
        """The complete scenario that was run, as a file."""
        return self.scenario.to_toml()

    @property
    def digest(self) -> str:
        """Hash over the logical integer columns: equal results have equal digests."""
        return str(self.summary["digest"])

    @deferred()
    def write(self, folder: Path) -> None:
        """Writes all files of the run into a folder, each whole and then renamed into place."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.tables.items():
            storage.write_parquet(folder / f"{name}.parquet", frame)
        for name in SOMETIMES:
            if name not in self.tables:
                (folder / f"{name}.parquet").unlink(missing_ok=True)  # of another run that was written here
        storage.write_text(folder / "scenario.toml", self.scenario_toml)
        storage.write_json(folder / "provenance.json", self.provenance)
        storage.write_json(folder / "summary.json", self.summary)


def check_metric(metric: str) -> None:
    """Refuses a name that is no metric.

    Raises:
        UsageError: it is not one of METRICS.
    """
    if metric not in METRICS:
        raise UsageError(
            "metric {metric!r} is unknown; allowed: {names}", metric=metric, names=", ".join(METRICS)
        )


def metric_value(metric: str, summary: Mapping[str, Any]) -> float:
    """A metric of one run, by its summary; 'hit' is 1 where any video passed the hit mark.

    Raises:
        RunError: ROI of a run that cost nothing.
    """
    value = summary["hit_videos"] > 0 if metric == "hit" else summary[METRICS[metric]]
    if value is None:
        raise RunError("{metric} has no value: nothing was spent in this scenario", metric=metric)
    return float(value)


def input_hash(scenario: Scenario) -> str:
    """Hash of the keys that are not neutral, without name and seed [32 hex digits].

    Reordering a file leaves it alone, and so does a key that is new and neutral where it is left out.
    """
    text = json.dumps([DEFAULTS_EPOCH, canonical(scenario)], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def digest_of(tables: dict[str, pl.DataFrame], summary: dict[str, Any]) -> str:
    """Hash over the integer and name columns of all tables, rows in order of stable ids [32 hex digits].

    Money enters in fen; floats, timings and the engine do not enter.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name in (*TABLES, *tables.keys() & {"measures"}):
        frame = tables[name].sort(SORTED_BY[name])
        for column in sorted(frame.columns):
            kind = frame.schema[column]
            if column == "cost_cny":
                values = [round(100 * cost) for cost in frame[column].to_list()]
            elif kind.is_integer() or kind == pl.String:
                values = frame[column].to_list()
            else:
                continue
            lines = "\n".join(map(str, values))  # cheaper than a query, unless rows are many thousands
            digest.update(f"\0{name}.{column}\0{lines}".encode())
    money = [round(100 * float(summary[key])) for key in ("gmv_cny", "cost_cny")]
    digest.update(json.dumps([[summary[key] for key in DIGESTED], money]).encode())
    return digest.hexdigest()
