"""How each fact is read from simulated runs: one function a fact, as `MEASURES` names them.

Takes the samples of one seed (two of them where a world is a pair) or the views of all seeds; gives a number,
nan where there is nothing of the kind. Definitions are those of the published figures: like rates as medians
of videos, comment rates pooled, growth over the most seen; elasticities were read anew from the real sets in
the same way.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.analysis.spreads import top
from sim.analysis.steps import steps
from sim.rules.pools import HOUR_PROFILE
from sim.validity.real import EXPOSED, SEARCHED, Histogram
from sim.validity.watch import Sample
from sim.validity.worlds import DAY_H, FANS_RATIO, LOOK_AGAIN_H, PANEL_YOUNGEST_H, POSTS_RATIO, YOUNGEST_H

Floats = NDArray[np.float64]
Measure = Callable[[Sequence[Sample]], float]
SMALL_FANS = 1_000
MANY_VIEWS = 1_000
"""From which a video's rates are ranked (chosen)."""
SELECTED_MEDIAN = 3_243.0
"""Median views of the posts of accounts below 1,000 fans in the search-selected sample."""
DRAWS = 4_000
POSTS_LEAST = 8
"""Of an account, for figures about its own posts."""
LEAST = 5
"""Videos of a kind from which its rate is read (chosen)."""
BIN_DEX, LEAST_BINS, LEAST_VIEWS = 0.5, 3, 100
"""Of an elasticity: width of a bin [log10 views], bins it needs, views from which videos count (chosen)."""
NAN = math.nan


def final(sample: Sample, youngest_h: int = YOUNGEST_H) -> pl.DataFrame:
    """Videos that are old enough to be taken as final."""
    return sample.videos.filter(pl.col("published_hour") < sample.hours - youngest_h)


def views_of(videos: pl.DataFrame) -> Floats:
    """(V,) impressions, at least 1."""
    views: Floats = np.maximum(videos["impressions"].to_numpy().astype(np.float64), 1.0)
    return views


def gini(views: Floats) -> float:
    """Gini coefficient of some views (V,) [0..1]."""
    ordered, n = np.sort(views), views.size
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def hill(views: Floats, share: float) -> float:
    """Hill index of the most seen share of some views; nan where they do not differ."""
    ordered = np.sort(views)[::-1]
    k = min(views.size - 1, max(2, round(share * views.size)))
    excess = float(np.log(ordered[:k] / ordered[k]).mean())
    return 1.0 / excess if excess > 0 else NAN


def distance(views: Floats, real: Histogram, *, scaled: bool) -> float:
    """Kolmogorov-Smirnov distance to a real histogram once medians agree, and spreads if `scaled`.

    Taken at the edges of its bins, where the real distribution is known.
    """
    logs = np.log10(views)
    own = logs - np.median(logs)
    if scaled:
        own = own * (real.sd / max(own.std(), 1e-9))
    below = np.searchsorted(np.sort(own + real.median), real.edges, side="right") / own.size
    return float(np.abs(below - real.below).max())


def slope(x: Floats, y: Floats) -> float:
    """Slope of y on x by least squares; nan where x does not vary or too few are there."""
    if x.size < LEAST or np.ptp(x) == 0:
        return NAN
    return float(np.polyfit(x, y, 1)[0])


def elasticity(videos: pl.DataFrame, count: str) -> float:
    """Slope of log responses on log views, both pooled within bins of half a decade, videos past 100 views.

    Pooled, because the many videos of few views that have no comment at all would bend a slope over single
    ones.
    """
    views, responses = views_of(videos), videos[count].to_numpy().astype(np.float64)
    bins = np.floor(np.log10(views) / BIN_DEX).astype(np.int64)
    points = [
        (np.log10(views[own].mean()), np.log10(responses[own].mean()))
        for own in (bins == k for k in np.unique(bins[views >= LEAST_VIEWS]))
        if own.sum() >= LEAST and responses[own].sum() > 0
    ]
    if len(points) < LEAST_BINS:
        return NAN
    x, y = np.array(points).T
    return float(np.polyfit(x, y, 1)[0])


