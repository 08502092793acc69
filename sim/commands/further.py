"""What `compare` is asked beside who is best: why (`--why`), and what today's values say (`--robust`).

Takes a finished comparison; says what the answer costs before it starts, and prints it.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from sim.commands.progress import progress_bar
from sim.errors import Phrase
from sim.language.words import N_, Language, Words

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison


def asked_further(
    found: "Comparison", workers: int | None, language: Language, *, why: bool, quiet: bool
) -> tuple["Comparison", Phrase | None]:
    """The comparison with what is asked beside it, and what Ctrl-C left out of that."""
    from sim.experiment.explained import baselines, beside_today, explained
    from sim.experiment.why import runs_of

    each = found.provenance["seconds"] / (found.seeds * len(found.variants))
    words = Words(language)

    def costs(text: str, runs: int) -> None:
        least = max(1, round(runs * each))  # a machine that others use too gives half of it
        typer.echo(words(text, runs=runs, least=least, most=2 * least), err=True)

    if found.box is not None:
        costs(
            N_("--robust: {runs:,} more runs at today's values, about {least:,} to {most:,} s"),
            found.seeds * len(found.variants),
        )
        done = False
        with suppress(KeyboardInterrupt), progress_bar("today", quiet=quiet, language=language) as tick:
            found, done = beside_today(found, workers=workers, progress=tick), True
        if not done or found.today is None:
            return found, Phrase("today's values were run")
    if why:
        costs(N_("--why: {runs:,} more runs, about {least:,} to {most:,} s"), runs_of(len(baselines(found))))
        with suppress(KeyboardInterrupt), progress_bar("why", quiet=quiet, language=language) as tick:
            return explained(found, workers=workers, progress=tick), None
        return found, Phrase("the reasons were found")
    return found, None


def print_further(found: "Comparison", content: Mapping[str, Any], language: Language) -> None:
    """The reasons and the box of the assumptions in words, where they were asked for."""
    from sim.analysis.reasons import WHY_SEEDS, over_box, reasons
    from sim.analysis.worth_told import worth_in

    names = found.names(language)
    if found.reasons:
        pair = names[found.verdict.best], names[found.verdict.runner_up]
        for text in reasons(content["why"], pair, found.metric, language, WHY_SEEDS):
            typer.echo(text)
    if found.box is not None:
        called = {v.name: name for v, name in zip(found.variants, names, strict=True)}
        for text in (*over_box(content["robust"], called, language), *worth_in(content, language)):
            typer.echo(text)
