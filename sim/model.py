"""The mesa model: walks the hour's plan, holds the accounts as agents, collects what happened.

Takes a scenario (or a path) and luck; gives an ordinary `mesa.Model`, so `mesa.batch_run`
and `DataCollector` work on it as they are. The world and the rules live below; this is the
one place, with agents.py and users.py, that knows mesa.
"""

from pathlib import Path
from typing import Any

import mesa
import polars as pl

from sim.agents import Account, User
from sim.crowd import AgentsResponder
from sim.hour.run import Run
from sim.hour.tables import summary_of
from sim.results import Result
from sim.scenario.schema import Scenario
from sim.simulation import Engine, Simulation
from sim.users import UserColumns
from sim.world.population import Population


class MatrixModel(mesa.Model):
    """A matrix of accounts and its audience, one step an hour.

    Args:
        scenario: a Scenario, or the path of a scenario file.
        seed: luck of the run; left out, fresh luck is drawn and recorded in `.luck`.
        rng: the same under mesa's newer name; an integer, or None.
        engine: 'columns' (compiled) or 'agents' (one mesa.Agent a person).
        threads: threads of the columns engine.
        population: people of this audience and seed in their first state, if at hand.
        settings: scenario keys to change, such as {"links.layout": "star"}.

    Attributes:
        accounts: AgentSet of Account, always real agents.
        users: AgentSet of User ('agents'), or an AgentSet-like view of the columns.
        simulation: the run without agents (sim.simulation.Simulation).
        datacollector: reach, impressions and follows by hour.
    """

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
        self.luck = self._drawn_luck() if given is None else int(given)
        loaded = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        self.plan = loaded.with_values(settings) if settings else loaded
        self.simulation = Simulation(self.plan, self.luck, threads, population)
        accounts = self.run_state.accounts
        for number in range(len(accounts.rows)):
            Account(self, number)
        self.accounts = self.agents_by_type[Account]
        if engine == "agents":
            self.simulation.answer_by(AgentsResponder(self), engine)
            self.users: Any = self.agents_by_type[User]
        else:
            self.users = UserColumns(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                key: (lambda model, key=key: summary_of(model.run_state)[key])
                for key in ("reach", "impressions", "follows", "visits", "orders")
            },
            agenttype_reporters={Account: {"fans": "fans"}},
        )

    @property
    def run_state(self) -> Run:
        """The world, the platform and the tallies."""
        return self.simulation.state

    def _drawn_luck(self) -> int:
        return int(self.rng.integers(2**63 - 1))

    def step(self) -> None:
        """Moves on by one hour; stops at the scenario's length."""
        self.advance()
        self.datacollector.collect(self)

    def advance(self) -> None:
        """One hour without collecting: what long runs call."""
        self.simulation.advance()
        self.running = self.simulation.running

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

    def close(self) -> None:
        """Ends the engine's threads and lets go of the world.

        Agents and model hold each other, so without this the columns would stay in memory until
        Python's cycle collector happens to run, and it does not see how large they are.
        """
        self.simulation.close()
