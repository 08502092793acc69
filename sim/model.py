"""The mesa model: walks the hour's plan, holds the accounts as agents, collects what happened.

Takes a scenario (or a path) and luck; gives an ordinary `mesa.Model`, so `mesa.batch_run`
and `DataCollector` work on it as they are. The world and the rules live below; this is the
one place, with agents.py and users.py, that knows mesa.
"""

import platform as machine
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import mesa
import polars as pl

from sim.agents import Account, User
from sim.compiled import rules_version
from sim.crowd import AgentsResponder
from sim.hour.columns import ColumnsResponder
from sim.hour.plan import advance
from sim.hour.run import start_run
from sim.hour.tables import digested, summary_of, tables_of
from sim.results import Result, input_hash
from sim.scenario.schema import Scenario
from sim.users import UserColumns
from sim.world.population import Population

Engine = Literal["columns", "agents"]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder that was never installed
        return "not installed"


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
        run_state: the world, the platform and the tallies (sim.hour.run.Run).
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
        self.engine = engine
        self.threads = threads if engine == "columns" else 1
        self.seconds = 0.0
        started = time.perf_counter()
        self.run_state = run = start_run(self.plan, self.luck, population)
        for number in range(len(run.accounts.rows)):
            Account(self, number)
        self.accounts = self.agents_by_type[Account]
        edges = len(run.accounts.edges)
        if engine == "agents":
            run.responder = AgentsResponder(self, edges)
            self.users: Any = self.agents_by_type[User]
        else:
            run.responder = ColumnsResponder(run.board, edges, threads)
            self.users = UserColumns(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                key: (lambda model, key=key: summary_of(model.run_state)[key])
                for key in ("reach", "impressions", "follows", "visits", "orders")
            },
            agenttype_reporters={Account: {"fans": "fans"}},
        )
        self.seconds += time.perf_counter() - started

    def _drawn_luck(self) -> int:
        return int(self.rng.integers(2**63 - 1))

    def step(self) -> None:
        """Moves on by one hour; stops at the scenario's length."""
        self.advance()
        self.datacollector.collect(self)

    def advance(self) -> None:
        """One hour without collecting: what long runs call."""
        started = time.perf_counter()
        advance(self.run_state)
        self.running = self.run_state.hour < self.plan.run.hours
        self.seconds += time.perf_counter() - started

    def finish(self) -> Result:
        """Runs the hours that are left; the result."""
        while self.run_state.hour < self.plan.run.hours:
            self.advance()
        return self.result()

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables so far."""
        return tables_of(self.run_state)

    def result(self) -> Result:
        """The result so far."""
        tables, summary = digested(self.run_state)
        summary |= {
            "seconds": round(self.seconds, 4),
            "impressions_per_second": round(summary["impressions"] / max(self.seconds, 1e-9)),
            "engine": self.engine,
        }
        return Result(summary, tables, self.plan.to_toml(), self._provenance())

    def finish_summary(self) -> dict[str, Any]:
        """Runs the hours that are left; the summary without digest, which is all that many runs need."""
        while self.run_state.hour < self.plan.run.hours:
            self.advance()
        summary = summary_of(self.run_state)
        return summary | {
            "seconds": round(self.seconds, 4),
            "impressions_per_second": round(summary["impressions"] / max(self.seconds, 1e-9)),
            "engine": self.engine,
        }

    def close(self) -> None:
        """Ends the engine's threads and lets go of the world.

        Agents and model hold each other, so without this the columns would stay in memory until
        Python's cycle collector happens to run, and it does not see how large they are.
        """
        if isinstance(self.run_state.responder, ColumnsResponder):
            self.run_state.responder.close()
        del self.run_state

    def _provenance(self) -> dict[str, Any]:
        packages = ("mesa", "numba", "numpy", "polars", "scipy", "pydantic")
        return {
            "matrixsim": _version("matrixsim"),
            "rules_version": rules_version(),
            "input_hash": input_hash(self.plan),
            "python": sys.version.split()[0],
            "platform": machine.platform(),
            "packages": {name: _version(name) for name in packages},
            "engine": self.engine,
            "threads": self.threads,
            "seconds": round(self.seconds, 4),
        }
