"""The keys of the matrix: its accounts and the links between them (M1, M4-M7, M13); names of tiers (K1).

Takes plain values; gives frozen accounts and the section links. Does not expand layouts (layouts.py) or
creators (seeding.py).
Sources are named briefly; docs/reference/parameters.md lists them in full.
"""

import math
from collections.abc import Collection
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import model_validator

from sim.language.numbers import percent
from sim.language.words import NC_, Language, Words
from sim.scenario.parameter import assumed, assumed_hours, measured, parameter
from sim.scenario.section import KUAIRAND, SHARES_TOLERANCE, Count, Name, NoneTwice, Section, Share

LayoutName = Literal["none", "single", "star", "ring", "chain", "tree", "mesh", "custom"]
LAYOUTS: tuple[LayoutName, ...] = get_args(LayoutName)
ChannelName = Literal["follow", "like", "mention", "repost", "topic", "comment", "cocreation"]
CHANNELS: tuple[ChannelName, ...] = get_args(ChannelName)
SHARED: tuple[ChannelName, ...] = ("repost", "topic", "comment", "cocreation")
"""Channels with keys of their own."""
TierName = Literal["star", "famous", "head", "waist", "junior", "amateur"]
TIERS: tuple[TierName, ...] = get_args(TierName)
MOST_CREATORS = 10_000  # accounts are Mesa agents, in thousands
IngredientName = Literal["novelty", "counter_intuition", "plain_words", "resonance", "hot_topic"]
INGREDIENTS: tuple[IngredientName, ...] = get_args(IngredientName)


class Account(Section):
    """One account of the brand's matrix (M1)."""

    id: Name = parameter(
        ..., "Its name; any text.",
        label=NC_("key", "Account"),
    )  # fmt: skip
    role: Literal["main", "sub", "creator"] = parameter(
        "sub", "Main account, sub-account or creator.",
        label=NC_("key", "Role"),
    )  # fmt: skip
    tier: TierName | None = parameter(
        None, "Tier of a creator; sets price, trust and awareness.",
        label=NC_("key", "Creator tier"),
    )  # fmt: skip
    fans: Count = parameter(
        0, "Fans at the start, over the whole platform for a creator.", unit="users",
        label=NC_("key", "Fans"),
    )  # fmt: skip
    audience_fit: Share | None = parameter(
        None, "Share of a creator's fans inside the audience; left out, that of its tier.",
        label=NC_("key", "Fans inside the audience, share"),
    )  # fmt: skip
    topics: dict[Name, Share] | None = parameter(
        None, "Mix of topics it posts about; left out, the audience's mix.", max_length=16,
        label=NC_("key", "Topics"),
    )  # fmt: skip
    posts_per_day: float = parameter(
        1.0, "Videos a day.", unit="posts/day", ge=0, le=24,
        label=NC_("key", "Videos a day"),
    )  # fmt: skip
    first_post_h: float | None = parameter(
        None, "Hour of its first video; left out, its name fixes one within the posting interval.", unit="h",
        ge=0, le=8760,
        label=NC_("key", "First video, hour"),
    )  # fmt: skip
    quality: float = parameter(
        1.0, "Multiplies the category's median rates on both axes.", gt=0, le=20,
        label=NC_("key", "Quality"),
    )  # fmt: skip
    weight: float = parameter(
        1.0,
        "Natural weight of the account, as its history shows it: multiplies the first pool. An account with "
        "fans is known by it; only new ones draw luck.", gt=0, le=20,
        label=NC_("key", "Account weight"),
    )  # fmt: skip
    verified: bool = parameter(
        False, "Carries the verification badge.",
        label=NC_("key", "Verified"),
    )  # fmt: skip
    material: Name | None = parameter(
        None, "Accounts with the same material post the same content, post by post; left out, its own.",
        label=NC_("key", "Material"),
    )  # fmt: skip
    length_s: float = parameter(
        30.0, "Length of its videos.", unit="s", gt=0, le=3600,
        label=NC_("key", "Length, s"),
    )  # fmt: skip
    opening: float = parameter(
        1.0, "Strength of the opening seconds: multiplies completion.", gt=0, le=5,
        label=NC_("key", "Opening"),
    )  # fmt: skip
    ingredients: dict[IngredientName, Share] = parameter(
        dict, "Strength 0-1 of each ingredient of the content formula.",
        label=NC_("key", "Content formula"),
    )  # fmt: skip
    cost_per_post_cny: float = assumed(
        300.0, "What one video costs to make.", (50, 5000), unit="CNY", ge=0, le=1e7,
        label=NC_("key", "Cost per video, CNY"),
    )  # fmt: skip

    @model_validator(mode="after")
    def _tier_of_creator(self) -> Self:
        if (self.role == "creator") != (self.tier is not None):
            raise ValueError("tier: a creator needs a tier, and only a creator has one")
        if self.audience_fit is not None and self.tier is None:
            raise ValueError("audience_fit: all fans of a brand account count; only a creator has one")
        if self.topics is not None and abs(math.fsum(self.topics.values()) - 1) > SHARES_TOLERANCE:
            raise ValueError("topics: the shares must sum to 1 (±0.01)")
        return self


