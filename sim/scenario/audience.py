"""The keys of the people: who they are, how they respond to videos, share them and come to buy.

Takes plain values; gives the frozen sections audience, content, sharing and brand. Holds no rules.
Sources are named briefly; docs/reference/parameters.md lists them in full.
"""

import math
from functools import partial
from typing import Any, Self

from pydantic import model_validator

from sim.language.numbers import percent
from sim.language.words import NC_, Language, Words
from sim.scenario.parameter import assumed, measured, parameter, published
from sim.scenario.section import KUAIRAND, SHARES_TOLERANCE, Name, Section, Share


def _one_topic() -> dict[str, float]:
    return {"general": 1.0}


class Audience(Section):
    """Who can be reached, and how much attention they have."""

    users: int = parameter(
        1_000_000, "People simulated, one to one; fewer users is another world.", unit="users", ge=100,
        le=100_000_000,
        label=NC_("key", "People in the audience"),
    )  # fmt: skip
    platform_people: int = published(
        700_000_000, "People of the whole platform, among whom creators' fans are.",
        "Douyin, about 700 million people a month", span=(500_000_000, 800_000_000), unit="users", ge=100,
        le=10_000_000_000,
    )  # fmt: skip
    topics: dict[Name, Share] = parameter(
        _one_topic, "Share of people whose main interest is each topic; sums to 1.", min_length=1,
        max_length=16,
        label=NC_("key", "Their main interests"),
    )  # fmt: skip
    daily_impressions: float = measured(
        66.5, "Videos a person is shown on an average day.",
        "KuaiRec mean 66.5 videos per user-day (a floor)", unit="impressions/user/day", gt=0, le=2000,
    )  # fmt: skip
    category_share: Share = assumed(
        0.05, "Share of the feed slots that the brand's category can win.", (0.01, 0.2)
    )
    fatigue_per_exposure: Share = assumed(
        0.08, "Loss of response with each further exposure to the brand on one day.", (0.0, 0.25),
        "assumed (frequency curve)",
        label=NC_("key", "Loss of response with each further exposure of a day"),
    )  # fmt: skip

    put_off_share: Share = published(
        0.24, "Share of people whom repetition puts off.",
        "24 % of people turn negative with repetition (J. Marketing Research 2019)", span=(0.1, 0.4), off=0.0,
    )  # fmt: skip
    put_off_per_exposure: Share = assumed(
        0.5,
        "Their loss of response with each further exposure to the brand on one day, if above that of others.",
        (0.25, 0.8),
        "assumed so that sparing them after the second exposure gains 12-17 % at 4-5 exposures a day, as "
        "capping gained 15 % (J. Marketing Research 2019)",
        label=NC_("key", "Loss of response of people whom repetition puts off"),
    )  # fmt: skip

    @model_validator(mode="after")
    def _topics_sum(self) -> Self:
        total = math.fsum(self.topics.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            raise ValueError(f"topics: the shares must sum to 1 (±0.01), they sum to {total:.4g}")
        return self


def _rate(median: float, doc: str, pooled: str, span: tuple[float, float]) -> Any:
    return measured(
        median, doc, f"{KUAIRAND}: {pooled} % pooled / exp(sd²/2)", span=span, unit="per impression"
    )


class Rates(Section):
    """Median rates over the category's videos, an impression being the base."""

    completion: Share = _rate(0.116, "Watched to the end.", "16.7", (0.08, 0.2))
    like: Share = _rate(0.0135, "Liked.", "1.94", (0.008, 0.04))
    comment: Share = _rate(0.00137, "Commented.", "0.29", (0.0008, 0.003))
    share: Share = _rate(0.0004, "Shared.", "0.099", (0.0002, 0.003))
    follow: Share = _rate(0.00084, "Followed straight from the feed.", "0.139", (0.0005, 0.003))
    visit: Share = _rate(0.0147, "Opened the home page.", "2.11", (0.01, 0.1))


_spread = partial(measured, source=f"{KUAIRAND}, 7,583 videos", unit="dex")


class Spread(Section):
    """Spread of the rates over the videos of the category (sd of log10)."""

    completion: Share = _spread(0.37, "Completion axis.", span=(0.3, 0.4))
    like: Share = _spread(0.37, "Like rate.", span=(0.3, 0.4))
    comment: Share = _spread(0.53, "Comment rate.", span=(0.45, 0.6))
    share: Share = _spread(0.58, "Share rate.", span=(0.5, 0.7))
    follow: Share = _spread(0.43, "Follow rate.", span=(0.35, 0.5))
    visit: Share = assumed(0.37, "Home-page visit rate.", (0.3, 0.4), "assumed as the like rate", unit="dex")
    engagement_correlation: Share = measured(
        0.56, "Correlation of the like, comment, share, follow rates over videos.",
        f"{KUAIRAND}: rank correlations 0.50-0.67", span=(0.4, 0.7),
        label=NC_("key", "Correlation of the rates of one video"),
    )  # fmt: skip
    within_account: Share = assumed(
        0.3, "Share of that variance that lies between the videos of one account; the rest is `quality`.",
        (0.2, 0.8), "assumed; accounts explain 0.2-0.7 of the variance of views in public sets",
        label=NC_("key", "Spread between videos, part within one account"),
    )  # fmt: skip


class Content(Section):
    """How videos differ and how people respond (P2, P7)."""

    rates: Rates = parameter(Rates, "Median rates of the category.", label=NC_("key", "Rate"))
    spread: Spread = parameter(
        Spread, "Spread of the rates over one account's videos.", label=NC_("key", "Spread between videos")
    )
    completion_boost: float = measured(
        3.2, "How much more a viewer who finished engages than one who did not.",
        f"{KUAIRAND}: like 4.40 vs 1.39 % (comment x5, share x3.4, follow x3)", span=(2.5, 5), ge=1, le=20,
    )  # fmt: skip
    affinity_gain: float = assumed(
        1.5, "How much the rates rise from no to full match of interest.", (0.5, 4),
        "assumed; targeted traffic shows x2-4 (KuaiRand random vs standard log)", ge=0, le=20,
        label=NC_("key", "Gain from a full match of interest"),
    )  # fmt: skip
    ingredient_gain: float = assumed(
        0.25, "Largest gain that one ingredient at full strength brings to its rates.", (0.0, 0.6),
        "assumed (operators' content formula)", ge=0, le=5,
    )  # fmt: skip


class Sharing(Section):
    """Sharing to friends (U1)."""

    friends: int = measured(
        16, "Median number of mutual friends.", f"{KUAIRAND}: median 16 mutual friends", span=(8, 40),
        unit="users", ge=0, le=48,
    )  # fmt: skip
    open_probability: Share = assumed(
        0.1, "Chance that a friend opens a shared video.", (0.02, 0.5),
        "assumed; with 16 friends and 0.1 % shares the branching number is 0.0016-0.1", off=0.0,
    )  # fmt: skip
    delay_h: int = assumed(
        1, "Hours until the friend sees it.", (1, 3),
        "half of the reshares come within the hour (Weibo cascades)", unit="h", ge=1, le=24,
        label=NC_("key", "Delay until a friend sees a shared video, h"),
    )  # fmt: skip


class Brand(Section):
    """The focal brand: what it sells and how people move towards buying (K3, E1)."""

    price_cny: float = parameter(
        99.0, "Price of one order.", unit="CNY", ge=0, le=1e7,
        label=NC_("key", "Price, CNY"),
    )  # fmt: skip
    margin_share: Share = parameter(
        0.5, "Share of the price that is margin.",
        label=NC_("key", "Margin, share of the price"),
    )  # fmt: skip
    gpm_cny: float = assumed(
        15.0,
        "Sales per 1,000 plays (GPM) of the brand's own accounts as written; it sets the scale of "
        "`order_probability` and `repeat_probability`. 0: these as they stand.", (2, 80),
        "assumed; every merchant knows his own", unit="CNY", off=0.0, ge=0, le=1e6,
        label=NC_("key", "GPM: sales per 1,000 plays, CNY"),
    )  # fmt: skip
    fan_value_cny: float = parameter(
        0.0, "What a new fan of a brand account is worth; added to profit.", unit="CNY", ge=0, le=1e5
    )
    interested_share: Share = assumed(
        0.05, "Share of people who are interested before the first post: they look for such a thing anyway.",
        (0.01, 0.15), "assumed; about 5 % of buyers are in the market at a time (Dawes 2021, of firms)",
        off=0.0,
    )  # fmt: skip
    aware_probability: Share = assumed(
        0.25, "Chance that one impression makes an unaware person aware.", (0.05, 0.6)
    )
    interest_probability: Share = assumed(
        0.02, "Chance that an impression makes an aware person interested.", (0.005, 0.08)
    )
    order_probability: Share = assumed(
        0.004,
        "Chance that an impression leads an interested person to a first order; with `gpm_cny` above 0 only "
        "its ratio to `repeat_probability` counts.", (0.001, 0.03),
        "assumed; link to purchase 0.5-3 % in trade press",
        label=NC_("key", "Chance of a first order"),
    )  # fmt: skip
    repeat_probability: Share = assumed(
        0.002, "Chance that an impression leads a customer to order again; as `order_probability`.",
        (0.0005, 0.01),
        label=NC_("key", "Chance of a repeat order"),
    )  # fmt: skip
    trust_gain: Share = assumed(
        0.05, "Trust gained from one finished video of a source with trust 1.", (0.01, 0.2)
    )
    trust_lift: float = assumed(
        2.0, "How much full trust multiplies interest and orders, less one.", (0.5, 5),
        "nano creators return x5.4 per follower (Beichert et al. 2024)", ge=0, le=20,
        label=NC_("key", "What full trust adds to interest and orders"),
    )  # fmt: skip
    proof_share: Share = assumed(
        0.0, "Share of interested people who order for the first time only on proof.", (0.0, 0.8),
        "assumed; no measurement found; 0 asks nobody for proof",
        label=NC_("key", "Interested people who order first only on proof, share"),
    )  # fmt: skip
    proof_trust: Share = assumed(
        0.125,
        "Trust from which they have seen proof, in eighths: at 0.125 about three finished videos of the "
        "matrix, fewer of creators.", (0.125, 0.5),
        label=NC_("key", "Trust that counts as proof"),
    )  # fmt: skip
    badge_proof_share: Share = assumed(
        0.3, "Share of them to whom the badge of a verified account is proof enough.", (0.0, 1.0),
        label=NC_("key", "Those to whom a verified badge is proof enough, share"),
    )  # fmt: skip
    follow_proof_share: Share = assumed(
        0.0, "Share of those who would follow on a home page who do so only on such proof.", (0.0, 0.8),
        "assumed; no measurement found; 0 asks nobody for proof",
        label=NC_("key", "Follows on home pages that need proof, share"),
    )  # fmt: skip
    trust_half_life_days: float = assumed(
        14.0, "Days after which trust has halved without a touch.", (5, 60), unit="days", gt=0, le=1000,
        label=NC_("key", "Half-life of trust, days"),
    )  # fmt: skip

    @property
    def proof(self) -> tuple[float, float, float]:
        """Who looks for proof, the trust that is one, and to whom a badge is one."""
        return self.proof_share, self.proof_trust, self.badge_proof_share

    @property
    def follow_proof(self) -> tuple[float, float, float]:
        """The same of following on a home page."""
        return self.follow_proof_share, self.proof_trust, self.badge_proof_share

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """Those of proof where nobody looks for it."""
        asked = {"proof_share": self.proof_share, "follow_proof_share": self.follow_proof_share}
        off = {key for key, share in asked.items() if not share}
        return frozenset(off if any(asked.values()) else {*off, "proof_trust", "badge_proof_share"})

    def told(self, scenario: Any, language: Language) -> str:
        """Who looks for proof before ordering, and before following."""
        words, said = Words(language), []
        facts = {"trust": f"{self.proof_trust:g}", "badge": percent(self.badge_proof_share)}
        if self.proof_share:
            said.append(
                words(
                    "Verification: {share} of interested people order for the first time only on proof: "
                    "videos that give a trust of {trust}, or, to {badge} of them, the badge of a verified "
                    "account.",
                    share=percent(self.proof_share), **facts,
                )
            )  # fmt: skip
        if self.follow_proof_share:
            said.append(
                words(
                    "Of those who would follow on a home page {share} do so only on proof: a trust of "
                    "{trust}, or, to {badge} of them, the badge.",
                    share=percent(self.follow_proof_share), **facts,
                )
            )  # fmt: skip
        return "\n".join(said)
