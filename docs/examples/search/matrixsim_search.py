"""An origin of one's own: people search for the brand and find the newest post of its main account.

A plug-in for matrixsim in one file. Its origin, its measure and its key are one entry each, with their words
in both languages: tables, reports, pictures and `explain` name them from there.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import Measure, Origin, measured
from sim.rules.pools import hour_weight
from sim.scenario.parameter import assumed
from sim.scenario.section import Section
from sim.world.board import IMPRESSIONS, OTHER
from sim.world.offers import NO_OFFERS, QUOTA, offers

LISTED = measured(
    Measure(
        "search_results", "count", "Posts listed by search", "搜索展示条数",
        "Posts that search listed, hour by hour.", "各小时搜索结果中展示的视频条数之和。",
    )
)  # fmt: skip


class Searches(Section):
    """The table [search] of a scenario."""

    LABEL: ClassVar[Mapping[str, str]] = {"en": "search", "zh": "搜索"}
    daily: int = assumed(
        0, "Impressions a day that come from searches for the brand; 0 is off.", (0, 2000),
        unit="impressions", ge=0, le=1_000_000,
    )  # fmt: skip


class Search(Mechanism):
    """Search: whoever looks for the brand is shown the newest post of its main account."""

    rows = "R16"
    section = Searches
    origins = (
        Origin(
            "brand_search", "", "Brand search", "品牌搜索", said_en="by a search", said_zh="品牌搜索",
            place="search",
        ),
    )  # fmt: skip
    contract: ClassVar[Mapping[str, Any]] = {
        "keys": ("search.daily",),
        "off": {"search.daily": 0},
        "on": {"search.daily": 500},
        "origins": ("brand_search",),
        "more": {"search.daily": 5_000},
        "raises": lambda result: result.hourly.filter(origin="brand_search")["impressions"].sum(),
    }

    def __init__(self, run: Run) -> None:
        self._daily: int = run.scenario.table_of("search").daily
        self._number = run.accounts.origins.index("brand_search")
        self._newest: NDArray[np.int64] = np.zeros(0, np.int64)

    def offer(self, run: Run) -> NDArray[Any]:
        """One quota an hour, by how many people are active."""
        self._newest = np.flatnonzero(run.videos.rows["author"] == 0)[-1:]  # the main account is the first
        quota = int(self._daily * hour_weight(run.scenario.run.first_hour + run.hour) / 24)
        if not quota or not self._newest.size:
            return NO_OFFERS
        return offers(self._newest, QUOTA, self._number, OTHER, quota=quota, whose=0)

    def awaited(self) -> NDArray[np.int64]:
        """Videos that search goes on showing."""
        return self._newest if self._daily else self._newest[:0]

    def settle(self, run: Run) -> None:
        """Counts the posts that search listed."""
        came = run.tally.accounts[:, self._number, IMPRESSIONS] - run.last_tally[:, self._number, IMPRESSIONS]
        run.counts.book(run.hour, LISTED, (came > 0).astype(np.int64), "brand_search")
