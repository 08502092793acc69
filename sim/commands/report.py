"""`matrixsim report`: one HTML file from the folder of a run or a comparison."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Language, spoken
from sim.commands.progress import saying_what_is_kept
from sim.errors import Phrase

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder that `run --out` or `compare --out` wrote.")
]
File = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE.html", help="DIR/report.html if left out.")
]


def report(folder: Folder, language: Language = None, file: File = None) -> None:
    """Write a run or a comparison up as one HTML file that opens without the app and without a network."""
    from sim import storage
    from sim.report.comparison import comparison_report
    from sim.report.folder import RunFiles, opened
    from sim.report.page import html
    from sim.report.run import run_report

    target = file if file is not None else folder / "report.html"
    if target.is_dir():
        from sim.errors import UsageError

        raise UsageError(
            "{target}: is a folder; name a file, such as {file}", target=target, file=target / "report.html"
        )
    with saying_what_is_kept(lambda: Phrase("{file} was not written", file=target)):
        found, tongue = opened(folder), spoken(language)
        told = run_report(found, tongue) if isinstance(found, RunFiles) else comparison_report(found, tongue)
        storage.write_text(target, html(told))
    typer.echo(str(target))
