"""What the tests of the system table share: small worlds, and sums over runs of them."""

import math
from typing import Any

import numpy as np
import polars as pl

from sim.model import MatrixModel
from sim.scenario.schema import Scenario
from tests.market import ALIKE as CREATORS_ALIKE
from tests.refresh import busy, result_of, world

ALIKE = {
    "platform__account_luck_sd": 0.0, "platform__account_heat_sd": 0.0, "platform__same_day_elasticity": 0.0,
}  # fmt: skip
"""What a post starts with does not hang on the account that publishes it, but for its fans."""

FREE = {
    "audience__fatigue_per_exposure": 0.0,
    "audience__put_off_share": 0.0,
    "audience__category_share": 1.0,
}

TIERS = ("star", "famous", "head", "waist", "junior", "amateur")


def accounts(count: int, **values: Any) -> tuple[dict[str, Any], ...]:
    """A main account and its subs, alike."""
    return tuple({"id": f"a{k:02}", "role": "sub" if k else "main", **values} for k in range(count))


def linked(edges: list[tuple[str, str, str]], **values: Any) -> Scenario:
    return busy(links__layout="custom", links__edges=tuple(edges), **FREE | values)


def summaries(scenario: Scenario, seeds: Any) -> list[dict[str, Any]]:
    return [MatrixModel(scenario, rng=seed).simulation.finish().summary() for seed in seeds]


def paired(less: Scenario, more: Scenario, key: str, seeds: Any) -> tuple[float, float]:
    """Mean paired difference and its standard error."""
    one, other = ([s[key] for s in summaries(scenario, seeds)] for scenario in (less, more))
    change = np.array(other, float) - one
    return float(change.mean()), float(change.std(ddof=1) / math.sqrt(change.size))


def near(count: float, expected: float, *, errors: float = 4.0) -> bool:
    """Whether a sum of rare events lies within some standard errors of what was expected."""
    return abs(count - expected) < errors * math.sqrt(expected)


def total(results: list[Any], table: str, key: str, *conditions: Any) -> int:
    return sum(int(r.tables[table].filter(*conditions)[key].sum()) for r in results)


def copies(**values: Any) -> Scenario:
    """Twelve accounts that post the same content once."""
    rest = {"links__layout": "none", "audience__users": 20_000, "run__hours": 48}
    return world(
        accounts=accounts(12, posts_per_day=0.5, material="same"),
        platform__same_content_factor=1.0,
        **FREE | rest | values,
    )


QUIET = {
    "platform__pool_noise": 0.0, "platform__competition_noise": 0.0, "links__layout": "none", **ALIKE,
}  # fmt: skip


def decided(scenario: Scenario, seeds: Any) -> pl.DataFrame:
    return pl.concat([result_of(scenario, seed).promotions for seed in seeds])


def seeded(ratio: tuple[int, ...], **values: Any) -> Scenario:
    rest = {"audience__users": 100_000, "seeding__window_h": 24, "run__hours": 36, "links__layout": "none"}
    return busy(seeding__ratio=ratio, **{"seeding__market": CREATORS_ALIKE} | rest | values)
