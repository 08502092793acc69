"""Who a person is: interests, propensities, demographics, all from one key (M1, M3).

Takes a person's key and a topic; gives small integers. People differ in what they like
(interest over topics), how often they finish videos and how readily they engage; the last
two are Beta-like. Does not know videos beyond their topic mix.

Model: strong interest in one main topic, mostly weak elsewhere; Beta-like propensities in equally likely
classes.
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled
from sim.rules.draws import child, low32

TOPICS = 16
"""Topics at most; a person has an interest in each."""
AFFINITY_LEVELS = 8
COMPLETION_CLASSES = 8
ENGAGEMENT_CLASSES = 16
ACTIVITY_CLASSES = 4
SHARD = 16_384
"""People per shard: a constant of the rules, so that quotas split alike in both engines."""
_COMPLETION, _ENGAGEMENT, _AGE, _SEX, _CITY, _SEEKS, _REPETITION = (
    np.int64(number) for number in range(1, 8)
)  # fmt: skip
"""What a draw of a person is about; interests come after."""
ACTIVITY_WEIGHTS = (10.0, 30.0, 61.0, 165.0)
"""Impressions a day of the quarters of people by activity; mean 66.5.
Source: KuaiRec quartiles 19 / 42 / 83, mean 66.5, split within quarters assumed."""
COMPLETION_BETA = (2.7, 3.6)
"""Beta fit of valid play per user. Source: KuaiRand-Pure, 8,571 users with 10+ impressions."""
ENGAGEMENT_BETA = (0.08, 4.5)
"""Beta fit of the like rate per user. Source: as COMPLETION_BETA."""


@compiled
def strength(byte: Whole, main: bool) -> Whole:
    """Interest [0..255] that a draw [0..255] stands for: 160..254 in the main topic, elsewhere mostly weak.

    Source: assumed; the cube makes most side interests small.
    """
    return 160 + ((byte * 95) >> 8) if main else (byte * byte * byte) >> 17


@compiled
def interests(key: Word, topic: Whole) -> Word:
    """A person's draws for a topic and the seven others of its eight, a byte each.

    Args:
        key: the person's key.
        topic: the topic asked about [0..15].
    """
    return child(key, 10 + (topic >> 3))


@compiled
def interest(draws: Word, topic: Whole, main_topic: Whole) -> Whole:
    """Interest in a topic [0..255]: the `strength` of the person's draw for it.

    Args:
        draws: as `interests` gives them.
        topic: the topic asked about [0..15].
        main_topic: the person's main topic [0..15].
    """
    byte = np.int64((draws >> np.uint64(8 * (topic & 7))) & np.uint64(0xFF))
    return strength(byte, topic == main_topic)


@compiled
def affinity_level(weighted_interest: Whole) -> Whole:
    """Level of match [0..7].

    Args:
        weighted_interest: Σ weight·interest over topics, weights summing to 256 [0..65,280].
    """
    return weighted_interest >> 13


@compiled
def completion_class(key: Word) -> Whole:
    """Propensity to finish videos, equally likely classes [0..7], COMPLETION_BETA."""
    return np.int64(child(key, _COMPLETION) & np.uint64(COMPLETION_CLASSES - 1))


@compiled
def engagement_class(key: Word) -> Whole:
    """Propensity to like, comment, share, follow, visit: equally likely classes [0..15], ENGAGEMENT_BETA."""
    return np.int64(child(key, _ENGAGEMENT) & np.uint64(ENGAGEMENT_CLASSES - 1))


@compiled
def put_off(key: Word, limit: Word) -> bool:
    """Whether repetition puts a person off.

    Args:
        key: the person's key.
        limit: share of people whom it does [1/2³²].
    """
    return bool(low32(child(key, _REPETITION)) < np.uint64(limit))


@compiled
def age_band(key: Word) -> Whole:
    """Age band [0..5]: below 18, 18-23, 24-30, 31-40, 41-50, above 50 (equal shares assumed)."""
    return np.int64(child(key, _AGE) % np.uint64(6))


@compiled
def sex(key: Word) -> Whole:
    """0 female, 1 male (equal shares assumed)."""
    return np.int64(child(key, _SEX) & np.uint64(1))


@compiled
def city_tier(key: Word) -> Whole:
    """City tier [1..5] (equal shares assumed)."""
    return 1 + np.int64(child(key, _CITY) % np.uint64(5))


@compiled
def seeks(key: Word, limit: Word) -> bool:
    """Whether a person looks for such a thing already, and so is interested before the first post.

    Args:
        key: the person's key.
        limit: threshold of the share of people who do [1/2³²].
    Source: a few in a hundred buyers are in the market at a time (Dawes 2021); the share is assumed.
    """
    return bool(low32(child(key, _SEEKS)) < limit)


@compiled
def shards(users: Whole) -> Whole:
    """How many shards hold so many people."""
    return (users + SHARD - 1) // SHARD


@compiled
def segment(slot: Whole, size: Whole, bounds: NDArray[np.uint64]) -> int:
    """Which segment (main topic × activity class) a slot of a shard lies in.

    Args:
        slot: place within the shard [0..size−1].
        size: people in the shard.
        bounds: cumulative shares in 1/2³², one entry a segment, the last 2³².
    """
    for k in range(bounds.size):
        if slot < segment_end(k, size, bounds):
            return k
    return bounds.size - 1


@compiled
def segment_end(place: Whole, size: Whole, bounds: NDArray[np.uint64]) -> Whole:
    """One past the last slot of a segment; arguments as of `segment`."""
    return np.int64((bounds[place] * np.uint64(size)) >> np.uint64(32))
