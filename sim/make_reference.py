"""Writes the reference of parameters anew from the schema: `python -m sim.make_reference`.

A test fails while docs/reference/parameters.md differs from what this gives.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sim import storage
from sim.scenario.reference import Parameter, parameters
from sim.scenario.toml_text import toml_value

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "parameters.md"
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


def page() -> str:
    """The page, Markdown."""
    sections = groupby(parameters(), key=lambda row: row.key.partition(".")[0] if "." in row.key else "")
    blocks = ["\n".join(_table(title, list(rows))) for title, rows in sections]
    return "\n\n".join([HEAD.rstrip("\n"), *blocks]) + "\n"


def _table(title: str, rows: list[Parameter]) -> Iterator[str]:
    yield f"## `{title}`\n" if title else "## At the top\n"
    for cells in (COLUMNS, ("---",) * len(COLUMNS), *map(_cells, rows)):
        yield f"| {' | '.join(cells)} |"


def _cells(row: Parameter) -> tuple[str, ...]:
    plausible = f"{row.range[0]:g} to {row.range[1]:g}" if row.range else ""
    off = "" if row.neutral == row.default else _value(row.neutral)
    meaning = row.description if not row.source else f"{row.description} *{row.source}*"
    texts = row.unit, row.allowed, plausible, off, row.status, meaning
    return (f"`{row.key}`", _value(row.default), *(text.replace("|", r"\|") for text in texts))


def _value(value: object) -> str:
    return "—" if value is None else f"`{toml_value(value)}`".replace("|", r"\|")


if __name__ == "__main__":
    storage.write_text(PAGE, page())
