"""Whether a calibration finds again what made its data, how it fares on real sets, and what was tried instead."""

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

from sim.analysis.rare import exact
from sim.calibration import fits, ladder
from sim.calibration.check import check
from sim.calibration.matching import matched, sampled, surrogate
from sim.calibration.result import calibrate
from sim.calibration.summaries import design_of, summaries
from sim.calibration.world import World
from sim.scenario.schema import Scenario
from tests.calibration.made import blank
from tests.calibration.test_rates import ranks
from tests.evidence.page import table

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]
Floats = NDArray[np.float64]
RATES, RECOVERIES, TRIALS, TABLE = 400, 50, 40, 512
FEW, MANY = 24, 40
"""Accounts of a set: as a brand and its peers have them, so that fifty fits take minutes; and twice as many."""
PLAIN = Scenario(name="plain")
ABC_SHARE = 0.2
"""Simulations nearest to the data that ABC keeps."""
PATIENCE_S, MOST_S = 3_600.0, 180.0
"""That the simulations may take by the clock, and a fit of a processor."""
AFTER = "MATRIXSIM_REAL"
"""Where the real sets lie: the folder that holds `calibration/`."""
TIKTOK = {"likes": "likes", "comments": "comments", "shares": "shares"}
SETS: dict[str, tuple[str, dict[str, pl.Expr | str]]] = {
    "KuaiRand": (
        "kuairand_videos.csv",
        {
            "impressions": "shows", "plays": "plays", "likes": "likes", "comments": "comments",
            "shares": "shares", "follows": "follows", "finish_rate": pl.col("complete_plays") / pl.col("plays"),
            "published_at": pl.col("upload").str.to_datetime("%Y-%m-%d"),
        },
    ),
    "VN search": (
        "tiktok_vn_search.csv",
        TIKTOK | {"plays": "views", "fans": "followers", "published_at": pl.col("post_date").str.to_datetime("%Y-%m-%d")},
    ),
    "top-254": (
        "tiktok_top254_creators_2020.csv",
        TIKTOK | {"plays": "views", "fans": "followers", "published_at": pl.col("post").str.to_datetime("%Y-%m-%d")},
    ),
    "growth pairs": (
        "tiktok_growth_pairs.csv",
        {
            "plays": "views_2", "likes": "likes_2", "comments": "comments_2", "shares": "shares_2",
            "fans": "followers_2",
            "published_at": pl.datetime(2025, 6, 1) - pl.duration(hours=pl.col("age_h_1").cast(pl.Float64)),
        },
    ),
}  # fmt: skip
"""Real sets: file, and where our columns stand in it."""


def real(name: str) -> pl.DataFrame:
    """The videos of a real set, by our columns."""
    file, columns = SETS[name]
    path = Path(os.environ.get(AFTER, "")) / "calibration" / file
    if not path.is_file():
        pytest.skip(f"{AFTER} names no folder with calibration/{file}")
    rows = pl.read_csv(path, infer_schema_length=None)
    return rows.select(
        account=pl.col("author").cast(pl.String),
        video_id=pl.int_range(pl.len()).cast(pl.String),
        **{ours: pl.col(theirs) if isinstance(theirs, str) else theirs for ours, theirs in columns.items()},
    )


def test_rates_rank_uniformly(section: Section) -> None:
    """Simulation-based calibration of a rate and its two spreads."""
    found = ranks(RATES)
    rows = []
    for name, column in zip(("median rate", "spread within", "spread between"), found.T, strict=True):
        p = float(stats.kstest(column, "uniform").pvalue)
        counts = np.histogram(column, 10, (0, 1))[0]
        rows.append([name, " ".join(map(str, counts)), f"{p:.3f}"])
        assert p > 0.001
    section(
        "Calibration: rates rank uniformly",
        f"{RATES} sets of 8 accounts with 5 videos each, keys drawn from what is held beforehand, fitted, and the rank of "
        "the truth among the posterior's draws counted by tenths. Expected: uniform.\n\n"
        + table(["key", "ranks by tenths", "p (Kolmogorov-Smirnov)"], rows),
    )


