"""What the keys of a scenario are called, and words that stand as their values; in two languages.

What a key means, its unit, source and range stand in the schema (sim/scenario): here is the name that a form,
the head of a column or a message gives it. A key without one goes by its dotted name, or by its meaning.
"""

from sim.language.entry import Entry, by_key


class Key(Entry):
    """A key, section or family of keys; '*' stands for any account, tier or link."""


KEY = by_key(
    Key("audience", "", "Audience", "人群"),
    Key("platform", "", "Platform", "平台"),
    Key("content", "", "Content", "内容"),
    Key("sharing", "", "Sharing", "转发"),
    Key("brand", "", "Brand", "品牌"),
    Key("accounts", "", "Accounts", "账号"),
    Key("links", "", "Links", "联动"),
    Key("seeding", "", "Creators", "达人投放"),
    Key("run", "", "Time", "时间"),
    Key("content.rates", "", "Rate", "转化率"),
    Key("content.spread", "", "Spread between videos", "视频间差异"),
    Key("name", "", "Name", "名称"),
    Key("accounts.*.id", "", "Account", "账号"),
    Key("accounts.*.role", "", "Role", "角色"),
    Key("accounts.*.tier", "", "Creator tier", "达人层级"),
    Key("accounts.*.fans", "", "Fans", "粉丝数"),
    Key("accounts.*.topics", "", "Topics", "内容方向"),
    Key("accounts.*.posts_per_day", "", "Videos a day", "日发布量"),
    Key("accounts.*.first_post_h", "", "First video, hour", "首条发布（第几小时）"),
    Key("accounts.*.quality", "", "Quality", "内容质量"),
    Key("accounts.*.weight", "", "Account weight", "账号权重"),
    Key("accounts.*.audience_fit", "", "Fans inside the audience, share", "粉丝契合度"),
    Key("accounts.*.verified", "", "Verified", "蓝V 认证"),
    Key("accounts.*.material", "", "Material", "素材（一稿多号）"),
    Key("accounts.*.length_s", "", "Length, s", "视频时长（秒）"),
    Key("accounts.*.opening", "", "Opening", "开头强度"),
    Key("accounts.*.ingredients", "", "Content formula", "内容公式"),
    Key("accounts.*.cost_per_post_cny", "", "Cost per video, CNY", "单条成本（元）"),
    Key("audience.users", "", "People in the audience", "人群总数"),
    Key("audience.topics", "", "Their main interests", "兴趣分布"),
    Key("brand.price_cny", "", "Price, CNY", "客单价（元）"),
    Key("brand.margin_share", "", "Margin, share of the price", "毛利占比"),
    Key("brand.gpm_cny", "", "GPM: sales per 1,000 plays, CNY", "千次播放成交额 GPM，元"),
    Key("run.hours", "", "Length, h", "模拟时长（小时）"),
    Key("run.start", "", "Begins, Beijing time", "开始时间（北京时间）"),
    Key("run.seed", "", "Seed", "随机种子"),
    Key("links.layout", "", "Layout", "布局"),
    Key("links.channels", "", "Kinds of link", "联动方式"),
    Key("links.density", "", "Density of the mesh", "网状密度"),
    Key("links.edges", "", "List of links", "联动列表"),
    Key("links.following_list_probability", "", "Opens the following list", "打开关注列表的概率"),
    Key("links.liked_list_probability", "", "Opens the liked list", "打开点赞列表的概率"),
    Key("links.mention_probability", "", "Goes after an @", "点开 @ 的概率"),
    Key("links.mentions_per_caption", "", "@ in one caption", "每条文案 @ 几个账号"),
    Key("links.cost_per_link_action_cny", "", "Cost of a link action, CNY", "单次联动成本（元）"),
    Key("links.edges.*.0", "", "From", "从"),
    Key("links.edges.*.1", "", "To", "到"),
    Key("links.edges.*.2", "", "Kind of link", "联动方式"),
    Key("seeding.ratio", "", "Ratio", "配比"),
    Key("seeding.scale", "", "Scale of the ratio", "配比倍数"),
    Key("seeding.budget_cny", "", "Budget for creators, CNY", "达人预算（元）"),
    Key("seeding.window_h", "", "Posts spread over, h", "发布周期（小时）"),
    Key("seeding.topic", "", "Topic of the posts", "达人内容方向"),
    Key("platform.author_floor", "", "Author scatter, floor", "打散下限"),
    Key("platform.author_decay", "", "Author scatter, factor", "打散系数"),
    Key("platform.account_luck_sd", "", "Luck of new accounts, spread", "新账号运气的离散程度"),
    Key("seeding.tiers.*.fans", "", "Fans", "粉丝数"),
    Key("seeding.tiers.*.audience_fit", "", "Fans inside the audience, share", "粉丝契合度"),
    Key("seeding.tiers.*.price_cny", "", "Price of a post, CNY", "单条报价（元）"),
    Key("seeding.tiers.*.trust", "", "Trust", "信任度"),
    Key("seeding.tiers.*.awareness", "", "Awareness", "认知力"),
    Key("seeding.tiers.*.quality", "", "Quality", "内容质量"),
)
"""A section that is not here has its name in its class (LABEL)."""


class Ingredient(Entry):
    """An ingredient of the content formula."""


INGREDIENT = by_key(
    Ingredient("novelty", "", "novelty", "猎奇"),
    Ingredient("counter_intuition", "", "counter-intuition", "反常识"),
    Ingredient("plain_words", "", "plain words", "说人话"),
    Ingredient("resonance", "", "resonance", "共鸣"),
    Ingredient("hot_topic", "", "hot topic", "热点"),
)


class Standing(Entry):
    """How the default of a key is known."""


STANDING = by_key(
    Standing("measured", "", "measured", "实测"),
    Standing("published", "", "published", "公开资料"),
    Standing("assumed", "", "assumed", "假设"),
    Standing("chosen", "", "chosen by you", "自定"),
)


class Day(Entry):
    """A day of the week."""


DAY = by_key(
    Day("Monday", "", "Monday", "周一"),
    Day("Tuesday", "", "Tuesday", "周二"),
    Day("Wednesday", "", "Wednesday", "周三"),
    Day("Thursday", "", "Thursday", "周四"),
    Day("Friday", "", "Friday", "周五"),
    Day("Saturday", "", "Saturday", "周六"),
    Day("Sunday", "", "Sunday", "周日"),
)
