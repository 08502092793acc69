"""The feed in T-RECS 0.2: people and items as matrices, a recommender that is asked once a step.

Runs in an environment of its own (apart.py). T-RECS scores every item for everybody and lets a
person pick one of those shown; candidates, responses, follows and promotion are ours, in its
hooks `generate_recommendations` and `_update_internal_state`.
"""

import time
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from trecs.components import Users
from trecs.models.recommender import BaseRecommender

from benchmarks.peers import feed

WORK = (
    "all 1,000 videos scored over 8 topics and the bonus, the best 5 of 20 candidates shown, one picked by true "
    "score, 5 draws; follow matrix, counts by video, pools; whole matrices of people and videos"
)


class Feed(BaseRecommender):
    """A platform with pools: the bonus of a video's pool is one more attribute, which everybody likes alike."""

    def __init__(self, users: int, seed: int) -> None:
        self.start = feed.world(users, seed)
        self.rng = np.random.default_rng(seed)
        self.bonus = np.array([*feed.POOL_BONUS, 0.0])
        self.ladder = feed.Ladder(users)
        self.follows = np.zeros((users, feed.ACCOUNTS), bool)
        super().__init__(
            users_hat=np.hstack([self.start.tastes, np.ones((users, 1), np.float32)]),
            items_hat=self.attributes(),
            users=Users(actual_user_profiles=self.start.tastes.astype(float), num_users=users, seed=seed),
            items=self.start.subjects.T.astype(float),
            num_users=users,
            num_items=feed.VIDEOS,
            num_items_per_iter=feed.SHOWN,
            seed=seed,
        )

    def attributes(self) -> NDArray[np.float32]:
        """(TOPICS + 1, V) subjects, and the bonus of the pool."""
        return np.vstack([self.start.subjects.T, self.bonus[self.ladder.pool][None].astype(np.float32)])

    def generate_recommendations(self, k: int = 1, item_indices: Any = None) -> Any:
        """The best of the candidates, which are drawn anew instead of `item_indices` (all items)."""
        shape, ladder = (self.num_users, feed.CANDIDATES), self.ladder
        pool = np.searchsorted(np.cumsum(feed.POOL_SHARE)[:-1], self.rng.random(shape))
        at = (self.rng.random(shape) * ladder.size[pool]).astype(np.int64)
        offered = ladder.order[ladder.start[pool] + at]
        return super().generate_recommendations(k, offered)

    def _update_internal_state(self, interactions: Any) -> None:
        """Draws the responses to all that was shown; a pick is not among them, so `interactions` is left."""
        video = self.items_shown.ravel()
        person = np.repeat(np.arange(self.num_users), feed.SHOWN)
        match = (self.start.tastes[person] * self.start.subjects[video]).sum(axis=1)
        self.ladder.counts[0] += np.bincount(video, minlength=feed.VIDEOS)
        hit: NDArray[np.bool_] = np.zeros(video.size, bool)
        for action, (base, slope) in enumerate(zip(feed.BASE, feed.SLOPE, strict=True)):
            hit = self.rng.random(video.size) < base + slope * match
            self.ladder.counts[1 + action] += np.bincount(video[hit], minlength=feed.VIDEOS)
        self.follows[person[hit], self.start.account[video[hit]]] = True
        self.ladder.judge()
        self.items_hat.value = self.attributes()


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    model = Feed(users, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses measurements, which the counts stand for
        model.run(hours, disable_tqdm=True)
    return model.ladder.done(time.perf_counter() - started)


if __name__ == "__main__":
    feed.tell(run, "trecs", WORK)
