"""The scenario: every key a user can set, with its default, unit, source and limits.

Takes plain dictionaries (from TOML or Python); gives validated, frozen objects. Does not
find lines or word errors (source.py), expand layouts (layouts.py) or creators (seeding.py), or
hold rules.
Sources are named briefly; docs/reference/parameters.md lists them in full.
"""

import math
import os
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.scenario import overlay, shipped, source
from sim.scenario.apportionment import creator_counts, creator_id
from sim.scenario.parameter import parameter

LAYOUTS = ("none", "single", "star", "ring", "chain", "tree", "mesh", "custom")
CHANNELS = ("follow", "like", "mention")
TierName = Literal["star", "famous", "head", "waist", "junior", "amateur"]
TIERS: tuple[TierName, ...] = ("star", "famous", "head", "waist", "junior", "amateur")
MOST_CREATORS = 10_000  # accounts are Mesa agents, in thousands
MOST_PEOPLE = 10**12  # so that no count leaves 64 bits
MOST_HOURS = 10_000
IngredientName = Literal["novelty", "counter_intuition", "plain_words", "resonance", "hot_topic"]
INGREDIENTS: tuple[IngredientName, ...] = (
    "novelty", "counter_intuition", "plain_words", "resonance", "hot_topic")
SHARES_TOLERANCE = 0.01  # shares written with two digits rarely sum to 1 exactly
KUAIRAND = "KuaiRand-Pure, Gao et al. CIKM 2022"

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class Section(BaseModel):
    """A table of the scenario file: unknown keys are errors, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _one_topic() -> dict[str, float]:
    return {"general": 1.0}


class Audience(Section):
    """Who can be reached, and how much attention they have."""

    users: int = parameter(
        1_000_000, "People simulated, one to one; fewer users is another world.", unit="users",
        ge=100, le=100_000_000,
    )
    topics: dict[Name, Share] = parameter(
        _one_topic, "Share of people whose main interest is each topic; sums to 1.",
        min_length=1, max_length=16,
    )
    daily_impressions: float = parameter(
        66.5, "Videos a person is shown on an average day.", unit="impressions/user/day",
        status="measured", source="KuaiRec mean 66.5 videos per user-day (a floor)", gt=0, le=2000,
    )
    category_share: Share = parameter(
        0.05, "Share of the feed slots that the brand's category can win.",
        status="assumed", source="assumed", span=(0.01, 0.2),
    )
    fatigue_per_exposure: Share = parameter(
        0.08, "Loss of response with each further exposure to the brand on one day.",
        status="assumed", source="assumed (frequency curve)", span=(0.0, 0.25),
    )

    @model_validator(mode="after")
    def _topics_sum(self) -> Self:
        total = math.fsum(self.topics.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            raise ValueError(f"topics: the shares must sum to 1 (±0.01), they sum to {total:.4g}")
        return self


class Weights(Section):
    """What each of the five rates counts for in the promotion score."""

    completion: float = parameter(0.40, "Weight of the completion rate.", status="assumed",
        source="order completion > like, comment, share > follow is operators' belief; sizes assumed",
        span=(0.2, 0.7), ge=0, le=1)
    like: float = parameter(0.20, "Weight of the like rate.", status="assumed",
        source="as completion", span=(0.05, 0.4), ge=0, le=1)
    comment: float = parameter(0.15, "Weight of the comment rate.", status="assumed",
        source="as completion", span=(0.05, 0.3), ge=0, le=1)
    share: float = parameter(0.15, "Weight of the share rate.", status="assumed",
        source="as completion", span=(0.05, 0.3), ge=0, le=1)
    follow: float = parameter(0.10, "Weight of the follow rate.", status="assumed",
        source="as completion", span=(0.02, 0.3), ge=0, le=1)

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if self.completion + self.like + self.comment + self.share + self.follow <= 0:
            raise ValueError("completion: at least one of the five weights must be above 0")
        return self


class Platform(Section):
    """The recommendation ladder (P1-P4, P8)."""

    preset: Literal["douyin"] = parameter("douyin", "The platform whose defaults are used.")
    model: Literal["pools"] = parameter("pools", "Who decides on impressions: the tiered ladder.")
    pools: tuple[int, ...] = parameter(
        (350, 3_000, 13_500, 125_000, 600_000, 2_500_000, 9_000_000, 30_000_000),
        "Impressions that each pool of the ladder grants.", unit="impressions",
        status="assumed", source="operators' eight-tier ladder, midpoints; not published by Douyin",
        min_length=1, max_length=20,
    )
    pass_share: tuple[Share, ...] = parameter(
        (0.40, 0.35, 0.30, 0.25, 0.20, 0.15, 0.15, 0.15),
        "Share of the category's videos in a pool that are promoted out of it; sets the pass mark.",
        status="assumed", source="measured tail exponent 1.3 needs about 0.14 at the top",
        span=(0.1, 0.6), min_length=1, max_length=20,
    )
    weights: Weights = parameter(Weights, "Weights of the five rates in the score.")
    pool_noise: float = parameter(
        0.5, "Spread of a pool's size between videos (sd of the natural log).",
        status="assumed", source="hard pools would leave steps that real view counts lack",
        span=(0.2, 0.8), ge=0, le=2,
    )
    competition_noise: float = parameter(
        0.35, "Spread of the pass mark with the competing supply of the hour (sd of the log).",
        status="assumed", source="content explains less than half of the variance (Martin et al. 2016)",
        span=(0.1, 0.6), ge=0, le=2,
    )
    margin_gain: float = parameter(
        0.8, "How fast the next pool opens as a video passes by more than the mark.",
        status="assumed", source="assumed (growth rises with the margin)", span=(0.2, 2.0), ge=0, le=10,
    )
    pace_h: tuple[int, ...] = parameter(
        (3, 5, 8, 12, 18, 24, 36, 48), "Hours over which each pool is delivered at mean activity.",
        unit="h", status="assumed", source="folk first window 1-4 h; 38 % of views by 48 h (Trendpop)",
        span=(1, 96), min_length=1, max_length=20,
    )
    freshness_half_life_h: float = parameter(
        72.0, "Age at which a pool grants half of what it grants a new video.", unit="h",
        status="assumed", source="view accrual 32 % in 24 h, 55 % by day 7 (Trendpop)",
        span=(24, 240), gt=0, le=10_000,
    )
    trickle: float = parameter(
        0.6, "Late views per e-fold of age, as a share of the views when promotion stopped.",
        status="measured", source="growth pairs: x1.78 in 11 days below 3 days of age, x1.13 at 7-14",
        span=(0.3, 0.9), ge=0, le=5,
    )
    revival_probability: Share = parameter(
        0.0, "Chance a day that a stopped video is tried once more in its last pool (late revival).",
        status="assumed", source="assumed; off by default", span=(0.0, 0.02),
    )
    targeting: float = parameter(
        6.0, "How much more a video is shown to people whose main interest it fits.",
        status="assumed", source="personalisation lifts valid play x2.15 and long view x3.9 (KuaiRand)",
        span=(1, 20), ge=0, le=100,
    )
    first_pool_fan_power: float = parameter(
        0.5, "Power with which the first pool grows with the fans of the account.",
        status="measured", source="views grow with fans to the power 0.4-0.6 (TikTok search sample)",
        span=(0.3, 0.7), ge=0, le=1,
    )
    fan_share: Share = parameter(
        0.3, "Share of the first pool that goes to the account's fans (the rest to strangers).",
        status="assumed", source="assumed", span=(0.1, 0.6),
    )
    fan_window_h: int = parameter(
        6, "Hours over which the fans' part of the first pool is shown.", unit="h",
        status="assumed", source="assumed", span=(2, 24), ge=1, le=72,
    )
    hit_impressions: int = parameter(
        10_000, "Impressions from which a video counts as a hit.", unit="impressions", ge=1, le=MOST_PEOPLE,
    )

    @model_validator(mode="after")
    def _ladder(self) -> Self:
        if any(b <= a for a, b in zip((0, *self.pools), self.pools, strict=False)):
            raise ValueError("pools: sizes must be above 0 and rise from one pool to the next")
        if self.pools[-1] > MOST_PEOPLE:
            raise ValueError(f"pools: no size may pass {MOST_PEOPLE:,}")
        if any(not 1 <= h <= MOST_HOURS for h in self.pace_h):
            raise ValueError(f"pace_h: every entry must lie between 1 and {MOST_HOURS:,} hours")
        if any(not 0 < p < 1 for p in self.pass_share):
            raise ValueError("pass_share: every share must lie strictly between 0 and 1")
        return self


class Rates(Section):
    """Median rates over the category's videos, an impression being the base."""

    completion: Share = parameter(0.116, "Watched to the end.", unit="per impression",
        status="measured", source=f"{KUAIRAND}: 16.7 % pooled / exp(sd²/2)", span=(0.08, 0.2))
    like: Share = parameter(0.0135, "Liked.", unit="per impression", status="measured",
        source=f"{KUAIRAND}: 1.94 % pooled / exp(sd²/2)", span=(0.008, 0.04))
    comment: Share = parameter(0.00137, "Commented.", unit="per impression", status="measured",
        source=f"{KUAIRAND}: 0.29 % pooled / exp(sd²/2)", span=(0.0008, 0.003))
    share: Share = parameter(0.0004, "Shared.", unit="per impression", status="measured",
        source=f"{KUAIRAND}: 0.099 % pooled / exp(sd²/2)", span=(0.0002, 0.003))
    follow: Share = parameter(0.00084, "Followed straight from the feed.", unit="per impression",
        status="measured", source=f"{KUAIRAND}: 0.139 % pooled / exp(sd²/2)", span=(0.0005, 0.003))
    visit: Share = parameter(0.0147, "Opened the home page.", unit="per impression",
        status="measured", source=f"{KUAIRAND}: 2.11 % pooled / exp(sd²/2)", span=(0.01, 0.1))