MOST_ATTENTION = 0.95
"""Highest chance that a visitor opens a list: beyond, walks through a ring would not end."""


def _opened(name: str, source: str, label: str) -> Any:
    doc = f"Chance that a visitor opens the {name} list of the home page."
    return assumed(0.05, doc, (0.005, 0.2), source, label=label)


class Links(Section):
    """Links between the brand's accounts: passive ones, and shared distribution (M4-M7, M13)."""

    layout: LayoutName = parameter(
        "star", "How the accounts are linked.", off="none",
        label=NC_("key", "Layout"),
    )  # fmt: skip
    channels: Annotated[tuple[ChannelName, ...], NoneTwice()] = parameter(
        ("follow", "like", "mention"), "Kinds of link that each edge of the layout has.",
        label=NC_("key", "Kinds of link"),
    )  # fmt: skip
    density: Share = parameter(
        1.0, "Share of the mesh that is kept, by hashed rank.",
        label=NC_("key", "Density of the mesh"),
    )  # fmt: skip
    edges: tuple[tuple[Name, Name, ChannelName], ...] = parameter(
        (), "Custom links: from, to, channel.",
        label=NC_("key", "List of links"),
    )  # fmt: skip
    following_list_probability: Share = _opened(
        "following", "assumed; profile, following and other give about 4 % of TikTok views",
        NC_("key", "Opens the following list"),
    )  # fmt: skip
    liked_list_probability: Share = _opened(
        "liked", "assumed, as the following list", NC_("key", "Opens the liked list")
    )
    list_decay: float = assumed(
        0.85, "How much less an entry is picked than the one above it.", (0.6, 0.98),
        "assumed (position bias)", gt=0, le=1,
    )  # fmt: skip
    liked_list_length: int = assumed(
        20, "Newest liked videos that a visitor scrolls through.", (5, 40), unit="videos", ge=1, le=64
    )
    mention_probability: Share = assumed(
        0.003, "Chance that a viewer follows an @ in the caption.", (0.0003, 0.02),
        "assumed; no measurement found", unit="per impression",
        label=NC_("key", "Goes after an @"),
    )  # fmt: skip
    mentions_per_caption: int = parameter(
        2, "Accounts that one caption names, rotated by post number.", unit="accounts", ge=1, le=8,
        label=NC_("key", "@ in one caption"),
    )  # fmt: skip
    repost_share: Share = assumed(
        0.3, "Share of a sister's videos that an account reposts, evenly spaced.", (0.05, 1.0),
        "assumed; accounts do not repost everything",
    )  # fmt: skip
    repost_fan_share: Share = assumed(
        0.014, "Share of the reposter's fans who are shown a reposted video.", (0.003, 0.1),
        "assumed; so that a large account's reposts bring the 33 % measured (Gong et al. 2017, Weibo)",
    )  # fmt: skip
    repost_delay_h: int = assumed(6, "Hours from publication to the repost.", (1, 48), unit="h", ge=1, le=168)
    repost_window_h: int = assumed(
        24, "Hours over which the fans are shown it, fewer with every hour.", (6, 72),
        "assumed; half of the reshares come within the hour (Weibo cascades)", unit="h", ge=1, le=168,
        label=NC_("key", "Time over which fans see a repost, h"),
    )  # fmt: skip
    comment_share: Share = assumed(
        0.3, "Share of a sister's videos beneath which an account comments, evenly spaced.", (0.05, 1.0),
        "assumed; accounts do not comment on everything",
        label=NC_("key", "Sister's videos that an account comments on, share"),
    )  # fmt: skip
    comment_probability: Share = assumed(
        0.0005, "Chance that a viewer opens the comments and goes to the page of the account that stands "
        "topmost there.", (0.00005, 0.005),
        "assumed; no measurement found; less than an @, which nobody has to open", unit="per impression",
    )  # fmt: skip
    comment_window_h: int = assumed_hours(
        48, "Hours in which a comment sinks beneath those of others, evenly.", (6, 168)
    )
    topic_probability: Share = assumed(
        0.0005, "Chance that a viewer opens the topic of a video and watches the newest video there.",
        (0.00005, 0.005), "assumed; no measurement found", unit="per impression",
    )  # fmt: skip
    topic_window_h: int = assumed_hours(
        72, "Hours in which a video sinks on the page of its topic, evenly.", (12, 336)
    )
    cocreation_share: Share = assumed(
        0.2, "Share of an account's videos that are published together with a sister, evenly spaced.",
        (0.05, 1.0), "assumed; a joint video takes two teams",
    )  # fmt: skip
    cocreation_partners: int = parameter(
        1, "Sisters that join one video, rotated by post number.", unit="accounts", ge=1, le=8
    )
    cocreation_lift: float = assumed(
        1.6, "Factor on the first exposure of a joint video, since it matches both audiences.", (1.3, 2.5),
        "assumed; joint videos of two channels often bring more than twice the views, both gain (Koch et al. "
        "2018, 7,942 channels, observational)", ge=1, le=100,
    )  # fmt: skip
    cocreation_page_probability: Share = assumed(
        0.003, "Chance that a viewer of a joint video opens the co-author's page.", (0.0005, 0.01),
        "assumed; views of one's own page are 0.33-0.51 % of video views (TikTok)", unit="per impression",
    )  # fmt: skip
    page_view_probability: Share = assumed(
        0.5, "Chance that a visitor who came over a link watches the newest video of the page.", (0.1, 0.95),
        "assumed; on TikTok 2.0 % of views come from profiles, about as many as visits (quso.ai)",
        unit="per visit",
    )  # fmt: skip
    visit_follow_probability: Share = measured(
        0.02, "Chance that a home-page visitor follows.", f"{KUAIRAND}: 2.1 % (89 of 4,231)",
        span=(0.01, 0.05), unit="per visit",
    )  # fmt: skip
    verified_lift: float = assumed(
        1.2, "How much verification multiplies follows on the home page.", (1.0, 2.0), ge=1, le=10
    )
    unfollow_probability: Share = measured(
        0.13, "Share of new follows that are taken back.", f"{KUAIRAND}: unfollows / follows 13 %",
        span=(0.1, 0.2), off=0.0,
    )  # fmt: skip
    unfollow_after_h: int = assumed_hours(72, "Mean hours until a follow is taken back.", (12, 336))
    cost_per_link_action_cny: float = assumed(
        1.0,
        "Cost of one follow, like, @, repost, comment, topic or joint video (labour).",
        (0, 10),
        unit="CNY",
        ge=0,
        le=1e5,
        label=NC_("key", "Cost of a link action, CNY"),
    )  # fmt: skip

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """Without links; what a visitor of a home page does, and how follows end, stay."""
        return type(self)(
            layout="none",
            visit_follow_probability=self.visit_follow_probability,
            verified_lift=self.verified_lift,
            unfollow_probability=self.unfollow_probability,
            unfollow_after_h=self.unfollow_after_h,
        )

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """Those of a channel that no link has; the layout itself may be compared."""
        off = [f"{channel}_" for channel in SHARED if channel not in self.channels]
        return frozenset(key for key in type(self).model_fields if key.startswith(tuple(off)))

    def told(self, scenario: Any, language: Language) -> str:
        """What the channels of shared distribution do, each in a sentence."""
        used = {edge[2] for edge in self.edges} if self.layout == "custom" else set(self.channels)
        if self.layout in ("none", "single"):
            return ""
        words = Words(language)
        said = {
            "repost": words(
                "Reposts: of {repost} of a sister's videos, each shown to {fans} of the reposter's fans.",
                repost=percent(self.repost_share), fans=percent(self.repost_fan_share),
            ),
            "comment": words(
                "Comments: beneath {comment} of a sister's videos; {gone} of viewers go to who stands "
                "topmost, fewer as the comment sinks within {window} h.",
                comment=percent(self.comment_share), gone=percent(self.comment_probability),
                window=self.comment_window_h,
            ),
            "topic": words(
                "Shared topic: {gone} of viewers open the topic of a video and watch the newest video there, "
                "fewer those further down; a video sinks within {window} h.",
                gone=percent(self.topic_probability), window=self.topic_window_h,
            ),
            "cocreation": words(
                "Co-creation: {joint} of an account's videos are published with {partners} sister accounts. "
                "They start at {lift} times the first exposure, and the co-authors' fans are shown them too. "
                "Who follows from the video follows the account on whose page it stands.",
                joint=percent(self.cocreation_share), partners=self.cocreation_partners,
                lift=f"{self.cocreation_lift:g}",
            ),
        }  # fmt: skip
        return "\n".join(said[channel] for channel in SHARED if channel in used)

    @model_validator(mode="after")
    def _edges_and_lists(self) -> Self:
        if self.edges and self.layout != "custom":
            raise ValueError("edges: only layout = 'custom' may list edges")
        if self.following_list_probability + self.liked_list_probability > MOST_ATTENTION:
            raise ValueError(
                f"liked_list_probability: with following_list_probability it passes {MOST_ATTENTION}, "
                "and visitors would hardly ever leave"
            )
        return self
