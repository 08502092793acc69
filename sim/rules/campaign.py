"""Waves of a campaign (M9, K4): when posts come out that a wave has drawn together, and who is late.

Takes numbers of posts and hours; gives hours. A campaign moves posts and makes none, so effort stays what it
was. Does not know accounts or topics.

Model: an account that takes part in waves publishes all its posts in them, as many in each as the wave is
long, evenly over its hours; in a wave a share of the accounts is late by some hours.
"""

from collections.abc import Sequence


def dealt(posts: int, hours: Sequence[int]) -> list[int]:
    """How many of an account's posts fall into each of its waves: in proportion to their hours.

    Args:
        posts: in all [≥ 0].
        hours: of each wave [≥ 1].
    Source: largest remainder; ties go to the earlier wave.
    Example:
        >>> dealt(7, (48, 24))
        [5, 2]
    """
    whole = sum(hours)
    counts = [posts * own // whole for own in hours]
    rest = sorted(range(len(hours)), key=lambda k: (counts[k] * whole - posts * hours[k], k))
    for k in rest[: posts - sum(counts)]:
        counts[k] += 1
    return counts


def hour_in_wave(place: int, of: int, phase: float, start: int, hours: int) -> int:
    """Hour of one of an account's posts in a wave: evenly spaced, from a place that its name fixes.

    Args:
        place: of the post, from 0.
        of: posts of the account in the wave [≥ 1].
        phase: where in its interval the account posts [0..1).
        start: first hour of the wave.
        hours: its length [≥ 1].
    """
    return start + min(hours - 1, int((place + phase) * hours / of))
