"""Videos whose keys are known: made by the small world itself, or by the model of rates alone."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibration.sample import Counts, Sample
from sim.calibration.world import World
from sim.rules.engagement import ACTIONS
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
ACCOUNTS, EACH = 30, 5
START = np.datetime64("2026-01-05T12:00:00", "ms")


def blank(accounts: int = ACCOUNTS, each: int = EACH, seed: int = 1) -> Sample:
    """A sample of accounts with fans, without views."""
    fans = 10 ** np.random.default_rng(seed).normal(3, 0.9, accounts)
    size = accounts * each
    names = tuple(f"account {k:03}" for k in range(accounts))
    account = np.repeat(np.arange(accounts), each)
    return Sample(names, account, np.floor(fans), np.ones(size), np.full(size, np.nan), {}, "plays", 0)


def videos(scenario: Scenario, sample: Sample | None = None, seed: int = 7) -> pl.DataFrame:
    """The table of videos that a scenario gives, a day apart within each account."""
    sample = sample or blank()
    shown = World(sample, scenario).shown(scenario, seed)
    order = np.arange(sample.account.size) % np.bincount(sample.account).max()
    hits = {column: shown.hits[:, k] for k, column in enumerate(("finished", "likes", "comments", "shares"))}
    return pl.DataFrame(
        {
            "account": [sample.names[k] for k in sample.account],
            "video_id": [f"{k}" for k in range(order.size)],
            "title": [f"secret {k}" for k in range(order.size)],
            "published_at": START + order * np.timedelta64(1, "D"),
            "plays": shown.views,
            "finish_rate": hits.pop("finished") / shown.views,
            "fans": sample.fans[sample.account],
            **hits,
        }
    )


def counts(m: float, within: float, between: float, seed: int, accounts: int = 12, each: int = 6) -> Counts:
    """Counts of a rate whose level and spreads (natural logs) are known."""
    rng = np.random.default_rng(seed)
    account = np.repeat(np.arange(accounts), each)
    logs = m + between * rng.standard_normal(accounts)[account] + within * rng.standard_normal(account.size)
    base = np.round(10 ** rng.normal(3.3, 0.6, account.size))
    hits = rng.binomial(base.astype(int), np.minimum(0.98, np.exp(logs))).astype(float)
    return Counts(hits, base, account, np.arange(account.size))


def assert_all_tried(keys: list[str]) -> None:
    """Every rate and spread has a row."""
    assert {f"content.{part}.{a}" for part in ("rates", "spread") for a in ACTIONS} <= set(keys)
