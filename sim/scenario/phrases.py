"""The sentences that explain a scenario, in English and in Chinese.

Holds words only: explain.py fills the facts in. The Chinese terms are the users' own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.language.numbers import shortening
from sim.language.vocabulary import LINK_ORIGINS, ORIGIN
from sim.language.words import Language


@dataclass(frozen=True)
class Phrases:
    """One language: sentences by what they say, words by key, and how lists and numbers are written."""

    sentences: Mapping[str, str]
    words: Mapping[str, str]
    separator: str
    language: Language
    shortens_from: int  # smaller numbers are written out

    def number(self, value: float) -> str:
        """A number as people of the language write it: 200,000 or 20万."""
        divisor, sign = shortening(value, self.language) if value >= self.shortens_from else (1.0, "")
        return f"{_short(value / divisor, 2 if sign else 1)}{sign}"

    def listed(self, items: Iterable[str]) -> str:
        """Items in a row."""
        return self.separator.join(items)


def _short(value: float, digits: int) -> str:
    return f"{round(value, digits):,}".removesuffix(".0")


def percent(share: float) -> str:
    """A share of 0-1 in percent, three digits at most."""
    return f"{100 * share:.3g}%"


ENGLISH = Phrases(
    {
        "audience": "Audience: {users} people, one to one. Main interests: {topics}. A person is shown "
        "{daily} videos a day; the category can win {share} of those slots.",
        "accounts": "Accounts: main account {main} ({fans} fans) and {subs} sub-accounts ({sub_fans} fans "
        "in all), {posts} posts a day together, about {total} in the run.",
        "listed_creators": "Listed creators: {count}.",
        "none": "Links: none; every account works alone.",
        "single": "Links: none; every post of the matrix appears on the main account alone (an old name of "
        "structure one).",
        "star": "Links: star, main account ↔ each sub-account.",
        "ring": "Links: ring, each account → the next, and the last → the first.",
        "chain": "Links: chain, each account → the next.",
        "tree": "Links: tree, two below each account from the main account down, both directions.",
        "mesh": "Links: mesh, every account → every other, {density} of the pairs kept.",
        "custom": "Links: custom, as listed.",
        "links": " {pairs} directed pairs of accounts, {edges} links ({channels}).",
        "no_seeding": "Seeding: no paid creators.",
        "seeding": "Seeding: {count} creators make one post each that @-mentions the main account, spread "
        "over {window} h: {tiers}. Fees and handling: {cost} CNY{budget}. Of each tier the best value is "
        "booked first; {missing} never post, and their fees come back.",
        "budget": " of a budget of {budget} CNY",
        "unspent": " ({left} CNY are left, which buys nobody more)",
        "ladder": "Platform: a ladder of {pools} pools from {first} to {last} impressions. Score: {weights}. "
        "Competing with its category, about {pass_first} pass the first pool and {pass_last} the last. "
        "{hit}",
        "score": "Platform: a continuous score without pools. After a first exposure of about {first} "
        "impressions a video flows by its predicted value against competing videos. Score: {weights}. "
        "About {outranked} of the category's videos are worth no more than their first exposure; reach grows "
        "with value to the power {power}. {hit}",
        "hit_from": "A video is a hit from {hit} impressions, paid ones left out.",
        "hit_of_category": "A video is a hit if at three days it has more impressions than 99 in 100 "
        "videos of its category, paid ones left out.",
        "plugged_platform": "Platform: the plug-in {name} decides on impressions. {hit}",
        "luck": "Luck: a new account of the brand keeps what it draws, two in three within a factor of "
        "{factor} of the typical; mean 1.",
        "heat": "Heat: views of a brand account rise and fall together, on two days in three within a factor "
        "of {factor}, and that fades within {days} days; mean 1.",
        "crowding": "Crowding: the second post of an account within 24 h starts at {second} of a lone one's "
        "first exposure, the fourth at {fourth}.",
        "scatter": "Author scatter: within an hour a person is shown a second video of a brand account with "
        "{second} of the chance, a third with {third}.",
        "copies": "Copies: content that came out within {days} days starts at {second}, the next "
        "copy at {third}.",
        "repetition": "Repetition: each further video of the brand on one day takes {loss} off people's "
        "response.",
        "put_off": "Repetition puts {share} of people off: of theirs each takes {loss}.",
        "sales": "Sales: CNY {price} an order, of which {margin} is margin.",
        "gpm": " The brand's own accounts as written sell for CNY {gpm} per 1,000 plays (GPM).",
        "fan_value": " A new fan is worth CNY {fan}.",
        "plugin": "Plug-in {name}: {told}",
        "run": "Length: {hours} h ({days} days) from {day} {time} Beijing time, seed {seed}.",
        "standing": "Default numbers: {measured} measured, {published} published, {assumed} assumed.",
        "assumption": "{key} = {value} (plausible {range}; {source})",
        "assumption_open": "{key} = {value} ({source})",
        "notes": "Notes",
        "note_pool": "pool {pool} ({size}) exceeds the audience of {users}; nobody is shown a video twice, "
        "so videos saturate before it is full.",
        "note_tier": "{tier}: rounded to 0 creators.",
        "note_density": "density counts only with layout mesh.",
        "note_alone": "a single brand account has nobody to link to.",
        "note_boost": "budget_cny does not pay for one impression, so these boosts do nothing: {boosts}.",
        "note_alike": "{one} and {other} look alike and are two names: only capitals, spaces or the form "
        "of a character differ.",
        "note_no_links": "layout {layout} has no links here: the run is that of layout none.",
        "note_unlinked": "without a link to or from another account: {accounts}.",
        "note_more": " and {count} more",
    },
    {
        **{channel: ORIGIN[channel].link("en") for channel in LINK_ORIGINS},
        "completion": "completion rate",
        "comment": "comment rate",
        "share": "share rate",
        "like_rate": "like rate",
        "follow_rate": "follow rate",
        "star": "star",
        "famous": "famous KOL",
        "head": "head",
        "waist": "waist",
        "junior": "junior/KOC",
        "amateur": "amateur",
    },
    separator=", ",
    language="en",
    shortens_from=1_000_000,
)

CHINESE = Phrases(
    {
        "audience": "人群：{users}人，按1:1模拟，不做缩放。兴趣分布：{topics}。人均每天刷到{daily}条视频，"
        "其中{share}的推荐位可由本品类争取。",
        "accounts": "账号：主账号「{main}」（{fans}粉丝）和{subs}个子账号（合计{sub_fans}粉丝），"
        "合计每天发布{posts}条视频，全程约{total}条。",
        "listed_creators": "单独列出的达人：{count}位。",
        "none": "联动：无，各账号独立运营。",
        "single": "联动：无，矩阵的全部内容只发在主账号上（账号结构“单号”的旧称）。",
        "star": "联动：星形，主账号与每个子账号双向联动。",
        "ring": "联动：环形，每个账号指向下一个账号，首尾相接。",
        "chain": "联动：链形，每个账号指向下一个账号。",
        "tree": "联动：树形，从主账号起每个账号带两个下级，上下级双向联动。",
        "mesh": "联动：网状，账号两两联动，保留其中{density}。",
        "custom": "联动：自定义，按方案中列出的关系。",
        "links": "共{pairs}组单向关系，{edges}条联动（{channels}）。",
        "no_seeding": "达人投放：不投放。",
        "seeding": "达人投放：{count}位达人各发一条视频并@主账号，在{window}小时内陆续发布：{tiers}。"
        "报价与执行成本共{cost}元{budget}。各层级按性价比从高到低选用；约{missing}不会发布，报价退回。",
        "budget": "（预算{budget}元）",
        "unspent": "，余下{left}元请不到更多达人",
        "ladder": "平台：倒三角流量池共{pools}级，曝光量从{first}到{last}。评分权重：{weights}。"
        "与同品类视频竞争，约{pass_first}的视频能从第1级晋级，最后一级的通过率约{pass_last}。"
        "{hit}",
        "score": "平台：连续评分，不设流量池。新视频先获得约{first}次曝光，"
        "之后按预测价值与竞品视频对比持续分配流量。"
        "评分权重：{weights}。同品类约{outranked}的视频只值首轮曝光；曝光随价值的{power}次方增长。"
        "{hit}",
        "hit_from": "曝光（不含付费）达到{hit}记为爆款。",
        "hit_of_category": "发布三天时曝光（不含付费）高于同品类 99% 的视频，记为爆款。",
        "plugged_platform": "平台：由插件 {name} 分配曝光。{hit}",
        "luck": "账号运气：新开的品牌账号自带运气并一直保持，约三分之二与典型水平相差在{factor}倍以内，"
        "均值为1。",
        "heat": "账号热度：品牌账号的播放时高时低，约三分之二的日子与典型水平相差在{factor}倍以内，"
        "约{days}天消退，均值为1。",
        "crowding": "发布拥挤：同一账号24小时内的第2条视频，首轮曝光为单发时的{second}，第4条为{fourth}。",
        "scatter": "打散：同一小时内，同一品牌账号的第2条视频推给同一个人的机会降为{second}，"
        "第3条降为{third}。",
        "copies": "同质内容：{days}天内发过的内容再发，首轮曝光为{second}，再下一次为{third}。",
        "repetition": "重复触达：同一天每多看到一条品牌视频，用户的响应降低{loss}。",
        "put_off": "重复反感：{share}的人对重复触达反感，每多一条响应降低{loss}。",
        "sales": "销售：客单价{price}元，毛利率{margin}。",
        "gpm": "品牌自有账号按当前方案的千次播放成交额（GPM）为{gpm}元。",
        "fan_value": "每个新增粉丝价值{fan}元。",
        "plugin": "插件 {name}：{told}",
        "run": "时长：{hours}小时（{days}天），从北京时间{day}{time}开始，随机种子{seed}。",
        "standing": "默认数值来源：实测{measured}项，公开资料{published}项，假设{assumed}项。",
        "assumption": "{key} = {value}（合理范围{range}；{source}）",
        "assumption_open": "{key} = {value}（{source}）",
        "notes": "提示",
        "note_pool": "第{pool}级流量池（{size}）超过人群总数{users}；同一视频不会重复推荐给同一个人，"
        "视频会先触达饱和。",
        "note_tier": "{tier}：四舍五入后为0位。",
        "note_density": "密度只对网状布局生效。",
        "note_alone": "只有一个品牌账号，没有可联动的对象。",
        "note_boost": "以下加热的预算（budget_cny）不够购买一次曝光，不起作用：{boosts}。",
        "note_alike": "{one}和{other}看起来一样，其实是两个名称：只有大小写、空格或字符的编码形式不同。",
        "note_no_links": "当前布局（{layout}）没有任何联动，结果与不联动（none）相同。",
        "note_unlinked": "以下账号没有与其他账号联动：{accounts}。",
        "note_more": "等，另有{count}个",
    },
    {
        **{channel: ORIGIN[channel].link("zh") for channel in LINK_ORIGINS},
        "completion": "完播率",
        "comment": "评论率",
        "share": "转发率",
        "like_rate": "点赞率",
        "follow_rate": "关注比",
        "star": "明星",
        "famous": "知名KOL",
        "head": "头部达人",
        "waist": "腰部达人",
        "junior": "初级达人/KOC",
        "amateur": "素人",
        "Monday": "周一",
        "Tuesday": "周二",
        "Wednesday": "周三",
        "Thursday": "周四",
        "Friday": "周五",
        "Saturday": "周六",
        "Sunday": "周日",
    },
    separator="、",
    language="zh",
    shortens_from=10_000,
)

LANGUAGES: Mapping[str, Phrases] = {"en": ENGLISH, "zh": CHINESE}
