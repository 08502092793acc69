"""How people move towards buying (K3, E1): unaware, aware, interested, customer, repeat.

Takes a person's stage and trust and what the source carries; gives the next stage. KOLs
mostly raise awareness, KOCs mostly trust, and trust lifts interest and orders. Does not
know which tier a source is: only its two multipliers.
"""

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.rules.engagement import chance

UNAWARE, AWARE, INTERESTED, CUSTOMER, REPEAT = range(5)
STAGES = ("unaware", "aware", "interested", "customer", "repeat")
TRUST_LEVELS = 8
DECAY_DAYS = 64


class Persuasion(NamedTuple):
    """What one impression of a video can move [1/2³²], and the trust a completion adds [1/255]."""

    aware: int
    interest: int
    order: int
    repeat: int
    trust_gain: int


@compiled
def next_stage(draw, stage, trust_multiplier, persuasion):
    """The stage after one impression; above INTERESTED a move (or staying at REPEAT) is an order.

    Args:
        draw: 32-bit draw.
        stage: UNAWARE … REPEAT.
        trust_multiplier: what the person's trust multiplies interest and orders by, 16.16.
        persuasion: thresholds of the video's source.
    Returns:
        next stage; the same stage for no move; REPEAT + 1 for an order of a repeat customer.
    Source: stages assumed (funnel of the trade); one impression moves one step at most.
    """
    if stage == UNAWARE:
        return AWARE if draw < persuasion.aware else UNAWARE
    if stage == AWARE:
        return INTERESTED if draw < chance(persuasion.interest, trust_multiplier) else AWARE
    if stage == INTERESTED:
        return CUSTOMER if draw < chance(persuasion.order, trust_multiplier) else INTERESTED
    return stage + 1 if draw < chance(persuasion.repeat, trust_multiplier) else stage


@compiled
def days_untouched(last_day, today):
    """Days since the last touch, as far as trust remembers [0..DECAY_DAYS−1]."""
    return min(np.int64(today) - np.int64(last_day), DECAY_DAYS - 1)


@compiled
def faded_trust(trust, factor):
    """Trust [0..255] after the days without a touch, whose 16.16 factor is given."""
    return np.int64(chance(trust, factor))


@compiled
def trust_level(trust):
    """Level of trust [0..7]."""
    return np.int64(trust) >> 5
