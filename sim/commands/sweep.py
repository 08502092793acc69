"""`matrixsim sweep` and `query`: many runs over a design, and questions over what they gave."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import Language, Workers, check_cluster, check_out, spoken
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import grouped, print_json, print_table, print_warnings
from sim.errors import Phrase, RunError
from sim.language.words import N_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    import polars as pl

    from sim.sweeps.known import Note
    from sim.sweeps.plan import Sweep
    from sim.sweeps.run import Forecast


SHOWN_REASONS = 5
"""Reasons of failed runs that are listed (chosen)."""


def sweep(
    file: Annotated[Path, typer.Argument(metavar="SWEEP", help="A sweep file (TOML).")],
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder or fsspec address; SWEEP without .toml."),
    ] = None,
    workers: Workers = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is missing.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Go on, and run failed runs once more.")
    ] = False,
    redo_damaged: Annotated[
        bool, typer.Option("--redo-damaged", help="Go on; set damaged files aside and do their runs again.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Only a summary in JSON on stdout.")] = False,
    language: Language = None,
) -> None:
    """Run a scenario over a grid, a Latin hypercube, Sobol, Saltelli or Morris points."""
    from sim import storage
    from sim.sweeps.known import under_way
    from sim.sweeps.plan import load_sweep
    from sim.sweeps.run import sweep as run_sweep
    from sim.sweeps.store import ASIDE, FAILED, Store

    check_cluster(cluster)
    tongue = spoken(language)
    words = Words(tongue)
    plan = load_sweep(file)
    address = out or str(file.with_suffix(""))
    if "://" not in address:
        check_out(Path(address))
    place = Store(address)
    if redo_damaged:
        for damaged in place.set_aside():
            name = f"{Path(damaged).name}{ASIDE}"
            typer.echo(words("{file}: is damaged; set aside as {name}", file=damaged, name=name), err=True)
    place.begin(plan, resume=resume or retry_failed or redo_damaged)
    place.finished()  # what is damaged is told before anything runs
    _tell_infeasible(plan, tongue)
    note = _note(plan, file, place.root, workers, cluster) if place.local else None
    quiet = as_json

    def told(ahead: "Forecast") -> None:
        pilots = words(" and {pilots:,} pilots", pilots=ahead.pilots) if ahead.pilots else ""
        typer.echo(
            words(
                "{runs:,} runs ({points:,} points x {seeds} seeds), {left:,} left{pilots}: about {time} on "
                "{workers} processes, {disk:.1f} MiB of disk",
                runs=ahead.runs, points=len(plan.points), seeds=plan.seeds, left=ahead.left, pilots=pilots,
                time=_span(ahead.seconds, words), workers=ahead.workers, disk=ahead.disk_bytes / 2**20,
            ),
            err=True,
        )  # fmt: skip

    def kept() -> Phrase:
        done, _ = Store(address).counted()
        if done == 1:
            return Phrase(
                "1 of {runs:,} runs is kept in {store}; go on with --resume", runs=plan.runs, store=address
            )
        return Phrase(
            "{done:,} of {runs:,} runs are kept in {store}; go on with --resume",
            done=done, runs=plan.runs, store=address,
        )  # fmt: skip

    with saying_what_is_kept(kept), under_way(storage.cache_base(), note) as wanted_to_stop:
        compiled_ahead(tongue)
        with progress_bar(plan.scenario.name, quiet=quiet, runs=False) as tick:

            def looked(done: int, total: int) -> None:
                if wanted_to_stop():
                    raise KeyboardInterrupt
                tick(done, total)

            store = run_sweep(
                plan, address, workers=workers, cluster=cluster, resume=True, retry_failed=retry_failed,
                progress=looked, forecast=None if quiet else told,
            )  # fmt: skip
    runs = store.read(["key", "point", "seed", "status", "job", "error"])
    failed = runs.filter(runs["status"] == FAILED)
    if as_json:
        summary = {"store": address, "runs": runs.height, "failed": failed.height}
        print_json(summary)
    else:
        typer.echo(words("{runs:,} runs in {store}", runs=runs.height, store=address))
        typer.echo(words('ask them: matrixsim query {store} "FROM runs LIMIT 5"', store=address))
    if failed.height:
        raise _failures(failed, runs.height)


def _tell_infeasible(plan: "Sweep", language: Tongue) -> None:
    """Says before a sweep begins which of its runs will fail, and what the plan should be told about."""
    from sim.analysis.plan_warnings import plan_warnings

    found, words = plan.infeasible(), Words(language)
    if found.points:
        whole = found.looked_at == len(plan.points)
        told = words(
            INFEASIBLE if whole else INFEASIBLE_SEEN,
            points=found.points, seen=found.looked_at, all=len(plan.points),
            keys=words.listed(found.keys) or words("see the reason"), example=found.example,
        )  # fmt: skip
        typer.echo(told, err=True)
    print_warnings(plan_warnings(plan.scenario), language, beside=True)


INFEASIBLE = N_(
    "{points:,} of {seen:,} points cannot be run, and will be failed rows; keys that do not go together: "
    "{keys}; the first: {example}"
)
INFEASIBLE_SEEN = N_(
    "{points:,} of {seen:,} points looked at (of {all:,}) cannot be run, and will be failed rows; keys that "
    "do not go together: {keys}; the first: {example}"
)


def _failures(failed: "pl.DataFrame", runs: int) -> RunError:
    """How many runs failed, and why, the commonest reason first."""
    reasons = sorted(failed["error"].value_counts().rows(), key=lambda row: (-row[1], row[0]))
    why: Phrase | str = ""
    for reason, count in reasons[:SHOWN_REASONS]:
        why = Phrase("{before}\n{count:,} because: {reason}", before=why, count=count, reason=reason)
    if (more := len(reasons) - SHOWN_REASONS) > 0:
        why = Phrase(
            "{before}\nand for {count:,} other reasons: see the column error", before=why, count=more
        )
    return RunError(
        "{failed:,} of {runs:,} runs failed; --retry-failed runs them again, the others are whole{why}",
        failed=failed.height, runs=runs, why=why,
    )  # fmt: skip


def query(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Store of a sweep, or folder of a run.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help="DuckDB's SQL over runs, or a run's tables.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A .csv, .xlsx or .parquet file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The rows in JSON.")] = False,
    language: Language = None,
) -> None:
    """Ask a sweep's store, or a run's folder, in SQL; varied keys have dots: quote them, "links.layout"."""
    from sim.report.export import FORMS, form_of, write_table
    from sim.sweeps.query import query as ask

    if out is not None:
        form_of(out, FORMS)  # before the work
    found = ask(folder, sql)
    if out is not None:
        write_table(found, out)
        typer.echo(Words(spoken(language))("{rows:,} rows in {file}", rows=found.height, file=out))
    elif as_json:
        typer.echo(found.write_json())
    else:
        rows = [
            [grouped(v) if isinstance(v, int | float) and not isinstance(v, bool) else str(v) for v in row]
            for row in found.rows()
        ]
        print_table(found.columns, rows)


def _note(plan: "Sweep", file: Path, folder: str, workers: int | None, cluster: str | None) -> "Note":
    """What the app is told about a sweep in a folder of this machine."""
    import time

    from sim.sweeps.known import Note

    return Note(
        folder=str(Path(folder).resolve()),
        file=str(file.resolve()),
        cwd=str(Path.cwd()),
        scenario=plan.scenario.name,
        keys=tuple(axis.key for axis in plan.axes),
        identity=plan.identity(),
        begun=time.time(),
        workers=workers,
        cluster=cluster,
    )


def _span(seconds: float, words: Words) -> str:
    """A length of time in words."""
    for text, size, most in ((N_("{n} s"), 1, 90), (N_("{n} min"), 60, 5400)):
        if seconds < most:
            return words(text, n=max(1, round(seconds / size)))
    return words("{n} h", n=f"{seconds / 3600:.1f}")


COMMANDS = (sweep, query)
