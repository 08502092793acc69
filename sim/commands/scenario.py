"""`matrixsim scenario`: start, check, describe and explain scenario files."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Hours, Language, ScenarioFile, Seed, Settings, Users, opened, spoken
from sim.commands.tables import print_warnings
from sim.language.words import Words

app = typer.Typer(no_args_is_help=True, help="Start, check and explain scenario files.")


@app.command()
def new(
    path: Annotated[Path, typer.Argument(metavar="[FILE]", help="Where to.")] = Path("scenario.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    language: Language = None,
) -> None:
    """Write a commented scenario to start from."""
    from sim.errors import UsageError
    from sim.scenario.starter import STARTER
    from sim.storage import write_text

    if path.exists() and not force:
        raise UsageError("{path} exists; --force replaces it", path=path)
    write_text(path, STARTER)
    words = Words(spoken(language))
    typer.echo(words("{path} written; check it with: matrixsim scenario check {path}", path=path))


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files, or shipped names.")],
    settings: Settings = None,
    language: Language = None,
) -> None:
    """Name every mistake with file, line, key and what is allowed; note what may surprise."""
    from sim.analysis.plan_warnings import plan_warnings
    from sim.analysis.warned import each_once
    from sim.errors import Problem, ScenarioError
    from sim.report.text import Say
    from sim.scenario.layouts import edges
    from sim.scenario.notes import notes
    from sim.scenario.seeding import seeding_cost_cny

    tongue, problems = spoken(language), list[Problem]()
    say = Say(tongue)
    for file in files:
        try:
            scenario = opened(file, settings)
        except ScenarioError as error:
            problems += error.problems
            continue
        links, creators = len(edges(scenario)), sum(scenario.seeding.counts)
        budget, money = scenario.seeding.budget_cny, ""
        if budget is not None:
            money = say(
                " for {cost:,.0f} of {budget:,.0f} CNY", cost=seeding_cost_cny(scenario), budget=budget
            )
        typer.echo(
            say(
                "{file}: fine ({accounts}, {links}, {creators}{money})", file=file, money=money,
                accounts=say.count("account", len(scenario.accounts)), links=say.count("link", links),
                creators=say.count("creator", creators),
            )
        )  # fmt: skip
        for note in (*notes(scenario, tongue), *each_once(plan_warnings(scenario), tongue)):
            typer.echo(say("{file}: note: {note}", file=file, note=note))
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
    language: Language = None,
    assumed: Annotated[bool, typer.Option("--assumptions", help="List every assumed number.")] = False,
) -> None:
    """Say in words what a scenario does."""
    from sim.analysis.plan_warnings import plan_warnings
    from sim.scenario.explain import assumptions
    from sim.scenario.explain import explain as explained

    scenario, tongue = opened(path, settings, users=users, hours=hours, seed=seed), spoken(language)
    typer.echo(explained(scenario, tongue))
    print_warnings(plan_warnings(scenario), tongue)
    if assumed:
        typer.echo(f"\n{assumptions(scenario, tongue)}")
