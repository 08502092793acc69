"""One impression: what it does to one person, and the responses it brings.

Takes a person's state, a video's thresholds and the tables of the board; gives the responses
as bits and the state after it, for one person or for a batch of them, which respond.py writes back. Holds
no domain arithmetic: every decision is a call of a rule, of rules/engagement.py about the responses, of
rules/brand.py about trust and stage.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, inlined, inner
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
from sim.rules.draws import high32, low32
from sim.rules.repetition import place_in_table
from sim.world import board as b
from sim.world.board import Board
from sim.world.fields import (
    STATE_WORD,
    completion_class_of,
    day_of,
    engagement_class_of,
    exposures_of,
    reached_of,
    row_of,
    stage_of,
    touched,
    trust_of,
)
from sim.world.population import COMPLETION, ENGAGEMENT
from sim.world.ties import set_bit

NAMED, MAYBE = 128, 256
"""Bits of an impression beyond the responses and the order: an @ was followed; one of the five responses
other than a completion may have come."""
_ORDER_BIT, _NAMED_BIT, _MAYBE_BIT = np.uint64(6), np.uint64(7), np.uint64(8)
_ONE = np.uint64(1)

BATCH = 256
"""Impressions passed over together: some 30 KiB with their people, about what the nearest cache holds."""


@inner
def match(account: Any, interest: NDArray[np.uint8]) -> Whole:
    """Level of match [0..7] of an account's topic mix and a person's interests (16,)."""
    total: Whole = np.int64(0)
    for k in range(account.topic_count):
        topic = account.topics[at(k)]
        total += account.weights[topic] * np.int64(interest[topic])
    return affinity_level(total)


@inner
def left_by_fatigue(state: Word, numbers: NDArray[np.uint64], today: Whole) -> Word:
    """What layer, kind of person and today's exposures leave of a person's responses, 16.16.

    Args:
        state: the person's state.
        numbers: as in Board.
        today: day of the hour, from 0.
    """
    exposures = e.exposures_today(exposures_of(state), day_of(state), today)
    left: Word = numbers[at(b.FATIGUE + place_in_table(row_of(state), exposures))]
    return left


@inner
def finish_multiplier(state: Word, level: Whole, multipliers: NDArray[np.uint64]) -> Word:
    """How readily a rested person finishes a video of that level of match [0..7], 16.16."""
    place = COMPLETION + level * COMPLETION_CLASSES + completion_class_of(state)
    multiplier: Word = multipliers[at(place)]
    return multiplier


@inner
def engage_multiplier(state: Word, level: Whole, multipliers: NDArray[np.uint64]) -> Word:
    """How readily a rested person engages with a video of that level of match [0..7], 16.16."""
    place = ENGAGEMENT + level * ENGAGEMENT_CLASSES + engagement_class_of(state)
    multiplier: Word = multipliers[at(place)]
    return multiplier


@inner
def left_by_time(state: Word, numbers: NDArray[np.uint64], today: Whole) -> Word:
    """What the days since the last touch leave of a person's trust, 16.16."""
    left: Word = numbers[at(b.DECAY + days_untouched(day_of(state), today))]
    return left


@inner
def step_threshold(state: Word, trust: Whole, moves: NDArray[np.uint64]) -> Word:
    """Threshold of a person's next step towards buying [1/2³²], by what trust is left [0..255]."""
    limit: Word = moves[at(stage_row(stage_of(state), trust))]
    return limit


@inner
def is_order(stage: Whole, moved: Whole) -> bool:
    """Whether a step towards buying is an order."""
    return bool((moved > stage) & (moved > INTERESTED))


