"""Exports that a command is given: read under a bar, and what was left out of them said on stderr."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.commands.progress import progress_bar
from sim.language.words import Language, Words

if TYPE_CHECKING:
    from sim.reading.exported import Exported


def brought(data: Sequence[Path], language: Language, *, quiet: bool = False) -> "Exported":
    """The videos and sources of all files together.

    Args:
        data: paths.
        language: of what is said.
        quiet: no bar is drawn.
    Raises:
        UsageError: a file cannot be read or understood, or none of them tells of videos.
    """
    from sim.reading.exported import exported
    from sim.reading.told import left_out

    with progress_bar("read", quiet=quiet, runs=False, language=language) as tick:
        found = exported(data, tick)
    for line in left_out(found.read, Words(language)):
        typer.echo(line, err=True)
    return found
