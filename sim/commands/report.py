"""`matrixsim report`: one file from the folder of a run or a comparison."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Language, spoken
from sim.commands.progress import saying_what_is_kept
from sim.errors import Phrase, UsageError

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder that `run --out` or `compare --out` wrote.")
]
File = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="FILE",
        help="FILE.html, the whole report; FILE.pdf, FILE.png or FILE.xlsx, one page for the boss with the "
        "assumptions at its back. DIR/report.html if left out.",
    ),
]  # fmt: skip
Logo = Annotated[
    Path | None,
    typer.Option("--logo", metavar="FILE", help="PNG, JPEG, WebP or SVG on the page for the boss."),
]
Colour = Annotated[
    str, typer.Option("--colour", metavar="#RRGGBB", help="Its lines and bars; blue if left out.")
]


def report(
    folder: Folder, language: Language = None, file: File = None, logo: Logo = None, colour: Colour = ""
) -> None:
    """Write a run or a comparison up as one file: a report in HTML, or one page for the boss."""
    from sim import storage
    from sim.report.brand import brand
    from sim.report.export import form_of
    from sim.report.folder import opened
    from sim.report.printing import FORMS, written

    target = file if file is not None else folder / "report.html"
    if target.is_dir():
        raise UsageError(
            "{target}: is a folder; name a file, such as {file}", target=target, file=target / "report.html"
        )
    form = form_of(target, FORMS)
    if form == "html" and (logo or colour):
        raise UsageError("--logo and --colour go with the page for the boss: --out FILE.pdf, .png or .xlsx")
    with saying_what_is_kept(lambda: Phrase("{file} was not written", file=target)):
        own = brand(_content(logo) if logo else b"", colour, logo)
        storage.write_bytes(target, written(opened(folder), form, spoken(language), own))
    typer.echo(str(target))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        from sim.report.reading import broken

        raise broken(file, error) from None