@inner
def changed(state: Word, today: Whole, trust: Whole, gain: Word, completed: bool, moved: Whole) -> Word:
    """A person's state after an impression.

    Args:
        state: the state before.
        today: day of the hour, from 0.
        trust: what is left of it [0..255].
        gain: trust that a completion adds [1/255].
        completed: whether the video was finished.
        moved: what `next_stage` gave.
    """
    trust = raised_trust(trust, gain) if completed else trust
    exposures = e.exposed_once_more(e.exposures_today(exposures_of(state), day_of(state), today))
    return touched(state, today, trust, exposures, min(moved, REPEAT))


@inner
def impress(
    state: Word,
    account: Any,
    appeal: e.Appeal,
    multipliers: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    level: Whole,
    key: Word,
    today: Whole,
) -> tuple[Word, int]:
    """One impression's effect on one person.

    Args:
        state: the person's state.
        account: the author's record of ACCOUNT.
        appeal: thresholds of the video's responses.
        multipliers: as in Population.
        numbers: as in Board.
        level: match of the video's topics and the person [0..7].
        key: address of the impression.
        today: day of the hour, from 0.
    Returns: the state after it, and the responses as bits: COMPLETE … VISIT and e.ORDER.
    """
    drawn, rested = e.draws(key), left_by_fatigue(state, numbers, today)
    completed = e.completes(
        low32(drawn.first), appeal, e.chance(finish_multiplier(state, level, multipliers), rested)
    )
    own = e.chance(engage_multiplier(state, level, multipliers), rested)
    bits = e.engagement(drawn, appeal, e.engaging(own, numbers[b.BOOST], completed))
    trust = faded_trust(trust_of(state), left_by_time(state, numbers, today))
    moved = next_stage(low32(drawn.side), stage_of(state), step_threshold(state, trust, account.moves))
    bits |= e.COMPLETE if completed else 0
    bits |= e.ORDER if is_order(stage_of(state), moved) else 0
    if account.focal:
        state = changed(state, today, trust, np.uint64(account.trust_gain), completed, moved)
    return state, bits


class Batch(NamedTuple):
    """Impressions of one video on people who differ, each (BATCH,); written anew by every batch."""

    keys: NDArray[np.uint64]
    """Addresses of the impressions."""
    completion: NDArray[np.uint64]
    """Draw of the completion."""
    least: NDArray[np.uint64]
    """The smallest draw of the other five responses."""
    side: NDArray[np.uint64]
    """low: brand stage, high: an @"""
    matched: NDArray[np.int64]
    """Interest weighted by the video's topics [0..65,280]."""
    states: NDArray[np.uint64]
    """The people's states: before, then after."""
    bits: NDArray[np.uint64]
    """COMPLETE, MAYBE, e.ORDER and NAMED; first the multiplier of a completion."""
    engage: NDArray[np.uint64]
    """Multiplier of the responses other than a completion, 16.16."""
    rested: NDArray[np.uint64]
    limits: NDArray[np.uint64]
    trust: NDArray[np.int64]
    """Room for what the passes hand to one another."""


@inlined
def look(
    batch: Batch, video_key: Word, slots: NDArray[np.int64], begin: Whole, size: Whole, first: Whole
) -> None:
    """First pass, hashes alone: the processor does several at once.

    Args:
        batch: written.
        video_key: address of the video.
        slots: places in the shard.
        begin: the first of them in the batch.
        size: impressions in the batch.
        first: number of the shard's first person.
    """
    for k in range(size):
        key = e.impression_key(video_key, first + slots[at(begin + k)])
        batch.keys[at(k)] = key
        drawn = e.draws(key)
        batch.completion[at(k)] = low32(drawn.first)
        batch.least[at(k)] = e.least(drawn)
        batch.side[at(k)] = drawn.side


