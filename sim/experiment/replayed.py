"""Some people of a run of any size, followed through it: the run goes on in columns, they live it as agents.

A person's hour hangs on nobody of another shard but through the hour's letter, which is the same to all. So
agents of one shard who get the letters of the whole run do what its columns do, bit for bit; that they end in
the same states is held here, and that the run is the one asked about, by its digest. Loads mesa.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import storage
from sim.engines.columns.agent_set import UserColumns
from sim.errors import RunError, UsageError
from sim.experiment.followed import Diary, Recorded, events_of, people_of
from sim.experiment.replicate import cores
from sim.hour.people import Letter, Responder
from sim.hour.run import build_world
from sim.model import MatrixModel
from sim.rules.audience import SHARD, shards
from sim.scenario.schema import Scenario

STATES = ("stage", "trust", "orders", "reached")
TIES = ("follows", "reached_by")
LOW = np.uint64(0xFFFFFFFF)


class Beside:
    """The people of a run, and agents beside them who get the same letters; only the former are heard."""

    def __init__(self, people: Responder, agents: Recorded, first: int, last: int) -> None:
        self._people, self._agents = people, agents
        self._first, self._last = first, last

    def __getattr__(self, name: str) -> Any:
        return getattr(self._people, name)

    def publish(self, rows: NDArray[Any]) -> None:
        """Puts new videos on their authors' pages, for all."""
        self._people.publish(rows)
        self._agents.publish(rows)

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        """Shows the hour's offers to all."""
        events = self._people.respond(letter, hour, today)
        receiver = letter.named & LOW
        theirs = letter.named[(receiver >= self._first) & (receiver < self._last)]
        self._agents.diary.hour = hour + 1
        self._agents.respond(letter._replace(named=theirs), hour, today)
        return events

    def forget(self, videos: NDArray[np.int64]) -> None:
        """Frees what is kept for videos that nobody will be shown again, for all."""
        self._people.forget(videos)
        self._agents.forget(videos)


def replayed(
    plan: Scenario, seed: int, shard: int, folder: Path, tick: Callable[[int, int], None]
) -> dict[str, Any]:
    """Follows the people of a shard through a run.

    Args:
        plan: the scenario.
        seed: of the run.
        shard: which; person n is in shard n // SHARD.
        folder: gets `people`, a row each, and `events`, as those of a class.
        tick: called with (hours done, hours in all).
    Returns:
        digest of the run, topics, first person and one past the last.
    Raises:
        RunError: the agents differ from the columns.
        UsageError: there is no such shard.
    """
    if not 0 <= shard < int(shards(plan.audience.users)):
        raise UsageError("person {person}: there is none of this number", person=shard * SHARD)
    first, last = shard * SHARD, min((shard + 1) * SHARD, plan.audience.users)
    model, diary = MatrixModel(plan, rng=seed, threads=cores()), Diary(plan)
    run, held = model.run_state, range(shard, shard + 1)
    people = run.responder
    try:
        names = [account.name for account in model.accounts]
        world = build_world(model.simulation.played, seed, threads=cores(), held=held)
        agents = Recorded(model, diary, world, held)
        run.responder = Beside(people, agents, first, last)
        for hour in range(1, plan.run.hours + 1):
            model.advance()
            tick(hour, plan.run.hours)
        _held(model, agents, first, last)
        storage.write_parquet(folder / "people.parquet", people_of(model, first, last))
        storage.write_parquet(folder / "events.parquet", events_of(model, diary, names))
        digest = model.result().digest
        topics = list(run.population.topics)
    finally:
        run.responder = people
        model.close()
    return {"digest": digest, "topics": topics, "first": first, "last": last}


def _held(model: MatrixModel, agents: Recorded, first: int, last: int) -> None:
    """Holds the agents to the columns."""
    columns = UserColumns(model, np.arange(first, last)).get([*STATES, *TIES])
    for number, (*states, follows, reached_by) in zip(range(first, last), columns, strict=True):
        agent = agents.people[number]
        lived = [*(getattr(agent, name) for name in STATES), agent.follows, agent.reached_by]
        if lived != [*states, set(follows), set(reached_by)]:
            raise RunError("person {person}: the replay differs from the run", person=number)
