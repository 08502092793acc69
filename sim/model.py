"""The mesa model: walks the hour's plan, holds the accounts as agents, collects what happened.

Takes a scenario (or a path) and a seed; gives an ordinary `mesa.Model`, so `mesa.batch_run`
and `DataCollector` work on it as they are. The world and the rules live below; this is the
one place, with the agents of both engines, that knows mesa.
"""

import itertools
import math
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import mesa
import polars as pl

from sim.engines.agents.people import Account, User
from sim.engines.agents.responder import AgentsResponder
from sim.engines.columns.agent_set import Handles, UserColumns, UserHandle
from sim.hour.run import Run
from sim.hour.tables import summary_of
from sim.interrupts import deferred
from sim.results import Result
from sim.scenario.schema import Scenario
from sim.simulation import Engine, Simulation
from sim.world.population import Population

COLLECTED = ("reach", "impressions", "follows", "visits", "orders")


def _total(model: "MatrixModel", key: str) -> Any:
    return summary_of(model.run_state)[key]


def _fans(account: Account) -> int:
    return account.fans


class MatrixModel(mesa.Model):
    """A matrix of accounts and its audience, one step an hour.

    It can be pickled and copied at any hour, and goes on where it was, with whatever was set by hand.

    Args:
        scenario: a Scenario, or the path of a scenario file.
        seed: of the run; left out, one is drawn. `.run_seed` says which.
        rng: the same under mesa's newer name; an integer, or None.
        engine: 'columns' (compiled) or 'agents' (one mesa.Agent a person).
        threads: threads of the columns engine.
        population: people of this audience and seed in their first state, if at hand.
        settings: scenario keys to change, such as {"links.layout": "star"}.

    Attributes:
        accounts: AgentSet of Account, always real agents.
        users: AgentSet of User ('agents'), or the same verbs over the columns (`UserColumns`).
        first_user_id: `unique_id` of the first person; accounts come before.
        simulation: the run without agents (sim.simulation.Simulation).
        datacollector: reach, impressions and follows by hour.
    """

    @deferred()
    def __init__(
        self,
        scenario: Scenario | str | Path,
        seed: int | None = None,
        rng: int | None = None,
        engine: Engine = "columns",
        threads: int = 1,
        population: Population | None = None,
        **settings: Any,
    ) -> None:
        if seed is not None and rng is not None:
            raise ValueError("pass seed or rng, not both: they are two names of the same number")
        given = seed if rng is None else rng
        super().__init__(rng=given)
        self.run_seed = self._drawn_seed() if given is None else int(given)
        loaded = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        self.plan = loaded.with_values(settings) if settings else loaded
        self.simulation = Simulation(self.plan, self.run_seed, threads, population)
        accounts = self.run_state.accounts
        for number in range(len(accounts.rows)):
            Account(self, number)
        self.accounts = self.agents_by_type[Account]
        self.first_user_id = self._next_id()
        if engine == "agents":
            self.simulation.answer_by(AgentsResponder(self), engine)
            self.users: Any = self.agents_by_type[User]
        else:
            self.users = UserColumns(self)
            self._number_from(self.first_user_id + len(self.users))
        self.datacollector = mesa.DataCollector(
            model_reporters={key: partial(_total, key=key) for key in COLLECTED},
            agenttype_reporters={Account: {"fans": _fans}},  # mesa wraps a name in what cannot be pickled
        )

    @property
    def run_state(self) -> Run:
        """The world, the platform and the tallies."""
        return self.simulation.state

    def _drawn_seed(self) -> int:
        return int(self.rng.integers(2**63 - 1))

    @deferred()
    def step(self) -> None:
        """Moves on by one hour and collects. Interrupts wait until it is over.

        After the scenario's last hour `running` is False, and a further step does nothing: no hour passes and
        nothing is collected. (Mesa counts the call in `steps` all the same.)
        """
        if self.simulation.running:
            self.advance()
            self.datacollector.collect(self)

    def _advance_time(self, until: float) -> None:
        """Mesa's way through time from 3.5 on, hour by hour: an interrupt waits for mesa's hour, too.

        One that came out of `step` would end mesa's event before the next is on its list, and so all steps.
        """
        if until <= self.time:
            super()._advance_time(until)  # warns
        while self.time < until:
            with deferred():
                super()._advance_time(min(until, math.floor(self.time) + 1.0))

    @deferred()
    def advance(self) -> None:
        """One hour without collecting: what long runs call. Nothing after the last one, as with `step`."""
        if self.simulation.running:
            self.simulation.advance()
        if not self.simulation.running:
            self.running = False

    def finish(self) -> Result:
        """Runs the hours that are left; the result."""
        while self.simulation.running:
            self.advance()
        return self.result()

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables so far."""
        return self.simulation.tables()

    def result(self) -> Result:
        """The result so far."""
        return self.simulation.result()

    @cached_property
    def handles(self) -> Handles:
        """The handles of people in the columns."""
        return Handles()

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Takes an agent of your own out of the model; accounts and people stay until the end.

        Raises:
            TypeError: for an account or a person. The hours to come are laid out for all of them.
        """
        if isinstance(agent, Account | User | UserHandle):
            what = "an account" if isinstance(agent, Account) else "a user"
            raise TypeError(
                f"{what} cannot be removed from a running model, which is laid out for all of them; "
                "to leave it out of a set: agents.discard(agent); to run without it: change the scenario"
            )
        super().deregister_agent(agent)

    def _next_id(self) -> int:
        """The `unique_id` that mesa gives next."""
        if hasattr(self, "agent_id_counter"):  # mesa 3.5
            return int(self.agent_id_counter)
        following = next(mesa.Agent._ids[self])  # noqa: SLF001 - mesa 3.3 has no other place for it
        self._number_from(following)
        return int(following)

    def _number_from(self, first: int) -> None:
        """Has mesa number further agents from here, so that they share no `unique_id` with people."""
        if hasattr(self, "agent_id_counter"):
            self.agent_id_counter = first
        else:
            mesa.Agent._ids[self] = itertools.count(first)  # noqa: SLF001 - as above

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in vars(self).items() if name != "handles"}
        # Handles are made anew where something holds them; what only they carry goes along.
        return state | {"next id": self._next_id(), "own": self.handles.with_own_attributes()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        del state["own"]  # unpickling them put them back
        following = state.pop("next id")
        self.__dict__.update(state)
        self._number_from(following)

    def close(self) -> None:
        """Ends the engine's threads and lets go of the world.

        Agents and model hold each other, so without this the columns would stay in memory until
        Python's cycle collector happens to run, and it does not see how large they are. Mesa 3.3 keeps
        every model for good, with its agents, by the number that it gives the next of them.
        """
        self.simulation.close()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