class Spread(Section):
    """Spread of the rates over the videos of one account (sd of log10)."""

    completion: float = parameter(0.26, "Completion axis.", unit="dex", status="measured",
        source=f"{KUAIRAND}: 0.37 over all videos, about half of it between accounts",
        span=(0.15, 0.37), ge=0, le=1)
    like: float = parameter(0.26, "Like rate.", unit="dex", status="measured",
        source="as completion (0.37 over all videos)", span=(0.15, 0.37), ge=0, le=1)
    comment: float = parameter(0.37, "Comment rate.", unit="dex", status="measured",
        source="as completion (0.53 over all videos)", span=(0.2, 0.53), ge=0, le=1)
    share: float = parameter(0.41, "Share rate.", unit="dex", status="measured",
        source="as completion (0.58 over all videos)", span=(0.2, 0.59), ge=0, le=1)
    follow: float = parameter(0.31, "Follow rate.", unit="dex", status="measured",
        source="as completion (0.43 over all videos)", span=(0.2, 0.43), ge=0, le=1)
    visit: float = parameter(0.26, "Home-page visit rate.", unit="dex", status="assumed",
        source="assumed as the like rate", span=(0.15, 0.37), ge=0, le=1)
    engagement_correlation: Share = parameter(
        0.56, "Correlation of the like, comment, share, follow rates over videos.",
        status="measured", source=f"{KUAIRAND}: rank correlations 0.50-0.67", span=(0.4, 0.7))


