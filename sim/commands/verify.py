"""`matrixsim verify`: proves that a result hangs on neither engine nor threads."""

from typing import Annotated

import typer

from sim.commands.options import Hours, Json, ScenarioFile, Seed, Settings, Users, check_size, opened
from sim.commands.progress import compiled_ahead, saying_what_is_kept
from sim.commands.tables import print_json
from sim.errors import Phrase


def verify(
    scenario: ScenarioFile,
    threads: Annotated[str, typer.Option("--threads", metavar="1,2,…", help="Thread counts to try.")] = "1,2",
    seed: Seed = None,
    users: Users = None,
    hours: Hours = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Print the digest from each engine and thread count, and whether they are equal."""
    from sim.errors import RunError, UsageError

    plan = opened(scenario, settings, users=users, hours=hours, seed=seed)
    try:
        counts = [int(text) for text in threads.split(",")]
    except ValueError:
        counts = []
    if not counts or min(counts) < 1:
        raise UsageError("--threads {threads}: needs whole numbers above 0, such as 1,2", threads=threads)
    check_size(plan, alone=True)
    digests: dict[str, str] = {}

    def kept() -> Phrase:
        for name, digest in digests.items():
            typer.echo(f"{digest}  {name}", err=as_json)
        if digests:
            return Phrase("the digests above are what was found")
        return Phrase("no run had ended, so nothing is known")

    with saying_what_is_kept(kept):
        compiled_ahead()
        from sim.experiment.replicate import run as run_once

        for n in counts:
            digests[f"columns, {n} threads"] = run_once(plan, threads=n).digest
        if plan.audience.users <= AGENTS_MOST:
            digests["agents"] = run_once(plan, engine="agents").digest
    equal = len(set(digests.values())) == 1
    if as_json:
        print_json({"digests": digests, "equal": equal})
    else:
        for name, digest in digests.items():
            typer.echo(f"{digest}  {name}")
        if plan.audience.users > AGENTS_MOST:
            typer.echo(f"agents left out: above {AGENTS_MOST:,} users; try --users {AGENTS_MOST}")
        typer.echo("equal" if equal else "NOT EQUAL")
    if not equal:
        raise RunError("the digests differ: please report this scenario")


AGENTS_MOST = 50_000
"""Users up to which `verify` builds an agent a person (about 2 kB each)."""
