"""Options about whom to book, shared by `optimise` and `budget`: bounds, and a price list of one's own."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.analysis.price_list import PriceList
    from sim.scenario.schema import Scenario

Creators = Annotated[
    str | None,
    typer.Option("--creators", metavar="LIST", help="Price list to choose from: CSV or Excel."),
]


def bounded(
    plan: "Scenario",
    least: Sequence[str] | None,
    most: Sequence[str] | None,
    keep: Sequence[str] | None = None,
    budget_cny: float = math.inf,
) -> tuple["Scenario", tuple[int, ...], tuple[int, ...] | None]:
    """The plan, the least and the most of each tier that the options ask for.

    Raises:
        UsageError: one is not TIER=N, nobody has an id to keep, or who is kept passes the other bounds or the
            budget.
    """
    from sim.scenario.matrix import MOST_CREATORS, TIERS
    from sim.sweeps.bounds import bound, keeping, kept_of, refuse_impossible
    from sim.sweeps.money import Money

    typed = bound("--min", least or (), (0,) * len(TIERS))
    largest = bound("--max", most, (MOST_CREATORS,) * len(TIERS)) if most else None
    plan, fewest = keeping(plan, keep or (), typed)
    ids = [*(keep or ()), *(row.name for row in plan.seeding.creators if row.keep)]
    if kept := kept_of(plan, ids, typed, fewest):  # later it would be taken for a --min
        refuse_impossible(Money(plan, budget_cny, fewest, largest), kept)
    return plan, fewest, largest


def with_creators(
    plan: "Scenario", path: str | None, language: Tongue
) -> tuple["Scenario", "PriceList | None"]:
    """The plan with the creators of a list in place of its market; says on stderr what was skipped.

    Raises:
        UsageError: the list cannot be read.
    """
    if path is None:
        return plan, None
    from sim.analysis.price_list import read

    found = read(path, plan)
    for line in (*found.told(language), *found.lacking(plan, language)):
        typer.echo(line, err=True)
    return found.booked_from(plan), found