def rate_between(videos: pl.DataFrame, count: str, low: float, high: float, *, pooled: bool) -> float:
    """Responses a view of the videos within bounds of views [low, high): pooled, or the median video's."""
    some = videos.filter(pl.col("impressions").is_between(max(low, 1), high, closed="left"))
    if some.height < LEAST:
        return NAN
    responses, views = some[count].to_numpy().astype(np.float64), views_of(some)
    return float(responses.sum() / views.sum() if pooled else np.median(responses / views))


def rate_ratio(count: str, low: float, high: float, *, pooled: bool) -> Measure:
    """Rate within bounds of views over that at 3,000 to 10,000."""

    def measure(samples: Sequence[Sample]) -> float:
        videos = final(samples[0])
        middle = rate_between(videos, count, 3_000, 10_000, pooled=pooled)
        return rate_between(videos, count, low, high, pooled=pooled) / middle if middle > 0 else NAN

    return measure


def ranks_agree(count: str) -> Measure:
    """Rank correlation of a rate with views, over videos past 1,000."""

    def measure(samples: Sequence[Sample]) -> float:
        from scipy import stats

        videos = final(samples[0]).filter(pl.col("impressions") > MANY_VIEWS)
        if videos.height < LEAST:
            return NAN
        views = views_of(videos)
        return float(stats.spearmanr(videos[count].to_numpy() / views, views).statistic)

    return measure


def selected(samples: Sequence[Sample]) -> tuple[float, Floats]:
    """A sample as a search gives it: by views to a power that lifts small accounts' median as measured."""
    videos = final(samples[0])
    return search_selected(views_of(videos), (videos["fans"] < SMALL_FANS).to_numpy())


def search_selected(views: Floats, small: NDArray[np.bool_]) -> tuple[float, Floats]:
    """The power, and `DRAWS` views drawn with it.

    Args:
        views: (V,) of all posts.
        small: (V,) whether the account is below 1,000 fans.
    """

    def median(power: float) -> float:
        weights = views[small] ** power
        order = np.argsort(views[small])
        return float(views[small][order][np.searchsorted(weights[order].cumsum(), weights.sum() / 2)])

    low, high = 0.0, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if median(middle) < SELECTED_MEDIAN else (low, middle)
    weights = views**low
    rng = np.random.default_rng(1)
    return low, rng.choice(views, DRAWS, p=weights / weights.sum())


def spread_parts(videos: pl.DataFrame) -> tuple[float, float]:
    """Variance of log10 views within accounts, and between their means less what luck of posts makes."""
    own = (
        videos.with_columns(pl.col("impressions").clip(1).log10())
        .group_by("account")
        .agg(mean=pl.col("impressions").mean(), var=pl.col("impressions").var(), posts=pl.len())
        .filter(pl.col("posts") >= POSTS_LEAST)
    )
    if own.height < LEAST:
        return NAN, NAN
    within = float(np.mean(own["var"].to_numpy()))
    luck = float(np.mean((own["var"] / own["posts"]).to_numpy()))
    return within, max(0.0, float(np.var(own["mean"].to_numpy(), ddof=1)) - luck)


def against_median(samples: Sequence[Sample]) -> Floats:
    """(V,) views over the median of the account, accounts with enough posts."""
    over = pl.len().over("account")
    videos = final(samples[0]).filter(over >= POSTS_LEAST)
    ratio = videos.select(pl.col("impressions") / pl.col("impressions").median().over("account"))
    return ratio.to_series().to_numpy()


def largest(videos: pl.DataFrame) -> float:
    """Largest over median post, of the median account with enough posts."""
    each = videos.group_by("account").agg(
        ratio=pl.col("impressions").max() / pl.col("impressions").median(), posts=pl.len()
    )
    found: Any = each.filter(pl.col("posts") >= POSTS_LEAST)["ratio"].median()
    return NAN if found is None else float(found)


def views_per_fan(low: float, high: float) -> Measure:
    """Median views per fan of accounts within bounds, over those of 100,000 to a million."""

    def median(videos: pl.DataFrame, least: float, most: float) -> float:
        some = videos.filter(pl.col("fans").is_between(max(1, least), most, closed="left"))
        return float((some["impressions"] / some["fans"]).median()) if some.height >= LEAST else NAN  # type: ignore[arg-type]

    def measure(samples: Sequence[Sample]) -> float:
        videos = final(samples[0])
        large = median(videos, 100_000, 1_000_000)
        return median(videos, low, high) / large if large > 0 else NAN

    return measure