@inlined
def gather(
    batch: Batch,
    board: Board,
    author: Whole,
    maker: Any,
    slots: NDArray[np.int64],
    begin: Whole,
    size: Whole,
    first: Whole,
) -> Whole:
    """Second pass: memory delivers several records at once; how many people are reached for the first time.

    Arguments as in `look`, the board, who publishes the video, and whose material it shows.
    """
    users, words, reached = board.users, board.words, board.reached
    fresh = np.int64(0)
    topic = maker.topics[0]
    weight = np.int64(maker.weights[at(topic)])
    for k in range(size):
        user = first + slots[at(begin + k)]
        state = words[at(user), at(STATE_WORD)]
        fresh += 1 - reached_of(state)
        batch.states[at(k)] = state
        set_bit(reached, author, user)
        batch.matched[at(k)] = weight * np.int64(users[at(user)].interest[at(topic)])
    for n in range(1, maker.topic_count):
        topic = maker.topics[at(n)]
        weight = np.int64(maker.weights[at(topic)])
        for k in range(size):
            person = users[at(first + slots[at(begin + k)])]
            batch.matched[at(k)] += weight * np.int64(person.interest[at(topic)])
    return fresh


@inner
def impress_all(
    batch: Batch,
    size: Whole,
    account: Any,
    appeal: e.Appeal,
    multipliers: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    mention: Word,
    today: Whole,
) -> None:
    """`impress` of a batch, but for the responses that few give: those bits only say MAYBE.

    Each pass either looks things up, person by person, or works out the same for eight people at once.

    Args:
        batch: keys, draws, matches and states are read; states, bits and engage written.
        size: impressions in it.
        account: the author's record of ACCOUNT.
        appeal: thresholds of the video's responses.
        multipliers: as in Population.
        numbers: as in Board.
        mention: threshold that an @ is followed [1/2³²].
        today: day of the hour, from 0.
    """
    states, bits, engage, rested = batch.states, batch.bits, batch.engage, batch.rested
    trust, limits, side = batch.trust, batch.limits, batch.side
    largest, boost, gain = e.largest(appeal), numbers[b.BOOST], np.uint64(account.trust_gain)
    for k in range(size):
        state, level = states[at(k)], affinity_level(batch.matched[at(k)])
        rested[at(k)] = left_by_fatigue(state, numbers, today)
        bits[at(k)] = finish_multiplier(state, level, multipliers)
        engage[at(k)] = engage_multiplier(state, level, multipliers)
        limits[at(k)] = left_by_time(state, numbers, today)
    for k in range(size):
        multiplier = e.chance(bits[at(k)], rested[at(k)])
        bits[at(k)] = np.uint64(e.completes(batch.completion[at(k)], appeal, multiplier))
    for k in range(size):
        own = e.chance(engage[at(k)], rested[at(k)])
        engage[at(k)] = e.engaging(own, boost, bits[at(k)] != 0)
    for k in range(size):
        maybe = e.may_engage(batch.least[at(k)], largest, engage[at(k)])
        bits[at(k)] |= np.uint64(maybe) << _MAYBE_BIT | np.uint64(high32(side[at(k)]) < mention) << _NAMED_BIT
    for k in range(size):
        trust[at(k)] = faded_trust(trust_of(states[at(k)]), limits[at(k)])
    for k in range(size):
        limits[at(k)] = step_threshold(states[at(k)], trust[at(k)], account.moves)
    # In three passes: in one, the compiler has too many arrays to tell apart, and takes people singly.
    for k in range(size):
        limits[at(k)] = next_stage(low32(side[at(k)]), stage_of(states[at(k)]), limits[at(k)])
    for k in range(size):
        bits[at(k)] |= np.uint64(is_order(stage_of(states[at(k)]), np.int64(limits[at(k)]))) << _ORDER_BIT
    for k in range(size if account.focal else 0):
        completed, moved = bits[at(k)] & _ONE != 0, np.int64(limits[at(k)])
        states[at(k)] = changed(states[at(k)], today, trust[at(k)], gain, completed, moved)


@inner
def appeal_of(videos: NDArray[Any], video: Whole) -> e.Appeal:
    """Thresholds of a video's responses, from its record."""
    a = videos[video].appeal
    return e.Appeal(a[0], a[1], a[2], a[3], a[4], a[5])