@cache
def simulator(accounts: int) -> tuple[Callable[[Floats, int], Floats], tuple[ladder.Varied, ...]]:
    """Summaries at a point of the box under a seed, for accounts of 8 videos; what is varied."""
    sample = blank(accounts, 8)
    world, design = World(sample, PLAIN), design_of(sample)
    axes = ladder.varied(PLAIN, slope=True, several=True)

    def simulate(point: Floats, seed: int) -> Floats:
        at = PLAIN.model_copy(update={"platform": ladder.at(PLAIN.platform, axes, point)})
        return summaries(np.log10(world.views(at, seed)), design)

    return simulate, axes


def test_the_ladder_is_recovered(section: Section) -> None:
    """Coverage of 90 % intervals over recoveries, and which keys so many videos tell."""
    simulate, axes = simulator(FEW)
    covered, told = [], []
    for k in range(RECOVERIES):
        truth = np.random.default_rng(100 + k).random(len(axes))
        observed = simulate(truth, 777 + k)
        got = matched(lambda point, n: simulate(point, 5_000 + n), observed, len(axes), k)
        low, high = np.quantile(got.draws, fits.ENDS, axis=0)
        covered.append((low <= truth) & (truth <= high))
        told.append(got.draws.std(axis=0) * np.sqrt(12) <= fits.MOST_SHARE)
    cover, share = np.mean(covered, axis=0), np.mean(told, axis=0)
    rows = [[a.name, f"{c:.0%}", f"{t:.0%}"] for a, c, t in zip(axes, cover, share, strict=True)]
    whole = float(np.mean(covered))
    section(
        "Calibration: the ladder is recovered",
        f"{RECOVERIES} sets of {FEW} accounts with 8 videos each from keys drawn at random over the whole prior, fitted with "
        f"500 simulations. Intervals of 90 %; expected to hold the truth in 80 to 98 %: they do in {whole:.1%} of "
        f"{np.size(covered)}.\n\n" + table(["key", "held the truth", "identified in"], rows),
    )
    assert 0.8 <= whole <= 0.98


def adjusted(points: Floats, found: Floats, observed: Floats, rng: np.random.Generator) -> Floats:
    """Draws by regression-adjusted ABC (Beaumont et al. 2002), on the logit of the keys."""
    gap = (((found - observed) / found.std(axis=0)) ** 2).sum(axis=1)
    near = np.argsort(gap)[: int(ABC_SHARE * len(gap))]
    weight = 1 - gap[near] / gap[near].max()
    matrix = np.column_stack([np.ones(near.size), found[near] - observed])
    keys = points[near].clip(1e-4, 1 - 1e-4)
    logits = np.log(keys / (1 - keys))
    heavy = matrix * weight[:, None]
    slopes = np.linalg.solve(heavy.T @ matrix + 1e-3 * np.eye(matrix.shape[1]), heavy.T @ logits)
    moved = logits - matrix[:, 1:] @ slopes[1:]
    return np.asarray(1 / (1 + np.exp(-moved)))[rng.choice(near.size, 2_000, p=weight / weight.sum())]


