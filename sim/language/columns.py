"""Columns of a run's tables and keys of its summary: where each stands, its unit and what it means.

Of a quantity the vocabulary says what it is; here stands what is more. docs/reference/files.md is written
from it.
"""

from typing import NamedTuple

from sim.language.vocabulary import LINK_ORIGINS


class Row(NamedTuple):
    """Columns, or keys, that are told together."""

    keys: tuple[str, ...]
    tables: tuple[str, ...] = ()
    """that have them; none of a summary's key"""
    unit: str = ""
    """where the vocabulary has none"""
    meaning: str = ""
    """beside what the vocabulary says"""


BY_PLACE, BY_POST, DECIDED = ("hourly", "videos", "accounts"), ("videos", "promotions"), ("promotions",)
VIDEOS, ACCOUNTS, FLOWS = ("videos",), ("accounts",), ("flows",)

TABLES = (
    *(
        Row((count,), (*BY_PLACE, "promotions"))
        for count in ("impressions", "completions", "likes", "comments", "shares", "follows")
    ),
    Row(("visits",), BY_PLACE),
    Row(("orders",), BY_PLACE),
    Row(("hour",), ("hourly", "promotions"), "h", "since the start of the run, from 0"),
    Row(
        ("account",), (*BY_PLACE, "promotions"), "", "id of the account that counts, posts or is judged"
    ),
    Row(("origin",), ("hourly",), "", "see below"),
    Row(
        ("planned_by", "post_number"), BY_POST, "",
        "which video: whose plan it comes from (the account structure decides who posts it), and the how "
        "many-th "
        "of that plan, from 0",
    ),
    Row(("published_hour",), VIDEOS, "h", "when, since the start of the run"),
    Row(
        ("pool",), BY_POST, "",
        "the pool it has come to, or was judged in, from 1; under `score`, which has none, always 1",
    ),
    Row(("stop_reason",), VIDEOS, "", "`running`, or the last reason of `promotions`"),
    Row(("still_shown",), VIDEOS, "", "1 while it is in a pool, flows or trickles, else 0"),
    Row(("outside_impressions",), VIDEOS),
    Row(
        ("completion_rate", "like_rate", "comment_rate", "share_rate", "follow_rate", "visit_rate"), VIDEOS,
        "share", "the counts over impressions; null where there are none",
    ),
    Row(
        ("follow_rate",), DECIDED, "share",
        "the follow rate that the decision was taken on: follows over the impressions of those who could "
        "follow "
        "(`platform.follow_rate_of`), the fans' part of the first pool left out; null without any",
    ),
    Row(
        ("role", "tier"), ACCOUNTS, "", "`main`, `sub` or `creator`; of creators, `star` to `amateur`"
    ),
    Row(("posts",), ACCOUNTS, "count", "published so far under its name"),
    Row(("fans_start", "fans_end"), ACCOUNTS, "people", "fans inside the audience"),
    Row(("reach",), ACCOUNTS, "", "Of this account alone."),
    Row(("unfollows",), ACCOUNTS),
    Row(
        ("luck_dex",), ACCOUNTS, "dex",
        "log10 of the luck that the account drew, a factor on its posts' first exposure; 0 where it drew "
        "none",
    ),
    Row(
        ("link_actions", "cost_cny"), ACCOUNTS, "count, CNY",
        "what the links ask of it: follows, likes, mentions, reposts and so on; what they, the account "
        "itself, its planned posts and its boosts cost",
    ),
    Row(
        ("from", "to", "channel"), FLOWS, "",
        "the link, and its channel: " + ", ".join(f"`{channel}`" for channel in LINK_ORIGINS),
    ),
    Row(("visits", "impressions", "follows"), FLOWS, "count", "what came over it"),
    Row(
        ("score", "threshold"), DECIDED, "",
        "of the video, and the mark it is held against; under `score` the predicted value, and the level "
        "that "
        "competes at its reach",
    ),
    Row(
        ("decision", "reason"), DECIDED, "",
        "`promote`, `stop`, `revive` or `hold` (shown on, where there are no pools); `score above mark`, "
        "`score below mark`, `audience exhausted`, `top of the ladder`, `late revival`, `no response`, "
        "`less than one impression a day`, `past the age limit`",
    ),
)  # fmt: skip
"""Columns of the five tables that the digest covers."""

SUMMARY = (
    Row(("impressions",), meaning="Inside the audience."),
    Row(("outside_impressions",)),
    Row(("reach",)),
    *(
        Row((count,))
        for count in (
            "completions", "likes", "comments", "shares", "follows", "unfollows", "visits", "orders"
        )
    ),
    Row(
        ("account_luck",), unit="ratio",
        meaning="mean luck factor over the posts of the brand's accounts; 1 is to be expected",
    ),
    Row(("new_fans",)),
    Row(
        ("order_scale",), unit="ratio",
        meaning="factor on `order_probability` and `repeat_probability` at which the brand's own accounts as "
        "written meet `brand.gpm_cny`; 1 where that is 0",
    ),
    Row(("gmv_cny",)),
    Row(("cost_cny",)),
    Row(("profit_cny",), meaning="A new fan is worth `brand.fan_value_cny`, each of `new_fans`."),
    Row(("roi",), meaning="Null at no cost."),
    Row(("hit_videos",)),
    Row(
        ("hit_mark",),
        meaning='With `platform.hit = "p99"` above the 99th percentile of the category\'s videos at an age '
        'of '
        "72 h, and null where no video is so old; else that many impressions, at any age. Paid ones never "
        "count.",
    ),
    Row(("hit_rate",), meaning="Null where there are none."),
    Row(
        ("breakout_videos",),
        meaning="All at the age of 72 h; of accounts with at least 5 such videos.",
    ),
    Row(("matrix_gain",), meaning="The same accounts and seed; null unless asked for."),
    Row(("users", "hours", "seed", "engine", "seconds", "impressions_per_second"), meaning="the run"),
    Row(("digest",), meaning="see below"),
    Row(
        ("warnings",),
        meaning="what a reader has to be told: each `code`, `variant` (null), `text_zh`, `text_en`; "
        "`budget_unspent` of a boost, `gpm_unmet` where orders cannot come to `brand.gpm_cny`, `never_hot` "
        "where "
        "topic heat is on and no topic became hot, `race_undecided` where a race was not decided before "
        "the end",
    ),
)  # fmt: skip
"""Keys of summary.json."""