class Content(Section):
    """How videos differ and how people respond (P2, P7)."""

    rates: Rates = parameter(Rates, "Median rates of the category.")
    spread: Spread = parameter(Spread, "Spread of the rates over one account's videos.")
    completion_boost: float = parameter(
        3.2, "How much more a viewer who finished engages than one who did not.",
        status="measured", source=f"{KUAIRAND}: like 4.40 vs 1.39 % (comment x5, share x3.4, follow x3)",
        span=(2.5, 5), ge=1, le=20,
    )
    affinity_gain: float = parameter(
        1.5, "How much the rates rise from no to full match of interest.",
        status="assumed", source="assumed; targeted traffic shows x2-4 (KuaiRand random vs standard log)",
        span=(0.5, 4), ge=0, le=20,
    )
    ingredient_gain: float = parameter(
        0.25, "Largest gain that one ingredient at full strength brings to its rates.",
        status="assumed", source="assumed (operators' content formula)", span=(0.0, 0.6), ge=0, le=5,
    )


class Sharing(Section):
    """Sharing to friends (U1)."""

    friends: int = parameter(
        16, "Median number of mutual friends.", unit="users", status="measured",
        source=f"{KUAIRAND}: median 16 mutual friends", span=(8, 40), ge=0, le=48)
    open_probability: Share = parameter(
        0.1, "Chance that a friend opens a shared video.", status="assumed",
        source="assumed; with 16 friends and 0.1 % shares the branching number is 0.0016-0.1",
        span=(0.02, 0.5))
    delay_h: int = parameter(1, "Hours until the friend sees it.", unit="h", status="assumed",
        source="half of the reshares come within the hour (Weibo cascades)", span=(1, 3), ge=1, le=24)


