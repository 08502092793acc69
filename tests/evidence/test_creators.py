"""Small creators against large, and engagement on price over creators: reported, not claimed."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sim.commands.booking import with_creators
from sim.experiment.replicate import Job, replicate
from sim.results import Result
from sim.scenario.market import PRESETS
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.validity.measures import Floats
from sim.validity.verdicts import bounded
from tests.evidence.price_list import drawn, write
from tests.evidence.test_forces import Section
from tests.evidence.test_mixes import MACRO, NANO, by_name

pytestmark = pytest.mark.evidence
LISTS = 48
"""Lists of creators, each with a launch and luck of its own."""
EACH = 100
"""Creators of a list; two hundred at once would fill a market of this size."""
PEOPLE, HOURS = 10_000_000, 10 * 24
RESAMPLED = 2_000
LIFT = 12.0
"""Of every tier, so that none has it over another."""
WHAT = {
    "views": "views",
    "engagement": "likes, comments, shares",
    "follows": "followers of the brand",
    "orders": "orders",
}


def neutral(scenario: Scenario) -> Scenario:
    """The scenario with all sources alike in trust, and in how many of their fans are in the market."""
    values: dict[str, Any] = {f"seeding.market.lift.{tier}": LIFT for tier in TIERS}
    values |= {f"seeding.tiers.{tier}.trust": 1.0 for tier in TIERS}
    values |= {"brand.trust_lift": 0.0, "audience.users": PEOPLE, "run.hours": HOURS}
    return scenario.with_values(values)


def posted(result: Result) -> pl.DataFrame:
    """Creators who posted: views, engagement, orders, and followers whom their @ brought to the brand."""
    outside = result.videos.group_by("account").agg(pl.col("outside_impressions").sum())
    brought = result.flows.group_by(account="from").agg(follows=pl.col("follows").sum())
    rows = result.accounts.filter(pl.col("role") == "creator", pl.col("posts") > 0).drop("follows")
    seen = pl.col("impressions") + pl.col("outside_impressions")
    # Outside the audience people respond as inside it, per impression; they buy nothing.
    whole = pl.when(pl.col("impressions") > 0).then(seen / pl.col("impressions")).otherwise(0.0)
    return (
        rows.join(outside, on="account")
        .join(brought, on="account", how="left")
        .select(
            "account", "orders", pl.col("follows").fill_null(0), views=seen,
            engagement=(pl.col("likes") + pl.col("comments") + pl.col("shares")) * whole,
        )
    )  # fmt: skip


def sums(rows: pl.DataFrame, what: str, paid: pl.Expr) -> tuple[float, ...]:
    """What nano creators bring and what they are paid, then the same of macro creators."""
    parts = (rows.filter(pl.col("fans") < NANO), rows.filter(pl.col("fans") >= MACRO))
    return tuple(float(x) for part in parts for x in part.select(pl.col(what).sum(), paid.sum()).row(0))


def ratio(found: list[tuple[float, ...]]) -> str:
    """Nano over macro by what a yuan brings, sums over sums, with a bootstrap interval over the lists."""
    table = np.array(found)
    drawn = np.random.default_rng(1).integers(len(table), size=(RESAMPLED, len(table)))

    def each(rows: Floats) -> Floats:
        brought, paid, large, fees = np.moveaxis(rows.sum(axis=-2), -1, 0)
        return (brought / paid) / (large / fees)  # type: ignore[no-any-return]

    low, high = np.quantile(each(table[drawn]), [0.025, 0.975])
    return f"{each(table):.2f} ({low:.2f} to {high:.2f})"


@pytest.mark.system("K1", "K7")
def test_nano_over_macro_and_engagement_on_price(section: Section, tmp_path) -> None:
    scenario = neutral(Scenario.load("seeding_pyramid"))
    jobs, lists = [], {}
    for draw in range(1, LISTS + 1):
        lists[draw] = {preset: drawn(draw, power, EACH) for preset, power in PRESETS.items()}
        path = write(tmp_path / f"{draw}.csv", lists[draw]["market"])
        listed = with_creators(scenario, str(path), "en")[0]
        jobs.append(Job(0, by_name(listed, listed.seeding.creators), draw))
    fee, handling = pl.col("price"), scenario.seeding.market.handling_cny
    paid = {"fee": fee, "fee and handling": fee + handling}
    columns = [(preset, name) for preset in PRESETS for name in paid]
    found: dict[Any, list[tuple[float, ...]]] = {(what, *column): [] for what in WHAT for column in columns}
    lines: dict[tuple[str, str], list[float]] = {
        (kind, p): [] for kind in ("slope", "correlation", "rate") for p in PRESETS
    }
    for job, result in replicate(jobs, want="result"):
        own = posted(result)
        for preset, rows in lists[job.seed].items():
            known = pl.DataFrame(
                {
                    "account": [r.name for r in rows],
                    "fans": [r.fans for r in rows],
                    "price": [r.price_cny for r in rows],
                }
            )
            both = own.join(known, on="account")
            for what in WHAT:
                for name, cost in paid.items():
                    found[what, preset, name].append(sums(both, what, cost))
            price, engaged = both["price"].log10().to_numpy(), both["engagement"].clip(1).log10().to_numpy()
            fit = stats.linregress(price, engaged)
            lines["slope", preset].append(float(fit.slope))
            lines["correlation", preset].append(float(fit.rvalue))
            rate = engaged - both["views"].clip(1).log10().to_numpy()
            lines["rate", preset].append(float(stats.linregress(price, rate).slope))

    def plain(values: list[float]) -> str:
        mean, low, high = bounded(np.array(values))
        return f"{mean:.2f} ({low:.2f} to {high:.2f})"

    orders = np.array(found["orders", *columns[0]]).sum(axis=0)
    table = "\n".join(
        f"| {label} | {' | '.join(ratio(found[what, *column]) for column in columns)} |"
        for what, label in WHAT.items()
    )
    slopes = "\n".join(
        f"| {label} | {' | '.join(plain(lines[kind, preset]) for preset in PRESETS)} | {told} |"
        for kind, label, told in (
            ("slope", "engagement of a post, elasticity to the price", "0.46 (0.3 to 0.6)"),
            ("correlation", "correlation of the logarithms", ""),
            ("rate", "engagement per view, elasticity to the price", ""),
        )
    )
    section(
        "Nano over macro, engagement on price: reported, not claimed",
        f"""Nothing was set by these figures, and they prove nothing: nano over macro is nearly algebra of how views and prices grow
with fans. {LISTS} lists of {EACH} creators with the measured joint spread (`python -m tests.evidence.price_list`), all of them
booked once among {PEOPLE:,} people of `seeding_pyramid`, {HOURS} h, each with luck of its own; 95 % over lists. Trust of all sources
1, trust lift 0, lift of all tiers {LIFT:g}; awareness by tier as it is. The price presets (`seeding.market.price_exponent` 0.5 and 1.0)
price the same people, who draw the same views. Creators who never posted are left out.

What a yuan brings from nano (below {NANO:,} fans) over what it brings from macro creators (from {MACRO:,}):

| | {" | ".join(f"{preset}, {name}" for preset, name in columns)} |
| --- | --- | --- | --- | --- |
{table}

Published: return of nano over macro about 3.3 (1.5 to 6; Beichert et al. 2024). Orders in all: {orders[0]:,.0f} of nano and
{orders[2]:,.0f} of macro creators.

Regression over creators, logarithms to logarithms:

| | {" | ".join(PRESETS)} | published (Leung et al. 2022) |
| --- | --- | --- | --- |
{slopes}""",
    )
    assert all(len(values) == LISTS for values in (*found.values(), *lines.values()))
