"""The command `python -m benchmarks`."""

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.plan import FULL, PARTS, QUICK

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "speed.md"


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Smaller sizes, fewer rounds: under 50 s.")] = False,
    file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Where the result goes.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help=f"One of {', '.join(PARTS)}; may be repeated."),
    ] = None,
    docs: Annotated[
        bool, typer.Option("--docs", help="Also rewrite the figures in docs/explanation/speed.md.")
    ] = False,
) -> None:
    """Measure the whole model, its ceiling and its peers, in one run."""
    plan = QUICK if quick else FULL
    wanted = [name for words in only for name in words.split(",")] if only else list(plan.parts)
    if unknown := [name for name in wanted if name not in PARTS]:
        raise typer.BadParameter(
            f"{unknown[0]!r} is no part; allowed: {', '.join(PARTS)}", param_hint="--only"
        )
    started = time.perf_counter()
    # The first run of `start` fills this cache, so the compiler works once; it has to be set before sim is imported.
    cache = Path(tempfile.mkdtemp(prefix="matrixsim-benchmarks-"))
    os.environ["MATRIXSIM_CACHE"] = str(cache)
    try:
        from benchmarks import measuring, report

        machine = measuring.machine()
        found = [
            measuring.part(name, plan, cache, lambda line: typer.echo(line, err=True))
            for name in PARTS
            if name in wanted
        ]
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    machine["load_after"] = [round(x, 2) for x in os.getloadavg()]
    result = report.merged(found, machine, plan.name)
    result["details"]["seconds"] = round(time.perf_counter() - started, 1)
    report.printed(result)
    typer.echo(f"{result['details']['seconds']} s in all")
    if file is not None:
        file.write_text(json.dumps(result, indent=2, ensure_ascii=False), "utf-8")
    if docs:
        report.into_docs(result, PAGE)


if __name__ == "__main__":
    typer.run(main)