class Brand(Section):
    """The focal brand: what it sells and how people move towards buying (K3, E1)."""

    price_cny: float = parameter(99.0, "Price of one order.", unit="CNY", ge=0, le=1e7)
    margin_share: Share = parameter(0.5, "Share of the price that is margin.")
    aware_probability: Share = parameter(
        0.25, "Chance that one impression makes an unaware person aware.", status="assumed",
        source="assumed", span=(0.05, 0.6))
    interest_probability: Share = parameter(
        0.02, "Chance that an impression makes an aware person interested.", status="assumed",
        source="assumed", span=(0.005, 0.08))
    order_probability: Share = parameter(
        0.004, "Chance that an impression leads an interested person to a first order.",
        status="assumed", source="assumed; link to purchase 0.5-3 % in trade press", span=(0.001, 0.03))
    repeat_probability: Share = parameter(
        0.002, "Chance that an impression leads a customer to order again.", status="assumed",
        source="assumed", span=(0.0005, 0.01))
    trust_gain: float = parameter(
        0.05, "Trust gained from one finished video of a source with trust 1.", status="assumed",
        source="assumed", span=(0.01, 0.2), ge=0, le=1)
    trust_lift: float = parameter(
        2.0, "How much full trust multiplies interest and orders, less one.", status="assumed",
        source="nano creators return x5.4 per follower (Beichert et al. 2024)", span=(0.5, 5), ge=0, le=20)
    trust_half_life_days: float = parameter(
        14.0, "Days after which trust has halved without a touch.", unit="days", status="assumed",
        source="assumed", span=(5, 60), gt=0, le=1000)


class Account(Section):
    """One account of the brand's matrix (M1)."""

    id: Name = parameter(..., "Its name; any text.")
    role: Literal["main", "sub", "creator"] = parameter("sub", "Main account, sub-account or creator.")
    tier: Literal["star", "famous", "head", "waist", "junior", "amateur"] | None = parameter(
        None, "Tier of a creator; sets price, trust and awareness.")
    fans: Count = parameter(0, "Fans at the start, over the whole platform for a creator.", unit="users")
    topics: dict[Name, Share] | None = parameter(
        None, "Mix of topics it posts about; left out, the audience's mix.", max_length=16)
    posts_per_day: float = parameter(1.0, "Videos a day.", unit="posts/day", ge=0, le=24)
    quality: float = parameter(
        1.0, "Multiplies the category's median rates on both axes.", gt=0, le=20)
    weight: float = parameter(
        1.0, "Natural weight of the account: multiplies the first pool.", gt=0, le=20)
    verified: bool = parameter(False, "Carries the verification badge.")
    length_s: float = parameter(30.0, "Length of its videos.", unit="s", gt=0, le=3600)
    opening: float = parameter(
        1.0, "Strength of the opening seconds: multiplies completion.", gt=0, le=5)
    ingredients: dict[IngredientName, Share] = parameter(
        dict, "Strength 0-1 of each ingredient of the content formula.")
    cost_per_post_cny: float = parameter(
        300.0, "What one video costs to make.", unit="CNY", status="assumed", source="assumed",
        span=(50, 5000), ge=0, le=1e7)

    @model_validator(mode="after")
    def _tier_of_creator(self) -> Self:
        if (self.role == "creator") != (self.tier is not None):
            raise ValueError("tier: a creator needs a tier, and only a creator has one")
        if self.topics is not None and abs(math.fsum(self.topics.values()) - 1) > SHARES_TOLERANCE:
            raise ValueError("topics: the shares must sum to 1 (±0.01)")
        return self


