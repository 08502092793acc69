"""What `optimise` and `budget` are asked about whom to book, and the steps that both begin with."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sim.commands.options import Asked, Workers, check_size, wanted_layouts
from sim.commands.progress import compiled_ahead
from sim.commands.tables import print_json
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.reading.price_list import PriceList
    from sim.scenario.schema import Scenario

Tiers = list[str] | None


class Search(NamedTuple):
    """What a search for mixes is asked: choices, bounds, and how long it may look."""

    layouts: Annotated[
        str | None, typer.Option("--layouts", metavar="A,B,…", help="Layouts to choose from.")
    ] = None
    seeds: Annotated[int, typer.Option("--seeds", metavar="K", min=2, help="Replications in the search.")] = 6
    fresh: Annotated[int, typer.Option("--fresh", metavar="K", min=2, help="Replications of the check.")] = 16
    least: Annotated[
        Tiers, typer.Option("--min", metavar="TIER=N", help="At least so many of a tier; repeatable.")
    ] = None
    most: Annotated[
        Tiers, typer.Option("--max", metavar="TIER=N", help="At most so many of a tier; repeatable.")
    ] = None
    creators: Annotated[
        str | None,
        typer.Option("--creators", metavar="LIST", help="Price list to choose from: CSV or Excel."),
    ] = None
    workers: Workers = None

    def prepared(
        self,
        asked: Asked,
        scenario: str,
        keep: Sequence[str] = (),
        budget_cny: float = math.inf,
        **own: Any,
    ) -> "Prepared":
        """The plan with list and bounds laid over it, once it is known to fit, and the rules compiled.

        Args:
            asked: of the command.
            scenario: file or shipped name.
            keep: ids of creators who are in every mix.
            budget_cny: of all mixes, where there is one.
            own: the command's own options of the search.

        Raises:
            ScenarioError: the scenario is wrong.
            UsageError: an option is, or the plan does not fit into memory.
        """
        plan = asked.opened(scenario)
        layouts = wanted_layouts(self.layouts)
        plan, told = with_creators(plan, self.creators, asked.spoken)
        plan, least, most = bounded(plan, self.least, self.most, keep, budget_cny)
        check_size(plan, alone=False, workers=self.workers)
        compiled_ahead(asked.spoken)
        own |= {"layouts": layouts, "least": least, "most": most}
        return Prepared(plan, told, own | {"seeds": self.seeds, "fresh": self.fresh, "workers": self.workers})


class Prepared(NamedTuple):
    """What a search begins with."""

    plan: "Scenario"
    prices: "PriceList | None"
    """a list of one's own"""
    options: dict[str, Any]
    """of `sweeps.optimise` and `sweeps.budget`, by their names there"""

    def answer(self, content: dict[str, Any], file: Path | None, *, as_json: bool) -> None:
        """Keeps an answer in a file, prints it where JSON is asked for; with what was read of the list."""
        document = content | ({"list": self.prices.as_dict()} if self.prices else {})
        if file is not None:
            from sim import storage

            storage.write_json(file, document)
        if as_json:
            print_json(document)


def bounded(
    plan: "Scenario",
    least: Sequence[str] | None,
    most: Sequence[str] | None,
    keep: Sequence[str],
    budget_cny: float,
) -> tuple["Scenario", tuple[int, ...], tuple[int, ...] | None]:
    """The plan, the least and the most of each tier that the options ask for.

    Raises:
        UsageError: one is not TIER=N, nobody has an id to keep, or who is kept passes the other bounds or the
            budget.
    """
    from sim.scenario.matrix import MOST_CREATORS, TIERS
    from sim.sweeps.bounds import bound, keeping, kept_of, refuse_impossible
    from sim.sweeps.money import Budget

    typed = bound("--min", least or (), (0,) * len(TIERS))
    largest = bound("--max", most, (MOST_CREATORS,) * len(TIERS)) if most else None
    plan, fewest = keeping(plan, keep, typed)
    ids = [*keep, *(row.name for row in plan.seeding.creators if row.keep)]
    if kept := kept_of(plan, ids, typed, fewest):  # later it would be taken for a --min
        refuse_impossible(Budget(plan, budget_cny, fewest, largest), kept)
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
    from sim.reading.price_list import read

    found = read(path, plan)
    for line in (*found.told(language), *found.lacking(plan, language)):
        typer.echo(line, err=True)
    return found.booked_from(plan), found
