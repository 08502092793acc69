"""What a reader can be warned of, by the code that files and programs see, in English and in Chinese.

The sentence of a warning, with its facts, stands with what finds them (analysis/warned.py).
"""

from sim.language import entry
from sim.language.entry import Entry, by_key


class WarningCode(Entry):
    """A kind of warning: its code, a title and when it is given."""


WARNING = by_key(
    WarningCode(
        "beyond_capacity", "", "More than the team can make", "超出产能",
        "The plan has more posts than the brand's team can make.", "计划的发布量超出团队产能。",
    ),
    WarningCode(
        "budget_unspent", "", "Money left over", "预算未花完",
        "A budget for creators or a boost is not spent to the last yuan.", "达人预算或加热预算没有花完。",
    ),
    WarningCode(
        "fans_left_aside", "", "Fans left aside", "部分粉丝未计入",
        "A structure does not use written accounts that have fans.", "账号结构没有用到某些已有粉丝的账号。",
    ),
    WarningCode(
        "few_orders", "", "Few orders", "订单太少",
        "Fewer than 30 orders in all launches together.", "各次模拟合计不到 30 单。",
    ),
    WarningCode(
        "gpm_unmet", "", "GPM not met", "千次播放成交额达不到",
        "Orders cannot come to brand.gpm_cny.", "订单达不到 brand.gpm_cny。",
    ),
    WarningCode(
        "loses_money", "", "Loses money", "亏损",
        "The profit is below 0 on average.", "平均利润低于 0。",
    ),
    WarningCode(
        "never_hot", "", "No hot topic", "没有热门话题",
        "Topic heat is on and no topic became hot.", "开启了话题热度，但没有话题成为热门。",
    ),
    WarningCode(
        "posts_after_end", "", "Posts after the end", "发布晚于模拟结束",
        "Creators or accounts would post after the end of the run.", "有达人或账号的发布时间在模拟结束之后。",
    ),
    WarningCode(
        "posts_capped", "", "Posts shown to nobody", "作品被限制发布",
        "Accounts found out as a matrix had more posts than they may show.",
        "被判定为违规矩阵的账号，发布量超出了限额。",
    ),
    WarningCode(
        "posts_beyond_data", "", "More posts than measured", "发布频率超出实测",
        "An account posts more than four times a day.", "有账号每天发布超过 4 条。",
    ),
    WarningCode(
        "race_undecided", "", "Race undecided", "赛马未决出",
        "A race was not decided before the end of the run.", "模拟结束时赛马还未分出结果。",
    ),
    WarningCode(
        "rare_differences", "", "Rare differences", "差异太少",
        "A variant differs from the best in too few seeds for an interval.",
        "某个方案与最佳方案只在极少数模拟中不同，无法给出区间。",
    ),
    WarningCode(
        "reasons_at_today", "", "Reasons at today's values", "原因按当前取值计算",
        "The reasons of a lead are about today's assumptions, the lead itself about drawn ones.",
        "领先的原因按各假设的当前取值计算，领先幅度则按随机抽取的取值计算。",
    ),
    WarningCode(
        "same_answer", "", "Same answer everywhere", "结果全部相同",
        "A sensitivity analysis gave the same answer at every point.", "敏感性分析在每个取值点的结果都相同。",
    ),
    WarningCode(
        "same_content_risk", "", "Same content", "同质内容",
        "Several accounts publish the same content, which the platform may punish.",
        "多个账号发布同一内容，可能受到平台处罚。",
    ),
    WarningCode(
        "saturated", "", "Saturated", "触达饱和",
        "Mean reach is above 60 % of the audience.", "平均触达超过人群的 60%。",
    ),
    WarningCode(
        "short_for_structure", "", "Run too short", "模拟时长太短",
        "An account structure is judged within less than 28 days.", "用不到 28 天的模拟来判断账号结构。",
    ),
    WarningCode(
        "small_audience", "", "Small audience", "人群偏小",
        "The audience has fewer than 200,000 people.", "人群不足 20 万人。",
    ),
    WarningCode(
        "too_few_draws", "", "Too few draws", "抽取次数太少",
        "Assumptions were drawn too few times for the map of what is best where.",
        "假设的抽取次数太少，画不出在哪些取值下谁最佳的图。",
    ),
    WarningCode(
        "too_few_points", "", "Design too small", "设计太小",
        "A sensitivity analysis has too few points or seeds to be trusted.",
        "敏感性分析的取值点或模拟次数太少，结果不可信。",
    ),
)  # fmt: skip
"""Every code there is; a plug-in's `declared` ones stand beside them."""


def declared(warning: WarningCode) -> str:
    """Declares a kind of warning, where what gives it is defined; its code.

    Raises:
        ValueError: the code means something else already.
    """
    return entry.declared(WARNING, warning, "the code of another warning")
