"""What a team can make (M14): when a post is finished, and how much of its work was done by its hour.

Takes hours and the work of a post; gives hours and a share. Does not know posts or what they cost.

Model: the brand's team works on one post after the other, on each from some days before its hour on; beyond
what it can make posts are late, or go out on time with the work that was done, thinner or finished overtime.
"""

from typing import NamedTuple

LEAST_WORK = 0.1
"""A thinner post has had so much of its work at the least (assumed): something is shot."""


class Made(NamedTuple):
    """One post as the team has made it."""

    hour: float
    """when it is finished, or goes out as it is"""
    done: float
    """share of its work that was done by its hour [0..1]"""


def made(hour: float, free: float, work_h: float, ahead_h: float, waits: bool) -> Made:
    """When the team is done with a post.

    Args:
        hour: at which it is planned to come out.
        free: from which the team is done with the posts before it.
        work_h: hours that the whole team needs for it [> 0].
        ahead_h: hours before its own from which it is worked on.
        waits: whether it waits until it is finished; else the team leaves it at its hour.
    Source: a queue with one server, in order of the plan; that a team works so is assumed.
    Example:
        >>> made(hour=10.0, free=4.0, work_h=12.0, ahead_h=24.0, waits=True)
        Made(hour=16.0, done=0.5)
    """
    start = max(free, hour - ahead_h)
    finished = start + work_h
    done = min(1.0, max(0.0, hour - start) / work_h)
    return Made(finished if waits or done == 1 else max(free, hour), done)


def thinner(done: float, power: float) -> float:
    """Factor on the rates of a post that went out with a share of its work [0..1].

    Args:
        done: the share.
        power: how much of the quality lies in the last of the work [0..1].
    Source: assumed.
    """
    return float(max(done, LEAST_WORK) ** power)


def overtime_cost(done: float, factor: float) -> float:
    """What a post costs, the rest of whose work was done overtime, over its usual cost.

    Args:
        done: share of the work that was not.
        factor: cost of work overtime over that of usual work.
    """
    return done + (1 - done) * factor
