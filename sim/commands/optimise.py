"""`matrixsim optimise`: the best layout and creator mix under a budget, and how honest that is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.booking import Search
from sim.commands.options import Asked, ScenarioFile, check_out, spread
from sim.commands.progress import working
from sim.commands.tables import grouped, interval, print_table, print_warnings, with_interval
from sim.errors import Phrase
from sim.language.numbers import COLON
from sim.language.vocabulary import MetricName
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.reading.price_list import PriceList
    from sim.sweeps.optimise import Optimum, Scored
    from sim.sweeps.scorer import Mix

HEAD = (
    N_("mix"),
    N_("layout"),
    NC_("optimise", "creators"),
    N_("creators' cost"),
    N_("mean {metric}"),
    N_("interval"),
    N_("lowest tenth"),
    N_("difference to best"),
)
NAMES = (
    N_("equal split"),
    N_("cheapest only"),
    N_("most fans first"),
    N_("published 1:1:3:46:100:150"),
    N_("random"),
    N_("as written"),
    N_("no creators"),
    N_("none beyond the bounds"),
)
"""Mixes that are always tried, by the names of sweeps/money.py and given.py."""


@spread
def optimise(
    scenario: ScenarioFile,
    budget: Annotated[
        float, typer.Option("--budget", metavar="N", min=1, max=1e12, help="CNY for creators.")
    ],
    search: Search,
    asked: Asked,
    objective: Annotated[MetricName, typer.Option("--objective", help="What counts.")] = "reach",
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=1, max=100_000, help="Mixes at most.")
    ] = 60,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="ID", help="A creator who is in every mix; repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keeps the study, so that it can go on.")
    ] = None,
) -> None:
    """Find the layout and creator mix with the best result under a budget, and check it on fresh seeds."""
    check_out(out)
    ready = search.prepared(asked, scenario, keep or (), budget, metric=objective, trials=trials, out=out)
    from sim.sweeps.optimise import RUNS
    from sim.sweeps.optimise import optimise as best
    from sim.sweeps.optimum import as_dict, best_plan

    def kept() -> Phrase:
        if out is None:
            return Phrase("nothing is kept; with --out DIR the study would go on")
        if not (out / RUNS).is_file() or not (out / RUNS).stat().st_size:
            return Phrase("no mix was tried yet, so {folder} keeps nothing", folder=out)
        return Phrase("the study in {folder} keeps the mixes tried: the same command goes on", folder=out)

    title = f"{objective}, {budget:,.0f} CNY"
    with working(title, asked, kept) as tick:
        found = best(ready.plan, budget, progress=tick, **ready.options)
    ready.answer(as_dict(found), out and out / "optimum.json", as_json=asked.as_json)
    if out is not None:
        from sim import storage

        storage.write_text(out / "best.toml", best_plan(ready.plan, found).to_toml())
    if not asked.as_json:
        _print(found, search.fresh, asked.spoken)
        _print_names(found, ready.prices, asked.spoken)


def _print(found: "Optimum", fresh: int, language: Tongue) -> None:
    from sim.analysis.named import layout_name
    from sim.language.vocabulary import METRIC
    from sim.report.money import balance
    from sim.sweeps.given import NO_CREATORS, WRITTEN
    from sim.sweeps.optimise import FOUND, NEXT_CNY

    words = Words(language)

    several = len({row.mix.layout for row in (found.best, *found.others)}) > 1

    def name(row: "Scored") -> str:
        if row.name == FOUND:
            return words("found by search")
        own, *others = map(words, (row.name, *row.also))
        return words("{name} (also {others})", name=own, others=words.listed(others)) if others else own

    def creators(row: "Scored") -> str:
        if row.posting == sum(row.mix.counts):
            return _ratio(row.mix)
        return words("{n} ({posting} posting)", n=_ratio(row.mix), posting=f"{row.posting:,}")

    rows = []
    for k, row in enumerate((found.best, *found.others)):
        gap = with_interval(row.difference, row.difference_low, row.difference_high, language)
        rows.append(
            [
                f"{words('best')}{COLON[language]}{name(row)}" if k == 0 else name(row),
                layout_name(row.mix.layout, language), creators(row), grouped(row.cost_cny),
                grouped(row.mean), interval(row.low, row.high, language), grouped(row.tail),
                "" if k == 0 else gap,
            ]
        )  # fmt: skip
    label = METRIC[found.metric].said(language)
    print_table([words(title, metric=label) for title in HEAD], rows)

    best = found.best
    typer.echo(
        words(
            "{trials} mixes tried; budget {budget} CNY, of which {cost} is spent.",
            trials=found.trials,
            budget=grouped(found.budget_cny),
            cost=grouped(best.cost_cny),
        )
    )
    typer.echo(
        words(
            "On {fresh} seeds that nothing was chosen on the best gives {mean} ({interval}); on "
            "the seeds of the search it gave {optimistic}.",
            fresh=fresh,
            mean=grouped(best.mean),
            interval=interval(best.low, best.high, language),
            optimistic=grouped(found.optimistic),
        )
    )
    if any(row.mean > best.mean for row in found.others):
        typer.echo(
            words(
                "'best' was chosen on other seeds, those of a look before this one; a higher mean below it "
                "is of the seeds that nothing was chosen on, and to choose by those would flatter it."
            )
        )
    nobody = found.over_nobody, found.over_nobody_low, found.over_nobody_high
    for plan, (gain, low, high), itself, over in (
        (WRITTEN, (found.gain, found.gain_low, found.gain_high), IS_WRITTEN, OVER_WRITTEN),
        (NO_CREATORS, nobody, IS_NOBODY, OVER_NOBODY),
    ):
        if gain is not None:
            text = itself if best.name == plan else over
            typer.echo(words(text, gain=grouped(gain), interval=interval(low, high, language)))
    for line in balance(found.money.as_dict(), words("the best mix"), words) if found.money else ():
        typer.echo(line)
    print_warnings(found.warnings, language)
    tied = [row for row in found.others if row.difference_high is not None and row.difference_high >= 0]
    unsure = [row for row in found.others if row.difference_high is None]
    for text, rivals in ((TIED, tied), (UNSURE, unsure)):
        told = (
            f"{layout_name(row.mix.layout, language)} · {name(row)}" if several else name(row)
            for row in rivals
        )  # fmt: skip
        if rivals:
            typer.echo(words(text, names=words.listed(dict.fromkeys(told))))
    if found.next_mix == best.mix:
        typer.echo(words("{money} CNY more buys nobody who would add anything.", money=grouped(NEXT_CNY)))
        return
    typer.echo(
        words(
            NEXT if found.next_worth >= 0 else NEXT_LOSES,
            money=grouped(NEXT_CNY),
            worth=grouped(found.next_worth),
            interval=interval(found.next_worth_low, found.next_worth_high, language),
            mix=_ratio(found.next_mix),
        )
    )


IS_WRITTEN = N_("The plan as written is the best: gain 0.")
OVER_WRITTEN = N_("Over the plan as written it brings {gain} ({interval}).")
IS_NOBODY = N_("To book nobody is the best: no mix that was tried is worth its money.")
OVER_NOBODY = N_("Over booking nobody it brings {gain} ({interval}).")
TIED = N_("It cannot be told apart from: {names}.")
UNSURE = N_("Too few seeds differ to say how surely it is ahead of: {names}.")
NEXT = N_("{money} CNY more would add {worth} ({interval}), spent on {mix}.")
NEXT_LOSES = N_("{money} CNY more would add nothing: {worth} ({interval}), spent on {mix}.")


def _print_names(found: "Optimum", told: "PriceList | None", language: Tongue) -> None:
    """Whom the best mix books, of a price list, and who is known by estimates only."""
    from sim.language.names import columns_named

    words = Words(language)
    if found.best.names:
        guessed = told.estimated if told else {}
        marked = (f"{name}*" if name in guessed else name for name in found.best.names)
        typer.echo(words("Whom the best mix books: {names}.", names=words.listed(marked)))
        columns = {column for name in found.best.names for column in guessed.get(name, ())}
        if columns:
            typer.echo(
                words(
                    "* estimated from the tier table or the list: {columns}",
                    columns=words.listed(columns_named(columns, language)),
                )
            )


def _ratio(mix: "Mix") -> str:
    return ":".join(str(n) for n in mix.counts)
