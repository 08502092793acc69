"""How a person responds to a video (P2, P7): finish, like, comment, share, follow, visit.

Takes the video's base thresholds, the person's multipliers and a key; gives a bit a
response. Draws carry the address (video, user, action) and no hour, so the same person
meeting the same video responds alike in every layout. Does not know who shows the video.

A viewer who finished engages `boost` times as often as one who did not; base thresholds
are those of a viewer who did not finish, so that the mean over all viewers is the video's rate.

Model: a threshold per action, multiplied by person, match, tiredness and, after a completion, by a boost.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled
from sim.rules.draws import GOLD, ONE_32, high32, low32, mix

COMPLETE, LIKE, COMMENT, SHARE, FOLLOW, VISIT = 1, 2, 4, 8, 16, 32
ORDER = 64
"""Beside the six responses: the impression brought an order."""
ACTIONS = ("completion", "like", "comment", "share", "follow", "visit")
"""Order of the actions wherever a row of rates has six entries; bit 1 << k is action k."""
_FIXED = np.uint64(16)
_LARGEST, _CERTAIN = np.uint64(ONE_32 - 1), np.uint64(ONE_32)
Factors = NDArray[np.uint64]


class Appeal(NamedTuple):
    """A video's thresholds for a neutral person [1/2³²]; engagement is 'did not finish'."""

    completion: Word
    like: Word
    comment: Word
    share: Word
    follow: Word
    visit: Word


class Draws(NamedTuple):
    """The hashes of one impression, two 32-bit draws each."""

    first: Word
    """low: completion, high: like"""
    second: Word
    """low: comment, high: share"""
    third: Word
    """low: follow, high: visit"""
    side: Word
    """low: brand stage, high: an @"""


@compiled
def chance(threshold: Word, multiplier: Word) -> Word:
    """A threshold [1/2³²] times a 16.16 multiplier, rounded down; past 2³² it is certain."""
    return (np.uint64(threshold) * np.uint64(multiplier)) >> _FIXED


def product(factor: Factors, other: Factors) -> Factors:
    """Two lifts [16.16, below 2³²] as one, rounded down."""
    both: Factors = np.minimum((factor * other) >> _FIXED, _LARGEST)
    return both


@compiled
def lifted(threshold: Word, factor: Word) -> Word:
    """A video's threshold [1/2³²] times a lift [16.16, cut to 32 bits], rounded down; certain is certain."""
    return min((np.uint64(threshold) * min(np.uint64(factor), _LARGEST)) >> _FIXED, _CERTAIN)


@compiled
def impression_key(video_key: Word, user: Whole) -> Word:
    """The address of one person meeting one video."""
    return mix(np.uint64(video_key) + (np.uint64(user) + np.uint64(1)) * GOLD)


@compiled
def draws(key: Word) -> Draws:
    """The draws of an impression: six responses, the brand stage, an @.

    Args:
        key: address of the impression.
    """
    key = np.uint64(key)
    return Draws(
        mix(key + GOLD), mix(key + np.uint64(2) * GOLD), mix(key + np.uint64(3) * GOLD), side_draws(key)
    )


@compiled
def side_draws(key: Word) -> Word:
    """Two further draws of an impression: low for the brand stage, high for an @."""
    return mix(np.uint64(key) + np.uint64(4) * GOLD)


@compiled
def least(drawn: Draws) -> Word:
    """The smallest of the five draws that decide about responses other than a completion."""
    second, third = drawn.second, drawn.third
    return min(high32(drawn.first), low32(second), high32(second), low32(third), high32(third))


@compiled
def largest(appeal: Appeal) -> Word:
    """The largest of the five thresholds of responses other than a completion."""
    return max(appeal.like, appeal.comment, appeal.share, appeal.follow, appeal.visit)


@compiled
def completes(draw: Word, appeal: Appeal, multiplier: Word) -> bool:
    """Whether a person finishes the video.

    Args:
        draw: low draw of `Draws.first`.
        appeal: base thresholds of the video.
        multiplier: person × match × tiredness, 16.16.
    """
    return bool(np.uint64(draw) < chance(appeal.completion, multiplier))


@compiled
def engaging(multiplier: Word, boost: Word, completed: bool) -> Word:
    """The multiplier of the five responses other than a completion, 16.16.

    Args:
        multiplier: person × match × tiredness, 16.16.
        boost: factor on engagement after a completion, 16.16.
        completed: whether the video was finished.
    Source: completed against not: like x3.2, comment x5, share x3.4, follow x3 (KuaiRand).
    """
    boosted = chance(multiplier, boost)  # taken always, so that no processor has to guess who finishes
    return boosted if completed else np.uint64(multiplier)


@compiled
def may_engage(smallest: Word, threshold: Word, multiplier: Word) -> bool:
    """Whether any of the five responses other than a completion can have come; if not, `engagement` is 0.

    Args:
        smallest: `least` of the draws.
        threshold: `largest` of the video's thresholds.
        multiplier: as `engaging` gives it.
    """
    return bool(np.uint64(smallest) < chance(threshold, multiplier))


@compiled
def engagement(drawn: Draws, appeal: Appeal, multiplier: Word) -> int:
    """The responses other than a completion, a bit each (LIKE … VISIT).

    Args:
        drawn: draws of the impression.
        appeal: base thresholds of the video.
        multiplier: as `engaging` gives it.
    """
    bits = 0
    if high32(drawn.first) < chance(appeal.like, multiplier):
        bits |= LIKE
    if low32(drawn.second) < chance(appeal.comment, multiplier):
        bits |= COMMENT
    if high32(drawn.second) < chance(appeal.share, multiplier):
        bits |= SHARE
    if low32(drawn.third) < chance(appeal.follow, multiplier):
        bits |= FOLLOW
    if high32(drawn.third) < chance(appeal.visit, multiplier):
        bits |= VISIT
    return bits


@compiled
def response(
    drawn: Draws, appeal: Appeal, completion_multiplier: Word, engagement_multiplier: Word, boost: Word
) -> int:
    """The responses to one impression, a bit each (COMPLETE … VISIT).

    Args:
        drawn: its draws.
        appeal: base thresholds of the video.
        completion_multiplier: person × match × tiredness, 16.16.
        engagement_multiplier: the same for the other five actions, 16.16.
        boost: factor on engagement after a completion, 16.16.
    """
    completed = completes(low32(drawn.first), appeal, completion_multiplier)
    bits = engagement(drawn, appeal, engaging(engagement_multiplier, boost, completed))
    return bits | COMPLETE if completed else bits


@compiled
def exposures_today(exposures: Whole, day: Whole, today: Whole) -> Whole:
    """Brand exposures counted today before this one [0..15]; yesterday's are forgotten.

    Args:
        exposures: counted on `day` [0..15].
        day: day of the last touch.
        today: day of this impression.
    """
    return exposures if day == today else 0


@compiled
def exposed_once_more(exposures: Whole) -> Whole:
    """Exposures counted today after one more; 15 stands for 15 and more."""
    return min(15, exposures + 1)
