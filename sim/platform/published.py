"""The one live ranker whose numbers are public, as a platform (P10).

Takes a scenario; gives what videos flow against (flow.py): its weights of the five rates, less for those who
do not follow, no post above 48 hours, and slots of their own for small authors' new posts. How far a value
carries is not published: the power and pace of `score` stand for it. Decides nothing itself.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.platform.baseline import Baseline, background, baseline
from sim.platform.flow import FlowParameters, FlowPlatform, Rivals, parameters_of
from sim.platform.score import competing_with
from sim.rules import published
from sim.scenario.audience import Content
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario


class PublishedPlatform(FlowPlatform):
    """The score of the published weights."""

    @staticmethod
    def against(scenario: Scenario) -> tuple[Baseline, Rivals, FlowParameters]:
        """As `FlowPlatform.against`; there is no ageing but the limit."""
        p = scenario.platform
        weights, others = scored(p, scenario.content)
        numbers = parameters_of(scenario)._replace(
            half_life=math.inf, network=published.OUT_OF_NETWORK, limit=published.LIMIT_H,
            to_fans=p.fan_share, cold=True,
        )  # fmt: skip
        return baseline(scenario)._replace(weights=weights), others, numbers


@lru_cache(maxsize=64)
def scored(platform: Platform, content: Content) -> tuple[NDArray[np.float64], Rivals]:
    """(5,) the published weights of relative rates, summing to 1; the category's background by them."""
    rates, usual, _ = background(platform, content)
    worth = np.array(published.WEIGHTS) * usual
    weights = np.round(worth / worth.sum(), 9) if worth.any() else np.full(worth.size, 1.0 / worth.size)
    return weights, competing_with(rates, usual, weights, platform.published_outranked_share)
