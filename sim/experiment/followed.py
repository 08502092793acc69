"""A small world followed person by person: what each one saw, did and became, hour by hour. Loads mesa.

What people are is read from the compiled columns; what they do is told by the mesa agents as they do it. Both
engines step side by side and must end with one digest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim import storage
from sim.engines.agents.hour import AgentHour, Key
from sim.engines.agents.people import Meeting, User
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


NO_WHY = (None,) * len(Why._fields)


@dataclass(slots=True)
class Event:
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
    bits: int = 0
    """responses to an impression (sim.rules.engagement, sim.engines.columns.impress)"""
    ends: int = NEVER
    """of a follow: hour at whose end it ends by itself, as its address tells"""
    why: Why | None = None
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

    def note(
        self, user: int, what: str, account: int, video: int = NO_VIDEO, origin: int = NO_ORIGIN
    ) -> Event:
        """The entry that it adds."""
        event = Event(self.hour, user, what, account, video, origin)
        self.events.append(event)
        return event


class Pupil(User):
    """A person who keeps a diary; does what every `User` does."""

    def __init__(self, model: HasRun, number: int, record: Mapping[str, Any], diary: Diary) -> None:
        super().__init__(model, number, record)
        self.diary = diary

    def be_shown(
        self, hour: AgentHour, video: int, origin: int, edge: int, met: Meeting, counts: NDArray[np.int64]
    ) -> int:
        """Has an impression."""
        self.diary.note(self.number, SAW, hour.videos[video].author, video, origin)
        return super().be_shown(hour, video, origin, edge, met, counts)

    def respond(self, hour: AgentHour, video: int, met: Meeting) -> int:
        """What one impression does; why stands beside it."""
        event = self.diary.events[-1]
        event.bits = bits = super().respond(hour, video, met)
        engaging = e.engaging(met.engage, hour.board.numbers[BOOST], bool(bits & e.COMPLETE))
        event.why = Why(
            met.match, met.exposures,
            int(e.chance(met.appeal.completion, met.finish)), int(low32(met.drawn.first)),
            int(e.chance(met.appeal.follow, Key(engaging))), int(low32(met.drawn.third)),
            int(event.account in self.follows),
        )  # fmt: skip
        return bits

    def follow(self, hour: AgentHour, account: int, key: Key) -> int:
        """Follows an account unless it is followed already."""
        new = super().follow(hour, account, key)
        if new:
            ends = int(self.diary.ends.of(np.array([key], np.uint64), self.diary.hour - 1)[0])
            self.diary.note(self.number, FOLLOWED, account).ends = min(ends, NEVER)
        return new

    def walk(
        self, hour: AgentHour, account: int, origin: int, edge: int, key: Key, to_page: bool = False
    ) -> None:
        """Visits a home page, and wherever its lists lead."""
        before = hour.tally.accounts[:, :, VISITS].copy()
        self.diary.note(self.number, VISITED, account, origin=origin)
        start = len(self.diary.events)
        super().walk(hour, account, origin, edge, key, to_page)
        further = hour.tally.accounts[:, :, VISITS] - before
        further[account, origin] -= 1
        later = self.diary.events[start:]
        del self.diary.events[start:]
        for target, way in np.argwhere(further > 0).tolist():  # in which order is not kept, it is rarely two
            for _ in range(int(further[target, way])):
                self.diary.note(self.number, VISITED, target, origin=way)
        self.diary.events += later


class Recorded(AgentsResponder):
    """The agents engine with pupils for people; those of some shards only, where these are given."""

    def __init__(
        self, model: MatrixModel, diary: Diary, world: World | None = None, held: range | None = None
    ) -> None:
        self.diary = diary
        super().__init__(model, world, held)

    def person(self, model: HasRun, number: int, record: Mapping[str, Any]) -> Pupil:
        """A pupil."""
        return Pupil(model, number, record, self.diary)

    def unfollow(self, accounts: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Takes follows (n,) back; whether there was one (n,)."""
        taken = super().unfollow(accounts, people)
        for account, user in zip(accounts[taken].tolist(), people[taken].tolist(), strict=True):
            self.diary.note(user, LEFT, account)
        return taken