class Links(Section):
    """Follow, like and @ links between the brand's accounts (M4-M6)."""

    layout: Literal["none", "single", "star", "ring", "chain", "tree", "mesh", "custom"] = parameter(
        "star", "How the accounts are linked.")
    channels: tuple[Literal["follow", "like", "mention"], ...] = parameter(
        CHANNELS, "Kinds of link that each edge of the layout has.")
    density: Share = parameter(1.0, "Share of the mesh that is kept, by hashed rank.")
    edges: tuple[tuple[Name, Name, Literal["follow", "like", "mention"]], ...] = parameter(
        (), "Custom links: from, to, channel.")
    following_list_probability: Share = parameter(
        0.05, "Chance that a visitor opens the following list of the home page.", status="assumed",
        source="assumed; profile, following and other give about 4 % of TikTok views", span=(0.005, 0.2))
    liked_list_probability: Share = parameter(
        0.05, "Chance that a visitor opens the liked list of the home page.", status="assumed",
        source="assumed, as the following list", span=(0.005, 0.2))
    list_decay: float = parameter(
        0.85, "How much less an entry is picked than the one above it.", status="assumed",
        source="assumed (position bias)", span=(0.6, 0.98), gt=0, le=1)
    liked_list_length: int = parameter(
        20, "Newest liked videos that a visitor scrolls through.", unit="videos", status="assumed",
        source="assumed", span=(5, 40), ge=1, le=64)
    mention_probability: Share = parameter(
        0.003, "Chance that a viewer follows an @ in the caption.", unit="per impression",
        status="assumed", source="assumed; no measurement found", span=(0.0003, 0.02))
    mentions_per_caption: int = parameter(
        2, "Accounts that one caption names, rotated by post number.", unit="accounts", ge=1, le=8)
    visit_follow_probability: Share = parameter(
        0.02, "Chance that a home-page visitor follows.", unit="per visit", status="measured",
        source=f"{KUAIRAND}: 2.1 % (89 of 4,231)", span=(0.01, 0.05))
    verified_lift: float = parameter(
        1.2, "How much verification multiplies follows on the home page.", status="assumed",
        source="assumed", span=(1.0, 2.0), ge=1, le=10)
    unfollow_probability: Share = parameter(
        0.13, "Share of new follows that are taken back.", status="measured",
        source=f"{KUAIRAND}: unfollows / follows 13 %", span=(0.1, 0.2))
    unfollow_after_h: int = parameter(
        72, "Mean hours until a follow is taken back.", unit="h", status="assumed", source="assumed",
        span=(12, 336), ge=1, le=2000)
    cost_per_link_action_cny: float = parameter(
        1.0, "Cost of one follow, like or @ (labour).", unit="CNY", status="assumed", source="assumed",
        span=(0, 10), ge=0, le=1e5)

    @model_validator(mode="after")
    def _edges_and_lists(self) -> Self:
        if self.edges and self.layout != "custom":
            raise ValueError("edges: only layout = 'custom' may list edges")
        if self.following_list_probability + self.liked_list_probability > 1:
            raise ValueError("liked_list_probability: with following_list_probability it passes 1")
        return self


class Tier(Section):
    """What one tier of creators is like (K1)."""

    fans: Count = parameter(..., "Fans over the whole platform.", unit="users")
    audience_fit: Share = parameter(..., "Share of the fans inside the audience.")
    price_cny: float = parameter(..., "Price of one post.", unit="CNY", ge=0, le=1e9)
    trust: float = parameter(..., "Trust that the source carries (1: a sub-account).", ge=0, le=10)
    awareness: float = parameter(..., "How well it makes people aware (1: a sub-account).", ge=0, le=10)
    quality: float = parameter(1.0, "Multiplies the category's median rates.", gt=0, le=20)


def _tiers() -> dict[str, Tier]:
    rows = {  # fans, fit, price, trust, awareness, quality
        "star": (10_000_000, 0.005, 300_000, 0.6, 1.6, 0.9),
        "famous": (3_000_000, 0.01, 120_000, 0.8, 1.4, 0.95),
        "head": (1_000_000, 0.02, 50_000, 0.9, 1.3, 1.0),
        "waist": (200_000, 0.03, 12_000, 1.0, 1.1, 1.0),
        "junior": (20_000, 0.05, 1_000, 1.4, 1.0, 1.05),
        "amateur": (1_000, 0.1, 200, 1.6, 0.8, 1.1),
    }
    return {
        tier: Tier(fans=fans, audience_fit=fit, price_cny=cny, trust=trust, awareness=aware, quality=quality)
        for tier, (fans, fit, cny, trust, aware, quality) in rows.items()
    }


