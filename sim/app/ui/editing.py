"""Between the tables of the Scenario page and a scenario.

What is edited is a document: the scenario as plain data, which may be wrong for a while, because what is
right often takes two edits. Rows hold keys, not labels.
"""

import contextlib
import copy
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import count
from math import isnan
from typing import Any, NamedTuple

from sim.app.ui.fields import kind_of, number_of, number_text, written
from sim.app.ui.mixture import mix_of, mix_text
from sim.errors import Problem, ScenarioError
from sim.scenario.differences import MIXES
from sim.scenario.layouts import edges, link_counts
from sim.scenario.matrix import TIERS
from sim.scenario.reference import Parameter, by_key
from sim.scenario.schema import Scenario
from sim.scenario.section import unmarked
from sim.scenario.starter import STARTER
from sim.scenario.wording import KeyPath, dotted

Document = dict[str, Any]
"""A scenario as JSON has it, or what was typed in its place: a mix that cannot be read (yet) is its text."""
Row = dict[str, Any]
"""Cells by column; None for an empty one."""
ACCOUNT = (
    "id", "role", "fans", "topics", "posts_per_day", "quality", "verified", "cost_per_post_cny", "weight",
    "first_post_h", "material", "length_s", "opening", "ingredients", "tier", "audience_fit",
)  # fmt: skip
"""Columns of the table of accounts, those that are set most often first."""
NUMBERS = tuple(column for column in ACCOUNT if kind_of(f"accounts.*.{column}") in ("whole", "number"))
Names = Mapping[str, Mapping[str, str]]
"""What the page calls accounts, topics and ingredients: by column, then by key."""
EDGE = ("from", "to", "channel")
TIER = ("ratio", "fans", "audience_fit", "price_cny", "trust", "awareness", "quality")
WHOLE = frozenset({"fans", "ratio"})
"""Columns of whole numbers: a spreadsheet writes them as 3000.0."""
MOST_LISTED = 5000
"""Links of a layout that are listed when it becomes the reader's own (chosen): a table stays quick."""
VARIES = "…"
"""Value of a key that differs from account to account."""


class Edited(NamedTuple):
    """A row after editing, and the number of the row it came from; None for a new one."""

    origin: int | None
    row: Row


class Setting(NamedTuple):
    """A key of the reference, its value as it is written, and whether that is not the default."""

    parameter: Parameter
    value: str
    changed: bool


def edited(rows: Sequence[Row], changes: Mapping[str, Any]) -> list[Edited]:
    """The rows after streamlit's data editor: edited_rows by number, added_rows, deleted_rows."""
    cells = {int(k): _typed(given) for k, given in changes.get("edited_rows", {}).items()}
    gone = {int(k) for k in changes.get("deleted_rows", ())}
    kept = [Edited(k, {**row, **cells.get(k, {})}) for k, row in enumerate(rows) if k not in gone]
    return [*kept, *(Edited(None, _typed(row)) for row in changes.get("added_rows", ()))]


def document(plan: Scenario) -> Document:
    """A scenario as the document that is edited."""
    return plan.model_dump(mode="json")


def checked(given: Document) -> Scenario:
    """The scenario that a document is; links that lack a cell do not count yet.

    Raises:
        ScenarioError: it is none; with every problem found.
    """
    data, problems = copy.deepcopy(given), list[Problem]()
    mixes: list[tuple[Row, KeyPath]] = [(data["audience"], ("audience", "topics"))]
    for k, account in enumerate(data["accounts"]):
        mixes += [(account, ("accounts", k, column)) for column in MIXES]
    for node, place in mixes:
        column, topics = str(place[-1]), data["audience"]["topics"]
        if isinstance(node.get(column), str):
            try:
                node[column] = mix_of(node[column], list(topics) if isinstance(topics, Mapping) else ())
            except ValueError as error:
                problems.append(Problem("", None, dotted(place), node[column], str(error)))
    data["links"]["edges"] = [edge for edge in data["links"]["edges"] if all(edge)]
    try:
        plan = Scenario.from_dict(data)
    except ScenarioError as error:
        told = {problem.key for problem in problems}
        raise ScenarioError([*problems, *(p for p in error.problems if p.key not in told)]) from error
    if problems:
        raise ScenarioError(problems)
    return plan


