"""Facts about views that no key names, beside what the model gives: nothing here was set to meet them."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from sim.analysis.steps import steps
from sim.experiment.replicate import Job, replicate
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]
Floats = NDArray[np.float64]
SEEDS = 12
COUNT = 150
"""Accounts of the mixed set."""
HOURS, YOUNGEST = 28 * 24, 7 * 24
SELECTED_MEDIAN = 3_243.0
"""Median views of the posts of accounts below 1,000 followers in the search-selected sample."""
DRAWS = 4_000


def mixed() -> Scenario:
    """Unrelated accounts of all sizes; fans after two public samples, quality by fans over creators.

    Over unrelated accounts views grow with fans to the power 0.5, of which 0.10 is what followers do; the
    rest is quality that goes with size (forces: followers were two numbers). Here quality is drawn with
    the spread between accounts that is measured, 0.6 dex of views at most, half of it going with fans.
    """
    rng = np.random.default_rng(5)
    accounts = []
    for k in range(COUNT):
        size = rng.normal()
        quality = 0.1 * (0.7 * size + 0.7 * rng.normal())  # 0.1 dex of rates moves views by several times
        accounts.append(
            {
                "id": f"account {k:03}",
                "role": "main" if k == 0 else "sub",
                "fans": int(min(2_000_000, 10 ** (3.2 + size))),
                "quality": float(10**quality),
                "posts_per_day": 0.5,
            }
        )
    return Scenario.from_dict(
        {
            "name": "mixed",
            "accounts": accounts,
            "audience": {"users": 3_000_000, "category_share": 1.0},
            "run": {"hours": HOURS},
            "links": {"layout": "none"},
        }
    )


def brands() -> list[Scenario]:
    """The shipped brands, each of its accounts writing as it does."""
    return [Scenario.load(name) for name in ("beauty_matrix", "three_lines")]


def posts_of(scenario: Scenario, seeds: int) -> pl.DataFrame:
    """Posts old enough to be final, with the fans of their accounts and the seed."""
    parts = []
    jobs = [Job(0, scenario, seed) for seed in range(1, seeds + 1)]
    for job, result in replicate(jobs, want="result"):
        fans = result.accounts.filter(pl.col("role") != "creator").select("account", "fans_start")
        final = result.videos.filter(pl.col("published_hour") < scenario.run.hours - YOUNGEST)
        parts.append(
            final.join(fans, on="account").select(
                "account", "fans_start", "impressions", pl.lit(job.seed).alias("seed")
            )
        )
    return pl.concat(parts).sort("seed", "account")


def selected(posts: pl.DataFrame, rng: np.random.Generator) -> tuple[float, Floats]:
    """A sample as a search gives it: by views to a power that lifts small accounts' median as measured."""
    views = np.maximum(posts["impressions"].to_numpy().astype(float), 1.0)
    small = (posts["fans_start"] < 1_000).to_numpy()

    def median(power: float) -> float:
        weights = views[small] ** power
        order = np.argsort(views[small])
        return float(views[small][order][np.searchsorted(weights[order].cumsum(), weights.sum() / 2)])

    low, high = 0.0, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if median(middle) < SELECTED_MEDIAN else (low, middle)
    weights = views**low
    return low, rng.choice(views, DRAWS, p=weights / weights.sum())


def top(views: Floats, share: float) -> float:
    """Share of all views that the most seen posts have."""
    ordered = np.sort(views)[::-1]
    return float(ordered[: max(1, round(share * views.size))].sum() / ordered.sum())


def bounded(values: Floats) -> tuple[float, float, float]:
    """Mean and 95 % Student interval over seeds."""
    from scipy import stats

    half = float(stats.t.ppf(0.975, values.size - 1)) * values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def verdict(found: tuple[float, float, float], low: float, high: float) -> str:
    """Whether an interval lies in a measured band."""
    _, least, most = found
    if low <= least and most <= high:
        return "met"
    return "missed" if most < low or least > high else "cannot tell"


