"""The keys of the people: who they are, how they respond to videos, share them and come to buy.

Takes plain values; gives the frozen sections audience, content, sharing and brand. Holds no rules.
Sources are named briefly; docs/reference/parameters.md lists them in full.
"""

import math
from typing import Self

from pydantic import model_validator

from sim.scenario.parameter import parameter
from sim.scenario.section import KUAIRAND, SHARES_TOLERANCE, Name, Section, Share


def _one_topic() -> dict[str, float]:
    return {"general": 1.0}


class Audience(Section):
    """Who can be reached, and how much attention they have."""

    users: int = parameter(
        1_000_000,
        "People simulated, one to one; fewer users is another world.",
        unit="users",
        ge=100,
        le=100_000_000,
    )
    platform_people: int = parameter(
        700_000_000,
        "People of the whole platform, among whom creators' fans are.",
        unit="users",
        status="published",
        source="Douyin, about 700 million people a month",
        span=(500_000_000, 800_000_000),
        ge=100,
        le=10_000_000_000,
    )
    topics: dict[Name, Share] = parameter(
        _one_topic,
        "Share of people whose main interest is each topic; sums to 1.",
        min_length=1,
        max_length=16,
    )
    daily_impressions: float = parameter(
        66.5,
        "Videos a person is shown on an average day.",
        unit="impressions/user/day",
        status="measured",
        source="KuaiRec mean 66.5 videos per user-day (a floor)",
        gt=0,
        le=2000,
    )
    category_share: Share = parameter(
        0.05,
        "Share of the feed slots that the brand's category can win.",
        status="assumed",
        source="assumed",
        span=(0.01, 0.2),
    )
    fatigue_per_exposure: Share = parameter(
        0.08,
        "Loss of response with each further exposure to the brand on one day.",
        status="assumed",
        source="assumed (frequency curve)",
        span=(0.0, 0.25),
    )

    @model_validator(mode="after")
    def _topics_sum(self) -> Self:
        total = math.fsum(self.topics.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            raise ValueError(f"topics: the shares must sum to 1 (±0.01), they sum to {total:.4g}")
        return self


class Rates(Section):
    """Median rates over the category's videos, an impression being the base."""

    completion: Share = parameter(
        0.116,
        "Watched to the end.",
        unit="per impression",
        status="measured",
        source=f"{KUAIRAND}: 16.7 % pooled / exp(sd²/2)",
        span=(0.08, 0.2),
    )
    like: Share = parameter(
        0.0135,
        "Liked.",
        unit="per impression",
        status="measured",
        source=f"{KUAIRAND}: 1.94 % pooled / exp(sd²/2)",
        span=(0.008, 0.04),
    )
    comment: Share = parameter(
        0.00137,
        "Commented.",
        unit="per impression",
        status="measured",
        source=f"{KUAIRAND}: 0.29 % pooled / exp(sd²/2)",
        span=(0.0008, 0.003),
    )
    share: Share = parameter(
        0.0004,
        "Shared.",
        unit="per impression",
        status="measured",
        source=f"{KUAIRAND}: 0.099 % pooled / exp(sd²/2)",
        span=(0.0002, 0.003),
    )
    follow: Share = parameter(
        0.00084,
        "Followed straight from the feed.",
        unit="per impression",
        status="measured",
        source=f"{KUAIRAND}: 0.139 % pooled / exp(sd²/2)",
        span=(0.0005, 0.003),
    )
    visit: Share = parameter(
        0.0147,
        "Opened the home page.",
        unit="per impression",
        status="measured",
        source=f"{KUAIRAND}: 2.11 % pooled / exp(sd²/2)",
        span=(0.01, 0.1),
    )


class Spread(Section):
    """Spread of the rates over the videos of the category (sd of log10)."""

    completion: float = parameter(
        0.37,
        "Completion axis.",
        unit="dex",
        status="measured",
        source=f"{KUAIRAND}, 7,583 videos",
        span=(0.3, 0.4),
        ge=0,
        le=1,
    )
    like: float = parameter(
        0.37,
        "Like rate.",
        unit="dex",
        status="measured",
        source=f"{KUAIRAND}, 7,583 videos",
        span=(0.3, 0.4),
        ge=0,
        le=1,
    )
    comment: float = parameter(
        0.53,
        "Comment rate.",
        unit="dex",
        status="measured",
        source=f"{KUAIRAND}, 7,583 videos",
        span=(0.45, 0.6),
        ge=0,
        le=1,
    )
    share: float = parameter(
        0.58,
        "Share rate.",
        unit="dex",
        status="measured",
        source=f"{KUAIRAND}, 7,583 videos",
        span=(0.5, 0.7),
        ge=0,
        le=1,
    )
    follow: float = parameter(
        0.43,
        "Follow rate.",
        unit="dex",
        status="measured",
        source=f"{KUAIRAND}, 7,583 videos",
        span=(0.35, 0.5),
        ge=0,
        le=1,
    )
    visit: float = parameter(
        0.37,
        "Home-page visit rate.",
        unit="dex",
        status="assumed",
        source="assumed as the like rate",
        span=(0.3, 0.4),
        ge=0,
        le=1,
    )
    engagement_correlation: Share = parameter(
        0.56,
        "Correlation of the like, comment, share, follow rates over videos.",
        status="measured",
        source=f"{KUAIRAND}: rank correlations 0.50-0.67",
        span=(0.4, 0.7),
    )
    within_account: Share = parameter(
        0.3,
        "Share of that variance that lies between the videos of one account; the rest is `quality`.",
        status="assumed",
        source="assumed; accounts explain 0.2-0.7 of the variance of views in public sets",
        span=(0.2, 0.8),
    )


class Content(Section):
    """How videos differ and how people respond (P2, P7)."""

    rates: Rates = parameter(Rates, "Median rates of the category.")
    spread: Spread = parameter(Spread, "Spread of the rates over one account's videos.")
    completion_boost: float = parameter(
        3.2,
        "How much more a viewer who finished engages than one who did not.",
        status="measured",
        source=f"{KUAIRAND}: like 4.40 vs 1.39 % (comment x5, share x3.4, follow x3)",
        span=(2.5, 5),
        ge=1,
        le=20,
    )
    affinity_gain: float = parameter(
        1.5,
        "How much the rates rise from no to full match of interest.",
        status="assumed",
        source="assumed; targeted traffic shows x2-4 (KuaiRand random vs standard log)",
        span=(0.5, 4),
        ge=0,
        le=20,
    )
    ingredient_gain: float = parameter(
        0.25,
        "Largest gain that one ingredient at full strength brings to its rates.",
        status="assumed",
        source="assumed (operators' content formula)",
        span=(0.0, 0.6),
        ge=0,
        le=5,
    )


class Sharing(Section):
    """Sharing to friends (U1)."""

    friends: int = parameter(
        16,
        "Median number of mutual friends.",
        unit="users",
        status="measured",
        source=f"{KUAIRAND}: median 16 mutual friends",
        span=(8, 40),
        ge=0,
        le=48,
    )
    open_probability: Share = parameter(
        0.1,
        "Chance that a friend opens a shared video.",
        status="assumed",
        source="assumed; with 16 friends and 0.1 % shares the branching number is 0.0016-0.1",
        span=(0.02, 0.5),
        off=0.0,
    )
    delay_h: int = parameter(
        1,
        "Hours until the friend sees it.",
        unit="h",
        status="assumed",
        source="half of the reshares come within the hour (Weibo cascades)",
        span=(1, 3),
        ge=1,
        le=24,
    )


class Brand(Section):
    """The focal brand: what it sells and how people move towards buying (K3, E1)."""

    price_cny: float = parameter(99.0, "Price of one order.", unit="CNY", ge=0, le=1e7)
    margin_share: Share = parameter(0.5, "Share of the price that is margin.")
    gpm_cny: float = parameter(
        15.0,
        "Sales per 1,000 plays (GPM) of the brand's own accounts as written; it sets the scale of "
        "`order_probability` and `repeat_probability`. 0: these as they stand.",
        unit="CNY",
        status="assumed",
        source="assumed; every merchant knows his own",
        span=(2, 80),
        off=0.0,
        ge=0,
        le=1e6,
    )
    fan_value_cny: float = parameter(
        0.0, "What a new fan of a brand account is worth; added to profit.", unit="CNY", ge=0, le=1e5
    )
    interested_share: Share = parameter(
        0.05,
        "Share of people who are interested before the first post: they look for such a thing anyway.",
        status="assumed",
        source="assumed; about 5 % of buyers are in the market at a time (Dawes 2021, of firms)",
        span=(0.01, 0.15),
        off=0.0,
    )
    aware_probability: Share = parameter(
        0.25,
        "Chance that one impression makes an unaware person aware.",
        status="assumed",
        source="assumed",
        span=(0.05, 0.6),
    )
    interest_probability: Share = parameter(
        0.02,
        "Chance that an impression makes an aware person interested.",
        status="assumed",
        source="assumed",
        span=(0.005, 0.08),
    )
    order_probability: Share = parameter(
        0.004,
        "Chance that an impression leads an interested person to a first order; with `gpm_cny` above 0 only "
        "its ratio to `repeat_probability` counts.",
        status="assumed",
        source="assumed; link to purchase 0.5-3 % in trade press",
        span=(0.001, 0.03),
    )
    repeat_probability: Share = parameter(
        0.002,
        "Chance that an impression leads a customer to order again; as `order_probability`.",
        status="assumed",
        source="assumed",
        span=(0.0005, 0.01),
    )
    trust_gain: float = parameter(
        0.05,
        "Trust gained from one finished video of a source with trust 1.",
        status="assumed",
        source="assumed",
        span=(0.01, 0.2),
        ge=0,
        le=1,
    )
    trust_lift: float = parameter(
        2.0,
        "How much full trust multiplies interest and orders, less one.",
        status="assumed",
        source="nano creators return x5.4 per follower (Beichert et al. 2024)",
        span=(0.5, 5),
        ge=0,
        le=20,
    )
    trust_half_life_days: float = parameter(
        14.0,
        "Days after which trust has halved without a touch.",
        unit="days",
        status="assumed",
        source="assumed",
        span=(5, 60),
        gt=0,
        le=1000,
    )
