"""The keys of enforcement (X6): how matrices are found out, and what that costs them.

Takes plain values; gives the frozen section enforcement. Bands and caps are published and stand with the
rules.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from sim.language.numbers import percent
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed, published
from sim.scenario.section import Section, Share

Weight = Annotated[float, Field(ge=0, le=1000)]


def _weight(default: float, what: str, known: str, label: str) -> Any:
    doc = f"What {what} count for in being found out."
    return assumed(default, doc, (0.0, 3.0), f"assumed; {known} (official)", label=label)


class Enforcement(Section):
    """What the platform does about matrices: same content, accounts draining to one another (X6)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Enforcement")}
    SWITCH = "hazard"
    hazard: float = assumed(
        0.0, "Violations a month found at an account whose links, content and hours give its matrix away.",
        (0.0, 4.0),
        "assumed; named as violations since 2025-04-28, 3.3 million accounts in one month, no rate "
        "published; 0 finds nothing", ge=0, le=1000,
        label=NC_("key", "Violations found a month"),
    )  # fmt: skip
    relation_weight: Weight = _weight(
        1.0, "links to sister accounts by follow, like, @ and comment", "relations are read",
        NC_("key", "Weight of links in being found out"),
    )  # fmt: skip
    similarity_weight: Weight = _weight(
        1.0, "posts that repeat a sister's content", "content is read",
        NC_("key", "Weight of repeated content in being found out"),
    )  # fmt: skip
    synchrony_weight: Weight = _weight(
        0.5, "posts in the same hour as sisters", "behaviour is read",
        NC_("key", "Weight of posting in the same hour in being found out"),
    )  # fmt: skip
    window_d: int = assumed(7, "Days of posts that are looked at.", (1, 30), unit="d", ge=1, le=365)
    points: float = published(
        10.0, "Points that a violation takes off a health of 100.", "1 to 10 a violation (Douyin)",
        span=(1.0, 10.0), unit="points", ge=0, le=100,
    )  # fmt: skip
    won_back: float = assumed(
        0.5, "Points that a day without a violation wins back.", (0.0, 2.0),
        "assumed; points are won back by clean posting, at what pace is not published",
        unit="points", ge=0, le=100,
    )  # fmt: skip
    cut: Share = assumed(
        0.3, "Share of its impressions that an account loses with each band of health below 70.", (0.1, 0.6),
        "assumed; that it is recommended less is published, by how much is not",
        label=NC_("key", "Impressions lost with each band of health"),
    )  # fmt: skip

    @property
    def weights(self) -> tuple[float, float, float]:
        """Of relation, similarity and synchrony."""
        return self.relation_weight, self.similarity_weight, self.synchrony_weight

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        if self.hazard and not any(self.weights):
            raise ValueError(
                "relation_weight: is 0 as similarity_weight and synchrony_weight are, so nothing could be "
                "found; allowed: a number above 0 and at most 1,000"
            )
        return self

    def told(self, scenario: Any, language: Language) -> str:
        """How often a matrix is found out, and what it costs."""
        return Words(language)(
            "Enforcement: an account whose links, content and hours give its matrix away entirely has "
            "{hazard} violations a month, each {points} points off 100. Below 70 points it posts once a day, "
            "three times a week, and each band takes {cut} of its impressions.",
            hazard=f"{self.hazard:g}",
            points=f"{self.points:g}",
            cut=percent(self.cut),
        )
