"""One impression: what it does to one person, and the responses it brings.

Takes a person, a video's thresholds and the tables of the board; gives the responses as bits
and updates the person. Holds no domain arithmetic: every decision is a call of a rule.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, inner, woven
from sim.rules import engagement as e
from sim.rules.audience import COMPLETION_CLASSES, ENGAGEMENT_CLASSES, affinity_level
from sim.rules.brand import (
    INTERESTED,
    REPEAT,
    days_untouched,
    faded_trust,
    next_stage,
    raised_trust,
    stage_row,
)
from sim.rules.draws import low32
from sim.world import board as b
from sim.world.population import COMPLETION, ENGAGEMENT

ORDERED, NAMED = 64, 128
"""Bits of an impression beyond the six responses: an order was placed; an @ was followed."""


@inner
def match(account: Any, interest: NDArray[np.uint8]) -> Whole:
    """Level of match [0..7] of an account's topic mix and a person's interests (16,)."""
    total: Whole = 0
    for k in range(account.topic_count):
        topic = account.topics[k]
        total += account.weights[topic] * np.int64(interest[topic])
    return affinity_level(total)


@woven
def impress(
    person: Any,
    account: Any,
    appeal: e.Appeal,
    multipliers: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    level: Whole,
    drawn: e.Draws,
    today: Whole,
) -> int:
    """One impression's effect on one person; the responses as bits.

    Args:
        person: record of PERSON, updated.
        account: the author's record of ACCOUNT.
        appeal: thresholds of the video's responses.
        multipliers: as in Population.
        numbers: as in Board.
        level: match of the video's topics and the person [0..7].
        drawn: draws of the impression.
        today: day of the hour, from 0.
    Returns: COMPLETE … VISIT and ORDERED.
    """
    exposures = e.exposures_today(np.int64(person.exposures), np.int64(person.day), today)
    tired = numbers[b.FATIGUE + exposures]
    finish = multipliers[COMPLETION + level * COMPLETION_CLASSES + person.completion_class]
    engage = multipliers[ENGAGEMENT + level * ENGAGEMENT_CLASSES + person.engagement_class]
    bits = e.response(drawn, appeal, e.chance(finish, tired), e.chance(engage, tired), numbers[b.BOOST])
    trust = faded_trust(person.trust, numbers[b.DECAY + days_untouched(person.day, today)])
    stage = np.int64(person.stage)
    moved = next_stage(low32(drawn.side), stage, account.moves[stage_row(stage, trust)])
    if moved > stage and moved > INTERESTED:
        bits |= ORDERED
        person.orders += 1
    person.stage = min(moved, REPEAT)
    if bits & e.COMPLETE:
        trust = raised_trust(trust, account.trust_gain)
    person.trust = trust
    person.exposures = e.exposed_once_more(exposures)
    person.day = today
    return bits


@inner
def appeal_of(videos: NDArray[Any], video: Whole) -> e.Appeal:
    """Thresholds of a video's responses, from its record."""
    a = videos[video].appeal
    return e.Appeal(a[0], a[1], a[2], a[3], a[4], a[5])
