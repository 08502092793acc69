"""What a scenario chooses among, and what becomes of a video: tiers, layouts, decisions; in two languages."""

from collections.abc import Iterable

from sim.language.entry import Entry, by_key
from sim.language.words import Language


class Tier(Entry):
    """A tier of creators."""


TIER = by_key(
    Tier("star", "", "Star", "明星", said_en="star"),
    Tier("famous", "", "Famous KOL", "知名KOL", said_en="famous KOL"),
    Tier("head", "", "Head", "头部达人", said_en="head"),
    Tier("waist", "", "Waist", "腰部达人", said_en="waist"),
    Tier("junior", "", "Junior/KOC", "初级达人/KOC", said_en="junior/KOC"),
    Tier("amateur", "", "Amateur", "素人", said_en="amateur"),
)


class Layout(Entry):
    """A layout of links between accounts."""


LAYOUT = by_key(
    Layout(
        "none", "", "No links", "无联动", "every account works alone", "各账号独立运营",
        said_en="no links", said_zh="无联动布局",
    ),
    Layout(
        "single", "", "Single", "单账号",
        "everything is posted on the main account", "全部内容只发在主账号上",
        said_en="single", said_zh="单账号布局",
    ),
    Layout(
        "star", "", "Star", "星形",
        "main account and each sub-account link to one another", "主账号与每个子账号双向联动",
        said_en="star", said_zh="星形布局",
    ),
    Layout(
        "ring", "", "Ring", "环形",
        "each account links to the next, the last to the first", "每个账号指向下一个账号，首尾相接",
        said_en="ring", said_zh="环形布局",
    ),
    Layout(
        "chain", "", "Chain", "链式", "each account links to the next", "每个账号指向下一个账号",
        said_en="chain", said_zh="链式布局",
    ),
    Layout(
        "tree", "", "Tree", "树形",
        "two below each account, linked both ways", "每个账号带两个下级，上下级双向联动",
        said_en="tree", said_zh="树形布局",
    ),
    Layout(
        "mesh", "", "Mesh", "网状", "every account links to every other", "账号两两联动",
        said_en="mesh", said_zh="网状布局",
    ),
    Layout(
        "custom", "", "Custom", "自定义", "the links listed in the scenario", "使用方案里列出的联动",
        said_en="custom", said_zh="自定义布局",
    ),
)  # fmt: skip
"""In the order shown; 'custom' only for a scenario with a list of links."""


class Structure(Entry):
    """A kind of account structure; {subs} accounts stand beside the main one."""


STRUCTURE = by_key(
    Structure("written", "", "written", "现有账号", said_en="accounts as written"),
    Structure("one", "", "one", "单号", said_en="one account"),
    Structure("one_plus", "", "1+{subs}", "1+{subs} 矩阵"),
    Structure("split", "", "split:{subs}", "按主题分 {subs} 个号"),
    Structure("same", "", "same:{subs}", "一稿多号（{subs} 个）"),
    Structure("race", "", "race:{subs}", "{subs} 号赛马"),
)
"""As a table names them in English: how a command line writes them."""


class Way(Entry):
    """A way of sharing posts out over accounts, as `accounts` names it."""


WAY = by_key(
    Way(
        "1+", "", "Shared out evenly", "平均分发",
        said_en="Posts shared out evenly (1+N)", said_zh="平均分发（1+N 矩阵）",
    ),
    Way("split", "", "By topic", "按主题分号", said_en="Posts by topic (split)"),
    Way("same", "", "The same material", "一稿多号", said_en="The same material (same)"),
    Way("race", "", "Race", "赛马"),
)  # fmt: skip
"""As a sentence begins with them, said with the name that commands know."""


class Role(Entry):
    """What an account is in the matrix."""


ROLE = by_key(
    Role("main", "", "Main account", "主账号", said_en="main"),
    Role("sub", "", "Sub-account", "子账号", said_en="sub"),
    Role("creator", "", "Creator", "达人", said_en="creator"),
    Role("competitor", "", "Competitor", "竞品", said_en="competitor"),
)


