"""How people move towards buying (K3, E1): unaware, aware, interested, customer, repeat.

Takes a person's stage and trust and what the source carries; gives the next stage. KOLs
mostly raise awareness, KOCs mostly trust, and trust lifts interest and orders. Does not
know which tier a source is: only its two multipliers.

Model: one step at most an impression; awareness and trust multiply by source, trust fades by half-life;
some people are interested before the first post.
"""

from typing import NamedTuple

import numpy as np

from sim.compiled import Whole, Word, compiled
from sim.rules.engagement import chance

UNAWARE, AWARE, INTERESTED, CUSTOMER, REPEAT = range(5)
STAGES = ("unaware", "aware", "interested", "customer", "repeat")
TRUST_LEVELS = 8
"""Levels of trust that are told apart."""
DECAY_DAYS = 64
"""Days without a touch that are told apart; after more, trust fades no further."""


class Persuasion(NamedTuple):
    """What one impression of a source can move [1/2³²]."""

    aware: Word
    interest: Word
    order: Word
    repeat: Word


@compiled
def stage_threshold(stage: Whole, trust_multiplier: Word, persuasion: Persuasion) -> Word:
    """Threshold of the next step [1/2³²].

    Args:
        stage: UNAWARE … REPEAT.
        trust_multiplier: what the person's trust multiplies interest and orders by, 16.16.
        persuasion: thresholds of the source.
    Source: stages assumed (funnel of the trade).
    """
    if stage == UNAWARE:
        return np.uint64(persuasion.aware)
    if stage == AWARE:
        return chance(persuasion.interest, trust_multiplier)
    if stage == INTERESTED:
        return chance(persuasion.order, trust_multiplier)
    return chance(persuasion.repeat, trust_multiplier)


@compiled
def trust_level(trust: Whole) -> Whole:
    """Level [0..7] of a trust [0..255]."""
    return np.int64(trust) >> 5


@compiled
def stage_row(stage: Whole, trust: Whole) -> Whole:
    """Place of a stage and a trust [0..255] in a table of thresholds by stage and trust level."""
    return stage * TRUST_LEVELS + trust_level(trust)


@compiled
def next_stage(draw: Word, stage: Whole, limit: Word) -> Whole:
    """The stage after one impression; above INTERESTED a move (or staying at REPEAT) is an order.

    Args:
        draw: uniform draw [0..2³²−1].
        stage: UNAWARE … REPEAT.
        limit: threshold of the next step.
    Returns:
        next stage; the same stage for no move; REPEAT + 1 for an order of a repeat customer.
    Source: one impression moves one step at most (assumed).
    """
    return stage + 1 if draw < limit else stage


@compiled
def days_untouched(last_day: Whole, today: Whole) -> Whole:
    """Days since the last touch, as far as trust remembers [0..DECAY_DAYS−1]."""
    days: Whole = np.int64(today) - np.int64(last_day)
    return min(days, DECAY_DAYS - 1)


@compiled
def faded_trust(trust: Whole, factor: Word) -> Whole:
    """Trust [0..255] after days without a touch.

    Args:
        trust: as of the last touch [0..255].
        factor: what those days leave of it, 16.16.
    Source: exponential fading assumed.
    """
    return np.int64(chance(np.uint64(trust), factor))


@compiled
def raised_trust(trust: Whole, gain: Word) -> Whole:
    """Trust [0..255] after a completion.

    Args:
        trust: before it [0..255].
        gain: what a completion adds [0..255].
    Source: assumed.
    """
    raised: Whole = np.int64(trust) + np.int64(gain)
    return min(raised, 255)
