"""The videos that a calibration rests on: checked, coded, and thinned where more would tell little more.

Takes a table of videos, null = missing (account, impressions, plays, likes, …); gives arrays. Does not read
files, and guesses nothing: what is missing stays out.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.mechanisms.dilution import by_reach
from sim.rules.engagement import ACTIONS
from sim.scenario.dilution import Dilution

Floats = NDArray[np.float64]

MOST_COUNTED = 1_000
"""Videos whose rates are looked at, drawn by account (chosen: intervals are a twentieth of the spread)."""
LEAST_VIDEOS = 30
"""Videos with views below which nothing is fitted: the shape of a distribution needs them (chosen)."""
LEAST_COUNTED = 20
"""Videos with a count below which its rate is not fitted (chosen)."""
MOST_OF_ACCOUNT = 20
"""Videos of an account whose rates are looked at; more tell little more of the category (chosen)."""
LEAST_EACH = 8
"""Videos of an account below which a set is not thinned before whole accounts go (chosen)."""
MOST_VIDEOS, MOST_ACCOUNTS = 2_000, 1_500
"""Videos and accounts beyond which a set is thinned, by account, so that a fit takes minutes (chosen)."""
USED_SHARE = 0.8
"""Share of the videos that must have impressions for these to be the base; else plays are (chosen)."""
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "account": pl.String, "video_id": pl.String, "published_at": pl.Datetime,
        **dict.fromkeys(
            ("impressions", "plays", "finish_rate", "likes", "comments", "shares", "follows",
             "follower_delta", "profile_visits", "fans"), pl.Float64,
        ),
    }
)  # fmt: skip
"""Columns that are looked at; those that a table lacks are not known."""
SOURCES: Mapping[str, tuple[str, ...]] = {
    "completion": ("finish_rate", "plays"),
    "like": ("likes",),
    "comment": ("comments",),
    "share": ("shares",),
    "follow": ("follows",),
    "visit": ("profile_visits",),
}
"""Rate → the columns that its count comes from."""
_DAY_S = 86_400.0


class Counts(NamedTuple):
    """Responses of one kind, of the n videos that have the count."""

    hits: Floats
    """(n,) people who responded"""
    base: Floats
    """(n,) people who were shown the video"""
    account: NDArray[np.int64]
    """(n,) whose it is"""
    video: NDArray[np.int64]
    """(n,) which of the sample's videos it is"""


class Sample(NamedTuple):
    """V videos of A accounts, by account and then by date."""

    names: tuple[str, ...]
    """(A,) of the accounts"""
    account: NDArray[np.int64]
    """(V,) whose it is"""
    fans: Floats
    """(A,) of the accounts; NaN where they are not known"""
    views: Floats
    """(V,) impressions, or plays where these are not known [≥ 1]"""
    day: Floats
    """(V,) of publication, days since the first one; NaN where it is not known"""
    counts: Mapping[str, Counts]
    """by rate, where enough videos have the count"""
    base: str
    """column that the views and the rates rest on: impressions or plays"""
    left_out: int
    """rows without an account or without views"""
    row_fans: Floats | None = None
    """(V,) of its account as the row of each video has them: `fans` are the newest; None if all are alike"""

    @property
    def log_views(self) -> Floats:
        """(V,) log10 of the views."""
        return np.log10(self.views)

    @property
    def dated(self) -> bool:
        """Whether every video has a date."""
        return bool(np.isfinite(self.day).all())

    @property
    def fans_known(self) -> bool:
        """Whether the fans of every account are known."""
        return bool(np.isfinite(self.fans).all())

    def at_like_reach(self, terms: Dilution) -> "Sample":
        """The sample with the base of each count such that its rate is the one before reach changes it.

        What a scenario calls a rate is that; its people respond by it times a factor that falls with reach.
        """
        factors = by_reach(terms, np.zeros(self.views.size), self.views)
        counts = {
            action: one._replace(
                base=np.maximum(one.base * factors[one.video, ACTIONS.index(action)], one.hits)
            )
            for action, one in self.counts.items()
        }
        return self._replace(counts=counts)

    def of(self, chosen: NDArray[Any]) -> "Sample":
        """The sample with some of its videos, (V,) of bool, and what is known by them; accounts stay."""
        place, counts = np.cumsum(chosen) - 1, {}
        for action, one in self.counts.items():
            kept = chosen[one.video]
            if kept.sum() >= LEAST_COUNTED:
                counts[action] = Counts(
                    one.hits[kept], one.base[kept], one.account[kept], place[one.video[kept]]
                )
        account, day = self.account[chosen], self.day[chosen]
        found = self._replace(account=account, views=self.views[chosen], day=day, counts=counts)
        if self.row_fans is None:
            return found
        own = self.row_fans[chosen]
        return found._replace(row_fans=own, fans=_newest(own, account, day, len(self.names)))


