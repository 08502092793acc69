"""The report's words for things, in English and in Chinese: what is counted, roles, origins, endings.

Holds words only; the sentences that they stand in are in sentences.py.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sim.language.vocabulary import ORIGIN


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

MEANINGS: Mapping[str, Pair] = {
    "impressions": Pair("Times that a video was shown to a person.", "视频被展示给一个人，计一次。"),
    "outside_impressions": Pair(
        "Shown to people outside the audience, such as most fans of large creators; never counted as reach.",
        "展示给目标人群之外的人（多为大达人的粉丝），不计入触达。",
    ),
    "reach": Pair(
        "Different people who were shown any of the videos.", "看到过任一视频的人数，每人只计一次。"
    ),
    "completions": Pair("Times that a video was watched to its end.", "视频被看到结尾的次数。"),
    "likes": Pair("Likes given.", "获得的点赞数。"),
    "visits": Pair("Times that an account's home page was opened.", "账号主页被打开的次数。"),
    "follows": Pair("New follows, before those taken back.", "新增关注，未减取关。"),
    "orders": Pair("Orders placed.", "成交的订单数。"),
    "gmv_cny": Pair("Orders times the price.", "订单数 × 单价。"),
    "cost_cny": Pair(
        "Posts, accounts, link actions, creators' prices and boosts.",
        "发布、账号运营、联动操作、达人报价与付费加热之和。",
    ),
    "profit_cny": Pair(
        "Margin of the sales, and what new fans are worth, less the cost.",
        "毛利（成交额 × 毛利率）加新增粉丝的价值，减去投入成本。",
    ),
    "roi": Pair("GMV over cost; empty where nothing was spent.", "成交额 ÷ 投入成本；没有投入时为空。"),
    "hit_videos": Pair(
        "Videos that passed the mark of a hit, paid impressions left out.",
        "曝光（不含付费）达到爆款线的视频数。",
    ),
    "matrix_gain": Pair(
        "Reach with links over reach with links cut, less 1.", "有联动与切断联动的触达人数之比减 1。"
    ),
}
"""What the quantities mean, for readers of the report."""

ROLES: Mapping[str, Pair] = {
    "main": Pair("main", "主账号"),
    "sub": Pair("sub", "子账号"),
    "creator": Pair("creator", "达人"),
    "competitor": Pair("competitor", "竞品"),
}
ORIGINS: Mapping[str, Pair] = {key: Pair(origin.label_en, origin.label_zh) for key, origin in ORIGIN.items()}
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
LAYOUTS_EN: Mapping[str, str] = {"custom": "own links", "none": "no links"}
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
