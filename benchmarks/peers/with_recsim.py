"""The feed in RecSim 0.2: an environment a person, documents from a sampler, a slate a step.

Runs in an environment of its own (apart.py). RecSim knows users, documents and slates; pools,
follows and promotion are ours, in its hooks `sample_document` and `update_state`.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from gym import spaces
from numpy.typing import NDArray
from recsim import document, user
from recsim.simulator import environment

from benchmarks.peers import feed

WORK = (
    "20 candidates drawn for each person and step, equal ones once; scored by dot product over 8 topics, a top 5; "
    "5 draws a video; follow set, counts by video, pools; one Python object a person, video and response; "
    "candidates of an hour drawn at the end of the one before"
)
_BASE, _SLOPE = np.array(feed.BASE), np.array(feed.SLOPE)


class Video(document.AbstractDocument):
    """A video on its way through the pools."""

    def __init__(self, number: int, subject: NDArray[np.float32], account: int) -> None:
        super().__init__(number)
        self.subject, self.account = subject, account
        self.pool = self.shown = self.shown_in_pool = self.finished_in_pool = 0
        self.counts = np.zeros(len(feed.ACTIONS), np.int64)

    def create_observation(self) -> tuple[NDArray[np.float32], float]:
        """What the platform knows of it: its topics, and the bonus of its pool."""
        return self.subject, feed.POOL_BONUS[self.pool]

    @classmethod
    def observation_space(cls) -> Any:
        """As gym wants it."""
        return spaces.Box(0.0, 1.0, (feed.TOPICS,), np.float32)

    def judge(self, gates: Sequence[int]) -> None:
        """Moves up, leaves, or waits."""
        if 0 <= self.pool < len(gates) and self.shown_in_pool >= gates[self.pool]:
            passed = self.finished_in_pool >= feed.PASS_RATE * self.shown_in_pool
            self.pool = self.pool + 1 if passed else -1
            self.shown_in_pool = self.finished_in_pool = 0


class Videos(document.AbstractDocumentSampler):
    """The catalogue, from which candidates are drawn by pool."""

    def __init__(self, start: feed.World, users: int, seed: int) -> None:
        super().__init__(Video, seed)
        self.gates = feed.gates(users)
        self.videos = [
            Video(number, subject, int(account))
            for number, (subject, account) in enumerate(zip(start.subjects, start.account, strict=True))
        ]
        self.steps = np.cumsum(feed.POOL_SHARE)[:-1]
        self.fill()

    def fill(self) -> None:
        """The pools as lists; an empty one lends from all that are left."""
        live = [v for v in self.videos if v.pool >= 0] or self.videos
        pools = [[v for v in live if v.pool == p] for p in range(len(feed.POOL_SHARE))]
        self.pools = [pool or live for pool in pools]

    def sample_document(self) -> Video:
        """A candidate."""
        pool = self.pools[int(np.searchsorted(self.steps, self._rng.random_sample()))]
        return pool[int(self._rng.random_sample() * len(pool))]

    def update_state(self, documents: Sequence[Video], responses: Sequence["Response"]) -> None:
        """Counts what a slate brought."""
        for video, response in zip(documents, responses, strict=True):
            video.shown += 1
            video.shown_in_pool += 1
            video.finished_in_pool += bool(response.bits[0])
            video.counts += response.bits

    def judge(self) -> None:
        """The end of an hour."""
        for video in self.videos:
            video.judge(self.gates)
        self.fill()


class Response(user.AbstractResponse):
    """What one video of a slate brought."""

    def __init__(self, bits: NDArray[np.bool_]) -> None:
        self.bits = bits

    def create_observation(self) -> NDArray[np.bool_]:
        """All of it."""
        return self.bits

    @staticmethod
    def response_space() -> Any:
        """As gym wants it."""
        return spaces.MultiBinary(len(feed.ACTIONS))


class Taste(user.AbstractUserState):
    """What a person likes, and whom they follow."""

    def __init__(self, taste: NDArray[np.float32]) -> None:
        self.taste = taste
        self.follows: set[int] = set()

    def create_observation(self) -> NDArray[np.float32]:
        """The platform knows it exactly."""
        return self.taste

    @staticmethod
    def observation_space() -> Any:
        """As gym wants it."""
        return spaces.Box(0.0, 1.0, (feed.TOPICS,), np.float32)


class Tastes(user.AbstractUserSampler):
    """Gives each person the taste that all peers' persons have."""

    def __init__(self, tastes: Iterator[NDArray[np.float32]], seed: int) -> None:
        super().__init__(Taste, seed)
        self.tastes = tastes

    def sample_user(self) -> Taste:
        """The next one."""
        return Taste(next(self.tastes))


class Person(user.AbstractUserModel):
    """Somebody who answers slates."""

    def __init__(self, tastes: Tastes, rng: np.random.RandomState) -> None:
        super().__init__(Response, tastes, feed.SHOWN)
        self.rng = rng

    def simulate_response(self, documents: Sequence[Video]) -> list[Response]:
        """Five draws a video."""
        taste, draw = self._user_state.taste, self.rng.random_sample
        return [
            Response(draw(len(feed.ACTIONS)) < _BASE + _SLOPE * taste.dot(video.subject))
            for video in documents
        ]

    def update_state(self, slate_documents: Sequence[Video], responses: Sequence[Response]) -> None:
        """Follows."""
        for video, response in zip(slate_documents, responses, strict=True):
            if response.bits[4]:
                self._user_state.follows.add(video.account)

    def is_terminal(self) -> bool:
        """A session never ends by itself."""
        return False


def slate(taste: NDArray[np.float32], candidates: dict[str, Any]) -> NDArray[np.int64]:
    """Places of the five candidates with the highest score."""
    scores = [taste.dot(subject) + bonus for subject, bonus in candidates.values()]
    best: NDArray[np.int64] = np.argsort(scores)[-feed.SHOWN :]
    return best


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    start, rng = feed.world(users, seed), np.random.RandomState(seed)
    videos, tastes = Videos(start, users, seed), Tastes(iter(start.tastes), seed)
    worlds = [
        environment.SingleUserEnvironment(Person(tastes, rng), videos, feed.CANDIDATES, feed.SHOWN)
        for _ in range(users)
    ]
    seen = [
        (world.user_model.create_observation(), world.candidate_set.create_observation()) for world in worlds
    ]
    for world, (_, candidates) in zip(worlds, seen, strict=True):
        world._current_documents = candidates  # what `reset` does, which would also draw another person
    for _ in range(hours):
        for k, world in enumerate(worlds):
            seen[k] = world.step(slate(*seen[k]))[:2]
        videos.judge()
    seconds = time.perf_counter() - started
    shown = sum(video.shown for video in videos.videos)
    totals = np.sum([video.counts for video in videos.videos], axis=0).tolist()
    return feed.Done(shown, seconds, {a: n / shown for a, n in zip(feed.ACTIONS, totals, strict=True)})


if __name__ == "__main__":
    feed.tell(run, "recsim-no-tf", WORK)
