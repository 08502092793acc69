"""`matrixsim budget`: what each budget buys at its best mix, and where more money stops paying."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.booking import Creators, bounded, with_creators
from sim.commands.options import (
    Hours,
    Json,
    Language,
    Metric,
    ScenarioFile,
    Seed,
    Settings,
    Users,
    Workers,
    check_out,
    check_size,
    opened,
    spoken,
    wanted_layouts,
)
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import grouped, interval, print_json, print_table
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.sweeps.budget import Curve
HEAD = (
    N_("budget"),
    NC_("budget", "creators"),
    N_("creators' cost"),
    N_("mean {metric}"),
    N_("interval"),
    N_("added"),
    N_("per 1,000 CNY more"),
)


def budget(
    scenario: ScenarioFile,
    budgets: Annotated[
        str, typer.Option("--budgets", metavar="A,B,…", help="CNY for creators, two or more budgets.")
    ],
    metric: Metric = "reach",
    layouts: Annotated[
        str | None, typer.Option("--layouts", metavar="A,B,…", help="Layouts to choose from.")
    ] = None,
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=1, max=100_000, help="Mixes at most, each budget.")
    ] = 40,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="K", min=2, help="Replications in the search.")
    ] = 6,
    fresh: Annotated[
        int, typer.Option("--fresh", metavar="K", min=2, help="Replications of the check.")
    ] = 16,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="TIER=N", help="At least so many of a tier; repeatable."),
    ] = None,
    most: Annotated[
        list[str] | None,
        typer.Option("--max", metavar="TIER=N", help="At most so many of a tier; repeatable."),
    ] = None,
    creators: Creators = None,
    workers: Workers = None,
    seed: Seed = None,
    users: Users = None,
    hours: Hours = None,
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keeps the searches, so that they can go on.")
    ] = None,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """Show what each budget brings at its best mix, what more would add, and where it flattens."""
    wanted = _amounts(budgets)
    check_out(out)
    plan = opened(scenario, settings, users=users, hours=hours, seed=seed)
    names = wanted_layouts(layouts)
    plan, told = with_creators(plan, creators, spoken(language))
    plan, fewest, largest = bounded(plan, least, most)
    check_size(plan, alone=False, workers=workers)
    compiled_ahead()
    from sim.sweeps.budget import as_dict, curve

    def kept() -> str:
        if out is None:
            return "nothing is kept; with --out DIR the searches would go on"
        return f"{out} keeps the mixes tried of each budget: the same command goes on"

    with saying_what_is_kept(kept), progress_bar(f"{metric}, {len(wanted)} budgets", quiet=as_json) as tick:
        found = curve(
            plan, wanted, metric=metric, layouts=names, trials=trials, seeds=seeds, fresh=fresh,
            least=fewest, most=largest, out=out, workers=workers, progress=tick,
        )  # fmt: skip
    content = as_dict(found) | ({"list": told.as_dict()} if told else {})
    if out is not None:
        from sim import storage

        storage.write_json(out / "budget.json", content)
    if as_json:
        print_json(content)
    else:
        _print(found, spoken(language))


def _amounts(text: str) -> list[float]:
    """The budgets of the option [CNY].

    Raises:
        UsageError: one is no amount, two are the same to the fen, or there are fewer than two.
    """
    from sim.errors import UsageError

    found = set()
    for word in text.split(","):
        try:
            amount = float(word)
        except ValueError:
            amount = -1.0
        if not 1 <= amount <= 1e12:  # noqa: PLR2004 - the limits of seeding.budget_cny
            raise UsageError(f"--budgets {text}: {word.strip()!r} is no amount; allowed: from 1 to 1e12 CNY")
        found.add(amount)
    if len(found) == 1:
        raise UsageError(f"--budgets {text}: a curve needs two budgets or more; for one there is optimise")
    from sim.sweeps.budget import told_apart

    return told_apart(tuple(found))


def _print(found: "Curve", language: Tongue) -> None:
    from sim.language.vocabulary import METRIC
    from sim.sweeps.budget import told

    words = Words(language)
    rows = []
    for step in found.steps:
        added = per = ""
        if step.added is not None and step.per_yuan is not None:
            low, high = (
                None if value is None else 1000 * value for value in (step.per_yuan_low, step.per_yuan_high)
            )
            added = f"{grouped(step.added)} ({interval(step.added_low, step.added_high, language)})"
            per = f"{grouped(1000 * step.per_yuan)} ({interval(low, high, language)})"
        rows.append(
            [
                grouped(step.budget_cny), ":".join(map(str, step.mix.counts)), grouped(step.cost_cny),
                grouped(step.mean), interval(step.low, step.high, language), added, per,
            ]
        )  # fmt: skip
    label = METRIC[found.metric].said(language)
    print_table([words(title, metric=label) for title in HEAD], rows)
    for line in told(found, language):
        typer.echo(line)