def test_two_ways_to_match_on_the_same_simulations(section: Section) -> None:
    """Regression-adjusted ABC against the synthetic likelihood, one round from the whole prior."""
    simulate, axes = simulator(MANY)
    points = qmc.Sobol(len(axes), rng=np.random.default_rng(1)).random(TABLE)
    found = np.array([simulate(point, k) for k, point in enumerate(points)])
    low, high = np.zeros(len(axes)), np.ones(len(axes))
    results: dict[str, list[tuple[float, float, float]]] = {
        "regression-adjusted ABC": [],
        "synthetic likelihood": [],
    }
    for k in range(TRIALS):
        rest, rng = np.arange(TABLE) != k, np.random.default_rng(k)
        model = surrogate(points[rest], found[rest], low, high)
        ways = (adjusted(points[rest], found[rest], found[k], rng), sampled(model, found[k], rng))
        for name, draws in zip(results, ways, strict=True):
            ends = np.quantile(draws, fits.ENDS, axis=0)
            held = ((ends[0] <= points[k]) & (points[k] <= ends[1])).mean()
            off = np.abs(np.median(draws, axis=0) - points[k]).mean()
            results[name].append((float(held), float(draws.std(axis=0).mean() * np.sqrt(12)), float(off)))
    means = {name: np.mean(rows, axis=0) for name, rows in results.items()}
    section(
        "Calibration: two ways to match",
        f"{TABLE - 1} simulations from the whole prior, {TRIALS} of them taken in turn as the data; keys in shares of their "
        "span. Lower sd and error are better at a coverage near 90 %.\n\n"
        + table(
            ["way", "90 % intervals hold", "posterior sd over prior sd", "mean error"],
            [[name, f"{m[0]:.1%}", f"{m[1]:.2f}", f"{m[2]:.3f}"] for name, m in means.items()],
        ),
    )
    assert 0.8 <= means["synthetic likelihood"][0] <= 0.98


def test_real_sets(section: Section) -> None:
    """Each real set: time, what is identified, hold-out; what is done by then stands there if it is ended."""
    scenario, rows = Scenario.load("beauty_matrix"), []
    for name in SETS:
        videos = real(name)
        began, cpu = time.perf_counter(), time.process_time()
        found = calibrate(scenario, videos, seconds=PATIENCE_S)
        took, used = time.perf_counter() - began, time.process_time() - cpu
        held = check(found, PATIENCE_S).forecast
        tried = [row for row in found.rows if row.share is not None]
        known = sum(row.identified for row in tried)
        assert found.complete
        assert used < MOST_S
        assert held is not None
        assert found.views.matched is not None
        in_90 = exact(round(held.scores[0].coverage[-1] * held.videos), held.videos, 0.95)
        rows.append(
            [name, str(found.sample.views.size), f"{used:.0f} ({took:.0f})", f"{known} of {len(tried)}",
             f"{found.views.matched.distance:.1f}", str(held.videos),
             *(f"{share:.0%}" for share in held.scores[0].coverage[:-1]),
             f"{in_90.share:.0%} ({in_90.low:.0%} to {in_90.high:.0%})",
             " / ".join(f"{score.crps:.3f}" for score in held.scores), f"{held.behind:+.0%}",
             *(f"{score.coverage[-1]:.0%}" for score in held.scores[1:])]
        )  # fmt: skip
        section(
            "Calibration: real sets",
            "`matrixsim calibrate beauty_matrix SET --check` on each set. Seconds of one processor (by the clock of a "
            "machine that others used too); a fit takes one core. Misfit is the mean squared standardised distance of the "
            "nearest summaries, about 1 where the model gives such views. Hold-out: the newest quarter of each account's "
            "videos, with the 95 % interval of the share in the 90 % intervals, videos taken one by one; CRPS in log10 of "
            "views, of the fitted model / historical quantiles / log-normal per account, each of the 99 quantiles or the "
            "normal that it issues, and how far the model lies behind (+) or ahead (-) of the better of the two; then how "
            "many lay in the 90 % intervals of these two.\n\n"
            "Expected: under 180 s a fit; 85 to 95 % in the 90 % intervals; CRPS at most 5 % behind.\n\n"
            + table(
                ["set", "videos", "seconds", "identified", "misfit", "held out", "in 50 %", "in 80 %", "in 90 %",
                 "CRPS", "to the better", "historical in 90 %", "log-normal in 90 %"],
                rows,
            ),
        )  # fmt: skip
