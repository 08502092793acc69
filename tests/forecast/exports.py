"""Exports as the readers give them, made up, and ledgers of forecasts without a run."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from sim.analysis.scores import QUANTILE_METHOD, QUANTILES
from sim.forecast.predict import TOTALS
from sim.reading.tables import TABLES

VIDEOS, SOURCES = (
    TABLES["videos"],
    {k: TABLES["sources"][k] for k in ("account", "video_id", "source", "share")},
)

FIRST = datetime.fromisoformat("2026-11-01")
AFTER = datetime.fromisoformat("2026-12-05T00:00:00+00:00")


def videos(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A table of videos; what a row leaves out nobody knows."""
    return pl.DataFrame([{**dict.fromkeys(VIDEOS), **row} for row in rows], schema=dict(VIDEOS))


def sources(rows: list[tuple[str, str | None, str, float]]) -> pl.DataFrame:
    """A table of sources: account, video, source, share."""
    return pl.DataFrame(rows, schema=dict(SOURCES), orient="row")


def posts(account: str, views: list[float], first: datetime = FIRST, **more: Any) -> list[dict[str, Any]]:
    """Rows of videos, one each 12 hours."""
    return [
        {"account": account, "video_id": f"{account}{k}", "published_at": first + timedelta(hours=12 * k),
         "plays": round(number), **more}
        for k, number in enumerate(views)
    ]  # fmt: skip


def quantiles(numbers: Any) -> list[float]:
    return np.quantile(np.asarray(numbers, float), QUANTILES, method=QUANTILE_METHOD).tolist()


def foretold(
    draws: dict[str, Any], hours: int = 720, made: str = "2026-10-31T00:00:00+00:00"
) -> dict[str, Any]:
    """A forecast of accounts' views from draws, as a ledger has it."""
    totals = {name: quantiles(np.full(99, 10.0)) for name in TOTALS}
    return {
        "kind": "forecast", "made_at": made, "first_day": "2026-11-01", "hours": hours, "scenario": "",
        "input_hash": "", "made_by": {}, "seeds": [1, 99], "levels": list(QUANTILES), "seal": "of this one",
        "posts": {name: quantiles(numbers) for name, numbers in draws.items()},
        "totals": {"": totals},
        "sources": {
            "recommend": {"mean": 0.8, "quantiles": quantiles(np.linspace(0.7, 0.9, 99))},
            "follow": {"mean": 0.2, "quantiles": quantiles(np.linspace(0.1, 0.3, 99))},
        },
    }  # fmt: skip
