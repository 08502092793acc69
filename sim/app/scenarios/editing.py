"""Between the tables of the Scenario page and a scenario.

Takes a scenario and gives the rows of its tables; takes rows, and what was done to them, and gives
the changed scenario, or a ScenarioError with every problem and its place. Rows hold keys, not
labels. Does not know streamlit, nor the reader's language but for the names it is handed.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from math import isnan
from typing import Any, NamedTuple

from sim.app.scenarios.fields import reference, written
from sim.app.scenarios.mixture import mix_of, mix_text
from sim.errors import Problem, ScenarioError
from sim.scenario.explain import Parameter
from sim.scenario.layouts import edges, link_counts
from sim.scenario.matrix import TIERS, Account
from sim.scenario.schema import Scenario
from sim.scenario.starter import STARTER
from sim.scenario.wording import KeyPath, dotted

Row = dict[str, Any]
"""Cells by column; None for an empty one."""
ACCOUNT = (
    "id", "role", "fans", "topics", "posts_per_day", "quality", "verified", "cost_per_post_cny", "weight",
    "first_post_h", "material", "length_s", "opening", "ingredients", "tier",
)  # fmt: skip
"""Columns of the table of accounts, those that are set most often first."""
MIXES = ("topics", "ingredients")
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


class Difference(NamedTuple):
    """A place where two scenarios differ, and the values there; None where there is none."""

    place: KeyPath
    before: object
    after: object


def edited(rows: Sequence[Row], changes: Mapping[str, Any]) -> list[Edited]:
    """The rows with changes made to them.

    Args:
        rows: as they were shown.
        changes: of streamlit's data editor: edited_rows by number, added_rows, deleted_rows.
    """
    cells = {int(k): _typed(given) for k, given in changes.get("edited_rows", {}).items()}
    gone = {int(k) for k in changes.get("deleted_rows", ())}
    kept = [Edited(k, {**row, **cells.get(k, {})}) for k, row in enumerate(rows) if k not in gone]
    return [*kept, *(Edited(None, _typed(row)) for row in changes.get("added_rows", ()))]


def account_rows(accounts: Iterable[Account], formula: Mapping[str, str]) -> list[Row]:
    """The rows of accounts.

    Args:
        accounts: of a scenario.
        formula: names of the ingredients, by key.
    """
    rows = []
    for account in accounts:
        values = account.model_dump()
        values["topics"] = mix_text(values["topics"] or {})
        values["ingredients"] = mix_text({formula[key]: x for key, x in values["ingredients"].items()})
        rows.append({column: values[column] for column in ACCOUNT})
    return rows


def with_accounts(
    plan: Scenario, rows: Sequence[Edited], before: Sequence[str], formula: Mapping[str, str], stem: str
) -> Scenario:
    """The scenario with other accounts.

    Links of its own follow an account that is renamed, and go with one that is deleted.

    Args:
        plan: the scenario.
        rows: of the table; a new one without a name gets one.
        before: ids of the rows that `origin` counts.
        formula: names of the ingredients, by key.
        stem: what new accounts are called, with a number behind.
    Raises:
        ScenarioError: a cell cannot be read, or the scenario cannot have these accounts.
    """
    topics, problems = list(plan.audience.topics), list[Problem]()
    taken = {str(row.get("id") or "") for _, row in rows}
    accounts, renamed = [], dict[str, str]()
    for k, (origin, row) in enumerate(rows):
        account = {column: _plain(column, row.get(column)) for column in ACCOUNT}
        if account["id"] is None and origin is None:
            account["id"] = free = _free(stem, taken)
            taken.add(free)
        if origin is not None and account["id"] is not None:
            renamed[before[origin]] = account["id"]
        for column, names in zip(MIXES, (topics, list(formula.values())), strict=True):
            text = account[column]
            if text is None:
                continue
            try:
                account[column] = mix_of(str(text), names)
            except ValueError as error:
                key = dotted(("accounts", k, column))
                problems.append(Problem("", None, key, str(text), str(error)))
        if isinstance(account["ingredients"], dict):
            keys = {name: key for key, name in formula.items()}
            account["ingredients"] = {keys.get(n, n): share for n, share in account["ingredients"].items()}
        accounts.append({column: value for column, value in account.items() if value is not None})
    if problems:
        raise ScenarioError(problems)
    data = plan.model_dump()
    ends = ((renamed.get(a), renamed.get(b), channel) for a, b, channel in plan.links.edges)
    data["links"]["edges"] = [edge for edge in ends if edge[0] is not None and edge[1] is not None]
    return Scenario.from_dict({**data, "accounts": accounts})


def edge_rows(plan: Scenario) -> list[Row]:
    """The rows of a scenario's own links."""
    return [dict(zip(EDGE, edge, strict=True)) for edge in plan.links.edges]


def with_edges(plan: Scenario, rows: Sequence[Edited]) -> Scenario:
    """The scenario with other links of its own; rows with an empty cell do not count yet.

    Raises:
        ScenarioError: it cannot have them.
    """
    whole = [tuple(row.get(column) for column in EDGE) for _, row in rows if not is_open(row)]
    return plan.with_values({"links.edges": whole})


