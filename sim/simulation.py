"""One run of a scenario from its first hour to its result, without mesa's face.

Takes a scenario and a seed; gives tables, a summary and a result. What runs many replications
calls this; `MatrixModel` puts agents and data collection around it. Importing mesa takes
longer than a run does.
"""

import platform as machine
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import polars as pl

from sim.analysis.warned import Warned, as_rows
from sim.compiled import compile_seconds
from sim.engines.columns.respond import ColumnsResponder
from sim.errors import RunError
from sim.hour.people import Responder
from sim.hour.plan import advance
from sim.hour.run import build_world, start_run
from sim.hour.tables import digested, summary_of, tables_of
from sim.interrupts import deferred
from sim.mechanisms import begun, locally
from sim.pilot import OrderScale, scaled, unmet
from sim.plugins import blamed
from sim.results import Result, input_hash
from sim.scenario.schema import Scenario
from sim.sources import rules_version
from sim.world.population import Population

Engine = Literal["columns", "agents"]


def made_by(engine: Engine, threads: int, seconds: float) -> dict[str, Any]:
    """What the provenance of any result says: versions, platform, engine and time taken."""
    packages = ("mesa", "numba", "numpy", "polars", "scipy", "pydantic")
    return {
        "matrixsim": _version("matrixsim"),
        "rules_version": rules_version(),
        "python": sys.version.split()[0],
        "platform": machine.platform(),
        "packages": {name: _version(name) for name in packages},
        "engine": engine,
        "threads": threads,
        "seconds": round(seconds, 4),
    }


@cache  # the files that say it are read once
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder that was never installed
        return "not installed"


class Simulation:
    """One run under one seed.

    Args:
        scenario: what to simulate.
        seed: of the run.
        threads: threads of the columns engine.
        population: people of this audience and seed in their first state, if at hand; they will be changed.
        held: shards whose people are made in this process; all where left out. Whoever leaves some out
            has to let others answer for them (`answer_by`).

    Attributes:
        state: the world, the platform and the tallies (sim.hour.run.Run).
        engine: 'columns', until `answer_by` gives it another responder.
        played: the scenario with the order step at which the brand's accounts meet its GPM (sim/pilot.py).
        order_scale: how it was found; None where the scenario names no GPM.
        pilot_seconds: what finding it took; 0 where this process knew it [s].
        seconds: time spent so far, without that and without what was spent on machine code [s].
        compile_seconds: that time: compiling, or loading what was compiled before [s].
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        threads: int = 1,
        population: Population | None = None,
        held: range | None = None,
    ) -> None:
        self.seconds = self.compile_seconds = 0.0
        self.apart_s = 0.0
        """Of the seconds, those in which other threads of this process could run Python."""
        self._within_an_hour = False
        self.scenario = scenario
        self._plugins = blamed((*scenario.plugged, scenario.platform.model))
        self.engine: Engine = "columns"
        self.threads = threads
        self.order_scale: OrderScale | None
        with self._by_the_clock():  # hour by hour, so that an interrupt need not wait for all of it
            self.played, self.order_scale = scaled(scenario, threads)
        self.pilot_seconds, self.seconds = self.seconds, 0.0
        with self._by_the_clock():
            self._begin(seed, population, threads, held)

    @deferred()
    def _begin(self, seed: int, population: Population | None, threads: int, held: range | None) -> None:
        """The world before the first hour."""
        world = build_world(self.played, seed, population, threads, held)
        self.state = start_run(self.played, seed, world)
        self.state.mechanisms = begun(self.state)
        self.state.responder = ColumnsResponder(
            self.state.board, self.state.accounts, locally(self.played, self.state.accounts), threads, held
        )

    @contextmanager
    def _by_the_clock(self) -> Iterator[None]:
        """Adds what the block takes to the run's times; a plug-in that fails in it is named."""
        started, before = time.perf_counter(), compile_seconds()
        try:
            with self._plugins:
                yield
        finally:
            compiling = compile_seconds() - before
            self.compile_seconds += compiling
            self.seconds += time.perf_counter() - started - compiling

    def answer_by(self, responder: Responder, engine: Engine) -> None:
        """Lets another engine's people respond, on one thread."""
        self.state.responder, self.engine, self.threads = responder, engine, 1

    @property
    def running(self) -> bool:
        """Whether hours are left."""
        return self.state.hour < self.scenario.run.hours

    @deferred()
    def advance(self) -> None:
        """One hour; interrupts wait until it is over.

        Raises:
            RunError: an earlier one failed halfway; what it has published and booked would come twice.
        """
        if self._within_an_hour:
            raise RunError(
                "hour {hour} of this run failed halfway; begin anew, with a new model", hour=self.state.hour
            )
        self._within_an_hour = True
        with self._by_the_clock():
            advance(self.state)
        self.apart_s = getattr(self.state.responder, "apart_s", 0.0)
        self._within_an_hour = False

    def finish(self) -> "Simulation":
        """Runs the hours that are left; itself."""
        while self.running:
            self.advance()
        return self

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables so far."""
        return tables_of(self.state)

    def summary(self, *, digest: bool = False, warned: bool = False) -> dict[str, Any]:
        """The summary so far; the digest takes the tables, which many runs do without."""
        summary = self._timed(digested(self.state)[1] if digest else summary_of(self.state))
        return summary | {"warnings": as_rows(self.warnings())} if warned else summary

    def warnings(self) -> list[Warned]:
        """What a reader of the result has to be told."""
        told = [row for mechanism in self.state.mechanisms for row in mechanism.warnings(self.state)]
        return [*told, *unmet(self.scenario, self.order_scale)]

    def result(self) -> Result:
        """The result so far."""
        tables, summary = digested(self.state)
        made = made_by(self.engine, self.threads, self.seconds) | {
            "compile_seconds": round(self.compile_seconds, 4),
            "pilot_seconds": round(self.pilot_seconds, 4),
            "input_hash": input_hash(self.scenario),
        }
        summary = self._timed(summary) | {"warnings": as_rows(self.warnings())}
        return Result(summary, tables, self.scenario, made)

    def close(self) -> None:
        """Ends the threads and lets go of the world."""
        if isinstance(self.state.responder, ColumnsResponder):
            self.state.responder.close()
        del self.state

    def _timed(self, summary: dict[str, Any]) -> dict[str, Any]:
        by = self.order_scale
        return summary | {
            "order_scale": 1.0 if by is None else by.scale,
            "seconds": round(self.seconds, 4),
            "impressions_per_second": round(summary["impressions"] / max(self.seconds, 1e-9)),
            "engine": self.engine,
        }
