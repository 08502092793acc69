"""Exports that a command is given: told how, read under a bar, and what was left out said on stderr."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from sim.commands.progress import progress_bar
from sim.errors import UsageError
from sim.language.words import Language, Words

if TYPE_CHECKING:
    from sim.reading.exported import Exported


class Hints(NamedTuple):
    """What a command that reads exports is told where the files do not tell; `spread` as options."""

    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            metavar="NAME",
            help="Whose rows without an account are; once, or once for each file.",
        ),
    ] = None
    dates: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option("--dates", help="What 03/04/2026 begins with, where a file does not tell."),
    ] = None
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="N", min=1990, max=2099, help="Of the newest date without a year."),
    ] = None
    decimal: Annotated[
        Literal["point", "comma"] | None,
        typer.Option("--decimal", help="What divides decimals, where a file does not tell."),
    ] = None
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Of texts; found out if left out.")
    ] = None
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="HEADER=NAME", help="What a header means, or - to leave it aside; repeatable."
        ),
    ] = None

    @property
    def said(self) -> dict[str, Any]:
        """As `sim.reading.read.read` takes them.

        Raises:
            UsageError: a `--column` has no sign of equality.
        """
        told = self._asdict()
        columns = _meanings(told.pop("column") or [])
        return {**told, "columns": columns}


def _meanings(given: Sequence[str]) -> Mapping[str, str]:
    """Header → column, of options HEADER=NAME."""
    found = {}
    for text in given:
        header, sign, name = text.rpartition("=")
        if not sign or not header.strip():
            raise UsageError("--column {text}: is not written as HEADER=NAME", text=text)
        found[header.strip()] = name.strip()
    return found


def brought(data: Sequence[Path], hints: Hints, language: Language, *, quiet: bool = False) -> "Exported":
    """The videos and sources of all files together.

    Args:
        data: paths.
        hints: how they are to be read.
        language: of what is said.
        quiet: no bar is drawn.
    Raises:
        UsageError: a file cannot be read or understood, or none of them tells of videos.
    """
    from sim.reading.exported import exported
    from sim.reading.told import left_out

    with progress_bar("read", quiet=quiet, runs=False, language=language) as tick:
        found = exported(data, tick, **hints.said)
    for line in left_out(found.read, Words(language)):
        typer.echo(line, err=True)
    return found
