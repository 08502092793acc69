"""What accounts and topics of the shipped scenarios are called in Chinese.

Their ids are the English names, and data: they never change.
"""

TOPICS = {
    "skincare": "护肤", "makeup": "彩妆", "hair": "美发", "body": "身体护理", "lifestyle": "生活方式",
    "fitness": "健身", "food": "美食", "sport": "运动", "music": "音乐", "general": "综合",
    "dance": "舞蹈", "snacks": "零食", "cooking": "做饭", "dining": "探店美食", "city": "同城生活",
    "weekend": "周末去处",
}  # fmt: skip

ACCOUNTS = {
    "main": "主号",
    # beauty_matrix
    "ingredients lab": "成分实验室", "sensitive skin": "敏感肌护理", "five-minute makeup": "五分钟妆",
    "makeup artist": "彩妆师", "hair care": "护发课堂", "body and bath": "身体沐浴",
    "after the gym": "练后护肤", "founder's day": "主理人日常",
    # seeding_pyramid
    "new looks": "新妆上脸", "skin school": "护肤学堂", "behind the brand": "品牌幕后",
    # challenge
    "behind the snack": "零食幕后", "office break": "办公室下午茶",
    # food
    "snack tests": "零食测评", "ten-minute dishes": "十分钟快手菜", "from the factory": "工厂直击",
    "after training": "练后吃什么",
    # local_services
    "old town shop": "老城店", "riverside shop": "滨江店", "university shop": "大学城店",
    "station shop": "车站店",
    # creator_launch
    "how to use it": "使用教程",
    # classroom
    "school": "学校", "canteen": "食堂", "team": "校队", "band": "乐队", "alumni": "校友会",
}  # fmt: skip
LINES = {
    "skincare": {
        "serum": "精华", "cleanser": "洁面", "sunscreen": "防晒", "masks": "面膜", "toner": "爽肤水",
        "night cream": "晚霜", "eye care": "眼部", "oily skin": "油皮", "dry skin": "干皮",
        "mature skin": "熟龄肌", "teen skin": "青春肌", "men": "男士", "dermatologist": "医生",
        "ingredients": "成分党", "travel size": "旅行装", "spa": "水疗", "winter": "冬季", "summer": "夏季",
        "beginners": "新手", "shop": "小店",
    },
    "makeup": {
        "lips": "唇妆", "eyes": "眼妆", "base": "底妆", "brows": "眉妆", "nails": "美甲", "stage": "舞台妆",
        "office": "通勤妆", "bridal": "新娘妆", "students": "学生妆", "palettes": "眼影盘",
        "brushes": "化妆刷", "five minutes": "五分钟", "festival": "节日妆", "film looks": "仿妆",
        "men": "男士", "vintage": "复古妆", "quick fixes": "补妆", "colours": "配色", "shop": "小店",
    },
    "hair": {
        "shampoo": "洗发", "styling": "造型", "colour": "染发", "curls": "卷发", "scalp": "头皮",
        "braids": "编发", "short cuts": "短发", "men": "男士", "kids": "儿童", "oils": "发油",
        "salon": "沙龙", "tools": "工具", "summer": "夏季", "wedding": "婚礼", "tips": "技巧",
        "before and after": "改造", "science": "科普", "bangs": "刘海", "shop": "小店",
    },
}  # fmt: skip
"""Accounts of three_lines: the product line, then what the account is about, in three
characters at most: so a name fits one line of a picture."""

CHINESE = ACCOUNTS | {
    f"{line} {about}": f"{TOPICS[line]}·{name}"
    for line, names in LINES.items()
    for about, name in names.items()
}
