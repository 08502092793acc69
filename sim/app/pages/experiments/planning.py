"""A sweep before it begins, as the page or a file describes it: what lies ahead, and what is too large.

Anybody may have written it. What loads numba is imported by the functions that need it.
"""

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.app.jobs.limit import limit, most_people, refuse_people
from sim.app.jobs.request import exists, plan_of
from sim.errors import Problem, RunError, ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped
from sim.scenario.wording import nearest, shown

if TYPE_CHECKING:
    from sim.sweeps.plan import Sweep
    from sim.sweeps.run import Forecast

MOST_RUNS = 100_000
"""Runs of a sweep that the page begins; larger ones are for the command line (chosen)."""


def planned(
    scenario: str, users: int | None, kind: str, points: int, seeds: int, vary: Mapping[str, Any]
) -> "Sweep":
    """A sweep of a scenario that the page names.

    Raises:
        ScenarioError: with every problem found.
    """
    from sim.sweeps.plan import Design, checked

    design = Design.model_validate({"kind": kind, "points": points})
    plan = plan_of(scenario, users)
    if "links.layout" in vary and plan.links.layout == "custom":  # its own links go with no other layout
        plan = plan.with_values({"links.layout": "none", "links.edges": []})
    return checked(plan, vary, design, seeds)


def parsed(text: str) -> tuple["Sweep", str]:
    """The sweep in a TOML text, and the name of its scenario: one of this server's, as no text names a file.

    Raises:
        ScenarioError: with every problem found, and its line.
    """
    from sim.sweeps.plan import loads_sweep

    names: list[str] = []

    def find(name: str) -> Scenario:
        names.append(name.removeprefix("scenarios/").removesuffix(".toml"))
        return _named(name, names[0])

    return loads_sweep(text, "sweep.toml", find), names[0]


def forecast(plan: "Sweep", seconds: float) -> "Forecast":
    """What lies ahead of a sweep whose scenario as it is takes so many seconds on one thread."""
    from sim.sweeps.run import ahead, fitting

    for axis in plan.axes:
        own = {"audience.users": plan.scenario.audience.users, "run.hours": plan.scenario.run.hours}
        if axis.key in own:  # a run takes time about as its people and hours
            values = axis.values or tuple(axis.at((k + 0.5) / 16) for k in range(16))
            seconds *= sum(values) / len(values) / own[axis.key]
    return ahead(plan.runs, plan.runs, min(fitting(plan), plan.runs), seconds)


def refuse(plan: "Sweep") -> None:
    """Holds a sweep to what the page may begin, and to the limits of a shared server.

    Raises:
        RunError: it is larger.
    """
    if plan.runs > MOST_RUNS:
        raise RunError(
            "{runs} runs; the page begins at most {most}: choose fewer points or seeds, or use the command "
            "line",
            runs=f"{plan.runs:,}", most=f"{MOST_RUNS:,}",
        )  # fmt: skip
    most = limit()
    if most is None and most_people() is None:
        return
    users, hours = plan.scenario.audience.users, plan.scenario.run.hours
    for axis in plan.axes:  # whatever its spelling, a key counts by what it does to the scenario
        for value in axis.values or (axis.at(1.0),):
            with contextlib.suppress(ScenarioError):
                varied = plan.scenario_at({axis.key: value})
                users, hours = max(users, varied.audience.users), max(hours, varied.run.hours)
    refuse_people(users)
    asked = users * hours * plan.runs
    if most is not None and asked > most:
        raise RunError(
            "up to {users} people × {hours} h × {runs} runs = {asked}; this server allows {most}: "
            "choose a smaller audience, fewer points or fewer seeds",
            users=f"{users:,}", hours=hours, runs=f"{plan.runs:,}", asked=f"{asked:,}", most=f"{most:,}",
        )  # fmt: skip


def _named(name: str, stem: str) -> Scenario:
    """The scenario of a name in a sweep file; the names of this server alone."""
    if exists(stem):
        return plan_of(stem)
    message = "is no scenario of this server"
    names = list(shipped())
    choice = f"{', '.join(names)}, or the name of a draft"
    raise ScenarioError([Problem("", None, "scenario", shown(name), message, choice, nearest(stem, names))])
