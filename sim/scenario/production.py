"""The keys of production (M14): what a further form of material costs that the brand has made already.

Takes plain values; gives the frozen section production. What a post costs by itself stands with the account
that plans it.
"""

from collections.abc import Mapping
from typing import ClassVar

from sim.language.words import N_, Language
from sim.scenario.parameter import assumed
from sim.scenario.section import Section, Share


class Production(Section):
    """Cost of the same material in several forms (M14)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Production")}
    variant_cost_share: Share = assumed(
        0.3,
        "Cost of a further form of material that the brand has posted before, as a share of the post's cost.",
        (0.1, 0.7), "assumed; a new cut, cover and caption of the same shoot, no measurement found", off=1.0,
    )  # fmt: skip
