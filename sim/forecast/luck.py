"""Luck of the accounts of an export: which are surely below or above their peers at like content.

Takes the videos of an export and a scenario, whose spreads are the prior; gives a row an account
(`analysis.account_luck`), and what could be taken out.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.analysis.account_luck import FEWEST_ACCOUNTS, AccountLuck, Lucks, Spreads, account_lucks, prior_of
from sim.errors import Listing, UsageError
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

GROWN_D: Final = 28.0
"""Age after which a video's views hardly grow [days] (measured: x1.13 from day 7 to 14)."""
SEEN: Final = ("age", "finish_rate", "duration_s")
"""What is taken out of a post's views where the export has it."""


class LuckOf(NamedTuple):
    """Luck of every account, most unlucky first."""

    names: tuple[str, ...]
    rows: tuple[AccountLuck, ...]
    lucks: Lucks
    prior: Spreads
    taken_out: tuple[str, ...]
    """of SEEN and `fans`, those that the export has"""
    left_out: int
    """videos without account or views"""
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        middle, low, high = self.lucks.between
        return {
            "accounts": [
                {"account": name, **row._asdict()} for name, row in zip(self.names, self.rows, strict=True)
            ],
            "confidence": self.confidence,
            "between_dex": {"middle": middle, "low": low, "high": high, "from_data": self.lucks.from_data},
            "within_dex": self.lucks.within,
            "prior": self.prior._asdict(),
            "taken_out": list(self.taken_out),
            "left_out": self.left_out,
        }


def luck_of(videos: pl.DataFrame, scenario: Scenario, confidence: float = 0.9) -> LuckOf:
    """The luck of each account of an export.

    Args:
        videos: account, published_at, plays, finish_rate, duration_s, fans; null is not known.
        scenario: whose spreads are the prior.
        confidence: of the intervals, in (0, 1).
    Raises:
        UsageError: fewer than two accounts have videos with views.
    """
    rows = videos.drop_nulls(["account", "plays"]).filter(pl.col("plays") >= 0)
    names = rows["account"].unique(maintain_order=True).to_list()
    if len(names) < FEWEST_ACCOUNTS:
        raise UsageError(
            "one account has no peers to be below or above of: needed are videos with views of two accounts "
            "and more, found {names}",
            names=Listing(names or "-"),
        )
    place = {name: k for k, name in enumerate(names)}
    account = np.array([place[name] for name in rows["account"].to_list()], dtype=np.int64)
    day = rows["published_at"].dt.epoch("s").cast(pl.Float64).fill_null(np.nan).to_numpy() / 86_400.0
    newest = np.nanmax(day) if (~np.isnan(day)).any() else np.nan
    finish = np.clip(_column(rows, "finish_rate"), 0.005, 0.995)
    seen = np.column_stack(
        [
            np.log10(1.0 + np.minimum(newest - day, GROWN_D)),
            np.log(finish / (1.0 - finish)),
            np.log10(1.0 + np.maximum(_column(rows, "duration_s"), 0.0)),
        ]
    )
    fans = np.array([_last(rows.filter(account=name)) for name in names])
    prior = prior_of(scenario)
    found = account_lucks(
        rows["plays"].cast(pl.Float64).to_numpy(), account, day, fans, seen, prior, confidence
    )
    order = sorted(range(len(names)), key=lambda a: found.accounts[a].luck)
    known = [name for k, name in enumerate(SEEN) if (~np.isnan(seen[:, k])).any()]
    return LuckOf(
        tuple(names[a] for a in order), tuple(found.accounts[a] for a in order), found, prior,
        (*(["fans"] if (~np.isnan(fans)).any() else []), *known), videos.height - rows.height, confidence,
    )  # fmt: skip


def _column(rows: pl.DataFrame, name: str) -> Floats:
    """A column as numbers, nan where nobody knows."""
    if name not in rows.columns:
        return np.full(rows.height, np.nan)
    return np.asarray(rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _last(rows: pl.DataFrame) -> float:
    """Fans of an account as its newest row has them."""
    if "fans" not in rows.columns:
        return np.nan
    known = rows.drop_nulls("fans").sort("published_at", nulls_last=False)
    return float(known["fans"][-1]) if known.height else np.nan
