"""`matrixsim verify`: proves that a result hangs on neither engine nor threads."""

from typing import Annotated

import typer

from sim.commands.options import Asked, ScenarioFile, check_size, spread
from sim.commands.progress import compiled_ahead, saying_what_is_kept
from sim.commands.tables import print_json
from sim.errors import Phrase
from sim.language.words import Words


@spread
def verify(
    scenario: ScenarioFile,
    asked: Asked,
    threads: Annotated[str, typer.Option("--threads", metavar="1,2,…", help="Thread counts to try.")] = "1,2",
) -> None:
    """Print the digest from each engine and thread count, and whether they are equal."""
    from sim.errors import RunError, UsageError

    plan, words = asked.opened(scenario), Words(asked.spoken)
    try:
        counts = [int(text) for text in threads.split(",")]
    except ValueError:
        counts = []
    if not counts or min(counts) < 1:
        raise UsageError("--threads {threads}: needs whole numbers above 0, such as 1,2", threads=threads)
    check_size(plan, alone=True)
    digests: dict[str, str] = {}
    called = {f"columns, {n} threads": words("columns, {n} threads", n=n) for n in counts}

    def told(*, beside: bool = False) -> None:
        for name, digest in digests.items():
            typer.echo(f"{digest}  {called.get(name, name)}", err=beside)

    def kept() -> Phrase:
        told(beside=asked.as_json)
        if digests:
            return Phrase("the digests above are what was found")
        return Phrase("no run had ended, so nothing is known")

    with saying_what_is_kept(kept):
        compiled_ahead(asked.spoken)
        from sim.experiment.replicate import run as run_once

        for n in counts:
            digests[f"columns, {n} threads"] = run_once(plan, threads=n).digest
        if plan.audience.users <= AGENTS_MOST:
            digests["agents"] = run_once(plan, engine="agents").digest
    equal = len(set(digests.values())) == 1
    if asked.as_json:
        print_json({"digests": digests, "equal": equal})
    else:
        told()
        if plan.audience.users > AGENTS_MOST:
            typer.echo(words("agents left out: above {most:,} users; try --users {most}", most=AGENTS_MOST))
        typer.echo(words("equal") if equal else words("NOT EQUAL"))
    if not equal:
        raise RunError("the digests differ: please report this scenario")


AGENTS_MOST = 50_000
"""Users up to which `verify` builds an agent a person (about 2 kB each)."""
