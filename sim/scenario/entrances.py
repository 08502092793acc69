"""The keys of search and nearby (P14): what these two entrances bring beside recommendation.

Takes plain values; gives the frozen section entrances.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.language.numbers import percent
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed
from sim.scenario.section import Section, Share


class Entrances(Section):
    """Search and nearby, two small origins of views (P14)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Search and nearby")}
    search_share: Share = assumed(
        0.0, "Views from search for each recommended view.", (0.0, 0.05),
        "assumed; on TikTok 1.1 % of views come from search and 85.1 % are recommended, which makes 0.013 "
        "(31,059 posts, quso.ai); an export's own shares of sources win; 0 is off",
    )  # fmt: skip
    search_wait_h: float = assumed(
        72.0, "Mean hours from a recommended view to the search that it brings.", (6.0, 720.0), unit="h",
        ge=0, le=8760,
        label=NC_("key", "From a recommended view to its search, h"),
    )  # fmt: skip
    nearby_share: Share = assumed(
        0.0, "Views from the nearby feed for each recommended view.", (0.0, 0.05),
        "assumed; exports name the source, no figure found; an export's own shares of sources win; 0 is off",
    )  # fmt: skip

    def is_off(self) -> bool:
        """Whether neither brings anything."""
        return not (self.search_share or self.nearby_share)

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """The wait too where search brings nothing."""
        return super().idle_keys(scenario) | (frozenset() if self.search_share else {"search_wait_h"})

    def told(self, scenario: Any, language: Language) -> str:
        """What both bring."""
        return Words(language)(
            "Search and nearby: a recommended view brings {search} of a view from search, after {wait} h on "
            "average, and {nearby} of one from the nearby feed. The platform does not judge a post on them.",
            search=percent(self.search_share), wait=f"{self.search_wait_h:g}",
            nearby=percent(self.nearby_share),
        )  # fmt: skip
