"""`matrixsim scenario`: start, check, describe and explain scenario files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.commands.options import Hours, ScenarioFile, Seed, Settings, Users, opened
from sim.commands.tables import print_warnings

app = typer.Typer(no_args_is_help=True, help="Start, check and explain scenario files.")


@app.command()
def new(
    path: Annotated[Path, typer.Argument(metavar="[FILE]", help="Where to.")] = Path("scenario.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a commented scenario to start from."""
    from sim.errors import UsageError
    from sim.scenario.starter import STARTER
    from sim.storage import write_text

    if path.exists() and not force:
        raise UsageError("{path} exists; --force replaces it", path=path)
    write_text(path, STARTER)
    typer.echo(f"{path} written; check it with: matrixsim scenario check {path}")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files, or shipped names.")],
    settings: Settings = None,
) -> None:
    """Name every mistake with file, line, key and what is allowed; note what may surprise."""
    from sim.analysis.plan_warnings import plan_warnings
    from sim.analysis.warned import each_once
    from sim.errors import Problem, ScenarioError
    from sim.scenario.layouts import edges
    from sim.scenario.notes import notes
    from sim.scenario.seeding import seeding_cost_cny

    problems: list[Problem] = []
    for file in files:
        try:
            scenario = opened(file, settings)
        except ScenarioError as error:
            problems += error.problems
            continue
        links, creators = len(edges(scenario)), sum(scenario.seeding.counts)
        budget, money = scenario.seeding.budget_cny, ""
        if budget is not None:
            money = f" for {seeding_cost_cny(scenario):,.0f} of {budget:,.0f} CNY"
        typer.echo(
            f"{file}: fine ({len(scenario.accounts)} accounts, {links} links, {creators} creators{money})"
        )
        for note in (*notes(scenario), *each_once(plan_warnings(scenario), "en")):
            typer.echo(f"{file}: note: {note}")
    if problems:
        raise ScenarioError(problems)


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to.")] = None,
) -> None:
    """Give the JSON Schema of scenario files, for editors."""
    import json

    from sim.scenario.reference import json_schema
    from sim.storage import write_text

    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    if out is None:
        typer.echo(text)
    else:
        write_text(out, f"{text}\n")


@app.command()
def explain(
    path: ScenarioFile,
    settings: Settings = None,
    users: Users = None,
    hours: Hours = None,
    seed: Seed = None,
    language: Annotated[Literal["en", "zh"], typer.Option("--lang", help="Language of the text.")] = "en",
    assumed: Annotated[bool, typer.Option("--assumptions", help="List every assumed number.")] = False,
) -> None:
    """Say in words what a scenario does."""
    from sim.analysis.plan_warnings import plan_warnings
    from sim.scenario.explain import assumptions
    from sim.scenario.explain import explain as explained

    scenario = opened(path, settings, users=users, hours=hours, seed=seed)
    typer.echo(explained(scenario, language))
    print_warnings(plan_warnings(scenario), language)
    if assumed:
        typer.echo(f"\n{assumptions(scenario, language)}")
