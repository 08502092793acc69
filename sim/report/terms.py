"""The report's words for things, in English and in Chinese: what is counted, roles, origins, endings.

Holds words only; the sentences that they stand in are in sentences.py.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Pair(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


class Noun(NamedTuple):
    """What is counted: one, several, and the Chinese measure word with it."""

    one: str
    several: str
    zh: str


NOUNS: Mapping[str, Noun] = {
    "account": Noun("account", "accounts", "个账号"),
    "video": Noun("video", "videos", "条视频"),
    "day": Noun("day", "days", "天"),
    "visit": Noun("home-page visit", "home-page visits", "次主页访问"),
    "follow": Noun("new follower", "new followers", "个新增粉丝"),
    "order": Noun("order", "orders", "个订单"),
    "link": Noun("link", "links", "条联动"),
}

ROLES: Mapping[str, Pair] = {
    "main": Pair("main", "主账号"),
    "sub": Pair("sub", "子账号"),
    "creator": Pair("creator", "达人"),
    "competitor": Pair("competitor", "竞品"),
}
ENDS: Mapping[str, Pair] = {
    "score above mark": Pair("score reached the pass mark", "得分达标"),
    "score below mark": Pair("score below the pass mark", "得分未达标"),
    "audience exhausted": Pair("nearly everybody has seen it", "人群已触达饱和"),
    "top of the ladder": Pair("passed the top pool", "已通过最高级"),
    "no response": Pair("nobody responded", "无人互动"),
    "late revival": Pair("a late second chance", "后期复活"),
    "less than one impression a day": Pair("less than one impression a day", "每天不足 1 次曝光"),
    "running": Pair("still on its way", "进行中"),
}
INTERVALS: Mapping[str, Pair] = {
    "paired Student t": Pair("paired Student t", "配对 t 区间"),
    "paired Student t, in two parts where many differences are alike": Pair(
        "paired Student t, in two parts where many differences are alike",
        "配对 t 区间（多数差值相同时分两部分估计）",
    ),
    "paired Student t, in two parts where many differences are 0": Pair(
        "paired Student t, in two parts where many differences are 0",
        "配对 t 区间（多数差值为 0 时分两部分估计）",
    ),
}
