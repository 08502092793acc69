"""A mechanism of one's own: the platform helps newcomers, so an account's first posts start higher.

A plug-in for matrixsim in one file: the table of its keys, and the mechanism with the hooks it needs.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import Measure, measured
from sim.platform.protocol import Standing
from sim.scenario.parameter import assumed
from sim.scenario.section import Section

HELPED = measured(
    Measure(
        "helped_posts", "count", "Helped posts", "受扶持视频数",
        "Posts whose first exposure was raised.", "首轮曝光获得加成的视频数。",
    )
)  # fmt: skip
"""What it counts: with its words, so that reports name it."""


class Newcomers(Section):
    """The table [newcomers] of a scenario: each key with default, unit, source, range and limits."""

    LABEL: ClassVar[Mapping[str, str]] = {"en": "help for newcomers", "zh": "新人扶持"}
    posts: int = assumed(
        3, "Posts of an account that are helped, its first ones.", (1, 10), unit="posts", ge=1, le=1000
    )
    factor: float = assumed(
        1.0, "What their first exposure is multiplied by; 1 is off.", (1.0, 3.0), ge=1, le=100
    )

    def told(self, scenario: Any, language: Literal["en", "zh"]) -> str:
        """Its sentence in `matrixsim scenario explain`; left out, its keys are listed."""
        if language == "zh":
            return f"每个账号的前 {self.posts} 条视频，首轮曝光为 {self.factor:g} 倍。"
        return f"the first {self.posts} posts of an account get {self.factor:g} times the first exposure."


def first_exposure(result: Any) -> float:
    """Impressions in the first pool of the posts that are helped, in a finished run."""
    return float(result.promotions.filter(post_number=0, pool=1)["impressions"].sum())


class NewcomerHelp(Mechanism):
    """Newcomers: an account's first posts get a larger first exposure."""

    rows = "R15"
    section = Newcomers
    contract: ClassVar[Mapping[str, Any]] = {
        "keys": ("newcomers.posts", "newcomers.factor"),
        "off": {"newcomers.factor": 1.0},
        "on": {"newcomers.factor": 1.5},
        "more": {"newcomers.factor": 3.0},
        "raises": first_exposure,
    }
    """What the contract suite of matrixsim is told (tests/mechanisms/enrolled.py)."""

    def __init__(self, run: Run) -> None:
        self._terms: Newcomers = run.scenario.table_of("newcomers")

    def standing(self, run: Run) -> Standing:
        """A factor on the first exposure of each video; nothing else is changed."""
        helped = run.videos.rows["number"] < self._terms.posts
        same = np.ones(helped.size)
        return Standing(np.where(helped, self._terms.factor, 1.0), same, same)

    def settle(self, run: Run) -> None:
        """Counts the posts that are helped, by account, in the hour in which they come out."""
        if self._terms.factor > 1:
            out = run.videos.rows[run.videos.rows["hour"] == run.hour]
            makers = out["maker"][out["number"] < self._terms.posts]
            run.counts.book(run.hour, HELPED, np.bincount(makers, minlength=len(run.accounts.rows)))
