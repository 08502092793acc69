"""The keys of the platform that recommends videos: its models and their numbers (P1-P4, P8, P10).

Takes plain values; gives the frozen section platform. Holds no rules.
Sources are named briefly; docs/reference/parameters.md lists them in full.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from sim.language.names import RATE
from sim.language.numbers import percent, spelt
from sim.language.words import N_, Language, Words
from sim.scenario.parameter import assumed, measured, parameter, published
from sim.scenario.plugged import OrPlatform
from sim.scenario.section import MOST_PEOPLE, OrWord, Section, Share

MOST_HOURS = 10_000
P99 = "p99"
"""A hit is above the 99th percentile of the category."""
PlatformModel = Literal["pools", "percentile", "score", "published"]
"""Who decides on impressions; the name of a plug-in does too (scenario/plugged.py)."""
PLATFORM_MODELS: tuple[PlatformModel, ...] = get_args(PlatformModel)
_AGEING = ("weights", "freshness_half_life_h")
OWN_KEYS: Mapping[PlatformModel, tuple[str, ...]] = {
    "pools": (*_AGEING, "pass_share", "margin_gain", "trickle", "revival_probability"),
    "percentile": (*_AGEING, "percentile_outranked_share", "percentile_reach_power", "score_pace_h"),
    "score": (*_AGEING, "score_outranked_share", "score_reach_power", "score_pace_h"),
    "published": ("published_outranked_share", "score_reach_power", "score_pace_h"),
}
"""Keys that do not count under every model."""
FLOWS: Mapping[str, str] = {
    "score": N_(
        "Platform: a continuous score without pools. After a first exposure of about {first} "
        "impressions a video flows by its predicted value against competing videos. Score: {weights}. "
        "About {outranked} of the category's videos are worth no more than their first exposure; "
        "reach grows with value to the power {power}. {hit}"
    ),
    "percentile": N_(
        "Platform: a race without pools. After a first exposure of about {first} impressions a video is "
        "ranked by its score among the category's videos at as many impressions, and flows while it is rarer "
        "than what competes with it. Score: {weights}. About {outranked} of the category's videos are worth "
        "no more than their first exposure; reach falls with the rank to the power {power}. {hit}"
    ),
    "published": N_(
        "Platform: the live ranker whose numbers are public (X, August 2026). After a first exposure of "
        "about {first} impressions a video flows by its value, scored with the published weights, at three "
        "quarters towards people who do not follow, for 48 hours at most; small accounts' new posts may win "
        "slots of their own. About {outranked} of the category's videos are worth no more than their first "
        "exposure; reach grows with value to the power {power}, which is not published. {hit}"
    ),
}
"""What a plan without pools says of its platform."""


def _weight(default: float, rate: str, span: tuple[float, float]) -> Any:
    return assumed(
        default, f"Weight of the {rate} rate.", span,
        "set so that rates go with views as measured: rank correlations with exposure over 7,583 Kuaishou "
        "videos are 0.18-0.35 of watching, 0.09 of likes, 0.06 of follows, -0.07 of shares, -0.09 of "
        "comments",
    )  # fmt: skip


class Weights(Section):
    """What each of the five rates counts for in the promotion score."""

    completion: Share = _weight(0.70, "completion", (0.4, 0.9))
    like: Share = _weight(0.12, "like", (0.05, 0.3))
    comment: Share = _weight(0.03, "comment", (0.0, 0.15))
    share: Share = _weight(0.03, "share", (0.0, 0.15))
    follow: Share = _weight(0.12, "follow", (0.02, 0.3))

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if self.completion + self.like + self.comment + self.share + self.follow <= 0:
            raise ValueError(
                "completion: at least one of the five weights must be above 0; "
                "allowed: a number above 0 and at most 1"
            )
        return self


def _outranked(model: str, default: float, span: tuple[float, float], source: str) -> Any:
    doc = f"Under {model}: share of the category's videos that are worth no more than their first exposure."
    return assumed(default, doc, span, source, gt=0, lt=1)


class Platform(Section):
    """The platform that recommends videos (P1-P4, P8, P10)."""

    preset: Literal["douyin"] = parameter("douyin", "The platform whose defaults are used.")
    model: Annotated[PlatformModel, OrPlatform()] = parameter(
        "pools",
        "Who decides on impressions: the tiered ladder of pools, a video's rank in its category, a "
        "continuous score, or the one live ranker whose numbers are public.",
    )  # fmt: skip
    pools: tuple[Annotated[int, Field(ge=1, le=MOST_PEOPLE)], ...] = assumed(
        (320, 3_000, 13_500, 125_000, 600_000, 2_500_000, 9_000_000, 30_000_000),
        "Impressions that each pool of the ladder grants; the first one to an account without fans.",
        source="operators' eight-tier ladder, midpoints; the first (operators: 200-500) so that the median "
        "post of a small account of unknown luck ends near the measured 459-489 views, everything on "
        "(Buffer, 11.4 M posts, 150,000 accounts)", unit="impressions", min_length=1, max_length=20,
    )  # fmt: skip
    pass_share: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = assumed(
        (0.30, 0.25, 0.20, 0.15, 0.12, 0.10, 0.10, 0.10),
        "Share of the category's videos in a pool that are promoted out of it; sets the pass mark.",
        (0.05, 0.5),
        "set so that posts of one account spread by 0.46-0.58 dex and 4-11 % of them pass five times its "
        "median, as measured",
        min_length=1, max_length=20,
    )  # fmt: skip
    weights: Weights = parameter(Weights, "Weights of the five rates in the score.")
    follow_rate_of: Literal["could_follow", "all"] = parameter(
        "could_follow",
        "Of whose impressions the follow rate is judged: of those who could follow, which the fans who are "
        "shown the video first could not, or of all.", off="all",
    )  # fmt: skip
    pool_noise: float = assumed(
        0.5, "Spread of a pool's size between videos (sd of the natural log).", (0.2, 0.8),
        "hard pools would leave steps that real view counts lack", ge=0, le=2,
    )  # fmt: skip
    competition_noise: float = assumed(
        0.45, "Spread of the pass mark with the competing supply of the hour (sd of the log).", (0.1, 0.6),
        "content explains less than half of the variance (Martin et al. 2016)", ge=0, le=2,
    )  # fmt: skip
    margin_gain: float = assumed(
        0.8, "How fast the next pool opens as a video passes by more than the mark.", (0.2, 2.0),
        "assumed (growth rises with the margin)", ge=0, le=10,
    )  # fmt: skip
    pace_h: tuple[Annotated[int, Field(ge=1, le=MOST_HOURS)], ...] = assumed(
        (3, 5, 8, 12, 18, 24, 36, 48), "Hours over which each pool is delivered at mean activity.", (1, 96),
        "folk first window 1-4 h; 38 % of views by 48 h (Trendpop)", unit="h", min_length=1, max_length=20,
    )  # fmt: skip
    freshness_half_life_h: float = assumed(
        72.0, "Age at which a pool grants half of what it grants a new video.", (24, 240),
        "view accrual 32 % in 24 h, 55 % by day 7 (Trendpop)", unit="h", gt=0, le=10_000,
    )  # fmt: skip
    trickle: float = measured(
        0.6, "Late views per e-fold of age, as a share of the views when promotion stopped.",
        "growth pairs: x1.78 in 11 days below 3 days of age, x1.13 at 7-14", span=(0.3, 0.9), ge=0, le=5,
    )  # fmt: skip
    revival_probability: Share = assumed(
        0.0, "Chance a day that a stopped video is tried once more in its last pool (late revival).",
        (0.0, 0.02), "assumed; off by default",
    )  # fmt: skip
    targeting: float = assumed(
        6.0, "How much more a video is shown to people whose main interest it fits.", (1, 20),
        "personalisation lifts valid play x2.15 and long view x3.9 (KuaiRand)", ge=0, le=100,
    )  # fmt: skip
    own_fan_power: Share = measured(
        0.10, "Power with which the first pool of a brand account grows with its fans: what followers do.",
        "causal elasticity of views 0.10 (Tian, Dew & Iyengar 2024, over 500,000 TikTok videos)",
        span=(0.05, 0.30),
    )  # fmt: skip
    creator_fan_power: Share = measured(
        0.5,
        "Power with which the first pool grows over creators with their fans: a big creator brings the "
        "quality that made him big.",
        "views over creators grow with fans to the power 0.52-0.53 (145 and 1,149 creators)", span=(0.4, 0.6),
    )  # fmt: skip
    account_luck_sd: Share = assumed(
        0.35,
        "Spread of the luck that a new account of the brand keeps (sd of log10 of its views), mean factor "
        "1; one that starts with fans is known by its weight.", (0.15, 0.6),
        "means of accounts spread by 0.43-0.72 dex inside one organisation, less what content and team "
        "explain; luck and content cannot be told apart there", unit="dex", off=0.0,
    )  # fmt: skip
    account_heat_sd: Share = measured(
        0.2,
        "Spread of the heat of a brand account (sd of log10 of its views), which comes and fades; mean "
        "factor 1.",
        "neighbouring posts of an account correlate 0.16-0.20 within a day, 0.12-0.14 at 1-3 days; posts of "
        "one account spread by 0.46-0.58 dex", unit="dex", off=0.0,
    )  # fmt: skip
    account_heat_fade_d: float = assumed(
        5.0, "Days in which the heat of an account fades to 1/e.", (2, 10),
        "assumed from the same correlations: 0.18 within a day, 0.13 at 1-3 days, none after 8-15",
        unit="days", gt=0, le=1000,
    )  # fmt: skip
    same_day_elasticity: float = measured(
        -0.15,
        "Elasticity of a post's views to the posts of its account within 24 hours; the later ones bear it.",
        "views per post on other posts of the day, within account: -0.08 (3,795 posts) and -0.40 (12,455 "
        "posts); posts of the week before: none", span=(-0.4, 0.0), off=0.0, gt=-1, le=0,
    )  # fmt: skip
    same_content_factor: float = assumed(
        0.5,
        "Factor on the first pool for each time that the same content came out before; 0.1 at the least.",
        (0.2, 1.0), "assumed; platforms say that they throttle duplicates, and not how far", off=1.0, ge=0.1,
        le=1,
    )  # fmt: skip
    same_content_window_h: int = assumed(
        720, "Hours for which content that came out is remembered as the same.", (168, 2160), unit="h", ge=1,
        le=MOST_HOURS,
    )  # fmt: skip
    author_decay: Share = published(
        0.5,
        "Factor on how likely the feed shows a person another video of a brand account, for each that it "
        "has shown them this hour.",
        "X's published ranker, August 2026, per slate (the hour is assumed); TikTok: generally not two "
        "videos of one creator in a row; Douyin scatters, no numbers", span=(0.3, 0.8), off=1.0,
    )  # fmt: skip
    author_floor: Share = published(
        0.25, "What is left of that factor, however many videos of the account it has shown them.",
        "X's published ranker, August 2026", span=(0.0, 0.3),
    )  # fmt: skip
    inside_share: Share = assumed(
        1.0,
        "Share of recommended impressions, of own posts and creators' alike, that fall inside the audience.",
        (0.3, 1.0), "assumed; the audience is by definition whom the recommender finds for the category",
    )  # fmt: skip
    fan_share: Share = assumed(
        0.3, "Share of the first pool that goes to the account's fans (the rest to strangers).", (0.1, 0.6)
    )
    fan_window_h: int = assumed(
        6, "Hours over which the fans' part of the first pool is shown.", (2, 24), unit="h", ge=1, le=72
    )
    percentile_outranked_share: float = _outranked(
        "percentile", 0.20, (0.1, 0.5), "set as score_outranked_share is"
    )
    percentile_reach_power: float = assumed(
        1.6, "Under percentile: power with which a video's reach falls with its rank.", (1.0, 3.0),
        "set so that views spread as measured, as score_reach_power is", gt=0, le=20,
    )  # fmt: skip
    published_outranked_share: float = _outranked(
        "published", 0.36, (0.2, 0.6),
        "set as score_outranked_share is; the weights, limits and factors of the model are published",
    )  # fmt: skip
    score_outranked_share: float = _outranked(
        "score", 0.30, (0.2, 0.6),
        "set so that a small account's median post ends where it does under pools, near the measured "
        "459-489 views (Buffer)",
    )  # fmt: skip
    score_reach_power: float = assumed(
        3.0,
        "Under score: power with which a video's reach grows with predicted value over the competing one.",
        (2.0, 5.0),
        "set so that views of one account spread by 0.46-0.58 dex and those of mixed accounts by 0.8-1.2, as "
        "measured", gt=0, le=20,
    )  # fmt: skip
    score_pace_h: float = assumed(
        5.0, "Under score: hours in which a video far above its competition grows e-fold, when it is new.",
        (3, 12),
        "assumed; feedback reaches the ranker within minutes (official), 32 % of views fall into 24 h",
        unit="h", ge=1, le=1000,
    )  # fmt: skip
    hit: Annotated[int, Field(ge=1, le=MOST_PEOPLE), OrWord(P99)] = parameter(
        P99,
        "What a hit is: above the 99th percentile of the category's videos at three days (p99), or so many "
        "impressions at any age. Paid ones never count.", unit="impressions",
    )  # fmt: skip

    @property
    def hit_impressions(self) -> int | None:
        """Impressions from which a video is a hit; None where the category decides."""
        mark: object = self.hit
        return mark if isinstance(mark, int) else None

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """Keys that have no effect under the model chosen, or whose force is off."""
        others = {key for keys in OWN_KEYS.values() for key in keys} - set(OWN_KEYS.get(self.model, ()))
        off = {
            "account_heat_fade_d": self.account_heat_sd == 0,
            "same_content_window_h": self.same_content_factor == 1,
            "author_floor": self.author_decay == 1,
        }
        return frozenset(others | {key for key, idle in off.items() if idle})

    def fan_power(self, role: str) -> float:
        """Power with which the first pool of an account of a role grows with its fans [0..1]."""
        return self.creator_fan_power if role == "creator" else self.own_fan_power

    def told(self, scenario: Any, language: Language) -> str:
        """Who decides on impressions, and how."""
        words = Words(language)
        total = sum(self.weights.model_dump().values())
        if self.model not in PLATFORM_MODELS:
            return words(
                "Platform: the plug-in {name} decides on impressions. {hit}",
                name=self.model, hit=self._hit(words),
            )  # fmt: skip
        facts = {
            "first": spelt(self.pools[0], language),
            "weights": words.listed(
                f"{RATE[rate].said(language)} {percent(weight / total)}" for rate, weight in self.weights
            ),
            "hit": self._hit(words),
        }
        if self.model != "pools":
            ranked = self.model == "percentile"
            power = self.percentile_reach_power if ranked else self.score_reach_power
            return words(
                FLOWS[self.model],
                outranked=percent(getattr(self, f"{self.model}_outranked_share")), power=f"{power:g}",
                **facts,
            )  # fmt: skip
        last = min(len(self.pools), len(self.pass_share)) - 1
        return words(
            "Platform: a ladder of {pools} pools from {first} to {last} impressions. Score: {weights}. "
            "Competing with its category, about {pass_first} pass the first pool and {pass_last} the last. "
            "{hit}",
            pools=len(self.pools), last=spelt(self.pools[-1], language),
            pass_first=percent(self.pass_share[0]), pass_last=percent(self.pass_share[last]), **facts,
        )  # fmt: skip

    def _hit(self, words: Words) -> str:
        if self.hit_impressions is None:
            return words(
                "A video is a hit if at three days it has more impressions than 99 in 100 videos of its "
                "category, paid ones left out."
            )
        return words(
            "A video is a hit from {hit} impressions, paid ones left out.",
            hit=spelt(self.hit_impressions, words.language),
        )

    @model_validator(mode="after")
    def _ladder(self) -> Self:
        if any(b <= a for a, b in pairwise(self.pools)):
            raise ValueError("pools: sizes must rise from one pool to the next")
        return self
