"""A small world followed person by person: what each one saw, did and became, hour by hour. Loads mesa.

What people are is read from the compiled columns; what they do is told by the mesa agents as they do it. Both
engines step side by side and must end with one digest.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim import storage
from sim.engines.agents.people import AgentHour, Key, User
from sim.engines.agents.responder import AgentsResponder
from sim.engines.columns.agent_set import UserColumns
from sim.errors import RunError, UsageError
from sim.experiment.size import refuse_too_large
from sim.hour.run import HasRun
from sim.hour.tables import overlap_of
from sim.model import MatrixModel
from sim.scenario.schema import Scenario
from sim.world.board import VISITS

MOST_PEOPLE = 5_000
"""Largest class (chosen): each person is an object."""
MOST_ACCOUNTS = 64
"""Accounts that one number has bits for."""
SAW, VISITED, FOLLOWED, LEFT = "saw", "visited", "followed", "left"
"""What happens to a person: an impression, a home-page visit, a follow, a follow taken back."""
NO_VIDEO, NO_ORIGIN = -1, -1
FIRST_DAY = 24


class Event(NamedTuple):
    """Something that happened to a person."""

    hour: int
    """which hour of the run, from 1"""
    user: int
    what: str
    account: int
    video: int
    """number of the video, or NO_VIDEO"""
    origin: int
    """place in `Accounts.origins`, or NO_ORIGIN"""
    bits: int
    """responses to an impression (sim.rules.engagement, sim.engines.columns.impress)"""


class Diary:
    """What happened so far, in the order in which it happened.

    Attributes:
        hour: the hour under way, from 1.
        events: the entries.
    """

    def __init__(self) -> None:
        self.hour = 0
        self.events: list[Event] = []

    def note(self, user: int, what: str, account: int, video: int = NO_VIDEO, origin: int = NO_ORIGIN) -> int:
        """Adds an entry; its place."""
        self.events.append(Event(self.hour, user, what, account, video, origin, 0))
        return len(self.events) - 1


class Pupil(User):
    """A person who keeps a diary; does what every `User` does."""

    def __init__(self, model: HasRun, number: int, diary: Diary) -> None:
        super().__init__(model, number)
        self.diary = diary

    def see(self, hour: AgentHour, video: int, origin: int, edge: int, counts: NDArray[np.int64]) -> int:
        """Meets a video in the feed."""
        place = self._met(hour, video, origin)
        return self._answered(place, super().see(hour, video, origin, edge, counts))

    def watch(self, hour: AgentHour, video: int, origin: int, edge: int, key: Key) -> int:
        """Watches a video met over a link."""
        place = self._met(hour, video, origin)
        return self._answered(place, super().watch(hour, video, origin, edge, key))

    def follow(self, hour: AgentHour, account: int, key: Key) -> int:
        """Follows an account unless it is followed already."""
        new = super().follow(hour, account, key)
        if new:
            self.diary.note(self.number, FOLLOWED, account)
        return new

    def walk(
        self, hour: AgentHour, account: int, origin: int, edge: int, key: Key, to_page: bool = False
    ) -> None:
        """Visits a home page, and wherever its lists lead."""
        before = hour.tally.accounts[:, :, VISITS].copy()
        start = self.diary.note(self.number, VISITED, account, origin=origin)
        super().walk(hour, account, origin, edge, key, to_page)
        further = hour.tally.accounts[:, :, VISITS] - before
        further[account, origin] -= 1
        later = self.diary.events[start + 1 :]
        del self.diary.events[start + 1 :]
        for target, way in np.argwhere(further > 0).tolist():  # in which order is not kept, it is rarely two
            for _ in range(int(further[target, way])):
                self.diary.note(self.number, VISITED, target, origin=way)
        self.diary.events += later

    def _met(self, hour: AgentHour, video: int, origin: int) -> int:
        author = int(hour.board.videos[video]["author"])
        return self.diary.note(self.number, SAW, author, video, origin)

    def _answered(self, place: int, bits: int) -> int:
        self.diary.events[place] = self.diary.events[place]._replace(bits=int(bits))
        return bits


class Recorded(AgentsResponder):
    """The agents engine with pupils for people."""

    def __init__(self, model: MatrixModel, diary: Diary) -> None:
        self.diary = diary
        super().__init__(model)

    def person(self, model: HasRun, number: int) -> Pupil:
        """A pupil."""
        return Pupil(model, number, self.diary)

    def unfollow(self, account: int, user: int) -> bool:
        """Takes a follow back; whether there was one."""
        taken = super().unfollow(account, user)
        if taken:
            self.diary.note(user, LEFT, account)
        return taken


class States:
    """What the handles of the columns say about everybody, hour by hour."""

    def __init__(self, model: MatrixModel) -> None:
        self.model = model
        self.parts: list[pl.DataFrame] = []
        self.fans: list[list[int]] = []
        users = len(model.users)
        self._follows, self._reached_by = np.zeros(users, np.uint64), np.zeros(users, np.uint64)
        self._impressions, self._visits = np.zeros(users, np.uint16), np.zeros(users, np.uint16)
        self.take(0, range(users), [])

    def take(self, hour: int, touched: "range | list[int]", events: list[Event]) -> None:
        """Reads everybody's state after an hour.

        Only the people touched by an event of the hour can have other sets of accounts than before.
        """
        numbers = np.array(touched, np.int64)
        for number, (follows, reached_by) in zip(
            touched, UserColumns(self.model, numbers).get(["follows", "reached_by"]), strict=True
        ):
            self._follows[number] = sum(1 << account for account in follows)
            self._reached_by[number] = sum(1 << account for account in reached_by)
        for event in events:
            self._impressions[event.user] += event.what == SAW
            self._visits[event.user] += event.what == VISITED
        people = self.model.users
        stage, orders, reached = (people.get(name) for name in ("stage", "orders", "reached"))
        columns = {
            "hour": np.full(len(people), hour, np.uint16), "user": np.arange(len(people), dtype=np.uint16),
            "stage": np.array(stage, np.uint8), "orders": np.array(orders, np.uint16),
            "reached": np.array(reached, np.uint8), "impressions": self._impressions.copy(),
            "visits": self._visits.copy(), "follows": self._follows.copy(),
            "reached_by": self._reached_by.copy(),
        }  # fmt: skip
        self.parts.append(pl.DataFrame(columns))
        self.fans.append(self.model.accounts.get("fans"))


def followed(plan: Scenario, seed: int, folder: Path, tick: Callable[[int, int], None]) -> dict[str, Any]:
    """Follows everybody through a run.

    Args:
        plan: the scenario.
        seed: of the run.
        folder: gets the tables of the run, and people (one row a person), states (hour × person),
            events, fans (hour × account) and overlap.
        tick: called with (hours done, hours in all).
    Returns:
        digest of both engines, topics, accounts in canonical order, and who had most happen on the first day.
    Raises:
        RunError: the engines differ.
        UsageError: too many people or accounts for a class.
    """
    if plan.audience.users > MOST_PEOPLE:
        raise UsageError(
            "a class has at most {most} people, asked for {asked}",
            most=f"{MOST_PEOPLE:,}", asked=f"{plan.audience.users:,}",
        )  # fmt: skip
    refuse_too_large(plan, "agents", alone=True)
    model, twin = MatrixModel(plan, rng=seed), MatrixModel(plan, rng=seed)
    diary = Diary()
    try:
        names = [account.name for account in model.accounts]
        if len(names) > MOST_ACCOUNTS:
            raise UsageError(
                "a class has at most {most} accounts, asked for {asked}", most=MOST_ACCOUNTS, asked=len(names)
            )
        twin.simulation.answer_by(Recorded(twin, diary), "agents")
        states = States(model)
        for hour in range(1, plan.run.hours + 1):
            diary.hour, told = hour, len(diary.events)
            model.advance()
            twin.advance()
            events = diary.events[told:]
            states.take(hour, sorted({event.user for event in events}), events)
            tick(hour, plan.run.hours)
        result, other = model.result(), twin.result()
        if result.digest != other.digest:
            raise RunError(
                "the engines differ: columns {columns}, agents {agents}",
                columns=result.digest, agents=other.digest,
            )  # fmt: skip
        result.write(folder)
        topics = model.run_state.population.topics
        fans = [(hour, *of) for hour, row in enumerate(states.fans) for of in zip(names, row, strict=True)]
        schema = {"hour": pl.Int64, "account": pl.String, "fans": pl.Int64}
        tables = {
            "people": _people(model, topics), "states": pl.concat(states.parts),
            "events": _events(model, diary, names), "fans": pl.DataFrame(fans, schema=schema, orient="row"),
            "overlap": overlap_of(model.run_state),
        }  # fmt: skip
        for name, table in tables.items():
            storage.write_parquet(folder / f"{name}.parquet", table)
    finally:
        model.close()
        twin.close()
    early = [e.user for e in diary.events if e.hour <= FIRST_DAY] or [0]
    return {
        "summary": result.summary,
        "digests": {"columns": result.digest, "agents": other.digest},
        "topics": list(topics),
        "accounts": names,
        "busiest": int(np.bincount(early).argmax()),
    }


def _people(model: MatrixModel, topics: tuple[str, ...]) -> pl.DataFrame:
    """Who everybody is: main topic, interest by topic [0..255]."""
    people = model.users
    interest = [row[: len(topics)].tolist() for row in people.array("interest")]
    main = [topics[k] for k in people.get("topic")]
    interests = pl.Series(interest, dtype=pl.List(pl.Int64))
    return pl.DataFrame({"user": people.get("number"), "topic": main, "interest": interests})


def _events(model: MatrixModel, diary: Diary, names: list[str]) -> pl.DataFrame:
    """The diary as a table; videos by their post number."""
    videos, events, origins = model.run_state.videos.rows, diary.events, model.run_state.accounts.origins
    return pl.DataFrame(
        {
            "hour": [e.hour for e in events],
            "user": [e.user for e in events],
            "what": [e.what for e in events],
            "account": [names[e.account] for e in events],
            "video": [e.video for e in events],
            "planned_by": [names[videos["planner"][e.video]] if e.video >= 0 else "" for e in events],
            "post_number": [int(videos["number"][e.video]) if e.video >= 0 else NO_VIDEO for e in events],
            "origin": [origins[e.origin] if e.origin >= 0 else "" for e in events],
            "bits": [e.bits for e in events],
        },
        schema={
            "hour": pl.Int32, "user": pl.Int32, "what": pl.String, "account": pl.String, "video": pl.Int32,
            "planned_by": pl.String, "post_number": pl.Int32, "origin": pl.String, "bits": pl.Int32,
        },
    )  # fmt: skip