@pytest.mark.system("P1", "P4", "M16")
def test_facts_that_no_key_names(section: Section) -> None:
    mixed_set = mixed()
    posts, rng = posts_of(mixed_set, SEEDS), np.random.default_rng(1)
    powers, spreads, firsts, tens, ratios, plain = [], [], [], [], [], []
    for _, own in posts.group_by("seed", maintain_order=True):
        power, sample = selected(own, rng)
        views = np.maximum(own["impressions"].to_numpy().astype(float), 1.0)
        powers.append(power)
        spreads.append(np.log10(sample).std(ddof=1))
        plain.append(np.log10(views).std(ddof=1))
        firsts.append(top(sample, 0.01))
        tens.append(top(sample, 0.10))
        each = own.group_by("account").agg(
            ratio=pl.col("impressions").max() / pl.col("impressions").median(), posts=pl.len()
        )
        ratios.append(float(each.filter(pl.col("posts") >= 8)["ratio"].median()))  # type: ignore[arg-type]
    pile = steps(np.maximum(posts["impressions"].to_numpy(), 1), mixed_set.platform.pools)
    rows = []

    def line(fact: str, values: list[float], low: float, high: float, source: str, form: str) -> None:
        found = bounded(np.array(values))
        shown = f"{found[0]:{form}} ({found[1]:{form}} to {found[2]:{form}})"
        rows.append(
            f"| {fact} | {low:{form}} to {high:{form}} | {shown} | {verdict(found, low, high)} | {source} |"
        )

    line(
        "sd of log10 views, search-selected sample",
        spreads,
        0.83,
        1.1,
        "23 hashtag searches, 4,268 posts",
        ".2f",
    )
    line("share of views of the top 1 %, the same", firsts, 0.15, 0.37, "seven public sets, 15-37 %", ".0%")
    line("share of views of the top 10 %, the same", tens, 0.47, 0.80, "seven public sets, 47-80 %", ".0%")
    line(
        "largest over median post of an account",
        ratios,
        4.0,
        14.0,
        "middle half of 254 creators, median 7",
        ".1f",
    )
    for scenario in brands():
        best, several = [], []
        for _, own in posts_of(scenario, SEEDS).group_by("seed", maintain_order=True):
            by = own.group_by("account").agg(mean=pl.col("impressions").mean())["mean"].to_numpy()
            total = own.group_by("account").agg(pl.col("impressions").sum())["impressions"].to_numpy()
            best.append(float(total.max() / total.sum()))
            several.append(float(np.log10(np.maximum(by, 1)).std(ddof=1)))
        if len(scenario.accounts) < 20:
            line(f"best account's share of all views, {scenario.name}", best, 0.3, 0.6,
                 "one car brand's four accounts: 51 %", ".0%")  # fmt: skip
        line(f"spread of account means [dex], {scenario.name}", several, 0.43, 0.72,
             "inside one organisation, accounts with 8 posts and more", ".2f")  # fmt: skip
    section(
        "Facts about views that no key names",
        f"""{SEEDS} seeds; posts at least {YOUNGEST // 24} days old. Set are only the level of a small account's median post, what
followers do, and spreads of rates, sizes and luck, each by its own measurement; everything below comes out. The mixed set: {COUNT}
unrelated accounts with fans around 1,600 (sd 1 dex), quality going with size. Search-selected: a post is drawn with views^γ, γ =
{np.mean(powers):.2f} so that accounts below 1,000 fans show the measured median of 3,243 (they have 459-489 unselected); unselected the
sd is {np.mean(plain):.2f}. 'Met' means that the whole 95 % interval lies within the band.

| fact | measured | model (95 %) | | source |
| --- | --- | --- | --- | --- |
{chr(10).join(rows)}
| no steps at pool sizes (p of the largest pile) | above 0.05 | {pile.p_value:.2f} | {"met" if pile.p_value > 0.05 else "missed"} | real counts show none |
""",
    )
    assert np.isfinite(spreads).all()