class Model(Entry):
    """Who decides on impressions."""


MODEL = by_key(
    Model("pools", "", "tiered pools", "分级流量池"),
    Model("percentile", "", "rank in the category", "品类排名"),
    Model("score", "", "continuous score", "连续评分"),
    Model("published", "", "published ranker", "公开参数模型"),
)


class Rate(Entry):
    """A rate that the platform judges a video by."""


RATE = by_key(
    Rate(
        "completion", "share", "Completion rate", "完播率",
        "Share of the impressions in this pool that were watched to the end.",
        "本级流量池曝光中看到结尾的占比。", said_en="completion rate",
    ),
    Rate(
        "like", "share", "Like rate", "点赞率", "Likes per impression in this pool.",
        "本级流量池中，点赞数与曝光量之比。", said_en="like rate",
    ),
    Rate(
        "comment", "share", "Comment rate", "评论率", "Comments per impression in this pool.",
        "本级流量池中，评论数与曝光量之比。", said_en="comment rate",
    ),
    Rate(
        "share", "share", "Share rate", "转发率", "Shares to friends per impression in this pool.",
        "本级流量池中，转发给好友的次数与曝光量之比。", said_en="share rate",
    ),
    Rate(
        "follow", "share", "Follow rate", "关注比", "New followers per impression in this pool.",
        "本级流量池中，新增粉丝与曝光量之比。", said_en="follow rate",
    ),
)  # fmt: skip
"""In the order of the score."""


class Decision(Entry):
    """What the platform decides about a video, or why."""


DECISION = by_key(
    Decision("promote", "", "promoted", "晋级"),
    Decision("stop", "", "stopped", "止步"),
    Decision("revive", "", "tried again", "二次推荐"),
    Decision("hold", "", "shown on", "继续分发"),
)
REASON = by_key(
    Decision(
        "score above mark", "", "score above mark", "得分达到晋级线",
        said_en="score reached the pass mark", said_zh="得分达标",
    ),
    Decision(
        "score below mark", "", "score below mark", "得分未达晋级线",
        said_en="score below the pass mark", said_zh="得分未达标",
    ),
    Decision(
        "audience exhausted", "", "nearly everybody has seen it", "目标人群几乎都已看过",
        said_zh="人群已触达饱和",
    ),
    Decision(
        "top of the ladder", "", "passed the top pool", "已通过最高一级", said_zh="已通过最高级"
    ),
    Decision("no response", "", "nobody responded", "没有任何互动", said_zh="无人互动"),
    Decision(
        "late revival", "", "a late second chance", "发布后期再获推荐机会", said_zh="后期复活"
    ),
    Decision("less than one impression a day", "", "less than one impression a day", "每天不足 1 次曝光"),
    Decision(
        "past the age limit", "", "older than the platform shows", "超出平台推荐时限",
        said_en="too old to be shown", said_zh="超出推荐时限",
    ),
    Decision(
        "running", "", "still on its way at the end of the run", "模拟结束时仍在分发",
        said_en="still on its way", said_zh="进行中",
    ),
)  # fmt: skip
"""By reason of a decision, or stop_reason of a video; short where a table says it."""


class Column(Entry):
    """What a column of a price list means, where it may hold an estimate."""


COLUMN = by_key(
    Column("fans", "", "fans", "粉丝数"),
    Column("price", "", "price", "报价"),
    Column("plays", "", "plays", "播放量"),
    Column("completion", "", "completion", "完播率"),
    Column("interaction", "", "interaction", "互动率"),
    Column("fit", "", "fit", "人群匹配度"),
)


def columns_named(columns: Iterable[str], language: Language) -> list[str]:
    """Columns of a price list by name, in their order; one that has none as it is written."""
    own = set(columns)
    return [COLUMN[key].label(language) for key in COLUMN if key in own] + sorted(own - set(COLUMN))
