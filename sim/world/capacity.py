"""The plan within what the brand's team can make (M14): posts beyond it are late, or have had less work.

Takes planned posts in order; gives the hour at which each comes out and the share of its work that was done
by the planned one. Does not know rates or money. Creators make their own.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.capacity import made
from sim.scenario.production import Production

DAY_H = 24
_ROUNDING = 1e-9


class Making(NamedTuple):
    """Posts (P,) as they can be made."""

    hour: NDArray[np.int64]
    """(P,) when each comes out"""
    done: NDArray[np.float64]
    """(P,) share of its work that was done by the planned hour"""


def making(
    terms: Production, hour: NDArray[np.int64], contents: NDArray[np.uint64], own: NDArray[np.bool_]
) -> Making:
    """What the team makes of a plan; without a team, all of it.

    Args:
        terms: of the scenario.
        hour: (P,) planned hours, rising.
        contents: (P,) addresses of what is in the posts.
        own: (P,) whether the brand planned it.
    """
    found = Making(hour.copy(), np.ones(hour.size))
    if not terms.staff:
        return found
    whole = DAY_H / (terms.staff * terms.posts_per_person_day)
    again = is_known(contents, own)
    free, out = -math.inf, dict[int, int]()
    for p in np.flatnonzero(own).tolist():
        work = whole * (terms.variant_cost_share if again[p] else 1.0)
        if not work:  # it takes nobody's time, but its original has to exist
            found.hour[p] = max(hour[p], out[int(contents[p])])
            continue
        post = made(float(hour[p]), free, work, terms.ahead_d * DAY_H, terms.beyond == "late")
        free, found.done[p] = post.hour, post.done
        found.hour[p] = max(hour[p], math.ceil(free - _ROUNDING)) if terms.beyond == "late" else hour[p]
        out.setdefault(int(contents[p]), int(found.hour[p]))
    return found


def is_known(contents: NDArray[np.uint64], own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(P,) whether a post of the brand (own, (P,)) shows what an earlier one of the brand has shown."""
    known = np.zeros(own.size, bool)
    posts = np.flatnonzero(own)
    _, first = np.unique(contents[posts], return_index=True)  # the earliest of each
    known[np.delete(posts, first)] = True
    return known
