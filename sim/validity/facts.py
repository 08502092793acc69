"""The stylised facts: what was measured of real platforms, as facts.toml lists them.

Takes the file beside this module; gives one `Fact` an entry, in its order. Does not measure anything.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.language.numbers import MINUS
from sim.language.words import Language

Told = Mapping[Language, str]


@dataclass(frozen=True)
class Fact:
    """One figure that was measured, and the bounds within which ours meets it.

    Attributes:
        id: place of its measure in `measures.MEASURES`.
        world: simulated set that it is measured on.
        what: what is measured.
        published: the figure, with its interval or band.
        source: who measured it, on what.
        low: lower bound; −∞ where that side is open.
        high: upper bound; ∞ where that side is open.
        form: how numbers of it are written, a format of Python.
        is_set: whether a key of the model was set by this figure.
        of_views: whether view counts alone give it.
        pooled: whether it is one number over all seeds, such as a p-value, and has no interval.
    """

    id: str
    world: str
    what: Told
    published: Told
    source: Told
    low: float
    high: float
    form: str
    is_set: bool
    of_views: bool
    pooled: bool

    def written(self, number: float, language: Language) -> str:
        """A number of it, as the page shows it."""
        text = f"{number:{self.form}}".replace("-", MINUS)
        return text if language == "zh" else text.replace("%", " %")


@cache
def facts() -> tuple[Fact, ...]:
    """All facts, in the order of the file."""
    return tuple(_fact(row) for row in _file()["fact"])


@cache
def worlds() -> Mapping[str, Told]:
    """What each simulated set is, in words, by its name."""
    return {name: _told(pair) for name, pair in _file()["world"].items()}


def fact(name: str) -> Fact:
    """The fact of an id.

    Raises:
        KeyError: there is none.
    """
    return {row.id: row for row in facts()}[name]


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("facts.toml").read_text("utf-8"))


def _told(pair: list[str]) -> Told:
    english, chinese = pair
    return {"en": english, "zh": chinese}


def _fact(row: Mapping[str, Any]) -> Fact:
    return Fact(
        id=row["id"],
        world=row.get("world", "mixed"),
        what=_told(row["what"]),
        published=_told(row["published"]),
        source=_told(row["source"]),
        low=float(row.get("low", -math.inf)),
        high=float(row.get("high", math.inf)),
        form=row["form"],
        is_set=row.get("set", False),
        of_views=row.get("views", False),
        pooled=row.get("pooled", False),
    )
