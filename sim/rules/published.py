"""The one live ranker whose numbers are public (P10): weights, in and out of network, age, cold start.

Takes counts and draws; gives factors, limits and a sample. Everything named here is published, of another
platform: how far a value carries is not, and is the score's (score.py). Author diversity is author scatter
(scatter.py), whose numbers come from the same source. Source: X, parameters of August 2026.

Model: the score with published weights, 100 times as much for a comment as for a play to the end; people
who do not follow see a video at three quarters of its value; nothing older than 48 h is shown; a small
author's new post may win a slot of its own by Thompson sampling on its likes.
"""

import math

from sim.compiled import Word, compiled
from sim.rules.addresses import COLD
from sim.rules.draws import child, normal

WEIGHTS = (0.05, 0.5, 5.0, 5.0, 4.0)
"""What a completion, like, comment, share and follow are worth. A share here goes to a friend (2 elsewhere).

A visit of the home page is worth 0. The source says that its weights mix value and rarity."""
OUT_OF_NETWORK = 0.75
"""Factor on the value towards people who do not follow the author."""
LIMIT_H = 48
"""Age at which a post is shown no more [h]."""
COLD_FANS, COLD_VIEWS, COLD_H = 1_000, 1_000, 24
"""Followers up to which, and views and hours below which, a post may win a slot of its own."""


@compiled
def is_cold(fans: float, seen: float, age: int) -> bool:
    """Whether a post may win a slot of its own, by its author's fans, its impressions and its age [h]."""
    return bool(fans <= COLD_FANS and seen < COLD_VIEWS and age < COLD_H)


@compiled
def sampled_rate(key: Word, age: int, likes: float, seen: float, usual: float) -> float:
    """A sample of a post's like rate from what is known of it: Beta(1 + likes, 1 / usual − 1 + seen − likes).

    Thompson sampling: little-seen posts are drawn widely, so that some win a slot and are found out about.
    Args:
        key: address of the video.
        age: of the video [h], below COLD_H.
        likes: so far.
        seen: impressions so far.
        usual: mean like rate of the category (0..1): that of the prior, which is worth 1 / usual impressions.
    Source: that it samples likes per view is published, the prior is assumed. A Beta is a ratio of two
        Gammas, each by Wilson & Hilferty 1931.
    """
    for_it = gamma(1.0 + likes, normal(child(key, COLD + 2 * age)))
    against = gamma(1.0 / usual - 1.0 + max(0.0, seen - likes), normal(child(key, COLD + 2 * age + 1)))
    return for_it / (for_it + against) if for_it > 0.0 else 0.0


@compiled
def gamma(shape: float, z: float) -> float:
    """About the quantile of a Gamma at a standard normal: shape · (1 − 1/9s + z/(3√s))³, never below 0.

    Source: Wilson & Hilferty 1931.
    """
    root: float = max(0.0, 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * math.sqrt(shape)))
    return shape * root**3
