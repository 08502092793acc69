"""The keys of topic heat (P9): when a topic is hot, and what its videos gain by it.

Takes plain values; gives the frozen section topics. Which topics there are stands in [audience].
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.language.numbers import percent, spelt
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed, assumed_hours, parameter
from sim.scenario.section import Section, Share


class Topics(Section):
    """Topics that become hot by posts and engagement, and exposure that hot topics bring (P9)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Topic heat")}
    SWITCH = "heat"
    heat: bool = parameter(False, "Whether topics can become hot.")
    window_h: int = assumed_hours(
        48,
        "Hours over which posts and engagement make a topic hot; its page lists the videos of so many hours.",
        (12, 168),
        "assumed; a third of a video's lifetime views come within 24 h, 38 % within 48 h (2 B videos)",
        label=NC_("key", "Window of topic heat, h"),
    )  # fmt: skip
    post_weight: int = assumed(
        10, "Engagements that one post about the topic counts for.", (1, 100), unit="engagements", ge=0,
        le=1_000_000,
    )  # fmt: skip
    threshold: int = assumed(
        1_000, "Heat (posts and engagement within the window) from which a topic is hot.", (100, 100_000),
        "assumed; platforms publish none, and only the scenario's own posts count", unit="engagements", ge=1,
        le=1_000_000_000_000,
        label=NC_("key", "Heat from which a topic is hot"),
    )  # fmt: skip
    lift: float = assumed(
        1.2,
        "Factor on what a hot topic's videos are shown: on the first exposure of those that come out, each "
        "hour of those that are out.",
        (1.0, 2.0),
        "assumed; a trending song goes with 20 % more for accounts under 5,000 fans (600,000 TikToks)", ge=1,
        le=100, label=NC_("key", "Factor on what a hot topic's videos are shown"),
    )  # fmt: skip
    page_share: Share = assumed(
        0.002, "Share of the people of a hot topic who open its page on a day and watch one of its videos.",
        (0.0, 0.02),
        label=NC_("key", "People who open a hot topic's page on a day, share"),
    )  # fmt: skip

    def told(self, scenario: Any, language: Language) -> str:
        """When a topic is hot, and what that brings."""
        return Words(language)(
            "Topic heat: a topic is hot from {threshold} engagements within {window} h, a post counting "
            "for {weight}. Then its videos get {lift} times the exposure, and {share} of its people open "
            "its page a day.",
            threshold=spelt(self.threshold, language),
            window=self.window_h,
            weight=self.post_weight,
            lift=f"{self.lift:g}",
            share=percent(self.page_share),
        )
