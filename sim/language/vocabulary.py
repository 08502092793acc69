"""Every quantity once: key, unit, definition and label, in English and in Chinese.

Tables, charts, the report and the docs read their words here. Does not count anything.
"""

from math import inf
from typing import Literal, NamedTuple

from sim.language.words import Language


class Quantity(NamedTuple):
    """One thing that is counted or measured."""

    key: str
    unit: str
    definition: str
    label_en: str
    label_zh: str


COUNTS = ("impressions", "completions", "likes", "comments", "shares", "follows", "visits", "orders")
"""The eight counts of every table, in the order of the tally arrays' last axis."""


class Origin(NamedTuple):
    """Where an impression or a visit comes from; over a link, its key is the channel's."""

    key: str
    label_en: str
    label_zh: str
    link_en: str = ""
    """as a kind of link, within a sentence; empty for what is none (in Chinese it is the label)"""

    def label(self, language: Language) -> str:
        """Its name."""
        return self.label_zh if language == "zh" else self.label_en

    def link(self, language: Language) -> str:
        """The kind of link, within a sentence."""
        return self.label_zh if language == "zh" else self.link_en


ORIGIN = {
    o.key: o
    for o in (
        Origin("recommend", "Recommended", "推荐"),
        Origin("fans", "Shown to fans", "粉丝推送"),
        Origin("friends", "Shared by friends", "好友转发"),
        Origin("follow", "Mutual follow", "互相关注", "follow"),
        Origin("like", "Mutual like", "互相点赞", "like"),
        Origin("mention", "@ mention", "@兄弟账号", "@ mention"),
        Origin("repost", "Repost by an account", "账号转发", "repost"),
        Origin("paid", "Paid", "付费流量"),
        Origin("topic", "Page of a hot topic", "话题页"),
    )
}
"""Origins built so far, in the order of the tally arrays; the contract names more."""
ORIGINS = tuple(ORIGIN)
LINK_ORIGINS = tuple(key for key, origin in ORIGIN.items() if origin.link_en)
"""Origins over links between accounts, in the order of the scenario's channels."""
FEED_ORIGINS = tuple(key for key in ORIGINS if key not in LINK_ORIGINS)
"""Origins in the feed, where a video is seen once; the platform judges a video on the first two."""
PAGE_ORIGINS = ("follow", "like", "mention")
"""Links that people take from a page or a caption, so that their visits have a closed form."""

COSTS = ("posts", "creators", "link_actions", "boosts", "accounts")
"""Kinds of money that are paid: production of own posts, fees of creators, follows, likes and @ by hand,
boosts, accounts by the month."""
SALES = ("orders",)
"""Kinds of money that come in, before any margin."""

QUANTITIES = {
    q.key: q
    for q in (
        Quantity("impressions", "count", "A video was shown to a person.", "Impressions", "曝光量"),
        Quantity(
            "outside_impressions",
            "count",
            "Shown to people outside the audience; never reach.",
            "Outside impressions",
            "人群外曝光量",
        ),
        Quantity("reach", "people", "Different people with any impression.", "Reach", "触达人数"),
        Quantity("completions", "count", "Watched to the end.", "Completions", "完播量"),
        Quantity("likes", "count", "Likes.", "Likes", "点赞量"),
        Quantity("comments", "count", "Comments.", "Comments", "评论量"),
        Quantity("shares", "count", "Shares to friends.", "Shares", "转发量"),
        Quantity("follows", "count", "New follows, gross.", "Follows", "新增粉丝"),
        Quantity("unfollows", "count", "Follows taken back.", "Unfollows", "取关数"),
        Quantity(
            "new_fans",
            "people",
            "Follows of the brand's own accounts less those taken back.",
            "New fans, net",
            "净增粉丝",
        ),
        Quantity("visits", "count", "Home-page visits.", "Home-page visits", "主页访问量"),
        Quantity("orders", "count", "Orders.", "Orders", "订单数"),
        Quantity("gmv_cny", "CNY", "Orders times price.", "GMV", "成交额"),
        Quantity(
            "cost_cny", "CNY", "Posts, accounts, link actions, creators and boosts.", "Cost", "投入成本"
        ),
        Quantity(
            "profit_cny", "CNY", "Margin of the sales and worth of new fans, less the cost.", "Profit", "利润"
        ),
        Quantity("roi", "ratio", "GMV over cost; empty where nothing was spent.", "ROI", "ROI"),
        Quantity("hit_videos", "count", "Videos past the hit mark, unpaid.", "Hit videos", "爆款视频数"),
        Quantity("hit_rate", "share", "Hits among the videos old enough to be one.", "Hit rate", "爆款率"),
        Quantity("hit_mark", "count", "Impressions from which a video is a hit.", "Hit mark", "爆款线"),
        Quantity(
            "breakout_videos",
            "count",
            "Videos above five times their account's median of its last 30.",
            "Breakout videos",
            "超常视频数",
        ),
        Quantity(
            "matrix_gain",
            "ratio",
            "Reach with links over reach with links cut, less 1.",
            "Matrix gain",
            "矩阵增益",
        ),
    )
}


class Measure(NamedTuple):
    """What a mechanism counts that is no column of `hourly`: rows of `measures`."""

    key: str
    unit: str
    label_en: str
    label_zh: str
    definition_en: str
    definition_zh: str

    def label(self, language: Language) -> str:
        """Its name."""
        return self.label_zh if language == "zh" else self.label_en

    def definition(self, language: Language) -> str:
        """What it means, in a sentence."""
        return self.definition_zh if language == "zh" else self.definition_en


MEASURES: dict[str, Measure] = {}
"""Measures by key, as mechanisms declare them with `measured`."""


def measured(measure: Measure) -> str:
    """Declares a measure, where its mechanism is defined; its key.

    Raises:
        ValueError: the key names something else already.
    """
    if measure.key in QUANTITIES or MEASURES.get(measure.key, measure) != measure:
        raise ValueError(f"{measure.key}: the name of another quantity")
    MEASURES[measure.key] = measure
    return measure.key


MetricName = Literal["reach", "follows", "orders", "gmv", "profit", "roi", "hit"]
METRICS: dict[str, str] = {
    "reach": "reach",
    "follows": "new_fans",
    "orders": "orders",
    "gmv": "gmv_cny",
    "profit": "profit_cny",
    "roi": "roi",
    "hit": "hit",
}
"""Name of a metric → key in the summary; 'hit', whether any video is one, is read off `hit_videos`.

Every command, page and function that takes a metric takes these (sim/results.py gives their values)."""


def possible(metric: str, users: int) -> tuple[float, float]:
    """The least and the most that a metric can be in one run of so many people.

    Example:
        >>> possible("reach", 1_000), possible("hit", 1_000), possible("orders", 1_000)
        ((0.0, 1000.0), (0.0, 1.0), (0.0, inf))
    """
    return (-inf if metric == "profit" else 0.0), {"reach": float(users), "hit": 1.0}.get(metric, inf)