class Seeding(Section):
    """Creators who make one post each that @-mentions the main account (K1, K2)."""

    ratio: tuple[Count, ...] = parameter(
        (), "Creators by tier, from star to amateur; empty for none.", max_length=6)
    scale: float = parameter(1.0, "Multiplies the ratio.", ge=0, le=10_000)
    budget_cny: float | None = parameter(
        None, "Money for creators; it wins over the scale.", unit="CNY", ge=0, le=1e12)
    window_h: int = parameter(
        168, "Hours over which the creators' posts are spread.", unit="h", ge=1, le=10_000)
    topic: Name | None = parameter(None, "Topic of the posts; left out, the main account's mix.")
    tiers: dict[Literal["star", "famous", "head", "waist", "junior", "amateur"], Tier] = parameter(
        _tiers, "Table of tiers.", status="assumed",
        source="fans after Kasi and RED bands, prices within Xingtu's public bands, the rest assumed")

    @field_validator("tiers", mode="before")
    @classmethod
    def _complete_tiers(cls, given: object) -> object:
        """The table with every tier and key that is left out taken from the defaults."""
        if not isinstance(given, Mapping):
            return given
        rows = {tier: row.model_dump() for tier, row in _tiers().items()}
        for tier, row in given.items():
            rows[tier] = {**rows.get(tier, {}), **row} if isinstance(row, Mapping) else row
        return rows

    @model_validator(mode="after")
    def _six_tiers(self) -> Self:
        if self.ratio and len(self.ratio) != len(TIERS):
            raise ValueError(f"ratio: needs {len(TIERS)} numbers ({', '.join(TIERS)}), got {len(self.ratio)}")
        if (total := sum(self.counts)) > MOST_CREATORS:
            key = "scale" if self.budget_cny is None else "budget_cny"
            raise ValueError(f"{key}: asks for {total:,} creators; allowed: at most {MOST_CREATORS:,} in all")
        return self

    @property
    def counts(self) -> tuple[int, ...]:
        """Creators of each tier after scale or budget, from star to amateur; empty without a ratio."""
        if not self.ratio:
            return ()
        prices = [self.tiers[tier].price_cny for tier in TIERS]
        return creator_counts(self.ratio, prices, self.scale, self.budget_cny)


class RunSettings(Section):
    """How long, from when, with which luck."""

    hours: int = parameter(168, "Hours simulated.", unit="h", ge=1, le=8760)
    start: str = parameter("Monday 00:00", "Weekday and hour at which the run begins (Beijing time).",
        pattern=r"^(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday) ([01]\d|2[0-3]):00$")
    seed: int = parameter(1, "Which luck; the same seed gives the same tables.", ge=0, lt=2**63)


def _accounts() -> tuple[Account, ...]:
    return (
        Account(id="main", role="main", fans=3000),
        Account(id="sub-1"), Account(id="sub-2"), Account(id="sub-3"),
    )


