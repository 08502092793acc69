"""What is counted and measured, and where it comes from: each once, in English and in Chinese.

Tables, charts, the report, the app and the docs read their words here. Does not count anything.
"""

from dataclasses import dataclass
from math import inf
from typing import Literal

from sim.language.entry import Entry, by_key, declared, read
from sim.language.numbers import Kind
from sim.language.places import PLACES
from sim.language.words import Language

COUNTS = ("impressions", "completions", "likes", "comments", "shares", "follows", "visits", "orders")
"""The eight counts of every table, in the order of the tally arrays' last axis."""


@dataclass(frozen=True)
class Origin(Entry):
    """Where an impression or a visit comes from; over a link, its key is the channel's."""

    link_en: str = ""
    """as a kind of link, within a sentence; empty for what is none (in Chinese it is the label)"""
    place: str = "other"
    """source of views under which exports count it, a key of `PLACES` (places.py)"""

    def link(self, language: Language) -> str:
        """The kind of link, within a sentence."""
        return self.label_zh if language == "zh" else self.link_en


ORIGIN = by_key(
    Origin(
        "recommend", "", "Recommended", "推荐", said_en="recommended", said_zh="系统推荐", place="recommend"
    ),
    Origin("fans", "", "Shown to fans", "粉丝推送", said_en="as a fan", said_zh="粉丝推送", place="follow"),
    Origin(
        "friends", "", "Shared by friends", "好友转发", said_en="from a friend", said_zh="好友转发",
        place="other",
    ),
    # Links that lead over a home page.
    Origin(
        "follow", "", "Mutual follow", "互关", said_en="following list", said_zh="关注列表", link_en="follow",
        place="home",
    ),
    Origin(
        "like", "", "Mutual like", "互赞", said_en="liked list", said_zh="点赞列表", link_en="like",
        place="home",
    ),
    Origin(
        "mention", "", "@ mention", "互@", said_en="an @", said_zh="@ 跳转", link_en="@ mention", place="home"
    ),
    Origin("repost", "", "Repost by an account", "账号转发", link_en="repost", place="follow"),
    Origin("paid", "", "Paid", "付费流量", place="other"),
    Origin("topic", "", "Topic page", "话题页", link_en="shared topic", place="other"),
    Origin("comment", "", "Comment by an account", "评论互动", link_en="comment", place="home"),
    Origin("cocreation", "", "Co-creation", "共创", link_en="co-creation", place="follow"),
    Origin("search", "", "From search", "搜索", said_en="by search", place="search"),
    Origin("nearby", "", "Nearby feed", "同城", place="nearby"),
)  # fmt: skip
"""Origins by key, as they are labelled: ours, and behind them those of the plug-ins that were asked for."""
ORIGINS = tuple(ORIGIN)
"""Ours, in the order of tally arrays, where those of a scenario's plug-ins follow (`Scenario.origins`)."""
LINK_ORIGINS = tuple(key for key, origin in ORIGIN.items() if origin.link_en)
"""Origins over links between accounts, in the order of the scenario's channels."""
FEED_ORIGINS = tuple(key for key in ORIGINS if key not in LINK_ORIGINS)
"""Origins in the feed, where a video is seen once; the platform judges a video on the first two."""
PAGE_ORIGINS = ("follow", "like", "mention")
"""Links that people take from a page or a caption, so that their visits have a closed form."""


def arriving(origin: Origin) -> str:
    """Declares an origin that a plug-in brings; its key.

    Raises:
        ValueError: the key names something else already, it is one over links, which are ours, or its place
            is none.
    """
    if origin.place not in PLACES:
        raise ValueError(f"{origin.key}: the place {origin.place!r} is none of {', '.join(PLACES)}")
    if origin.link_en:
        raise ValueError(f"{origin.key}: a kind of link; a plug-in brings origins that are none")
    return declared(ORIGIN, origin, "the name of another origin")


COSTS = ("posts", "creators", "link_actions", "boosts", "accounts")
"""Kinds of money that are paid: production of own posts, fees of creators, follows, likes and @ by hand,
boosts, accounts by the month."""
SALES = ("orders",)
"""Kinds of money that come in, before any margin."""


class Measure(Entry):
    """What is counted or measured: a column or a total (QUANTITIES), or rows of `measures` (MEASURES)."""


QUANTITIES = read("quantity", Measure)
"""Columns of the tables and totals of a run."""

MEASURES = read("measure", Measure)
"""Measures by key: ours, and those that plug-ins declare with `measured`."""


def measured(measure: Measure) -> str:
    """Declares a measure, where its mechanism is defined; its key.

    Raises:
        ValueError: the key names something else already.
    """
    otherwise = "the name of another quantity"
    if measure.key in QUANTITIES:
        raise ValueError(f"{measure.key}: {otherwise}")
    return declared(MEASURES, measure, otherwise)


@dataclass(frozen=True)
class Metric(Entry):
    """What variants are compared by."""

    level_en: str = "{n}"
    """a number of it, or a range"""
    level_zh: str = "{n}"
    step_en: str = ""
    """a difference of two; '' where it is written like a number"""
    step_zh: str = ""
    counted_en: str = ""
    """what a number of it is counted in, as an axis says; '' for a ratio"""
    counted_zh: str = ""

    def counted_in(self, language: Language) -> str:
        """The unit, as an axis says it."""
        return self.counted_zh if language == "zh" else self.counted_en

    def level(self, language: Language) -> str:
        """Template of a number or range."""
        return self.level_zh if language == "zh" else self.level_en

    def step(self, language: Language) -> str:
        """Template of a difference."""
        return (self.step_zh if language == "zh" else self.step_en) or self.level(language)


MetricName = Literal["reach", "follows", "orders", "gmv", "profit", "roi", "hit"]
METRIC = read("metric", Metric)
METRICS = {
    "reach": "reach", "follows": "new_fans", "orders": "orders", "gmv": "gmv_cny", "profit": "profit_cny",
    "roi": "roi", "hit": "hit",
}  # fmt: skip
"""Name of a metric → key in the summary; 'hit', whether any video is one, is read off `hit_videos`.

Every command, page and function that takes a metric takes these (sim/results.py gives their values)."""

METRIC_KINDS: dict[str, Kind] = {
    "reach": "people", "follows": "count", "orders": "count", "gmv": "money", "profit": "money",
    "roi": "ratio", "hit": "share",
}  # fmt: skip
"""What each metric is."""


def possible(metric: str, users: int) -> tuple[float, float]:
    """The least and the most that a metric can be in one run of so many people.

    Example:
        >>> possible("reach", 1_000), possible("hit", 1_000), possible("orders", 1_000)
        ((0.0, 1000.0), (0.0, 1.0), (0.0, inf))
    """
    return (-inf if metric == "profit" else 0.0), {"reach": float(users), "hit": 1.0}.get(metric, inf)
