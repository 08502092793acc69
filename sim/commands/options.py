"""Options that many commands share, and the scenario they lead to.

A command takes `path: ScenarioFile` and whichever options fit, and opens the scenario with
`opened`. Does not run anything.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

ScenarioFile = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A TOML file, or a shipped scenario such as beauty_matrix.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set any key, such as links.layout=ring; repeatable."),
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="Which luck; short for run.seed.")]
Users = Annotated[int | None, typer.Option("--users", metavar="N", help="Short for audience.users.")]
Hours = Annotated[int | None, typer.Option("--hours", metavar="H", help="Short for run.hours.")]


def opened(
    path: str,
    settings: Sequence[str] | None = None,
    *,
    users: int | None = None,
    hours: int | None = None,
    seed: int | None = None,
) -> "Scenario":
    """The scenario with the options laid over it; the short options win over `--set`.

    Raises:
        ScenarioError: the file, a key or an option is wrong.
    """
    from sim.scenario.schema import Scenario

    short = {"audience.users": users, "run.hours": hours, "run.seed": seed}
    given = [f"{key}={value}" for key, value in short.items() if value is not None]
    return Scenario.load(path, [*(settings or ()), *given])
