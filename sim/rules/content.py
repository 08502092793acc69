"""What a video's rates are (P7): two nearly independent axes of quality, length, ingredients.

Takes standard-normal draws and the author's settings; gives factors on the category's
median rates. Completion is one axis; like, comment, share, follow and visit share a common
factor on the other. Does not draw.

Model: a rate is the category's median × quality × 10^(spread × normal) × length × ingredients; engagement
rates share a common factor.
"""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Rates = TypeVar("Rates", float, NDArray[np.float64])

LENGTHS_S = (5.0, 15.0, 30.0, 50.0, 90.0, 210.0, 600.0)
"""Middles of the length bins [s]. Source: KuaiRand-Pure, rates by length per impression."""
COMPLETION_BY_LENGTH = (0.301, 0.261, 0.217, 0.153, 0.112, 0.050, 0.024)
LIKE_BY_LENGTH = (0.0377, 0.0216, 0.0207, 0.0158, 0.0154, 0.0123, 0.0090)
REFERENCE_LENGTH = 2
"""Index of the bin whose rates the medians stand for (20-40 s)."""

INGREDIENT_RATES: dict[str, tuple[str, ...]] = {
    "novelty": ("completion",),
    "counter_intuition": ("comment", "share"),
    "plain_words": ("completion", "like"),
    "resonance": ("like", "comment", "share", "follow"),
    "hot_topic": ("share", "visit"),
}
"""Which rates each ingredient of the content formula lifts. Source: assumed after the trade's
formula (猎奇, 反常识, 说人话, 共鸣, 热点)."""


def by_length(length_s: float, rates: tuple[float, ...]) -> float:
    """A rate at a length over the rate at the reference length, linear between bins.

    Example:
        >>> by_length(30.0, COMPLETION_BY_LENGTH)
        1.0
    """
    reference = rates[REFERENCE_LENGTH]
    if length_s <= LENGTHS_S[0]:
        return rates[0] / reference
    for k in range(1, len(LENGTHS_S)):
        if length_s <= LENGTHS_S[k]:
            part = (length_s - LENGTHS_S[k - 1]) / (LENGTHS_S[k] - LENGTHS_S[k - 1])
            return (rates[k - 1] + part * (rates[k] - rates[k - 1])) / reference
    return rates[-1] / reference


def quality_factor(common: float, own: float, correlation: float, spread_dex: float) -> float:
    """A video's factor on a median rate: 10^(spread · (√ρ·common + √(1−ρ)·own)).

    Args:
        common: standard normal shared by the rates of an axis.
        own: standard normal of this rate alone.
        correlation: ρ, correlation of the rates over videos [0..1].
        spread_dex: sd of log10 of the rate.
    Source: log-normal rates, KuaiRand-Pure.
    """
    return float(10.0 ** (spread_dex * (math.sqrt(correlation) * common + math.sqrt(1 - correlation) * own)))


def ingredient_factor(action: str, strengths: dict[str, float], gain: float) -> float:
    """Product of (1 + gain · strength) over the ingredients that lift a rate."""
    factor = 1.0
    for ingredient, actions in INGREDIENT_RATES.items():
        if action in actions:
            factor *= 1 + gain * strengths.get(ingredient, 0.0)
    return factor


def without_completion(rate: Rates, completion: Rates, boost: float) -> Rates:
    """The rate of those who did not finish, given the rate of all: p / (1 − c + boost·c); also of arrays."""
    return rate / (1 - completion + boost * completion)