def fan_slope(samples: Sequence[Sample]) -> float:
    """Slope of log10 views on log10 fans."""
    videos = final(samples[0]).filter(pl.col("fans") > 0)
    return slope(np.log10(videos["fans"].to_numpy().astype(np.float64)), np.log10(views_of(videos)))


def explained(samples: Sequence[Sample]) -> float:
    """R² of log10 views on log10 of a video's own six rates for a neutral person."""
    videos = final(samples[0])
    rates = videos.select(pl.col("^rate_.*$")).to_numpy()
    design, logs = np.column_stack([np.ones(videos.height), rates]), np.log10(views_of(videos))
    left = logs - design @ np.linalg.lstsq(design, logs, rcond=None)[0]
    return float(1 - left.var() / logs.var()) if logs.var() > 0 else NAN


def growth(young_d: float, old_d: float) -> Measure:
    """Median factor by which the most seen tenth of an age's videos grow between two looks."""

    def measure(samples: Sequence[Sample]) -> float:
        sample = samples[0]
        age = sample.hours - LOOK_AGAIN_H - pl.col("published_hour")
        some = sample.videos.filter(
            age.is_between(young_d * DAY_H, old_d * DAY_H, closed="left") & (pl.col("first_look") > 0)
        )
        some = some.top_k(max(LEAST, some.height // 10), by="first_look")
        if some.height < LEAST:
            return NAN
        return float((some["impressions"] / some["first_look"]).median())  # type: ignore[arg-type]

    return measure


def first_day(samples: Sequence[Sample]) -> float:
    """Views of the first day over those of the first week, all videos together."""
    videos = final(samples[0])
    week = int(videos["week"].sum())
    return int(videos["day"].sum()) / week if week else NAN


def at_hours(first: int, last: int) -> Measure:
    """Share of a day's views within some hours of the day, over whole days."""

    def measure(samples: Sequence[Sample]) -> float:
        sample = samples[0]
        views = sample.flow[:, :, 0].sum(axis=1)
        day_hours = len(HOUR_PROFILE)
        whole = views[: views.size // day_hours * day_hours].reshape(-1, day_hours).sum(axis=0)
        clock = (sample.first_hour + np.arange(day_hours)) % day_hours
        return float(whole[(clock >= first) & (clock < last)].sum() / whole.sum())

    return measure


def recommended(samples: Sequence[Sample]) -> float:
    """Share of views that came under the origin `recommend`."""
    by_origin = samples[0].flow[:, :, 0].sum(axis=0)
    return float(by_origin[samples[0].origins.index("recommend")] / by_origin.sum())


def shallow(samples: Sequence[Sample]) -> float:
    """Share of shares by people whom no friend had sent the video."""
    videos = samples[0].videos
    shares = int(videos["shares"].sum())
    return 1 - int(videos["passed_on"].sum()) / shares if shares else NAN


def deep(samples: Sequence[Sample]) -> float:
    """Share of the videos that were shared whose chain has more than one step."""
    shared = samples[0].videos.filter(pl.col("shares") > 0)
    return float((shared["passed_on"] > 0).mean()) if shared.height else NAN  # type: ignore[arg-type]


def by_length(samples: Sequence[Sample]) -> float:
    """Median completion rate of videos up to 10 s over that of 60 to 120 s."""
    videos = final(samples[0], PANEL_YOUNGEST_H)

    def median(low: float, high: float) -> float:
        some = videos.filter(pl.col("length_s").is_between(low, high))
        return float((some["completions"] / some["impressions"].clip(1)).median()) if some.height else NAN  # type: ignore[arg-type]

    return median(0, 10) / median(60, 120)


def twins(samples: Sequence[Sample]) -> float:
    """Spread of all videos of a panel: sd of log10 views."""
    return float(np.log10(views_of(final(samples[0], PANEL_YOUNGEST_H))).std(ddof=1))


def raised(ratio: float) -> Measure:
    """Elasticity of an account's views per post to what the second panel has so many times as much of."""

    def measure(samples: Sequence[Sample]) -> float:
        logs = [
            final(sample, PANEL_YOUNGEST_H)
            .group_by("account").agg(pl.col("impressions").clip(1).log10().mean()).sort("account")
            for sample in samples
        ]  # fmt: skip
        less, more = (own["impressions"].to_numpy() for own in logs)
        return float((more - less).mean() / math.log10(ratio))

    return measure


def pile(samples: Sequence[Sample]) -> float:
    """P of the largest pile of views at a pool size, over all seeds; nan where none differ."""
    views = np.concatenate([views_of(final(sample)) for sample in samples])
    return steps(views, samples[0].pools).p_value if np.ptp(views) > 0 else NAN


def _of_views(measure: Callable[[Floats], float]) -> Measure:
    return lambda samples: measure(views_of(final(samples[0])))


MEASURES: Mapping[str, Measure] = {
    "sd": _of_views(lambda views: float(np.log10(views).std(ddof=1))),
    "sd_selected": lambda samples: float(np.log10(selected(samples)[1]).std(ddof=1)),
    "top_1": _of_views(lambda views: top(views, 0.01)),
    "top_10": _of_views(lambda views: top(views, 0.10)),
    "top_1_selected": lambda samples: top(selected(samples)[1], 0.01),
    "top_10_selected": lambda samples: top(selected(samples)[1], 0.10),
    "gini": _of_views(gini),
    "hill": _of_views(lambda views: hill(views, 0.05)),
    "hill_climbs": _of_views(lambda views: hill(views, 0.05) / hill(views, 0.20)),
    "ks_shifted": _of_views(lambda views: distance(views, SEARCHED, scaled=False)),
    "ks_scaled": _of_views(lambda views: distance(views, SEARCHED, scaled=True)),
    "ks_kuaishou": _of_views(lambda views: distance(views, EXPOSED, scaled=True)),
    "steps": pile,
    "small_median": lambda samples: _median(final(samples[0]).filter(pl.col("fans") < SMALL_FANS)),
    "fan_slope": fan_slope,
    "views_per_fan": views_per_fan(0, 1_000),
    "views_per_fan_middle": views_per_fan(1_000, 10_000),
    "between": lambda samples: spread_parts(final(samples[0]))[1] ** 0.5,
    "within": lambda samples: spread_parts(final(samples[0]))[0] ** 0.5,
    "icc": lambda samples: _share_between(*spread_parts(final(samples[0]))),
    "hits": lambda samples: _mean(against_median(samples) > 5),  # noqa: PLR2004 - as published
    "duds": lambda samples: _mean(against_median(samples) < 0.2),  # noqa: PLR2004 - as published
    "largest": lambda samples: largest(final(samples[0])),
    "comment_elasticity": lambda samples: elasticity(final(samples[0]), "comments"),
    "comment_rate_small": rate_ratio("comments", 0, 300, pooled=True),
    "comment_rate_large": rate_ratio("comments", 100_000, math.inf, pooled=True),
    "like_elasticity": lambda samples: elasticity(final(samples[0]), "likes"),
    "like_rate_small": rate_ratio("likes", 0, 300, pooled=False),
    "like_rate_large": rate_ratio("likes", 100_000, math.inf, pooled=False),
    "share_elasticity": lambda samples: elasticity(final(samples[0]), "shares"),
    "likes_and_reach": ranks_agree("likes"),
    "comments_and_reach": ranks_agree("comments"),
    "completion_and_reach": ranks_agree("completions"),
    "content": explained,
    "twins": twins,
    "completion_by_length": by_length,
    "growth_new": growth(0, 3),
    "growth_week": growth(3, 7),
    "growth_fortnight": growth(7, 14),
    "first_day": first_day,
    "peak": at_hours(22, 24),
    "trough": at_hours(4, 6),
    "recommended": recommended,
    "shallow": shallow,
    "deep": deep,
    "followers": raised(FANS_RATIO),
    "crowding": raised(POSTS_RATIO),
}
"""By the fact's id."""


def _median(videos: pl.DataFrame) -> float:
    return float(np.median(views_of(videos))) if videos.height else NAN


def _mean(true: NDArray[np.bool_]) -> float:
    return float(true.mean()) if true.size else NAN


def _share_between(within: float, between: float) -> float:
    return between / (within + between) if within + between > 0 else NAN
