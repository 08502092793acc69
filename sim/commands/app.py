"""`matrixsim app`: the browser app."""

from typing import Annotated

import typer


def app(
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", min=1, max=65535, help="Port; the first free one from 8501 if left out."
        ),
    ] = None,
) -> None:
    """Open the browser app; Ctrl-C stops it."""
    from sim.app.serve import serve

    serve(port)
