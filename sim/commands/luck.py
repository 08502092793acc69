"""`matrixsim luck`: which accounts of an export are unlucky, which are bad, and what would tell."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.exports import Hints, brought
from sim.commands.options import Json, Language, spoken, spread
from sim.commands.tables import print_json, print_table
from sim.language.words import Words


@spread
def luck(
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Exports of two accounts and more.")],
    hints: Hints,
    scenario: Annotated[
        str,
        typer.Option("--scenario", metavar="SCENARIO", help="Whose spreads are assumed until the data tell."),
    ] = "beauty_matrix",
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Of the intervals.")
    ] = 0.9,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """Tell which accounts are surely below or above their peers, and how many more videos would tell."""
    from sim.commands.options import opened
    from sim.forecast.luck import luck_of
    from sim.forecast.told import HEADS_LUCK, luck_rows, luck_told

    tongue, plan = spoken(language), opened(scenario)
    found = luck_of(brought(data, hints, tongue, quiet=as_json).videos, plan, confidence)
    if as_json:
        print_json(found.as_dict())
        return
    words, level = Words(tongue), f"{100 * confidence:.4g}"
    print_table([words(head, level=level) for head in HEADS_LUCK], luck_rows(found, tongue))
    for line in luck_told(found, tongue):
        typer.echo(line)
