"""The published 1:1:3:46:100:150 structure: volume and impressions by tier."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sim.experiment.replicate import Job, replicate
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.evidence
SEEDS = 32


@pytest.mark.system("K1", "K2")
def test_volume_by_tier_beside_the_published_statement(section: Callable[[str, str], None]) -> None:
    scenario = Scenario.load("seeding_pyramid")
    kinds = ("posts", "interactions", "impressions")
    shares = {kind: np.zeros((SEEDS, len(TIERS))) for kind in kinds}
    for k, (_, result) in enumerate(
        replicate([Job(0, scenario, seed) for seed in range(SEEDS)], want="result", workers=1)
    ):
        outside = result.videos.group_by("account").agg(pl.col("outside_impressions").sum())
        rows = result.accounts.filter(pl.col("role") == "creator").join(outside, on="account")
        seen = pl.col("impressions") + pl.col("outside_impressions")
        lifted = rows.with_columns(
            # Outside the audience people respond as inside it, per impression.
            interactions=(pl.col("likes") + pl.col("comments") + pl.col("shares"))
            * pl.when(pl.col("impressions") > 0).then(seen / pl.col("impressions")).otherwise(0.0),
            impressions=seen,
        )
        for t, tier in enumerate(TIERS):
            part = lifted.filter(pl.col("tier") == tier)
            for kind in kinds:
                shares[kind][k, t] = part[kind].sum() / max(1.0, lifted[kind].sum())
    reach = stats.t.ppf(0.975, SEEDS - 1) / np.sqrt(SEEDS)

    def cell(values: np.ndarray) -> str:  # type: ignore[type-arg]
        return f"{values.mean():.1%} ± {reach * values.std(ddof=1):.1%}"

    lines = "\n".join(
        f"| {tier} | {' | '.join(cell(shares[kind][:, t]) for kind in kinds)} |"
        for t, tier in enumerate(TIERS)
    )
    small = {kind: shares[kind][:, 4:].sum(axis=1) for kind in kinds}
    section(
        "Seeding pyramid 1:1:3:46:100:150",
        f"""Published: junior and amateur creators gave more than half of all volume (声量: posts and interactions, not
views). Shares over {SEEDS} seeds with 95 % Student t intervals; inside and outside the audience together.

| tier | posts | interactions | impressions |
| --- | --- | --- | --- |
{lines}
| **junior + amateur** | **{cell(small["posts"])}** | **{cell(small["interactions"])}** | **{cell(small["impressions"])}** |

Whether the statement holds for posts follows from the ratio alone; for interactions and impressions it hangs on the fans
of each tier (`seeding.tiers`), on `platform.creator_fan_power` (0.5) and on the tiers' `quality`. Nothing was tuned to it.""",
    )
    for kind in kinds:
        assert shares[kind].sum(axis=1) == pytest.approx(1.0)
    assert small["posts"].mean() == pytest.approx(250 / 301, abs=0.01)
