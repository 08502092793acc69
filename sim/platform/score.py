"""The platform as a continuous score (P10): a video's value is predicted from its five rates.

Takes a scenario; gives what videos flow against (flow.py). Decides nothing itself.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.platform.baseline import Baseline, background, baseline
from sim.platform.flow import FlowParameters, FlowPlatform, Rivals, parameters_of
from sim.rules import pools
from sim.scenario.audience import Content
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario

NOT_RANKED = np.zeros(0), np.zeros((0, 0))
MOST_EVIDENCE = 1e9
"""Where videos do not differ, no count speaks for any of them."""


class ScorePlatform(FlowPlatform):
    """The score of the category's weights."""

    @staticmethod
    def against(scenario: Scenario) -> tuple[Baseline, Rivals, FlowParameters]:
        """As `FlowPlatform.against`."""
        return baseline(scenario), rivals(scenario.platform, scenario.content), parameters_of(scenario)


@lru_cache(maxsize=64)
def rivals(platform: Platform, content: Content) -> Rivals:
    """The competing background of a category: fixed videos, neither the seed's nor the scenario's own."""
    rates, usual, weights = background(platform, content)
    return competing_with(rates, usual, weights, platform.score_outranked_share)


def competing_with(
    rates: NDArray[np.float64], usual: NDArray[np.float64], weights: NDArray[np.float64], outranked: float
) -> Rivals:
    """The background, scored by some weights.

    Evidence is the noise of a score on one impression over the variance of values between videos.

    Args:
        rates: (videos, 5) of the background.
        usual: (5,) its mean rates.
        weights: (5,) of the rates relative to the usual ones, summing to 1.
        outranked: share of its videos that are worth no more than their first exposure.
    """
    spread = weights / np.where(usual > 0, usual, np.inf)
    values = np.minimum(pools.RATIO_CAP, rates / np.where(usual > 0, usual, np.inf)) @ weights
    noise = float((rates * (1.0 - rates) @ spread**2).mean())
    between = float(values.var())
    evidence = min(noise / between, MOST_EVIDENCE) if between > 0.0 else MOST_EVIDENCE
    level = float(np.quantile(values, outranked, method="inverted_cdf"))
    # Rounded, so that sums taken in another order on another machine make no difference.
    return Rivals(round(float(values.mean()), 6), round(level, 6), float(round(evidence)), *NOT_RANKED)