class Scenario(Section):
    """A complete scenario; `name` alone is valid.

    Example:
        >>> Scenario.loads('name = "mine"', settings=["links.layout=ring"]).links.layout
        'ring'
    """

    name: Name = parameter(..., "What this scenario is called.")
    audience: Audience = parameter(Audience, "The audience.")
    platform: Platform = parameter(Platform, "The platform.")
    content: Content = parameter(Content, "The content and how people respond.")
    sharing: Sharing = parameter(Sharing, "Sharing to friends.")
    brand: Brand = parameter(Brand, "The brand.")
    accounts: tuple[Account, ...] = parameter(
        _accounts, "The accounts of the matrix.", min_length=1, max_length=2000)
    links: Links = parameter(Links, "Links between the accounts.")
    seeding: Seeding = parameter(Seeding, "Creators paid to post.")
    run: RunSettings = parameter(RunSettings, "Length, start and luck of the run.")

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        counts = zip(TIERS, self.seeding.counts, strict=False)
        generated = {creator_id(tier, number + 1) for tier, count in counts for number in range(count)}
        ids: set[str] = set()
        for k, account in enumerate(self.accounts):
            if account.id in ids:
                raise ValueError(f"accounts.{k}.id: {account.id!r} is used twice")
            if account.id in generated:
                raise ValueError(f"accounts.{k}.id: {account.id!r} is the id of a creator of [seeding]")
            ids.add(account.id)
        mains = sum(account.role == "main" for account in self.accounts)
        if mains != 1:
            raise ValueError(f"accounts: exactly one account needs role = 'main', found {mains}")
        return self

    @model_validator(mode="after")
    def _topics_exist(self) -> Self:
        used = [(f"accounts.{k}.topics", t) for k, a in enumerate(self.accounts) for t in a.topics or ()]
        if self.seeding.topic is not None:
            used.append(("seeding.topic", self.seeding.topic))
        for key, topic in used:
            if topic not in self.audience.topics:
                words = ", ".join(self.audience.topics)
                raise ValueError(f"{key}: {topic!r} is not a topic of [audience]; allowed: {words}")
        return self

    @model_validator(mode="after")
    def _edges_join_brand_accounts(self) -> Self:
        brand = {account.id for account in self.accounts if account.role != "creator"}
        seen = set()
        for k, (start, end, channel) in enumerate(self.links.edges):
            key = f"links.edges.{k}"
            if missing := [name for name in (start, end) if name not in brand]:
                words = ", ".join(sorted(brand))
                raise ValueError(f"{key}: {missing[0]!r} is not a brand account; allowed: {words}")
            if start == end:
                raise ValueError(f"{key}: {start!r} cannot link to itself")
            if (start, end, channel) in seen:
                raise ValueError(f"{key}: this link is listed twice")
            seen.add((start, end, channel))
        return self

    @model_validator(mode="after")
    def _fans_fit(self) -> Self:
        tiers, users = self.seeding.tiers, self.audience.users
        fans = [(f"seeding.tiers.{tier}.audience_fit", tiers[tier].fans * tiers[tier].audience_fit)
                for tier, count in zip(TIERS, self.seeding.counts, strict=False) if count]
        for k, account in enumerate(self.accounts):
            fit = tiers[account.tier].audience_fit if account.tier else 1.0
            fans.append((f"accounts.{k}.fans", account.fans * fit))
        for key, inside in fans:
            if round(inside) > users:
                raise ValueError(f"{key}: {round(inside):,} fans inside the audience are more than "
                                 f"audience.users = {users:,}")
        return self

    @classmethod
    def load(cls, path: str | os.PathLike[str], settings: Sequence[str] = ()) -> Self:
        """The scenario in a file.

        Args:
            path: a TOML file, or the name of a shipped scenario such as `beauty_matrix`.
            settings: `key=value`, laid over the file.
        Raises:
            ScenarioError: the file, a key or a setting is wrong; every problem found is named.
        """
        found = shipped.resolve(path)
        return cls.loads(source.read(found), os.fspath(found), settings)

    @classmethod
    def loads(cls, text: str, file: str = "<text>", settings: Sequence[str] = ()) -> Self:
        """The scenario in a TOML text; `file` is its name in messages."""
        defaults = cls(name="default").model_dump()
        data, places = overlay.overlaid(source.parse(text, file), settings, defaults)
        return source.validated(cls, data, source.Origin(file, text, places))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The scenario in a dictionary; lists count as tuples."""
        return source.validated(cls, data, source.Origin())

    def with_values(self, values: Mapping[str, object]) -> Self:
        """A copy with dotted keys set, checked anew.

        Example:
            >>> Scenario(name="mine").with_values({"links.layout": "star"}).links.layout
            'star'
        """
        return self.from_dict(overlay.assigned(self.model_dump(), values))

    def to_toml(self) -> str:
        """The scenario as a TOML text with every key that has a value; reading it gives an equal one."""
        return tomlkit.dumps(_without_none(self.model_dump()))


def _without_none(value: Any) -> Any:
    """The value without the keys that are not set, for which TOML has no word."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, tuple) else value
