"""Plain tables on a terminal, numbers as people read them, documents as programs do."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from sim.language.numbers import COLON, RARE
from sim.language.words import Language, Words

if TYPE_CHECKING:
    from sim.analysis.warned import Warned
    from sim.experiment.compare import Comparison
    from sim.report.parts import Table
    from sim.report.text import Say

LEAST_PIPED, MOST_PIPED = 160, 2_000
"""Characters of a line of a table that goes into a pipe (chosen)."""
_WHOLE_FROM = 100  # below, whole numbers would hide the third digit


def grouped(number: float) -> str:
    """A number with thousands commas: whole from 100, three significant digits below.

    Example:
        >>> grouped(1234567.0), grouped(0.12345)
        ('1,234,567', '0.123')
    """
    if abs(number) >= _WHOLE_FROM or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.3g}"


def interval(low: float | None, high: float | None, language: Language) -> str:
    """An interval, or that it was refused.

    Example:
        >>> interval(1.0, 2000.0, "en"), interval(None, None, "en")
        ('1 … 2,000', 'too rare to tell')
    """
    return Words(language)(RARE) if low is None or high is None else f"{grouped(low)} … {grouped(high)}"


def with_interval(value: float, low: float | None, high: float | None, language: Language) -> str:
    """A number and its interval.

    Example:
        >>> with_interval(500.0, 1.0, 2000.0, "en")
        '500 (1 … 2,000)'
    """
    return f"{grouped(value)} ({interval(low, high, language)})"


def print_json(content: object) -> None:
    """Prints a document as JSON."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def print_warnings(rows: "Iterable[Warned]", language: Language, *, beside: bool = False) -> None:
    """Prints what plans should be told about, a line each; on stderr beside an answer in JSON."""
    from sim.analysis.warned import each_once

    for text in each_once(rows, language):
        typer.echo(text, err=beside)


def print_beside(found: "Comparison", language: Language) -> None:
    """Prints what a comparison warns of; what is too rare to tell stands in the verdict itself."""
    print_warnings([row for row in found.warnings() if row.code != "rare_differences"], language)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table; the first column reads left, numbers right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=any(head))
    for k, title in enumerate(head):
        table.add_column(Text(title), justify="left" if k == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # names are text, never markup
    console = Console()
    if not console.is_terminal:  # a pipe has no width; what is folded would be hard to read, and to search
        console.width = min(MOST_PIPED, max(LEAST_PIPED, console.measure(table).maximum))
    console.print(table)


def print_money(found: "Comparison", say: "Say") -> None:
    """Prints what the variants of a comparison cost and bring in, and what would make each pay."""
    from sim.report.money import pays, spent

    content = found.as_dict()
    names = {v.name: v.titled(say.language) for v in found.variants}
    for table in (spent(content, names, say), pays(content, names, say)):
        _print_titled(table, say)


def print_risk(found: "Comparison", say: "Say") -> None:
    """Prints what being found out risks and costs the variants; nothing where nothing is found out."""
    from sim.report.parts import Table, Text
    from sim.report.risk import of_comparison

    names = {v.name: v.titled(say.language) for v in found.variants}
    blocks = of_comparison(found.as_dict(), names, say)
    for table in (block for block in blocks if isinstance(block, Table)):
        _print_titled(table, say)
    for told in (block for block in blocks if isinstance(block, Text)):
        typer.echo(told.text)


def _print_titled(table: "Table", say: "Say") -> None:
    typer.echo((table.title + COLON[say.language]).rstrip())
    print_table([c.title for c in table.columns], [[cell.text for cell in row] for row in table.rows])


def print_crossing(split: dict[str, Any], hours: int, language: Language) -> None:
    """What crossed between the parts of a run over several workers."""
    out, back = split["bytes_to_workers"], split["bytes_from_workers"]
    told = Words(language)(
        "split over {workers} workers: {bytes_per_hour:,} bytes crossed an hour ({out:,} to the workers and "
        "{back:,} back in {hours} hours)", **split, out=out, back=back, hours=hours,
    )  # fmt: skip
    typer.echo(told)
