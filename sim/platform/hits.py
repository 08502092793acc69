"""The mark of a hit, and which of a run's videos are hits.

Takes a scenario; gives the impressions from which a video is a hit: a number of the user's, or the 99th
percentile of the category at an age of three days. The category is fixed videos of fixed accounts that go
through the platform model in use, with nobody else on it: neither the seed nor the scenario's own videos
matter. Paid impressions never count.
"""

import json
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled
from sim.interrupts import deferred
from sim.language.vocabulary import COUNTS
from sim.platform.baseline import background_rates, category, poisson
from sim.platform.models import platform_of
from sim.platform.protocol import standing_of
from sim.rules import hits as rule
from sim.rules.addresses import BACKGROUND, CATEGORY
from sim.rules.draws import child, root_key, subkey
from sim.rules.pools import SCORED
from sim.scenario.audience import Content
from sim.scenario.recommendation import PLATFORM_MODELS, Platform
from sim.scenario.schema import Scenario
from sim.world.accounts import build_accounts
from sim.world.board import IMPRESSIONS, JUDGED
from sim.world.offers import WINDOW
from sim.world.videos import VIDEO, Videos

ACCOUNTS, EACH = 64, 64
"""Accounts of the category and videos of each: 4,096 in all (chosen)."""
_PEOPLE = 100_000_000  # nobody of so many is met twice, so that no audience runs out


class Hits(NamedTuple):
    """The hits of a run so far."""

    mark: int | None
    """impressions from which a video is one; None where the category decides and no video is old enough"""
    videos: int
    of: int
    """videos that are old enough to be one"""
    breakouts: int
    """videos above five times their account's median of the last 30"""


@deferred()
def hit_mark(scenario: Scenario) -> int:
    """Impressions from which a video of the scenario is a hit."""
    platform = scenario.platform
    if platform.hit_impressions is not None:
        return platform.hit_impressions
    own = {} if platform.model in PLATFORM_MODELS else scenario.plugged
    plugged = tuple((name, table.model_dump_json()) for name, table in own.items())
    return _mark(platform, scenario.content, plugged)


@lru_cache(maxsize=64)
def _mark(platform: Platform, content: Content, plugged: tuple[tuple[str, str], ...]) -> int:
    views = np.sort(category_views(platform, content, plugged))
    return int(views[int(views.size * rule.HIT_SHARE)]) + 1  # above it


def category_views(
    platform: Platform, content: Content, plugged: tuple[tuple[str, str], ...] = ()
) -> NDArray[np.int64]:
    """(V,) impressions of the category's videos at an age of `rule.AGE_H`."""
    base = subkey(root_key(0, BACKGROUND), CATEGORY)
    fans = _fans()
    accounts = [
        {"id": f"{k:03}", "role": "creator", "tier": "amateur", "fans": n} for k, n in enumerate(fans)
    ]
    scenario = Scenario.from_dict(
        {
            "name": "category", "platform": platform.model_dump(), "content": content.model_dump(),
            "audience": {"users": _PEOPLE, "category_share": 1.0}, "links": {"layout": "none"},
            "accounts": [{"id": "main", "role": "main", "posts_per_day": 0.0}, *accounts],
            "seeding": {"tiers": {"amateur": {"audience_fit": 1.0}}},
            **{name: json.loads(text) for name, text in plugged},
        }
    )  # fmt: skip
    known, videos = build_accounts(scenario), Videos()
    inside = np.array([row.fans for row in known.rows], np.int64)
    model = platform_of(scenario, known, videos)
    rows = np.zeros(ACCOUNTS * EACH, VIDEO)
    rows["key"] = [subkey(base, v) for v in range(rows.size)]
    rows["author"] = rows["planner"] = 1 + np.arange(rows.size) // EACH
    rows["number"] = np.arange(rows.size) % EACH
    medians, spread, *_ = category(platform, content)
    rates = np.empty((rows.size, SCORED))
    background_rates(rates, base, medians, spread, content.spread.engagement_correlation)
    counts = np.zeros((rows.size, len(COUNTS)), np.int64)
    standing, passed = standing_of((), rows.size), np.zeros(rows.size, np.int64)
    videos.append(rows)
    model.open(inside, standing)
    for hour in range(rule.AGE_H):
        shown, to_fans = np.zeros((2, rows.size), np.int64)
        for offer in model.allocate(hour, standing):
            window = offer["kind"] == WINDOW
            whole = offer["quota"].astype(np.int64)
            width = (offer["high"].astype(np.int64) - offer["low"].astype(np.int64))[window]
            whole[window] = inside[offer["whose"][window]] * width >> 32
            np.add.at(shown, offer["video"], whole)
            np.add.at(to_fans, offer["video"][window], whole[window])
        respond_in_kind(counts, rates, shown, to_fans, base, hour)
        model.judge(hour, counts, standing, passed)
    return np.asarray(counts[:, IMPRESSIONS] + model.state["outside"], np.int64)


