"""Writes docs/reference anew from the code: `python -m sim.make_reference`.

Parameters come from the schema, commands from their declarations, columns from the registry. What stands
between marks in a page is written here, all else by hand; a test fails while a page differs from it.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from typer.models import ArgumentInfo

from sim import storage
from sim.cli import app
from sim.language.columns import SUMMARY, TABLES, Row
from sim.language.entry import E
from sim.language.vocabulary import ORIGIN, QUANTITIES
from sim.language.warnings import WARNING
from sim.scenario.reference import Parameter, parameters
from sim.scenario.toml_text import toml_value

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
HEAD = """# Parameters

Every key of a scenario file, as the code has it (`python -m sim.make_reference` writes this page). The same,
for one scenario or for a program that reads it:

    uv run matrixsim scenario schema                                 # every key, as JSON Schema
    uv run matrixsim scenario explain beauty_matrix                  # what one scenario sets, in words
    uv run matrixsim scenario explain beauty_matrix --assumptions    # what in it is assumed

`*` stands for any entry of a list or table. **Default**: what holds where the key is left out; — where it
must be given. **Plausible**: the range from which `--robust` and `sensitivity` draw. **Off**: the value at
which what the key is about does nothing. Status of a default:

| status | meaning |
| --- | --- |
| measured | computed from real data, mostly of a sister platform; the source says which |
| published | stated by a platform or a paper |
| assumed | not known; the plausible range is given, and the answer should be checked over it |
| chosen | yours to set, there is no fact to know |
"""
COLUMNS = ("key", "default", "unit", "allowed", "plausible", "off", "status", "what it is, and its source")


MARKED = re.compile(r"(<!-- (\w+): .*? -->\n).*?(<!-- end -->)", re.DOTALL)
"""A part of a page that is written here, and what it is called."""


def pages() -> dict[str, str]:
    """Every page by its file, as it should be; what is written by hand is taken from the page as it is."""
    return {
        "parameters.md": _parameters(),
        "command-line.md": _filled("command-line.md", {"commands": _commands()}),
        "files.md": _filled(
            "files.md",
            {
                "columns": _rows(TABLES, ("column", "of", "unit", "meaning")),
                "origins": _entries(
                    ("origin", "name", "as a link"), ORIGIN, lambda o: (o.label_en, o.link_en)
                ),
                "summary": _rows(SUMMARY, ("key", "unit", "meaning")),
                "warnings": _entries(("code", "given where"), WARNING, lambda w: (w.definition_en,)),
            },
        ),
    }


def _filled(page: str, parts: Mapping[str, str]) -> str:
    text = (FOLDER / page).read_text("utf-8")
    if missing := sorted(set(parts) - {mark[2] for mark in MARKED.finditer(text)}):
        raise ValueError(f"{page}: no place is marked for {', '.join(missing)}")
    return MARKED.sub(lambda mark: f"{mark[1]}{parts[mark[2]]}\n{mark[3]}", text)


def _lines(*rows: Sequence[str]) -> str:
    """A table in Markdown; the first row is its head."""
    head, *others = rows
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *others))


def _entries(head: Sequence[str], entries: Mapping[str, E], told: Callable[[E], tuple[str, ...]]) -> str:
    return _lines(head, *((f"`{key}`", *told(entry)) for key, entry in entries.items()))


def _rows(rows: Sequence[Row], head: Sequence[str]) -> str:
    return _lines(head, *map(_row, rows))


def _row(row: Row) -> tuple[str, ...]:
    known = QUANTITIES.get(row.keys[0]) if len(row.keys) == 1 else None
    meaning = " ".join(filter(None, (known.definition_en if known else "", row.meaning)))
    own = (_listed(row.tables),) if row.tables else ()
    return (_listed(row.keys), *own, row.unit or (known.unit if known else ""), meaning)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _commands() -> str:
    """Every command with its arguments and options."""
    own = [
        ("matrixsim", app),
        *((f"matrixsim {group.name}", group.typer_instance) for group in app.registered_groups),
    ]
    found = [
        (f"{start} {command.name or command.callback.__name__}", command.callback)
        for start, program in own
        if program is not None
        for command in program.registered_commands
        if command.callback is not None
    ]
    return "\n\n".join(_command(name, call) for name, call in found)


def _command(name: str, call: Callable[..., Any]) -> str:
    given = [
        (key, parameter.annotation, parameter.default)
        for key, parameter in inspect.signature(call, eval_str=True).parameters.items()
        if get_origin(parameter.annotation) is Annotated
    ]
    said = " ".join((call.__doc__ or "").partition("\n\n")[0].split())
    table = _lines(
        ("argument or option", "default", "allowed", "meaning"), *(_given(*each) for each in given)
    )
    return f"### `{name}`\n\n{said}" + (f"\n\n{table}" if given else "")


def _given(key: str, hint: Any, default: object) -> tuple[str, ...]:
    kind, told = get_args(hint)[:2]
    words = [
        str(word)
        for part in (kind, *get_args(kind))
        if get_origin(part) is Literal
        for word in get_args(part)
    ]
    metavar = told.metavar or ""
    if isinstance(told, ArgumentInfo):
        name = metavar or key.upper()
    else:  # of an annotation, typer takes the first spelling for a default
        spellings = ", ".join((told.default, *(told.param_decls or ())))
        name = f"{spellings} {metavar}".strip()
    ends = (("at least", told.min), ("at most", told.max))
    allowed = ", ".join(words) or " and ".join(f"{word} {end:,.15g}" for word, end in ends if end is not None)
    needed = default is inspect.Parameter.empty
    shown = "required" if needed else "" if default in (None, False) else f"{default}"
    return tuple(text.replace("|", r"\|") for text in (f"`{name}`", shown, allowed, told.help or ""))


def _parameters() -> str:
    sections = groupby(parameters(), key=lambda row: row.key.partition(".")[0] if "." in row.key else "")
    blocks = ["\n".join(_table(title, list(rows))) for title, rows in sections]
    return "\n\n".join([HEAD.rstrip("\n"), *blocks]) + "\n"


def _table(title: str, rows: list[Parameter]) -> Iterator[str]:
    yield f"## `{title}`\n" if title else "## At the top\n"
    yield _lines(COLUMNS, *map(_cells, rows))


def _cells(row: Parameter) -> tuple[str, ...]:
    plausible = f"{row.range[0]:g} to {row.range[1]:g}" if row.range else ""
    off = "" if row.neutral == row.default else _value(row.neutral)
    meaning = row.description if not row.source else f"{row.description} *{row.source}*"
    texts = row.unit, row.allowed, plausible, off, row.status, meaning
    return (f"`{row.key}`", _value(row.default), *(text.replace("|", r"\|") for text in texts))


def _value(value: object) -> str:
    return "—" if value is None else f"`{toml_value(value)}`".replace("|", r"\|")


if __name__ == "__main__":
    for name, text in pages().items():
        storage.write_text(FOLDER / name, text)
