"""The mechanisms under contract: what each says of itself, from which its tests follow (test_contract.py).

A new mechanism adds one entry. Settings are those of tests.refresh.busy: dotted keys.
"""

import math

from sim.language.vocabulary import ORIGINS
from sim.rules.hooks import HOOKS
from tests.mechanisms.entry import Enrolled, counted, fewer, moved, of_plugins, over, spread

ENROLLED = (
    Enrolled(
        name="sharing",
        rows="U1",
        keys=("sharing.friends", "sharing.open_probability", "sharing.delay_h"),
        off={"sharing.open_probability": 0.0},
        on={"sharing.open_probability": 0.1},
        origins=("friends",),
        more={"sharing.open_probability": 0.4},
        raises=counted("impressions", "friends"),
        later={"sharing.delay_h": 12},
        starts_at=12,
        version_0=True,
    ),
    Enrolled(
        name="links",
        rows="M4 M5 M6",
        keys=(
            "links.layout", "links.density", "links.following_list_probability",
            "links.liked_list_probability", "links.list_decay", "links.liked_list_length",
            "links.mention_probability", "links.mentions_per_caption", "links.page_view_probability",
            "links.cost_per_link_action_cny",
        ),
        off={"links.layout": "none"},
        on={"links.layout": "mesh", "links.following_list_probability": 0.05},
        origins=("follow", "like", "mention"),
        more={"links.following_list_probability": 0.5},
        raises=counted("visits", "follow"),
        version_0=True,
    ),
    Enrolled(
        name="unfollows",
        rows="",
        keys=("links.unfollow_probability", "links.unfollow_after_h"),
        off={"links.unfollow_probability": 0.0},
        on={"links.unfollow_probability": 0.3},
        more={"links.unfollow_probability": 0.9},
        raises=lambda result: float(result.summary["unfollows"]),
        version_0=True,
    ),
    over(
        "repost",
        ("share", "fan_share", "delay_h", "window_h"),
        more={"links.repost_fan_share": 0.4},
        later={"links.repost_delay_h": 12},
        starts_at=12,
    ),
    over(
        "comment",
        ("share", "probability", "window_h"),
        {"links.comment_probability": 0.05},
        more={"links.comment_probability": 0.4},
        raises=counted("visits", "comment"),
    ),
    over(
        "topic",
        ("probability", "window_h"),
        {"links.topic_probability": 0.05},
        name="shared topic",
        more={"links.topic_probability": 0.4},
    ),
    over(
        "cocreation",
        ("share", "partners", "lift", "page_probability"),
        {"links.cocreation_share": 0.5},
        name="co-creation",
        rows="M13",
        more={"links.cocreation_share": 1.0},
    ),
    Enrolled(
        name="boosts",
        rows="A1",
        keys=(
            "paid.boosts.*.start_hour", "paid.boosts.*.hours", "paid.boosts.*.budget_cny",
            "paid.boosts.*.cpm_cny",
        ),
        off={"paid.boosts": ()},
        idle={"paid.boosts": ({"account": "一号", "post": "0"},)},
        on={"paid.boosts": ({"account": "一号", "post": "0", "budget_cny": 5.0},)},
        origins=("paid",),
        more={"paid.boosts.0.budget_cny": 15.0},
        raises=counted("impressions", "paid"),
        later={"paid.boosts.0.start_hour": 12},
        starts_at=12,
        costs=("boosts",),
    ),
    Enrolled(
        name="topic heat",
        rows="P9",
        keys=(
            "topics.heat", "topics.window_h", "topics.post_weight", "topics.threshold", "topics.lift",
            "topics.page_share",
        ),
        off={"topics.heat": False},
        on={"topics.heat": True, "topics.threshold": 40, "topics.page_share": 0.1},
        origins=("topic",),
        more={"topics.page_share": 0.4},
        raises=counted("impressions", "topic"),
    ),
    Enrolled(
        name="account luck",
        rows="M10",
        keys=("platform.account_luck_sd", "platform.account_heat_sd", "platform.account_heat_fade_d"),
        off={"platform.account_luck_sd": 0.0, "platform.account_heat_sd": 0.0},
        # Four accounts draw; at the end, what lies apart more is what they are shown.
        on={
            "accounts.0.fans": 0, "accounts.1.fans": 0, "accounts.2.fans": 0,
            "platform.account_luck_sd": 0.2, "platform.account_heat_sd": 0.1,
        },
        more={"platform.account_luck_sd": 1.0},
        raises=spread,
        by_default=True,
    ),
    Enrolled(
        name="account weight",
        rows="P5 M11",
        keys=tuple(f"account_weight.{key}" for key in ("gain", "fade_d", "limit", "mark_power", "evidence")),
        off={"account_weight.gain": 0.0},
        on={"account_weight.gain": 0.5},
        more={"account_weight.gain": 2.0},
        raises=moved,
        starts_at=24,
    ),
    Enrolled(
        name="campaign",
        rows="",  # it moves posts of the plan and has no hook
        keys=("campaign.on_time", "campaign.late_h", "campaign.cpm_cny"),
        off={"campaign.phases": ()},
        on={"campaign.phases": ({"name": "launch", "start_hour": 12, "hours": 30},)},
        more={"campaign.phases.0.hours": 3},
        raises=lambda result: -float(result.videos["published_hour"].max()),  # type: ignore[arg-type]
    ),
    Enrolled(
        name="enforcement",
        rows="X6",
        keys=tuple(
            f"enforcement.{key}"
            for key in ("hazard", "relation_weight", "similarity_weight", "synchrony_weight", "window_d",
                        "points", "won_back", "cut")
        ),
        off={"enforcement.hazard": 0.0},
        on={"enforcement.hazard": 100.0, "enforcement.points": 40.0, "enforcement.cut": 0.1},
        more={"enforcement.points": 100.0},
        raises=lambda result: -sum(result.summary["health"].values()),
        starts_at=24,
    ),
    Enrolled(
        name="crowding",
        rows="P13",
        keys=("platform.same_day_elasticity",),
        off={"platform.same_day_elasticity": 0.0},
        on={"platform.same_day_elasticity": -0.1},
        more={"platform.same_day_elasticity": -0.9},
        raises=fewer,
        by_default=True,
    ),
    Enrolled(
        name="same content",
        rows="P6",
        keys=("platform.same_content_factor", "platform.same_content_window_h"),
        off={"platform.same_content_factor": 1.0},
        on={**dict.fromkeys((f"accounts.{k}.material" for k in range(4)), "film"),
            "platform.same_content_factor": 0.9},
        more={"platform.same_content_factor": 0.1},
        raises=fewer,
        by_default=True,
    ),
    Enrolled(
        name="one brief",
        rows="P6",
        keys=("seeding.brief_similarity",),
        off={"seeding.brief_similarity": 0.0},
        on={"seeding.ratio": (0, 0, 0, 0, 6, 12), "seeding.window_h": 24, "seeding.brief_similarity": 0.05},
        more={"seeding.brief_similarity": 1.0},
        raises=fewer,
        costs=("creators",),
    ),
    Enrolled(
        name="offers across status",
        rows="",  # who is asked in vain never posts
        keys=("seeding.market.status_power",),
        off={"seeding.market.status_power": 0.0},
        on={"seeding.ratio": (0, 0, 0, 0, 6, 12), "seeding.window_h": 24,
            "seeding.market.status_power": 0.05},
        more={"seeding.market.status_power": 0.8},
        raises=lambda result: -float(result.accounts.filter(role="creator")["posts"].sum()),
        costs=("creators",),
    ),
    Enrolled(
        name="fans erased",
        rows="P6 X6",
        keys=("cleaning.share", "cleaning.interval_d", "cleaning.alike_from"),
        off={"cleaning.share": 0.0},
        on={"cleaning.share": 0.2, "cleaning.interval_d": 1, "cleaning.alike_from": 0.0},
        more={"cleaning.share": 1.0},
        raises=lambda result: math.log1p(result.summary["erased"]),
        starts_at=24,
    ),
    Enrolled(
        name="structure",
        rows="M15 M16",
        keys=(
            "structure.kind", "structure.subs", "structure.trial_posts", "structure.trial_wait_h",
            "structure.keep", "structure.judge", "structure.moved_share",
        ),
        off={"structure.kind": "written"},
        on={
            "structure.kind": "race", "structure.subs": 3, "structure.trial_posts": 1,
            "structure.trial_wait_h": 1, "structure.keep": 1, "structure.moved_share": 0.5,
        },
        more={"structure.moved_share": 1.0},
        raises=lambda result: float(result.accounts.filter(role="sub")["posts"].max()),  # type: ignore[arg-type]
    ),
    Enrolled(
        name="author scatter",
        rows="P12",
        keys=("platform.author_decay", "platform.author_floor"),
        off={"platform.author_decay": 1.0},
        # Fans of accounts with many posts a day miss some of them.
        on={
            **{f"accounts.{k}.{key}": n for k in (1, 2, 3) for key, n in
               (("posts_per_day", 24.0), ("fans", 1_500))},
            "platform.author_decay": 0.5,
        },
        more={"platform.author_decay": 0.0, "platform.author_floor": 0.0},
        raises=lambda result: -counted("impressions", "fans")(result),
        by_default=True,
    ),
    Enrolled(
        name="capacity",
        rows="",  # it moves posts of the plan; production books what they cost
        keys=tuple(
            f"production.{key}"
            for key in ("staff", "posts_per_person_day", "beyond", "ahead_d", "thin_power",
                        "overtime_cost_factor")
        ),
        off={"production.staff": 0.0},
        on={"production.staff": 8.0, "production.ahead_d": 1.0},
        more={"production.staff": 2.0},
        raises=lambda result: -float(result.accounts["posts"].sum()),
    ),
    Enrolled(
        name="hooks",
        rows="P11",
        keys=(
            *(f"hooks.{hook}" for hook in HOOKS), *(f"hooks.lift.{hook}" for hook in HOOKS),
            "hooks.left", "hooks.worn_out", "hooks.window_d",
        ),
        off={f"hooks.{hook}": 0.0 for hook in HOOKS},
        on={f"hooks.{hook}": 0.5 for hook in HOOKS},
        more={f"hooks.lift.{hook}": 3.0 for hook in HOOKS},
        raises=counted("likes", *ORIGINS),
    ),
    Enrolled(
        name="dilution",
        rows="P2",
        keys=tuple(
            f"dilution.{key}"
            for key in ("rates", "warm_factor", "warm_views", "comment_power", "comment_views")
        ),
        off={"dilution.rates": False},
        on={"dilution.rates": True},
        more={"dilution.warm_factor": 30.0, "dilution.warm_views": 300.0},
        raises=counted("likes", *ORIGINS),
        by_default=True,
    ),
    Enrolled(
        name="search and nearby",
        rows="P14",
        keys=("entrances.search_share", "entrances.search_wait_h", "entrances.nearby_share"),
        off={"entrances.search_share": 0.0, "entrances.nearby_share": 0.0},
        on={"entrances.search_share": 0.2, "entrances.search_wait_h": 6.0, "entrances.nearby_share": 0.1},
        origins=("search", "nearby"),
        more={"entrances.search_share": 0.8, "entrances.nearby_share": 0.4},
        raises=counted("impressions", "search", "nearby"),
    ),
    Enrolled(
        name="verification",
        rows="",  # it changes thresholds of the plan and has no hook
        keys=("brand.proof_share", "brand.proof_trust", "brand.badge_proof_share"),
        off={"brand.proof_share": 0.0},
        on={"brand.proof_share": 0.3},
        more={"brand.proof_share": 1.0, "brand.badge_proof_share": 0.0},
        raises=lambda result: -math.log1p(result.summary["orders"]),
    ),
    Enrolled(
        name="proof before a follow",
        rows="",  # it changes thresholds of home pages and has no hook
        keys=("brand.follow_proof_share",),
        off={"brand.follow_proof_share": 0.0},
        on={"brand.follow_proof_share": 0.3},
        more={"brand.follow_proof_share": 1.0, "brand.badge_proof_share": 0.0},
        raises=lambda result: -counted("follows", *ORIGINS)(result),
    ),
    Enrolled(
        name="incubation",
        rows="K5",
        keys=tuple(
            f"incubation.{key}"
            for key in ("share", "threshold", "most", "accounts", "posts", "every_h", "fans",
                        "cost_per_post_cny")
        ),
        off={"incubation.share": 0.0},
        on={"incubation.share": 0.1, "incubation.threshold": 1, "incubation.most": 100,
            "incubation.accounts": 2, "incubation.every_h": 3, "incubation.fans": 0,
            "seeding.tiers.amateur.fans": 1, "seeding.tiers.junior.fans": 2},  # so that tiers change
        more={"incubation.share": 1.0},
        raises=lambda result: math.log1p(result.summary["incubated_posts"]),
        costs=("creators",),
    ),
    Enrolled(
        name="market of creators",
        rows="K7",
        keys=(
            "seeding.market.price_spread_dex", "seeding.market.price_limit_factor",
            "seeding.market.pull_spread_dex", "seeding.market.pull_price_correlation",
            "seeding.market.estimate_noise_dex", "seeding.market.draw", "seeding.market.handling_cny",
            "seeding.market.no_show_share", "seeding.market.commercial_factor",
            "seeding.market.commercial_like_factor",
        ),
        off={
            "seeding.market.price_spread_dex": 0.0, "seeding.market.price_limit_factor": 0.0,
            "seeding.market.pull_spread_dex": 0.0, "seeding.market.handling_cny": 0.0,
            "seeding.market.no_show_share": 0.0, "seeding.market.commercial_factor": 1.0,
            "seeding.market.commercial_like_factor": 1.0,
        },
        on={"seeding.ratio": (0, 0, 0, 0, 6, 12), "seeding.window_h": 24},
        more={"seeding.market.commercial_factor": 4.0},
        raises=counted("impressions", "recommend"),
        costs=("creators",),
        by_default=True,
    ),
    Enrolled(
        name="repetition",
        rows="P2",
        keys=("audience.put_off_share", "audience.put_off_per_exposure"),
        off={"audience.put_off_share": 0.0},
        on={"audience.put_off_share": 0.24},
        more={"audience.put_off_share": 0.9, "audience.put_off_per_exposure": 1.0},
        raises=lambda result: -counted("completions", *ORIGINS)(result),
        by_default=True,
    ),
    *of_plugins(),
)  # fmt: skip

BOOKED = {"M14", "K2", "E1"}
"""Rows whose mechanisms only book money: they offer nothing and change nobody (tests/hour/test_ledger.py)."""