def account_rows(accounts: Iterable[Mapping[str, Any]], names: Names) -> list[Row]:
    """The rows of accounts; numbers as text, so that whatever is pasted is kept and told."""
    rows = []
    for account in accounts:
        row = {column: account.get(column) for column in ACCOUNT}
        if isinstance(row["id"], str):
            row["id"] = names["id"].get(row["id"], row["id"])
        for column in MIXES:
            if not isinstance(row[column], str):
                mix = row[column] or {}
                row[column] = mix_text({names[column].get(key, key): share for key, share in mix.items()})
        rows.append(row | {column: number_text(row[column]) for column in NUMBERS})
    return rows


def with_accounts(
    given: Document, rows: Sequence[Edited], before: Sequence[str], names: Names, stem: str
) -> Document:
    """The document with other accounts; a new one without a name gets the stem and a number.

    Links of its own follow an account that is renamed, and go with one that is deleted: `before` holds the
    ids of the rows that `origin` counts.
    """
    keys = {column: {name: key for key, name in called.items()} for column, called in names.items()}
    topics = given["audience"].get("topics")
    known = {"topics": [*(topics if isinstance(topics, Mapping) else ()), *keys["topics"]]}
    known["ingredients"] = list(keys["ingredients"])
    taken = {str(row.get("id") or "") for _, row in rows}
    accounts, renamed = [], dict[str, str]()
    for origin, row in rows:
        account = {column: _plain(column, row.get(column)) for column in ACCOUNT}
        account["id"] = keys["id"].get(account["id"], account["id"])
        if account["id"] is None and origin is None:
            account["id"] = next(name for k in count(1) if (name := f"{stem} {k}") not in taken)
            taken.add(str(account["id"]))
        if origin is not None:
            renamed[before[origin]] = account["id"] or before[origin]
        for column in MIXES:
            with contextlib.suppress(ValueError):  # else it stays as it was typed, and is told
                if account[column] is not None:
                    mix = mix_of(str(account[column]), known[column])
                    account[column] = {keys[column].get(name, name): share for name, share in mix.items()}
        accounts.append({column: value for column, value in account.items() if value is not None})
    ends = ((renamed.get(a), renamed.get(b), channel) for a, b, channel in given["links"]["edges"])
    edges_ = [list(edge) for edge in ends if edge[0] is not None and edge[1] is not None]
    return {**given, "accounts": accounts, "links": {**given["links"], "edges": edges_}}


def with_topics(given: Document, text: str, names: Mapping[str, str] | None = None) -> Document:
    """The document with other interests of the audience; some are called otherwise on the page.

    One that got another name in its place, share and all, gets it in the accounts and creators too.
    """
    before = given["audience"].get("topics")
    old = before if isinstance(before, Mapping) else {}
    try:
        keys = {name: key for key, name in (names or {}).items()}
        new = {keys.get(name, name): share for name, share in mix_of(text, [*old, *keys]).items()}
    except ValueError:
        return put(given, "audience.topics", text)
    pairs = zip(old.items(), new.items(), strict=False) if len(old) == len(new) else ()
    same = ((was, now) for (was, share), (now, its) in pairs if share == its)
    renamed = {was: now for was, now in same if was not in new and now not in old}
    changed = put(given, "audience.topics", new)
    if renamed:
        for account in changed["accounts"]:
            if isinstance(account.get("topics"), Mapping):
                account["topics"] = {renamed.get(t, t): share for t, share in account["topics"].items()}
        topic = changed["seeding"].get("topic")
        changed["seeding"]["topic"] = renamed.get(topic, topic)
    return changed


def put(given: Document, key: str, value: object) -> Document:
    """The document with the value at a dotted key."""
    changed = copy.deepcopy(given)
    *above, last = key.split(".")
    reduce(lambda node, part: node[part], above, changed)[last] = value
    return changed


def edge_rows(given: Document) -> list[Row]:
    """The rows of a scenario's own links."""
    return [dict(zip(EDGE, edge, strict=True)) for edge in given["links"]["edges"]]


def with_edges(given: Document, rows: Sequence[Edited]) -> Document:
    """The document with other links of its own."""
    return put(given, "links.edges", [[row.get(column) for column in EDGE] for _, row in rows])


def is_open(row: Row) -> bool:
    """Whether a row of a link lacks a cell."""
    return any(not row.get(column) for column in EDGE)


def with_layout(given: Document, plan: Scenario, layout: str) -> Document:
    """The document with another layout; where that is the reader's own, the plan's links become its list."""
    listed: list[list[str]] = []
    if layout == "custom":
        few = link_counts(plan).links <= MOST_LISTED
        listed = [list(edge) for edge in edges(plan)] if few else []
    return put(put(given, "links.layout", layout), "links.edges", listed)


