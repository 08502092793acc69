"""The feed in AgentPy: lists of agents, one Python object a person and video."""

import time

import agentpy

from benchmarks.peers import feed, objects

WORK = objects.WORK


class Video(objects.Judged, agentpy.Agent):
    """A video, which knows its subject and its account."""

    def setup(self) -> None:
        """Before it has been shown."""
        self.subject, self.account = next(self.model.unborn_videos)
        self.counts = [0] * len(feed.ACTIONS)


class Person(objects.Scrolling, agentpy.Agent):
    """A person."""

    def setup(self) -> None:
        """Follows nobody yet."""
        self.taste = next(self.model.unborn_people)
        self.follows: set[int] = set()


class Feed(agentpy.Model):
    """People and videos."""

    def setup(self) -> None:
        """Builds everybody."""
        users = self.p.users
        start = feed.world(users, self.p.seed)
        self.gates = feed.gates(users)
        self.chances = tuple(zip(feed.BASE, feed.SLOPE, strict=True))
        self.unborn_videos = zip(start.subjects.tolist(), start.account.tolist(), strict=True)
        self.unborn_people = iter(start.tastes.tolist())
        self.videos = agentpy.AgentList(self, feed.VIDEOS, Video)
        self.people = agentpy.AgentList(self, users, Person)
        self.pools = objects.pools_of(self.videos)

    def step(self) -> None:
        """One hour."""
        self.people.shuffle().scroll()
        self.videos.judge()
        self.pools = objects.pools_of(self.videos)


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    model = Feed({"users": users, "seed": seed, "steps": hours})
    model.sim_setup(seed=seed)
    for _ in range(hours):
        model.sim_step()
    return objects.done(model.videos, users * feed.SHOWN * hours, time.perf_counter() - started)
