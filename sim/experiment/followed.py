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
from sim.hour.run import HasRun, World
from sim.hour.tables import overlap_of
from sim.mechanisms.unfollows import NEVER, Ends
from sim.model import MatrixModel
from sim.rules import engagement as e
from sim.rules.draws import low32
from sim.scenario.schema import Scenario
from sim.world.board import BOOST, VISITS

MOST_PEOPLE = 5_000
"""Largest class (chosen): each person is an object."""
MOST_ACCOUNTS = 64
"""Accounts that one number has bits for."""
SAW, VISITED, FOLLOWED, LEFT = "saw", "visited", "followed", "left"
"""What happens to a person: an impression, a home-page visit, a follow, a follow taken back."""
NO_VIDEO, NO_ORIGIN = -1, -1
FIRST_DAY = 24


class Why(NamedTuple):
    """What decided about an impression: chances that this person had then, and what was drawn [1/2³²]."""

    match: int
    """level of match of the video's topics and the person's interests [0..7]"""
    exposures: int
    """videos of the brand that the person had been shown on that day before"""
    finish: int
    """chance to finish"""
    finish_drawn: int
    follow: int
    """chance to follow, after a completion or without one, as it was"""
    follow_drawn: int
    fan: int
    """1 if the person followed the account already"""


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
    ends: int = NEVER
    """of a follow: hour at whose end it ends by itself, as its address tells"""
    why: "Why | None" = None
    """of an impression"""


class Diary:
    """What happened so far, in the order in which it happened.

    Attributes:
        hour: the hour under way, from 1.
        events: the entries.
        ends: when follows end by themselves.
    """

    def __init__(self, plan: Scenario) -> None:
        self.hour = 0
        self.events: list[Event] = []
        self.ends = Ends(plan.links)

    def note(self, user: int, what: str, account: int, video: int = NO_VIDEO, origin: int = NO_ORIGIN) -> int:
        """Adds an entry; its place."""
        self.events.append(Event(self.hour, user, what, account, video, origin, 0))
        return len(self.events) - 1


class Pupil(User):
    """A person who keeps a diary; does what every `User` does."""

    def __init__(self, model: HasRun, number: int, diary: Diary) -> None:
        super().__init__(model, number)
        self.diary = diary

    def respond(self, hour: AgentHour, video: int, key: Key) -> int:
        """What one impression does; why stands beside it."""
        row, drawn = hour.board.videos[video], e.draws(key)
        exposures = int(e.exposures_today(self.exposures, self.day, hour.today))
        match, appeal = self.match(hour.board.accounts[row["maker"]]["weights"]), e.Appeal(*row["appeal"])
        finish, engage = self.readiness(hour, video)
        fan = int(int(row["author"]) in self.follows)
        bits = super().respond(hour, video, key)
        engaging = e.engaging(engage, hour.board.numbers[BOOST], bool(bits & e.COMPLETE))
        why = Why(
            match, exposures, int(e.chance(appeal.completion, finish)), int(low32(Key(drawn.first))),
            int(e.chance(appeal.follow, Key(engaging))), int(low32(Key(drawn.third))), fan,
        )  # fmt: skip
        self.diary.events[-1] = self.diary.events[-1]._replace(why=why)
        return bits

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
            place = self.diary.note(self.number, FOLLOWED, account)
            ends = int(self.diary.ends.of(np.array([key], np.uint64), self.diary.hour - 1)[0])
            self.diary.events[place] = self.diary.events[place]._replace(ends=min(ends, NEVER))
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
    """The agents engine with pupils for people; those of some shards only, where these are given."""

    def __init__(
        self, model: MatrixModel, diary: Diary, world: World | None = None, held: range | None = None
    ) -> None:
        self.diary = diary
        super().__init__(model, world, held)

    def person(self, model: HasRun, number: int) -> Pupil:
        """A pupil."""
        return Pupil(model, number, self.diary)

    def unfollow(self, accounts: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Takes follows (n,) back; whether there was one (n,)."""
        taken = super().unfollow(accounts, people)
        for account, user in zip(accounts[taken].tolist(), people[taken].tolist(), strict=True):
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
        numbers, board = np.array(touched, np.int64), self.model.run_state.board
        for bits, own in ((board.fans, self._follows), (board.reached, self._reached_by)):
            whether = bits[:, numbers >> 6] >> (numbers & 63).astype(np.uint64) & np.uint64(1)
            own[numbers] = (whether << np.arange(len(bits), dtype=np.uint64)[:, None]).sum(0, dtype=np.uint64)
        for event in events:
            self._impressions[event.user] += event.what == SAW
            self._visits[event.user] += event.what == VISITED
        people = self.model.users
        stage, orders, reached = (people.array(name) for name in ("stage", "orders", "reached"))
        columns = {
            "hour": np.full(len(people), hour, np.uint16), "user": np.arange(len(people), dtype=np.uint16),
            "stage": stage.astype(np.uint8), "orders": orders.astype(np.uint16),
            "reached": reached.astype(np.uint8), "impressions": self._impressions.copy(),
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
    diary = Diary(plan)
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
            "people": people_of(model), "states": pl.concat(states.parts),
            "events": events_of(model, diary, names), "fans": pl.DataFrame(fans, schema=schema, orient="row"),
            "overlap": overlap_of(model.run_state),
        }  # fmt: skip
        for name, table in tables.items():
            storage.write_parquet(folder / f"{name}.parquet", table)
    finally:
        model.close()
        twin.close()
    early = [event.user for event in diary.events if event.hour <= FIRST_DAY] or [0]
    return {
        "summary": result.summary,
        "digests": {"columns": result.digest, "agents": other.digest},
        "topics": list(topics),
        "accounts": names,
        "busiest": int(np.bincount(early).argmax()),
    }


def people_of(model: MatrixModel, first: int = 0, last: int | None = None) -> pl.DataFrame:
    """Who people are, from a number to one before another: main topic, interest by topic [0..255]."""
    topics = model.run_state.population.topics
    some = UserColumns(model, np.arange(first, len(model.users) if last is None else last))
    number, topic, interest = zip(*some.get(["number", "topic", "interest"]), strict=True)
    return pl.DataFrame(
        {
            "user": number,
            "topic": [topics[k] for k in topic],
            "interest": pl.Series([row[: len(topics)].tolist() for row in interest], dtype=pl.List(pl.Int64)),
        }
    )


def events_of(model: MatrixModel, diary: Diary, names: list[str]) -> pl.DataFrame:
    """The diary as a table; videos by their post number."""
    videos, origins = model.run_state.videos.rows, model.run_state.accounts.origins
    rows = [
        (
            event.hour, event.user, event.what, names[event.account], event.video,
            names[videos["planner"][event.video]] if event.video >= 0 else "",
            int(videos["number"][event.video]) if event.video >= 0 else NO_VIDEO,
            origins[event.origin] if event.origin >= 0 else "", event.bits,
            None if event.ends == NEVER else event.ends + 1,
            None if event.why is None else event.why._asdict(),
        )
        for event in diary.events
    ]  # fmt: skip
    schema: dict[str, Any] = {
        "hour": pl.Int32, "user": pl.Int32, "what": pl.String, "account": pl.String, "video": pl.Int32,
        "planned_by": pl.String, "post_number": pl.Int32, "origin": pl.String, "bits": pl.Int32,
        "ends": pl.Int64, "why": pl.Struct(dict.fromkeys(Why._fields, pl.Int64)),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