def tier_rows(given: Document) -> list[Row]:
    """The rows of the tiers, from star to amateur: how many in the ratio, and what one is like."""
    seeding = given["seeding"]
    ratio = [*(seeding["ratio"] or ()), *[0] * len(TIERS)]
    return [
        {"tier": tier, **{column: seeding["tiers"][tier].get(column) for column in TIER[1:]}, "ratio": n}
        for tier, n in zip(TIERS, ratio, strict=False)
    ]


def with_tiers(given: Document, rows: Sequence[Row]) -> Document:
    """The document with another ratio and other tiers; an empty cell is none, or the default."""
    cells = {str(row["tier"]): {column: _plain(column, row.get(column)) for column in TIER} for row in rows}
    ratio = [cells[tier].pop("ratio") or 0 for tier in TIERS]
    tiers = {tier: {k: v for k, v in row.items() if v is not None} for tier, row in cells.items()}
    changed = put(given, "seeding.ratio", ratio if any(ratio) else [])
    return put(changed, "seeding.tiers", tiers)


def settings(given: Document) -> list[Setting]:
    """Every key of the reference with its value in the document.

    A key that accounts or tiers have each for itself shows the value that they share.
    """
    return [
        Setting(row, text, text not in (VARIES, written(row.default)) and row.default is not None)
        for row in by_key().values()
        if row.key != "fitted"  # it is the standing of others
        for text in [_shared(_at(given, row.key.split(".")))]
    ]


def with_setting(given: Document, key: str, text: str | None) -> Document:
    """The document with one key of the reference set, for all entries of its list or table.

    The text is TOML, or plain; empty for the default.
    """
    value = by_key()[key].default if not (text or "").strip() else value_of(str(text))
    head, star, last = key.partition(".*.")
    if not star:
        return put(given, key, value)
    changed = copy.deepcopy(given)
    entries = value_at(changed, head)
    for entry in entries.values() if isinstance(entries, Mapping) else entries:
        entry[last] = value
    return changed


def value_at(given: Document, key: str) -> Any:
    """The value at a dotted key."""
    return reduce(lambda node, part: node[part], key.split("."), given)


def value_of(text: str) -> object:
    """The value that a text writes in TOML; text that is not one TOML value is text."""
    try:
        values = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text.strip()
    return values["value"] if len(values) == 1 else text.strip()


def starter(names: Mapping[str, str]) -> Scenario:
    """The scenario to begin with, the names of it, its topics and its accounts put in other words."""
    data = tomllib.loads(STARTER)

    def mix(given: Mapping[str, float]) -> dict[str, float]:
        return {names.get(topic, topic): share for topic, share in given.items()}

    for account in data["accounts"]:
        account["id"] = names.get(account["id"], account["id"])
        account["topics"] = mix(account.get("topics") or data["audience"]["topics"])
    data["audience"]["topics"] = mix(data["audience"]["topics"])
    return Scenario.from_dict({**data, "name": names.get(data["name"], data["name"])})


def _typed(cells: Mapping[str, Any]) -> Row:
    """Cells as they were typed or pasted, text bare of blanks and marks; those of links are chosen."""
    return {
        column: unmarked(value).strip() if isinstance(value, str) and column not in EDGE else value
        for column, value in cells.items()
    }


def _plain(column: str, value: object) -> Any:
    """A cell's value: whole numbers whole, an empty cell None."""
    if value == "":
        return None
    if isinstance(value, str) and column in NUMBERS:
        with contextlib.suppress(ValueError, OverflowError):  # else it stays as it was typed, and is told
            return number_of(value)
    if isinstance(value, float):
        if isnan(value):  # how an empty cell of numbers may come
            return None
        return int(value) if column in WHOLE and value.is_integer() else value
    return value


def _at(node: Any, parts: Sequence[str]) -> list[Any]:
    """The values at a key of the reference; '*' stands for every entry."""
    if not parts:
        return [node]
    head, *rest = parts
    if head == "*":
        entries = node.values() if isinstance(node, Mapping) else node
        return [value for entry in entries for value in _at(entry, rest)]
    return _at(node[head], rest)


def _shared(values: Sequence[object]) -> str:
    texts = {written(value) for value in values}
    return texts.pop() if len(texts) == 1 else VARIES
