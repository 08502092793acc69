"""The feed in Mesa, as its tutorials write models: an agent a person, an agent a video."""

import time

import mesa

from benchmarks.peers import feed, objects

WORK = objects.WORK


class Video(objects.Judged, mesa.Agent):
    """A video, which knows its subject and its account."""

    def __init__(self, model: "Feed", subject: list[float], account: int) -> None:
        super().__init__(model)
        self.subject = subject
        self.account = account
        self.counts = [0] * len(feed.ACTIONS)


class Person(objects.Scrolling, mesa.Agent):
    """A person, who follows nobody yet."""

    def __init__(self, model: "Feed", taste: list[float]) -> None:
        super().__init__(model)
        self.taste = taste
        self.follows: set[int] = set()


class Feed(mesa.Model):
    """People and videos."""

    def __init__(self, users: int, seed: int) -> None:
        super().__init__(rng=seed)
        start = feed.world(users, seed)
        self.gates = feed.gates(users)
        self.chances = tuple(zip(feed.BASE, feed.SLOPE, strict=True))
        for subject, account in zip(start.subjects.tolist(), start.account.tolist(), strict=True):
            Video(self, subject, account)
        for taste in start.tastes.tolist():
            Person(self, taste)
        self.videos, self.people = self.agents_by_type[Video], self.agents_by_type[Person]
        self.pools = objects.pools_of(self.videos)

    def step(self) -> None:
        """One hour."""
        self.people.shuffle_do("scroll")
        self.videos.do("judge")
        self.pools = objects.pools_of(self.videos)


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    model = Feed(users, seed)
    for _ in range(hours):
        model.step()
    return objects.done(model.videos, users * feed.SHOWN * hours, time.perf_counter() - started)
