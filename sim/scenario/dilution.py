"""The keys of dilution (P2): how like and comment rates change with how many have seen a video.

Takes plain values; gives the frozen section dilution.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.language.numbers import spelt
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed, measured, parameter
from sim.scenario.section import Section, Share

SEARCHES = "TikTok searches, 4,268 posts"


class Dilution(Section):
    """Like and comment rates that depend on reach (P2)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Rates by reach")}
    SWITCH = "rates"
    rates: bool = parameter(
        True,
        "Whether like and comment rates depend on how many have seen a video; the platform allows for it.",
        off=False,
    )
    warm_factor: float = measured(
        7.0, "Factor on the like rate of a video's first viewer, its warm circle.",
        f"median like rates by views, {SEARCHES}: 4.0 % below 300, 2.0 % to 1,000, 1.1 % to 3,000, 0.9 % to "
        "10,000; the fit fixes factor − 1 times the circle at 900, and the factor itself loosely",
        span=(4.0, 20.0), ge=1, le=1000,
        label=NC_("key", "Like rate of a video's first viewer, factor"),
    )  # fmt: skip
    warm_views: float = measured(
        150.0, "Impressions in which that warmth falls to 1/e.", "the same fit", span=(50.0, 300.0),
        unit="impressions", gt=0, le=1_000_000,
        label=NC_("key", "Impressions in which the warmth of the first viewers fades"),
    )  # fmt: skip
    comment_power: Share = measured(
        0.36, "Power with which the comment rate falls as more have seen a video; 0 leaves it.",
        f"set so that comments grow as views to the power 0.76 ({SEARCHES}), 0.87 (7,583 Kuaishou videos), "
        "0.92 (254 creators), though videos that are commented on more are shown more", span=(0.25, 0.45),
    )  # fmt: skip
    comment_views: float = assumed(
        100.0, "Impressions from which it begins to fall.", (50.0, 1_000.0),
        f"assumed; it falls from the least seen videos on (pooled, {SEARCHES}: 0.57 % below 300, 0.30 % to "
        "1,000)", unit="impressions", gt=0, le=1_000_000,
        label=NC_("key", "Impressions from which the comment rate falls"),
    )  # fmt: skip

    def told(self, scenario: Any, language: Language) -> str:
        """What the first viewers do, and how comments fall."""
        return Words(language)(
            "Rates by reach: a video's first viewer likes it {factor} times as often as later ones, which "
            "falls to 1/e within {circle} impressions; from {views} impressions on the comment rate falls "
            "with the power {power}. The platform compares videos at like reach.",
            factor=f"{self.warm_factor:g}", circle=spelt(self.warm_views, language),
            views=spelt(self.comment_views, language), power=f"{self.comment_power:g}",
        )  # fmt: skip