def is_open(row: Row) -> bool:
    """Whether a row of a link lacks a cell."""
    return any(not row.get(column) for column in EDGE)


def with_layout(plan: Scenario, layout: str) -> Scenario:
    """The scenario with another layout; its links become a list where the layout is the reader's own.

    Raises:
        ScenarioError: it cannot have it.
    """
    listed: tuple[tuple[str, ...], ...] = ()
    if layout == "custom":
        few = link_counts(plan).links <= MOST_LISTED
        listed = tuple(tuple(edge) for edge in edges(plan)) if few else ()
    return plan.with_values({"links.layout": layout, "links.edges": listed})


def tier_rows(plan: Scenario) -> list[Row]:
    """The rows of the tiers, from star to amateur: how many in the ratio, and what one is like."""
    ratio = plan.seeding.ratio or (0,) * len(TIERS)
    return [
        {
            "tier": tier,
            **{column: getattr(plan.seeding.tiers[tier], column) for column in TIER[1:]},
            "ratio": n,
        }
        for tier, n in zip(TIERS, ratio, strict=True)
    ]


def with_tiers(plan: Scenario, rows: Sequence[Row]) -> Scenario:
    """The scenario with another ratio and other tiers; an empty cell is none, or the default.

    Raises:
        ScenarioError: it cannot have them.
    """
    cells = {str(row["tier"]): {column: _plain(column, row.get(column)) for column in TIER} for row in rows}
    ratio = [cells[tier].pop("ratio") or 0 for tier in TIERS]
    tiers = {tier: {k: v for k, v in row.items() if v is not None} for tier, row in cells.items()}
    return plan.with_values({"seeding.ratio": ratio if any(ratio) else [], "seeding.tiers": tiers})


def settings(plan: Scenario) -> list[Setting]:
    """Every key of the reference with its value in the scenario.

    A key that accounts or tiers have each for itself shows the value that they share.
    """
    values = plan.model_dump()
    return [
        Setting(row, text, text not in (VARIES, written(row.default)) and row.default is not None)
        for row in reference().values()
        for text in [_shared(_at(values, row.key.split(".")))]
    ]


def with_setting(plan: Scenario, key: str, text: str | None) -> Scenario:
    """The scenario with one key of the reference set, for all accounts or tiers where it stands for all.

    Args:
        plan: the scenario.
        key: such as `run.hours` or `accounts.*.fans`.
        text: TOML, or plain text; empty for the default.
    Raises:
        ScenarioError: it cannot have this value.
    """
    value = reference()[key].default if not (text or "").strip() else value_of(str(text))
    head, star, last = key.partition(".*.")
    if not star:
        return plan.with_values({key: value})
    data = plan.model_dump()
    for entry in data["accounts"] if head == "accounts" else data["seeding"]["tiers"].values():
        entry[last] = value
    return Scenario.from_dict(data)


def value_at(plan: Scenario, key: str) -> Any:
    """The value at a dotted key."""
    return reduce(getattr, key.split("."), plan)


def value_of(text: str) -> object:
    """The value that a text writes in TOML; text that is not one TOML value is text."""
    try:
        values = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text.strip()
    return values["value"] if len(values) == 1 else text.strip()


def differences(before: Scenario, after: Scenario) -> list[Difference]:
    """Where two scenarios differ, accounts told by their ids, the others by their keys.

    Numbers of accounts in the places are those of `after`; an account that is gone has no number but its id.
    One that came or went is one difference: its id.
    """
    old, new = (_leaves(plan) for plan in (before, after))
    ranks = {account.id: k for k, account in enumerate(after.accounts)}
    found = []
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place), new.get(place)
        one_of_many = place[0] == "accounts" and place[2:] and (place[:2] in old) != (place[:2] in new)
        if was != now and not one_of_many:
            at = (place[0], ranks.get(place[1], place[1]), *place[2:]) if place[0] == "accounts" else place
            found.append(Difference(at, was, now))
    return found


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
    """Cells as they were typed or pasted, text without blanks around it; those of links are chosen."""
    return {
        column: value.strip() if isinstance(value, str) and column not in EDGE else value
        for column, value in cells.items()
    }


def _plain(column: str, value: object) -> Any:
    """A cell's value: whole numbers whole, an empty cell None."""
    if value == "":
        return None
    if isinstance(value, float):
        if isnan(value):  # how an empty cell of numbers may come
            return None
        return int(value) if column in WHOLE and value.is_integer() else value
    return value


def _free(stem: str, taken: set[str]) -> str:
    return next(name for k in range(1, len(taken) + 2) if (name := f"{stem} {k}") not in taken)


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


def _leaves(plan: Scenario) -> dict[tuple[str, ...], object]:
    """Every value of a scenario by its place; an account that is there has its id as one."""
    leaves = dict[tuple[str, ...], object]()

    def walk(node: object, place: tuple[str, ...]) -> None:
        if isinstance(node, Mapping) and place[-1:] not in (("topics",), ("ingredients",)):
            for key, item in node.items():
                walk(item, (*place, key))
        else:
            leaves[place] = node

    values = plan.model_dump()
    for account in values.pop("accounts"):
        name = account.pop("id")
        leaves["accounts", name] = name
        walk(account, ("accounts", name))
    walk(values, ())
    return leaves
