"""The keys of fans erased (P6, X6): how often the platform takes away what same content has won.

Takes plain values; gives the frozen section cleaning. What counts as the same content stands in [platform]
and, of creators' posts, in [seeding].
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.language.numbers import percent
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed
from sim.scenario.section import Section, Share


class Cleaning(Section):
    """Fans that the platform erases, because same content has won them (P6, X6)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Fans erased")}
    SWITCH = "share"
    share: Share = assumed(
        0.0, "Share of the fans won by same content that each cleaning of the platform erases.", (0.0, 1.0),
        "assumed; that fans won by copied content are erased is a rule, how many is not published; 0 erases "
        "nobody",
    )  # fmt: skip
    interval_d: int = assumed(
        7, "Days from one cleaning to the next.", (1, 30),
        "assumed; the platform reports what it has cleaned month by month", unit="d", ge=1, le=365,
    )  # fmt: skip
    alike_from: float = assumed(
        1.0, "Copies that came out before a post, from which what it wins counts as won by same content.",
        (0.5, 20.0),
        "assumed; a ring of about 20 accounts with identical content is cited as an example (official), no "
        "threshold is published", unit="posts", ge=0, le=1e6,
        label=NC_("key", "Copies from which a post counts as same content"),
    )  # fmt: skip

    def told(self, scenario: Any, language: Language) -> str:
        """How many fans are erased, and when."""
        return Words(language)(
            "Fans erased: every {days} days the platform takes away {share} of the fans that posts won whose "
            "content had come out {alike} times or more.",
            days=self.interval_d, share=percent(self.share), alike=f"{self.alike_from:g}",
        )  # fmt: skip
