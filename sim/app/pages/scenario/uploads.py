"""Files that people bring, untrusted: a scenario in TOML, or a table of accounts in CSV or Excel.

Opens nothing: a name is only for messages, which give row and column.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sim.app.ui.editing import ACCOUNT, Row
from sim.app.ui.fields import BRAND_ROLES, kind_of, labels, number_of
from sim.errors import Problem, ScenarioError, UsageError, file_error
from sim.language.entry import Entry
from sim.language.names import TIER
from sim.language.words import LANGUAGES, Words
from sim.reading.table_file import table_of
from sim.scenario.key_names import label
from sim.scenario.reference import by_key
from sim.scenario.schema import Scenario
from sim.scenario.source import MAX_BYTES
from sim.scenario.wording import nearest

YES = ("true", "yes", "1", "是", "已认证")
NO = ("false", "no", "0", "否", "未认证")
CHOICES: Mapping[str, Mapping[str, Entry]] = {"role": BRAND_ROLES, "tier": TIER}


def scenario_text(file: str, raw: bytes) -> str:
    """The text of a scenario file, checked.

    Raises:
        ScenarioError: it is too large, no UTF-8, no TOML or no valid scenario.
    """
    _refuse_large(file, raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise file_error(file, "is not UTF-8 text", line=line) from error
    Scenario.loads(text, file)
    return text


def account_table(file: str, raw: bytes) -> list[Row]:
    """The rows of a table of accounts, CSV or Excel; columns by key or by title.

    Raises:
        ScenarioError: it is too large or no such table; every cell that cannot be read, by line and column.
    """
    _refuse_large(file, raw)
    try:
        header, *below = table_of(file, raw)[0] or [[]]
    except UsageError as error:
        raise file_error(file, str(error).removeprefix(f"{file}: ")) from error
    columns = _columns(file, header)
    rows, problems = list[Row](), list[Problem]()
    for line, cells in enumerate(below, start=2):
        if not any(cells):
            continue
        if any(cells[len(columns) :]):
            problems.append(Problem(file, line, "", None, "has more cells than the header"))
        row: Row = {}
        for column, text in zip(columns, cells, strict=False):
            if not column or not text:
                continue
            try:
                row[column] = _value(column, text)
            except ValueError as error:
                key, allowed = f"accounts.{len(rows)}.{column}", by_key()[f"accounts.*.{column}"].allowed
                choice = "yes or no" if column == "verified" else allowed
                problems.append(Problem(file, line, key, text, str(error), choice))
        rows.append(row)
    if problems:
        raise ScenarioError(problems)
    if not rows:
        raise file_error(file, "has no rows")
    return rows


def _refuse_large(file: str, raw: bytes) -> None:
    if len(raw) > MAX_BYTES:
        raise file_error(file, f"is larger than {MAX_BYTES:,} bytes, so it is no scenario")


def _columns(file: str, header: Sequence[str]) -> list[str]:
    """The keys of the columns; '' for one without a title."""
    known, found, problems = _titles(), list[str](), list[Problem]()
    for title in header:
        column = known.get(title.lower(), "")
        if title and not column:
            choice = ", ".join(ACCOUNT)
            near = nearest(title, known)
            problems.append(Problem(file, 1, title, None, "the column is not known", choice, near))
        elif column and column in found:
            problems.append(Problem(file, 1, title, None, "the column is there twice"))
        found.append(column)
    if "id" not in found and not problems:
        problems.append(Problem(file, 1, "id", None, "is required"))
    if problems:
        raise ScenarioError(problems)
    return found


def _value(column: str, text: str) -> object:
    """A cell's value; words and mixes are read later, with the scenario."""
    if column in CHOICES:
        return _keys(column).get(text.lower(), text)
    if column == "verified":
        if text.lower() not in (*YES, *NO):
            raise ValueError("is neither yes nor no")
        return text.lower() in YES
    if kind_of(f"accounts.*.{column}") not in ("number", "whole"):
        return text
    try:
        return number_of(text)
    except (ValueError, OverflowError):
        raise ValueError("is not a number") from None


@cache
def _titles() -> dict[str, str]:
    """The columns by their keys and titles, in small letters."""
    titles = {column: column for column in ACCOUNT}
    for words in map(Words, LANGUAGES):
        titles |= {label(words, f"accounts.*.{column}").lower(): column for column in ACCOUNT}
    return titles


@cache
def _keys(column: str) -> dict[str, str]:
    """The words of a column of choices by their names in either language, in small letters."""
    names = (labels(words, CHOICES[column]) for words in map(Words, LANGUAGES))
    return {name.lower(): key for found in names for key, name in found.items()} | {
        key: key for key in CHOICES[column]
    }
