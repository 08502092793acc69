"""`matrixsim budget`: what each budget buys at its best mix, and where more money stops paying."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.booking import Search
from sim.commands.options import Asked, Metric, ScenarioFile, check_out, spread
from sim.commands.progress import working
from sim.commands.tables import grouped, interval, print_table, with_interval
from sim.errors import Phrase
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.sweeps.budget import BudgetCurve

HEAD = (
    N_("budget"),
    NC_("budget", "creators"),
    N_("creators' cost"),
    N_("mean {metric}"),
    N_("interval"),
    N_("added"),
    N_("per 1,000 CNY more"),
)


@spread
def budget(
    scenario: ScenarioFile,
    budgets: Annotated[
        str, typer.Option("--budgets", metavar="A,B,…", help="CNY for creators, two or more budgets.")
    ],
    search: Search,
    asked: Asked,
    metric: Metric = "reach",
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=0, max=100_000, help="Mixes at most, each budget.")
    ] = 40,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keeps the searches, so that they can go on.")
    ] = None,
) -> None:
    """Show what each budget brings at its best mix, what more would add, and where it flattens."""
    wanted = _amounts(budgets)
    check_out(out)
    ready = search.prepared(asked, scenario, metric=metric, trials=trials, out=out)
    from sim.sweeps.budget import as_dict, curve

    def kept() -> Phrase:
        if out is None:
            return Phrase("nothing is kept; with --out DIR the searches would go on")
        return Phrase("{folder} keeps the mixes tried of each budget: the same command goes on", folder=out)

    title = f"{metric}, {len(wanted)} budgets"
    with working(title, asked, kept) as tick:
        found = curve(ready.plan, wanted, progress=tick, **ready.options)
    ready.answer(as_dict(found), out and out / "budget.json", as_json=asked.as_json)
    if not asked.as_json:
        _print(found, asked.spoken)


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
            raise UsageError(
                "--budgets {text}: {word!r} is no amount; allowed: from 1 to 1e12 CNY",
                text=text, word=word.strip(),
            )  # fmt: skip
        found.add(amount)
    if len(found) == 1:
        raise UsageError(
            "--budgets {text}: a curve needs two budgets or more; for one there is optimise", text=text
        )
    from sim.sweeps.budget import told_apart

    return told_apart(tuple(found))


def _print(found: "BudgetCurve", language: Tongue) -> None:
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
            added = with_interval(step.added, step.added_low, step.added_high, language)
            per = with_interval(1000 * step.per_yuan, low, high, language)
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
