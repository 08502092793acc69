"""What the keys of a scenario are called, and words that stand as their values; in two languages.

What a key means, its unit, source and range stand in the schema (sim/scenario): here is the name that a form,
the head of a column or a message gives it. A key without one goes by its dotted name, or by its meaning.
"""

from sim.language.entry import Entry


class Key(Entry):
    """A key, section or family of keys; '*' stands for any account, tier or link."""


class Ingredient(Entry):
    """An ingredient of the content formula."""


class Standing(Entry):
    """How the default of a key is known."""


class Day(Entry):
    """A day of the week."""


_KEYS = {
    "audience": ("Audience", "人群"), "platform": ("Platform", "平台"), "content": ("Content", "内容"),
    "sharing": ("Sharing", "转发"), "brand": ("Brand", "品牌"), "accounts": ("Accounts", "账号"),
    "links": ("Links", "联动"), "seeding": ("Creators", "达人投放"), "run": ("Time", "时间"),
    "content.rates": ("Rate", "转化率"), "content.spread": ("Spread between videos", "视频间差异"),
    "name": ("Name", "名称"),
    "fitted": ("Fitted to your data", "按你的数据拟合"),
    "accounts.*.id": ("Account", "账号"), "accounts.*.role": ("Role", "角色"),
    "accounts.*.tier": ("Creator tier", "达人层级"), "accounts.*.fans": ("Fans", "粉丝数"),
    "accounts.*.topics": ("Topics", "内容方向"), "accounts.*.posts_per_day": ("Videos a day", "日发布量"),
    "accounts.*.first_post_h": ("First video, hour", "首条发布（第几小时）"),
    "accounts.*.quality": ("Quality", "内容质量"), "accounts.*.weight": ("Account weight", "账号权重"),
    "accounts.*.audience_fit": ("Fans inside the audience, share", "目标粉丝占比"),
    "accounts.*.verified": ("Verified", "蓝V 认证"), "accounts.*.material": ("Material", "素材（一稿多号）"),
    "accounts.*.length_s": ("Length, s", "视频时长（秒）"), "accounts.*.opening": ("Opening", "开头强度"),
    "accounts.*.ingredients": ("Content formula", "内容公式"),
    "accounts.*.cost_per_post_cny": ("Cost per video, CNY", "单条成本（元）"),
    "audience.users": ("People in the audience", "人群总数"),
    "audience.topics": ("Their main interests", "兴趣分布"),
    "brand.price_cny": ("Price, CNY", "客单价（元）"),
    "brand.margin_share": ("Margin, share of the price", "毛利率"),
    "brand.gpm_cny": ("GPM: sales per 1,000 plays, CNY", "千次播放成交额 GPM，元"),
    "run.hours": ("Length, h", "模拟时长（小时）"),
    "run.start": ("Begins, Beijing time", "开始时间（北京时间）"), "run.seed": ("Seed", "随机种子"),
    "links.layout": ("Layout", "布局"), "links.channels": ("Kinds of link", "联动方式"),
    "links.density": ("Density of the mesh", "网状密度"), "links.edges": ("List of links", "联动列表"),
    "links.following_list_probability": ("Opens the following list", "打开关注列表的概率"),
    "links.liked_list_probability": ("Opens the liked list", "打开点赞列表的概率"),
    "links.mention_probability": ("Goes after an @", "点开 @ 的概率"),
    "links.mentions_per_caption": ("@ in one caption", "每条文案 @ 几个账号"),
    "links.cost_per_link_action_cny": ("Cost of a link action, CNY", "单次联动成本（元）"),
    "links.edges.*.0": ("From", "从"), "links.edges.*.1": ("To", "到"),
    "links.edges.*.2": ("Kind of link", "联动方式"), "seeding.ratio": ("Ratio", "配比"),
    "seeding.scale": ("Scale of the ratio", "整体放大倍数"),
    "seeding.budget_cny": ("Budget for creators, CNY", "达人预算（元）"),
    "seeding.window_h": ("Posts spread over, h", "发布周期（小时）"),
    "seeding.topic": ("Topic of the posts", "达人内容方向"),
    "platform.author_floor": ("Author scatter, floor", "打散下限"),
    "platform.author_decay": ("Author scatter, factor", "打散系数"),
    "platform.account_luck_sd": ("Luck of new accounts, spread", "新账号运气的离散程度"),
    "seeding.tiers.*.fans": ("Fans", "粉丝数"),
    "seeding.tiers.*.audience_fit": ("Fans inside the audience, share", "目标粉丝占比"),
    "seeding.tiers.*.price_cny": ("Price of a post, CNY", "单条报价（元）"),
    "seeding.tiers.*.trust": ("Trust", "信任度"), "seeding.tiers.*.awareness": ("Awareness", "认知力"),
    "seeding.tiers.*.quality": ("Quality", "内容质量"),
}  # fmt: skip
_INGREDIENTS = {
    "novelty": ("novelty", "猎奇"), "counter_intuition": ("counter-intuition", "反常识"),
    "plain_words": ("plain words", "说人话"), "resonance": ("resonance", "共鸣"),
    "hot_topic": ("hot topic", "热点"),
}  # fmt: skip
_STANDINGS = {
    "measured": ("measured", "实测"), "published": ("published", "公开资料"), "assumed": ("assumed", "假设"),
    "chosen": ("chosen by you", "自定"), "fitted": ("fitted to your data", "按你的数据拟合"),
}  # fmt: skip
_DAYS = {
    "Monday": ("Monday", "周一"), "Tuesday": ("Tuesday", "周二"), "Wednesday": ("Wednesday", "周三"),
    "Thursday": ("Thursday", "周四"), "Friday": ("Friday", "周五"), "Saturday": ("Saturday", "周六"),
    "Sunday": ("Sunday", "周日"),
}  # fmt: skip

KEY = {key: Key(key, "", *names) for key, names in _KEYS.items()}
"""A section that is not here has its name in its class (LABEL)."""
INGREDIENT = {key: Ingredient(key, "", *names) for key, names in _INGREDIENTS.items()}
STANDING = {key: Standing(key, "", *names) for key, names in _STANDINGS.items()}
DAY = {key: Day(key, "", *names) for key, names in _DAYS.items()}
