"""The keys that a sweep can vary, and levels to begin with: single numbers, switches, the layout.

Reads and writes the texts in which people give levels. Lists, such as the pools, are left to the sweep file.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.app.ui import fields
from sim.app.ui.fields import about, kind_of, number_of
from sim.app.ui.names import layout_name
from sim.language.numbers import short
from sim.language.words import Words
from sim.scenario.layouts import canonical_accounts
from sim.scenario.matrix import LAYOUTS, TIERS
from sim.scenario.reference import by_key, json_schema
from sim.scenario.schema import Scenario
from sim.scenario.wording import KeyPath, dotted, node_at

if TYPE_CHECKING:
    from sim.analysis.response import Level

LAYOUT = "links.layout"
LEVELS = tuple(layout for layout in LAYOUTS if layout != "custom")
"""Layouts that can be levels: a list of own links is none."""
LEFT_OUT = ("run.seed", "platform.preset", "platform.model")
"""The seeds are the sweep's own; there is one preset so far; models are what `compare --platform` is for."""
MOST_ACCOUNTS = 12
"""Accounts whose keys are offered, main first (chosen): more are for the sweep file."""
FIRST_KEYS = (LAYOUT, "links.density", "seeding.scale", "audience.users")
"""Offered first: what people ask about most (chosen)."""
LARGE = 10_000
"""From which on a number is written short."""
Kind = Literal["layout"] | fields.Kind


class Key(NamedTuple):
    """A key that can vary."""

    key: str
    """as a sweep file has it"""
    row: str
    """as the reference has it: accounts.*.fans"""
    kind: Kind
    now: Any
    """its value in the scenario"""


def keys_of(plan: Scenario) -> dict[str, Key]:
    """The keys of a scenario that can vary, by their names."""
    values = plan.model_dump()
    accounts = [account.id for account in canonical_accounts(plan)][:MOST_ACCOUNTS]
    number = {account.id: k for k, account in enumerate(plan.accounts)}
    found = []
    for row in by_key():
        kind: Kind = "layout" if row == LAYOUT else kind_of(row)
        if kind == "other" or row in LEFT_OUT:
            continue
        if row.startswith("accounts.*."):
            field = row.rpartition(".")[2]
            found += [
                Key(dotted(("accounts", name, field)), row, kind, values["accounts"][number[name]][field])
                for name in accounts
                if name in number
            ]
        elif row.startswith("seeding.tiers.*."):
            field = row.rpartition(".")[2]
            paid = [tier for tier, count in zip(TIERS, plan.seeding.ratio, strict=False) if count]
            found += [
                Key(row.replace("*", tier), row, kind, values["seeding"]["tiers"][tier][field])
                for tier in paid
            ]
        else:
            found += [Key(key, row, kind, value) for key, value in _placed(values, row.split("."))]
    offered = {key.key: key for key in found if key.now is not None}
    first = {key: offered.pop(key) for key in FIRST_KEYS if key in offered}
    return first | offered


def _placed(node: Any, parts: Sequence[str], above: KeyPath = ()) -> Iterator[tuple[str, Any]]:
    """The keys that a key of the reference stands for, '*' being every entry of a list, with their values."""
    if not parts:
        yield dotted(above), node
        return
    head, *below = parts
    for part in range(len(node)) if head == "*" else (head,):
        yield from _placed(node[part], below, (*above, part))


def first_levels(key: Key) -> tuple[Any, ...]:
    """Levels to begin with."""
    if key.kind == "layout":
        return ("none", "star", "mesh")
    if key.kind == "switch":
        return (False, True)
    low, high = first_ends(key)
    own = key.now if low < key.now < high else high / 2
    return tuple(dict.fromkeys((low, round(own) if key.kind == "whole" else own, high)))


def first_ends(key: Key) -> tuple[float, float]:
    """Ends of a range to begin with: the plausible ones, else a quarter and the whole of twice the value."""
    row = by_key()[key.row]
    if row.range is not None and key.kind in ("whole", "number"):
        low, high = row.range
    else:
        least, most = (_bound(key.row, name) for name in ("minimum", "maximum"))
        high = float(2 * key.now or 1)
        high = high if most is None else min(high, most)
        low = high / 4 if least is None else max(high / 4, least)
    if key.kind == "whole":
        low, high = round(low), round(high)
        low = low if low < high else high - 1
    return low, high


def read_numbers(text: str, kind: Kind) -> tuple[float, ...]:
    """The numbers in a text; between them commas of either script, or spaces.

    Raises:
        ValueError: with the part that is no number, or no whole one.
    """
    for sign in "，、；;":
        text = text.replace(sign, ",")
    parts = [part for piece in text.split(",") for part in piece.split()]
    return tuple(_number(part, kind) for part in parts)


def written(values: Sequence[Any]) -> str:
    """Numbers as `read_numbers` reads them."""
    return ", ".join(f"{value:.6g}" if isinstance(value, float) else str(value) for value in values)


def explained(words: Words, key: Key) -> str:
    """What is known about a key."""
    return f"{about(words, key.row)} `{key.key.replace('`', ' ')}`"


def level_name(words: Words, key: str, level: "Level") -> str:
    """What a level is called in a picture."""
    if level.gathered:
        return f"{number_name(words, level.low)}–{number_name(words, level.high)}"
    return value_name(words, key, level.value)


def value_name(words: Words, key: str, value: Any) -> str:
    """A value of a key in the reader's language."""
    if key == LAYOUT:
        return layout_name(words, str(value))
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    if isinstance(value, int | float):
        return number_name(words, value)
    return str(value)


def number_name(words: Words, value: float) -> str:
    """A number in few signs."""
    if abs(value) >= LARGE and float(value).is_integer():
        return short(int(value), words.language)
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


@lru_cache(maxsize=256)
def _bound(row: str, name: str) -> float | None:
    schema: Mapping[str, Any] = json_schema()
    parts = [0 if part == "*" and not row.startswith("seeding.tiers.") else part for part in row.split(".")]
    bound = node_at(schema, tuple(parts)).get(name)
    return None if bound is None else float(bound)


def _number(part: str, kind: Kind) -> float:
    try:
        value = number_of(part)
    except (ValueError, OverflowError):
        raise ValueError(part) from None
    if kind == "whole" and not isinstance(value, int):
        raise ValueError(part)
    return value if kind == "whole" else float(value)
