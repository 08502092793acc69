"""A scenario's values as a TOML text, for programs to write and people to read.

Takes plain dictionaries; gives text that reads back as the same values. Writes no comments and
keeps no style. Why no library does it: docs/decisions/0009-toml-writer.md.
"""

import json
import re
from collections.abc import Iterator, Mapping

BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(values: Mapping[str, object]) -> str:
    """The values as a TOML document; those that are None are left out, for which TOML has no word.

    Example:
        >>> print(toml_text({"name": "mine", "run": {"hours": 24}}), end="")
        name = "mine"
        <BLANKLINE>
        [run]
        hours = 24
    """
    return "\n".join(_table((), values)).lstrip("\n") + "\n"


def toml_value(value: object) -> str:
    """One value, on one line.

    Example:
        >>> toml_value({"skin care": 0.5, "hair": [1, 2.0, True]})
        '{ "skin care" = 0.5, hair = [1, 2.0, true] }'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case float():
            return repr(float(value))  # numpy's floats are floats, but would write their type
        case Mapping():
            inside = ", ".join(_lines(value))
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(toml_value(item) for item in value)}]"
    return repr(value)


def _table(path: tuple[str, ...], table: Mapping[str, object]) -> Iterator[str]:
    """The lines of a table: its own keys first, then the tables below it."""
    below: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) or _is_tables(value):
            below[key] = value
        elif value is not None:
            yield _line(key, value)
    for key, value in below.items():
        inner = (*path, key)
        title = ".".join(_name(part) for part in inner)
        if isinstance(value, Mapping):
            yield f"\n[{title}]"
            yield from _table(inner, value)
        elif isinstance(value, list | tuple):
            for entry in value:
                yield f"\n[[{title}]]"
                yield from _lines(entry)


def _line(key: str, value: object) -> str:
    return f"{_name(key)} = {toml_value(value)}"


def _lines(table: Mapping[str, object]) -> Iterator[str]:
    return (_line(key, value) for key, value in table.items() if value is not None)


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _name(key: str) -> str:
    return key if BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    """A basic string; JSON's escapes are TOML's, but for the delete sign, which JSON leaves bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
