"""The classes that the lessons compare: keys of the shipped class that each variant sets.

Numbers are at the upper ends of the assumed ranges where 2,000 people would show little otherwise; where they
lie beyond, the lesson says so. Does not know what is asked.
"""

from collections.abc import Mapping, Sequence

BRAND = ("school", "alumni", "band", "canteen", "team")
"""Accounts of the class, the main one first."""
TOPICS = {"food": 0.4, "sport": 0.35, "music": 0.25}
COPIES = 20

LIVELY: dict[str, object] = {
    "content.rates.visit": 0.1,
    "links.following_list_probability": 0.2,
    "links.liked_list_probability": 0.2,
}
"""A class that visits home pages often, at the upper ends of the assumed ranges."""
KEEN: dict[str, object] = {
    **LIVELY, "content.rates.follow": 0.003, "links.visit_follow_probability": 0.05,
    "links.mention_probability": 0.02, "links.page_view_probability": 0.95,
}  # fmt: skip
"""As lively, and quick to follow; upper ends too."""
BUYING: dict[str, object] = {
    "brand.aware_probability": 0.6, "brand.interest_probability": 0.08, "brand.order_probability": 0.03,
    "brand.trust_gain": 0.2, "brand.interested_share": 0.0, "brand.gpm_cny": 0.0,
}  # fmt: skip
"""A class that buys readily, at the upper ends of the assumed ranges: 2,000 people order little otherwise.
All begin unaware, and the chances count as they stand: what moves people is what the lesson is about."""


COPY = {"fans": 0, "posts_per_day": 0.25, "first_post_h": 8, "material": "one film"}
"""An account without fans that posts the same video in the same hour as the others, once."""
LEVEL: dict[str, object] = {
    "platform.account_luck_sd": 0.0, "platform.account_heat_sd": 0.0, "platform.same_content_factor": 1.0,
    "accounts": [
        {"id": f"copy {k:02d}", "role": "main" if k == 1 else "sub", **COPY} for k in range(1, COPIES + 1)
    ],
    "links.layout": "none",
}  # fmt: skip
"""No account has luck of its own and no copy is throttled: so only chance tells them apart."""


def linked(each: int) -> list[list[str]]:
    """Links in every channel from each account to the next ones around the circle."""
    return [
        [BRAND[k], BRAND[(k + step) % len(BRAND)], channel]
        for k in range(len(BRAND))
        for step in range(1, each + 1)
        for channel in ("follow", "like", "mention")
    ]


def paged(each: int) -> dict[str, object]:
    """Settings of a class whose accounts link to so many others each."""
    if each == 0:
        return {**LIVELY, "links.layout": "none"}
    return {**LIVELY, "links.layout": "custom", "links.edges": linked(each)}


FREE_OF = ("price_spread_dex", "pull_spread_dex", "handling_cny", "no_show_share")
"""What makes one creator of a market differ from the next, beside its tier."""


def paid(ratio: Sequence[int]) -> dict[str, object]:
    """Settings of a class in which the school pays creators of its own size."""
    return {
        **BUYING,
        "accounts": [{"id": "school", "role": "main", "fans": 120, "posts_per_day": 0.5}],
        "seeding.tiers": {
            "head": {"fans": 600, "audience_fit": 1.0, "price_cny": 3_000},
            "junior": {"fans": 30, "audience_fit": 1.0, "price_cny": 150},
        },
        "seeding.ratio": list(ratio),
        **{f"seeding.market.{key}": 0.0 for key in FREE_OF},
        **{f"seeding.market.{key}": 1.0 for key in ("commercial_factor", "commercial_like_factor")},
        "seeding.window_h": 48,
    }


def posting(mixes: Sequence[Mapping[str, float]], material: str | None) -> dict[str, object]:
    """Settings of a class whose accounts post these topics, the same material or their own; no links."""
    return {
        "links.layout": "none",
        "platform.same_content_factor": 1.0,
        "accounts": [
            {
                "id": name, "role": "main" if k == 0 else "sub", "fans": 60, "topics": dict(mix),
                "material": material,
            }
            for k, (name, mix) in enumerate(zip(BRAND, mixes, strict=True))
        ],
    }  # fmt: skip


ONE_TOPIC = [{"food": 1.0}] * len(BRAND)
OWN_TOPICS = [{"food": 1.0}, {"sport": 1.0}, {"music": 1.0}, {"food": 1.0}, {"sport": 1.0}]


WEEK: dict[str, object] = {**KEEN, "run.hours": 168}
FOUND_OUT: dict[str, object] = {**WEEK, "enforcement.hazard": 80.0, "enforcement.cut": 0.6}
"""A class whose platform looks for matrices twenty times as often as the upper end of the assumed range: so a
week shows what months would."""
PLANNED = [
    {"id": "school", "role": "main", "fans": 120, "posts_per_day": 1.0},
    {"id": "canteen", "fans": 0, "posts_per_day": 4.0},
]
"""Five posts a day, four of which go to whatever accounts a structure has beside the main one."""


def built(kind: str, subs: int) -> dict[str, object]:
    """Settings of a class whose posts are dealt to so many accounts beside the main one; no links.

    The race is decided after two posts of each.
    """
    race = {"trial_posts": 2, "trial_wait_h": 24, "keep": 1}
    structure = {f"structure.{key}": value for key, value in {"kind": kind, "subs": subs, **race}.items()}
    return {**WEEK, "links.layout": "none", "accounts": PLANNED, **structure}