def sample_of(videos: pl.DataFrame) -> Sample:
    """The sample in a table of videos.

    Args:
        videos: with account, and plays or impressions; further columns as far as they are known.
    Raises:
        UsageError: columns are missing, or too few videos have views.
    """
    if missing := {"account"} - set(videos.columns):
        raise UsageError("the videos have no column {name}", name=missing.pop())
    if not {"impressions", "plays"} & set(videos.columns):
        raise UsageError("the videos have neither a column impressions nor a column plays")
    videos = _completed(videos)
    known = videos["impressions"].is_not_null().mean() if videos.height else 0.0
    base = "impressions" if isinstance(known, float) and known >= USED_SHARE else "plays"
    good = videos.filter(pl.col("account").is_not_null() & pl.col(base).is_not_null() & (pl.col(base) >= 1))
    if good.height < LEAST_VIDEOS:
        raise UsageError(
            "{found} videos with {base}: too few to fit anything; at least {least} are needed",
            found=good.height, base=base, least=LEAST_VIDEOS,
        )  # fmt: skip
    good = good.sort("account", "published_at", "video_id", nulls_last=True, maintain_order=True)
    names, account = np.unique(good["account"].to_numpy().astype(str), return_inverse=True)
    fans = good["fans"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    fans = np.where(fans >= 0, fans, np.nan)
    days = good["published_at"].dt.timestamp("ms").cast(pl.Float64).to_numpy() / 1000 / _DAY_S
    first = np.nanmin(days) if np.isfinite(days).any() else 0.0
    views = good[base].cast(pl.Float64).to_numpy()
    code = account.astype(np.int64)
    return Sample(
        tuple(names.tolist()), code, _newest(fans, code, days, names.size), views, days - first,
        _counts(good, base, code, views), base, videos.height - good.height, fans,
    )  # fmt: skip


def _newest(fans: Floats, account: NDArray[np.int64], day: Floats, accounts: int) -> Floats:
    """(A,) fans of accounts as the newest video has them that tells of them; NaN where none does."""
    found = np.full(accounts, np.nan)
    order = np.argsort(np.nan_to_num(day, nan=-np.inf), kind="stable")
    told = order[~np.isnan(fans[order])]
    found[account[told]] = fans[told]  # of several, the last one stays
    return found


def _completed(videos: pl.DataFrame) -> pl.DataFrame:
    """The table with every column that is asked for, empty where it has none."""
    return videos.select(
        (pl.col(name).cast(kind) if name in videos.columns else pl.lit(None, kind)).alias(name)
        for name, kind in COLUMNS.items()
    ).with_columns(follows=pl.coalesce("follows", "follower_delta"))


def _counts(good: pl.DataFrame, base: str, account: NDArray[np.int64], views: Floats) -> dict[str, Counts]:
    """Counts by rate; a count below 0 or above the views is no count of people, and stays out."""
    finished = pl.col("finish_rate") * pl.col("plays")
    found = {}
    for action, (column, *_) in SOURCES.items():
        hits = good.select(finished if action == "completion" else pl.col(column)).to_series().to_numpy()
        usable = np.isfinite(hits) & (hits >= 0) & (hits <= views)
        if usable.sum() >= LEAST_COUNTED:
            found[action] = Counts(
                np.round(hits[usable]), np.round(views[usable]), account[usable], usable.nonzero()[0]
            )
    return found


def thinned(sample: Sample, rng: np.random.Generator) -> Sample:
    """The sample, or a part that is small enough: fewer videos an account, then fewer accounts.

    Args:
        sample: the sample.
        rng: that says which.
    """
    sizes = np.bincount(sample.account, minlength=len(sample.names))
    each = int(sizes.max())
    while each > LEAST_EACH and np.minimum(sizes, each).sum() > MOST_VIDEOS:
        each -= 1
    place = np.empty(sample.account.size, np.int64)
    order = np.lexsort((rng.random(sample.account.size), sample.account))
    place[order] = np.arange(order.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    few = sample.of(place < each)
    kept = rng.permutation(len(sample.names))
    least = np.minimum(sizes, each)[kept].cumsum()
    kept = kept[: max(1, int(np.searchsorted(least, MOST_VIDEOS, "right")))][:MOST_ACCOUNTS]
    return only(few, np.sort(kept))


def only(sample: Sample, accounts: NDArray[np.int64]) -> Sample:
    """The sample of some of its accounts, numbered anew."""
    number = np.full(len(sample.names), -1)
    number[accounts] = np.arange(accounts.size)
    chosen = sample.of(number[sample.account] >= 0)
    return chosen._replace(
        names=tuple(sample.names[k] for k in accounts),
        fans=sample.fans[accounts],
        account=number[chosen.account],
        counts={key: one._replace(account=number[one.account]) for key, one in chosen.counts.items()},
    )


def few_of_each(counts: Counts, rng: np.random.Generator) -> Counts:
    """Counts of at most MOST_OF_ACCOUNT videos an account and MOST_COUNTED in all; accounts numbered anew."""
    order = np.lexsort((rng.permutation(counts.hits.size), counts.account))
    starts = np.flatnonzero(np.r_[True, np.diff(counts.account[order]) > 0])
    place = np.arange(order.size) - np.repeat(starts, np.diff(np.r_[starts, order.size]))
    kept = order[place < MOST_OF_ACCOUNT]
    chance = rng.permutation(int(counts.account.max()) + 1)
    kept = kept[np.argsort(chance[counts.account[kept]], kind="stable")][:MOST_COUNTED]
    account = np.unique(counts.account[kept], return_inverse=True)[1].astype(np.int64)
    return Counts(counts.hits[kept], counts.base[kept], account, counts.video[kept])
