"""One impression: what it does to one person, and the responses it brings.

Takes a person, a video's thresholds and the tables of the board; gives the responses as bits
and updates the person. Holds no domain arithmetic: every decision is a call of a rule.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, inner, woven
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


class Glance(NamedTuple):
    """What the draws of an impression come to at first sight: little, of many people at once."""

    completion: Word
    """Draw of the completion."""
    least: Word
    """The smallest draw of the other five responses."""
    side: Word
    """low: brand stage, high: an @"""


@inner
def glance_at(drawn: e.Draws) -> Glance:
    """The first sight of the draws of an impression."""
    return Glance(low32(drawn.first), e.least(drawn), drawn.side)


@inner
def match(account: Any, interest: NDArray[np.uint8]) -> Whole:
    """Level of match [0..7] of an account's topic mix and a person's interests (16,)."""
    total: Whole = 0
    for k in range(account.topic_count):
        topic = account.topics[at(k)]
        total += account.weights[topic] * np.int64(interest[topic])
    return affinity_level(total)


@woven
def impress(
    person: Any,
    account: Any,
    appeal: e.Appeal,
    largest: Word,
    gain: Word,
    multipliers: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    level: Whole,
    key: Word,
    glance: Glance,
    today: Whole,
) -> int:
    """One impression's effect on one person; the responses as bits.

    Args:
        person: record of PERSON, updated.
        account: the author's record of ACCOUNT.
        appeal: thresholds of the video's responses.
        largest: of those other than for a completion.
        gain: trust that a completion adds [1/255].
        multipliers: as in Population.
        numbers: as in Board.
        level: match of the video's topics and the person [0..7].
        key: address of the impression.
        glance: what its draws come to at first sight.
        today: day of the hour, from 0.
    Returns: COMPLETE … VISIT and ORDERED.
    """
    exposures = e.exposures_today(np.int64(person.exposures), np.int64(person.day), today)
    tired = numbers[at(b.FATIGUE + exposures)]
    finish = multipliers[at(COMPLETION + level * COMPLETION_CLASSES + person.completion_class)]
    engage = multipliers[at(ENGAGEMENT + level * ENGAGEMENT_CLASSES + person.engagement_class)]
    completed = e.completes(glance.completion, appeal, e.chance(finish, tired))
    engage = e.engaging(e.chance(engage, tired), numbers[b.BOOST], completed)
    bits = e.COMPLETE if completed else 0
    if e.may_engage(glance.least, largest, engage):  # few, so most are spared five comparisons
        bits |= e.engagement(e.draws(key), appeal, engage)
    trust = faded_trust(person.trust, numbers[at(b.DECAY + days_untouched(person.day, today))])
    stage = np.int64(person.stage)
    moved = next_stage(low32(glance.side), stage, account.moves[at(stage_row(stage, trust))])
    if (moved > stage) & (moved > INTERESTED):  # as one question: the first alone is hard to foresee
        bits |= ORDERED
        person.orders += 1
    person.stage = min(moved, REPEAT)
    person.trust = raised_trust(trust, gain if completed else np.uint64(0))
    person.exposures = e.exposed_once_more(exposures)
    person.day = today
    return bits


@inner
def appeal_of(videos: NDArray[Any], video: Whole) -> e.Appeal:
    """Thresholds of a video's responses, from its record."""
    a = videos[video].appeal
    return e.Appeal(a[0], a[1], a[2], a[3], a[4], a[5])
