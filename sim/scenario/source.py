"""From text to plain values, and from a refused value back to its line.

Takes TOML text and dictionaries; gives plain dictionaries, validated objects, and a
ScenarioError that names file, line, key, value, what is allowed and the nearest spelling. Does
not know the keys themselves: schema.py hands its classes in. Settings are laid over in overlay.py.
"""

import os
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, ScenarioError, file_error
from sim.scenario.overlay import key_parts, label
from sim.scenario.plugged import BROKEN
from sim.scenario.wording import (
    REPLACED,
    KeyPath,
    Node,
    allowed,
    dotted,
    names,
    nearest,
    nearest_key,
    node_at,
    not_yet,
    shown,
    wrong,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from tree_sitter import Node as Syntax

MAX_BYTES = 2_000_000  # a scenario of 2,000 accounts takes a fifth of it; more is not a scenario
MOST_PROBLEMS = 1000  # to look up and word; a message shows far fewer
TOO_DEEP = "is not a scenario: lists or tables are nested too deeply"
PLAIN_SIGNS = {"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "、": ",", "。": "."}
"""What stands in TOML in place of Chinese punctuation that has no other width."""
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Origin:
    """Where the values of a scenario were written.

    Attributes:
        file: name of the file, '' for Python values.
        text: the TOML text, '' for Python values.
        settings: the place that each setting laid over it has set, by the setting's text.
    """

    file: str = ""
    text: str = ""
    settings: Mapping[str, KeyPath] = field(default_factory=dict)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        try:
            return key_lines(self.text)
        except (ValueError, RecursionError):  # where the two TOML readers disagree, a message without
            return {(): 1}  # its line is better than none

    def line(self, path: KeyPath) -> int | None:
        """Line of a key, or of the nearest enclosing one; None for Python values."""
        if not self.text:
            return None
        return next(self._lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self._lines)

    def place(self, path: KeyPath) -> tuple[str, int | None]:
        """File (or setting) and line that gave a key, or one of its entries, its value."""
        for setting, target in reversed(list(self.settings.items())):
            if path and (path[: len(target)] == target or path == target[:-1]):
                return label(setting), None
        return self.file, self.line(path)


def read(path: str | os.PathLike[str]) -> str:
    """The text of a scenario file.

    Raises:
        ScenarioError: the file is missing, a folder, unreadable, too large or not UTF-8.
    """
    name = os.fsdecode(path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except ValueError as error:  # a null character in the name
        raise file_error(name, "is not a possible file name") from error
    except OSError as error:
        raise file_error(name, f"cannot be read: {(error.strerror or 'unknown reason').lower()}") from error
    if len(raw) > MAX_BYTES:
        raise file_error(name, f"is larger than {MAX_BYTES:,} bytes, so it is no scenario")
    try:
        return raw.decode("utf-8-sig")  # Windows editors put a mark in front
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise file_error(name, "is not UTF-8 text", line=line) from error


def parse(text: str, file: str) -> dict[str, Any]:
    """The values of a TOML text.

    Raises:
        ScenarioError: the text is not TOML; line and column of the place where reading stopped.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise file_error(file, TOO_DEEP) from None
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        what = re.sub(r"\('(.*?)',?\)", lambda names: names[1].replace("', '", "."), what)
        found = re.match(r"line (\d+), column (\d+)", where)
        line = int(found[1]) if found else len(text.splitlines())
        column = f" (column {found[2]})" if found else ""
        hint = _unquoted(text.split("\n")[line - 1], int(found[2]) - 1) if found else ""
        raise file_error(file, f"is not valid TOML: {what}{column}{hint}", line=line) from error
    except ValueError as error:  # Python refuses decimal numbers past 4,300 digits
        raise file_error(file, "is not a scenario: a number has too many digits") from error


def _unquoted(line: str, place: int) -> str:
    """What to write where a line stops being TOML at Chinese: a name in quotes, or a plain sign."""
    sign = line[place : place + 1]
    if not sign or sign.isascii():
        return ""
    plain = PLAIN_SIGNS.get(sign) or unicodedata.normalize("NFKC", sign)
    if plain.isascii() and plain.strip() and not plain.isalnum():
        return f"; write {plain} in place of {sign}"
    before, after = re.search(r"[\w-]*$", line[:place]), re.match(r"[\w-]*", line[place:])
    if before is None or after is None or not (word := before[0] + after[0]):
        return ""
    value = re.match(r"\s*=\s*[\w.+-]+", line[place + after.end() :])
    return f'; such names and texts stand in quotes: "{word}"{value[0] if value else ""}'


def validated(model: type[M], data: Mapping[str, Any], origin: Origin) -> M:
    """The data as an object of the model.

    Raises:
        ScenarioError: with every problem that was found, up to a thousand.
    """
    try:
        return model.model_validate(_frozen(data))
    except RecursionError:
        raise file_error(origin.file, TOO_DEEP) from None
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        # A list whose entries are wrong also counts as too short: its entries are what to tell.
        within = {details["loc"][:n] for details in errors for n in range(len(details["loc"]))}
        told = [e for e in errors if e["type"] != "too_short" or e["loc"] not in within]
        ids = _account_ids(model, data)
        problems = [_problem(details, model, data, origin, ids) for details in told[:MOST_PROBLEMS]]
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line or 0)) from None


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line of every key, table and list entry of a valid TOML text; the whole text is at line 1."""
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    lines: dict[KeyPath, int] = {(): 1}
    entries: Counter[KeyPath] = Counter()  # of each array of tables, so far

    def enter(base: KeyPath, part: str, line: int) -> KeyPath:
        path = (*base, part)
        lines.setdefault(path, line)
        return (*path, entries[path] - 1) if path in entries else path

    def value(node: "Syntax", path: KeyPath) -> None:
        lines.setdefault(path, node.start_point.row + 1)
        if node.type == "array":
            for k, item in enumerate(_children(node)):
                value(item, (*path, k))
        elif node.type == "inline_table":
            for item in _children(node):
                pair(item, path)

    def pair(node: "Syntax", base: KeyPath) -> None:
        key, *values = _children(node)
        for part in key_parts(_text(key)):
            base = enter(base, part, node.start_point.row + 1)
        for item in values[:1]:
            value(item, base)

    for node in _children(Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node):
        if node.type == "pair":
            pair(node, ())
            continue
        header, *pairs = _children(node)
        parts = key_parts(_text(header))
        path: KeyPath = ()
        for k, part in enumerate(parts, 1):
            if node.type == "table_array_element" and k == len(parts):
                entries[(*path, part)] += 1
            path = enter(path, part, node.start_point.row + 1)
        lines.setdefault(path, node.start_point.row + 1)
        for item in pairs:
            pair(item, path)
    return lines


@cache
def _schema(model: type[BaseModel]) -> Node:
    return model.model_json_schema()


def _children(node: "Syntax") -> list["Syntax"]:
    return [child for child in node.named_children if child.type not in ("comment", "ERROR")]


def _text(node: "Syntax") -> str:
    return (node.text or b"").decode()


def _frozen(value: object) -> object:
    """The value with lists turned into tuples, as the strict schema wants them."""
    if isinstance(value, Mapping):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _problem(
    details: "ErrorDetails",
    model: type[BaseModel],
    data: Mapping[str, Any],
    origin: Origin,
    ids: Sequence[object],
) -> Problem:
    """One pydantic error in plain words, at its place in the file."""
    kind, path, schema = details["type"], details["loc"], _schema(model)
    if kind == "value_error":
        return _broken_rule(path, str(details["ctx"]["error"]), data, origin, ids)
    name_itself = path[-1:] == ("[key]",)
    if name_itself or (kind == "missing" and isinstance(path[-1], int)):
        path = path[:-1]
    found, value = _value(data, path)
    file, line = origin.place(path)
    node, section = node_at(schema, path), node_at(schema, path[:-1])
    known, message, choice, near = names(section), wrong(kind, value), allowed(node, schema), ""
    of_plugins = hasattr(model, "table_of")  # plug-ins have tables in a scenario, not in a sweep file
    if kind == "extra_forbidden" or (name_itself and known):
        message, choice = "unknown key", ", ".join(known)
        near = nearest_key(str(path[-1]), schema, section)
    elif name_itself:
        message = f"the name {message}"
        pattern = next(iter(section.get("patternProperties", {"": None})))
        free = {"pattern": pattern} if pattern else {}
        choice = allowed({"type": "string", **free, **section.get("propertyNames", {})}, schema)
    elif kind == "missing" and found:
        message = "has too few entries"
    elif isinstance(value, str):
        near = nearest(value, node.get("enum", ()))
    if later := not_yet(path, value, getattr(model, "NOT_YET", {})):
        message, choice, near = f"not yet supported: {later}", "", ""
    elif kind == "extra_forbidden" and len(path) == 1 and isinstance(value, Mapping) and of_plugins:
        message = "unknown section, and no plug-in of this name is installed"
    if kind == BROKEN:
        message, choice, near = str(details["ctx"]["why"]), "", ""
    if instead := REPLACED.get(dotted(path)):
        message, choice, near = f"is no longer a key; write {instead}", "", ""
    return Problem(file, line, dotted(path), _seen(found, value), message, choice, near, _called(path, ids))


def _broken_rule(
    section: KeyPath, text: str, data: Mapping[str, Any], origin: Origin, ids: Sequence[object]
) -> Problem:
    """A rule of the schema that a value breaks, told as `key: message` or `key: message; allowed: words`."""
    key, _, message = text.partition(": ")
    path = (*section, *(int(part) if part.isdigit() else part for part in key.split(".")))
    message, _, choice = message.partition("; allowed: ")
    found, value = _value(data, path)
    near = ""
    if choice and isinstance(value, str | Mapping | list | tuple):
        words = [value] if isinstance(value, str) else list(_texts(value))
        culprit = next((word for word in words if word not in choice.split(", ")), "")
        near = nearest(culprit, choice.split(", "))
        path = (*path, culprit) if isinstance(value, Mapping) else path
    file, line = origin.place(path)
    found, value = _value(data, path)
    return Problem(file, line, dotted(path), _seen(found, value), message, choice, near, _called(path, ids))


def _called(path: KeyPath, ids: Sequence[object]) -> str:
    """A key below an account, which goes by its id where that is its alone; '' for other keys."""
    if path[:1] != ("accounts",) or path[2:] in ((), ("id",)):
        return ""
    _, number, *rest = path
    name = ids[number] if isinstance(number, int) and number < len(ids) else None
    if not isinstance(name, str) or not name or ids.count(name) > 1:
        return ""
    return dotted(("accounts", name, *rest))


def _account_ids(model: type[BaseModel], data: object) -> list[object]:
    """The ids of a scenario's accounts, as far as they have any; of the default where none are listed."""
    listed = data.get("accounts") if isinstance(data, Mapping) else ()
    if listed is None and (known := model.model_fields.get("accounts")):
        return [account.id for account in known.get_default(call_default_factory=True)]
    rows = listed if isinstance(listed, list | tuple) else ()
    return [row.get("id") if isinstance(row, Mapping) else None for row in rows]


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))


def _seen(found: bool, value: object) -> str | None:
    """The value as shown in a message; nothing for a whole table of tables."""
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    deep = any(isinstance(item, Mapping | list | tuple) for item in items)
    return shown(value) if found and not deep else None


def _value(data: object, path: KeyPath) -> tuple[bool, object]:
    """Whether a place holds a value, and which."""
    for part in path:
        entry = isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)
        if not entry and not (isinstance(data, Mapping) and part in data):
            return False, None
        data = data[part]  # type: ignore[index]  # the line above has looked
    return True, data
