"""The platform as a race (P10): a video is ranked among its category's videos at as many impressions.

Takes a scenario; gives what videos flow against (flow.py): the scores of the fixed background at numbers of
impressions that double, each with the luck of so small a sample. Decides nothing itself.
"""

from functools import lru_cache

import numpy as np

from sim.platform.baseline import BACKGROUND_VIDEOS, Baseline, background, background_scores, baseline
from sim.platform.flow import FlowParameters, FlowPlatform, Rivals, parameters_of
from sim.rules.addresses import BACKGROUND
from sim.rules.draws import root_key
from sim.scenario.audience import Content
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario

STEPS = 16
"""Doublings of the first exposure at which the category is ranked; above, ranks stay (chosen)."""


class PercentilePlatform(FlowPlatform):
    """The value is one over the share of the category that is as good."""

    @staticmethod
    def against(scenario: Scenario) -> tuple[Baseline, Rivals, FlowParameters]:
        """As `FlowPlatform.against`."""
        p = scenario.platform
        numbers = parameters_of(scenario)._replace(power=p.percentile_reach_power)
        return baseline(scenario), ranked(p, scenario.content), numbers


@lru_cache(maxsize=8)
def ranked(platform: Platform, content: Content) -> Rivals:
    """The category's background, ranked at each number of impressions."""
    rates, usual, weights = background(platform, content)
    exposures = np.array([platform.pools[0] << step for step in range(STEPS)], np.float64)
    scores = np.empty((STEPS, BACKGROUND_VIDEOS))
    for step, size in enumerate(exposures):
        own = scores[step]
        background_scores(own, rates, root_key(0, BACKGROUND), step, int(size), usual, weights, 0.0)
        own.sort()
    level = 1.0 / (1.0 - platform.percentile_outranked_share)
    return Rivals(1.0, round(level, 6), 0.0, exposures, scores)
