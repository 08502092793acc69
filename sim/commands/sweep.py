"""`matrixsim sweep` and `query`: many runs over a design, and questions over what they gave."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import Workers
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import grouped, print_json, print_table

if TYPE_CHECKING:
    from sim.sweeps.known import Note
    from sim.sweeps.plan import Sweep
    from sim.sweeps.run import Forecast


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
) -> None:
    """Run a scenario over a grid, a Latin hypercube, Sobol, Saltelli or Morris points."""
    from sim import storage
    from sim.sweeps.known import under_way
    from sim.sweeps.plan import load_sweep
    from sim.sweeps.run import sweep as run_sweep
    from sim.sweeps.store import ASIDE, FAILED, Store

    plan = load_sweep(file)
    address = out or str(file.with_suffix(""))
    place = Store(address)
    if redo_damaged:
        for damaged in place.set_aside():
            typer.echo(f"{damaged}: is damaged; set aside as {Path(damaged).name}{ASIDE}", err=True)
    place.begin(plan, resume=resume or retry_failed or redo_damaged)
    place.finished()  # what is damaged is told before anything runs
    note = _note(plan, file, place.root, workers, cluster) if place.local else None
    quiet = as_json

    def told(ahead: "Forecast") -> None:
        typer.echo(
            f"{ahead.runs:,} runs ({len(plan.points):,} points x {plan.seeds} seeds), {ahead.left:,} left: "
            f"about {_span(ahead.seconds)} on {ahead.workers} processes, "
            f"{ahead.disk_bytes / 2**20:.1f} MiB of disk",
            err=True,
        )

    def kept() -> str:
        done, _ = Store(address).counted()
        return f"{done:,} of {plan.runs:,} runs are kept in {address}; go on with --resume"

    with saying_what_is_kept(kept), under_way(storage.cache_base(), note) as wanted_to_stop:
        compiled_ahead()
        with progress_bar(plan.scenario.name, quiet=quiet) as tick:

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
        return
    typer.echo(f"{runs.height:,} runs in {address}")
    if failed.height:
        typer.echo(f"{failed.height:,} of them failed, the first because: {failed['error'][0]}", err=True)
    typer.echo(f'ask them: matrixsim query {address} "FROM runs LIMIT 5"')


def query(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Store of a sweep.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help="DuckDB's SQL over the table runs.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A .csv or .parquet file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The rows in JSON.")] = False,
) -> None:
    """Ask a sweep's store in SQL; varied keys keep their dots, so quote them: "links.layout"."""
    from sim.sweeps.store import query as ask

    found = ask(folder, sql)
    if out is not None:
        _write(found, out)
        typer.echo(f"{found.height:,} rows in {out}")
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


def _write(frame: "object", out: Path) -> None:
    import io

    import polars as pl

    from sim import storage
    from sim.errors import UsageError

    assert isinstance(frame, pl.DataFrame)
    content = io.BytesIO()
    if out.suffix == ".csv":
        frame.write_csv(content)
    elif out.suffix == ".parquet":
        frame.write_parquet(content)
    else:
        raise UsageError(f"--out {out}: unknown kind of file; allowed: .csv, .parquet")
    storage.write_bytes(out, content.getvalue())


def _span(seconds: float) -> str:
    """A length of time in words."""
    for unit, size, most in (("s", 1, 90), ("min", 60, 5400)):
        if seconds < most:
            return f"{max(1, round(seconds / size))} {unit}"
    return f"{seconds / 3600:.1f} h"


COMMANDS = (sweep, query)
