"""The keys of production (M14): what the brand's team can make, and what a further form of material costs.

Takes plain values; gives the frozen section production. What a post costs by itself stands with the account
that plans it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from sim.language.numbers import percent
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed, parameter
from sim.scenario.section import Section, Share

Beyond = Literal["late", "thin", "overtime"]


class Production(Section):
    """What the team can make, and the cost of the same material in several forms (M14)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Production")}
    variant_cost_share: Share = assumed(
        0.3,
        "Cost of a further form of material that the brand has posted before, as a share of the post's cost.",
        (0.1, 0.7), "assumed; a new cut, cover and caption of the same shoot, no measurement found", off=1.0,
    )  # fmt: skip
    staff: float = parameter(
        0.0, "People who make the brand's posts, outsourced ones too; with 0 whatever is planned is made.",
        unit="people", ge=0, le=1e5,
    )  # fmt: skip
    posts_per_person_day: float = assumed(
        0.5, "Posts that one of them makes a day; a further form of material takes its share of the work.",
        (0.2, 3.0), "assumed; days of rest counted, tools make it more; no measurement found",
        unit="posts/day", gt=0, le=100,
        label=NC_("key", "Posts that a person makes a day"),
    )  # fmt: skip
    beyond: Beyond = parameter(
        "late", "What becomes of posts beyond that: they come late, go out thinner, or are made overtime.",
        label=NC_("key", "Posts beyond the team's capacity"),
    )  # fmt: skip
    ahead_d: float = assumed(
        7.0, "Days before its hour from which a post can be worked on.", (1.0, 30.0), unit="d", ge=0, le=365
    )
    thin_power: Share = assumed(
        0.5, "Power of the share of its work that was done, with which a thinner post's rates fall.",
        (0.2, 1.0),
        label=NC_("key", "How steeply the rates of a thinner post fall"),
    )  # fmt: skip
    overtime_cost_factor: float = assumed(
        1.5, "Cost of work overtime over that of usual work.", (1.0, 3.0),
        "assumed; wages of overtime are 150 to 300 % by law (Labour Law of China, art. 44)", ge=1, le=20,
    )  # fmt: skip

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """Those of the team where there is none, and those of what is not done beyond its capacity."""
        of_team = {"posts_per_person_day", "ahead_d", "thin_power", "overtime_cost_factor"}
        if not self.staff:
            return frozenset(of_team)
        return frozenset({"thin_power", "overtime_cost_factor"} - _NEEDED[self.beyond])

    def told(self, scenario: Any, language: Language) -> str:
        """What the team can make, and what becomes of the rest."""
        if not self.staff:
            return ""
        words = Words(language)
        beyond = {
            "late": words("come late"),
            "thin": words("go out on time and thinner"),
            "overtime": words(
                "are finished overtime, at {factor} times the cost", factor=f"{self.overtime_cost_factor:g}"
            ),
        }[self.beyond]
        return words(
            "Production: the team makes {posts} posts a day, a further form of the same material for {share} "
            "of the work. Posts beyond that {beyond}.",
            posts=f"{self.staff * self.posts_per_person_day:g}", share=percent(self.variant_cost_share),
            beyond=beyond,
        )  # fmt: skip


_NEEDED: Mapping[str, set[str]] = {
    "late": set(),
    "thin": {"thin_power"},
    "overtime": {"overtime_cost_factor"},
}
