"""The sentences and headings of the report, in English and in Chinese.

Holds words only: text.py fills facts in and writes numbers; terms.py has the words for things.
Labels of quantities come from the vocabulary. The Chinese terms are the users' own.
"""

from collections.abc import Mapping

from sim.report.terms import Pair

SENTENCES: Mapping[str, Pair] = {
    # the page
    "run_title": Pair("Report of a run: {name}", "复盘报告：{name}"),
    "comparison_title": Pair("Report of a comparison: {metric}", "对比报告：{metric}"),
    "named_comparison_title": Pair("Report of a comparison: {name}, {metric}", "对比报告：{name}，{metric}"),
    "run_facts": Pair(
        "{users} people · {hours} h from {day} {time} · layout: {layout} · seed {seed}",
        "{users}人 · {hours} 小时，从{day} {time} 起 · {layout} · 随机种子 {seed}",
    ),
    "comparison_facts": Pair(
        "{variants} variants · {seeds} seeds each · {users} people · {hours} h",
        "{variants} 个方案 · 各 {seeds} 次模拟 · {users}人 · {hours} 小时",
    ),
    "short_comparison_facts": Pair(
        "{variants} variants · {seeds} seeds each", "{variants} 个方案 · 各 {seeds} 次模拟"
    ),
    "no_script": Pair(
        "The figures need JavaScript; every number they show is in the tables too.",
        "图表需要浏览器启用 JavaScript；图中的数字都在表格里。",
    ),
    "save_picture": Pair("Save as PNG", "保存为图片"),
    "terms": Pair("What the columns mean", "各列含义"),
    "footer": Pair(
        "Made with {maker}. This file is complete: it opens without the app and without a network.",
        "由 {maker} 生成。本文件完整独立：不需要应用，也不需要联网。",
    ),
    "simulated": Pair(
        "All numbers are simulated, person by person. They hold as far as the assumptions listed below "
        "hold.",
        "所有数字均来自逐人模拟，其可信程度取决于下文列出的假设。",
    ),
    # a run: in short
    "gist": Pair(
        "It reached {reach} people, {share} of the audience, won {follows} and brought {orders}.",
        "触达 {reach}人，占人群的 {share}；带来 {follows}、{orders}。",
    ),
    "published": Pair(
        "{accounts} published {videos} in {days} for an audience of {users} people.",
        "{accounts}在 {days}内面向 {users}人群发布了 {videos}。",
    ),
    "led_to": Pair(
        "They were shown {impressions} times, which led to {visits}; {unfollows} followers left again.",
        "共获得 {impressions}次曝光，带来 {visits}，另有取关 {unfollows}个。",
    ),
    "hits": Pair(
        "{videos} passed {mark} impressions and count as hits; the most shown one, {video}, "
        "had {impressions}.",
        "{videos}的曝光超过 {mark}次，成为爆款；曝光最高的是{video}，{impressions}次。",
    ),
    "no_hits": Pair(
        "No video passed {mark} impressions, the mark of a hit; the most shown one, {video}, "
        "had {impressions}.",
        "没有视频的曝光超过 {mark}次（爆款线）；曝光最高的是{video}，{impressions}次。",
    ),
    "one_video": Pair("post {number} of {account}", "「{account}」的第 {number} 条"),
    "money": Pair(
        "Cost {cost} CNY, GMV {gmv} CNY, ROI {roi}.",
        "投入成本 {cost}元，成交额 {gmv}元，ROI {roi}。",
    ),
    "no_money": Pair(
        "Nothing was spent, so ROI has no value; GMV {gmv} CNY.", "没有投入成本，ROI 无意义；成交额 {gmv}元。"
    ),
    "one_draw": Pair(
        "One run is one draw of luck. With another seed the same plan gives other numbers, and other "
        "videos become hits. Read here how the traffic moved; whether one layout or mix is better than "
        "another takes a comparison over many seeds (matrixsim compare).",
        "一次模拟只是一次运气：换一个随机种子，同一方案的数字会变，爆款也会换成别的视频。"
        "这里看的是流量怎么走；哪种布局或配比更好，要看多次配对模拟的对比（matrixsim compare）。",
    ),
    "key_numbers": Pair("Key numbers", "关键数字"),
    "quantity": Pair("Quantity", "指标"),
    "value": Pair("Value", "数值"),
    "meaning": Pair("Meaning", "含义"),
    # a run: funnel
    "funnel": Pair("Funnel", "转化漏斗"),
    "funnel_note": Pair(
        "Each stage as a count, as a rate of all impressions, and as a rate of the stage before. Not "
        "strictly nested: people also follow straight from a video, without a home-page visit.",
        "每个环节的数量、占总曝光的比例、占上一环节的比例。各环节并非严格包含：用户也会不进主页、"
        "直接从视频关注。",
    ),
    "stage": Pair("Stage", "环节"),
    "count": Pair("Count", "数量"),
    "of_impressions": Pair("Of impressions", "占曝光"),
    "of_stage_before": Pair("Of the stage before", "占上一环节"),
    "by_account": Pair("By account", "分账号"),
    "by_account_note": Pair(
        "Creators are summed by tier. People reached by several accounts count once for each, so reach "
        "does not add up, and is left out for tiers.",
        "达人按级别汇总。同一个人被几个账号触达时各计一次，因此触达人数不能相加，达人各级不列。",
    ),
    "by_account_note_plain": Pair(
        "People reached by several accounts count once for each, so reach does not add up.",
        "同一个人被几个账号触达时各计一次，因此触达人数不能相加。",
    ),
    "account": Pair("Account", "账号"),
    "role": Pair("Role", "角色"),
    "posts": Pair("Posts", "发布数"),
    "posts_meaning": Pair("Videos published on it.", "在该账号上发布的视频数。"),
    "account_reach_meaning": Pair(
        "Different people to whom it was shown.", "看到过该账号视频的人数，每人只计一次。"
    ),
    "follow_rate": Pair("Follow rate", "关注比"),
    "follow_rate_meaning": Pair("Follows per impression.", "新增粉丝 ÷ 曝光量。"),
    "completion_rate": Pair("Completion rate", "完播率"),
    "completion_rate_meaning": Pair("Completions per impression.", "完播量 ÷ 曝光量。"),
    "others": Pair("Other accounts ({count})", "其余账号（{count} 个）"),
    "creators_of": Pair("{tier} creators ({count})", "{tier}（{count} 位）"),
    "creators": Pair("Creators ({count})", "达人（{count} 位）"),
    "by_origin": Pair("By origin", "分来源"),
    "by_origin_note": Pair(
        "Where an impression or a visit came from, by its last hop.",
        "曝光和主页访问从哪里来，按最后一跳计。",
    ),
    "origin": Pair("Origin", "来源"),
    "share_of_impressions": Pair("Share of impressions", "曝光占比"),
    "share_meaning": Pair("Part of all impressions.", "占总曝光的比例。"),
    "measures": Pair("Also counted", "其他计数"),
    # a run: hours
    "hours": Pair("Hour by hour", "逐时曝光"),
    "hours_note": Pair(
        "Impressions in every {step} h, by the account on which they were made.",
        "每 {step} 小时的曝光量，按账号堆叠。",
    ),
    "day": Pair("Day {day}", "第 {day} 天"),
    "band_hover": Pair("{impressions} impressions", "{impressions} 次曝光"),
    # a run: ladder
    "ladder": Pair("Pools", "流量池"),
    "ladder_note": Pair(
        "Every video starts in pool 1 and climbs while its rates hold. Bars count videos; dots are the "
        "share promoted of those that were judged, with its {level} % interval: wide where few were.",
        "每条视频从第 1 级流量池起步，数据达标才晋级。条形为视频数；圆点为晋级率及其 {level}% 置信区间，"
        "评判的视频越少区间越宽。",
    ),
    "pool": Pair("Pool {number}", "第 {number} 级流量池"),
    "pool_title": Pair("Pool", "流量池"),
    "pool_gives": Pair("about {n} impressions", "约 {n} 次曝光"),
    "pool_counts": Pair(
        "{entered} entered: {promoted} promoted, {stopped} stopped",
        "进入 {entered} 条：晋级 {promoted} 条，止步 {stopped} 条",
    ),
    "pool_running": Pair(", {running} still in it", "，进行中 {running} 条"),
    "promoted_word": Pair("promoted", "晋级"),
    "stopped_word": Pair("stopped", "止步"),
    "running_word": Pair("still in it", "进行中"),
    "videos_axis": Pair("Videos", "视频数"),
    "judged": Pair("{count} of {of} judged", "评判 {of} 条，晋级 {count} 条"),
    "pool_size": Pair("Size", "池容量"),
    "pool_size_meaning": Pair(
        "Impressions that the pool grants an account without fans.", "该级流量池给零粉账号的曝光量。"
    ),
    "entered": Pair("Entered", "进入"),
    "entered_meaning": Pair("Videos that reached this pool or a later one.", "进入该级或更高级的视频数。"),
    "went_on": Pair("Promoted", "晋级"),
    "went_on_meaning": Pair("Of these, promoted to the next pool.", "其中晋级到下一级的视频数。"),
    "stopped": Pair("Stopped", "止步"),
    "stopped_meaning": Pair("Of these, ended in this pool.", "其中止步于该级的视频数。"),
    "under_way": Pair("Still in it", "进行中"),
    "under_way_meaning": Pair(
        "Of these, still in this pool when the run ended.", "模拟结束时仍在该级的视频数。"
    ),
    "pass_share": Pair("Share promoted", "晋级率"),
    "pass_share_meaning": Pair(
        "Promoted, of those that were judged, with its 95 % interval.",
        "晋级数 ÷ 已评判数，括号内为 95% 置信区间。",
    ),
    # a run: videos
    "videos": Pair("Top videos", "热门视频"),
    "videos_note": Pair("The {count} most shown of {videos}.", "曝光最高的 {count} 条（共 {videos}）。"),
    "post": Pair("Post", "第几条"),
    "post_meaning": Pair("Which post of the account, from 1.", "该账号的第几条视频。"),
    "published_at": Pair("Published", "发布时间"),
    "published_at_meaning": Pair("Day of the run, and Beijing time.", "模拟的第几天，北京时间。"),
    "highest_pool": Pair("Pool", "流量池"),
    "highest_pool_meaning": Pair("The last pool it reached.", "到达的最后一级流量池。"),
    "ended": Pair("Ended by", "止步原因"),
    "ended_meaning": Pair("Why it went no further.", "为什么没有再晋级。"),
    # a run: links
    "links": Pair("Traffic between accounts", "账号之间的流量"),
    "links_note": Pair(
        "The {count} links that carried most home-page visits, of {links}.",
        "带来主页访问最多的 {count} 条联动（共 {links}）。",
    ),
    "creators_at": Pair(
        "No links of the matrix: the @ of the creators ({creators}) brought the main account {visits} and "
        "{follows}.",
        "另有 {creators} 位达人 @ 主账号，带来{visits}、{follows}，不属于矩阵联动。",
    ),
    "all_at": Pair("@ mention, of creators too", "@兄弟账号与达人 @"),
    "later_keys": Pair(
        "Written by an earlier version, which did not have these parameters ({count}): {keys}.",
        "由较早的版本写出，当时还没有以下参数（{count} 个）：{keys}。",
    ),
    "no_links": Pair(
        "No link between accounts carried a visit in this run.", "本次模拟中，账号之间没有联动带来的访问。"
    ),
    "from": Pair("From", "从"),
    "to": Pair("To", "到"),
    "channel": Pair("Channel", "方式"),
    # a comparison
    "verdict": Pair("Result", "结论"),
    "gap": Pair("Gap to the best", "与最佳方案的差距"),
    "gap_note": Pair(
        "All variants had the same luck and are compared seed by seed; bars are {level} % intervals. "
        "Grey cannot be told apart from the best.",
        "各方案在同样的运气下逐次配对比较；线段为 {level}% 置信区间。灰色表示与最佳方案无法区分。",
    ),
    "best": Pair("Best", "最佳"),
    "why": Pair("Why", "为什么"),
    "ahead_of": Pair("Ahead of {other}, the runner-up", "比第二名（{other}）领先"),
    "ahead_of_written": Pair("Ahead of the plan as written", "比原方案领先"),
    "helps": Pair("Helps", "拉大领先"),
    "hinders": Pair("Hinders", "缩小领先"),
    "may_be_nothing": Pair("May be nothing", "不能排除为 0"),
    "doubt": Pair("If the assumptions are wrong", "假设不准，结论还成立吗"),
    "doubt_note": Pair(
        "Areas are shares of the assumptions' range, not probabilities: nobody knows how likely each "
        "point of it is. Grey: nobody can tell.",
        "面积表示占假设区间的比例，不是概率：区间内各点的可能性无从得知。灰色：无法判断。",
    ),
    "here": Pair("You are here", "当前设定"),
    "cannot_tell": Pair("Cannot tell", "无法判断"),
    "best_is": Pair("Best: {name}", "最佳：{name}"),
    "alike": Pair("Any of these will do", "任选其一即可"),
    "tied": Pair("Cannot be told apart from the best", "与最佳无法区分"),
    "worse": Pair("Behind the best", "落后于最佳"),
    "reference": Pair("highest mean", "平均值最高"),
    "difference": Pair("Gap to the best:", "与最佳之差："),
    "interval": Pair("Interval:", "区间："),
    "luck": Pair("What single launches gave", "单次上线的结果"),
    "luck_note": Pair(
        "One dot is one launch (one seed), the line is the mean. How far the dots of a variant lie apart "
        "is luck.",
        "一个点是一次模拟（一个种子），竖线为平均值。同一方案的点相距多远，就是运气的大小。",
    ),
    "seed": Pair("Seed {seed}", "种子 {seed}"),
    "mean": Pair("mean", "平均值"),
    "details": Pair("All numbers", "全部数字"),
    "variant": Pair("Variant", "方案"),
    "mean_title": Pair("Mean", "平均值"),
    "mean_meaning": Pair("{metric}, averaged over the seeds.", "{metric}在各次模拟中的平均。"),
    "interval_title": Pair("{level} % interval", "{level}% 置信区间"),
    "interval_meaning": Pair(
        "The mean lies in it unless luck was unusual. It holds the luck that all variants share: compare "
        "by the gap.",
        "除非运气异常，平均值落在其中。其中含各方案共有的运气，比较方案请看差距。",
    ),
    "gap_title": Pair("Gap to the best", "与最佳之差"),
    "gap_meaning": Pair(
        "Difference to the highest mean, seed by seed, with its interval. If the interval holds 0, the "
        "two cannot be told apart.",
        "与平均值最高的方案逐次配对之差及其区间。区间含 0 即无法区分。",
    ),
    "standings": Pair("Win / tie / lose", "胜 / 平 / 负"),
    "standings_meaning": Pair(
        "Share of launches in which it did better than, exactly as well as, and worse than the best, with "
        "exact intervals.",
        "与最佳方案逐次比较：更好、完全相同、更差的次数占比，括号内为精确置信区间。",
    ),
    "probability_best": Pair("Probability best", "胜出概率"),
    "probability_best_meaning": Pair(
        "How probable it is, after these seeds, that its true mean is the highest. Few seeds say little.",
        "根据这些模拟，它真实平均值最高的概率；模拟次数少时不会偏向任何一方太多。",
    ),
    "first_share": Pair("First share", "居首占比"),
    "first_share_meaning": Pair(
        "Share of seeds in which it came first: what a single launch faces.",
        "它排第一的模拟次数占比，即单次上线要面对的情形。",
    ),
    "hit_probability": Pair("Chance of a hit", "爆款概率"),
    "hit_probability_meaning": Pair(
        "Share of seeds with at least one hit video.", "至少出现一条爆款的模拟次数占比。"
    ),
    "lower_tail": Pair("Bad launch", "下行情形"),
    "lower_tail_meaning": Pair(
        "One launch in ten falls below this.", "每十次上线约有一次低于此值（10% 分位数）。"
    ),
    "gain_meaning": Pair(
        "Mean reach with links over reach with links cut, same seeds, less 1.",
        "有联动与切断联动的触达人数之比减 1，种子相同，取平均。",
    ),
    "intervals_note": Pair(
        "{seeds} seeds; intervals: {kind}, {sure} each", "{seeds} 次配对模拟；区间为{kind}，置信度 {sure}"
    ),
    "money_title": Pair("Money", "收支"),
    "money_note": Pair(
        "Sums over all launches, divided by sums: an order that comes in one launch of ten counts.",
        "均为各次模拟合计之比：十次模拟中只出现一次的订单也计入。",
    ),
    "return_per_cny": Pair("Back per yuan", "每投 1 元收回"),
    "return_per_cny_meaning": Pair(
        "Margin of the sales and worth of new fans, for each yuan spent; below 1 it loses money.",
        "毛利与新增粉丝价值之和除以投入成本；低于 1 即亏损。",
    ),
    "cost_per_order_cny": Pair("Cost per order", "单均成本"),
    "cost_per_order_cny_meaning": Pair("Cost over orders.", "投入成本 ÷ 订单数。"),
    "cost_per_fan_cny": Pair("Cost per new fan", "单粉成本"),
    "cost_per_fan_cny_meaning": Pair(
        "Cost over new fans of the brand's accounts, net.", "投入成本 ÷ 品牌账号净增粉丝数。"
    ),
    "cpm_cny": Pair("Per 1,000 reached", "千人触达成本"),
    "cpm_cny_meaning": Pair("Cost over people reached, times 1,000.", "投入成本 ÷ 触达人数 × 1000。"),
    "gpm_cny": Pair("GPM", "千次播放成交额（GPM）"),
    "gpm_cny_meaning": Pair("Sales per 1,000 plays of this plan.", "该方案每 1000 次播放带来的成交额。"),
    "break_even": Pair("What would make it pay", "回本条件"),
    "break_even_note": Pair(
        "Each alone, all else as it is, with {level} % intervals: the plan's sales per 1,000 plays, the "
        "price at the same orders and the same cost of goods, the worth of a new fan.",
        "分别只改变一项、其余不变时的回本值及 {level}% 置信区间：该方案的千次播放成交额、"
        "订单数与货品成本不变时的售价、每个新增粉丝的价值。",
    ),
    "pays_gpm_cny": Pair("GPM from", "千次播放成交额不低于"),
    "pays_price_cny": Pair("Price from", "售价不低于"),
    "pays_fan_value_cny": Pair("Fan worth from", "单粉价值不低于"),
    "pays_never": Pair("never", "无解"),
    "how_sure": Pair("How sure this is", "有多大把握"),
    "sure_seeds": Pair(
        "It rests on {seeds} seeds. Each seed is one course of luck, and every variant went through the "
        "same ones.",
        "结论基于 {seeds} 次配对模拟：每个种子是一种运气，各方案都经历了同样的种子。",
    ),
    "sure_level": Pair(
        "The verdict is meant to be right in {confidence} % of such comparisons. Intervals: {kind}, "
        "{level} % each.",
        "结论的置信度为 {confidence}%。区间为{kind}，置信度 {level}%。",
    ),
    "sure_stricter": Pair(
        "They are stricter than the verdict because the seeds were added until the ranking was settled.",
        "区间比结论更严格，因为种子是逐步增加、直到排名稳定为止的。",
    ),
    "sure_stopped": Pair(
        "It was stopped early: with more seeds the verdict can still change.",
        "对比被提前停止：种子更多时结论仍可能改变。",
    ),
    "sure_single": Pair(
        "A single launch is one draw of luck. {name} has the highest mean, and came first in {share} of "
        "the seeds.",
        "单次上线只是一次运气。{name}平均值最高，在 {share} 的模拟中排第一。",
    ),
    "sure_only_two": Pair(
        "With so few seeds the intervals are wide; take sixteen or more before you decide.",
        "种子太少，区间很宽；做决定前请用 16 次以上。",
    ),
    # what it rests on, and how to get it again
    "rests_on": Pair("What this rests on", "模拟依据"),
    "shared": Pair("What all variants share:", "各方案共同的设定："),
    "scenario_unknown": Pair(
        "This folder does not hold the scenario that was compared. Keep the scenario file beside this "
        "report.",
        "该文件夹中没有所对比的方案文件，请将方案文件与本报告一起保存。",
    ),
    "assumptions": Pair("Assumed parameters ({count})", "假设参数（{count} 项）"),
    "assumptions_note": Pair(
        "No public measurement fixes these. Each has a plausible range; matrixsim sensitivity says which "
        "of them the answer hangs on.",
        "这些参数没有公开的实测值，各有合理范围；matrixsim sensitivity 可以查出结论依赖哪些参数。"
        "出处保留英文原文。",
    ),
    "parameter": Pair("Parameter", "参数"),
    "range": Pair("Plausible range", "合理范围"),
    "source": Pair("Source", "出处"),
    "again": Pair("Get it again", "如何复现"),
    "again_run": Pair(
        "With scenario.toml of this run beside you (its text is below) and the same rules version, this "
        "gives the same digest:",
        "在放有本次 scenario.toml（全文见下）的文件夹中运行，规则版本相同则摘要相同：",
    ),
    "again_comparison": Pair(
        "With the same version of matrixsim this gives the same numbers:",
        "用同一版本的 matrixsim 运行，数字相同：",
    ),
    "scenario_file": Pair("The scenario, complete (scenario.toml)", "方案全文（scenario.toml）"),
    "a_scenario_file": Pair("A scenario, complete ({file})", "方案全文（{file}）"),
    "version": Pair("matrixsim", "matrixsim"),
    "rules_version": Pair("Rules version", "规则版本"),
    "digest": Pair("Digest of the result", "结果摘要（digest）"),
    "input_hash": Pair("Hash of the scenario", "方案哈希"),
    "seed_title": Pair("Seed", "随机种子"),
    "engine": Pair("Engine", "引擎"),
    "python": Pair("Python", "Python"),
    "platform": Pair("Platform", "运行环境"),
    "packages": Pair("Packages", "依赖版本"),
    "seconds": Pair("Computed in", "计算用时"),
    "not_recorded": Pair("not recorded", "未记录"),
}  # fmt: skip
