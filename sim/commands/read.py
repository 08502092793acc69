"""`matrixsim read`: what exports and price lists were understood as."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.exports import Hints
from sim.commands.options import Json, Language, spoken, spread
from sim.commands.progress import progress_bar
from sim.commands.tables import print_json, print_table
from sim.errors import UsageError, printable
from sim.language.words import N_, NC_, Words

if TYPE_CHECKING:
    from sim.reading.read import Read

HEAD = (
    N_("file"),
    NC_("reading", "kind"),
    N_("platform"),
    N_("encoding"),
    NC_("reading", "rows"),
    N_("kept"),
    N_("skipped"),
    N_("period"),
)
CELLS = (N_("column"), N_("read as"), N_("cell"), N_("value"), N_("rule"))
LONGEST, CELL = 2_000, 100
"""Characters of a line, and of a cell, that are shown."""


@spread
def read(
    data: Annotated[
        list[str], typer.Argument(metavar="DATA…", help="Exports and price lists: CSV, TSV or Excel.")
    ],
    hints: Hints,
    row: Annotated[
        int | None,
        typer.Option("--row", metavar="N", min=1, help="Instead: how each cell of a row was read."),
    ] = None,
    skipped: Annotated[bool, typer.Option("--skipped", help="Instead: the rows left out, and why.")] = False,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """What exports and price lists were understood as; changes nothing."""
    from sim.reading.read import read as read_files

    words = Words(spoken(language))
    with progress_bar("read", quiet=as_json, runs=False, language=words.language) as tick:
        found = read_files(data, progress=tick, **hints.said)
    if as_json:
        print_json(found.as_dict())
    elif row is not None:
        _print_row(found, row, words)
    elif skipped:
        _print_skipped(found, words)
    else:
        _print(found, words)


def _print(found: "Read", words: Words) -> None:
    """A table of the files, then what is to be known of each."""
    from sim.reading.told import KINDS, PLATFORMS, called, period, told

    rows = []
    for table in found.files:
        platform = words(PLATFORMS[table.platform]) if table.platform else "–"
        counts = [f"{n:,}" for n in (table.rows, len(table.kept), len(table.skipped))]
        rows.append(
            [
                called(table, found),
                words(KINDS[table.kind]),
                platform,
                table.encoding,
                *counts,
                period(table),
            ]
        )
    print_table([words(head) for head in HEAD], rows)
    for table in found.files:
        typer.echo("")
        typer.echo(words("{file}:", file=called(table, found)))
        for line in told(table, words):
            typer.echo(printable(f"  {line}", LONGEST))
    for note in found.notes:
        typer.echo(printable(note.said(words), LONGEST))


def _print_skipped(found: "Read", words: Words) -> None:
    from sim.reading.told import called

    for table in found.files:
        facts = {
            "file": called(table, found),
            "count": len(table.skipped),
            "rows": table.rows,
        }
        typer.echo(words("{file}: {count:,} of {rows:,} rows skipped", **facts))
        for n, why in table.skipped:
            typer.echo(printable(words("  row {n}: {reason}", n=n, reason=why.said(words)), LONGEST))


def _print_row(found: "Read", row: int, words: Words) -> None:
    """How each cell of a row was read, in each file that has such a row.

    Raises:
        UsageError: none has.
    """
    from sim.reading.list_numbers import UnreadableError
    from sim.reading.told import called

    told = False
    for table in found.files:
        if row not in table.cells:
            continue
        told = True
        why = dict(table.skipped).get(row)
        state = words("kept") if why is None else words("skipped: {why}", why=why.said(words))
        typer.echo(words("{file}, row {row}: {state}", file=called(table, found), row=row, state=state))
        lines = []
        for column, text, value in table.read(row):
            if isinstance(value, UnreadableError):
                said = words("cannot be read: {why}", why=value.why.said(words))
                lines.append([column.header, column.name, text, "–", said])
            else:
                held = "–" if value.value is None else _shown(value.value)
                lines.append([column.header, column.name, text, held, value.how.said(words)])
        if lines:
            shown = [
                [*(printable(cell, CELL) for cell in line[:-1]), printable(line[-1], LONGEST)]
                for line in lines
            ]
            print_table([words(head) for head in CELLS], shown)
    if not told:
        raise UsageError(
            "--row {row}: no file has such a row, or it is empty or holds the headers; rows count from 1, "
            "as in a spreadsheet",
            row=row,
        )  # fmt: skip


def _shown(value: object) -> str:
    """A value as people read it, with all its digits."""
    if isinstance(value, float):
        return repr(round(value, 12))
    return " ~ ".join(map(str, value)) if isinstance(value, tuple) else str(value)