def _fans() -> list[int]:
    """Fans of the category's accounts: equally likely parts of their distribution, each by its middle."""
    from scipy import special  # only where the mark is asked for

    middles = (np.arange(ACCOUNTS) + 0.5) / ACCOUNTS
    return [round(rule.FANS_MEDIAN * 10 ** (rule.FANS_SD_DEX * z)) for z in special.ndtri(middles)]


@compiled
def respond_in_kind(
    counts: NDArray[np.int64],
    rates: NDArray[np.float64],
    shown: NDArray[np.int64],
    to_fans: NDArray[np.int64],
    base: Word,
    hour: int,
) -> None:
    """Adds an hour's impressions and what they bring, at each video's own rates.

    Args:
        counts: (V, counts), added to.
        rates: (V, 5) per impression.
        shown: (V,) impressions of the hour.
        to_fans: (V,) those of them to fans, who cannot follow again.
        base: key of the category.
        hour: since publication.
    """
    for v in range(shown.size):
        if shown[v] == 0:
            continue
        key = child(child(base, v), CATEGORY + hour)
        counts[v, IMPRESSIONS] += shown[v]
        for k in range(SCORED):
            met = shown[v] - to_fans[v] if k == SCORED - 1 else shown[v]
            came = np.int64(poisson(rates[v, k] * met, child(key, k)))
            counts[v, 1 + k] += min(came, shown[v])


def hits_of(run: Any) -> Hits:
    """The hits among a run's focal videos so far."""
    rows, scenario = run.videos.rows, run.scenario
    focal = run.accounts.focal[rows["author"]]
    old = focal & (run.hour - rows["hour"] >= rule.AGE_H)
    aged, own = run.marks["aged"][old], scenario.platform.hit_impressions
    breakouts = _breakouts(rows["author"][old], aged)
    if own is not None:
        organic = run.responder.tally().videos.sum(axis=1)[:, IMPRESSIONS] - run.marks["paid"]
        return Hits(own, int((focal & (organic >= own)).sum()), int(focal.sum()), breakouts)
    if not old.any():
        return Hits(None, 0, 0, breakouts)
    mark = hit_mark(scenario)
    return Hits(mark, int((aged >= mark).sum()), int(old.sum()), breakouts)


def _breakouts(authors: NDArray[np.int64], views: NDArray[np.int64]) -> int:
    """Videos, in order of publication, that break out of what their account is used to."""
    found = 0
    for author in np.unique(authors).tolist():
        own = views[authors == author]
        for k in range(rule.FEWEST_POSTS, own.size):
            before = own[max(0, k - rule.OWN_POSTS) : k]
            found += rule.breaks_out(int(own[k]), float(np.median(before)))
    return found


def come_of_age(run: Any) -> None:
    """Notes what the platform has shown of videos that have reached the age at which they are compared."""
    due = run.posts.due(run.hour + 1 - rule.AGE_H)
    if due.start < due.stop:
        shown = run.tally.videos[due, JUDGED, IMPRESSIONS]
        run.marks["aged"][due] = shown + run.platform.state["outside"][due]