class States:
    """What the columns say about everybody, hour by hour; hour 0 is the start."""

    def __init__(self, model: MatrixModel) -> None:
        self.model = model
        kinds = {
            "stage": np.uint8, "orders": np.uint16, "reached": np.uint8, "impressions": np.uint16,
            "visits": np.uint16, "follows": np.uint64, "reached_by": np.uint64,
        }  # fmt: skip
        hours, users = model.plan.run.hours + 1, len(model.users)
        self.columns = {name: np.zeros((hours, users), kind) for name, kind in kinds.items()}
        self.fans = np.zeros((hours, len(model.accounts)), np.int64)
        self.take(0, np.arange(users))

    def take(self, hour: int, touched: NDArray[np.int64]) -> None:
        """Reads everybody's state after an hour.

        Only the people touched by an event of the hour can have other sets of accounts than before.
        """
        board = self.model.run_state.board
        for name in ("stage", "orders", "reached"):
            self.columns[name][hour] = self.model.users.array(name)
        for name, bits in (("follows", board.fans), ("reached_by", board.reached)):
            own = self.columns[name]
            own[hour] = own[hour - 1]
            whether = bits[:, touched >> 6] >> (touched & 63).astype(np.uint64) & np.uint64(1)
            places = np.arange(len(bits), dtype=np.uint64)[:, None]
            own[hour, touched] = (whether << places).sum(0, dtype=np.uint64)
        self.fans[hour] = board.fan_count.sum(axis=1)

    def tables(self, diary: Diary, names: list[str]) -> dict[str, pl.DataFrame]:
        """States (hour × person), with what each had seen and visited by then, and fans (hour × account)."""
        hours, users = self.columns["stage"].shape
        for name, what in (("impressions", SAW), ("visits", VISITED)):
            places = [event.hour * users + event.user for event in diary.events if event.what == what]
            each = np.bincount(np.array(places, np.int64), minlength=hours * users)
            self.columns[name][:] = each.reshape(hours, users).cumsum(axis=0)
        states = {
            "hour": np.repeat(np.arange(hours, dtype=np.uint16), users),
            "user": np.tile(np.arange(users, dtype=np.uint16), hours),
            **{name: column.ravel() for name, column in self.columns.items()},
        }
        fans = {
            "hour": np.repeat(np.arange(hours), len(names)), "account": names * hours,
            "fans": self.fans.ravel(),
        }  # fmt: skip
        return {"states": pl.DataFrame(states), "fans": pl.DataFrame(fans)}


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
            states.take(hour, np.array([event.user for event in diary.events[told:]], np.int64))
            tick(hour, plan.run.hours)
        result, other = model.result(), str(twin.simulation.summary(digest=True)["digest"])
        if result.digest != other:
            raise RunError(
                "the engines differ: columns {columns}, agents {agents}", columns=result.digest, agents=other
            )
        result.write(folder)
        topics = model.run_state.population.topics
        tables = {
            "people": people_of(model), **states.tables(diary, names),
            "events": events_of(model, diary, names), "overlap": overlap_of(model.run_state),
        }  # fmt: skip
        for name, table in tables.items():
            storage.write_parquet(folder / f"{name}.parquet", table)
    finally:
        model.close()
        twin.close()
    early = [event.user for event in diary.events if event.hour <= FIRST_DAY] or [0]
    return {
        "summary": result.summary,
        "digests": {"columns": result.digest, "agents": other},
        "topics": list(topics),
        "accounts": names,
        "busiest": int(np.bincount(early).argmax()),
    }


def people_of(model: MatrixModel, first: int = 0, last: int | None = None) -> pl.DataFrame:
    """Who people are, from a number to one before another: main topic, interest by topic [0..255]."""
    topics = model.run_state.population.topics
    some = UserColumns(model, np.arange(first, len(model.users) if last is None else last))
    interest = pl.Series(some.array("interest")[:, : len(topics)])
    return pl.DataFrame(
        {
            "user": some.array("number"),
            "topic": [topics[k] for k in some.get("topic")],
            "interest": interest.cast(pl.List(pl.Int64)),
        }
    )


def events_of(model: MatrixModel, diary: Diary, names: list[str]) -> pl.DataFrame:
    """The diary as a table; videos by their post number."""
    events, rows = diary.events, model.run_state.videos.rows
    # NO_VIDEO and NO_ORIGIN find what stands last.
    planners, numbers = [*(names[k] for k in rows["planner"]), ""], [*rows["number"].tolist(), NO_VIDEO]
    origins = [*model.run_state.accounts.origins, ""]
    columns: dict[str, tuple[Any, list[Any]]] = {
        "hour": (pl.Int32, [event.hour for event in events]),
        "user": (pl.Int32, [event.user for event in events]),
        "what": (pl.String, [event.what for event in events]),
        "account": (pl.String, [names[event.account] for event in events]),
        "video": (pl.Int32, [event.video for event in events]),
        "planned_by": (pl.String, [planners[event.video] for event in events]),
        "post_number": (pl.Int32, [numbers[event.video] for event in events]),
        "origin": (pl.String, [origins[event.origin] for event in events]),
        "bits": (pl.Int32, [event.bits for event in events]),
        "ends": (pl.Int64, [None if event.ends == NEVER else event.ends + 1 for event in events]),
    }
    kinds = dict.fromkeys(Why._fields, pl.Int64)
    whys = pl.DataFrame([event.why or NO_WHY for event in events], kinds, orient="row")
    why = whys.select(why=pl.when(pl.col("match").is_not_null()).then(pl.struct(pl.all())))
    told = [pl.Series(name, values, kind) for name, (kind, values) in columns.items()]
    return pl.DataFrame([*told, why["why"]])
