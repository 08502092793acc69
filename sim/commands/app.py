"""`matrixsim app`: the browser app, for oneself or on a server for a team."""

from functools import partial
from typing import Annotated

import typer

from sim.commands.options import check_cluster, spoken
from sim.language.words import Words

_limit = partial(typer.Option, metavar="N", min=1)


def app(
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", min=1, max=65535, help="Port; the first free one from 8501 if left out."
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            metavar="A",
            help="Where to listen, 0.0.0.0 for others; only this machine if left out.",
        ),
    ] = None,
    base_path: Annotated[
        str | None,
        typer.Option("--base-path", metavar="PATH", help="Prefix of all addresses, behind a proxy."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="A Dask scheduler for long work, such as tcp://host:8786; or MATRIXSIM_CLUSTER.",
        ),
    ] = None,
    most_work: Annotated[
        int | None,
        _limit(
            "--most-work",
            help="Most people × hours × runs of a computation; nobody deletes then; or MATRIXSIM_USER_HOURS.",
        ),
    ] = None,
    most_people: Annotated[
        int | None, _limit("--most-people", help="Largest audience; or MATRIXSIM_MOST_PEOPLE.")
    ] = None,
    visitor_jobs: Annotated[
        int | None,
        _limit(
            "--visitor-jobs",
            help="Computations of one visitor at a time, 12 if left out; or MATRIXSIM_VISITOR_JOBS.",
        ),
    ] = None,
    upload: Annotated[
        int | None, _limit("--upload", metavar="MB", help="Largest file to bring; 5 MB if left out.")
    ] = None,
    grace: Annotated[
        float,
        typer.Option(
            "--grace", metavar="S", min=0, help="Seconds that work under way is given to end at the end."
        ),
    ] = 20.0,
) -> None:
    """Open the browser app; Ctrl-C stops it, once what is under way has ended, at a second one at once."""
    from sim.app.jobs.limit import LIMIT, PEOPLE, VISITOR_JOBS
    from sim.app.serve import Hosting, serve

    check_cluster(cluster)
    words = Words(spoken(None))

    def ending(running: int) -> None:
        typer.echo(
            words(
                "waiting up to {seconds:g} s for {n} computations to end; Ctrl-C ends them at once",
                seconds=grace, n=running,
            ),
            err=True,
        )  # fmt: skip

    limits = {LIMIT: most_work, PEOPLE: most_people, VISITOR_JOBS: visitor_jobs}
    left = serve(Hosting(port, address, base_path, cluster, grace, limits, upload), ending)
    if left:
        typer.echo(
            words("{n} computations did not end; a page that is open asks for them again", n=left), err=True
        )
